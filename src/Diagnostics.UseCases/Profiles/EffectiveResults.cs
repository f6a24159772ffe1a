using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Profiles;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.UseCases.Profiles;

/// <summary>The deciding round of every slot, as evidence for a profile.</summary>
internal static class EffectiveResults
{
    /// <returns>Null while a slot is still open.</returns>
    internal static IReadOnlyList<SlotResult>? Of(IReadOnlyList<FormSlot> slots, IEnumerable<MarkingRound> rounds, MarkingPolicy policy)
    {
        var bySlot = rounds.ToLookup(round => round.Slot);
        var results = new List<SlotResult>(slots.Count);
        foreach (var slot in slots)
        {
            if (Ledger.Deciding(bySlot[slot.Slot], policy) is not { } round) return null;
            results.Add(new(slot.Slot, slot.Item.Block, slot.Item.Element, slot.Item.Difficulty, round.Points, round.Maximum));
        }
        return results;
    }
}
