using System.Text;

namespace Diagnostics.Server.Pages.Supervision;

/// <summary>Which short answers are shown side by side.</summary>
internal static class AnswerLikeness
{
    /// <summary>
    /// Equal for answers that differ only in case, blanks, punctuation between words and the sign of multiplication, so
    /// that they are shown side by side. A comma, a point, a minus or a fraction bar beside a digit counts.
    /// </summary>
    internal static string Of(string text)
    {
        var key = new StringBuilder(text.Length);
        var lower = text.Normalize(NormalizationForm.FormC).ToLowerInvariant().Replace('ё', 'е').Replace('−', '-').Replace('.', ',');
        for (var at = 0; at < lower.Length; at++)
            if (char.IsLetterOrDigit(lower[at]) || (lower[at] is ',' or '-' or '/' && at + 1 < lower.Length && char.IsDigit(lower[at + 1])))
                key.Append(lower[at]);
            else if (!char.IsWhiteSpace(lower[at]) && !char.IsPunctuation(lower[at]))
                key.Append(lower[at]);
        return key.ToString();
    }
}
