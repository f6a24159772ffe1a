namespace Diagnostics.Engine.Marking;

/// <summary>How what an expert has in hand, a script or a benchmark, stands or ended: a lease that runs out.</summary>
public enum ClaimState { Claimed, Marked, Returned, Lapsed }
