namespace Diagnostics.Psychometrics.Classical;

/// <summary>How the single factor is fitted.</summary>
public enum FactorMethod
{
    /// <summary>
    /// Maximum likelihood on covariances with denominator n, lavaan's default; omega is the same as with n − 1.
    /// </summary>
    MaximumLikelihood,

    /// <summary>
    /// Least squares of the off-diagonal correlations (Harman &amp; Jones 1966), the psych package's default.
    /// </summary>
    MinimumResiduals,
}

/// <param name="Loadings">One loading for each item that somebody answered: in points (ML) or for standardised items
/// (minimum residuals).</param>
/// <param name="Uniquenesses">Residual variance of each item in the same unit, ≥ 0.</param>
/// <param name="Total">Omega, (Σλ)² / ((Σλ)² + Σψ): McDonald (1999), Test theory, eq. 6.20a.</param>
/// <param name="OverObserved">With ML, (Σλ)² / observed variance of the total. With minimum residuals, 1 − Σψ / sum of
/// correlations, which is the psych package's total.</param>
/// <param name="ChiSquare">Likelihood-ratio fit statistic; null for minimum residuals, and where the covariance matrix
/// has no inverse.</param>
public sealed record OmegaResult(
    IReadOnlyList<double> Loadings,
    IReadOnlyList<double> Uniquenesses,
    double Total,
    double OverObserved,
    double? ChiSquare,
    int DegreesOfFreedom,
    int Iterations
);

/// <summary>Reliability of a total of congeneric items: they share one factor, but their loadings differ.</summary>
public static class Omega
{
    private const int MostIterations = 100_000;

    /// <returns>
    /// Undefined with fewer than three items (not identified), with an item without variance, with fewer persons than
    /// items (ML), and when there is no proper solution: an item without residual variance (Heywood case) counts as
    /// <see cref="Undefined.NotConverged"/>.
    /// </returns>
    public static Estimate<OmegaResult> Of(
        ScoreMatrix scores,
        FactorMethod method = FactorMethod.MaximumLikelihood,
        MissingScores missing = MissingScores.LeaveOut
    )
    {
        var data = CompleteScores.Of(scores, missing);
        if (data.Items < 3)
            return Estimate<OmegaResult>.None(Undefined.TooFewItems);
        if (data.Persons < 2 || (method == FactorMethod.MaximumLikelihood && data.Persons <= data.Items))
            return Estimate<OmegaResult>.None(Undefined.TooFewPersons);
        var covariances = data.Covariances();
        var items = data.Items;
        if (Enumerable.Range(0, items).Any(item => covariances[item, item] == 0))
            return Estimate<OmegaResult>.None(Undefined.NoVariance);
        if (method == FactorMethod.MinimumResiduals)
            return MinimumResiduals(Correlations(covariances));
        for (var first = 0; first < items; first++)
        for (var second = 0; second < items; second++)
            covariances[first, second] *= (data.Persons - 1d) / data.Persons;
        return MaximumLikelihood(covariances, data.Persons);
    }

    /// <summary>
    /// The EM algorithm of Rubin &amp; Thayer (1982), Psychometrika, 47, 69–76. It is slow, but it keeps ψ ≥ 0, and one
    /// iteration costs O(items²).
    /// </summary>
    private static Estimate<OmegaResult> MaximumLikelihood(double[,] s, int persons)
    {
        var items = s.GetLength(0);
        var (loadings, unique) = Start(s);
        var (weights, sWeights) = (new double[items], new double[items]);
        for (var iteration = 1; iteration <= MostIterations; iteration++)
        {
            // By Sherman–Morrison, Σ⁻¹λ = Ψ⁻¹λ / (1 + λ'Ψ⁻¹λ); this is the regression of the factor on the items.
            double information = 0;
            for (var item = 0; item < items; item++)
                information += loadings[item] * loadings[item] / unique[item];
            for (var item = 0; item < items; item++)
                weights[item] = loadings[item] / unique[item] / (1 + information);
            double factorVariance = 1 - (information / (1 + information));
            for (var first = 0; first < items; first++)
            {
                double sum = 0;
                for (var second = 0; second < items; second++)
                    sum += s[first, second] * weights[second];
                sWeights[first] = sum;
                factorVariance += weights[first] * sum;
            }
            double change = 0;
            for (var item = 0; item < items; item++)
            {
                var loading = sWeights[item] / factorVariance;
                change = Math.Max(change, Math.Abs(loading - loadings[item]) / Math.Sqrt(s[item, item]));
                loadings[item] = loading;
                unique[item] = s[item, item] - (loading * sWeights[item]);
                if (unique[item] < 1e-6 * s[item, item])
                    return Estimate<OmegaResult>.None(Undefined.NotConverged);
            }
            if (change > 1e-11)
                continue;
            return Result(loadings, unique, s, items, iteration, ChiSquare(s, loadings, unique, persons), throughObserved: false);
        }
        return Estimate<OmegaResult>.None(Undefined.NotConverged);
    }

    private static double? ChiSquare(double[,] s, double[] loadings, double[] unique, int persons)
    {
        var items = loadings.Length;
        // The fit function is F = ln|Σ| + tr(SΣ⁻¹) − ln|S| − p (Jöreskog 1967).
        var information = loadings.Select((loading, item) => loading * loading / unique[item]).Sum();
        var logDeterminant = unique.Sum(Math.Log) + Math.Log(1 + information);
        double trace = 0;
        for (var first = 0; first < items; first++)
        {
            trace += s[first, first] / unique[first];
            for (var second = 0; second < items; second++)
                trace -= loadings[first] / unique[first] * s[first, second] * loadings[second] / unique[second] / (1 + information);
        }
        var values = MathNet
            .Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfArray(s)
            .Evd(MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric)
            .EigenValues.Select(value => value.Real)
            .ToArray();
        // Where items are linearly dependent, ln|S| runs to −∞, so there is nothing to compare the fit with.
        if (values.Min() <= 1e-12 * values.Max())
            return null;
        var observed = values.Sum(Math.Log);
        return persons * (logDeterminant + trace - observed - items);
    }

    /// <summary>
    /// Takes each item in turn and computes its loading by regressing its correlations on the loadings of the other
    /// items, until no loading changes.
    /// </summary>
    private static Estimate<OmegaResult> MinimumResiduals(double[,] r)
    {
        var items = r.GetLength(0);
        var (loadings, _) = Start(r);
        for (var iteration = 1; iteration <= MostIterations; iteration++)
        {
            double change = 0;
            for (var item = 0; item < items; item++)
            {
                double products = 0,
                    squares = 0;
                for (var other = 0; other < items; other++)
                {
                    if (other == item)
                        continue;
                    products += r[item, other] * loadings[other];
                    squares += loadings[other] * loadings[other];
                }
                if (squares < 1e-12)
                    return Estimate<OmegaResult>.None(Undefined.NotConverged);
                change = Math.Max(change, Math.Abs((products / squares) - loadings[item]));
                loadings[item] = products / squares;
                if (Math.Abs(loadings[item]) >= 1)
                    return Estimate<OmegaResult>.None(Undefined.NotConverged);
            }
            if (change > 1e-12)
                continue;
            return Result(
                loadings,
                Array.ConvertAll(loadings, loading => 1 - (loading * loading)),
                r,
                items,
                iteration,
                null,
                throughObserved: true
            );
        }
        return Estimate<OmegaResult>.None(Undefined.NotConverged);
    }

    private static Estimate<OmegaResult> Result(
        double[] loadings,
        double[] unique,
        double[,] observed,
        int items,
        int iterations,
        double? chiSquare,
        bool throughObserved
    )
    {
        // The sign of a factor is arbitrary; it is chosen so that the factor rises with the total.
        if (loadings.Sum() < 0)
            loadings = Array.ConvertAll(loadings, loading => -loading);
        var common = loadings.Sum() * loadings.Sum();
        var total = observed.Cast<double>().Sum();
        if (Reliability.NoVariance(total, items))
            return Estimate<OmegaResult>.None(Undefined.NoVariance);
        return Estimate<OmegaResult>.Of(
            new(
                loadings,
                unique,
                common / (common + unique.Sum()),
                throughObserved ? 1 - (unique.Sum() / total) : common / total,
                chiSquare,
                items * (items - 3) / 2,
                iterations
            )
        );
    }

    /// <summary>
    /// The starting point: row sums stand in for the first principal axis, and half of each variance counts as unique.
    /// </summary>
    private static (double[] Loadings, double[] Unique) Start(double[,] s)
    {
        var items = s.GetLength(0);
        var sums = Enumerable.Range(0, items).Select(first => Enumerable.Range(0, items).Sum(second => s[first, second])).ToArray();
        var loadings = sums.Select((sum, item) => (sum < 0 ? -1 : 1) * Math.Sqrt(s[item, item] / 2)).ToArray();
        return (loadings, [.. Enumerable.Range(0, items).Select(item => s[item, item] / 2)]);
    }

    private static double[,] Correlations(double[,] covariances)
    {
        var items = covariances.GetLength(0);
        var correlations = new double[items, items];
        for (var first = 0; first < items; first++)
        for (var second = 0; second < items; second++)
            correlations[first, second] =
                first == second ? 1 : covariances[first, second] / Math.Sqrt(covariances[first, first] * covariances[second, second]);
        return correlations;
    }
}
