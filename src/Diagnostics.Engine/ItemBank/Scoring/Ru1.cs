using System.Text.RegularExpressions;

namespace Diagnostics.Engine.ItemBank.Scoring;

/// <summary>
/// The first rule, kept unchanged for campaigns published under it. Every comparison uses the same normalised text
/// (<see cref="AnswerText"/>), and that text is also the answer's group.
/// </summary>
internal sealed class Ru1() : AnswerRule(AnswerText.Normalisation)
{
    internal override KeyReader Compile(ShortAnswerKey key) => new Reader(key);

    private sealed class Reader : KeyReader
    {
        private readonly HashSet<string> texts;
        private readonly (Fraction Value, Fraction Tolerance, HashSet<string> Units)[] numbers;
        private readonly Regex[] patterns;

        internal Reader(ShortAnswerKey key)
        {
            if (key.CaseSensitive || key.Yo || key.Numbers.Any(number => number.UnitRequired || number.Percent || number.IsRelative))
                throw new FormatException("Ключ говорит то, чего правило ru-1 не знает: оценивать по нему можно с ru-2.");
            if (key.Texts.Count + key.Numbers.Count + key.Patterns.Count == 0)
                throw new FormatException("Ключ пуст.");
            texts = key.Texts.Select(AnswerText.Normalise).ToHashSet(StringComparer.Ordinal);
            if (texts.Contains(""))
                throw new FormatException("В ключе есть пустой текст.");
            numbers = key
                .Numbers.Select(number => (Read(number.Value, Number), ReadTolerance(number.Tolerance), UnitsOf(number)))
                .ToArray();
            patterns = key.Patterns.Select(pattern => AnswerPattern.Compile(pattern, pattern)).ToArray();
        }

        internal override ReadAnswer Read(string typed)
        {
            var normalised = AnswerText.Normalise(typed);
            return new(normalised, Matches(normalised));
        }

        private bool Matches(string normalised)
        {
            if (texts.Contains(normalised))
                return true;
            if (
                AnswerText.TryReadNumber(normalised, out var value, out var unit)
                && numbers.Any(number =>
                    (unit.Length == 0 || number.Units.Contains(unit)) && value.IsWithin(number.Tolerance, number.Value)
                )
            )
                return true;
            return patterns.Any(pattern => pattern.IsMatch(normalised));
        }

        private static HashSet<string> UnitsOf(NumberKey number) =>
            number.Units.Select(AnswerText.Normalise).ToHashSet(StringComparer.Ordinal);

        private static Fraction ReadTolerance(string text) => NotNegative(text, Read(text, Number));

        private static (Fraction Value, string Unit)? Number(string text) =>
            AnswerText.TryReadNumber(AnswerText.Normalise(text), out var value, out var unit) ? (value, unit) : null;
    }
}
