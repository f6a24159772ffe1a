using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Commissions;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.UseCases.Appeals;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;
using NodaTime;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>
/// Examples of operations on appeals for the API description. The description is public: it contains no key or rubric
/// of the bank.
/// </summary>
internal static class AppealsExamples
{
    private const int Slot = 21;
    private const string Statement =
        "По критерию К2 поставлен 1 балл, хотя предложенное задание не называет ошибку: ученик найдёт её сам, подставив −1.";
    private const string Reason = "Задание из ответа не называет ошибку и ведёт к ней подстановкой: это описание двух баллов критерия К2.";

    private static readonly Guid Appeal = new("01a0cd13-4c00-7b16-8a51-3d0f0c5b7ea2");
    private static readonly Guid ChairId = new("01a047d3-1f00-7f4e-9a58-2b7f5e1d9c30");
    private static readonly Guid MemberId = new("01a047d4-0980-7a3d-8e11-6c4f0b9d2a77");

    /// <summary>
    /// The end of the time for filing an appeal. The results are published on Tuesday 22 September 2026 at 15:00 in
    /// Moscow; the two working days for filing are Wed 23 and Thu 24.
    /// </summary>
    private static readonly Instant Deadline = Instant.FromUtc(2026, 9, 24, 21, 0);

    private static readonly Instant FiledAt = Instant.FromUtc(2026, 9, 23, 7, 10);
    private static readonly Instant DecidedAt = Instant.FromUtc(2026, 9, 25, 9, 40);

    /// <summary>
    /// The end of the time for deciding the appeal. The appeal is filed on Wednesday; the four working days for
    /// deciding are Thu 24, Fri 25, Mon 28 and Tue 29.
    /// </summary>
    private static readonly Instant DueAt = Instant.FromUtc(2026, 9, 29, 21, 0);

    private static readonly PolicyReference Policy = new(PolicyKind.Appeals, "default", 1);
    private static readonly Dictionary<string, Points> Before = new() { ["K1"] = Points.From(2), ["K2"] = Points.From(1) };
    private static readonly Dictionary<string, Points> After = new() { ["K1"] = Points.From(2), ["K2"] = Points.From(2) };

    private static readonly NotAppealable ClosedItem = new(
        AppealGround.ClosedItem,
        "п. 7.1.3 Положения; правила апелляций мероприятия, основание closed_item",
        "Ответы, сверенные с ключом, апелляции не подлежат."
    );

    private static readonly AppealView Filed = new(
        Id: Appeal,
        Kind: AppealKind.Score,
        CampaignId: ExampleStory.Campaign,
        SessionId: ExampleStory.Session,
        ParticipantId: ExampleStory.Participant,
        Slot: Slot,
        Ground: AppealGround.Marks,
        Statement: Statement,
        State: AppealState.Filed,
        FiledAt: FiledAt,
        DueAt: DueAt,
        Due: DueState.OnTime,
        Policy: Policy,
        EarlierMarksOpened: false,
        Outcome: null,
        Clause: null,
        Reason: null,
        ClosedAt: null,
        NewSessionId: null,
        Revision: 1
    );

    private static readonly AppealView Considered = Filed with
    {
        SessionId = null,
        ParticipantId = null,
        State = AppealState.InConsideration,
        Revision = 3,
    };

    private static readonly AppealView Decided = Considered with
    {
        State = AppealState.Decided,
        Due = null,
        EarlierMarksOpened = true,
        Outcome = AppealOutcome.SatisfiedUp,
        Clause = "Критерий К2, 2 балла",
        Reason = Reason,
        ClosedAt = DecidedAt,
        Revision = 8,
    };

    private static readonly Rubric Rubric = new(
        [
            new(
                "K1",
                "Ошибка и её причина",
                [
                    new(Points.Zero, "Ошибка не найдена."),
                    new(Points.From(1), "Ошибка названа."),
                    new(Points.From(2), "Названа и объяснена."),
                ]
            ),
            new(
                "K2",
                "Задание для ученика",
                [
                    new(Points.Zero, "Задания нет."),
                    new(Points.From(1), "Ошибку называет учитель."),
                    new(Points.From(2), "Ученик найдёт ошибку сам."),
                ]
            ),
        ],
        "K1"
    );

    private static readonly AppealWork Work = new(
        Appeal,
        AppealKind.Score,
        AppealGround.Marks,
        Statement,
        new(
            Slot: Slot,
            ItemCode: "method-lost-root-2",
            ItemVersion: 1,
            MaxPoints: Rubric.Maximum,
            Stem: "Найдите ошибку ученика и предложите задание, которое поможет ему увидеть её самому.",
            Stimulus: SessionsExamples.LostRoot,
            Rubric: Rubric,
            Solution: "Потерян корень −1.",
            Exemplars: [],
            Answer: "Ученик потерял корень x = −1. Попросила бы его подставить в уравнение −1 и сравнить с найденным ответом.",
            EarlierMarks: [new(RoundKind.Expert, true, Points.From(3), Before, "Ошибка названа, задание наводящее.")]
        ),
        null
    );

    private static readonly AppealProceedings Proceedings = new(
        Appeal,
        [
            new(ChairId, "z.gadzhieva", CommissionRole.Chair, null),
            new(MemberId, "m.ivanov", CommissionRole.Member, null),
            new(ExampleStory.Expert, "s.aliev", CommissionRole.Member, RecusalCause.MarkedScript),
        ],
        2,
        new(2, 50),
        [
            new(
                1,
                AppealOutcome.SatisfiedUp,
                After,
                Decided.Clause!,
                Reason,
                ChairId,
                DecidedAt - Duration.FromMinutes(20),
                [new(ChairId, true, null, DecidedAt - Duration.FromMinutes(10))]
            ),
        ],
        [
            new(
                "filed",
                FiledAt,
                ExampleStory.Account.ToString("D"),
                new JsonObject
                {
                    ["kind"] = "score",
                    ["slot"] = Slot,
                    ["ground"] = "marks",
                }
            ),
            new("admitted", FiledAt + Duration.FromHours(2), ChairId.ToString("D"), null),
        ]
    );

    private static readonly AppealHearing Hearing = new(
        1,
        Instant.FromUtc(2026, 9, 25, 8, 0),
        "Махачкала, ул. Магомеда Гаджиева, 28, каб. 12",
        "Вы можете присутствовать; при себе иметь паспорт.",
        Reason: null,
        FiledAt + Duration.FromHours(2)
    );

    private static readonly AppealAttachment Attachment = new(
        1,
        "Справка.pdf",
        FileSignature.Pdf,
        184_320,
        FiledAt + Duration.FromMinutes(4)
    );

    internal static IEnumerable<Example> All => [.. Filing, .. Reading, .. Deciding, .. Refusals];

    private static IEnumerable<Example> Filing =>
        [
            Gives(
                "GetAppealable",
                new AppealableSession(
                    ExampleStory.Session,
                    ExampleStory.ResultsPublished,
                    Deadline,
                    true,
                    Policy,
                    [
                        new(
                            Slot: 1,
                            Type: ItemType.SingleChoice,
                            Points: Points.From(1),
                            Maximum: Points.From(1),
                            Appealable: false,
                            Clause: ClosedItem.Clause,
                            WhyNot: ClosedItem.Text,
                            Stem: null,
                            Answer: null,
                            Marks: null,
                            AppealId: null
                        ),
                        new(
                            Slot: Slot,
                            Type: ItemType.ExtendedResponse,
                            Points: Points.From(3),
                            Maximum: Points.From(4),
                            Appealable: true,
                            Clause: null,
                            WhyNot: null,
                            Stem: Work.Answer!.Stem,
                            Answer: Work.Answer.Answer,
                            Marks:
                            [
                                new(
                                    RoundKind.Expert,
                                    true,
                                    Points.From(3),
                                    Rubric
                                        .Criteria.Select(criterion => new CriterionMark(
                                            criterion.Code,
                                            criterion.Title,
                                            Before[criterion.Code],
                                            criterion.Maximum
                                        ))
                                        .ToList()
                                ),
                            ],
                            AppealId: null
                        ),
                    ]
                )
            ),
            Takes(
                "FileAppeal",
                "score",
                "О баллах за развёрнутый ответ",
                new AppealRequest(AppealKind.Score, ExampleStory.Session, AppealGround.Marks, Statement, Slot)
            ),
            Takes(
                "FileAppeal",
                "procedural",
                "О нарушении порядка, в день сеанса",
                new AppealRequest(
                    AppealKind.Procedural,
                    ExampleStory.Session,
                    AppealGround.Procedure,
                    "После сбоя сети мне не вернули двадцать минут."
                )
            ),
            Takes(
                "FileAppeal",
                "annulment",
                "Против аннулирования, позже дня – с причиной",
                new AppealRequest(
                    AppealKind.Procedural,
                    ExampleStory.Session,
                    AppealGround.Annulment,
                    "Телефон лежал выключенным в сумке у входа.",
                    LateCause: "С площадки меня увезли в больницу; справка приложена."
                )
            ),
            Gives("FileAppeal", Filed, 201),
            .. Refuses(ClosedItem.Refusal, "FileAppeal"),
            .. Refuses(FileAppeal.Late(Deadline), "FileAppeal"),
            .. Refuses(ProceduralMatter.NotAnnulled, "FileAppeal"),
            .. Refuses(ProceduralMatter.TooEarly, "FileAppeal"),
            .. Refuses(FileAppeal.Exists, "FileAppeal"),
            .. Refuses(AppealRights.NotPublished, "FileAppeal", "GetAppealable"),
            .. Refuses(SessionRefusals.NotFound, "FileAppeal", "GetAppealable"),
            Gives(
                "WithdrawAppeal",
                Filed with
                {
                    State = AppealState.Withdrawn,
                    Due = null,
                    ClosedAt = FiledAt + Duration.FromHours(1),
                    Revision = 2,
                }
            ),
        ];

    private static IEnumerable<Example> Reading =>
        [
            Lists("ListMyAppeals", Filed),
            Gives("GetAppeal", Filed with { State = AppealState.Admitted, Revision = 3, Hearing = Hearing, Attachments = 1 }),
            Gives(
                "ListAppeals",
                new Page<AppealSummary>(
                    [
                        new(
                            Id: Appeal,
                            Kind: AppealKind.Score,
                            Slot: Slot,
                            Ground: AppealGround.Marks,
                            State: AppealState.Filed,
                            FiledAt: FiledAt,
                            RemindAt: Instant.FromUtc(2026, 9, 27, 21, 0),
                            DueAt: DueAt,
                            Due: DueState.OnTime,
                            Outcome: null
                        ),
                    ],
                    null
                )
            ),
            Gives("GetAppealProceedings", Proceedings),
            Gives("GetAppealedWork", Work),
        ];

    private static IEnumerable<Example> Deciding =>
        [
            Gives("AdmitAppeal", Considered with { State = AppealState.Admitted, Revision = 2 }),
            Gives("ConsiderAppeal", Considered),
            Takes("SetAppealHearing", new AppealHearingRequest(Hearing.At, Hearing.Place, Hearing.Invitation)),
            Gives("SetAppealHearing", Considered with { Revision = 4, Hearing = Hearing }),
            .. Refuses(SetAppealHearing.Past, "SetAppealHearing"),
            .. Refuses(AppealState.Filed.CheckHearable()!, "SetAppealHearing"),
            Gives("AddAppealAttachment", Attachment, 201),
            .. Refuses(AddAppealAttachment.TooLarge, "AddAppealAttachment"),
            .. Refuses(AddAppealAttachment.WrongKind, "AddAppealAttachment"),
            .. Refuses(AddAppealAttachment.TooMany, "AddAppealAttachment"),
            Lists("ListAppealAttachments", Attachment),
            .. Refuses(GetAppealAttachment.NotFound, "GetAppealAttachment"),
            .. Refuses(GetAppealLetter.NotReady.With("state", AppealState.InConsideration), "GetAppealLetter"),
            Takes(
                "RefuseAppeal",
                "late",
                "Причина опоздания не уважительная",
                new AppealRefusalRequest("О сроке было сказано на площадке; занятость на работе подать заявление не мешала.")
            ),
            Takes(
                "RefuseAppeal",
                "excluded",
                "Вопрос апелляции не подлежит",
                new AppealRefusalRequest("Заявление оспаривает условие задания, а не баллы за ответ.", AppealGround.ItemContent)
            ),
            Gives(
                "RefuseAppeal",
                Considered with
                {
                    State = AppealState.Refused,
                    Due = null,
                    Clause = "п. 7.1.3 Положения",
                    Reason = "Заявление оспаривает условие задания.",
                    ClosedAt = DecidedAt,
                    Revision = 2,
                }
            ),
            Gives("OpenEarlierMarks", Considered with { EarlierMarksOpened = true, Revision = 4 }),
            Takes("RecuseFromAppeal", new ReasonRequest("Узнал работу: автор рассказывал о ней на методическом объединении.")),
            Takes(
                "ProposeAppealDecision",
                "up",
                "Удовлетворить с повышением",
                new ProposalRequest(AppealOutcome.SatisfiedUp, Decided.Clause!, Reason, After)
            ),
            Takes(
                "ProposeAppealDecision",
                "reject",
                "Отклонить",
                new ProposalRequest(AppealOutcome.Rejected, "Критерий К2, 1 балл", "Ошибку в задании называет учитель.")
            ),
            Gives("ProposeAppealDecision", Proceedings, 201),
            Takes("VoteOnAppeal", "for", "За", new VoteRequest(1, true)),
            Takes(
                "VoteOnAppeal",
                "against",
                "Против, с особым мнением",
                new VoteRequest(1, false, "Подстановка −1 и есть указание на ошибку.")
            ),
            Gives("VoteOnAppeal", Proceedings, 201),
            Takes("DecideAppeal", "score", "По апелляции о баллах", new DecisionRequest(1)),
            Takes(
                "DecideAppeal",
                "procedural",
                "По удовлетворённой апелляции о порядке, когда срок проведения прошёл",
                new DecisionRequest(1, Instant.FromUtc(2026, 10, 2, 21, 0))
            ),
            Gives("DecideAppeal", Decided),
            .. Refuses(Voting.Count([new(ChairId, true)], 2, ChairId, new(2, 50)).Refusal!, "DecideAppeal"),
            .. Refuses(VoteOnAppeal.Given, "VoteOnAppeal"),
            .. Refuses(VoteOnAppeal.Another.With("proposal", 2), "VoteOnAppeal", "DecideAppeal"),
            .. Refuses(TextRules.Check("reason", "", AppealRights.MaxText)!, "RefuseAppeal", "RecuseFromAppeal", "ProposeAppealDecision"),
        ];

    private static IEnumerable<Example> Refusals =>
        [
            .. Refuses(
                AppealRights.NotFound,
                "GetAppeal",
                "WithdrawAppeal",
                "GetAppealProceedings",
                "GetAppealedWork",
                "AdmitAppeal",
                "RefuseAppeal",
                "ConsiderAppeal",
                "OpenEarlierMarks",
                "RecuseFromAppeal",
                "ProposeAppealDecision",
                "VoteOnAppeal",
                "DecideAppeal",
                "SetAppealHearing",
                "AddAppealAttachment",
                "ListAppealAttachments",
                "GetAppealLetter"
            ),
            .. Refuses(
                UseCases.Appeals.Hearing.RecusedRefusal(RecusalCause.MarkedScript),
                "GetAppealedWork",
                "VoteOnAppeal",
                "ProposeAppealDecision",
                "DecideAppeal"
            ),
            .. Refuses(AppealState.Decided.Withdraw().Refusal!, "WithdrawAppeal"),
            .. Refuses(AppealState.Decided.Admit().Refusal!, "AdmitAppeal", "RefuseAppeal"),
            .. Refuses(AppealState.Filed.Consider().Refusal!, "ConsiderAppeal", "OpenEarlierMarks", "ProposeAppealDecision"),
        ];
}
