using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Profiles;

namespace Diagnostics.UseCases.Profiles;

/// <summary>The results of a test, which are the deciding rounds of its slots.</summary>
internal static class EffectiveResults
{
    /// <summary>The code that stands for the test among the sources of evidence.</summary>
    internal const string Source = Evidence.OfTest;

    /// <returns>Null while a slot is still open.</returns>
    internal static IReadOnlyList<SlotResult>? Of(SessionLedger ledger) =>
        !ledger.IsDecided
            ? null
            : ledger
                .Slots.Select(slot =>
                {
                    var round = ledger.Deciding(slot.Slot)!;
                    return new SlotResult(slot.Slot, slot.Item.Block, slot.Item.Element, slot.Item.Difficulty, round.Points, round.Maximum);
                })
                .ToList();
}
