using System.Globalization;
using System.Text;

namespace Diagnostics.Engine;

/// <summary>
/// The part of a text that a person can see. A text that shows nothing counts as blank everywhere: as an answer, a
/// surname, a reason.
/// </summary>
public static class VisibleText
{
    /// <summary>Whether a text is null, empty, blank, or made of characters that leave no mark on paper.</summary>
    public static bool ShowsNothing(string? text)
    {
        if (text is null)
            return true;
        foreach (var rune in text.EnumerateRunes())
            if (!Rune.IsWhiteSpace(rune) && !IsMark(rune) && !IsInvisible(rune))
                return false;
        return true;
    }

    /// <summary>
    /// Whether a character takes no space and leaves no mark: joiners, directions, soft hyphens, controls, fillers.
    /// </summary>
    public static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Format => true,
            UnicodeCategory.Control => !Rune.IsWhiteSpace(rune),
            // By category these are letters and marks, but they show nothing: Hangul and Khmer fillers, the empty Braille
            // cell, variation selectors, the grapheme joiner.
            _ => rune.Value
                is 0x034F
                    or 0x115F
                    or 0x1160
                    or 0x17B4
                    or 0x17B5
                    or (>= 0x180B and <= 0x180F)
                    or 0x2800
                    or 0x3164
                    or (>= 0xFE00 and <= 0xFE0F)
                    or 0xFFA0
                    or (>= 0xE0100 and <= 0xE01EF),
        };

    /// <summary>
    /// Returns the text without invisible characters. A lone half of a surrogate pair, which no database keeps, becomes
    /// U+FFFD.
    /// </summary>
    public static string WithoutInvisible(string text)
    {
        StringBuilder? kept = null;
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var whole = !IsInvisible(rune) && (rune != Rune.ReplacementChar || text[at] == Rune.ReplacementChar.Value);
            // Most texts need no change and are not copied.
            if (!whole)
                kept ??= new StringBuilder(text, 0, at, text.Length);
            if (kept is not null && !IsInvisible(rune))
                kept.Append(rune.ToString());
            at += rune.Utf16SequenceLength;
        }
        return kept?.ToString() ?? text;
    }

    /// <summary>
    /// NFKC: gives the same spelling to composed and decomposed forms, and to wide and narrow ones; never throws.
    /// </summary>
    public static string Compatible(string text) => string.Concat(text.EnumerateRunes()).Normalize(NormalizationForm.FormKC);

    /// <summary>NFC: joins a letter and its mark into one character and changes nothing else; never throws.</summary>
    public static string Composed(string text) => string.Concat(text.EnumerateRunes()).Normalize(NormalizationForm.FormC);

    // A mark without a letter shows nothing.
    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;
}
