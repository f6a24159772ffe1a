using MathNet.Numerics;

namespace Diagnostics.Psychometrics;

/// <summary>The regularised incomplete beta function, for any size of its parameters.</summary>
/// <remarks>
/// Math.NET's BetaRegularized stops after a fixed number of terms, too few for the millions of degrees of freedom that alpha's
/// interval has with a hundred thousand persons; hence the continued fraction here, run until it stands still.
/// DLMF 8.17.22, by Lentz's method.
/// </remarks>
internal static class IncompleteBeta
{
    /// <summary>I_x(a, b), a and b above 0.</summary>
    public static double Regularized(double a, double b, double x)
    {
        if (x <= 0) return 0;
        if (x >= 1) return 1;
        if (x > (a + 1) / (a + b + 2)) return 1 - Regularized(b, a, 1 - x);
        var front = Math.Exp((a * Math.Log(x)) + (b * Math.Log(1 - x)) + SpecialFunctions.GammaLn(a + b) - SpecialFunctions.GammaLn(a) - SpecialFunctions.GammaLn(b)) / a;
        const double tiny = 1e-300;
        var (c, d) = (1d, 1 - ((a + b) * x / (a + 1)));
        d = 1 / (Math.Abs(d) < tiny ? tiny : d);
        var fraction = d;
        for (var m = 1; m < 1_000_000; m++)
        {
            Step(m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m))));
            if (Math.Abs(Step(-(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1))) - 1) < 1e-16) break;
        }
        return front * fraction;

        double Step(double term)
        {
            d = 1 + (term * d);
            d = 1 / (Math.Abs(d) < tiny ? tiny : d);
            c = 1 + (term / c);
            if (Math.Abs(c) < tiny) c = tiny;
            var factor = c * d;
            fraction *= factor;
            return factor;
        }
    }
}
