namespace Diagnostics.Psychometrics.Equating;

/// <param name="Degree">C: the smoothed distribution keeps the first C moments of the observed one.</param>
/// <param name="Smooth">Expected counts.</param>
/// <param name="LikelihoodRatio">The likelihood ratio G² against the observed counts.</param>
/// <param name="DegreesOfFreedom">Number of scores − 1 − C.</param>
/// <param name="Aic">Akaike's criterion, G² + 2(C + 1).</param>
/// <param name="Bic">Schwarz's criterion, G² + (C + 1) ln n.</param>
public sealed record LogLinearFit(
    int Degree,
    ScoreDistribution Smooth,
    double LikelihoodRatio,
    int DegreesOfFreedom,
    double Aic,
    double Bic
)
{
    /// <summary>
    /// Factor F (scores × C) of the covariance of the smoothed shares: cov = F Fᵀ (Holland &amp; Thayer 1987, theorem
    /// 3).
    /// </summary>
    internal double[,] CovarianceFactor { get; init; } = new double[0, 0];
}

/// <summary>Polynomial log-linear smoothing of a score distribution.</summary>
/// <remarks>
/// Holland, P. W. &amp; Thayer, D. T. (1987). Notes on the use of log-linear models for fitting discrete probability
/// distributions (ETS RR-87-31); (2000), Journal of Educational and Behavioral Statistics, 25, 133–183. Choice of
/// degree by AIC or BIC: Moses, T. &amp; Holland, P. W. (2009), Journal of Educational Measurement, 46, 159–176.
/// </remarks>
public static class LogLinear
{
    public const int LowestDegree = 2,
        HighestDegree = 8;

    /// <param name="degree">1…10.</param>
    /// <returns>Undefined when fewer scores occur than the degree needs, or when Newton's method does not
    /// settle.</returns>
    public static Estimate<LogLinearFit> Fit(ScoreDistribution scores, int degree)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentOutOfRangeException.ThrowIfLessThan(degree, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(degree, 10);
        if (TooFewScores(scores, degree))
            return Estimate<LogLinearFit>.None(Undefined.EmptyCategory);
        var smoother = new LogLinearSmoother(scores, degree);
        var shares = new double[scores.Maximum + 1];
        if (!smoother.TrySmooth(scores, shares))
            return Estimate<LogLinearFit>.None(Undefined.NotConverged);
        var n = scores.Persons;
        double g2 = 0;
        for (var score = 0; score < shares.Length; score++)
            if (scores.Count(score) > 0)
                g2 += 2 * scores.Count(score) * Math.Log(scores.Density(score) / shares[score]);
        if (smoother.CovarianceFactor(shares, n) is not { } factor)
            return Estimate<LogLinearFit>.None(Undefined.Singular);
        return Estimate<LogLinearFit>.Of(
            new(
                degree,
                ScoreDistribution.Unchecked(Array.ConvertAll(shares, share => share * n)),
                g2,
                shares.Length - 1 - degree,
                g2 + (2 * (degree + 1)),
                g2 + ((degree + 1) * Math.Log(n))
            )
            {
                CovarianceFactor = factor,
            }
        );
    }

    /// <summary>Returns the fit with the lowest AIC, or BIC, among the degrees that can be fitted.</summary>
    public static Estimate<LogLinearFit> Choose(
        ScoreDistribution scores,
        bool byBic = false,
        int lowest = LowestDegree,
        int highest = HighestDegree
    )
    {
        var fits = Enumerable.Range(lowest, highest - lowest + 1).Select(degree => Fit(scores, degree)).ToArray();
        return fits.Where(fit => fit.IsDefined).OrderBy(fit => byBic ? fit.Value.Bic : fit.Value.Aic).Append(fits[0]).First();
    }

    /// <summary>
    /// Whether the distinct scores that occur do not outnumber the moments; the likelihood then has its supremum only
    /// at infinity.
    /// </summary>
    internal static bool TooFewScores(ScoreDistribution scores, int degree) => scores.Counts.Count(count => count > 0) <= degree;
}
