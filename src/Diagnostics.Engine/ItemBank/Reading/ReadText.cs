using System.Text;
using System.Text.RegularExpressions;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.ItemBank.Reading;

/// <summary>A text as a reader sees it on the screen.</summary>
internal static partial class ReadText
{
    /// <summary>
    /// Equal for texts that nobody tells apart: blanks, kinds of dashes and quotes, look-alike letters, a closing stop. Case,
    /// signs and powers are seen.
    /// </summary>
    internal static string Of(string text)
    {
        var seen = VisibleText.Composed(VisibleText.WithoutInvisible(text));
        var alike = new StringBuilder(seen.Length);
        foreach (var letter in seen) alike.Append(Ru2Text.Alike(letter));
        var plain = Blanks().Replace(alike.ToString(), " ").Trim();
        return LookAlikes.Fold(ClosingStop().Replace(plain, ""), capitalsCount: true);
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Blanks();

    [GeneratedRegex(@"(?<=[^\s.])\.\z", RegexOptions.CultureInvariant)]
    private static partial Regex ClosingStop();
}
