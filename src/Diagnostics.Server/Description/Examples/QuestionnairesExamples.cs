using Diagnostics.Engine;
using Diagnostics.Engine.Questionnaires;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Instruments;
using Diagnostics.UseCases.Profiles;
using Diagnostics.UseCases.Questionnaires;
using Diagnostics.UseCases.Sessions;
using NodaTime;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>Examples of operations on self-diagnosis for the API description. Two answers are shown.</summary>
internal static class QuestionnairesExamples
{
    private static readonly QuestionnaireReference Form = new("young-teacher", 2);
    private static readonly Guid Id = new("01a0ce3a-9c00-7d4e-b0a7-15c3e7f20d88");
    private static readonly Instant Started = ExampleStory.ResultsPublished;
    private static readonly Instant Ended = Started + Duration.FromMinutes(14);
    private static readonly SelfAnswer Easy = new([], null, 4);
    private static readonly SelfAnswer Lesson = new([], "Урок повторения: половина класса уже всё решила, и я не знал, чем её занять.");
    private static readonly SavedAnswer Scale = new("g1", 2, Started + Duration.FromMinutes(3), Easy);
    private static readonly SavedAnswer Open = new("g3", 1, Ended, Lesson);

    private static readonly QuestionnaireSession Begun = new(
        Id: Id,
        ParticipantId: ExampleStory.Participant,
        Questionnaire: Form,
        Framework: new("teacher", 1),
        StartedAt: Started,
        Answers: []
    );

    private static readonly QuestionnaireSession Finished = Begun with
    {
        Answers = [Scale, Open],
        FinishedAt = Ended,
        Result = new(
            [new("pedagogical", "Общепедагогические затруднения", 3, 2, Points.From(3), Points.From(4))],
            [new("communicative.interaction", "Взаимодействие с участниками образовательных отношений", "communicative", 1, 75)],
            new(1, 1, 1, 13)
        ),
    };

    internal static IEnumerable<Example> All =>
        [
            Takes("StartQuestionnaire", new StartQuestionnaireRequest(Form)),
            Gives("StartQuestionnaire", Begun, 201),
            Takes("SaveQuestionnaireAnswer", new SaveAnswerRequest(1, Easy)),
            Gives("SaveQuestionnaireAnswer", Scale),
            Takes("FinishQuestionnaire", new FinishQuestionnaireRequest(new Dictionary<string, int> { ["g1"] = 2, ["g3"] = 1 })),
            Gives("FinishQuestionnaire", Finished),
            Gives("WithdrawQuestionnaire", Finished with { Result = null, WithdrawnAt = Ended + Duration.FromDays(1) }),
            Takes(
                "EnterQuestionnaire",
                new PaperQuestionnaireRequest(Form, new(2026, 9, 21), new Dictionary<string, SelfAnswer> { ["g1"] = Easy, ["g3"] = Lesson })
            ),
            Gives("EnterQuestionnaire", Finished with { AnsweredOn = new(2026, 9, 21) }, 201),
            Gives(
                "ListQuestionnaireSessions",
                new Page<QuestionnaireSessionSummary>([new(Id, ExampleStory.Participant, Form, Started, Ended)], null)
            ),
            Gives("GetQuestionnaireSession", Finished),
            Gives(
                "ListRejectedAnswers",
                new Page<RejectedAnswer>(
                    [new(new("01a0ce3d-5a80-7e11-9f3c-2b4d6a8c0e13"), "g1", 1, "stale", Ended, new([], null, 2))],
                    null
                )
            ),
            .. Refuses(InstrumentRules.NotFound, "StartQuestionnaire", "EnterQuestionnaire"),
            .. Refuses(PersonEvidence.NotTakingPart, "StartQuestionnaire", "EnterQuestionnaire"),
            .. Refuses(StartQuestionnaire.IsOpen(Id), "StartQuestionnaire"),
            .. Refuses(SaveQuestionnaireAnswer.Stale(Scale, new(1, new([], null, 2))), "SaveQuestionnaireAnswer"),
            .. Refuses(SaveQuestionnaireAnswer.Finished, "SaveQuestionnaireAnswer"),
            .. Refuses(SaveResponse.BlankRefused(2), "SaveQuestionnaireAnswer"),
            .. Refuses(LoadedQuestionnaire.NoQuestion, "SaveQuestionnaireAnswer"),
            .. Refuses(FinishQuestionnaire.Missing([new("g2", 3, 2)]), "FinishQuestionnaire"),
            .. Refuses(FinishQuestionnaire.Empty, "FinishQuestionnaire"),
            .. Refuses(FinishQuestionnaire.Withdrawn, "FinishQuestionnaire"),
            .. Refuses(EnterQuestionnaire.InFuture, "EnterQuestionnaire"),
            .. Refuses(EnterQuestionnaire.Invalid(["Вопрос «g1»: 7 — не на шкале 1–5."]), "EnterQuestionnaire"),
            .. Refuses(ProfileAccess.NoPerson, "EnterQuestionnaire", "ListQuestionnaireSessions"),
            .. Refuses(ProfileAccess.NotConsented, "ListQuestionnaireSessions", "GetQuestionnaireSession"),
            .. Refuses(
                LoadedQuestionnaire.NotFound,
                "SaveQuestionnaireAnswer",
                "FinishQuestionnaire",
                "WithdrawQuestionnaire",
                "GetQuestionnaireSession",
                "ListRejectedAnswers"
            ),
        ];
}
