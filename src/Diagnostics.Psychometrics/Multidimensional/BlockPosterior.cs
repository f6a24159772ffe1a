using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Multidimensional;

/// <summary>
/// One person's posterior over the abilities of all blocks, by adaptive quadrature: the points are centred at the
/// posterior's mode and rotated according to its curvature there.
/// </summary>
/// <remarks>
/// Schilling, S. and Bock, R. D. (2005), High-dimensional maximum marginal likelihood item factor analysis by adaptive
/// quadrature, Psychometrika, 70, 533–555. Points are numbered with one digit for each dimension, the last digit
/// changing fastest. A value that depends only on the first digits is computed once for all points that share them.
/// </remarks>
internal sealed class BlockPosterior
{
    private readonly BlockQuadrature quadrature;
    private readonly int dimensions,
        points;
    private readonly double[] precision,
        lower;
    private readonly double logDeterminant;
    private readonly double[] mode,
        curvature,
        turn,
        gradient;

    // Each array is indexed by dimension and by the point's digits up to that dimension. The arrays contain the
    // ability, its position on the grid, the interpolation weights at that position, and the partial sum of the
    // exponent.
    private readonly double[][] abilities,
        weights,
        exponents;
    private readonly int[][] places;
    private readonly double[][] masses;

    /// <param name="correlations">A positive definite square matrix, stored row by row.</param>
    public BlockPosterior(BlockQuadrature quadrature, double[] correlations)
    {
        (this.quadrature, dimensions, points) = (quadrature, quadrature.Dimensions, quadrature.Points);
        var factor = (double[])correlations.Clone();
        if (!PositiveDefinite.Factor(factor, dimensions))
            throw new ArgumentException("The correlations are not positive definite.", nameof(correlations));
        precision = PositiveDefinite.Inverse(factor, dimensions);
        lower = InverseOfLower(factor);
        for (var at = 0; at < dimensions; at++)
            logDeterminant += 2 * Math.Log(factor[at * dimensions + at]);
        (mode, gradient, curvature) = (new double[dimensions], new double[dimensions], new double[dimensions * dimensions]);
        turn = new double[dimensions * dimensions];
        int[] sizes = [.. Enumerable.Range(1, dimensions).Select(count => (int)Math.Pow(points, count))];
        (abilities, exponents, masses) = (Rows(1), Rows(1), Rows(1));
        (weights, places) = (Rows(4), Array.ConvertAll(sizes, size => new int[size]));
        (Means, Products) = (new double[dimensions], new double[dimensions * dimensions]);

        double[][] Rows(int width) => Array.ConvertAll(sizes, size => new double[size * width]);
    }

    public double[] Means { get; }

    /// <summary>The posterior mean of θθ′, row by row.</summary>
    public double[] Products { get; }

    /// <summary>The inverse of the correlation matrix, row by row.</summary>
    public double[] Precision => precision;

    /// <param name="sums">Sums over the items that the person was presented.</param>
    /// <param name="weighted">Slope-weighted scores by dimension.</param>
    /// <returns>The logarithm of the integral of exp(Σ weighted·θ − sums(θ)) over the abilities.</returns>
    public double Integrate(BlockSums sums, ReadOnlySpan<double> weighted)
    {
        Centre(sums, weighted);
        var logTurn = 0d;
        for (var at = 0; at < dimensions; at++)
            logTurn += Math.Log(turn[at * dimensions + at]);
        for (var dimension = 0; dimension < dimensions; dimension++)
            Fill(dimension, sums.Values[dimension], weighted[dimension]);
        var last = exponents[^1];
        var largest = SpanMath.Max(last);
        last.CopyTo(masses[^1], 0);
        var sum = SpanMath.ExpSum(masses[^1], largest);
        SpanMath.Scale(masses[^1], 1 / sum);
        for (var dimension = dimensions - 2; dimension >= 0; dimension--)
        {
            var (into, from) = (masses[dimension], masses[dimension + 1]);
            for (var at = 0; at < into.Length; at++)
            {
                var total = 0d;
                for (var digit = 0; digit < points; digit++)
                    total += from[at * points + digit];
                into[at] = total;
            }
        }
        Moments();
        return largest + Math.Log(sum) + logTurn - logDeterminant / 2;
    }

    /// <summary>Adds the marginal posterior of a dimension, times a weight, to a grid.</summary>
    public void Deposit(int dimension, double weight, double[] grid)
    {
        var (own, at, from) = (masses[dimension], places[dimension], weights[dimension]);
        for (var point = 0; point < own.Length; point++)
        {
            var mass = weight * own[point];
            var (place, first) = (at[point], 4 * point);
            grid[place] += mass * from[first];
            grid[place + 1] += mass * from[first + 1];
            grid[place + 2] += mass * from[first + 2];
            grid[place + 3] += mass * from[first + 3];
        }
    }

    /// <summary>
    /// Finds the mode by Newton's method, starting at 0; this works because the exponent is concave. Then computes the
    /// Cholesky factor of the inverse curvature, which rotates the points.
    /// </summary>
    private void Centre(BlockSums sums, ReadOnlySpan<double> weighted)
    {
        Array.Clear(mode);
        for (var iteration = 0; ; iteration++)
        {
            precision.CopyTo(curvature, 0);
            for (var row = 0; row < dimensions; row++)
            {
                var slopes = sums.Slopes[row];
                var position =
                    (
                        Math.Clamp(mode[row], -BlockTables.Reach + BlockTables.Spacing, BlockTables.Reach - 2 * BlockTables.Spacing)
                        + BlockTables.Reach
                    ) / BlockTables.Spacing;
                var cell = (int)position;
                var rise = slopes[cell + 1] - slopes[cell];
                gradient[row] = weighted[row] - slopes[cell] - (position - cell) * rise;
                for (var column = 0; column < dimensions; column++)
                    gradient[row] -= precision[row * dimensions + column] * mode[column];
                curvature[row * dimensions + row] += Math.Max(0, rise / BlockTables.Spacing);
            }
            PositiveDefinite.Factor(curvature, dimensions);
            var largest = gradient.Max(Math.Abs);
            if (iteration == 12 || largest < 0.01)
                break;
            PositiveDefinite.Solve(curvature, dimensions, gradient);
            for (var row = 0; row < dimensions; row++)
                mode[row] = Math.Clamp(mode[row] + Math.Clamp(gradient[row], -2, 2), -7, 7);
        }
        PositiveDefinite.Inverse(curvature, dimensions).CopyTo(turn, 0);
        PositiveDefinite.Factor(turn, dimensions);
    }

    private void Fill(int dimension, double[] values, double weighted)
    {
        var (nodes, logWeights) = (quadrature.Nodes, quadrature.LogWeights);
        var (own, before) = (exponents[dimension], dimension == 0 ? null : exponents[dimension - 1]);
        for (var prefix = 0; prefix < own.Length / points; prefix++)
        {
            // The digits of the earlier dimensions fix the centre in this dimension, and their own part of y = C⁻¹θ.
            var (centre, given, rest) = (mode[dimension], 0d, prefix);
            for (var earlier = dimension - 1; earlier >= 0; earlier--)
            {
                centre += turn[dimension * dimensions + earlier] * nodes[rest % points];
                given += lower[dimension * dimensions + earlier] * abilities[earlier][rest];
                rest /= points;
            }
            for (var digit = 0; digit < points; digit++)
            {
                var at = prefix * points + digit;
                var ability = centre + turn[dimension * dimensions + dimension] * nodes[digit];
                var four = weights[dimension].AsSpan(4 * at, 4);
                var place = BlockTables.Place(ability, four);
                var y = given + lower[dimension * dimensions + dimension] * ability;
                (abilities[dimension][at], places[dimension][at]) = (ability, place);
                own[at] =
                    (before is null ? 0 : before[prefix])
                    + logWeights[digit]
                    + weighted * ability
                    - y * y / 2
                    - (four[0] * values[place] + four[1] * values[place + 1] + four[2] * values[place + 2] + four[3] * values[place + 3]);
            }
        }
    }

    private void Moments()
    {
        Array.Clear(Products);
        for (var row = 0; row < dimensions; row++)
        {
            Means[row] = SpanMath.Dot(masses[row], abilities[row]);
            for (var column = 0; column <= row; column++)
            {
                var (sum, apart) = (0d, masses[row].Length / masses[column].Length);
                for (var at = 0; at < masses[row].Length; at++)
                    sum += masses[row][at] * abilities[row][at] * abilities[column][at / apart];
                Products[row * dimensions + column] = Products[column * dimensions + row] = sum;
            }
        }
    }

    private double[] InverseOfLower(double[] factor)
    {
        var inverse = new double[dimensions * dimensions];
        for (var column = 0; column < dimensions; column++)
        for (var row = column; row < dimensions; row++)
        {
            var sum = row == column ? 1d : 0d;
            for (var between = column; between < row; between++)
                sum -= factor[row * dimensions + between] * inverse[between * dimensions + column];
            inverse[row * dimensions + column] = sum / factor[row * dimensions + row];
        }
        return inverse;
    }
}
