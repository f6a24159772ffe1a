using System.Text.RegularExpressions;

namespace Diagnostics.Engine.ItemBank.Scoring;

/// <summary>A number that is right, with an absolute tolerance and the units that may follow it.</summary>
/// <param name="Value">«12.5» or «1/4».</param>
/// <param name="Tolerance">Absolute, ≥ 0; «0» for exact.</param>
/// <param name="Units">Units accepted after the number; the unit may be left out.</param>
public sealed record NumberKey(string Value, string Tolerance, IReadOnlyList<string> Units);

/// <summary>All that a short answer may be: texts, numbers with tolerance and unit, safe patterns.</summary>
/// <remarks>Patterns run on the linear-time engine, so no text of a person can make one run away.</remarks>
public sealed record ShortAnswerKey(IReadOnlyList<string> Texts, IReadOnlyList<NumberKey> Numbers, IReadOnlyList<string> Patterns)
{
    private readonly Lazy<Matcher> matcher = new(() => new Matcher(Texts, Numbers, Patterns));

    // A copy made by `with` must read its own lists, not those of the original.
    private ShortAnswerKey(ShortAnswerKey original)
    {
        (Texts, Numbers, Patterns) = (original.Texts, original.Numbers, original.Patterns);
        matcher = new(() => new Matcher(this.Texts, this.Numbers, this.Patterns));
    }

    /// <summary>Is this normalised answer right?</summary>
    /// <exception cref="FormatException">The key itself cannot be read: an error, never a silent zero.</exception>
    public bool Matches(string normalised) => matcher.Value.Matches(normalised);

    /// <summary>Why the key cannot be read, or null when it can.</summary>
    public string? Fault()
    {
        try
        {
            _ = matcher.Value;
            return null;
        }
        catch (FormatException fault)
        {
            return fault.Message;
        }
    }

    public bool Equals(ShortAnswerKey? other) =>
        other is not null && Texts.SequenceEqual(other.Texts) && Patterns.SequenceEqual(other.Patterns)
        && Numbers.Count == other.Numbers.Count && Numbers.Zip(other.Numbers).All(pair =>
            pair.First.Value == pair.Second.Value && pair.First.Tolerance == pair.Second.Tolerance && pair.First.Units.SequenceEqual(pair.Second.Units));

    public override int GetHashCode() => HashCode.Combine(Texts.Count, Numbers.Count, Patterns.Count);

    private sealed class Matcher
    {
        private readonly HashSet<string> texts;
        private readonly (Fraction Value, Fraction Tolerance, HashSet<string> Units)[] numbers;
        private readonly Regex[] patterns;

        internal Matcher(IReadOnlyList<string> texts, IReadOnlyList<NumberKey> numbers, IReadOnlyList<string> patterns)
        {
            if (texts.Count + numbers.Count + patterns.Count == 0) throw new FormatException("Ключ пуст.");
            this.texts = texts.Select(AnswerText.Normalise).ToHashSet(StringComparer.Ordinal);
            if (this.texts.Contains("")) throw new FormatException("В ключе есть пустой текст.");
            this.numbers = numbers
                .Select(number => (Read(number.Value), ReadTolerance(number.Tolerance), number.Units.Select(AnswerText.Normalise).ToHashSet(StringComparer.Ordinal)))
                .ToArray();
            this.patterns = patterns.Select(Compile).ToArray();
        }

        internal bool Matches(string normalised)
        {
            if (texts.Contains(normalised)) return true;
            if (AnswerText.TryReadNumber(normalised, out var value, out var unit)
                && numbers.Any(number => (unit.Length == 0 || number.Units.Contains(unit)) && value.IsWithin(number.Tolerance, number.Value)))
                return true;
            return patterns.Any(pattern => pattern.IsMatch(normalised));
        }

        private static Fraction Read(string text) =>
            AnswerText.TryReadNumber(AnswerText.Normalise(text), out var value, out var unit) && unit.Length == 0
                ? value
                : throw new FormatException($"«{text}» в ключе не читается как число.");

        private static Fraction ReadTolerance(string text) =>
            Read(text) is { Numerator.Sign: >= 0 } tolerance ? tolerance : throw new FormatException($"Допуск «{text}» в ключе меньше нуля.");

        private static Regex Compile(string pattern)
        {
            const RegexOptions Safe = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
            try
            {
                // On its own first: «a)|(?:b» would otherwise close the group that makes it match the whole answer.
                _ = new Regex(pattern, Safe);
                return new Regex($@"\A(?:{pattern})\z", Safe);
            }
            catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
            {
                throw new FormatException($"Регулярное выражение «{pattern}» в ключе не читается или небезопасно: {fault.Message}", fault);
            }
        }
    }
}
