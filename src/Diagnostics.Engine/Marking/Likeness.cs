using System.Globalization;
using System.Text;

namespace Diagnostics.Engine.Marking;

/// <summary>Groups short open answers that say the same in the same words, so that one decision serves them all.</summary>
public static class Likeness
{
    /// <summary>Longer answers are read one by one.</summary>
    public const int MaxLength = 300;

    /// <summary>The answer's letters and digits in one case, ё as е; '' for one that is longer or holds none.</summary>
    public static string Of(string text)
    {
        if (text.Length > MaxLength) return "";
        var skeleton = new StringBuilder(text.Length);
        foreach (var rune in text.Normalize(NormalizationForm.FormKC).EnumerateRunes().Where(Rune.IsLetterOrDigit))
            skeleton.Append(Rune.ToLower(rune, CultureInfo.InvariantCulture));
        return skeleton.Length == 0 ? "" : CanonicalJson.HashOf(skeleton.Replace('ё', 'е').ToString());
    }
}
