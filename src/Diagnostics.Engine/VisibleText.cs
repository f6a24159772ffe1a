using System.Globalization;
using System.Text;

namespace Diagnostics.Engine;

/// <summary>
/// What of a text a person can see. A text that shows nothing is blank everywhere: as an answer, a surname, a reason.
/// </summary>
public static class VisibleText
{
    /// <summary>Null, empty, blanks, or signs that leave no mark on paper.</summary>
    public static bool ShowsNothing(string? text)
    {
        if (text is null) return true;
        foreach (var rune in text.EnumerateRunes())
            if (!Rune.IsWhiteSpace(rune) && !IsMark(rune) && !IsInvisible(rune)) return false;
        return true;
    }

    /// <summary>Takes no place and leaves no mark: joiners, directions, soft hyphens, controls, fillers.</summary>
    public static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Format => true,
        UnicodeCategory.Control => !Rune.IsWhiteSpace(rune),
        // Letters and marks by category, nothing by looks: fillers of Hangul and Khmer, an empty Braille cell, selectors
        // of a variant, the joiner of graphemes.
        _ => rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x2800 or 0x3164
            or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0 or (>= 0xE0100 and <= 0xE01EF),
    };

    /// <summary>The text without them; a lone half of a surrogate pair, which no database keeps, becomes U+FFFD.</summary>
    public static string WithoutInvisible(string text)
    {
        StringBuilder? kept = null;
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var whole = !IsInvisible(rune) && (rune != Rune.ReplacementChar || text[at] == Rune.ReplacementChar.Value);
            // Most texts have nothing of the kind and are not copied.
            if (!whole) kept ??= new StringBuilder(text, 0, at, text.Length);
            if (kept is not null && !IsInvisible(rune)) kept.Append(rune.ToString());
            at += rune.Utf16SequenceLength;
        }
        return kept?.ToString() ?? text;
    }

    /// <summary>NFKC: what is composed and what is decomposed, wide and narrow are one; never throws.</summary>
    public static string Compatible(string text) => string.Concat(text.EnumerateRunes()).Normalize(NormalizationForm.FormKC);

    /// <summary>NFC: one sign for a letter and its mark, and nothing else changed; never throws.</summary>
    public static string Composed(string text) => string.Concat(text.EnumerateRunes()).Normalize(NormalizationForm.FormC);

    // A mark without a letter under it says nothing.
    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;
}
