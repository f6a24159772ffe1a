namespace Diagnostics.Engine.Sessions;

/// <param name="GraceSeconds">
/// A save is still taken so long after the deadline (docs/promises.md, G4): a slow line is no fault of the person.
/// </param>
/// <param name="MaxExtraMinutes">Extra time that one session may be given in all, 0–600; <see cref="UsualExtraMinutes"/> when absent.</param>
public sealed record SessionPolicy(int GraceSeconds, int? MaxExtraMinutes = null)
{
    public const int UsualExtraMinutes = 240;

    public int MostExtraMinutes() => MaxExtraMinutes ?? UsualExtraMinutes;

    /// <summary>What is wrong with the document; empty when nothing is.</summary>
    internal IEnumerable<string> Faults()
    {
        if (GraceSeconds is < 0 or > 600) yield return "graceSeconds — от 0 до 600 секунд.";
        if (MaxExtraMinutes is < 0 or > 600) yield return "maxExtraMinutes — от 0 до 600 минут.";
    }
}
