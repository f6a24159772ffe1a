namespace Diagnostics.Engine.Sessions;

/// <param name="GraceSeconds">For how many seconds after the deadline a save is still accepted (docs/promises.md, G4),
/// because a slow line is not the person's fault.</param>
/// <param name="MaxExtraMinutes">How many minutes of extra time one session may get in total, 0–600;
/// <see cref="UsualExtraMinutes"/> when absent.</param>
/// <param name="CorrectionMinutes">For how many minutes an admission, a finish or an annulment can be undone, 0–10080;
/// <see cref="UsualCorrectionMinutes"/> when absent.</param>
public sealed record SessionPolicy(int GraceSeconds, int? MaxExtraMinutes = null, int? CorrectionMinutes = null)
{
    public const int UsualExtraMinutes = 240;

    public const int UsualCorrectionMinutes = 24 * 60;

    private const int MostCorrectionMinutes = 7 * 24 * 60;

    public int MostExtraMinutes() => MaxExtraMinutes ?? UsualExtraMinutes;

    public int MinutesToCorrect() => CorrectionMinutes ?? UsualCorrectionMinutes;

    /// <summary>Faults of the document; empty when there are none.</summary>
    internal IEnumerable<string> Faults()
    {
        if (GraceSeconds is < 0 or > 600)
            yield return "graceSeconds — от 0 до 600 секунд.";
        if (MaxExtraMinutes is < 0 or > 600)
            yield return "maxExtraMinutes — от 0 до 600 минут.";
        if (CorrectionMinutes is < 0 or > MostCorrectionMinutes)
            yield return $"correctionMinutes — от 0 до {MostCorrectionMinutes} минут.";
    }
}
