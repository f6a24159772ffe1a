namespace Diagnostics.Psychometrics.StandardSetting;

internal static class Correlation
{
    /// <summary>
    /// Pearson's correlation. It is undefined without variance, and with fewer than three pairs, because with two pairs
    /// it is always ±1.
    /// </summary>
    public static Estimate<double> Of(IReadOnlyList<double> first, IReadOnlyList<double> second)
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
}
