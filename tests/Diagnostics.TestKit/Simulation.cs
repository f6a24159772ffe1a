using Diagnostics.Psychometrics;
using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.TestKit;

/// <summary>Simulated answers to known items, from a seed; abilities are normally distributed.</summary>
public static class Simulation
{
    public static double Normal(this Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>
    /// Items with difficulties spread over ±1.5, steps 0.8 apart, and slopes of about 1 where they are free.
    /// </summary>
    public static ItemParameters[] Items(int count, int steps, bool freeSlopes, Random random) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(item =>
                {
                    var slope = freeSlopes ? Math.Exp(0.25 * random.Normal()) : 1;
                    var location = -1.5 + (3d * item / (count - 1));
                    return ItemParameters.FromSteps(
                        slope,
                        [.. Enumerable.Range(0, steps).Select(step => location + (0.8 * (step - ((steps - 1) / 2d))))]
                    );
                }),
        ];

    public static ScoreMatrix Answers(ItemParameters[] items, int persons, double deviation, Random random)
    {
        var scores = new int[persons, items.Length];
        for (var person = 0; person < persons; person++)
        {
            var ability = deviation * random.Normal();
            for (var item = 0; item < items.Length; item++)
                scores[person, item] = PartialCredit.Draw(
                    items[item].Slope * ability,
                    [.. items[item].Steps.Select(step => items[item].Slope * step)],
                    random.NextDouble()
                );
        }
        return new(scores);
    }

    /// <summary>(estimate − truth)/error for every step and every free slope.</summary>
    public static IEnumerable<double> Standardized(MarginalFit fit, ItemParameters[] truth)
    {
        foreach (var (item, known) in fit.Items.Zip(truth))
        {
            var (estimate, errors) = (item.Value.Parameters, item.Value.Errors!);
            if (errors.Slope > 0)
                yield return (estimate.Slope - known.Slope) / errors.Slope;
            for (var step = 0; step < known.MaximumScore; step++)
                yield return (estimate.Steps[step] - known.Steps[step]) / errors.Steps[step];
        }
    }

    /// <summary>
    /// (estimate − truth)/error for a conditional fit, with the truth moved to the origin of the fit.
    /// </summary>
    public static IEnumerable<double> Standardized(ConditionalFit fit, ItemParameters[] truth)
    {
        var origin = truth.SelectMany(item => item.Steps).Average();
        foreach (var (item, known) in fit.Items.Zip(truth))
            for (var step = 0; step < known.MaximumScore; step++)
                yield return (item.Value.Steps[step] - known.Steps[step] + origin) / item.Value.StepErrors[step];
    }
}
