using MathNet.Numerics;

namespace Diagnostics.Psychometrics;

/// <summary>Quantiles and tail probabilities, to full double precision where MathNet's root finders stop early.</summary>
internal static class Tails
{
    /// <summary>z with P(|Z| ≤ z) = level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1.</exception>
    public static double Normal(double level)
    {
        if (level is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level lies between 0 and 1.");
        return MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, (1 + level) / 2);
    }

    /// <summary>P(|Z| ≥ |z|).</summary>
    public static double TwoSided(double z) => SpecialFunctions.Erfc(Math.Abs(z) / Math.Sqrt(2));

    /// <summary>P(χ² ≥ value).</summary>
    public static double ChiSquare(double value, int degrees) => value <= 0 ? 1 : SpecialFunctions.GammaUpperRegularized(degrees / 2d, value / 2);

    /// <summary>P(F ≥ f) with real degrees of freedom.</summary>
    public static double F(double f, double numerator, double denominator) =>
        f <= 0 ? 1 : IncompleteBeta.Regularized(denominator / 2, numerator / 2, denominator / (denominator + numerator * f));

    /// <summary>f with P(F ≤ f) = probability, by bisection on the incomplete beta function.</summary>
    public static double FQuantile(double probability, double numerator, double denominator)
    {
        var (low, high) = (0.0, 1.0);
        while (F(high, numerator, denominator) > 1 - probability) (low, high) = (high, high * 2);
        for (var step = 0; step < 200 && high - low > 1e-14 * high; step++)
        {
            var middle = (low + high) / 2;
            if (F(middle, numerator, denominator) > 1 - probability) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }

    /// <summary>t with P(|T| ≤ t) = level: T² is F with 1 and the same degrees of freedom.</summary>
    public static double Student(double level, double degrees) => Math.Sqrt(FQuantile(level, 1, degrees));
}
