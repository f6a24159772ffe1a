namespace Diagnostics.Engine.Sessions;

/// <param name="GraceSeconds">
/// A save is still taken so long after the deadline (docs/promises.md, G4): a slow line is no fault of the person.
/// </param>
/// <param name="MaxExtraMinutes">Extra time that one session may be given in all, 0–600; <see cref="UsualExtraMinutes"/> when absent.</param>
/// <param name="CorrectionMinutes">
/// How long after an admission, a finish or an annulment it may be taken back, 0–10080; <see cref="UsualCorrectionMinutes"/> when absent.
/// </param>
public sealed record SessionPolicy(int GraceSeconds, int? MaxExtraMinutes = null, int? CorrectionMinutes = null)
{
    public const int UsualExtraMinutes = 240;

    public const int UsualCorrectionMinutes = 24 * 60;

    private const int MostCorrectionMinutes = 7 * 24 * 60;

    public int MostExtraMinutes() => MaxExtraMinutes ?? UsualExtraMinutes;

    public int MinutesToCorrect() => CorrectionMinutes ?? UsualCorrectionMinutes;

    /// <summary>What is wrong with the document; empty when nothing is.</summary>
    internal IEnumerable<string> Faults()
    {
        if (GraceSeconds is < 0 or > 600) yield return "graceSeconds — от 0 до 600 секунд.";
        if (MaxExtraMinutes is < 0 or > 600) yield return "maxExtraMinutes — от 0 до 600 минут.";
        if (CorrectionMinutes is < 0 or > MostCorrectionMinutes) yield return $"correctionMinutes — от 0 до {MostCorrectionMinutes} минут.";
    }
}
