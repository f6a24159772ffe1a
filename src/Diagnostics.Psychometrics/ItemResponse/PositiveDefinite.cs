namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// Computes with symmetric positive definite matrices as large as an item calibration needs (tens to hundreds of rows).
/// Each matrix is stored row by row in one array.
/// </summary>
/// <remarks>
/// Cholesky's decomposition: Golub and Van Loan (2013), Matrix Computations, 4th ed., algorithm 4.2.2.
/// </remarks>
internal static class PositiveDefinite
{
    /// <summary>
    /// Replaces the lower triangle with the matrix's Cholesky factor; false when the matrix is not positive definite.
    /// </summary>
    public static bool Factor(double[] matrix, int size)
    {
        var largest = 0d;
        for (var i = 0; i < size; i++)
            largest = Math.Max(largest, Math.Abs(matrix[i * size + i]));
        for (var row = 0; row < size; row++)
        {
            var current = matrix.AsSpan(row * size, row + 1);
            for (var column = 0; column <= row; column++)
            {
                var other = matrix.AsSpan(column * size, column + 1);
                var sum = current[column] - SpanMath.Dot(current[..column], other[..column]);
                if (column < row)
                {
                    current[column] = sum / other[column];
                    continue;
                }
                // A pivot that is no larger than rounding error means that the data say nothing about some combination
                // of the parameters.
                if (!(sum > 1e-13 * largest))
                    return false;
                current[column] = Math.Sqrt(sum);
            }
        }
        return true;
    }

    /// <summary>Solves the linear system in place, given the matrix's Cholesky factor.</summary>
    public static void Solve(double[] factor, int size, double[] vector)
    {
        for (var row = 0; row < size; row++)
            vector[row] = (vector[row] - SpanMath.Dot(factor.AsSpan(row * size, row), vector.AsSpan(0, row))) / factor[row * size + row];
        for (var row = size - 1; row >= 0; row--)
        {
            vector[row] /= factor[row * size + row];
            var solved = vector[row];
            for (var above = 0; above < row; above++)
                vector[above] -= factor[row * size + above] * solved;
        }
    }

    /// <summary>The inverse of the matrix, given its Cholesky factor.</summary>
    public static double[] Inverse(double[] factor, int size)
    {
        var inverse = new double[size * size];
        var column = new double[size];
        for (var at = 0; at < size; at++)
        {
            Array.Clear(column);
            column[at] = 1;
            Solve(factor, size, column);
            for (var row = 0; row < size; row++)
                inverse[row * size + at] = column[row];
        }
        return inverse;
    }
}
