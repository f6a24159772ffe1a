using System.Text.RegularExpressions;

namespace Diagnostics.Engine.ItemBank.Scoring;

/// <summary>
/// The second rule: characters that carry meaning stay (<see cref="Ru2Text"/>), numbers are read in every usual
/// notation (<see cref="Ru2Number"/>), and answers that are equal as numbers belong to the same group.
/// </summary>
internal sealed class Ru2() : AnswerRule("ru-2")
{
    internal override KeyReader Compile(ShortAnswerKey key) => new Reader(key);

    private sealed class Reader : KeyReader
    {
        private readonly Spelling spelling;
        private readonly HashSet<string> texts;
        private readonly RightNumber[] numbers;
        private readonly Regex[] patterns;

        /// <summary>
        /// Maps each spelling of a unit, canonical or the author's, to the first equal unit in the key.
        /// </summary>
        private readonly Dictionary<string, string> units = new(StringComparer.Ordinal);

        /// <summary>Whether «50 %» equals 0.5 in every comparison.</summary>
        private readonly bool percent;

        internal Reader(ShortAnswerKey key)
        {
            if (key.Texts.Count + key.Numbers.Count + key.Patterns.Count == 0)
                throw new FormatException("Ключ пуст.");
            spelling = new(key.CaseSensitive, key.Yo);
            texts = key.Texts.Select(text => Ru2Text.Normalise(text, spelling)).ToHashSet(StringComparer.Ordinal);
            if (texts.Contains("") || key.Texts.Any(VisibleText.ShowsNothing))
                throw new FormatException("В ключе есть пустой текст.");
            foreach (var number in key.Numbers)
            foreach (var unit in number.Units)
            {
                units.TryAdd(Ru2Number.UnitOf(unit), Ru2Number.UnitOf(number.Units[0]));
                units.TryAdd(Ru2Text.Shape(unit), units[Ru2Number.UnitOf(unit)]);
            }
            if (units.ContainsKey(""))
                throw new FormatException("В ключе есть пустая единица.");
            percent = key.Numbers.Any(number => number.Percent) && !units.ContainsKey("%");
            if (!percent && key.Numbers.Any(number => number.Percent))
                throw new FormatException("Ключ говорит percent, и он же называет «%» единицей: процент нельзя понять двояко.");
            numbers = key.Numbers.Select(Of).ToArray();
            patterns = key.Patterns.Select(pattern => AnswerPattern.Compile(pattern, AnswerPattern.Fold(pattern, spelling))).ToArray();
        }

        internal override ReadAnswer Read(string typed)
        {
            if (VisibleText.ShowsNothing(typed))
                return new("", false);
            var shape = Ru2Text.Shape(typed);
            var text = Ru2Text.Fold(shape, spelling);
            if (Accepts(text))
                return new(text, true);
            if (numbers.Length == 0 || Ru2Number.Read(shape) is not { } read)
                return new(text, false);
            var (value, unit) = (read.Value, UnitOf(read.Unit));
            if (percent && unit == "%")
                (value, unit) = (value.Hundredth, "");
            // Equal numbers belong to the same group, so a text that is right in one notation is right in every other.
            var number = Ru2Number.Write(value);
            var group = unit.Length == 0 ? number : $"{number} {unit}";
            return new(group, IsRight(value, number, unit) || (HasTexts && group != text && Accepts(Ru2Text.Fold(group, spelling))));
        }

        private string UnitOf(string written)
        {
            if (units.TryGetValue(written, out var known))
                return known;
            var unit = Ru2Number.UnitOf(written);
            return units.GetValueOrDefault(unit, unit);
        }

        private bool HasTexts => texts.Count + patterns.Length > 0;

        private bool Accepts(string text)
        {
            if (texts.Contains(text))
                return true;
            foreach (var pattern in patterns)
                if (pattern.IsMatch(text))
                    return true;
            return false;
        }

        private bool IsRight(Fraction value, string written, string unit)
        {
            foreach (var number in numbers)
                if (number.Accepts(value, written, unit))
                    return true;
            return false;
        }

        private RightNumber Of(NumberKey key)
        {
            var value = Read(key.Value, Number);
            var tolerance = key.IsRelative ? Share(key.Tolerance, value) : NotNegative(key.Tolerance, Read(key.Tolerance, Number));
            if (key.UnitRequired && key.Units.Count == 0)
                throw new FormatException($"Число «{key.Value}» в ключе требует единицы, а ни одной не названо.");
            var accepted = key.Units.Select(unit => units[Ru2Number.UnitOf(unit)]).ToHashSet(StringComparer.Ordinal);
            return new(value, tolerance, accepted, key.UnitRequired);
        }

        private static Fraction Share(string tolerance, Fraction of) =>
            Number(tolerance) is ({ } share, "%")
                ? NotNegative(tolerance, share).Hundredth.Of(of.Magnitude)
                : throw new FormatException($"Допуск «{tolerance}» в ключе не читается как доля в процентах.");

        private static (Fraction Value, string Unit)? Number(string text) =>
            Ru2Number.Read(Ru2Text.Shape(text)) is { } read ? (read.Value, Ru2Number.UnitOf(read.Unit)) : null;
    }

    private sealed record RightNumber(Fraction Value, Fraction Tolerance, IReadOnlySet<string> Units, bool UnitRequired)
    {
        /// <summary>The only right value in canonical notation; null when a tolerance allows others.</summary>
        private readonly string? only = Tolerance.Numerator.IsZero ? Ru2Number.Write(Value) : null;

        /// <param name="written">The value in canonical notation.</param>
        internal bool Accepts(Fraction value, string written, string unit) =>
            (unit.Length == 0 ? !UnitRequired : Units.Contains(unit))
            && (only is null ? value.IsWithin(Tolerance, Value) : only == written);
    }
}
