using Diagnostics.Engine.ItemBank.Reading;

namespace Diagnostics.Engine.ItemBank.Linting;

/// <summary>A rule with its check.</summary>
internal sealed record LintCheck<TBank>(BankRule Rule, Func<TBank, IEnumerable<Hit>> Look)
    where TBank : LintedBank
{
    /// <summary>Returns the same check for a bank class that derives from <typeparamref name="TBank"/>.</summary>
    internal LintCheck<TMore> Over<TMore>()
        where TMore : TBank => new(Rule, Look);
}

/// <summary>One violation of a rule.</summary>
/// <param name="Item">Code of the item or facet.</param>
/// <param name="Other">The other item of a pair; a waiver in either item counts.</param>
internal sealed record Hit(Place Place, string? Item, string Message, string Advice, string? Other = null);

/// <summary>A bank, together with data that several checks need.</summary>
internal class LintedBank
{
    private readonly Dictionary<string, string> texts;
    private readonly Dictionary<string, IReadOnlyList<string>> words;

    /// <param name="together">Groups of facets whose items a person gets in the same variant; the groups are the same
    /// for all variants. The items of a group must not give away one another's answers.</param>
    internal LintedBank(Bank bank, IReadOnlyList<IReadOnlyList<Facet>> together)
    {
        texts = bank.Facets.SelectMany(facet => facet.Items).ToDictionary(item => item.Code, TextOf, StringComparer.Ordinal);
        words = texts.ToDictionary(pair => pair.Key, pair => Words.Of(pair.Value), StringComparer.Ordinal);
        (Bank, Together) = (bank, together);
    }

    internal Bank Bank { get; }

    internal IReadOnlyList<IReadOnlyList<Facet>> Together { get; }

    internal IEnumerable<Item> Items => Bank.Facets.SelectMany(facet => facet.Items);

    /// <summary>All the text that a taker of the item reads.</summary>
    internal string TextOf(string item) => texts[item];

    /// <summary>All the words that a taker of the item reads.</summary>
    internal IReadOnlyList<string> WordsOf(Item item) => words[item.Code];

    internal Hit At(Item item, string message, string advice, Item? other = null) =>
        new(Bank.Places.OfItem(item.Code), item.Code, message, advice, other?.Code);

    internal Hit At(Facet facet, string message, string advice) => new(Bank.Places.OfFacet(facet.Code), facet.Code, message, advice);

    private static string TextOf(Item item) =>
        string.Join(
            "\n",
            [
                item.Stem,
                .. item.Body.Lists.SelectMany(list => list.Entries).Select(entry => entry.Text),
                item.Stimulus?.Title ?? "",
                item.Stimulus?.Body ?? "",
            ]
        );
}
