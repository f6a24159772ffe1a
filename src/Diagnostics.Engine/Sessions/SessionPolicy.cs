namespace Diagnostics.Engine.Sessions;

/// <param name="GraceSeconds">A save is still taken so long after the deadline (G4): a slow line is no fault of the person.</param>
public sealed record SessionPolicy(int GraceSeconds);
