namespace Diagnostics.Psychometrics.Classical;

/// <summary>Means, sample variances (n − 1) and correlations of whole-number scores, from exact sums.</summary>
internal static class Moments
{
    public static double Mean(ReadOnlySpan<long> values)
    {
        Int128 sum = 0;
        foreach (var value in values)
            sum += value;
        return (double)sum / values.Length;
    }

    /// <summary>Sample variance; the caller must pass at least two values.</summary>
    public static double Variance(ReadOnlySpan<long> values) => Covariance(values, values);

    public static double Covariance(ReadOnlySpan<long> first, ReadOnlySpan<long> second) =>
        (double)Scaled(first, second) / first.Length / (first.Length - 1);

    /// <summary>Pearson's correlation; undefined with fewer than two persons or when either side is constant.</summary>
    public static Estimate<double> Correlation(ReadOnlySpan<long> first, ReadOnlySpan<long> second)
    {
        if (first.Length < 2)
            return Estimate<double>.None(Undefined.TooFewPersons);
        var (xx, yy) = (Scaled(first, first), Scaled(second, second));
        if (xx == 0 || yy == 0)
            return Estimate<double>.None(Undefined.NoVariance);
        return Estimate<double>.Of((double)Scaled(first, second) / (Math.Sqrt((double)xx) * Math.Sqrt((double)yy)));
    }

    /// <summary>Returns n Σxy − Σx Σy exactly.</summary>
    private static Int128 Scaled(ReadOnlySpan<long> first, ReadOnlySpan<long> second)
    {
        Int128 x = 0,
            y = 0,
            xy = 0;
        for (var person = 0; person < first.Length; person++)
        {
            x += first[person];
            y += second[person];
            xy += (Int128)first[person] * second[person];
        }
        return (xy * first.Length) - (x * y);
    }
}
