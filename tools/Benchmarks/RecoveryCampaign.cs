using System.Globalization;
using Diagnostics.Psychometrics.ItemResponse;
using Diagnostics.TestKit;

namespace Diagnostics.Benchmarks;

/// <summary>
/// Checks a calibration by simulation: many times over, people answer known items, and the items are calibrated. It
/// shows whether the errors are as large as stated and whether 95 % intervals cover the truth. <c>dotnet run -c Release
/// --project tools/Benchmarks -- recovery [replications]</c>
/// </summary>
internal static class RecoveryCampaign
{
    public static void Run(int replications)
    {
        Console.WriteLine(
            "| model | persons | items | replications | bias, in errors | mean square error over stated | coverage of 95 % |"
        );
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (
            var (name, steps, free, conditional) in new[]
            {
                ("Rasch, CML", 1, false, true),
                ("PCM, CML", 2, false, true),
                ("Rasch, MML", 1, false, false),
                ("PCM, MML", 2, false, false),
                ("2PL, MML", 1, true, false),
                ("GPCM, MML", 2, true, false),
            }
        )
        {
            foreach (var persons in new[] { 500, 2_000, 10_000 })
            {
                // Runs fewer replications where each costs more, but never fewer than a tenth of the number requested.
                var times = Math.Max(replications / 10, replications * 500 / persons);
                Report(name, persons, times, [.. Standardized(steps, free, conditional, persons, times)]);
            }
        }
    }

    private static IEnumerable<double> Standardized(int steps, bool free, bool conditional, int persons, int times)
    {
        var random = new Random(persons + steps);
        var items = Simulation.Items(20, steps, free, random);
        for (var time = 0; time < times; time++)
        {
            var scores = Simulation.Answers(items, persons, 1, random);
            var part = conditional
                ? Simulation.Standardized(ConditionalMaximumLikelihood.Fit(scores).Value, items)
                : Simulation.Standardized(
                    MarginalMaximumLikelihood
                        .Fit(scores, new(free ? MarginalModel.GeneralizedPartialCredit : MarginalModel.PartialCredit))
                        .Value,
                    items
                );
            foreach (var z in part)
                yield return z;
        }
    }

    private static void Report(string name, int persons, int times, double[] z) =>
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {persons:N0} | 20 | {times} | {z.Average():0.000} | {z.Average(one => one * one):0.000} | "
                    + $"{z.Count(one => Math.Abs(one) < 1.959964) / (double)z.Length:P1} |"
            )
        );
}
