namespace Diagnostics.Engine.Marking;

/// <summary>The outcome of an operation on a ledger; one transaction writes all of it or nothing.</summary>
/// <param name="Ledger">The ledger afterwards; the next operation and the issue of a profile continue from it.</param>
/// <param name="Rounds">Rounds to append, in this order; empty when there are none.</param>
/// <param name="Tasks">Changes to the experts' tasks.</param>
public sealed record LedgerChange(SessionLedger Ledger, IReadOnlyList<MarkingRound> Rounds, IReadOnlyList<TaskChange> Tasks);

/// <summary>A change to the task of one open answer.</summary>
public abstract record TaskChange(int Slot)
{
    /// <summary>An answer waits for experts; claims on an older answer are taken back.</summary>
    /// <param name="Likeness">The same key for all answers with the same wording
    /// (<see cref="Marking.Likeness"/>).</param>
    public sealed record Queue(int Slot, string Likeness) : TaskChange(Slot);

    /// <summary>
    /// There is no answer, or it was emptied: nothing is left to mark, and experts' claims are taken back.
    /// </summary>
    public sealed record Withdraw(int Slot) : TaskChange(Slot);

    /// <summary>
    /// The independent marks differ too much: a third expert decides. The change is made again each time the marks are
    /// joined, until the third expert has marked. The store ignores a repetition: it calls a third expert only for a
    /// task that has all its independent marks and no third expert yet.
    /// </summary>
    /// <param name="Reason">Code of the rule that calls the expert, e.g. <c>straddle</c>.</param>
    /// <param name="Detail">The reason in words.</param>
    public sealed record CallThird(int Slot, string Reason, string Detail) : TaskChange(Slot);
}
