namespace Diagnostics.Engine.ItemBank;

/// <summary>A type's example in the API description: an item as a taker sees it, and a response that fits it.</summary>
/// <param name="Item">The item; its slot is its position among the examples.</param>
/// <param name="Summary">The kind of response, described in Russian.</param>
public sealed record ItemTypeExample(PresentedItem Item, string Summary, Response Response)
{
    /// <summary>An item without lists, to which the type adds its own lists.</summary>
    internal static PresentedItem Shown(int slot, ItemType type, string stem, int points) =>
        new(
            Slot: slot,
            Type: type,
            Stem: stem,
            Stimulus: null,
            MaxPoints: Points.From(points),
            Options: null,
            Left: null,
            Right: null,
            Elements: null,
            Reuse: false,
            MaxLength: null
        );

    internal static IReadOnlyList<PresentedEntry> Entries(params string[] texts) =>
        [.. texts.Select((text, place) => new PresentedEntry($"{place + 1}", text))];
}
