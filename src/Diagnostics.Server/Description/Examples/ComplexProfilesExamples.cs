using Diagnostics.Engine;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Profiles;
using Diagnostics.UseCases.ComplexProfiles;
using Diagnostics.UseCases.Profiles;
using NodaTime;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>Examples of operations on complex profiles for the API description. One block and one competency are shown.</summary>
internal static class ComplexProfilesExamples
{
    private static readonly Guid Id = new("01a0d340-9400-7c61-8f12-5e0b9a7d3c24");
    private static readonly Instant Issued = Instant.FromUtc(2026, 9, 24, 9, 0);
    private static readonly Instant Answered = Instant.FromUtc(2026, 9, 23, 17, 40);

    private static readonly ComplexPolicy Policy = new(
        JoinRule.Leading,
        [Terms("test", "Тест", 40), Terms("observation", "Экспертное наблюдение", 30), Terms("self_diagnosis", "Самодиагностика", 30)],
        2,
        new("default", 1)
    );

    /// <summary>The others move the leading level by one step: from medium to high.</summary>
    private static readonly JointResult Methodical = new(
        Code: "methodical",
        Title: "Методические компетенции",
        Level: DeficitLevel.High,
        LevelLabel: "Высокий",
        ResultPercent: null,
        BoundaryCase: false,
        Sources:
        [
            Line("test", "Тест", 40, ExampleStory.Started, (9, 12), (DeficitLevel.Medium, "Средний")),
            Line("observation", "Экспертное наблюдение", 30, null, (0, 0), null),
            Line("self_diagnosis", "Самодиагностика", 30, Answered, (5, 12), (DeficitLevel.High, "Высокий")),
        ],
        Contradictions: []
    );

    private static readonly IssuedComplexProfile Document = new(
        Id: Id,
        Version: 1,
        Cause: ComplexProfileCause.Made,
        IssuedAt: Issued,
        Schema: IssuedComplexProfile.CurrentSchema,
        Subject: new(ExampleStory.Participant, "teacher", 1, "default", 1, "default", 1),
        Rule: JoinRule.Leading,
        Explanation: Policy.InWords(),
        Findings:
        [
            new("test", ExampleStory.Profile, 2, "Входная диагностика учителей математики", ExampleStory.Started, FindingUse.Joined),
            new(
                "self_diagnosis",
                new("01a0d1c2-7f80-7d05-b3a9-6c1e84f0a917"),
                1,
                "Самодиагностика учителя математики",
                Answered,
                FindingUse.Joined
            ),
        ],
        Missing: [new("observation", "Экспертное наблюдение")],
        Blocks: [new(Methodical, [Methodical with { Code = "methodical.planning", Title = "Проектирование учебного процесса" }])],
        Notice: "Профиль служит только для построения индивидуального маршрута профессионального развития."
    );

    private static readonly ComplexProfileSummary Summary = new(
        Id: Id,
        ParticipantId: ExampleStory.Participant,
        Framework: new("teacher", 1),
        Policy: new("default", 1),
        Version: 1,
        Cause: ComplexProfileCause.Made,
        IssuedAt: Issued,
        IsLatest: true,
        Blocks: [new("methodical", "Методические компетенции", 0, DeficitLevel.High)],
        Missing: ["observation"]
    );

    internal static IEnumerable<Example> All =>
        [
            Takes("MakeComplexProfile", new ComplexProfileRequest(new("teacher", 1), new("default", 1))),
            Gives("MakeComplexProfile", Summary),
            Lists("ListComplexProfiles", Summary),
            Gives("GetComplexProfile", Document),
            .. Refuses(ProfileAccess.NoPerson, "MakeComplexProfile", "ListComplexProfiles"),
            .. Refuses(ProfileAccess.NotConsented, "MakeComplexProfile", "ListComplexProfiles", "GetComplexProfile"),
            .. Refuses(PersonEvidence.NotTakingPart, "MakeComplexProfile"),
            .. Refuses(IssueComplexProfile.NoPolicy, "MakeComplexProfile"),
            .. Refuses(IssueComplexProfile.NoFramework, "MakeComplexProfile"),
            .. Refuses(IssueComplexProfile.NothingToJoin, "MakeComplexProfile"),
            .. Refuses(GetComplexProfile.NotFound, "GetComplexProfile"),
        ];

    private static SourceTerms Terms(string source, string title, int weight) => new(source, title, weight, new(2, Points.From(3)), 0);

    private static SourceLine Line(
        string source,
        string title,
        int weight,
        Instant? at,
        (int Earned, int Maximum) points,
        (DeficitLevel Code, string Label)? level
    ) =>
        new(
            Source: source,
            Title: title,
            Weight: weight,
            Evidence: at is null ? CompetencyEvidence.None : CompetencyEvidence.Enough,
            From: at,
            To: at,
            Items: at is null ? 0 : 6,
            Earned: Points.From(points.Earned),
            Maximum: Points.From(points.Maximum),
            ResultPercent: at is null ? null : new ResultShare(Points.From(points.Earned), Points.From(points.Maximum)).Percent,
            Level: level?.Code,
            LevelLabel: level?.Label,
            BoundaryCase: false,
            Signal: null
        );
}
