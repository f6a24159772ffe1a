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
        var two = BlockSimulation
            .Of(
                [
                    [.. Enumerable.Repeat(2, 40)],
                ],
                5_000,
                1,
                0,
                1
            )
            .Scores;
        Beside("Graded responses with errors, 5,000 x 40, three categories", two, WithHoles(two, 0.1, 2), Graded, 2);
        Beside(
            "Rating scale with errors, 5,000 x 40, three categories",
            two,
            WithHoles(two, 0.1, 2),
            scores => MarginalMaximumLikelihood.Fit(scores, new(MarginalModel.RatingScale)).Value.LogLikelihood
        );
        var fit = MarginalMaximumLikelihood.Fit(whole).Value;
        ItemParameters?[] known = [.. fit.Curves.Select((curve, item) => item < 20 ? curve : null)];
        Beside(
            "20 new items beside 20 known ones, 2PL with errors, 5,000 x 40",
            whole,
            holes,
            scores => FixedItemCalibration.Fit(scores, known).Value.LogLikelihood
        );
        Console.WriteLine(
            "| M2 of 40 items, 5,000 persons | "
                + $"{Best(2, () => LimitedInformation.Of(whole, fit, MarginalModel.GeneralizedPartialCredit).Value.Statistic)} | |"
        );
        Console.WriteLine($"The highest memory of the process: {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:F0} MB");
    }

    /// <summary>
    /// Prints the memory that the data and the fits take for the given number of persons, with each measurement in a
    /// process of its own.
    /// </summary>
    public static void Memory(int persons)
    {
        var blocks = BlockSimulation.Of([.. Enumerable.Repeat(Enumerable.Repeat(2, 6).ToArray(), 4)], persons, 0.8, 0, 1);
        MarginalMaximumLikelihood.Fit(blocks.Scores);
        GradedResponse.Fit(blocks.Scores);
        MultidimensionalMaximumLikelihood.Fit(blocks.Scores, blocks.Blocks);
        Console.WriteLine(
            $"{persons} persons x 24 items, generalized partial credit, graded responses and four blocks: "
                + $"{Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:F0} MB at most"
        );
    }

    private static double Graded(ScoreMatrix scores) => GradedResponse.Fit(scores).Value.LogLikelihood;

    private static void Beside(string name, ScoreMatrix whole, ScoreMatrix holes, Func<ScoreMatrix, double> fit, int times = 7) =>
        Console.WriteLine($"| {name} | {Best(times, () => fit(whole))} | {Best(times, () => fit(holes))} |");

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
