using System.Text.RegularExpressions;

namespace Diagnostics.Engine.ItemBank.Linting;

/// <summary>
/// Finds evaluative words that state no measure (clause 3.6.1: «эффективно, оптимально, достаточно и т. п.»), in every
/// grammatical form, also with the prefixes «не-» and «наи-». Comparing the beginnings of words works better here than
/// the stemmer, because in short forms («достаточен») and comparatives a vowel changes.
/// </summary>
internal static partial class QualityWords
{
    /// <summary>The evaluative words in a text, as spelled there.</summary>
    internal static IEnumerable<string> In(string text) => Words.Of(text).Where(word => word.Split('-').Any(IsOne)).Distinct();

    private static bool IsOne(string word) => Judging().IsMatch(word) && !Innocent().IsMatch(word);

    [GeneratedRegex(
        "^(не|наи|пре)?(эффективн|эффективен|оптимальн|оптимален|достаточн|достаточен|успешн|успешен|качествен|рациональн|рационален|целесообразн|целесообразен"
            + @"|адекватн|адекватен|значительн|значителен|существен|полноцен|хорош|плох|лучш|худш)|^(наиболее|хуже|похуже|получше)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Judging();

    // «Хорошист» is a pupil with marks of 4 and 5, and «хорошеть» is a verb; neither is evaluative.
    [GeneratedRegex("^хорошист|^хорошеть|^хорошел", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Innocent();
}
