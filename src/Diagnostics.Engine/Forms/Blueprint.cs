using System.Text.Json.Serialization;
using Diagnostics.Engine.ItemBank;

namespace Diagnostics.Engine.Forms;

/// <summary>
/// The specification of a diagnostic, slot by slot. Once its slots are filled with facets, it becomes a form
/// (docs/promises.md, forms).
/// </summary>
/// <param name="Framework">Code of the framework that contains the blocks and elements of the slots.</param>
/// <param name="TimeLimitMinutes">Time for one variant.</param>
/// <param name="Slots">In the order of their numbers, which run from 1 without gaps.</param>
public sealed record Blueprint(
    string Code,
    string Title,
    string Framework,
    int FrameworkVersion,
    int TimeLimitMinutes,
    IReadOnlyList<Slot> Slots
)
{
    [JsonIgnore]
    public Points MaxPoints => Slots.Select(slot => slot.Points).Sum();
}

/// <summary>One place in every variant, to be filled with an item.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Difficulty">1 = knowledge, 2 = typical situation, 3 = non-standard situation (clause 3.6.2).</param>
/// <param name="Facet">The facet of this slot in the shipped form; null when none has been chosen.</param>
public sealed record Slot(int Number, string Block, string Element, ItemType Type, int Difficulty, Points Points, string? Facet);
