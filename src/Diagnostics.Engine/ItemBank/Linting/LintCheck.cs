using Diagnostics.Engine.Forms;
using Diagnostics.Engine.ItemBank.Reading;

namespace Diagnostics.Engine.ItemBank.Linting;

/// <summary>A rule and what looks for it.</summary>
internal sealed record LintCheck(BankRule Rule, Func<LintedBank, IEnumerable<Hit>> Look);

/// <summary>One violation of a rule.</summary>
/// <param name="Item">Code of the item or facet.</param>
/// <param name="Other">The other item of a pair: a waiver at either one holds.</param>
internal sealed record Hit(Place Place, string? Item, string Message, string Advice, string? Other = null);

/// <summary>A bank with what several checks ask for.</summary>
internal sealed class LintedBank
{
    private readonly Dictionary<string, string> texts;
    private readonly Dictionary<string, IReadOnlyList<string>> words;

    internal LintedBank(Bank bank)
    {
        texts = bank.Facets.SelectMany(facet => facet.Items).ToDictionary(item => item.Code, TextOf, StringComparer.Ordinal);
        words = texts.ToDictionary(pair => pair.Key, pair => Words.Of(pair.Value), StringComparer.Ordinal);
        Bank = bank;
        var byCode = bank.Facets.ToDictionary(facet => facet.Code, StringComparer.Ordinal);
        Forms = bank.Blueprints.Select(blueprint => new LintedForm(blueprint, blueprint.Slots
            .Where(slot => slot.Facet is not null && byCode.ContainsKey(slot.Facet))
            .Select(slot => (slot, byCode[slot.Facet!])).ToList())).ToList();
    }

    internal Bank Bank { get; }

    internal IReadOnlyList<LintedForm> Forms { get; }

    internal IEnumerable<Item> Items => Bank.Facets.SelectMany(facet => facet.Items);

    /// <summary>Everything of an item that a taker reads.</summary>
    internal string TextOf(string item) => texts[item];

    /// <summary>The same, word by word.</summary>
    internal IReadOnlyList<string> WordsOf(Item item) => words[item.Code];

    internal Hit At(Item item, string message, string advice, Item? other = null) => new(Bank.Places.OfItem(item.Code), item.Code, message, advice, other?.Code);

    internal Hit At(Facet facet, string message, string advice) => new(Bank.Places.OfFacet(facet.Code), facet.Code, message, advice);

    internal Hit At(Blueprint blueprint, string message, string advice) => new(Bank.Places.OfBlueprint(blueprint.Code), null, message, advice);

    internal Hit At(Blueprint blueprint, Slot slot, string message, string advice) => new(Bank.Places.OfSlot(blueprint.Code, slot.Number), slot.Facet, message, advice);

    private static string TextOf(Item item) => string.Join("\n",
        [item.Stem, .. item.Body.Lists.SelectMany(list => list.Entries).Select(entry => entry.Text), item.Stimulus?.Title ?? "", item.Stimulus?.Body ?? ""]);
}

/// <summary>A blueprint with those of its facets that the bank holds.</summary>
internal sealed record LintedForm(Blueprint Blueprint, IReadOnlyList<(Slot Slot, Facet Facet)> Filled)
{
    internal IEnumerable<Item> Variant(int number) => Filled.SelectMany(pair => pair.Facet.Items).Where(item => item.Variant == number);
}
