using Diagnostics.Engine.Calibration;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Psychometrics;
using Diagnostics.UseCases.Calibration;
using Diagnostics.UseCases.Execution;
using NodaTime;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>Examples of calibration operations for the API description.</summary>
internal static class CalibrationExamples
{
    internal const string Fingerprint = "6f1c9c0d2c1f4c0f9d3f7a4be9d2b6a5c8e1f0a3d4b5c6978899aabbccddeeff";

    private static readonly CalibrationOptions Options = new(CalibrationModel.Pcm);

    private static readonly CalibrationView Queued = new(
        Id: ExampleStory.Calibration,
        FormId: ExampleStory.Form,
        CampaignIds: [ExampleStory.Campaign],
        Options: Options,
        State: CalibrationState.Queued,
        StateText: CalibrationState.Queued.Describe(),
        Step: null,
        StepText: null,
        Progress: 0,
        StopAsked: false,
        RequestedAt: ExampleStory.Calibrated,
        RequestedBy: ExampleStory.Account,
        StartedAt: null,
        EndedAt: null,
        Fingerprint: null,
        Repeats: null,
        Persons: null,
        Parameters: null,
        LogLikelihood: null,
        Aic: null,
        Bic: null,
        Failure: null,
        FailureDetail: null,
        Decision: null,
        SupersededBy: null
    );

    private static readonly CalibrationView Running = Queued with
    {
        State = CalibrationState.Running,
        StateText = CalibrationState.Running.Describe(),
        Step = CalibrationStep.Fitting,
        StepText = CalibrationStep.Fitting.Describe(),
        Progress = 0.3,
        StartedAt = ExampleStory.Calibrated + Duration.FromSeconds(1),
    };

    private static readonly CalibrationView Completed = Queued with
    {
        State = CalibrationState.Completed,
        StateText = CalibrationState.Completed.Describe(),
        Progress = 1,
        StartedAt = Running.StartedAt,
        EndedAt = ExampleStory.Calibrated + Duration.FromSeconds(9),
        Fingerprint = Fingerprint,
        Persons = 1_204,
        Parameters = 181,
        LogLikelihood = -24_118.402,
        Aic = 48_598.804,
        Bic = 49_520.551,
    };

    private static readonly CalibrationView Approved = Completed with
    {
        State = CalibrationState.Approved,
        StateText = CalibrationState.Approved.Describe(),
        Decision = new(
            ExampleStory.Account,
            "operator-1",
            ExampleStory.Calibrated + Duration.FromHours(1),
            "Просмотрены пометки заданий и сравнение вариантов."
        ),
    };

    private static readonly ItemReport Item = new(
        Variant: 2,
        Slot: 1,
        Code: "math-divisibility-2",
        Version: 1,
        Block: "subject",
        Element: "subject.algebra.numbers",
        Type: ItemType.SingleChoice,
        Difficulty: 1,
        Maximum: 1,
        Persons: 301,
        Classical: new(
            Figure.Of(0.61),
            Figure.Of(0.489),
            Figure.Of(0.61),
            Figure.Of(0.08),
            Figure.Of(0.17),
            Figure.Of(0.842),
            Figure.Of(0.013),
            Figure.Of(0.003)
        ),
        Options:
        [
            new("1", false, 72, 0.239, Figure.Of(24.9), Figure.Of(0.11), [0.18, 0.22, 0.25, 0.27, 0.28]),
            new("2", true, 184, 0.611, Figure.Of(25.4), Figure.Of(0.08), [0.53, 0.6, 0.62, 0.64, 0.66]),
            new("3", false, 30, 0.1, Figure.Of(18.2), Figure.Of(-0.19), [0.2, 0.12, 0.1, 0.05, 0.03]),
            new("4", false, 9, 0.03, Figure.Of(16.7), Figure.Of(-0.12), [0.07, 0.04, 0.02, 0.01, 0.01]),
            new(null, false, 6, 0.02, Figure.Of(15.1), Figure.Of(-0.1), [0.02, 0.02, 0.01, 0.03, 0.02]),
        ],
        Model: new(
            Points: [0, 1],
            Slope: 1,
            SlopeError: 0,
            Steps: [-0.512],
            StepErrors: [0.131],
            Location: -0.512,
            Infit: Figure.Of(1.19),
            InfitZ: Figure.Of(2.8),
            Outfit: Figure.Of(1.31),
            OutfitZ: Figure.Of(2.4),
            ScoreChiSquare: Figure.Of(38.1),
            ScoreDegrees: Figure.Of(19),
            ScoreProbability: Figure.Of(0.006)
        ),
        Differential: [],
        Flags:
        [
            new("weak_discrimination", null, 0.08, 0.15, "Задание слабо отличает сильных от слабых (связь с остальным баллом 0,08)."),
            new("idle_distractor", "4", 0.03, 0.05, "Вариант «4» почти никто не выбирает (3 %): он не работает как неверный ответ."),
        ]
    );

    private static readonly FormReport Form = new(
        FormId: ExampleStory.Form,
        Fingerprint: Fingerprint,
        Options: Options,
        Failure: "too_few_persons",
        FailureDetail: "Слишком мало участников: вариант 1 — 6; нужно не меньше 100 на вариант.",
        Persons: 6,
        LeftOut: new(1, 0, 0),
        Scale: [60, 81],
        Variants:
        [
            new(
                Variant: 1,
                Persons: 6,
                Items: 24,
                Maximum: 45,
                Mean: Figure.Of(27.5),
                Deviation: Figure.Of(6.2),
                Alpha: Figure.Of(0.71),
                AlphaFrom: Figure.Of(0.2),
                AlphaTo: Figure.Of(0.95),
                Omega: Figure.None(Undefined.TooFewPersons),
                SplitHalf: Figure.Of(0.68),
                StandardError: Figure.Of(3.3),
                Accuracy: Figure.Of(0.81),
                Consistency: Figure.Of(0.74),
                Kappa: Figure.Of(0.55),
                Boundaries: [new(60, 27, Figure.Of(2.9)), new(81, 36.45, Figure.Of(2.4))],
                Blocks: [new("subject", 9, 17, Figure.Of(10.1), Figure.Of(3.1), Figure.Of(0.55), Figure.Of(2.1))],
                Information: []
            ),
        ],
        Model: null,
        Parallelism: new(
            null,
            "Сравнивать нечего: нужны участники первого варианта и хотя бы одного другого.",
            Figure.None(Undefined.EmptyCategory),
            []
        ),
        Groups: [],
        Raters: null
    );

    internal static IEnumerable<Example> All =>
        [
            Takes("RequestCalibration", new CalibrationRequest(ExampleStory.Form, CalibrationModel.Pcm)),
            Gives("RequestCalibration", Queued, 201),
            Gives("ListCalibrations", new Page<CalibrationView>([Completed], null)),
            Gives("GetCalibration", Running),
            Lists(
                "ListCalibrationEvents",
                new[] { new CalibrationEvent("requested", ExampleStory.Calibrated, ExampleStory.Account.ToString("D"), null) }
            ),
            Gives("CancelCalibration", Running with { StopAsked = true }),
            Takes("ApproveCalibration", new CalibrationDecisionRequest("Просмотрены пометки заданий и сравнение вариантов.")),
            Gives("ApproveCalibration", Approved),
            Takes("RejectCalibration", new CalibrationDecisionRequest("Ключ задания math-divisibility-2 неверен: сначала исправим.")),
            Gives("GetItemReports", new[] { Item }),
            Gives("GetFormReport", Form),
            .. Refuses(CalibrationRights.NoForm, "RequestCalibration", "ExportScores"),
            .. Refuses(RequestCalibration.NoCampaigns, "RequestCalibration", "ExportScores"),
            .. Refuses(CalibrationRights.NotYours, "RequestCalibration"),
            .. Refuses(CalibrationRights.KeysInside, "GetItemReports", "ExportScores"),
            .. Refuses(CalibrationRights.NotEverywhere, "ApproveCalibration", "RejectCalibration"),
            .. Refuses(
                CalibrationRights.NotFound,
                "GetCalibration",
                "ListCalibrationEvents",
                "GetItemReports",
                "GetFormReport",
                "CancelCalibration",
                "ApproveCalibration",
                "RejectCalibration"
            ),
            .. Refuses(CalibrationState.Failed.Approve().Refusal!, "ApproveCalibration"),
            .. Refuses(CalibrationState.Failed.Reject().Refusal!, "RejectCalibration"),
            .. Refuses(CalibrationState.Approved.Cancel().Refusal!, "CancelCalibration"),
            .. Refuses(CalibrationReports.NotReady, "GetItemReports", "GetFormReport"),
            .. Refuses(CalibrationReports.None, "GetItemReports", "GetFormReport"),
            .. Refuses(ScoreExport.OneOfTwo, "ExportScores"),
        ];
}
