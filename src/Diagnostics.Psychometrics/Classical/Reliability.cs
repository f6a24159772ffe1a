using MathNet.Numerics.LinearAlgebra;

namespace Diagnostics.Psychometrics.Classical;

/// <param name="Persons">Number of persons in the statistics.</param>
/// <param name="Mean">Mean of the total, points.</param>
/// <param name="StandardDeviation">Sample standard deviation (n − 1) of the total, points.</param>
/// <param name="Alpha">Cronbach's alpha (1951), Psychometrika, 16, 297–334, eq. 2; KR-20 when all items are
/// dichotomous. Items without variance count as items; the psych package drops them.</param>
/// <param name="AlphaInterval">Feldt's interval (1965), Psychometrika, 30, 357–370; exact when persons and items are
/// random samples in a two-way model.</param>
/// <param name="StandardizedAlpha">Alpha of the items scaled to variance 1.</param>
/// <param name="MeanCorrelation">Mean correlation between two different items.</param>
/// <param name="Lambda2">Guttman's lambda 2 (1945), Psychometrika, 10, 255–282, eq. 40; never below alpha.</param>
/// <param name="Lambda6">Guttman's lambda 6 (1945), eq. 60, from squared multiple correlations; for items scaled to
/// variance 1, as in the psych package.</param>
/// <param name="Kr21">Formula 21 of Kuder &amp; Richardson (1937), Psychometrika, 2, 151–160; for dichotomous items,
/// with the sample variance (n − 1).</param>
/// <param name="SplitHalf">Correlation between the odd and the even items, stepped up by Spearman–Brown.</param>
/// <param name="StandardError">Standard error of measurement: SD · √(1 − alpha), points.</param>
public sealed record ReliabilityResult(
    int Persons,
    int Items,
    double Mean,
    double StandardDeviation,
    Estimate<double> Alpha,
    Estimate<Interval> AlphaInterval,
    Estimate<double> StandardizedAlpha,
    Estimate<double> MeanCorrelation,
    Estimate<double> Lambda2,
    Estimate<double> Lambda6,
    Estimate<double> Kr21,
    Estimate<double> SplitHalf,
    Estimate<double> StandardError
);

/// <summary>The share of the variance of the total that is not error.</summary>
public static class Reliability
{
    /// <param name="confidence">Confidence level of alpha's interval, in (0, 1).</param>
    /// <returns>
    /// Undefined as a whole with fewer than two persons or items; otherwise each coefficient may be undefined by
    /// itself.
    /// </returns>
    public static Estimate<ReliabilityResult> Of(
        ScoreMatrix scores,
        MissingScores missing = MissingScores.LeaveOut,
        double confidence = 0.95
    )
    {
        if (confidence is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "Confidence lies in (0, 1).");
        return Of(CompleteScores.Of(scores, missing), confidence);
    }

    internal static Estimate<ReliabilityResult> Of(CompleteScores data, double confidence)
    {
        if (data.Persons < 2)
            return Estimate<ReliabilityResult>.None(Undefined.TooFewPersons);
        if (data.Items < 2)
            return Estimate<ReliabilityResult>.None(Undefined.TooFewItems);
        var covariances = data.Covariances();
        var mean = Moments.Mean(data.Totals);
        var deviation = Math.Sqrt(Moments.Variance(data.Totals));
        var alpha = Alpha(covariances);
        var correlation = MeanCorrelation(covariances);
        return Estimate<ReliabilityResult>.Of(
            new(
                Persons: data.Persons,
                Items: data.Items,
                Mean: mean,
                StandardDeviation: deviation,
                Alpha: alpha,
                AlphaInterval: alpha.Then(value => Feldt(value, data.Persons, data.Items, confidence)),
                StandardizedAlpha: correlation.Then(r => Standardized(r, data.Items)),
                MeanCorrelation: correlation,
                Lambda2: Lambda2(covariances),
                Lambda6: Lambda6(covariances),
                Kr21: Kr21(data, mean, deviation),
                SplitHalf: SplitHalf(data),
                StandardError: alpha.Then(value => deviation * Math.Sqrt(Math.Max(0, 1 - value)))
            )
        );
    }

    /// <summary>Feldt's interval of a known alpha.</summary>
    /// <remarks>
    /// (1 − population alpha) / (1 − estimated alpha) has the F distribution with n − 1 and (n − 1)(k − 1) degrees of
    /// freedom: Feldt (1965), p. 366.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two persons or items, or too many for the F
    /// distribution: persons × items beyond 10¹².</exception>
    public static Interval FeldtInterval(double alpha, int persons, int items, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(persons, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(items, 2);
        if (confidence is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence));
        if (!double.IsFinite(alpha) || alpha > 1)
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "Alpha is a number of at most 1.");
        var interval = Feldt(alpha, persons, items, confidence);
        return interval.IsDefined
            ? interval.Value
            : throw new ArgumentOutOfRangeException(nameof(persons), persons, "The quantiles of F do not converge for so many.");
    }

    private static Estimate<Interval> Feldt(double alpha, int persons, int items, double confidence)
    {
        double numerator = persons - 1,
            denominator = numerator * (items - 1);
        return Tails
            .FQuantile((1 + confidence) / 2, numerator, denominator)
            .Then(upper =>
                Tails
                    .FQuantile((1 - confidence) / 2, numerator, denominator)
                    .Then(lower => new Interval(1 - ((1 - alpha) * upper), 1 - ((1 - alpha) * lower)))
            );
    }

    /// <summary>
    /// Alpha of k standardised items with mean correlation r: k·r/(1 + (k − 1)·r). The value is unbounded as r
    /// approaches −1/(k − 1), where the standardised items sum to a constant.
    /// </summary>
    private static Estimate<double> Standardized(double correlation, int items)
    {
        var total = 1 + ((items - 1) * correlation);
        return total <= 1e-12 * items ? Estimate<double>.None(Undefined.NoVariance) : Estimate<double>.Of(items * correlation / total);
    }

    /// <summary>Alpha of all items, or of all but one; a negative alpha is returned as it is.</summary>
    internal static Estimate<double> Alpha(double[,] covariances, int leaveOut = -1)
    {
        var items = covariances.GetLength(0) - (leaveOut < 0 ? 0 : 1);
        if (items < 2)
            return Estimate<double>.None(Undefined.TooFewItems);
        double total = 0,
            own = 0;
        for (var first = 0; first < covariances.GetLength(0); first++)
        for (var second = 0; second < covariances.GetLength(0); second++)
        {
            if (first == leaveOut || second == leaveOut)
                continue;
            total += covariances[first, second];
            if (first == second)
                own += covariances[first, second];
        }
        return NoVariance(total, own)
            ? Estimate<double>.None(Undefined.NoVariance)
            : Estimate<double>.Of(items / (items - 1d) * (1 - (own / total)));
    }

    /// <summary>
    /// Whether the total is constant. It can be constant although the items vary, and then rounding still leaves a
    /// trace of variance.
    /// </summary>
    internal static bool NoVariance(double total, double own) => total <= 1e-12 * Math.Max(own, double.Epsilon);

    /// <summary>
    /// Reliability of items that share one true score with unequal weights, as items worth different numbers of points
    /// do. The formula is that of alpha with each item's actual share of the total in place of equal shares; where the
    /// shares are equal, the result equals alpha. This is the classical congeneric coefficient: Feldt, L. S. and
    /// Brennan, R. L. (1989), in Linn (ed.), Educational measurement (3rd ed.), p. 115.
    /// </summary>
    internal static Estimate<double> Congeneric(double[,] covariances)
    {
        var items = covariances.GetLength(0);
        if (items < 2)
            return Estimate<double>.None(Undefined.TooFewItems);
        double total = 0,
            own = 0,
            squares = 0;
        var rows = new double[items];
        for (var row = 0; row < items; row++)
        {
            for (var column = 0; column < items; column++)
                rows[row] += covariances[row, column];
            total += rows[row];
            own += covariances[row, row];
        }
        if (NoVariance(total, own))
            return Estimate<double>.None(Undefined.NoVariance);
        foreach (var row in rows)
            squares += row / total * (row / total);
        // The coefficient is undefined when one item makes up the whole total.
        return squares >= 1 - 1e-12
            ? Estimate<double>.None(Undefined.NoVariance)
            : Estimate<double>.Of((1 - (own / total)) / (1 - squares));
    }

    private static Estimate<double> MeanCorrelation(double[,] covariances)
    {
        var items = covariances.GetLength(0);
        double sum = 0;
        for (var first = 0; first < items; first++)
        {
            if (covariances[first, first] == 0)
                return Estimate<double>.None(Undefined.NoVariance);
            for (var second = 0; second < first; second++)
                sum += covariances[first, second] / Math.Sqrt(covariances[first, first] * covariances[second, second]);
        }
        return Estimate<double>.Of(sum / (items * (items - 1) / 2d));
    }

    internal static Estimate<double> Lambda2(double[,] covariances)
    {
        var items = covariances.GetLength(0);
        double total = 0,
            own = 0,
            squares = 0;
        for (var first = 0; first < items; first++)
        for (var second = 0; second < items; second++)
        {
            total += covariances[first, second];
            if (first == second)
                own += covariances[first, second];
            else
                squares += covariances[first, second] * covariances[first, second];
        }
        if (NoVariance(total, own))
            return Estimate<double>.None(Undefined.NoVariance);
        return Estimate<double>.Of((total - own + Math.Sqrt(items / (items - 1d) * squares)) / total);
    }

    /// <summary>
    /// Guttman's lambda 6, computed on correlations: 1 − Σ 1/(R⁻¹)ⱼⱼ / ΣΣ R. Items count as linearly dependent when
    /// some direction keeps less than 1e-12 of a unit variance.
    /// </summary>
    private static Estimate<double> Lambda6(double[,] covariances)
    {
        var matrix = Matrix<double>.Build.DenseOfArray(covariances);
        if (matrix.Diagonal().Minimum() == 0)
            return Estimate<double>.None(Undefined.NoVariance);
        var scale = matrix.Diagonal().PointwiseSqrt();
        var correlations = matrix.PointwiseDivide(scale.OuterProduct(scale));
        if (correlations.Evd(Symmetricity.Symmetric).EigenValues.Min(value => value.Real) < 1e-12)
            return Estimate<double>.None(Undefined.Singular);
        var inverse = correlations.Cholesky().Solve(Matrix<double>.Build.DenseIdentity(scale.Count));
        return Estimate<double>.Of(1 - (inverse.Diagonal().Sum(value => 1 / value) / correlations.RowSums().Sum()));
    }

    private static Estimate<double> Kr21(CompleteScores data, double mean, double deviation)
    {
        if (data.Columns.Any(column => column.Max() > 1))
            return Estimate<double>.None(Undefined.NotDichotomous);
        if (deviation == 0)
            return Estimate<double>.None(Undefined.NoVariance);
        var items = data.Items;
        return Estimate<double>.Of(items / (items - 1d) * (1 - (mean * (items - mean) / (items * deviation * deviation))));
    }

    private static Estimate<double> SplitHalf(CompleteScores data)
    {
        var odd = data.On([.. Enumerable.Range(0, data.Items).Where(item => item % 2 == 0)]).Totals;
        var even = data.On([.. Enumerable.Range(0, data.Items).Where(item => item % 2 == 1)]).Totals;
        var correlation = Moments.Correlation(odd, even);
        // At a correlation of −1 the stepped-up value runs to −∞, so it is undefined.
        if (correlation is { IsDefined: true, Value: <= -1 + 1e-12 })
            return Estimate<double>.None(Undefined.NoVariance);
        return correlation.Then(r => 2 * r / (1 + r));
    }
}
