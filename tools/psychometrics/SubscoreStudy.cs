using System.Globalization;
using Diagnostics.Psychometrics.ItemResponse;
using Diagnostics.Psychometrics.Multidimensional;
using Diagnostics.Psychometrics.Subscores;
using Diagnostics.Psychometrics.Tests.Subscores;
using Diagnostics.TestKit;

namespace Diagnostics.PsychometricStudies;

/// <summary>
/// Compares the points earned, Kelley's subscores, augmented subscores and the abilities of the multidimensional model:
/// on which side of a block's 60 % cut does each method put people? The true score, which only a simulation knows,
/// shows which side is right.
/// </summary>
internal static class SubscoreStudy
{
    private const double Cut = 0.6,
        Correlation = 0.8;
    private const int Persons = 1_000;

    private static readonly string[] Estimates = ["points earned", "Kelley", "augmented", "multidimensional"];

    /// <summary>Points of the items by block; the last two forms are the blueprints in item-bank/.</summary>
    internal static readonly (string Name, int[][] Points)[] Forms =
    [
        ("4 x 6, one point each", [.. Enumerable.Repeat(new[] { 1, 1, 1, 1, 1, 1 }, 4)]),
        (
            "teacher-mathematics-5-9",
            [
                [1, 1, 1, 2, 2, 2, 1, 4, 1, 2],
                [1, 2, 2, 2, 4, 1],
                [1, 2, 2, 1, 2],
                [2, 2, 4],
            ]
        ),
        (
            "school-head",
            [
                [1, 2, 2, 4],
                [1, 1, 2, 2],
                [1, 1, 2, 4],
                [1, 2, 1, 2],
                [1, 2, 2, 2],
            ]
        ),
    ];

    public static void Run(int replications)
    {
        Console.WriteLine(
            $"{Persons} persons, correlation {Correlation}, cut {Cut:P0}, {replications} replications; mean ± standard deviation between replications"
        );
        Console.WriteLine("| form | estimate | wrong side | root mean square error, points | 95 % intervals cover |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var (name, points) in Forms)
        {
            var results = new List<Outcome[]>();
            var undefined = 0;
            for (var seed = 1; seed <= replications; seed++)
                if (One(BlockSimulation.Of(points, Persons, Correlation, 0, seed, spread: 1.5)) is { } outcomes)
                    results.Add(outcomes);
                else
                    undefined++;
            if (undefined > 0)
                Console.WriteLine($"| {name} | {undefined} replications without an estimate | | | |");
            for (var at = 0; at < Estimates.Length; at++)
            {
                var estimate = Estimates[at];
                var own = results.Select(outcomes => outcomes[at]).ToArray();
                Console.WriteLine(
                    $"| {name} | {estimate} | {Spread(own, one => 100 * one.Wrong, "F1")} % | "
                        + $"{Spread(own, one => one.Error, "F2")} | "
                        + $"{(at < 2 ? "—" : Spread(own, one => 100 * one.Covered, "F1") + " %")} |"
                );
            }
        }
    }

    /// <param name="Wrong">Share of people on the wrong side of the cut.</param>
    /// <param name="Covered">Share of 95 % intervals that contain the true score.</param>
    private readonly record struct Outcome(double Wrong, double Error, double Covered);

    private sealed class Tally
    {
        private int count,
            wrong,
            covered;
        private double squares;

        public void Add(double estimate, double truth, double cut, bool holds)
        {
            count++;
            if (estimate >= cut != truth >= cut)
                wrong++;
            if (holds)
                covered++;
            squares += (estimate - truth) * (estimate - truth);
        }

        public Outcome Outcome => new((double)wrong / count, Math.Sqrt(squares / count), (double)covered / count);
    }

    private static Outcome[]? One(BlockSimulation people)
    {
        var maxima = people.Items.Select(item => item.MaximumScore).ToArray();
        var subscores = SubscoreAnalysis.Of(people.Scores, people.Blocks, maxima, coefficient: SubscoreReliability.Congeneric);
        var fit = MultidimensionalMaximumLikelihood.Fit(people.Scores, people.Blocks, new(StandardErrors: false));
        if (!subscores.IsDefined || !fit.IsDefined)
            return null;
        var abilities = BlockAbilities.Estimate(people.Scores, people.Blocks, fit.Value);
        var tallies = Enumerable.Range(0, 4).Select(_ => new Tally()).ToArray();
        var blocks = subscores.Value.Blocks.Count;
        for (var person = 0; person < people.Scores.Persons; person++)
        {
            var estimates = subscores.Value.Estimate([.. Enumerable.Range(0, blocks).Select(block => people.Points(person, block))]);
            for (var block = 0; block < blocks; block++)
            {
                var (truth, cut, own) = (people.TrueScore(person, block), Cut * people.Maximum(block), estimates[block]);
                tallies[0].Add(own.Observed, truth, cut, holds: false);
                tallies[1].Add(own.Kelley, truth, cut, holds: false);
                tallies[2].Add(own.Augmented, truth, cut, own.Interval().Contains(truth));
                var curves = fit.Value.Curves.Where((_, item) => people.Blocks[item] == block).Select(curve => curve!).ToArray();
                // Points rise with ability, so the ends of an interval for the ability give an interval for the points.
                var interval = abilities[person].Value.Interval(block);
                tallies[3]
                    .Add(
                        Expected(curves, abilities[person].Value.Values[block]),
                        truth,
                        cut,
                        Expected(curves, interval.Lower) <= truth && truth <= Expected(curves, interval.Upper)
                    );
            }
        }
        return Array.ConvertAll(tallies, tally => tally.Outcome);
    }

    private static double Expected(ItemParameters[] curves, double ability) =>
        curves.Sum(curve => curve.Probabilities(ability).Select((probability, score) => score * probability).Sum());

    private static string Spread(Outcome[] outcomes, Func<Outcome, double> part, string format)
    {
        var mean = outcomes.Average(part);
        var deviation = Math.Sqrt(outcomes.Sum(one => (part(one) - mean) * (part(one) - mean)) / Math.Max(1, outcomes.Length - 1));
        return $"{mean.ToString(format, CultureInfo.InvariantCulture)} ± {deviation.ToString(format, CultureInfo.InvariantCulture)}";
    }
}
