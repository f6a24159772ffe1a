using System.Diagnostics;
using Diagnostics.Psychometrics;
using Diagnostics.Psychometrics.ItemResponse;
using Diagnostics.Psychometrics.Multidimensional;
using Diagnostics.Psychometrics.Raters;
using Diagnostics.Psychometrics.Tests.Subscores;
using Diagnostics.TestKit;

namespace Diagnostics.PsychometricStudies;

/// <summary>
/// Times calibrations on complete data and on data in which one answer in ten is missing at random, and fits of many
/// raters and of several blocks; takes the best of several runs.
/// </summary>
internal static class SpeedStudy
{
    public static void Run()
    {
        Console.WriteLine("| what | complete | 10 % missing at random |");
        Console.WriteLine("|---|---|---|");
        var whole = BlockSimulation
            .Of(
                [
                    [.. Enumerable.Repeat(1, 40)],
                ],
                5_000,
                1,
                0,
                1
            )
            .Scores;
        var holes = WithHoles(whole, 0.1, 2);
        Beside("2PL with errors, 5,000 x 40", whole, holes, scores => MarginalMaximumLikelihood.Fit(scores).Value.LogLikelihood);
        Beside(
            "Rasch, conditional, with errors, 5,000 x 40",
            whole,
            holes,
            scores => ConditionalMaximumLikelihood.Fit(scores).Value.LogLikelihood
        );
        var ratings = Ratings(30_000, 4, 50, 3, 1);
        Console.WriteLine(
            $"| many-facet model, 30,000 persons, 4 items, two of 50 raters each | {Best(2, () => ManyFacetRasch.Fit(ratings).Value.LogLikelihood)} | |"
        );
        var blocks = BlockSimulation.Of([.. Enumerable.Repeat(Enumerable.Repeat(2, 6).ToArray(), 4)], 10_000, 0.8, 0, 1);
        Console.WriteLine(
            "| partial credit in 4 blocks with errors, 10,000 x 24 | "
                + $"{Best(2, () => MultidimensionalMaximumLikelihood.Fit(blocks.Scores, blocks.Blocks).Value.LogLikelihood)} | |"
        );
        Console.WriteLine($"The highest memory of the process: {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:F0} MB");
    }

    private static void Beside(string name, ScoreMatrix whole, ScoreMatrix holes, Func<ScoreMatrix, double> fit) =>
        Console.WriteLine($"| {name} | {Best(7, () => fit(whole))} | {Best(7, () => fit(holes))} |");

    private static string Best(int times, Func<double> work)
    {
        var (best, processor) = (double.PositiveInfinity, double.PositiveInfinity);
        for (var time = 0; time < times; time++)
        {
            var (watch, before) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
            work();
            best = Math.Min(best, watch.Elapsed.TotalMilliseconds);
            processor = Math.Min(processor, (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds);
        }
        return $"{best:F0} ms ({processor:F0} of processor time)";
    }

    private static ScoreMatrix WithHoles(ScoreMatrix scores, double share, int seed)
    {
        var (random, holes) = (new Random(seed), new int[scores.Persons, scores.Items]);
        for (var person = 0; person < scores.Persons; person++)
        for (var item = 0; item < scores.Items; item++)
            holes[person, item] = random.NextDouble() < share ? -1 : scores[person, item];
        return new(holes);
    }

    private static List<FacetRating> Ratings(int persons, int items, int raters, int most, int seed)
    {
        var (random, ratings) = (new Random(seed), new List<FacetRating>());
        var severities = Enumerable.Range(0, raters).Select(_ => random.NextDouble() - 0.5).ToArray();
        for (var person = 0; person < persons; person++)
        {
            var ability = 3 * (random.NextDouble() + random.NextDouble() - 1);
            var first = random.Next(raters);
            foreach (var rater in new[] { first, (first + 1 + random.Next(raters - 1)) % raters })
                for (var item = 0; item < items; item++)
                    ratings.Add(
                        new(
                            person,
                            item,
                            rater,
                            PartialCredit.Draw(
                                ability,
                                [.. Enumerable.Range(0, most).Select(step => (item - 1) * 0.5 + severities[rater] + step - 1)],
                                random.NextDouble()
                            )
                        )
                    );
        }
        return ratings;
    }
}
