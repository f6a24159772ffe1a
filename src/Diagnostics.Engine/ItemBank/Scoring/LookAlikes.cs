using System.Globalization;

namespace Diagnostics.Engine.ItemBank.Scoring;

/// <summary>
/// Letters of one alphabet that look like letters of the other. A person who types «ХIХ» for «XIX» or «СО» for «CO» has
/// written the same answer: nobody sees the difference on the screen.
/// </summary>
internal static class LookAlikes
{
    private const string Cyrillic = "АВЕКМНОРСТУХІЅЈ";
    private const string Latin = "ABEKMHOPCTYXISJ";

    // Small в, к, м, н, т have a different shape from their Latin counterparts.
    private const string SmallCyrillic = "аеорсухіѕј";

    private static readonly char[] ByShape = Table(capitalsCount: true);

    private static readonly char[] ByShapeOfCapital = Table(capitalsCount: false);

    /// <summary>
    /// Unifies the alphabet of each token. A token with only look-alike letters becomes Cyrillic, whatever its alphabet
    /// was, because most such tokens are Russian and people read the result. A few stray letters in a token of the
    /// other alphabet become letters of that alphabet.
    /// </summary>
    /// <param name="capitalsCount">True = letters are compared only in the case in which they were typed. False = small
    /// letters also count by the shape of their capitals: «ов» equals «ОВ», which looks like «OB».</param>
    internal static string Fold(string text, bool capitalsCount)
    {
        char[]? folded = null;
        for (var start = 0; start < text.Length; start++)
        {
            var end = start;
            while (end < text.Length && IsInToken(text[end]))
                end++;
            if (AlphabetOf(text.AsSpan(start..end), capitalsCount) is { } latin)
                for (var at = start; at < end; at++)
                    if (IsCyrillic(text[at]) == latin && Twin(text[at], capitalsCount) is { } twin)
                        (folded ??= text.ToCharArray())[at] = twin;
            start = end;
        }
        return folded is null ? text : new string(folded);
    }

    /// <summary>Whether the token becomes Latin (true) or Cyrillic (false); null when it stays as it is.</summary>
    private static bool? AlphabetOf(ReadOnlySpan<char> token, bool capitalsCount)
    {
        var (latin, cyrillic) = (false, false);
        foreach (var letter in token)
        {
            // «é» looks like no letter of the other alphabet, and a letter exchanged under its mark would merge with
            // the mark.
            if (IsMark(letter))
                return null;
            if (Twin(letter, capitalsCount) is not null)
                continue;
            if (IsCyrillic(letter))
                cyrillic = true;
            else
                latin = true;
        }
        return latin && cyrillic ? null : latin;
    }

    /// <summary>The look-alike letter of the other alphabet, in the same case; null when there is none.</summary>
    internal static char? Twin(char letter, bool capitalsCount)
    {
        var twins = capitalsCount ? ByShape : ByShapeOfCapital;
        return letter < twins.Length && twins[letter] is not '\0' and var twin ? twin : null;
    }

    private static char[] Table(bool capitalsCount)
    {
        var twins = new char[0x530];
        for (var place = 0; place < Cyrillic.Length; place++)
        {
            var small = char.ToLowerInvariant(Cyrillic[place]);
            (twins[Cyrillic[place]], twins[Latin[place]]) = (Latin[place], Cyrillic[place]);
            if (!capitalsCount || SmallCyrillic.Contains(small))
                (twins[small], twins[char.ToLowerInvariant(Latin[place])]) = (char.ToLowerInvariant(Latin[place]), small);
        }
        return twins;
    }

    private static bool IsInToken(char letter) => char.IsLetter(letter) || IsMark(letter);

    // Only the characters that may be marks have their category looked up: no mark lies before the first block of
    // marks, nor among the letters of the two alphabets.
    private static bool IsMark(char letter) =>
        letter >= '\u0300'
        && letter is not (>= '\u0400' and <= '\u0482')
        && char.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark;

    internal static bool IsCyrillic(char letter) => letter is >= '\u0400' and <= '\u052F';
}
