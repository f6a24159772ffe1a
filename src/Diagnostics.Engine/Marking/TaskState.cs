namespace Diagnostics.Engine.Marking;

/// <summary>Where a script's task in the queue stands.</summary>
/// <remarks>
/// The words of marking, one meaning each. A <b>script</b> is one anonymised open answer as an expert sees it. Its <b>task</b> is
/// its place in the queue, with the readings that it still needs. An <b>assignment</b> is one expert's lease on a script. A
/// <b>trial</b> is one expert's lease on a benchmark, which nothing tells from a script. A <b>claim</b> is what an expert has
/// in hand, an assignment or a trial; to claim is to ask for the next one.
/// </remarks>
public enum TaskState
{
    /// <summary>Readings are missing.</summary>
    Waiting,

    /// <summary>Every reading that it needs is given.</summary>
    Marked,

    /// <summary>The answer does not stand any more.</summary>
    Withdrawn,
}
