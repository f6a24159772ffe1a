using System.Numerics;

namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>Equally spaced nodes from −8 to 8, with standard normal weights scaled to sum to 1.</summary>
/// <remarks>
/// The trapezoidal rule converges exponentially on a smooth function that vanishes at both ends. For a normal posterior
/// of deviation s and nodes at distance h, its error is of the order 2·exp(−2π²s²/h²) (Trefethen and Weideman 2014,
/// SIAM Review 56, 385–458), which is 5·10⁻⁹ at h = s.
/// </remarks>
internal sealed class Quadrature
{
    private const double Reach = 8;

    public Quadrature(int count)
    {
        // The number of nodes is a multiple of 8, so that the nodes fill whole vectors of any width up to 8 numbers.
        Count = (count + 7) / 8 * 8;
        (Nodes, LogWeights) = (new double[Count], new double[Count]);
        var sum = 0d;
        for (var at = 0; at < Count; at++)
        {
            Nodes[at] = -Reach + 2 * Reach * at / (Count - 1);
            sum += Math.Exp(-Nodes[at] * Nodes[at] / 2);
        }
        for (var at = 0; at < Count; at++)
            LogWeights[at] = -Nodes[at] * Nodes[at] / 2 - Math.Log(sum);
    }

    public int Count { get; }

    public double[] Nodes { get; }

    public double[] LogWeights { get; }

    /// <summary>
    /// The number of nodes that keeps the distance between neighbours below the deviation of the narrowest posterior.
    /// The distance also stays below 1/a, where a is the steepest slope, because the poles of the curves lie at a
    /// distance of π/a from the real axis.
    /// </summary>
    public static int Needed(double mostInformation, double steepestSlope)
    {
        var spacing = Math.Min(0.75, Math.Min(1 / Math.Sqrt(1 + mostInformation), 1 / Math.Max(steepestSlope, 1e-9)));
        return Math.Min(2000, (int)Math.Ceiling(2 * Reach / spacing) + 1);
    }

    /// <summary>
    /// Computes the unnormalised posterior over the nodes for a person whose weighted score is
    /// <paramref name="slope"/>. The log-likelihood plus the log-prior is <paramref name="logBase"/> + slope·node.
    /// Returns the logarithm of the integral, the sum of the weights, and Σ weight·node.
    /// </summary>
    public static (double LogIntegral, double Sum, double First) Posterior(
        ReadOnlySpan<Vector<double>> logBase,
        ReadOnlySpan<Vector<double>> nodes,
        double slope,
        Span<Vector<double>> weights
    )
    {
        var factor = new Vector<double>(slope);
        var highest = new Vector<double>(double.NegativeInfinity);
        for (var at = 0; at < weights.Length; at++)
        {
            var exponent = logBase[at] + factor * nodes[at];
            weights[at] = exponent;
            highest = Vector.Max(highest, exponent);
        }
        var largest = double.NegativeInfinity;
        for (var lane = 0; lane < Vector<double>.Count; lane++)
            largest = Math.Max(largest, highest[lane]);
        var shift = new Vector<double>(largest);
        var (sums, firsts) = (Vector<double>.Zero, Vector<double>.Zero);
        for (var at = 0; at < weights.Length; at++)
        {
            var weight = Vector.Exp(weights[at] - shift);
            weights[at] = weight;
            sums += weight;
            firsts += weight * nodes[at];
        }
        var sum = Vector.Sum(sums);
        return (largest + Math.Log(sum), sum, Vector.Sum(firsts));
    }
}
