namespace Diagnostics.Psychometrics.Classification;

public enum Direction
{
    /// <summary>Measurement error alone can explain the difference.</summary>
    NotShown,
    Improved,
    Worsened,
}

/// <summary>Whether a person has changed by more than measurement error can explain.</summary>
/// <param name="Difference">Second measure minus the first, and minus the change expected of everybody.</param>
/// <param name="StandardError">Standard error of the difference when the person has not changed.</param>
/// <param name="Index">Difference divided by its standard error; standard normal when there is no change.</param>
/// <param name="P">Two-sided p-value of the index.</param>
/// <remarks>
/// Jacobson and Truax (1991), J. Consult. Clin. Psychol. 59, 12–19, p. 14. The forms must be on the same scale, so
/// equate first. The expected change is 0 by default; a caller who wants to allow for practice or regression to the
/// mean passes it.
/// </remarks>
public sealed record ReliableChange(double Difference, double StandardError, double Index, double P, Direction Direction)
{
    /// <summary>
    /// Compares two measures with their own errors: raw scores with their SEM, or abilities (logits) with their
    /// standard errors, which gives the IRT-based index.
    /// </summary>
    /// <param name="firstError">Standard error of the first measure, 0 or more; the two errors may not both be
    /// 0.</param>
    /// <param name="expectedChange">Change expected of everybody, for instance through practice.</param>
    /// <param name="level">A change is shown when its P is at most 1 − level; in (0, 1).</param>
    /// <exception cref="ArgumentException">A number is not finite, an error is negative, or both errors are
    /// 0.</exception>
    public static ReliableChange Between(
        double first,
        double firstError,
        double second,
        double secondError,
        double expectedChange = 0,
        double level = 0.95
    )
    {
        _ = Tails.Normal(level);
        if (!double.IsFinite(first) || !double.IsFinite(second) || !double.IsFinite(expectedChange))
            throw new ArgumentException("The measures must be finite.", nameof(first));
        if (!(firstError >= 0) || !(secondError >= 0) || !(firstError + secondError > 0) || !double.IsFinite(firstError + secondError))
            throw new ArgumentException("The standard errors must be 0 or more, and not both 0.", nameof(firstError));
        var difference = second - first - expectedChange;
        var error = Math.Sqrt(firstError * firstError + secondError * secondError);
        var p = Tails.TwoSided(difference / error);
        return new ReliableChange(
            difference,
            error,
            difference / error,
            p,
            p > 1 - level ? Direction.NotShown
                : difference > 0 ? Direction.Improved
                : Direction.Worsened
        );
    }

    /// <summary>Jacobson and Truax's own form: both errors are SEM = deviation · √(1 − reliability).</summary>
    /// <param name="deviation">Standard deviation of the group's scores on the first occasion, above 0.</param>
    /// <param name="reliability">Reliability of the test, below 1.</param>
    /// <returns>Undefined without variance of the scores.</returns>
    /// <exception cref="ArgumentException">The reliability is outside [0, 1), or a number is not finite.</exception>
    public static Estimate<ReliableChange> JacobsonTruax(
        double first,
        double second,
        double deviation,
        double reliability,
        double expectedChange = 0,
        double level = 0.95
    )
    {
        if (!(reliability is >= 0 and < 1))
            throw new ArgumentException("The reliability must lie in [0, 1).", nameof(reliability));
        if (!double.IsFinite(deviation))
            throw new ArgumentException("The deviation must be finite.", nameof(deviation));
        if (!(deviation > 0))
            return Estimate<ReliableChange>.None(Undefined.NoVariance);
        var error = deviation * Math.Sqrt(1 - reliability);
        return Estimate<ReliableChange>.Of(Between(first, error, second, error, expectedChange, level));
    }
}
