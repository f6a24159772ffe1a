using System.Globalization;
using System.Text;
using Diagnostics.UseCases.Marking;

namespace Diagnostics.Server.Pages.Supervision;

public sealed partial class AnswersPage
{
    /// <summary>An answer to decide on, as the form names it.</summary>
    public sealed record ChosenAnswer(string ItemCode, int ItemVersion, string Normalisation, string Normalised)
    {
        internal static ChosenAnswer Of(AnswerGroup group) => new(group.ItemCode, group.ItemVersion, group.Normalisation, group.Normalised);

        internal string Field => string.Create(CultureInfo.InvariantCulture, $"{ItemCode}|{ItemVersion}|{Normalisation}|{Normalised}");

        internal static ChosenAnswer? Parse(string field) =>
            field.Split('|', 4) is [var item, var version, var rule, var text]
            && int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? new(item, number, rule, text)
                : null;

        /// <summary>
        /// Equal for answers that differ only in case, blanks, punctuation between words and the sign of multiplication, so
        /// that they are shown side by side. A comma, a point, a minus or a fraction bar beside a digit counts.
        /// </summary>
        internal static string LikenessOf(string text)
        {
            var key = new StringBuilder(text.Length);
            var lower = text.Normalize(NormalizationForm.FormC).ToLowerInvariant().Replace('ё', 'е').Replace('−', '-').Replace('.', ',');
            for (var at = 0; at < lower.Length; at++)
                if (
                    char.IsLetterOrDigit(lower[at])
                    || (lower[at] is ',' or '-' or '/' && at + 1 < lower.Length && char.IsDigit(lower[at + 1]))
                )
                    key.Append(lower[at]);
                else if (!char.IsWhiteSpace(lower[at]) && !char.IsPunctuation(lower[at]))
                    key.Append(lower[at]);
            return key.ToString();
        }
    }
}
