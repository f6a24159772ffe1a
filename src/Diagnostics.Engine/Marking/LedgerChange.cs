namespace Diagnostics.Engine.Marking;

/// <summary>What an operation on a ledger comes to; all of it is written in one transaction, or none.</summary>
/// <param name="Ledger">As it is afterwards: the next operation, and whoever issues a profile, goes on from here.</param>
/// <param name="Rounds">To append, in this order; none when nothing follows.</param>
/// <param name="Tasks">What becomes of the experts' tasks.</param>
public sealed record LedgerChange(SessionLedger Ledger, IReadOnlyList<MarkingRound> Rounds, IReadOnlyList<TaskChange> Tasks);

/// <summary>What becomes of the task of one open answer.</summary>
public abstract record TaskChange(int Slot)
{
    /// <summary>An answer waits for experts; whatever they hold of an older one is taken back.</summary>
    /// <param name="Likeness">Equal for answers that say the same in the same words (<see cref="Marking.Likeness"/>).</param>
    public sealed record Queue(int Slot, string Likeness) : TaskChange(Slot);

    /// <summary>There is no answer, or none any more: nothing to mark, and what experts hold is taken back.</summary>
    public sealed record Withdraw(int Slot) : TaskChange(Slot);

    /// <summary>
    /// The independent marks differ too much: a third expert decides. Told again at every settling until the third has
    /// marked; the store calls one only for a task that is marked and has had no call.
    /// </summary>
    /// <param name="Reason">Code of the rule that calls, e.g. <c>straddle</c>.</param>
    /// <param name="Detail">The same in words.</param>
    public sealed record CallThird(int Slot, string Reason, string Detail) : TaskChange(Slot);
}
