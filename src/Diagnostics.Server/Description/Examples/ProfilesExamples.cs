using Diagnostics.Engine;
using Diagnostics.Engine.Calibration;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Profiles;
using Diagnostics.Psychometrics.ItemResponse;
using Diagnostics.Server.Api;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Profiles;
using Diagnostics.UseCases.Sessions;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>Examples of operations on profiles for the API description.</summary>
internal static class ProfilesExamples
{
    /// <summary>
    /// The level scale of clause 3.4 of the regulations, as in <c>item-bank/policies/level-scale.yaml</c>.
    /// </summary>
    private static readonly LevelScale Scale = new(
        [
            new(DeficitLevel.High, 0, "Высокий", "Профессиональное развитие по технологии индивидуального плана"),
            new(
                DeficitLevel.Medium,
                60,
                "Средний",
                "Профессиональное развитие по технологии индивидуального плана или повышение квалификации по программам, соответствующим выявленным дефицитам"
            ),
            new(
                DeficitLevel.Minimal,
                81,
                "Минимальный или отсутствие дефицита",
                "Профессиональное развитие в области диагностированных компетенций на основе неформального и информального образования"
            ),
        ],
        [new(60, true, 61), new(80, false, 81)],
        new Dictionary<string, IReadOnlyList<ScaleLevel>>(),
        new(2, Points.From(3)),
        "Профиль показывает, в чём педагогу или руководителю полезна поддержка, и служит только для построения "
            + "индивидуального маршрута профессионального развития. Участие в диагностике добровольное. Результат не является "
            + "оценкой работы, не используется при аттестации и не может быть основанием для взысканий, изменения нагрузки или "
            + "оплаты труда."
    );

    /// <summary>A part of <c>item-bank/policies/profile.yaml</c>.</summary>
    private static readonly ProfilePolicy Policy = new(
        Words:
        [
            new(
                [],
                [
                    new(
                        DeficitLevel.High,
                        "Неумение решать стандартные профессиональные задачи.",
                        "Технология индивидуального плана",
                        "Профессиональное развитие по технологии индивидуального плана"
                    ),
                    new(
                        DeficitLevel.Medium,
                        "Неумение решать профессиональные задачи в новых условиях.",
                        "Технология индивидуального плана или программа повышения квалификации",
                        "Профессиональное развитие по технологии индивидуального плана или повышение квалификации по "
                            + "программам, соответствующим выявленным дефицитам"
                    ),
                    new(
                        DeficitLevel.Low,
                        "Умение решать профессиональные задачи в новых условиях.",
                        "Неформальное и информальное образование",
                        "Профессиональное развитие в области диагностированных компетенций на основе неформального и информального образования"
                    ),
                    new(
                        DeficitLevel.Minimal,
                        "Умение решать профессиональные задачи в нестандартных ситуациях.",
                        "Неформальное и информальное образование",
                        "Профессиональное развитие в области диагностированных компетенций на основе неформального и информального образования"
                    ),
                ],
                "Дефицит не выявлен, выполнены все задания."
            ),
        ],
        Competencies: new(2, Points.From(3)),
        Sentences: new(
            [
                new(DeficitLevel.High, "Низкий уровень сформированности {name}"),
                new(DeficitLevel.Medium, "Средний уровень сформированности {name}"),
                new(DeficitLevel.Low, "Достаточный уровень сформированности {name}; возможны отдельные затруднения"),
                new(DeficitLevel.Minimal, "Высокий уровень сформированности {name}"),
            ],
            "Возможен недостаточный уровень сформированности {name} (сведений для вывода мало)",
            new Dictionary<string, string>
            {
                ["methodical.assessment"] = "методических компетенций в оценивании учебных достижений",
                ["methodical.assessment.errors"] = "умения анализировать ошибки обучающихся и давать обратную связь",
            },
            "компетенции «{title}»",
            "умений по теме «{title}»"
        ),
        Change: new(
            [DeficitLevel.Low, DeficitLevel.Minimal],
            10,
            new(
                "Индивидуальное сопровождение можно считать успешным, эффективным",
                ["не нуждается в сопровождении"],
                "Завершение прохождения индивидуального образовательного маршрута"
            ),
            new(
                "Индивидуальное сопровождение можно считать не вполне успешным, недостаточно эффективным",
                ["нуждается в поддержке для решения наиболее сложных проблем"],
                "Разработка следующего этапа индивидуального образовательного маршрута"
            ),
            new(
                "Индивидуальное сопровождение можно считать неэффективным",
                ["нуждается в дальнейшем полномасштабном сопровождении"],
                "Разработка следующего этапа индивидуального образовательного маршрута"
            )
        ),
        Periods: new(10, 6, 6, 12)
    );

    private static readonly SlotResult[] Results =
    [
        Result(1, "subject", "subject.algebra.numbers", 1, 1, 1),
        Result(2, "subject", "subject.algebra.numbers", 2, 2, 2),
        Result(3, "subject", "subject.algebra.equations", 2, 2, 2),
        Result(4, "subject", "subject.algebra.equations", 3, 1, 2),
        Result(5, "methodical", "methodical.assessment.formative", 2, 2, 2),
        Result(6, "methodical", "methodical.assessment.errors", 2, 1, 2),
        Result(7, "methodical", "methodical.assessment.errors", 3, 2, 4),
        Result(8, "psychological", "psychological.development.motivation", 1, 1, 1),
        Result(9, "psychological", "psychological.development.motivation", 2, 2, 4),
        Result(10, "communicative", "communicative.interaction.parents", 3, 1, 4),
    ];

    private static readonly int[] Maxima = [1, 2, 2, 2, 2, 2, 4, 1, 4, 4];

    /// <summary>
    /// The items' parameters. Two or four points of an item are earned step by step, and harder items have higher
    /// steps.
    /// </summary>
    private static readonly FormCalibration Calibration = new(
        ExampleStory.Calibration,
        CalibrationExamples.Fingerprint,
        CalibrationModel.Pcm,
        ExampleStory.Calibrated + NodaTime.Duration.FromHours(1),
        Curves(),
        Curves(),
        []
    );

    /// <summary>
    /// Built by the code that builds real profiles, so that its numbers agree. Each level occurs in some block, and one
    /// block is at 60 %, exactly on a boundary.
    /// </summary>
    internal static readonly DeficitProfile Profile = ProfileBuilder.Build(
        new(ExampleStory.Profile, 2, ProfileStatus.Final, "published", ExampleStory.ResultsPublished),
        new(
            ParticipantId: ExampleStory.Participant,
            SessionId: ExampleStory.Session,
            CampaignId: ExampleStory.Campaign,
            Stage: CampaignStage.Entry,
            Variant: 2,
            FrameworkCode: CompetenciesExamples.Teacher.Code,
            FrameworkVersion: CompetenciesExamples.Teacher.Version,
            LevelScaleCode: "default",
            LevelScaleVersion: 1,
            TakenAt: ExampleStory.Started,
            ProfilePolicyCode: "default",
            ProfilePolicyVersion: 1
        ),
        new(CompetenciesExamples.Teacher, Scale, Policy),
        Evidence.Of(EffectiveResults.Source, ExampleStory.Started, CompetenciesExamples.Teacher, Results),
        calibrated: new(Results, Calibration, null),
        dates: new(new(2026, 9, 14), new(2027, 3, 14), CampaignStage.Intermediate, new(2026, 10, 9))
    );

    private static readonly ProfileSummary Summary = new(
        Id: Profile.Id,
        ParticipantId: Profile.Subject.ParticipantId,
        SessionId: Profile.Subject.SessionId,
        CampaignId: Profile.Subject.CampaignId,
        Version: Profile.Version,
        Status: Profile.Status,
        Cause: Profile.Cause,
        IssuedAt: Profile.IssuedAt,
        IsLatest: true,
        Total: Profile.Total,
        Blocks:
        [
            .. Profile.Blocks.Select(block => new BlockSummary(
                block.Code,
                block.Title,
                block.Result.ResultPercent,
                block.Result.DeficitPercent,
                block.Result.Level,
                block.Result.BoundaryCase
            )),
        ],
        Competencies: ProfileSummary.CompetenciesOf(Profile)
    );

    internal static IEnumerable<Example> All =>
        [
            Gives("GetProfile", Profile),
            Gives(
                "GetProfileStatements",
                new ProfileStatements(Profile, Stands: true).Of(CompetenciesExamples.Case, "https://diagnostics.example")
            ),
            Gives("ListProfilesOfPerson", new Page<ProfileSummary>([Summary], null)),
            Lists("ListProfilesOfSession", Summary),
            Gives("ListProfiles", new Page<ProfileSummary>([Summary], null)),
            Gives("ListProfilesOfCampaign", new Page<ProfileSummary>([Summary], null)),
            Gives("GetDeficitStatistics", Counted()),
            .. Refuses(ProfilesApi.NoSchema, "GetProfileSchema"),
            .. Refuses(ProfileAccess.NotFound, "GetProfile", "GetProfileSheet", "GetProfileStatements"),
            .. Refuses(SessionRefusals.NotFound, "ListProfilesOfSession"),
            .. Refuses(
                ProfileAccess.NotConsented,
                "GetProfile",
                "GetProfileSheet",
                "GetProfileStatements",
                "ListProfilesOfPerson",
                "ListProfilesOfSession"
            ),
            .. Refuses(ProfileAccess.NoPerson, "ListProfilesOfPerson"),
            .. Refuses(
                UseCases.Marking.MarkingRights.NotLeading,
                "ListProfilesOfCampaign",
                "GetDeficitStatistics",
                "PublishResults",
                "GetPublication"
            ),
            .. Refuses(
                UseCases.Marking.MarkingRights.NoCampaign,
                "ListProfilesOfCampaign",
                "GetDeficitStatistics",
                "PublishResults",
                "GetPublication",
                "ListKeyReviews"
            ),
            Takes("PreviewKeyDecision", new KeyPreviewRequest("math-divisibility-2", 1, "сорок два", KeyDecision.Accept)),
            Gives(
                "PreviewKeyDecision",
                new KeyDecisionEffect(3, 0, Points.Zero, Points.From(3), [new("subject", DeficitLevel.High, DeficitLevel.Medium, 1)])
            ),
            Gives(
                "GetPublication",
                new PublicationState(
                    ExampleStory.Campaign,
                    "Входная диагностика учителей математики",
                    null,
                    0,
                    [new("marking", 1, PublishResults.Describe("marking", 1), [ExampleStory.Session])]
                )
            ),
            Gives("PublishResults", new PublishedResults(ExampleStory.Campaign, ExampleStory.ResultsPublished, 28)),
            .. Refuses(
                PublishResults.StillOpen([
                    new("marking", 1, PublishResults.Describe("marking", 1), [ExampleStory.Session]),
                    new("key_review", 2, PublishResults.Describe("key_review", 2), []),
                ]),
                "PublishResults"
            ),
        ];

    private static GroupDeficits Counted()
    {
        var counter = new DeficitCounter();
        counter.Add(Profile);
        return counter.Counted();
    }

    private static Dictionary<int, PointsCurve> Curves() =>
        Maxima
            .Select(
                (points, at) =>
                    (
                        Slot: at + 1,
                        Curve: new PointsCurve(
                            ItemParameters.FromSteps(
                                1,
                                Enumerable.Range(0, points).Select(step => -0.8 + (0.15 * at) + (0.5 * step)).ToList()
                            ),
                            Enumerable.Range(0, points + 1).ToList()
                        )
                    )
            )
            .ToDictionary(item => item.Slot, item => item.Curve);

    private static SlotResult Result(int slot, string block, string element, int difficulty, int earned, int maximum) =>
        new(slot, block, element, difficulty, Points.From(earned), Points.From(maximum));
}
