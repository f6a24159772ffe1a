namespace Diagnostics.Psychometrics;

/// <summary>Why a statistic has no value.</summary>
public enum Undefined
{
    TooFewPersons,
    TooFewItems,
    NoVariance,
    PerfectScore,
    EmptyCategory,
    NotConverged,
    NoCommonUnits,
    Singular,
    TooFewRaters,
    PerfectAgreement,
    NotDichotomous,
    NotLinked,
}

/// <summary>Either a value or the reason why there is none. The value is never a guess.</summary>
public readonly record struct Estimate<T>
{
    private readonly T? value;

    private Estimate(T? value, Undefined? reason) => (this.value, Reason) = (value, reason);

    /// <summary>Null when there is a value.</summary>
    public Undefined? Reason { get; }
    public bool IsDefined => Reason is null;

    /// <exception cref="InvalidOperationException">The estimate is undefined.</exception>
    public T Value => Reason is null ? value! : throw new InvalidOperationException($"The estimate is undefined: {Reason}.");

    public static Estimate<T> Of(T value) => new(value, null);

    public static Estimate<T> None(Undefined reason) => new(default, reason);

    /// <summary>Returns whether there is a value, and passes the value out.</summary>
    internal bool Is(out T found)
    {
        found = value!;
        return IsDefined;
    }

    /// <summary>Returns whether there is a value, and passes out the value or else the reason.</summary>
    internal bool Is(out T found, out Undefined reason)
    {
        (found, reason) = (value!, Reason.GetValueOrDefault());
        return IsDefined;
    }

    /// <summary>Maps the value; an undefined estimate keeps its reason.</summary>
    internal Estimate<TResult> Then<TResult>(Func<T, TResult> next) =>
        Reason is { } why ? Estimate<TResult>.None(why) : Estimate<TResult>.Of(next(value!));

    /// <summary>
    /// Maps the value by a function that may itself be undefined; an undefined estimate keeps its reason.
    /// </summary>
    internal Estimate<TResult> Then<TResult>(Func<T, Estimate<TResult>> next) =>
        Reason is { } why ? Estimate<TResult>.None(why) : next(value!);

    public override string ToString() => Reason is { } reason ? $"undefined: {reason}" : $"{value}";
}
