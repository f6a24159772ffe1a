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

    /// <summary>P(F ≥ f) with real degrees of freedom.</summary>
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
    /// Finds t with P(|T| ≤ t) = level: T² has the F distribution with 1 and these degrees of freedom.
    /// </summary>
    public static Estimate<double> Student(double level, double degrees) => FQuantile(level, 1, degrees).Then(Math.Sqrt);
}
