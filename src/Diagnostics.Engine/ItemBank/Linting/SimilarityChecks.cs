using System.Text.RegularExpressions;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.ItemBank.Linting;

/// <summary>
/// No item may occur twice in a form, and no facet may repeat another (clause 3.6.2). Within a facet, similarity is
/// required and is not a fault: «принцип фасетных (однотипных) заданий» in that clause asks for the same task with
/// different numbers, objects and situations.
/// </summary>
internal static partial class SimilarityChecks
{
    /// <summary>
    /// Two items that have at least this share of their word triples in common count as near-duplicates.
    /// </summary>
    private const double TooAlike = 0.5;
    private const int Shingle = 3;

    internal static IEnumerable<Hit> Repeated(LintedBank bank)
    {
        var exact = bank.Items.ToDictionary(
            item => item.Code,
            item => AnswerText.Normalise(bank.TextOf(item.Code)),
            StringComparer.Ordinal
        );
        return from pair in Pairs(bank)
            where exact[pair.First.Code] == exact[pair.Second.Code]
            select bank.At(
                pair.Second,
                $"То же задание, что {pair.First.Code}{Place(bank, pair.First)}.",
                "Напишите другое задание того же элемента и сложности.",
                pair.First
            );
    }

    internal static IEnumerable<Hit> Similar(LintedBank bank)
    {
        var exact = bank.Items.ToDictionary(
            item => item.Code,
            item => AnswerText.Normalise(bank.TextOf(item.Code)),
            StringComparer.Ordinal
        );
        var shingles = bank.Items.ToDictionary(item => item.Code, item => Shingles(bank.TextOf(item.Code)), StringComparer.Ordinal);
        return from pair in Pairs(bank)
            where pair.First.Facet != pair.Second.Facet
            let alike = Jaccard(shingles[pair.First.Code], shingles[pair.Second.Code])
            where alike >= TooAlike && exact[pair.First.Code] != exact[pair.Second.Code]
            select bank.At(
                pair.Second,
                $"Почти то же задание, что {pair.First.Code}{Place(bank, pair.First)}: совпадает {(int)Math.Round(alike * 100)} % текста.",
                "Два фасета одной формы проверяют разное: измените в одном из них проверяемое умение.",
                pair.First
            );
    }

    /// <summary>
    /// All pairs to compare: two items of the same form, or of the same facet when no form uses that facet.
    /// </summary>
    private static IEnumerable<(Item First, Item Second)> Pairs(LintedBank bank)
    {
        var used = bank.Together.SelectMany(facets => facets).Select(facet => facet.Code).ToHashSet(StringComparer.Ordinal);
        var groups = bank
            .Together.Select(facets => facets.DistinctBy(facet => facet.Code).SelectMany(facet => facet.Items).ToList())
            .Concat(bank.Bank.Facets.Where(facet => !used.Contains(facet.Code)).Select(facet => facet.Items.ToList()));
        var seen = new HashSet<(string, string)>();
        foreach (var group in groups)
            for (var first = 0; first < group.Count; first++)
            for (var second = first + 1; second < group.Count; second++)
                if (seen.Add((group[first].Code, group[second].Code)))
                    yield return (group[first], group[second]);
    }

    private static string Place(LintedBank bank, Item item) =>
        bank.Bank.Places.OfItem(item.Code) is { Line: > 0 } place ? $" ({place.File}, строка {place.Line})" : "";

    /// <summary>
    /// The triples of neighbouring word stems and symbols in a text. All numbers count as equal, and so do all names of
    /// people, so that changing them does not make a new item. Symbols are kept, because they are the substance of a
    /// formula.
    /// </summary>
    private static HashSet<string> Shingles(string text)
    {
        var tokens = Token()
            .Matches(Name().Replace(text, "@"))
            .Select(match => match.Value.ToLowerInvariant())
            .Select(token =>
                char.IsDigit(token[0]) ? "#"
                : char.IsLetter(token[0]) ? RussianStemmer.Stem(token)
                : token
            )
            .ToList();
        var size = Math.Min(Shingle, Math.Max(1, tokens.Count));
        return Enumerable
            .Range(0, tokens.Count - size + 1)
            .Select(start => string.Join(' ', tokens.Skip(start).Take(size)))
            .ToHashSet(StringComparer.Ordinal);
    }

    private static double Jaccard(HashSet<string> one, HashSet<string> other)
    {
        var common = one.Count(other.Contains);
        var all = one.Count + other.Count - common;
        return all == 0 ? 0 : (double)common / all;
    }

    [GeneratedRegex(
        @"\p{L}+|\p{Nd}+([.,]\p{Nd}+)?|[^\s\p{L}\p{Nd}.,:;!?«»""()—-]",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Token();

    // A capitalised word in the middle of a sentence, with any initials before it: «учитель Петров», «Маша».
    [GeneratedRegex(@"(?<=[\p{Ll},–—-] )([А-ЯЁ]\. ?)*[А-ЯЁ][а-яё]+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
