namespace Diagnostics.Psychometrics.Equating;

/// <summary>
/// Analytic standard errors of equivalents under random groups, in points of Y. For unsmoothed equipercentile equating
/// see <see cref="Equipercentile.StandardErrors"/>.
/// </summary>
public static class EquatingErrors
{
    /// <summary>
    /// Standard error of mean equating, equal at every score: √(σ²(X)/n + σ²(Y)/n). Kolen &amp; Brennan (2014), table
    /// 7.2.
    /// </summary>
    public static double Mean(ScoreDistribution x, ScoreDistribution y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return Math.Sqrt((x.StandardDeviation * x.StandardDeviation / x.Persons) + (y.StandardDeviation * y.StandardDeviation / y.Persons));
    }

    /// <summary>
    /// Standard errors of linear equating at each score of X, without assuming that scores are normally distributed.
    /// Kolen &amp; Brennan (2014), eq. 7.10 (Lord 1950; Braun &amp; Holland 1982, p. 33).
    /// </summary>
    public static Estimate<double[]> Linear(ScoreDistribution x, ScoreDistribution y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.StandardDeviation == 0 || y.StandardDeviation == 0)
            return Estimate<double[]>.None(Undefined.NoVariance);
        var constant = (1 / x.Persons) + (1 / y.Persons);
        var linear = (x.Skewness.Value / x.Persons) + (y.Skewness.Value / y.Persons);
        var quadratic = ((x.Kurtosis.Value - 1) / (4 * x.Persons)) + ((y.Kurtosis.Value - 1) / (4 * y.Persons));
        return Estimate<double[]>.Of([
            .. Enumerable
                .Range(0, x.Maximum + 1)
                .Select(score =>
                {
                    var z = (score - x.Mean) / x.StandardDeviation;
                    // The variance is cut off at 0: distributions with only two scores bring it to 0, and rounding can
                    // then push it below.
                    return y.StandardDeviation * Math.Sqrt(Math.Max(0, constant + (linear * z) + (quadratic * z * z)));
                }),
        ]);
    }

    /// <summary>
    /// Standard errors of equipercentile equating after log-linear smoothing of known degrees, by the delta method.
    /// </summary>
    /// <remarks>
    /// Wang, T. (2009), Applied Psychological Measurement, 33, 7–23, after Holland &amp; Thayer (1987): the error
    /// follows from the covariance of the smoothed shares and the derivatives of the equivalent with respect to the
    /// shares of X and Y. The degree counts as given, not as chosen from the data.
    /// </remarks>
    public static double[] Smoothed(LogLinearFit x, LogLinearFit y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        var errors = new double[x.Smooth.Maximum + 1];
        for (var score = 0; score < errors.Length; score++)
        {
            var rank = x.Smooth.PercentileRank(score);
            var at = Equipercentile.Above(y.Smooth, rank) ?? y.Smooth.Maximum;
            var density = y.Smooth.Density(at);
            var inside = (rank - y.Smooth.Cumulative(at - 1)) / density;
            // Uses the derivatives of the equivalent, e = at − ½ + (P − G(at − 1)) / g(at).
            double variance = 0;
            for (var column = 0; column < x.Degree; column++)
            {
                double slope = x.CovarianceFactor[score, column] / 2;
                for (var below = 0; below < score; below++)
                    slope += x.CovarianceFactor[below, column];
                variance += slope * slope;
            }
            for (var column = 0; column < y.Degree; column++)
            {
                double slope = inside * y.CovarianceFactor[at, column];
                for (var below = 0; below < at; below++)
                    slope += y.CovarianceFactor[below, column];
                variance += slope * slope;
            }
            errors[score] = Math.Sqrt(variance) / density;
        }
        return errors;
    }
}
