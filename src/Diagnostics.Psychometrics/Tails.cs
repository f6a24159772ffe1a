using MathNet.Numerics;

namespace Diagnostics.Psychometrics;

/// <summary>Quantiles and tail probabilities to full double precision; MathNet's root finders stop earlier.</summary>
internal static class Tails
{
    /// <summary>z with P(|Z| ≤ z) = level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1.</exception>
    public static double Normal(double level)
    {
        if (level is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level lies between 0 and 1.");
        return MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, (1 + level) / 2);
    }

    /// <summary>P(|Z| ≥ |z|).</summary>
    public static double TwoSided(double z) => SpecialFunctions.Erfc(Math.Abs(z) / Math.Sqrt(2));

    /// <summary>P(χ² ≥ value).</summary>
    public static double ChiSquare(double value, int degrees) =>
        value <= 0 ? 1 : SpecialFunctions.GammaUpperRegularized(degrees / 2d, value / 2);

    /// <summary>
    /// The noncentrality at which a χ² variable is at most this value with the given probability; 0 when even a central
    /// χ² variable is at most this value with a lower probability.
    /// </summary>
    public static double Noncentrality(double value, int degrees, double probability)
    {
        if (!(NoncentralChiSquare(value, degrees, 0) > probability))
            return 0;
        var (low, high) = (0d, Math.Max(1, value));
        while (NoncentralChiSquare(value, degrees, high) > probability)
            (low, high) = (high, 2 * high);
        for (var step = 0; step < 100 && high - low > 1e-12 * high; step++)
        {
            var middle = (low + high) / 2;
            if (NoncentralChiSquare(value, degrees, middle) > probability)
                low = middle;
            else
                high = middle;
        }
        return (low + high) / 2;
    }

    /// <summary>
    /// P(χ²(degrees, noncentrality) ≤ value), as a sum of central distributions with Poisson weights, from the largest
    /// weight outwards. For a large noncentrality, Sankaran's normal approximation is used (1959, Biometrika, 46,
    /// 235–237).
    /// </summary>
    private static double NoncentralChiSquare(double value, int degrees, double noncentrality)
    {
        if (value <= 0)
            return 0;
        if (noncentrality + value > 1e5)
        {
            var (sum, twice) = (degrees + noncentrality, degrees + 2 * noncentrality);
            var h = 1 - 2 * sum * (degrees + 3 * noncentrality) / (3 * twice * twice);
            var p = twice / sum / sum;
            var m = (h - 1) * (1 - 3 * h);
            var z = (Math.Pow(value / sum, h) - (1 + h * p * (h - 1 - (2 - h) * m * p / 2))) / (h * Math.Sqrt(2 * p) * (1 + m * p / 2));
            return SpecialFunctions.Erfc(-z / Math.Sqrt(2)) / 2;
        }
        var half = value / 2;
        var start = (int)(noncentrality / 2);
        var startWeight =
            noncentrality == 0
                ? 1
                : Math.Exp(-noncentrality / 2 + start * Math.Log(noncentrality / 2) - SpecialFunctions.GammaLn(start + 1));
        var shape = degrees / 2d + start;
        var startShare = SpecialFunctions.GammaLowerRegularized(shape, half);
        var total = startWeight * startShare;
        // The recurrence used is P(a + 1, x) = P(a, x) − xᵃe⁻ˣ/Γ(a + 1).
        var (weight, share) = (startWeight, startShare);
        for (var j = start; noncentrality > 0 && weight > 1e-18; )
        {
            share -= Math.Exp((degrees / 2d + j) * Math.Log(half) - half - SpecialFunctions.GammaLn(degrees / 2d + j + 1));
            weight *= noncentrality / 2 / ++j;
            if (share <= 0)
                break;
            total += weight * share;
        }
        (weight, share) = (startWeight, startShare);
        for (var j = start; j > 0 && weight > 1e-18; )
        {
            weight *= j-- / (noncentrality / 2);
            share += Math.Exp((degrees / 2d + j) * Math.Log(half) - half - SpecialFunctions.GammaLn(degrees / 2d + j + 1));
            total += weight * Math.Min(1, share);
        }
        return Math.Min(1, total);
    }

    /// <summary>P(F ≥ f); the degrees of freedom need not be whole numbers.</summary>
    /// <returns>Undefined when the incomplete beta function does not converge.</returns>
    public static Estimate<double> F(double f, double numerator, double denominator) =>
        f <= 0
            ? Estimate<double>.Of(1)
            : IncompleteBeta.Regularized(denominator / 2, numerator / 2, denominator / (denominator + (numerator * f)));

    /// <summary>Finds f with P(F ≤ f) = probability, by bisection on the incomplete beta function.</summary>
    /// <returns>Undefined when the beta function does not converge, or when the quantile is too large for a
    /// double.</returns>
    public static Estimate<double> FQuantile(double probability, double numerator, double denominator)
    {
        var (low, high) = (0.0, 1.0);
        while (true)
        {
            if (!F(high, numerator, denominator).Is(out var beyond) || high > 1e300)
                return Estimate<double>.None(Undefined.NotConverged);
            if (beyond <= 1 - probability)
                break;
            (low, high) = (high, high * 2);
        }
        for (var step = 0; step < 200 && high - low > 1e-14 * high; step++)
        {
            var middle = (low + high) / 2;
            if (!F(middle, numerator, denominator).Is(out var above))
                return Estimate<double>.None(Undefined.NotConverged);
            if (above > 1 - probability)
                low = middle;
            else
                high = middle;
        }
        return Estimate<double>.Of((low + high) / 2);
    }

    /// <summary>
    /// Finds t with P(|T| ≤ t) = level. T² has the F distribution with 1 and <paramref name="degrees"/> degrees of
    /// freedom, so t² is a quantile of F.
    /// </summary>
    public static Estimate<double> Student(double level, double degrees) => FQuantile(level, 1, degrees).Then(Math.Sqrt);
}
