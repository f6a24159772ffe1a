namespace Diagnostics.Psychometrics.Association;

/// <param name="Value">−1 … 1.</param>
/// <param name="Interval">Confidence interval of the correlation in the population.</param>
/// <param name="Pairs">Number of pairs.</param>
public sealed record CorrelationEstimate(double Value, Interval Interval, int Pairs);

/// <summary>How closely two quantities of the same persons go together.</summary>
public static class Correlation
{
    // The interval of Fisher's z divides by the number of pairs less three.
    private const int FewestForInterval = 4;

    /// <summary>Pearson's correlation, with the interval of Fisher's z (1921, Metron, 1, 3–32).</summary>
    /// <param name="level">Confidence level of the interval, between 0 and 1.</param>
    /// <returns>Undefined with fewer than four pairs, and where one of the quantities does not vary.</returns>
    /// <exception cref="BadDataException">The lists differ in length, or a value is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1.</exception>
    public static Estimate<CorrelationEstimate> Pearson(IReadOnlyList<double> first, IReadOnlyList<double> second, double level = 0.95)
    {
        Check(first, second);
        return Bounded(Of(first, second), first.Count, Tails.Normal(level), _ => 1);
    }

    /// <summary>
    /// Spearman's correlation: Pearson's of the ranks, where equal values share their mean rank. The variance of its z
    /// is that of Bonett and Wright (2000, Psychometrika, 65, 23–28).
    /// </summary>
    /// <inheritdoc cref="Pearson"/>
    public static Estimate<CorrelationEstimate> Spearman(IReadOnlyList<double> first, IReadOnlyList<double> second, double level = 0.95)
    {
        Check(first, second);
        return Bounded(Of(Ranks(first), Ranks(second)), first.Count, Tails.Normal(level), rho => 1 + rho * rho / 2);
    }

    /// <summary>
    /// Pearson's correlation. It is undefined without variance, and with fewer than three pairs, because with two pairs
    /// it is always ±1.
    /// </summary>
    internal static Estimate<double> Of(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count < 3)
            return Estimate<double>.None(Undefined.TooFewItems);
        var (meanFirst, meanSecond) = (first.Average(), second.Average());
        var (both, ofFirst, ofSecond) = (0.0, 0.0, 0.0);
        for (var place = 0; place < first.Count; place++)
        {
            var (one, other) = (first[place] - meanFirst, second[place] - meanSecond);
            both += one * other;
            ofFirst += one * one;
            ofSecond += other * other;
        }
        // Sums of equal decimals may differ by rounding, and that difference must not count as variance.
        var flat =
            ofFirst <= 1e-24 * first.Count * (1 + meanFirst * meanFirst) || ofSecond <= 1e-24 * first.Count * (1 + meanSecond * meanSecond);
        return flat
            ? Estimate<double>.None(Undefined.NoVariance)
            : Estimate<double>.Of(Math.Clamp(both / Math.Sqrt(ofFirst * ofSecond), -1, 1));
    }

    /// <param name="variance">The variance of z, multiplied by the number of pairs less three.</param>
    private static Estimate<CorrelationEstimate> Bounded(Estimate<double> found, int pairs, double z, Func<double, double> variance) =>
        pairs < FewestForInterval
            ? Estimate<CorrelationEstimate>.None(Undefined.TooFewPersons)
            : found.Then(value =>
            {
                var half = z * Math.Sqrt(variance(value) / (pairs - 3));
                return new CorrelationEstimate(value, new(Math.Tanh(Math.Atanh(value) - half), Math.Tanh(Math.Atanh(value) + half)), pairs);
            });

    private static double[] Ranks(IReadOnlyList<double> values)
    {
        var order = Enumerable.Range(0, values.Count).OrderBy(place => values[place]).ToArray();
        var ranks = new double[values.Count];
        for (var start = 0; start < order.Length; )
        {
            var end = start;
            while (end + 1 < order.Length && values[order[end + 1]] == values[order[start]])
                end++;
            for (var place = start; place <= end; place++)
                ranks[order[place]] = (start + end) / 2.0 + 1;
            start = end + 1;
        }
        return ranks;
    }

    private static void Check(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != second.Count)
            throw new BadDataException($"{first.Count} values beside {second.Count} are no pairs.", row: null, column: null);
        for (var row = 0; row < first.Count; row++)
        for (var column = 0; column < 2; column++)
            if (!double.IsFinite((column == 0 ? first : second)[row]))
                throw new BadDataException("A value is not finite.", row, column);
    }
}
