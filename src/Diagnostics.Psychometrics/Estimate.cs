namespace Diagnostics.Psychometrics;

/// <summary>Why a statistic has no value.</summary>
public enum Undefined { TooFewPersons, TooFewItems, NoVariance, PerfectScore, EmptyCategory, NotConverged, NoCommonUnits, Singular, TooFewRaters, PerfectAgreement, NotDichotomous, NotLinked }

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

    /// <summary>Whether there is a value, and if so which.</summary>
    internal bool Is(out T found)
    {
        found = value!;
        return IsDefined;
    }

    /// <summary>The value carried on, or the reason.</summary>
    internal Estimate<TResult> Then<TResult>(Func<T, TResult> next) => Reason is { } why ? Estimate<TResult>.None(why)
        : Estimate<TResult>.Of(next(value!));

    /// <summary>The value carried on by what may be undefined itself, or the reason.</summary>
    internal Estimate<TResult> Then<TResult>(Func<T, Estimate<TResult>> next) => Reason is { } why ? Estimate<TResult>.None(why) : next(value!);

    public override string ToString() => Reason is { } reason ? $"undefined: {reason}" : $"{value}";
}
