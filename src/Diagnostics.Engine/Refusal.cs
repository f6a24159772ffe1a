using System.Diagnostics.CodeAnalysis;

namespace Diagnostics.Engine;

/// <summary>The kind of a refusal; the server turns each kind into one HTTP status.</summary>
public enum RefusalKind
{
    /// <summary>The request itself is wrong.</summary>
    Invalid,

    /// <summary>There is no such thing, or the caller may not know of it.</summary>
    NotFound,

    /// <summary>The caller has not signed in.</summary>
    NotSignedIn,

    /// <summary>The caller has no right to do this.</summary>
    Forbidden,

    /// <summary>The present state of the thing does not allow the request.</summary>
    Conflict,

    /// <summary>The caller acted on an older version.</summary>
    Stale,

    /// <summary>The content is too large.</summary>
    TooLarge,

    /// <summary>The thing existed once and no longer does.</summary>
    Gone,

    /// <summary>The caller asks for more than anybody needs, or too often.</summary>
    TooMany,
}

/// <summary>
/// An expected "no": a value with a stable code that a client can switch on, and a Russian sentence for people.
/// </summary>
/// <param name="Code">Stable, kebab-case, English.</param>
/// <param name="Kind">Kind of refusal.</param>
/// <param name="Detail">In Russian: the fault, and where it is.</param>
public sealed record Refusal(string Code, RefusalKind Kind, string Detail)
{
    /// <summary>Facts that a client needs to continue, for example both versions after a stale save.</summary>
    public IReadOnlyDictionary<string, object?> Facts { get; init; } = new Dictionary<string, object?>();

    public Refusal With(string name, object? value) => this with { Facts = new Dictionary<string, object?>(Facts) { [name] = value } };

    public static Refusal Invalid(string code, string detail) => new(code, RefusalKind.Invalid, detail);

    public static Refusal NotFound(string code, string detail) => new(code, RefusalKind.NotFound, detail);

    public static Refusal Forbidden(string code, string detail) => new(code, RefusalKind.Forbidden, detail);

    public static Refusal Conflict(string code, string detail) => new(code, RefusalKind.Conflict, detail);
}

/// <summary>
/// Lets a transaction ask whether a result is a refusal, because a refused transaction must leave no trace.
/// </summary>
public interface IRefusable
{
    Refusal? Refusal { get; }
}

/// <summary>Either a value or a refusal.</summary>
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

/// <summary>The value of an operation that returns nothing.</summary>
public readonly record struct Done;
