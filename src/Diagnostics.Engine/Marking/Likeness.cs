using System.Text;
using System.Text.RegularExpressions;

namespace Diagnostics.Engine.Marking;

/// <summary>Groups short open answers with the same wording, so that one decision serves them all.</summary>
public static partial class Likeness
{
    /// <summary>Longer answers are never grouped.</summary>
    public const int MaxLength = 300;

    /// <summary>
    /// Returns equal keys for answers that differ at most in case, ё, blanks, soft hyphens and one closing full stop:
    /// every other character carries meaning («x &lt; 3» is not «x &gt; 3»). Returns '' for an answer that is too long
    /// or shows nothing.
    /// </summary>
    public static string Of(string text)
    {
        if (text.Length > MaxLength || VisibleText.ShowsNothing(text))
            return "";
        // NFC and not NFKC, which would turn x² into x2.
        var lower = VisibleText.WithoutInvisible(text).Normalize(NormalizationForm.FormC).ToLowerInvariant().Replace('ё', 'е');
        return Digest.Of(ClosingStop().Replace(Blanks().Replace(lower, " ").Trim(), ""));
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Blanks();

    // One full stop ends a sentence; several of them carry meaning.
    [GeneratedRegex(@"(?<=[^\s.]) ?\.\z", RegexOptions.CultureInvariant)]
    private static partial Regex ClosingStop();
}
