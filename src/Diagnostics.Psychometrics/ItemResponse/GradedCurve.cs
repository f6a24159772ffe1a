namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>A graded item during estimation: P(X ≥ k) = 1/(1 + exp(−(aθ + c_k))), with falling intercepts c_k.</summary>
internal sealed record GradedCurve(double Slope, double[] Intercepts)
{
    public static GradedCurve Of(GradedItem item) => new(item.Slope, [.. item.Thresholds.Select(threshold => -item.Slope * threshold)]);

    /// <summary>
    /// The starting values: slope 1, and intercepts that match the counts of the scores, stretched for the spread of
    /// abilities.
    /// </summary>
    public static GradedCurve Start(double[] counts)
    {
        var (all, above, intercepts) = (counts.Sum(), 0d, new double[counts.Length - 1]);
        for (var score = counts.Length - 1; score > 0; score--)
        {
            above += counts[score];
            intercepts[score - 1] = 1.2 * Math.Log(above / (all - above));
        }
        return new(1, intercepts);
    }

    public static double Logistic(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    /// <summary>Whether every category has a probability.</summary>
    public bool IsOrdered
    {
        get
        {
            for (var step = 1; step < Intercepts.Length; step++)
                if (!(Intercepts[step - 1] - Intercepts[step] > 1e-9))
                    return false;
            return double.IsFinite(Slope) && Array.TrueForAll(Intercepts, double.IsFinite);
        }
    }

    /// <summary>P(X = score), computed as a difference that keeps its digits where both parts are near 0 or 1.</summary>
    public double Probability(double ability, int score)
    {
        if (score == 0)
            return Logistic(-(Slope * ability + Intercepts[0]));
        if (score == Intercepts.Length)
            return Logistic(Slope * ability + Intercepts[^1]);
        var (upper, lower) = (Slope * ability + Intercepts[score - 1], Slope * ability + Intercepts[score]);
        // F(u) − F(l) = (1 − e^(l−u))·F(u)·(1 − F(l)).
        return -MathNet.Numerics.SpecialFunctions.Expm1(lower - upper) * Logistic(upper) * Logistic(-lower);
    }
}
