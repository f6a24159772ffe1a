using MathNet.Numerics;

namespace Diagnostics.Psychometrics;

/// <summary>The regularised incomplete beta function, also for very large parameters.</summary>
/// <remarks>
/// Alpha's interval for a hundred thousand persons has millions of degrees of freedom. Math.NET's BetaRegularized stops
/// after a fixed number of terms, which is too few for them, so this class runs the continued fraction (DLMF 8.17.22,
/// by Lentz's method) until its value stops changing.
/// </remarks>
internal static class IncompleteBeta
{
    /// <summary>Lentz's method takes about √max(a, b) terms; this limit is enough for parameters up to 10¹².</summary>
    private const int MostTerms = 2_000_000;

    /// <summary>
    /// The limit for parameters. Beyond it, the numerator and denominator of a term round to the same number, and the
    /// fraction settles on a wrong value.
    /// </summary>
    private const double LargestParameter = 1e13;

    /// <summary>Returns I_x(a, b).</summary>
    /// <returns>Undefined with <see cref="Undefined.NotConverged"/> when the fraction does not settle or a parameter is
    /// not between 0 and 10¹³.
    /// </returns>
    public static Estimate<double> Regularized(double a, double b, double x)
    {
        if (!(a > 0 && b > 0 && a + b < LargestParameter) || double.IsNaN(x))
            return Estimate<double>.None(Undefined.NotConverged);
        if (x <= 0)
            return Estimate<double>.Of(0);
        if (x >= 1)
            return Estimate<double>.Of(1);
        if (x <= (a + 1) / (a + b + 2))
            return Fraction(a, b, x);
        var rest = Fraction(b, a, 1 - x);
        return rest.IsDefined ? Estimate<double>.Of(1 - rest.Value) : rest;
    }

    private static Estimate<double> Fraction(double a, double b, double x)
    {
        var front = Kernel(a, b, x) / a;
        const double tiny = 1e-300;
        var (c, d) = (1d, 1 - ((a + b) * x / (a + 1)));
        d = 1 / (Math.Abs(d) < tiny ? tiny : d);
        var fraction = d;
        for (var m = 1; m < MostTerms; m++)
        {
            Step(m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m))));
            if (!(Math.Abs(Step(-(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1))) - 1) < 1e-15))
                continue;
            return double.IsFinite(front * fraction)
                ? Estimate<double>.Of(Math.Clamp(front * fraction, 0, 1))
                : Estimate<double>.None(Undefined.NotConverged);
        }
        return Estimate<double>.None(Undefined.NotConverged);

        double Step(double term)
        {
            d = 1 + (term * d);
            d = 1 / (Math.Abs(d) < tiny ? tiny : d);
            c = 1 + (term / c);
            if (Math.Abs(c) < tiny)
                c = tiny;
            var factor = c * d;
            fraction *= factor;
            return factor;
        }
    }

    /// <summary>
    /// Returns xᵃ(1 − x)ᵇ/B(a, b). With large parameters, the logarithm of this value is a small difference of large
    /// terms. Expanding about x = a/(a + b) with Stirling's series cancels those terms analytically: DiDonato, A. R.
    /// and Morris, A. H. (1992), ACM TOMS 18, 360–373, section 4.
    /// </summary>
    private static double Kernel(double a, double b, double x)
    {
        if (Math.Min(a, b) < 1000)
            return Math.Exp(
                (a * Math.Log(x))
                    + (b * Math.Log(1 - x))
                    + SpecialFunctions.GammaLn(a + b)
                    - SpecialFunctions.GammaLn(a)
                    - SpecialFunctions.GammaLn(b)
            );
        var (sum, mode) = (a + b, a / (a + b));
        var exponent =
            (a * LogLess((x - mode) / mode)) + (b * LogLess((mode - x) / (b / sum))) + Remainder(sum) - Remainder(a) - Remainder(b);
        return Math.Sqrt(a / sum * b / (2 * Math.PI)) * Math.Exp(exponent);

        static double Remainder(double z) => ((1 / 12d) - (((1 / 360d) - (1 / (1260 * z * z))) / (z * z))) / z;
    }

    /// <summary>Returns ln(1 + u) − u, to full precision near 0.</summary>
    private static double LogLess(double u)
    {
        if (Math.Abs(u) > 0.2)
            return Math.Log(1 + u) - u;
        var (sum, power) = (0d, -u);
        for (var term = 2; term < 26; term++)
            sum += (power *= -u) / -term;
        return sum;
    }
}
