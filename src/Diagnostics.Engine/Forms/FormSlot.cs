using Diagnostics.Engine.ItemBank;

namespace Diagnostics.Engine.Forms;

/// <summary>One slot of a variant, with its item.</summary>
/// <param name="Slot">Number of the slot within the variant, from 1.</param>
public sealed record FormSlot(int Slot, Item Item, int ItemVersion);
