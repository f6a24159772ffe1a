using Diagnostics.Engine.Practice;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Instruments;
using Diagnostics.UseCases.Practice;
using Diagnostics.UseCases.Profiles;
using Diagnostics.UseCases.Sessions;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>Examples of operations on results of practice for the API description.</summary>
internal static class PracticeExamples
{
    private const string Wording = "Формулировать основную мысль текста";
    private const string Deficit = "Формирование читательской грамотности";

    private static readonly PracticeRowsRequest Table = new([
        new(Wording, 48, 62, 58, 53),
        new("Находить в тексте сведения, заданные в явном виде", 81.5m, 80, 79, 75),
    ]);

    private static readonly PracticeResult Entered = new(
        Id: new("01a0cd2f-3b00-7c1e-8a52-6f0e9d3c4b17"),
        Version: 1,
        ParticipantId: ExampleStory.Participant,
        Basis: PracticeBasis.Results,
        Map: new("reading-literacy-5-9", 1),
        Framework: new("teacher", 1),
        Title: "Диагностика читательской грамотности, 6 класс",
        AssessedOn: new(2026, 5, 20),
        EnteredAt: ExampleStory.ResultsPublished,
        Skills: 2,
        Deficient: 1,
        MeanShare: 64.75m,
        Competencies: [new("methodical.planning", "Проектирование учебного процесса", "methodical", 2, 1, 33.33m, [Deficit])]
    );

    private static readonly PracticeResult Gone = Entered with
    {
        Version = 2,
        Skills = 0,
        Deficient = 0,
        MeanShare = 0,
        Competencies = [],
        Withdrawn = new(ExampleStory.ResultsPublished, "Таблица другого класса"),
    };

    private static readonly SkillFinding MainIdea = new(
        new(2, Wording, 48, 62, 58, 53, null),
        [SkillBound.Russia, SkillBound.Region, SkillBound.Municipality, SkillBound.PassMark],
        [new(Deficit, "methodical.planning", 2, "methodical.planning.lesson")]
    );

    internal static IEnumerable<Example> All =>
        [
            Takes("EnterPracticeResult", Table),
            Gives("EnterPracticeResult", Entered, 201),
            Takes("ReplacePracticeResult", Table),
            Gives("ReplacePracticeResult", Entered with { Version = 2 }),
            Takes("WithdrawPracticeResult", new ReasonRequest("Таблица другого класса")),
            Gives("WithdrawPracticeResult", Gone),
            Gives("ListPracticeResults", new Page<PracticeResult>([Entered], null)),
            Gives("GetPracticeResult", Entered),
            Gives("ListPracticeVersions", new Page<PracticeResult>([Entered, Gone], null)),
            Gives("ListPracticeSkills", new Page<PracticeSkill>([PracticeSkill.Of(MainIdea)], null)),
            Gives(
                "GetPracticeCorrelation",
                new PracticeCorrelation(
                    "reading-literacy-5-9",
                    null,
                    40,
                    36,
                    [new("methodical", 36, new(0.48, 0.18, 0.70), new(0.45, 0.14, 0.68), null)]
                )
            ),
            .. Refuses(ProfileAccess.NoPerson, "EnterPracticeResult", "ListPracticeResults"),
            .. Refuses(InstrumentRules.NotFound, "EnterPracticeResult"),
            .. Refuses(PersonEvidence.NotTakingPart, "EnterPracticeResult"),
            .. Refuses(PracticeEntry.InFuture, "EnterPracticeResult", "ReplacePracticeResult"),
            .. Refuses(ProfileAccess.NotConsented, "ListPracticeResults", "GetPracticeResult"),
            .. Refuses(PracticeEntry.Withdrawn, "ReplacePracticeResult", "WithdrawPracticeResult"),
            .. Refuses(
                PracticeEntry.NotFound,
                "GetPracticeResult",
                "ReplacePracticeResult",
                "WithdrawPracticeResult",
                "ListPracticeVersions",
                "ListPracticeSkills"
            ),
        ];
}
