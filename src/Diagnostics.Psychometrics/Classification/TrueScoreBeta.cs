using MathNet.Numerics;

namespace Diagnostics.Psychometrics.Classification;

/// <summary>A beta distribution of true scores, as proportions of the maximum, between two limits.</summary>
/// <param name="Lower">In [0, 1).</param>
/// <param name="Upper">In (0, 1].</param>
/// <param name="Fitted">Number of moments of the scores that the distribution keeps: 4, or 2 when four gave no
/// distribution inside 0…1.</param>
public sealed record TrueScoreBeta(double Alpha, double Beta, double Lower, double Upper, int Fitted)
{
    /// <param name="moments">Moments of the true proportions: E T, E T², E T³, E T⁴.</param>
    /// <returns>Null when no distribution has even the first two moments.</returns>
    /// <remarks>
    /// Hanson (1991), ACT Research Report 91-5: the method of moments for the four-parameter beta, falling back on two
    /// moments where four are impossible.
    /// </remarks>
    internal static TrueScoreBeta? Of(double[] moments, bool fourMoments)
    {
        var mean = moments[0];
        var variance = moments[1] - mean * mean;
        if (!(variance > 0) || !(variance < mean * (1 - mean)))
            return null;
        if (fourMoments && Four(moments, mean, variance) is { } four)
            return four;
        var size = mean * (1 - mean) / variance - 1;
        return new TrueScoreBeta(mean * size, (1 - mean) * size, 0, 1, 2);
    }

    private static TrueScoreBeta? Four(double[] moments, double mean, double variance)
    {
        var third = moments[2] - 3 * mean * moments[1] + 2 * Math.Pow(mean, 3);
        var fourth = moments[3] - 4 * mean * moments[2] + 6 * mean * mean * moments[1] - 3 * Math.Pow(mean, 4);
        var skew = third / Math.Pow(variance, 1.5);
        var kurtosis = fourth / (variance * variance);
        var size = 6 * (kurtosis - skew * skew - 1) / (6 + 3 * skew * skew - 2 * kurtosis);
        var root = 1 - 24 * (size + 1) / ((size + 2) * (size + 3) * kurtosis - 3 * (size - 6) * (size + 1));
        if (!(size > 0) || !(root >= 0) || !(root < 1))
            return null;
        var (larger, smaller) = (size / 2 * (1 + Math.Sqrt(root)), size / 2 * (1 - Math.Sqrt(root)));
        var (alpha, beta) = skew < 0 ? (larger, smaller) : (smaller, larger);
        var width = Math.Sqrt(variance * (size + 1) / (alpha * beta));
        var (lower, upper) = (mean - alpha * width, mean + beta * width);
        return lower >= 0 && upper <= 1 ? new TrueScoreBeta(alpha, beta, lower, upper, 4) : null;
    }

    /// <summary>
    /// Integrates over true proportions from <paramref name="from"/> to <paramref name="to"/>: calls
    /// <paramref name="at"/> with each point and the share of people that the point represents. The points are those of
    /// tanh–sinh quadrature (Takahasi and Mori 1974), which copes with a density that is infinite at a limit.
    /// </summary>
    internal void Integrate(double from, double to, Action<double, double> at)
    {
        var width = Upper - Lower;
        var (low, high) = (Math.Clamp((from - Lower) / width, 0, 1), Math.Clamp((to - Lower) / width, 0, 1));
        if (high <= low)
            return;
        var logConstant = SpecialFunctions.GammaLn(Alpha + Beta) - SpecialFunctions.GammaLn(Alpha) - SpecialFunctions.GammaLn(Beta);
        const double step = 1.0 / 32;
        for (var place = -144; place <= 144; place++)
        {
            var t = place * step;
            var stretch = Math.PI * Math.Sinh(t);
            // w and 1 − w, each to full relative precision.
            var (near, far) = (1 / (1 + Math.Exp(-stretch)), 1 / (1 + Math.Exp(stretch)));
            var weight = step * Math.PI * Math.Cosh(t) * near * far * (high - low);
            var (point, rest) = (low + (high - low) * near, 1 - high + (high - low) * far);
            if (!(point > 0) || !(rest > 0))
                continue;
            var share = weight * Math.Exp(logConstant + (Alpha - 1) * Math.Log(point) + (Beta - 1) * Math.Log(rest));
            if (share > 0)
                at(Lower + width * point, share);
        }
    }
}
