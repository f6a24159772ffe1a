namespace Diagnostics.Engine.Sessions;

/// <param name="GraceSeconds">A save is still taken so long after the deadline (G4): a slow line is no fault of the person.</param>
public sealed record SessionPolicy(int GraceSeconds)
{
    /// <summary>What is wrong with the document; empty when nothing is.</summary>
    internal IEnumerable<string> Faults()
    {
        if (GraceSeconds is < 0 or > 600) yield return "graceSeconds — от 0 до 600 секунд.";
    }
}
