using BenchmarkDotNet.Attributes;
using Diagnostics.Psychometrics;
using Diagnostics.Psychometrics.Equating;
using Diagnostics.Psychometrics.ItemResponse;
using Diagnostics.Psychometrics.Raters;
using Diagnostics.TestKit;

namespace Diagnostics.Benchmarks;

/// <summary>
/// Calibration of 40 items on 5,000 persons, and computations based on it. The answers come from a seed, with abilities
/// N(0, 1), difficulties over ±1.5, slopes (where the model has them) log-normal about 1 with deviation 0.25, and three
/// categories for partial credit.
/// </summary>
[MemoryDiagnoser]
public class PsychometricsBenchmarks
{
    private const int Persons = 5_000,
        Items = 40;

    private ScoreMatrix rasch = null!,
        free = null!,
        polytomous = null!;
    private MarginalFit fit = null!;

    [GlobalSetup]
    public void Simulate()
    {
        rasch = Answers(Persons, Items, 1, false);
        free = Answers(Persons, Items, 1, true);
        polytomous = Answers(Persons, Items, 2, false);
        fit = MarginalMaximumLikelihood.Fit(free).Value;
    }

    internal static ScoreMatrix Answers(int persons, int items, int steps, bool freeSlopes)
    {
        var random = new Random(20240501);
        return Simulation.Answers(Simulation.Items(items, steps, freeSlopes, random), persons, 1, random);
    }

    [Benchmark]
    public double RaschConditional() => ConditionalMaximumLikelihood.Fit(rasch).Value.LogLikelihood;

    [Benchmark]
    public double PartialCreditConditional() => ConditionalMaximumLikelihood.Fit(polytomous).Value.LogLikelihood;

    [Benchmark]
    public double RaschMarginal() => Marginal(rasch, MarginalModel.PartialCredit, false);

    [Benchmark]
    public double RaschMarginalWithErrors() => Marginal(rasch, MarginalModel.PartialCredit, true);

    [Benchmark]
    public double PartialCreditMarginalWithErrors() => Marginal(polytomous, MarginalModel.PartialCredit, true);

    [Benchmark]
    public double FreeSlopesMarginal() => Marginal(free, MarginalModel.GeneralizedPartialCredit, false);

    [Benchmark]
    public double FreeSlopesMarginalWithErrors() => Marginal(free, MarginalModel.GeneralizedPartialCredit, true);

    [Benchmark]
    public int ExpectedAPosteriori() => Abilities.Estimate(free, fit.Curves, AbilityMethod.ExpectedAPosteriori).Count;

    [Benchmark]
    public int WeightedLikelihood() => Abilities.Estimate(free, fit.Curves, AbilityMethod.WeightedLikelihood).Count;

    [Benchmark]
    public int ScoreChiSquare() => ScoreChiSquares.Of(free, fit, MarginalModel.GeneralizedPartialCredit).Count;

    private static double Marginal(ScoreMatrix scores, MarginalModel model, bool errors) =>
        MarginalMaximumLikelihood.Fit(scores, new(model, StandardErrors: errors)).Value.LogLikelihood;
}

/// <summary>
/// 1,000 bootstrap replications of equating with 5,000 persons per form on 40 items; agreement between 50 experts over
/// 100,000 ratings.
/// </summary>
[MemoryDiagnoser]
public class ResamplingBenchmarks
{
    private ScoreDistribution x = null!,
        y = null!;
    private RatingSet ratings = null!;

    [GlobalSetup]
    public void Simulate()
    {
        (x, y) = (Totals(1), Totals(2));
        var random = new Random(20240501);
        // Two experts out of fifty mark each script, with marks 0…4 around the script's own value.
        var (units, raters, values) = (new int[100_000], new int[100_000], new double[100_000]);
        for (var rating = 0; rating < units.Length; rating++)
        {
            var script = rating / 2;
            (units[rating], raters[rating]) = (script, (script + rating % 2 * (1 + script % 7)) % 50);
            values[rating] = Math.Clamp(script % 5 + random.Next(-1, 2), 0, 4);
        }
        ratings = new(units, raters, values);
    }

    private static ScoreDistribution Totals(int seed)
    {
        var random = new Random(seed);
        var answers = Simulation.Answers(Simulation.Items(40, 1, true, random), 5_000, 1, random);
        return ScoreDistribution.Of(
            [
                .. Enumerable
                    .Range(0, answers.Persons)
                    .Select(person => Enumerable.Range(0, answers.Items).Sum(item => answers[person, item])),
            ],
            40
        );
    }

    [Benchmark]
    public double EquipercentileBootstrap() => EquatingBootstrap.Run(new EquatingMethod.Equipercentile(), x, y, 1).Value.StandardErrors[20];

    [Benchmark]
    public double SmoothedBootstrap() => EquatingBootstrap.Run(new EquatingMethod.Smoothed(4, 4), x, y, 1).Value.StandardErrors[20];

    [Benchmark]
    [Arguments(Metric.Nominal)]
    [Arguments(Metric.Ordinal)]
    [Arguments(Metric.Interval)]
    public double Krippendorff(Metric metric) => KrippendorffAlpha.Of(ratings, metric).Value;
}

/// <summary>
/// The largest planned calibration, 60 items on 100,000 persons, and a tenth of it, to show that the cost is linear.
/// </summary>
[MemoryDiagnoser]
public class LargeCalibrationBenchmarks
{
    private ScoreMatrix scores = null!;

    [Params(10_000, 100_000)]
    public int Persons { get; set; }

    [GlobalSetup]
    public void Simulate() => scores = PsychometricsBenchmarks.Answers(Persons, 60, 1, true);

    [Benchmark]
    public double RaschMarginalWithErrors() => MarginalMaximumLikelihood.Fit(scores, new(MarginalModel.PartialCredit)).Value.LogLikelihood;

    [Benchmark]
    public double FreeSlopesMarginal() => MarginalMaximumLikelihood.Fit(scores, new(StandardErrors: false)).Value.LogLikelihood;

    [Benchmark]
    public double FreeSlopesMarginalWithErrors() => MarginalMaximumLikelihood.Fit(scores).Value.LogLikelihood;
}
