using System.Globalization;
using Diagnostics.Psychometrics;
using Diagnostics.Psychometrics.ItemResponse;
using Diagnostics.Psychometrics.Tests.Subscores;

namespace Diagnostics.PsychometricStudies;

/// <summary>
/// Measures how often lz*, Q3, the copying index and M2, at the 5 % level, flag answers that the model itself
/// generated. The items are known, or calibrated from the same answers, as in a campaign.
/// </summary>
internal static class QualityStudy
{
    private const int Persons = 2_000;
    private const double Level = 0.05;

    private static readonly string[] Statistics = ["lz*", "Q3", "copying", "M2"];

    public static void Run(int replications)
    {
        Console.WriteLine(
            $"{Persons} persons, {replications} replications; share flagged at {Level:P0}, mean ± standard deviation between replications"
        );
        Console.WriteLine("| form | items | lz* | Q3 | copying | M2 |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var (name, points) in SubscoreStudy.Forms)
        foreach (var calibrated in new[] { false, true })
        {
            var shares = Enumerable.Range(1, replications).Select(seed => One(points, calibrated, seed)).ToArray();
            var cells = Statistics.Select((_, at) => Spread([.. shares.Select(share => share[at]).OfType<double>()], at == 3));
            Console.WriteLine($"| {name} | {(calibrated ? "calibrated" : "known")} | {string.Join(" | ", cells)} |");
        }
    }

    private static double?[] One(int[][] points, bool calibrated, int seed)
    {
        // All blocks measure one ability.
        var people = BlockSimulation.Of(points, Persons, 1, 0, seed, slopeDeviation: 0.25, spread: 1.5);
        var fit = MarginalMaximumLikelihood.Fit(people.Scores, new(StandardErrors: false)).Value;
        IReadOnlyList<ItemParameters?> curves = calibrated ? fit.Curves : people.Items;
        var abilities = Abilities.Estimate(people.Scores, curves, AbilityMethod.WeightedLikelihood);
        var patterns = PersonFit.Of(people.Scores, curves, AbilityMethod.WeightedLikelihood, abilities);
        var pairs = LocalDependence.Of(people.Scores, curves, abilities);
        var copies = AnswerCopying.Of(
            people.Scores,
            curves,
            AbilityMethod.WeightedLikelihood,
            abilities,
            [.. Enumerable.Range(0, Persons).Select(person => (person, person ^ 1))]
        );
        var whole = LimitedInformation.Of(people.Scores, fit, MarginalModel.GeneralizedPartialCredit);
        return
        [
            Share(patterns, value => value < -1.645),
            Share(pairs, pair => pair.P < Level),
            Share(copies, copy => copy.P < Level),
            whole.IsDefined ? (whole.Value.P < Level ? 1 : 0) : null,
        ];
    }

    private static double? Share<T>(IEnumerable<Estimate<T>> estimates, Func<T, bool> flagged)
    {
        var defined = estimates.Where(estimate => estimate.IsDefined).ToArray();
        return defined.Count(estimate => flagged(estimate.Value)) / (double)defined.Length;
    }

    /// <param name="single">Whether each replication has only one test, so that the standard deviation between
    /// replications says nothing.</param>
    private static string Spread(double[] shares, bool single)
    {
        var mean = shares.Average();
        var deviation = Math.Sqrt(shares.Sum(share => (share - mean) * (share - mean)) / Math.Max(1, shares.Length - 1));
        return single
            ? string.Create(CultureInfo.InvariantCulture, $"{100 * mean:F1} %")
            : string.Create(CultureInfo.InvariantCulture, $"{100 * mean:F1} ± {100 * deviation:F1} %");
    }
}
