using Diagnostics.Engine.Calibration;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Psychometrics;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Calibration;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using NodaTime;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>What the API description shows of this stage.</summary>
internal static class CalibrationExamples
{
    internal const string Fingerprint = "6f1c9c0d2c1f4c0f9d3f7a4be9d2b6a5c8e1f0a3d4b5c6978899aabbccddeeff";

    private static readonly CalibrationOptions Options = new(CalibrationModel.Pcm);

    private static readonly CalibrationView Queued = new(
        ExampleStory.Calibration, ExampleStory.Form, [ExampleStory.Campaign], Options, CalibrationState.Queued, CalibrationState.Queued.Describe(),
        null, null, 0, false, ExampleStory.Calibrated, ExampleStory.Account, null, null, null, null, null, null, null, null, null, null, null, null, null);

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
        Decision = new(ExampleStory.Account, "operator-1", ExampleStory.Calibrated + Duration.FromHours(1), "Просмотрены пометки заданий и сравнение вариантов."),
    };

    private static readonly ItemReport Item = new(
        2, 1, "math-divisibility-2", 1, "subject", "subject.algebra.numbers", ItemType.SingleChoice, 1, 1, 301,
        new(Figure.Of(0.61), Figure.Of(0.489), Figure.Of(0.61), Figure.Of(0.08), Figure.Of(0.17), Figure.Of(0.842), Figure.Of(0.013), Figure.Of(0.003)),
        [
            new("1", false, 72, 0.239, Figure.Of(24.9), Figure.Of(0.11), [0.18, 0.22, 0.25, 0.27, 0.28]),
            new("2", true, 184, 0.611, Figure.Of(25.4), Figure.Of(0.08), [0.53, 0.6, 0.62, 0.64, 0.66]),
            new("3", false, 30, 0.1, Figure.Of(18.2), Figure.Of(-0.19), [0.2, 0.12, 0.1, 0.05, 0.03]),
            new("4", false, 9, 0.03, Figure.Of(16.7), Figure.Of(-0.12), [0.07, 0.04, 0.02, 0.01, 0.01]),
            new(null, false, 6, 0.02, Figure.Of(15.1), Figure.Of(-0.1), [0.02, 0.02, 0.01, 0.03, 0.02]),
        ],
        new([0, 1], 1, 0, [-0.512], [0.131], -0.512, Figure.Of(1.19), Figure.Of(2.8), Figure.Of(1.31), Figure.Of(2.4), Figure.Of(38.1), Figure.Of(19), Figure.Of(0.006)),
        [],
        [
            new("weak_discrimination", null, 0.08, 0.15, "Задание слабо отличает сильных от слабых (связь с остальным баллом 0,08)."),
            new("idle_distractor", "4", 0.03, 0.05, "Вариант «4» почти никто не выбирает (3 %): он не работает как неверный ответ."),
        ]);

    private static readonly FormReport Form = new(
        ExampleStory.Form, Fingerprint, Options, "too_few_persons", "Слишком мало участников: вариант 1 — 6; нужно не меньше 100 на вариант.", 6, new(1, 0, 0), [60, 81],
        [
            new(1, 6, 24, 45, Figure.Of(27.5), Figure.Of(6.2), Figure.Of(0.71), Figure.Of(0.2), Figure.Of(0.95), Figure.None(Undefined.TooFewPersons), Figure.Of(0.68), Figure.Of(3.3),
                Figure.Of(0.81), Figure.Of(0.74), Figure.Of(0.55),
                [new(60, 27, Figure.Of(2.9)), new(81, 36.45, Figure.Of(2.4))],
                [new("subject", 9, 17, Figure.Of(10.1), Figure.Of(3.1), Figure.Of(0.55), Figure.Of(2.1))], []),
        ],
        null, new(null, "Сравнивать нечего: нужны участники первого варианта и хотя бы одного другого.", Figure.None(Undefined.EmptyCategory), []), [], null);

    internal static IEnumerable<Example> All =>
    [
        Takes("RequestCalibration", new CalibrationRequest(ExampleStory.Form, CalibrationModel.Pcm)),
        Gives("RequestCalibration", Queued, 201),
        Gives("ListCalibrations", new Page<CalibrationView>([Completed], null)),
        Gives("GetCalibration", Running),
        Gives("ListCalibrationEvents", new[] { new CalibrationEvent("requested", ExampleStory.Calibrated, ExampleStory.Account.ToString("D"), null) }),
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
        .. Refuses(CalibrationRights.NotFound, "GetCalibration", "ListCalibrationEvents", "GetItemReports", "GetFormReport", "CancelCalibration", "ApproveCalibration", "RejectCalibration"),
        .. Refuses(CalibrationState.Failed.Approve().Refusal!, "ApproveCalibration"),
        .. Refuses(CalibrationState.Failed.Reject().Refusal!, "RejectCalibration"),
        .. Refuses(CalibrationState.Approved.Cancel().Refusal!, "CancelCalibration"),
        .. Refuses(CalibrationReports.NotReady, "GetItemReports", "GetFormReport"),
        .. Refuses(CalibrationReports.None, "GetItemReports", "GetFormReport"),
        .. Refuses(ScoreExport.OneOfTwo, "ExportScores"),
    ];
}
