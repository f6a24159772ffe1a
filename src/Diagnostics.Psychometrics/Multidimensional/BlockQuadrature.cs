using MathNet.Numerics.LinearAlgebra;

namespace Diagnostics.Psychometrics.Multidimensional;

/// <summary>
/// Gauss–Hermite points in each dimension for a normal density; they are then moved and rotated to fit a person's
/// posterior.
/// </summary>
/// <remarks>Golub, G. H. and Welsch, J. H. (1969), Mathematics of Computation, 23, 221–230.</remarks>
internal sealed class BlockQuadrature
{
    public BlockQuadrature(int points, int dimensions)
    {
        (Points, Dimensions) = (points, dimensions);
        var matrix = Matrix<double>.Build.Dense(points, points);
        for (var at = 1; at < points; at++)
            matrix[at, at - 1] = matrix[at - 1, at] = Math.Sqrt(at);
        var evd = matrix.Evd(Symmetricity.Symmetric);
        Nodes = [.. evd.EigenValues.Select(value => value.Real)];
        // The weights are divided by the density at the points, so that the sum gives the integral of the function
        // itself, apart from a factor of (2π)^½.
        LogWeights =
        [
            .. Enumerable
                .Range(0, points)
                .Select(at => Math.Log(evd.EigenVectors[0, at] * evd.EigenVectors[0, at]) + Nodes[at] * Nodes[at] / 2),
        ];
    }

    public int Points { get; }

    public int Dimensions { get; }

    public double[] Nodes { get; }

    public double[] LogWeights { get; }

    /// <summary>
    /// A number of points that is sufficient for blocks of six items: with more points, a person's log-likelihood
    /// changes by less than 10⁻⁴.
    /// </summary>
    public static int Default(int dimensions) =>
        dimensions switch
        {
            2 => 15,
            3 => 9,
            4 => 7,
            _ => 5,
        };
}
