namespace Diagnostics.Psychometrics.Classification;

public enum Direction
{
    /// <summary>The difference is within what measurement error gives.</summary>
    NotShown,
    Improved,
    Worsened,
}

/// <summary>Whether a person has changed by more than measurement error explains.</summary>
/// <param name="Difference">Second minus first, less the change expected of everybody.</param>
/// <param name="StandardError">Of the difference when the person has not changed.</param>
/// <param name="Index">Their ratio, standard normal without change.</param>
/// <param name="P">Two-sided.</param>
/// <remarks>
/// Jacobson and Truax (1991), J. Consult. Clin. Psychol. 59, 12–19, p. 14. The forms must be on one scale: equate first.
/// A change of 0 is expected unless said: practice and regression to the mean are the caller's to subtract.
/// </remarks>
public sealed record ReliableChange(double Difference, double StandardError, double Index, double P, Direction Direction)
{
    /// <summary>From two measures with their own errors: raw scores with their SEM, or abilities (logits) with theirs — the IRT-based index.</summary>
    /// <param name="firstError">Standard error of the first measure, 0 or more; not both 0.</param>
    /// <param name="expectedChange">Of everybody, for instance by practice.</param>
    /// <param name="level">A change is shown when its P is at most 1 − level; in (0, 1).</param>
    /// <exception cref="ArgumentException">A number that is not finite, a negative error, or two errors of 0.</exception>
    public static ReliableChange Between(double first, double firstError, double second, double secondError, double expectedChange = 0, double level = 0.95)
    {
        _ = Tails.Normal(level);
        if (!double.IsFinite(first) || !double.IsFinite(second) || !double.IsFinite(expectedChange)) throw new ArgumentException("The measures must be finite.", nameof(first));
        if (!(firstError >= 0) || !(secondError >= 0) || !(firstError + secondError > 0) || !double.IsFinite(firstError + secondError))
            throw new ArgumentException("The standard errors must be 0 or more, and not both 0.", nameof(firstError));
        var difference = second - first - expectedChange;
        var error = Math.Sqrt(firstError * firstError + secondError * secondError);
        var p = Tails.TwoSided(difference / error);
        return new ReliableChange(difference, error, difference / error, p,
            p > 1 - level ? Direction.NotShown : difference > 0 ? Direction.Improved : Direction.Worsened);
    }

    /// <summary>Jacobson and Truax's own form: both errors are SEM = deviation · √(1 − reliability).</summary>
    /// <param name="deviation">Of the group's scores before, above 0.</param>
    /// <param name="reliability">Of the test, below 1.</param>
    /// <returns>Undefined without variance of the scores.</returns>
    /// <exception cref="ArgumentException">A reliability outside [0, 1), or a number that is not finite.</exception>
    public static Estimate<ReliableChange> JacobsonTruax(double first, double second, double deviation, double reliability, double expectedChange = 0, double level = 0.95)
    {
        if (!(reliability is >= 0 and < 1)) throw new ArgumentException("The reliability must lie in [0, 1).", nameof(reliability));
        if (!double.IsFinite(deviation)) throw new ArgumentException("The deviation must be finite.", nameof(deviation));
        if (!(deviation > 0)) return Estimate<ReliableChange>.None(Undefined.NoVariance);
        var error = deviation * Math.Sqrt(1 - reliability);
        return Estimate<ReliableChange>.Of(Between(first, error, second, error, expectedChange, level));
    }
}
