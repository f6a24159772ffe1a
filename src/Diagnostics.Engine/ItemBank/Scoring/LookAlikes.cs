using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Diagnostics.Engine.ItemBank.Scoring;

/// <summary>
/// Letters of one alphabet that look like letters of the other. A person who types «ХIХ» for «XIX» or «СО» for «CO» has
/// written the same; nobody sees the difference on the screen.
/// </summary>
internal static partial class LookAlikes
{
    private const string Cyrillic = "АВЕКМНОРСТУХІЅЈ";
    private const string Latin = "ABEKMHOPCTYXISJ";

    // Small в, к, м, н, т have another shape than their Latin twins.
    private const string SmallCyrillic = "аеорсухіѕј";

    /// <summary>
    /// A token of look-alike letters only becomes Cyrillic, whatever it was: most are, and people read it; a few strays in a token of the other alphabet
    /// become letters of that one.
    /// </summary>
    /// <param name="capitalsCount">Only shapes as typed; else «ов» is «ОВ», and that looks like «OB».</param>
    internal static string Fold(string text, bool capitalsCount) => Letters().Replace(text, token =>
    {
        var (latin, cyrillic) = (false, false);
        foreach (var letter in token.ValueSpan)
        {
            // «é» looks like nothing here, and letters exchanged under a mark would grow together with it.
            if (char.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark) return token.Value;
            if (Twin(letter, capitalsCount) is not null) continue;
            if (IsCyrillic(letter)) cyrillic = true;
            else latin = true;
        }
        if (latin && cyrillic) return token.Value;
        var folded = new StringBuilder(token.Length);
        foreach (var letter in token.ValueSpan)
            folded.Append(IsCyrillic(letter) != latin ? letter : Twin(letter, capitalsCount) ?? letter);
        return folded.ToString();
    });

    /// <summary>The letter of the other alphabet, in the same case; null when none looks like it.</summary>
    internal static char? Twin(char letter, bool capitalsCount)
    {
        var capital = char.ToUpperInvariant(letter);
        var (from, to) = IsCyrillic(letter) ? (Cyrillic, Latin) : (Latin, Cyrillic);
        if (from.IndexOf(capital) is not (>= 0 and var place)) return null;
        if (letter == capital) return to[place];
        return capitalsCount && !SmallCyrillic.Contains(char.ToLowerInvariant(Cyrillic[place])) ? null : char.ToLowerInvariant(to[place]);
    }

    internal static bool IsCyrillic(char letter) => letter is >= '\u0400' and <= '\u052F';

    [GeneratedRegex(@"[\p{L}\p{Mn}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Letters();
}
