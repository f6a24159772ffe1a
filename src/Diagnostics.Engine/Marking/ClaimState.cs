namespace Diagnostics.Engine.Marking;

/// <summary>The state of an expert's claim on a script or a benchmark. A claim is a lease that runs out.</summary>
public enum ClaimState
{
    Claimed,
    Marked,
    Returned,
    Lapsed,
}
