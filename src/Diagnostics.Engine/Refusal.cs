using System.Diagnostics.CodeAnalysis;

namespace Diagnostics.Engine;

/// <summary>What sort of refusal this is; the server turns each into one HTTP status.</summary>
public enum RefusalKind
{
    /// <summary>The request itself is wrong.</summary>
    Invalid,
    /// <summary>No such thing, or none that the caller may know of.</summary>
    NotFound,
    /// <summary>Only somebody who has signed in may ask.</summary>
    NotSignedIn,
    /// <summary>The caller has no right to it.</summary>
    Forbidden,
    /// <summary>The thing's present state does not allow it.</summary>
    Conflict,
    /// <summary>The caller acted on an older version.</summary>
    Stale,
    /// <summary>Too large to take.</summary>
    TooLarge,
    /// <summary>It was there once and is not any more.</summary>
    Gone,
    /// <summary>More of it than anybody needs, or more often.</summary>
    TooMany,
}

/// <summary>
/// An expected "no": a value with a stable code that a client can switch on and a Russian sentence for a person.
/// </summary>
/// <param name="Code">Stable, kebab-case, English.</param>
/// <param name="Kind">Sort of refusal.</param>
/// <param name="Detail">What is wrong and where, in Russian.</param>
public sealed record Refusal(string Code, RefusalKind Kind, string Detail)
{
    /// <summary>Facts a client needs to go on, e.g. both versions of a stale save.</summary>
    public IReadOnlyDictionary<string, object?> Facts { get; init; } = new Dictionary<string, object?>();

    public Refusal With(string name, object? value) => this with { Facts = new Dictionary<string, object?>(Facts) { [name] = value } };

    public static Refusal Invalid(string code, string detail) => new(code, RefusalKind.Invalid, detail);
    public static Refusal NotFound(string code, string detail) => new(code, RefusalKind.NotFound, detail);
    public static Refusal Forbidden(string code, string detail) => new(code, RefusalKind.Forbidden, detail);
    public static Refusal Conflict(string code, string detail) => new(code, RefusalKind.Conflict, detail);
}

/// <summary>Something a transaction can ask: was it refused (then nothing of it may stay)?</summary>
public interface IRefusable
{
    Refusal? Refusal { get; }
}

/// <summary>Either a value or the refusal to give one.</summary>
public readonly struct Result<T> : IRefusable
{
    private readonly T? value;

    private Result(T? value, Refusal? refusal) => (this.value, Refusal) = (value, refusal);

    public Refusal? Refusal { get; }

    /// <exception cref="InvalidOperationException">The result is a refusal.</exception>
    public T Value => Refusal is null ? value! : throw new InvalidOperationException($"Refused: {Refusal.Code}");

    public bool Refused([NotNullWhen(true)] out Refusal? refusal, [MaybeNullWhen(true)] out T given)
    {
        (refusal, given) = (Refusal, value);
        return refusal is not null;
    }

    public Result<TNext> Map<TNext>(Func<T, TNext> next) => Refusal is null ? next(value!) : Refusal;

    public static implicit operator Result<T>(T value) => new(value, null);
    public static implicit operator Result<T>(Refusal refusal) => new(default, refusal);
}

/// <summary>The value of an operation that gives nothing back.</summary>
public readonly record struct Done;
