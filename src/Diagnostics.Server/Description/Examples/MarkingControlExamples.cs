using Diagnostics.Engine;
using Diagnostics.Engine.Marking;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Marking;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>Examples of qualification and control for the API description.</summary>
internal static class MarkingControlExamples
{
    private const string OpenItem = "method-lost-root-2";

    internal static readonly Guid Benchmark = new("01a047d4-5ae0-7c3e-9d21-6a3f0e5b8c14");

    private static readonly Dictionary<string, Points> Agreed = new() { ["K1"] = Points.From(1), ["K2"] = Points.Zero };

    private static readonly BenchmarkRequest Request = new(
        ExampleStory.Campaign,
        OpenItem,
        BenchmarkPurpose.Control,
        "Ученик забыл про корень −1, надо повторить с ним квадратные уравнения.",
        Agreed,
        "Корень назван, причина — нет: 1 балл по К1. «Повторить» — не задание: 0 по К2."
    );

    private static readonly BenchmarkView Made = new(
        Id: Benchmark,
        CampaignId: Request.CampaignId,
        ItemCode: OpenItem,
        ItemVersion: 1,
        Purpose: Request.Purpose,
        Answer: Request.Answer,
        Criteria: Agreed,
        Points: Points.From(1),
        Comment: Request.Comment,
        CreatedAt: ExampleStory.ExpertJoined,
        CreatedBy: ExampleStory.Account,
        RetiredAt: null,
        RetiredWhy: null
    );

    private static readonly AdmissionDecision Lift = new(
        ExampleStory.Campaign,
        "Расхождение разобрано с экспертом; критерий К2 понят одинаково."
    );

    private static readonly ExpertAdmission Admitted = new(ExampleStory.Expert, OpenItem, AdmissionState.Admitted, 3, 4, 2, 1);

    private static readonly MarkingAlert Alert = new(
        AssignmentId: ExampleStory.Assignment,
        ExpertId: ExampleStory.Expert,
        ItemCode: OpenItem,
        At: ExampleStory.Marked,
        BenchmarkId: Benchmark,
        Given: new Dictionary<string, Points> { ["K1"] = Points.From(2), ["K2"] = Points.From(1) },
        NoAnswer: false,
        Comment: null,
        Agreed: Agreed,
        Distance: Points.From(2),
        SecondLooks: 5,
        Answered: false
    );

    internal static IEnumerable<Example> All =>
        [
            Takes("MakeBenchmark", Request),
            Gives("MakeBenchmark", Made, 201),
            Gives("ListBenchmarks", new Page<BenchmarkView>([Made], null)),
            Takes("RetireBenchmark", new RetireRequest("Ответ оказался спорным: члены комиссии оценивают его по-разному.")),
            Gives(
                "RetireBenchmark",
                Made with
                {
                    RetiredAt = ExampleStory.Marked,
                    RetiredWhy = "Ответ оказался спорным: члены комиссии оценивают его по-разному.",
                }
            ),
            .. Refuses(BenchmarkRefusals.NoItem, "MakeBenchmark", "StartTraining"),
            .. Refuses(BenchmarkRefusals.NotFound, "RetireBenchmark"),
            .. Refuses(BenchmarkRefusals.Retired, "RetireBenchmark"),
            Takes("StartTraining", new TrainingRequest(ExampleStory.Campaign, OpenItem)),
            Gives("StartTraining", MarkingExamples.Script with { Draft = null }, 201),
            .. Refuses(ClaimScript.TooMany(MarkingPolicy.UsualInHand), "StartTraining"),
            .. Refuses(ClaimScript.NotCommission, "StartTraining", "ListMyAdmissions"),
            Lists("ListAdmissions", Admitted),
            Lists("ListMyAdmissions", new OwnAdmission(OpenItem, AdmissionState.Qualifying, 1, 3, 6)),
            Takes("ResumeExpert", Lift),
            Gives("ResumeExpert", Admitted),
            .. Refuses(AdmissionRefusals.NotPaused, "ResumeExpert"),
            Takes("RequalifyExpert", Lift with { Reason = "Второе расхождение подряд." }),
            Gives("RequalifyExpert", Admitted with { State = AdmissionState.Qualifying, Passed = 0, Attempts = 0 }),
            .. Refuses(AdmissionRefusals.NoQualification, "RequalifyExpert"),
            .. Refuses(AdmissionRefusals.NoAdmission, "ResumeExpert", "RequalifyExpert"),
            .. Refuses(AdmissionRefusals.Own, "ResumeExpert", "RequalifyExpert"),
            Gives("ListMarkingAlerts", new Page<MarkingAlert>([Alert], null)),
            .. Refuses(MarkingRights.NotLeading, "MakeBenchmark", "ListBenchmarks", "ListAdmissions", "ListMarkingAlerts"),
        ];
}
