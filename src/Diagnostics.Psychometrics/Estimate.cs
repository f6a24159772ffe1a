namespace Diagnostics.Psychometrics;

/// <summary>Why a statistic has no value.</summary>
public enum Undefined { TooFewPersons, TooFewItems, NoVariance, PerfectScore, EmptyCategory, NotConverged, NoCommonUnits, Singular, TooFewRaters, PerfectAgreement, NotDichotomous }

/// <summary>A value, or the reason why there is none; never a guess.</summary>
public readonly record struct Estimate<T>
{
    private readonly T? value;
    private Estimate(T? value, Undefined? reason) => (this.value, Reason) = (value, reason);
    /// <summary>Null when there is a value.</summary>
    public Undefined? Reason { get; }
    public bool IsDefined => Reason is null;
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public T Value => Reason is null ? value! : throw new InvalidOperationException($"The estimate is undefined: {Reason}.");
    public static Estimate<T> Of(T value) => new(value, null);
    public static Estimate<T> None(Undefined reason) => new(default, reason);
    public override string ToString() => Reason is { } reason ? $"undefined: {reason}" : $"{value}";
}
