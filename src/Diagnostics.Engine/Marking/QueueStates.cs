namespace Diagnostics.Engine.Marking;

/// <summary>A script in the queue of a campaign.</summary>
public enum TaskState
{
    /// <summary>Readings are due.</summary>
    Waiting,

    /// <summary>All that were due are done.</summary>
    Marked,

    /// <summary>Its answer is not to be marked any more.</summary>
    Withdrawn,
}

/// <summary>What an expert has in hand, a script or a benchmark: a lease that runs out.</summary>
public enum ClaimState { Claimed, Marked, Returned, Lapsed }
