namespace Diagnostics.Psychometrics.Equating;

/// <summary>
/// Newton's method for the log-linear model on a fixed basis of polynomials. Each fit starts where the last one ended,
/// so each of the thousands of fits of a bootstrap takes only a few steps.
/// </summary>
/// <remarks>Not safe for use by several threads at the same time.</remarks>
internal sealed class LogLinearSmoother
{
    private readonly double[][] basis;
    private readonly double[] beta,
        target,
        means,
        gradient,
        step,
        next,
        nextShares;
    private readonly double[,] information;

    public LogLinearSmoother(ScoreDistribution scores, int degree)
    {
        basis = Polynomials(scores, degree);
        (beta, target, means, gradient, step, next) = (
            new double[degree],
            new double[degree],
            new double[degree],
            new double[degree],
            new double[degree],
            new double[degree]
        );
        nextShares = new double[scores.Maximum + 1];
        information = new double[degree, degree];
    }

    /// <summary>Fills the smoothed shares; false when Newton's method does not settle.</summary>
    public bool TrySmooth(ScoreDistribution scores, double[] shares)
    {
        if (Settles(scores, shares))
            return true;
        // Start again from equal shares: the starting point from another sample may lie too far away.
        Array.Clear(beta);
        if (Settles(scores, shares))
            return true;
        Array.Clear(beta);
        return false;
    }

    private bool Settles(ScoreDistribution scores, double[] shares)
    {
        for (var i = 0; i < basis.Length; i++)
        {
            double sum = 0;
            for (var score = 0; score < shares.Length; score++)
                sum += basis[i][score] * scores.Count(score);
            target[i] = sum / scores.Persons;
        }
        var objective = Objective(beta, shares);
        for (var iteration = 0; iteration < 200; iteration++)
        {
            Derivatives(shares);
            if (!Cholesky(information))
                return false;
            Solve();
            double decrement = 0;
            for (var i = 0; i < step.Length; i++)
                decrement += gradient[i] * step[i];
            // Newton's method squares the error, so from a decrement of 1e-13 one full step reaches rounding error; the
            // likelihood itself cannot show so small a gain.
            var last = decrement < 1e-13;
            for (var factor = 1d; ; factor /= 2)
            {
                for (var i = 0; i < next.Length; i++)
                    next[i] = beta[i] + (factor * step[i]);
                var value = Objective(next, nextShares);
                // Halve the step while it lowers the likelihood; the objective is concave, so this ends.
                if (last || value >= objective)
                {
                    next.CopyTo(beta, 0);
                    nextShares.CopyTo(shares, 0);
                    objective = value;
                    break;
                }
                if (factor < 1e-10)
                    return false;
            }
            if (last)
                return true;
        }
        return false;
    }

    /// <summary>
    /// Returns the factor W B L⁻ᵀ / √n of cov(p̂) = W B (BᵀWB)⁻¹ BᵀW / n, where W = diag(p) − ppᵀ and LLᵀ = BᵀWB. Null
    /// when BᵀWB is singular.
    /// </summary>
    public double[,]? CovarianceFactor(double[] shares, double persons)
    {
        Derivatives(shares);
        if (!Cholesky(information))
            return null;
        var factor = new double[shares.Length, basis.Length];
        for (var score = 0; score < shares.Length; score++)
        for (var i = 0; i < basis.Length; i++)
        {
            var value = shares[score] * (basis[i][score] - means[i]) / Math.Sqrt(persons);
            for (var j = 0; j < i; j++)
                value -= information[i, j] * factor[score, j];
            factor[score, i] = value / information[i, i];
        }
        return factor;
    }

    private void Derivatives(double[] shares)
    {
        for (var i = 0; i < basis.Length; i++)
        {
            double sum = 0;
            for (var score = 0; score < shares.Length; score++)
                sum += basis[i][score] * shares[score];
            means[i] = sum;
            gradient[i] = target[i] - sum;
        }
        for (var i = 0; i < basis.Length; i++)
        for (var j = 0; j <= i; j++)
        {
            double sum = 0;
            for (var score = 0; score < shares.Length; score++)
                sum += shares[score] * (basis[i][score] - means[i]) * (basis[j][score] - means[j]);
            information[i, j] = sum;
        }
    }

    /// <summary>Log-likelihood per person; fills the shares that the coefficients give.</summary>
    private double Objective(double[] coefficients, double[] shares)
    {
        var largest = double.NegativeInfinity;
        for (var score = 0; score < shares.Length; score++)
        {
            double exponent = 0;
            for (var i = 0; i < coefficients.Length; i++)
                exponent += coefficients[i] * basis[i][score];
            shares[score] = exponent;
            largest = Math.Max(largest, exponent);
        }
        double sum = 0;
        for (var score = 0; score < shares.Length; score++)
            sum += shares[score] = Math.Exp(shares[score] - largest);
        for (var score = 0; score < shares.Length; score++)
            shares[score] /= sum;
        double value = -largest - Math.Log(sum);
        for (var i = 0; i < coefficients.Length; i++)
            value += coefficients[i] * target[i];
        return value;
    }

    /// <summary>Writes the lower triangle in place; false when the matrix is not positive definite.</summary>
    private static bool Cholesky(double[,] matrix)
    {
        for (var i = 0; i < matrix.GetLength(0); i++)
        for (var j = 0; j <= i; j++)
        {
            var sum = matrix[i, j];
            for (var k = 0; k < j; k++)
                sum -= matrix[i, k] * matrix[j, k];
            if (i == j && sum is not > 0)
                return false;
            matrix[i, j] = i == j ? Math.Sqrt(sum) : sum / matrix[j, j];
        }
        return true;
    }

    /// <summary>Solves step = information⁻¹ · gradient, using the triangle.</summary>
    private void Solve()
    {
        for (var i = 0; i < step.Length; i++)
        {
            var sum = gradient[i];
            for (var k = 0; k < i; k++)
                sum -= information[i, k] * step[k];
            step[i] = sum / information[i, i];
        }
        for (var i = step.Length - 1; i >= 0; i--)
        {
            var sum = step[i];
            for (var k = i + 1; k < step.Length; k++)
                sum -= information[k, i] * step[k];
            step[i] = sum / information[i, i];
        }
    }

    /// <summary>
    /// Polynomials orthonormal under a mixture of the observed shares and equal shares; plain powers of the score would
    /// be almost linearly dependent.
    /// </summary>
    private static double[][] Polynomials(ScoreDistribution scores, int degree)
    {
        var length = scores.Maximum + 1;
        var weights = Enumerable.Range(0, length).Select(score => (scores.Density(score) + (1d / length)) / 2).ToArray();
        var all = new List<double[]> { Enumerable.Repeat(1d, length).ToArray() };
        for (var power = 1; power <= degree; power++)
        {
            var column = all[^1].Select((value, score) => value * ((2d * score / (length - 1)) - 1)).ToArray();
            // Run twice: the second pass removes the rounding errors of the first.
            for (var pass = 0; pass < 2; pass++)
                foreach (var earlier in all)
                {
                    double overlap = 0;
                    for (var score = 0; score < length; score++)
                        overlap += weights[score] * column[score] * earlier[score];
                    for (var score = 0; score < length; score++)
                        column[score] -= overlap * earlier[score];
                }
            var norm = Math.Sqrt(column.Select((value, score) => weights[score] * value * value).Sum());
            all.Add(Array.ConvertAll(column, value => value / norm));
        }
        return [.. all.Skip(1)];
    }
}
