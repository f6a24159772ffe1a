using System.Collections.Concurrent;
using System.Text.Json.Serialization;

namespace Diagnostics.Engine.ItemBank.Scoring;

/// <summary>A right number, with a tolerance and the units that may follow it.</summary>
/// <param name="Value">For example, «12.5» or «1/4».</param>
/// <param name="Tolerance">Either absolute and at least 0, where «0» means exact, or (from <c>ru-2</c> on) a share of
/// the value, such as «5 %».</param>
/// <param name="Units">Units accepted after the number; a person may omit the unit unless it is required.</param>
public sealed record NumberKey(string Value, string Tolerance, IReadOnlyList<string> Units)
{
    /// <summary>Whether the unit is required (from <c>ru-2</c> on).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool UnitRequired { get; init; }

    /// <summary>Whether «50 %» equals 0.5 (from <c>ru-2</c> on).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Percent { get; init; }

    internal bool IsRelative => Tolerance.Contains('%', StringComparison.Ordinal);

    public bool Equals(NumberKey? other) =>
        other is not null
        && Value == other.Value
        && Tolerance == other.Tolerance
        && Units.SequenceEqual(other.Units)
        && UnitRequired == other.UnitRequired
        && Percent == other.Percent;

    public override int GetHashCode() => HashCode.Combine(Value, Tolerance, Units.Count, UnitRequired, Percent);
}

/// <summary>All accepted short answers: texts, numbers with tolerance and unit, safe patterns.</summary>
/// <remarks>Patterns run on the linear-time engine, so no person's text can make a match run without end.</remarks>
public sealed record ShortAnswerKey(IReadOnlyList<string> Texts, IReadOnlyList<NumberKey> Numbers, IReadOnlyList<string> Patterns)
{
    // A copy made by `with` starts without cached readers, because its lists may differ.
    private readonly ConcurrentDictionary<AnswerRule, KeyReader> readers = [];

    /// <summary>Whether capitals count: «CO» is not «Co» (from <c>ru-2</c> on).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool CaseSensitive { get; init; }

    /// <summary>Whether ё differs from е (from <c>ru-2</c> on).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Yo { get; init; }

    private ShortAnswerKey(ShortAnswerKey original)
    {
        (Texts, Numbers, Patterns) = (original.Texts, original.Numbers, original.Patterns);
        (CaseSensitive, Yo, readers) = (original.CaseSensitive, original.Yo, []);
    }

    /// <summary>Reads an answer by a rule and decides whether it is right.</summary>
    /// <exception cref="FormatException">The key itself cannot be read: an error, never a silent zero.</exception>
    public ReadAnswer Read(string typed, AnswerRule rule) => ReaderOf(rule).Read(typed);

    internal bool Accepts(string typed) => Read(typed, AnswerRule.Newest).IsRight;

    /// <summary>Why a rule cannot read the key; null when it can.</summary>
    public string? Fault(AnswerRule rule)
    {
        try
        {
            _ = ReaderOf(rule);
            return null;
        }
        catch (FormatException fault)
        {
            return fault.Message;
        }
    }

    public bool Equals(ShortAnswerKey? other) =>
        other is not null
        && Texts.SequenceEqual(other.Texts)
        && Patterns.SequenceEqual(other.Patterns)
        && Numbers.SequenceEqual(other.Numbers)
        && CaseSensitive == other.CaseSensitive
        && Yo == other.Yo;

    public override int GetHashCode() => HashCode.Combine(Texts.Count, Numbers.Count, Patterns.Count, CaseSensitive, Yo);

    private KeyReader ReaderOf(AnswerRule rule) => readers.GetOrAdd(rule, static (by, key) => by.Compile(key), this);
}
