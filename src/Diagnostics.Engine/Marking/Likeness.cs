using System.Text;
using System.Text.RegularExpressions;

namespace Diagnostics.Engine.Marking;

/// <summary>Groups short open answers that say the same in the same words, so that one decision serves them all.</summary>
public static partial class Likeness
{
    /// <summary>Longer answers are read one by one.</summary>
    public const int MaxLength = 300;

    /// <summary>
    /// Equal for answers that differ in case, ё, blanks, soft hyphens and one closing stop at most: every other sign carries
    /// meaning («x &lt; 3» is not «x &gt; 3»). '' for an answer that is longer or shows nothing.
    /// </summary>
    public static string Of(string text)
    {
        if (text.Length > MaxLength || VisibleText.ShowsNothing(text)) return "";
        // NFC, not NFKC: that would take x² for x2.
        var lower = VisibleText.WithoutInvisible(text).Normalize(NormalizationForm.FormC).ToLowerInvariant().Replace('ё', 'е');
        return Digest.Of(ClosingStop().Replace(Blanks().Replace(lower, " ").Trim(), ""));
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Blanks();

    // One stop ends a sentence; several are a sign of their own.
    [GeneratedRegex(@"(?<=[^\s.]) ?\.\z", RegexOptions.CultureInvariant)]
    private static partial Regex ClosingStop();
}
