using MathNet.Numerics;

namespace Diagnostics.Psychometrics;

/// <summary>The chi-square distribution.</summary>
internal static class ChiSquare
{
    /// <summary>Probability of a value at least as large.</summary>
    public static double Tail(double value, int degrees) => value <= 0 ? 1 : SpecialFunctions.GammaUpperRegularized(degrees / 2d, value / 2);
}
