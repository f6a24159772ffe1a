using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Sessions;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Jobs;
using Diagnostics.UseCases.Sessions;
using NodaTime;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>
/// Examples of operations on sessions for the API description. The description is public: it contains no item of the
/// bank.
/// </summary>
internal static class SessionsExamples
{
    private static readonly SessionClock Running = new(SessionState.InProgress, ExampleStory.Started, ExampleStory.Deadline, null, null);
    private static readonly SessionClock Over = Running with { State = SessionState.Finished, EndedAt = ExampleStory.Finished };

    private static readonly MySession Mine = new(
        Id: ExampleStory.Session,
        CampaignId: ExampleStory.Campaign,
        Variant: 2,
        State: SessionState.InProgress,
        StartedAt: ExampleStory.Started,
        Deadline: ExampleStory.Deadline,
        ServerTime: ExampleStory.Saved,
        SecondsLeft: Running.SecondsLeft(ExampleStory.Saved),
        EndedAt: null,
        GraceSeconds: 30,
        ResponsesShown: true,
        Responses:
        [
            new(1, 1, new SingleChoiceResponse("2"), ExampleStory.Started + Duration.FromSeconds(310)),
            new(2, 2, new ShortAnswerResponse("42"), ExampleStory.Saved),
        ]
    );

    private static readonly MySession Scheduled = new(
        Id: ExampleStory.Session,
        CampaignId: ExampleStory.Campaign,
        Variant: 2,
        State: SessionState.Scheduled,
        StartedAt: null,
        Deadline: null,
        ServerTime: ExampleStory.Approved,
        SecondsLeft: null,
        EndedAt: null,
        GraceSeconds: 30,
        ResponsesShown: false,
        Responses: []
    );

    private static readonly SessionSupervision Seen = new(
        Id: ExampleStory.Session,
        CampaignId: ExampleStory.Campaign,
        ParticipantId: ExampleStory.Participant,
        SiteId: ExampleStory.Site,
        Seat: 7,
        Variant: 2,
        State: SessionState.InProgress,
        StartedAt: ExampleStory.Started,
        Deadline: ExampleStory.Deadline,
        SecondsLeft: Running.SecondsLeft(ExampleStory.Saved),
        EndedAt: null,
        Answered: 2,
        RejectedSaves: 0,
        ScoringFault: null
    );

    private static readonly FinishReceipt Receipt = new(
        ExampleStory.Session,
        ExampleStory.Finished,
        new Dictionary<string, int>
        {
            ["1"] = 1,
            ["2"] = 2,
            ["6"] = 3,
        },
        "K7RM-24QX",
        [new(4, "paused", ExampleStory.Saved)]
    );

    private static readonly AccessCode Code = new(
        ExampleStory.Session,
        7,
        "Гаджиева Патимат Магомедовна",
        TypedCode.Of("7K2MXQ9WPTR"),
        ExampleStory.Started - Duration.FromHours(1),
        ExampleStory.Started + Duration.FromHours(9)
    );

    private static readonly SaveRequest Rejected = new(1, new ShortAnswerResponse("24"));

    private static readonly ReasonRequest PowerCut = new("На площадке отключили свет");

    private static readonly SiteMoved Stopped = new(
        ExampleStory.Campaign,
        ExampleStory.Site,
        SittingId: null,
        ExampleStory.Saved,
        [new(ExampleStory.Session, 7, SessionState.Paused, ExampleStory.Deadline, Moved: true)]
    );

    /// <summary>One example for each type: the item as a taker sees it, and a response that fits it.</summary>
    private static readonly IReadOnlyList<ItemTypeExample> Types = [.. ItemTypes.Examples.OrderBy(example => example.Item.Slot)];

    /// <summary>The stimulus of the extended response; experts see it too.</summary>
    internal static Stimulus LostRoot => Types.First(example => example.Item.Type is ItemType.ExtendedResponse).Item.Stimulus!;

    internal static IEnumerable<Example> All =>
        [
            Takes("SignInWithCode", new TypedAccessCode(Code.Code)),
            Gives(
                "SignInWithCode",
                new TokenResponse("CfDJ8Lw3hYb7Rk…", "Bearer", (int)SignIns.AccessLifetime.TotalSeconds, "CfDJ8Nq0cXvTj2…")
            ),
            Takes("IssueEnrolmentCodes", new EnrolmentCodesRequest()),
            Gives("IssueEnrolmentCodes", new EnrolmentCodeSheet([new(2, ExampleStory.Site, Code, null)], Next: null)),
            .. Refuses(IssueEnrolmentCodes.NotEnrolled, "IssueEnrolmentCodes"),
            .. Refuses(JobRights.NotFound, "IssueEnrolmentCodes"),
            Takes("IssueAccessCodes", new AccessCodesRequest(ExampleStory.Site, Code.ValidFrom, Code.ValidTo)),
            Gives("IssueAccessCodes", new AccessCodeSheet([Code], More: false)),
            Takes("IssueAccessCode", new AccessCodeRequest(Code.ValidFrom, Code.ValidTo)),
            Gives("IssueAccessCode", Code),
            .. Taking,
            .. Saving,
            .. Supervising,
            .. Correcting,
            .. WholeSite,
            .. Refuses(
                SessionRefusals.NotFound,
                "GetMySession",
                "StartSession",
                "ListSessionItems",
                "NoteSessionEvent",
                "FinishSession",
                "ListResponseHistory",
                "SuperviseSession",
                "GetReceipt",
                "ImportUnsentAnswers",
                "ListSessionEvents",
                "AdmitToSession",
                "PauseSession",
                "ResumeSession",
                "ExtendSession",
                "ReportIncident",
                "AnnulSession",
                "FinishBySite",
                "UndoFinish",
                "UndoAdmission",
                "UndoAnnulment",
                "MarkAbsent",
                "UndoAbsence"
            ),
        ];

    private static IEnumerable<Example> Taking =>
        [
            Lists("ListMySessions", Scheduled),
            Gives("GetMySession", Mine),
            Takes("StartSession", new StartRequest("Место 7, кабинет информатики")),
            Gives(
                "StartSession",
                Mine with
                {
                    ServerTime = ExampleStory.Started,
                    SecondsLeft = Running.SecondsLeft(ExampleStory.Started),
                    Responses = [],
                }
            ),
            .. Refuses(SessionClock.Scheduled.Start(ExampleStory.Started, Duration.FromMinutes(120)).Refusal!, "StartSession"),
            Lists("ListSessionItems", Types.Select(type => type.Item).ToList()),
            .. Refuses(
                Refusal.Conflict("session-state", "Задания видны, только пока сеанс идёт.").With("state", Codes.Of(SessionState.Open)),
                "ListSessionItems"
            ),
            .. Refuses(SessionRefusals.TooManyEvents, "NoteSessionEvent"),
            Takes("NoteSessionEvent", new NoticedEventRequest(NoticedEvent.FocusLost, "Открыта другая вкладка, 14 секунд")),
        ];

    private static IEnumerable<Example> Saving =>
        [
            .. Types.Select(type => Takes("SaveResponse", Codes.Of(type.Item.Type), type.Summary, new SaveRequest(0, type.Response))),
            Takes("SaveResponse", "cleared", "Участник намеренно стёр ответ", new SaveRequest(2, null, Cleared: true)),
            Gives(
                "SaveResponse",
                new SavedResponse(2, 2, ExampleStory.Saved, SessionState.InProgress, Running.SecondsLeft(ExampleStory.Saved))
            ),
            .. Refuses(SessionRefusals.NotFound, "SaveResponse"),
            .. Refuses(SessionRefusals.NoSlot, "SaveResponse"),
            .. Refuses(SaveResponse.NotTaking(SessionState.InProgress, late: true, kept: true), "SaveResponse"),
            .. Refuses(SaveResponse.BlankRefused(2), "SaveResponse"),
            .. Refuses(SaveResponse.NotKept(SaveResponse.NotTaking(SessionState.InProgress, late: true, kept: true)), "SaveResponse"),
            .. Refuses(SaveResponse.Stale(new(2, 2, new ShortAnswerResponse("42"), ExampleStory.Saved), Rejected), "SaveResponse"),
            .. Refuses(Refusal.Invalid("response-type-mismatch", "Ответ не того вида: задание ждёт single_choice."), "SaveResponse"),
            Takes("CheckConnection", new SaveRequest(0, new ShortAnswerResponse("проверка связи"))),
            Gives("CheckConnection", new SavedResponse(1, 0, ExampleStory.Started, SessionState.Open, null)),
            Takes(
                "FinishSession",
                new FinishRequest(
                    new Dictionary<string, int>
                    {
                        ["1"] = 1,
                        ["2"] = 2,
                        ["6"] = 3,
                    }
                )
            ),
            Gives("FinishSession", Receipt),
            Gives("GetReceipt", Receipt),
            .. Refuses(GetReceipt.NotOver(SessionState.InProgress), "GetReceipt"),
            .. Refuses(FinishSession.Missing([new(6, 3, 2)]), "FinishSession"),
            .. Refuses(
                Refusal.Invalid(
                    "manifest-invalid",
                    "В manifest ключ — номер задания, значение — номер сохранения от 0; «шесть: 3» не подходит."
                ),
                "FinishSession"
            ),
        ];

    private static IEnumerable<Example> Supervising =>
        [
            .. Refuses(ListResponseHistory.NoSuchPage, "ListResponseHistory"),
            Gives(
                "ListResponseHistory",
                new ResponseHistory(
                    [
                        new(2, 1, 0, """{"type":"short_answer","text":"21"}""", ExampleStory.Saved - Duration.FromSeconds(45)),
                        new(2, 2, 1, """{"type":"short_answer","text":"42"}""", ExampleStory.Saved),
                    ],
                    [new(2, 1, "stale", """{"type":"short_answer","text":"24"}""", ExampleStory.Saved + Duration.FromSeconds(8))]
                )
            ),
            Gives("ListSessions", new Page<SessionSupervision>([Seen], null)),
            Gives("SuperviseSession", Seen),
            Lists(
                "ListSessionEvents",
                new SessionEvent[]
                {
                    new("admit", ExampleStory.Started - Duration.FromMinutes(9), ExampleStory.Expert.ToString("D"), null),
                    new("start", ExampleStory.Started, ExampleStory.Account.ToString("D"), """{"device":"Место 7, кабинет информатики"}"""),
                }
            ),
            Gives(
                "AdmitToSession",
                Seen with
                {
                    State = SessionState.Open,
                    StartedAt = null,
                    Deadline = null,
                    SecondsLeft = null,
                    Answered = 0,
                }
            ),
            Takes("PauseSession", PowerCut),
            Gives("PauseSession", Seen with { State = SessionState.Paused }),
            Gives("ResumeSession", Seen with { Deadline = ExampleStory.Deadline + Duration.FromMinutes(11) }),
            Takes("ExtendSession", new ExtraTimeRequest(15, "Рабочее место перезапускали после сбоя")),
            Gives(
                "ExtendSession",
                Seen with
                {
                    Deadline = ExampleStory.Deadline + Duration.FromMinutes(15),
                    SecondsLeft = Seen.SecondsLeft + 900,
                }
            ),
            .. Refuses(ExtendSession.Exceeded(SessionPolicy.UsualExtraMinutes, given: 230), "ExtendSession"),
            Takes("ReopenSession", new ReopeningRequest(47, "Часы сервера ушли вперёд и завершили сеанс за 47 минут до срока")),
            Gives("ReopenSession", Seen with { Deadline = ExampleStory.Saved + Duration.FromMinutes(47), SecondsLeft = 47 * 60 }),
            .. Refuses(Running.Reopen(ExampleStory.Saved, Duration.FromMinutes(47)).Refusal!, "ReopenSession"),
            Takes(
                "ReportIncident",
                new IncidentRequest("В 9:35 в аудитории погас свет, через 11 минут включили; участники оставались на местах.")
            ),
            Takes(
                "ImportUnsentAnswers",
                new UnsentAnswers(
                    ImportUnsentAnswers.Format,
                    1,
                    ExampleStory.Session,
                    [new(2, 1, new ShortAnswerResponse("42"), "unsure"), new(3, 0, new SingleChoiceResponse("4"), "dirty")],
                    "2026-09-14T07:40:00Z"
                )
            ),
            Gives("ImportUnsentAnswers", new ImportedAnswers([new(2, ImportOutcome.Known), new(3, ImportOutcome.Kept)])),
            .. Refuses(ImportUnsentAnswers.AnotherSession, "ImportUnsentAnswers"),
            .. Refuses(ImportUnsentAnswers.NotOurs, "ImportUnsentAnswers"),
            Takes("AnnulSession", new ReasonRequest("Участник вышел из аудитории с заданиями")),
            Gives("AnnulSession", Seen with { State = SessionState.Annulled, SecondsLeft = null, EndedAt = ExampleStory.Saved }),
            .. Refuses(Over.Admit().Refusal!, "AdmitToSession"),
            .. Refuses(Over.Pause(ExampleStory.Finished).Refusal!, "PauseSession"),
            .. Refuses(Running.Resume(ExampleStory.Saved).Refusal!, "ResumeSession"),
            .. Refuses(Over.Extend(ExampleStory.Started, Duration.FromMinutes(15)).Refusal!, "ExtendSession"),
            .. Refuses((Over with { State = SessionState.Annulled }).Annul(ExampleStory.Finished).Refusal!, "AnnulSession"),
            .. Refuses(TextRules.Check("reason", "", 4000)!, "PauseSession", "ExtendSession", "ReopenSession", "AnnulSession"),
            .. Refuses(TextRules.Check("description", "", 4000)!, "ReportIncident"),
        ];

    private static IEnumerable<Example> Correcting =>
        [
            Takes("FinishBySite", new SiteFinishRequest("В 9:40 участник ушёл из аудитории и не вернулся до конца времени. Акт № 3.")),
            Gives("FinishBySite", Seen with { State = SessionState.Finished, SecondsLeft = null, EndedAt = ExampleStory.Finished }),
            .. Refuses(Over.FinishBySite(ExampleStory.Finished, Duration.Zero).Refusal!, "FinishBySite"),
            Takes("UndoFinish", new ReasonRequest("Участник нажал «Завершить» вместо «Далее»")),
            Gives("UndoFinish", Seen),
            .. Refuses(Running.UndoFinish(ExampleStory.Saved).Refusal!, "UndoFinish"),
            .. Refuses(Correction.TooLate(SessionPolicy.UsualCorrectionMinutes), "UndoFinish", "UndoAdmission", "UndoAnnulment"),
            Takes("UndoAdmission", new ReasonRequest("Допустили однофамильца")),
            Gives(
                "UndoAdmission",
                Seen with
                {
                    State = SessionState.Scheduled,
                    StartedAt = null,
                    Deadline = null,
                    SecondsLeft = null,
                    Answered = 0,
                }
            ),
            .. Refuses(Running.UndoAdmission().Refusal!, "UndoAdmission"),
            Takes("UndoAnnulment", new ReasonRequest("Аннулировали не тот сеанс")),
            Gives("UndoAnnulment", Seen with { State = SessionState.Paused }),
            .. Refuses(Running.UndoAnnulment(Running).Refusal!, "UndoAnnulment"),
            .. Refuses(RestoredSessions.BeforeUnknown, "UndoAnnulment"),
            .. Refuses(RestoredSessions.NoSeat, "UndoAnnulment"),
            Takes("MarkAbsent", new AbsenceRequest("Позвонил утром: заболел", Excused: true)),
            Gives(
                "MarkAbsent",
                Seen with
                {
                    State = SessionState.Scheduled,
                    StartedAt = null,
                    Deadline = null,
                    SecondsLeft = null,
                    Answered = 0,
                    AbsentAt = ExampleStory.Started,
                }
            ),
            .. Refuses(SessionRefusals.MarkedAbsent, "MarkAbsent", "AdmitToSession", "StartSession"),
            .. Refuses(SessionRefusals.SiteStands, "StartSession"),
            Takes("UndoAbsence", new ReasonRequest("Опоздал на десять минут")),
            Gives(
                "UndoAbsence",
                Seen with
                {
                    State = SessionState.Scheduled,
                    StartedAt = null,
                    Deadline = null,
                    SecondsLeft = null,
                    Answered = 0,
                }
            ),
            .. Refuses(SessionRefusals.NotMarkedAbsent, "UndoAbsence"),
            .. Refuses(TextRules.Check("reason", "", 4000)!, "UndoFinish", "UndoAdmission", "UndoAnnulment", "MarkAbsent", "UndoAbsence"),
            .. Refuses(TextRules.Check("act", "", 4000)!, "FinishBySite"),
        ];

    private static IEnumerable<Example> WholeSite =>
        [
            Takes("PauseSite", new SitePauseRequest(PowerCut.Reason)),
            Gives("PauseSite", Stopped),
            .. Refuses(PauseSite.Interrupted, "PauseSite"),
            Takes("ResumeSite", new SiteResumptionRequest(ExampleStory.Campaign)),
            Gives(
                "ResumeSite",
                Stopped with
                {
                    At = ExampleStory.Saved + Duration.FromMinutes(11),
                    Sessions =
                    [
                        .. Stopped.Sessions.Select(one =>
                            one with
                            {
                                State = SessionState.InProgress,
                                Deadline = one.Deadline + Duration.FromMinutes(11),
                            }
                        ),
                    ],
                }
            ),
            .. Refuses(ResumeSite.NotInterrupted, "ResumeSite"),
            Takes("ExtendSite", new SiteExtraTimeRequest(15, "Рабочие места перезапускали после сбоя")),
            Gives(
                "ExtendSite",
                Stopped with
                {
                    Sessions =
                    [
                        .. Stopped.Sessions.Select(one =>
                            one with
                            {
                                State = SessionState.InProgress,
                                Deadline = one.Deadline + Duration.FromMinutes(15),
                            }
                        ),
                    ],
                }
            ),
            .. Refuses(PauseSite.NobodyAtWork, "ExtendSite"),
            .. Refuses(PauseSite.NoSuchSite, "PauseSite", "ResumeSite", "ExtendSite", "ListInterruptions"),
            .. Refuses(TextRules.Check("reason", "", 4000)!, "PauseSite", "ExtendSite"),
            Lists(
                "ListInterruptions",
                new[]
                {
                    new SiteInterruption(
                        ExampleStory.Site,
                        null,
                        ExampleStory.Saved,
                        PowerCut.Reason,
                        ExampleStory.Saved + Duration.FromMinutes(11)
                    ),
                }
            ),
        ];
}
