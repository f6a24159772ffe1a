using System.Text;

namespace Diagnostics.Server.Pages.Site;

/// <summary>Searches texts as people type them: case, ё, blanks, dashes and quotes do not count.</summary>
internal static class SearchText
{
    private const string Latin = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
    private const string Cyrillic = "ёйцукенгшщзхъфывапролджэячсмитьбю";

    /// <summary>
    /// The rows whose text contains the wanted one. When there are none and the wanted text has no Cyrillic letters, it
    /// is read as if it had been typed with the Russian layout.
    /// </summary>
    internal static IReadOnlyList<TRow> Find<TRow>(IReadOnlyList<TRow> rows, string wanted, Func<TRow, string> textOf)
    {
        var found = Containing(Fold(wanted));
        return found.Count == 0 && InRussianLayout(wanted) is { } typed ? Containing(Fold(typed)) : found;

        List<TRow> Containing(string part) => rows.Where(row => Fold(textOf(row)).Contains(part, StringComparison.Ordinal)).ToList();
    }

    /// <summary>Letters and digits in lower case, words separated by single blanks.</summary>
    internal static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var sign in text.Normalize(NormalizationForm.FormC).ToLowerInvariant())
            if (char.IsLetterOrDigit(sign))
                folded.Append(sign == 'ё' ? 'е' : sign);
            else if (folded.Length > 0 && folded[^1] != ' ')
                folded.Append(' ');
        return folded.ToString().TrimEnd();
    }

    /// <summary>«Гаджиева» for «Ufl;btdf»; null for a text with Cyrillic letters.</summary>
    internal static string? InRussianLayout(string text) =>
        text.Any(sign => sign is >= 'А' and <= 'я' or 'ё' or 'Ё')
            ? null
            : string.Concat(
                text.ToLowerInvariant()
                    .Select(sign => Latin.IndexOf(sign, StringComparison.Ordinal) is >= 0 and var at ? Cyrillic[at] : sign)
            );
}
