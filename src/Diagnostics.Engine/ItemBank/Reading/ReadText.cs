using System.Text;
using System.Text.RegularExpressions;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.ItemBank.Reading;

/// <summary>A text as a reader perceives it on the screen.</summary>
internal static partial class ReadText
{
    /// <summary>
    /// Returns equal strings for texts that nobody can tell apart, because they differ only in blanks, kinds of dashes
    /// and quotes, look-alike letters, or a closing full stop. Case, symbols and powers remain.
    /// </summary>
    internal static string Of(string text)
    {
        var seen = VisibleText.Composed(VisibleText.WithoutInvisible(text));
        var alike = new StringBuilder(seen.Length);
        foreach (var letter in seen)
            alike.Append(Ru2Text.Alike(letter));
        var plain = Blanks().Replace(alike.ToString(), " ").Trim();
        return LookAlikes.Fold(ClosingStop().Replace(plain, ""), capitalsCount: true);
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Blanks();

    [GeneratedRegex(@"(?<=[^\s.])\.\z", RegexOptions.CultureInvariant)]
    private static partial Regex ClosingStop();
}
