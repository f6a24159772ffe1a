using System.Text.RegularExpressions;
using Diagnostics.Engine;

namespace Diagnostics.UseCases.Execution;

/// <summary>The rules for every text that a person types.</summary>
internal static partial class TextRules
{
    /// <returns>Null when the text contains something visible, is not too long and contains no NUL.</returns>
    internal static Refusal? Check(string field, string? text, int maxLength) =>
        text switch
        {
            { } nul when nul.Contains('\0') => Refusal
                .Invalid("forbidden-character", $"В поле {field} есть недопустимый знак U+0000.")
                .With("field", field),
            _ when VisibleText.ShowsNothing(text) => Refusal.Invalid("text-missing", $"Заполните поле {field}.").With("field", field),
            _ when text!.Length > maxLength => Refusal
                .Invalid("text-too-long", $"Поле {field} длиннее {maxLength} знаков.")
                .With("field", field),
            _ => null,
        };

    /// <summary>
    /// Checks a line of text by which people later find something. It refuses invisible characters, so that two texts
    /// that look the same are the same.
    /// </summary>
    internal static Refusal? CheckLine(string field, string? text, int maxLength) =>
        Check(field, text, maxLength)
        ?? (
            text!.EnumerateRunes().Any(VisibleText.IsInvisible)
                ? Refusal
                    .Invalid(
                        "forbidden-character",
                        $"В поле {field} есть невидимые знаки или знаки направления письма: наберите его заново."
                    )
                    .With("field", field)
                : null
        );

    /// <summary>Checks the name of a person or an account; no word of it may mix two alphabets.</summary>
    internal static Refusal? CheckName(string field, string? text, int maxLength) =>
        CheckLine(field, text, maxLength)
        ?? (
            Word()
                .Matches(VisibleText.Compatible(text!))
                .FirstOrDefault(word => Alphabets().Count(alphabet => alphabet.IsMatch(word.Value)) > 1)
                is { } mixed
                ? Refusal
                    .Invalid("mixed-scripts", $"В поле {field} слово «{mixed.Value}» набрано буквами разных алфавитов: наберите его одним.")
                    .With("field", field)
                : null
        );

    /// <summary>
    /// The detail of a refusal with the field's name for people in the place of its name in the API: the texts above
    /// have the latter after the word «поле».
    /// </summary>
    internal static string Named(string detail, string field, string label) =>
        detail.Replace($"оле {field}", $"оле «{label}»", StringComparison.Ordinal);

    private static IEnumerable<Regex> Alphabets() => [LatinLetter(), CyrillicLetter(), GreekLetter(), OtherLetter()];

    [GeneratedRegex(@"[\p{L}\p{M}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"[A-Za-z\u00C0-\u024F\u1E00-\u1EFF]", RegexOptions.CultureInvariant)]
    private static partial Regex LatinLetter();

    [GeneratedRegex(@"[\u0400-\u052F\u1C80-\u1C8F\u2DE0-\u2DFF\uA640-\uA69F]", RegexOptions.CultureInvariant)]
    private static partial Regex CyrillicLetter();

    [GeneratedRegex(@"[\u0370-\u03FF\u1F00-\u1FFF]", RegexOptions.CultureInvariant)]
    private static partial Regex GreekLetter();

    [GeneratedRegex(
        @"[\p{L}-[A-Za-z\u00AA\u00B5\u00BA\u00C0-\u024F\u02B0-\u02FF\u0370-\u052F\u1C80-\u1C8F\u1E00-\u1FFF\u2DE0-\u2DFF\uA640-\uA69F]]",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex OtherLetter();
}
