using System.Text.RegularExpressions;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.People;

/// <summary>
/// Names of organisations as people type them. Until there is a directory, only the name shows whether an expert and
/// the author of a script work together.
/// </summary>
public static partial class OrganisationName
{
    /// <summary>Names of at least this many letters may differ in two letters through typing errors alone.</summary>
    private const int LongEnough = 8;

    private const int Slips = 2;

    // In a name with a number, these words do not identify the organisation.
    private static readonly HashSet<string> LegalForms = Tokens(
            "мбоу мкоу маоу мгоу гбоу гкоу гаоу гоу моу оу ноу чоу мбдоу мадоу мкдоу доу ано гбпоу гапоу муниципальное бюджетное казённое "
                + "автономное государственное частное общеобразовательное дошкольное образовательное профессиональное учреждение "
                + "организация имени им г город с село пос"
        )
        .ToHashSet(StringComparer.Ordinal);

    // Words that people write sometimes in full and sometimes abbreviated.
    private static readonly (string Full, string Short)[] Shortened =
    [
        (Joined("средняя общеобразовательная школа"), Joined("сош")),
        (Joined("основная общеобразовательная школа"), Joined("оош")),
        (Joined("начальная общеобразовательная школа"), Joined("нош")),
        (Joined("средняя школа"), Joined("сош")),
        (Joined("детский сад"), Joined("дс")),
    ];

    /// <summary>
    /// Returns the same text for all spellings of a name: quotes, blanks, dashes, case, ё, look-alike letters and the
    /// way a number is marked (№, N, No) do not distinguish organisations. '' for a name that shows nothing.
    /// </summary>
    public static string Canonical(string? name) => string.Join(' ', Tokens(name ?? ""));

    /// <summary>Whether two names are spellings of the same organisation's name.</summary>
    public static bool AreSame(string? one, string? other) => Canonical(one) is { Length: > 0 } canonical && canonical == Canonical(other);

    /// <summary>
    /// Whether two different names may belong to the same organisation, so that a person has to look. Numbers must
    /// agree; the names may differ in the legal form, in a place name that only one of them has, or by a typing error.
    /// </summary>
    public static bool AreNear(string? one, string? other)
    {
        var (first, second) = (Canonical(one), Canonical(other));
        if (first.Length == 0 || second.Length == 0 || first == second)
            return false;
        var (mine, theirs) = (Words(first), Words(second));
        if (!Numbers(mine).SetEquals(Numbers(theirs)))
            return false;
        var (words, others) = (Letters(mine), Letters(theirs));
        return Within(words, others, mine)
            || Within(others, words, theirs)
            || (Math.Min(first.Length, second.Length) >= LongEnough && Distance(first, second) <= Slips);
    }

    // Without a number, a common word alone («школа») identifies nothing.
    private static bool Within(HashSet<string> words, HashSet<string> others, IReadOnlyList<string> all) =>
        words.IsSubsetOf(others) && (Numbers(all).Count > 0 || words.Count > 1 || words.SetEquals(others));

    private static List<string> Words(string canonical)
    {
        var text = Shortened.Aggregate(
            $" {canonical} ",
            (name, form) => name.Replace($" {form.Full} ", $" {form.Short} ", StringComparison.Ordinal)
        );
        return text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => !LegalForms.Contains(word)).ToList();
    }

    private static HashSet<string> Numbers(IEnumerable<string> words) =>
        words.Where(word => char.IsAsciiDigit(word[0])).ToHashSet(StringComparer.Ordinal);

    private static HashSet<string> Letters(IEnumerable<string> words) =>
        words.Where(word => !char.IsAsciiDigit(word[0])).ToHashSet(StringComparer.Ordinal);

    private static string Joined(string name) => string.Join(' ', Tokens(name));

    private static List<string> Tokens(string name)
    {
        var plain = VisibleText.Compatible(VisibleText.WithoutInvisible(name).Replace("№", " n ", StringComparison.Ordinal));
        var folded = LookAlikes.Fold(plain.Replace('ё', 'е').Replace('Ё', 'Е'), capitalsCount: false).ToLowerInvariant();
        var tokens = Token().Matches(folded).Select(match => match.Value.TrimStart('0') is { Length: > 0 } rest ? rest : "0").ToList();
        // «№ 25» and «25» are the same number, so the sign before a number is dropped; elsewhere «n» is part of the
        // name.
        return tokens
            .Where((token, at) => at + 1 == tokens.Count || !char.IsAsciiDigit(tokens[at + 1][0]) || !IsNumberWord(token))
            .ToList();
    }

    private static bool IsNumberWord(string token) => token is "n" or "no" or "номер";

    /// <summary>Number of letters to change, add or remove to turn one name into the other.</summary>
    private static int Distance(string one, string other)
    {
        var above = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var row = 1; row <= one.Length; row++)
        {
            var diagonal = above[0];
            above[0] = row;
            for (var column = 1; column <= other.Length; column++)
            {
                var changed = diagonal + (one[row - 1] == other[column - 1] ? 0 : 1);
                diagonal = above[column];
                above[column] = Math.Min(changed, Math.Min(diagonal, above[column - 1]) + 1);
            }
        }
        return above[^1];
    }

    [GeneratedRegex(@"\p{L}+|[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Token();
}
