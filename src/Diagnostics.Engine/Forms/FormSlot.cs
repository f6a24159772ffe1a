using Diagnostics.Engine.ItemBank;

namespace Diagnostics.Engine.Forms;

/// <summary>One slot of a variant, with its item.</summary>
/// <param name="Slot">From 1 within the variant.</param>
public sealed record FormSlot(int Slot, Item Item, int ItemVersion);
