using Diagnostics.Engine.Calibration;
using Diagnostics.Engine.Competencies;
using Diagnostics.Psychometrics;
using Diagnostics.Psychometrics.Classification;
using Diagnostics.Psychometrics.ItemResponse;
using NodaTime;

namespace Diagnostics.Engine.Profiles;

/// <summary>The calibration that a profile's precision rests on.</summary>
/// <param name="Fingerprint">Of what it was computed from.</param>
public sealed record CalibrationReference(Guid Id, string Fingerprint, CalibrationModel Model, Instant ApprovedAt);

/// <param name="Probability">0–1; those of all levels sum to 1.</param>
public sealed record LevelChance(DeficitLevel Level, decimal Probability);

/// <summary>How sure a result is: it would be somewhat different on another set of items as good as this.</summary>
/// <param name="StandardErrorPercent">Of the result, percent.</param>
/// <param name="FromPercent">Lower end of the 95 % interval of the true result.</param>
/// <param name="ToPercent">Its upper end.</param>
/// <param name="Levels">How probable each level is, from the lowest result up.</param>
public sealed record Precision(decimal StandardErrorPercent, decimal FromPercent, decimal ToPercent, IReadOnlyList<LevelChance> Levels);

/// <summary>Is a change more than chance gives?</summary>
public enum ChangeVerdict
{
    /// <summary>Within what measurement error gives.</summary>
    WithinError,
    Improved,
    Worsened,
}

/// <summary>What has changed since the entry diagnostic.</summary>
/// <param name="SessionId">The entry session.</param>
/// <param name="EntryPercent">Result then, as earned.</param>
/// <param name="DifferencePercent">Result now less then, as earned; variants of unequal difficulty do not disturb the verdict.</param>
/// <param name="Probability">Of so large a change without any, by measurement error alone.</param>
public sealed record ChangeSinceEntry(Guid SessionId, decimal EntryPercent, decimal DifferencePercent, ChangeVerdict Verdict, decimal Probability);

/// <summary>What the person showed at the entry diagnostic, with the parameters of the items of that variant.</summary>
public sealed record EntryResult(Guid SessionId, IReadOnlyList<SlotResult> Results, IReadOnlyDictionary<int, PointsCurve> Curves)
{
    /// <summary>On one block; null when it was not tested then.</summary>
    internal EntryResult? On(string block) =>
        Results.Where(result => result.Block == block).ToList() is { Count: > 0 } own ? this with { Results = own } : null;
}

/// <summary>Precision from an approved calibration. Pure.</summary>
/// <remarks>
/// The person's ability is Warm's weighted likelihood estimate from the answers themselves: nothing of the group enters, and
/// it is finite for every score. The interval is ±1.96 of its errors, told as results by the test curve; levels by the
/// normal error about the ability (Rudner 2005) between the abilities where boundaries of levels are expected. The error of
/// the items' parameters is left out: it is small beside the person's where calibrations have hundreds of people.
/// </remarks>
public static class ProfilePrecision
{
    private const double Normal95 = 1.959963984540054;

    /// <param name="curves">Of the session's variant, by slot.</param>
    /// <param name="shownOn">Of the variant in whose points the result is told: the same, or the first where it is equated.</param>
    /// <param name="shownPercent">The result beside which this stands: the interval holds it, which at 0 and 100 % the model alone would not.</param>
    /// <returns>Null when an item has no parameters, or a boundary lies where the items never lead.</returns>
    public static Precision? Of(
        IReadOnlyList<SlotResult> results, IReadOnlyDictionary<int, PointsCurve> curves, IReadOnlyDictionary<int, PointsCurve> shownOn,
        IReadOnlyList<ScaleLevel> levels, decimal shownPercent)
    {
        if (Ability(results, curves) is not { } ability || Curve(results, shownOn) is not { } curve) return null;
        var cuts = levels.Skip(1).Select(level => curve.AbilityAt((double)level.FromPercent / 100)).ToList();
        if (cuts.Contains(null)) return null;
        var chances = cuts.Count == 0 ? [1d] : LevelProbabilities.Of(ability.Value, ability.Error, cuts.Select(cut => cut!.Value).ToList());
        return new(
            Percent(curve.PointsError(ability.Value) / curve.Maximum),
            Math.Min(Percent(curve.Share(ability.Value - (Normal95 * ability.Error))), shownPercent),
            Math.Max(Percent(curve.Share(ability.Value + (Normal95 * ability.Error))), shownPercent),
            Chances(levels, chances));
    }

    /// <summary>Reliable change on the common scale of all variants; null without an entry result or its items' parameters.</summary>
    public static ChangeSinceEntry? Change(IReadOnlyList<SlotResult> now, FormCalibration? calibration, EntryResult? entry)
    {
        if (calibration is null || entry is null || Ability(now, calibration.Curves) is not { } later || Ability(entry.Results, entry.Curves) is not { } earlier) return null;
        var change = ReliableChange.Between(earlier.Value, earlier.Error, later.Value, later.Error);
        var (then, today) = (Share(entry.Results).Percent, Share(now).Percent);
        return new(entry.SessionId, then, today - then, change.Direction switch
        {
            Direction.NotShown => ChangeVerdict.WithinError,
            Direction.Improved => ChangeVerdict.Improved,
            Direction.Worsened => ChangeVerdict.Worsened,
            _ => throw new ArgumentOutOfRangeException(nameof(now), change.Direction, null),
        }, Math.Round((decimal)change.P, 3));
    }

    private static Ability? Ability(IReadOnlyList<SlotResult> results, IReadOnlyDictionary<int, PointsCurve> curves)
    {
        var own = new ItemParameters[results.Count];
        var scores = new int[1, results.Count];
        for (var at = 0; at < own.Length; at++)
        {
            if (!curves.TryGetValue(results[at].Slot, out var curve)) return null;
            (own[at], scores[0, at]) = (curve.Parameters, curve.CategoryOf(CalibrationMatrix.WholePoints(results[at].Earned)));
        }
        var estimate = Abilities.Estimate(new ScoreMatrix(scores), own, AbilityMethod.WeightedLikelihood)[0];
        return estimate.IsDefined ? estimate.Value : null;
    }

    private static TestCurve? Curve(IReadOnlyList<SlotResult> results, IReadOnlyDictionary<int, PointsCurve> curves) => results.All(result => curves.ContainsKey(result.Slot))
        ? new(results.Select(result => curves[result.Slot]).ToList(), results.Sum(result => CalibrationMatrix.WholePoints(result.Maximum)))
        : null;

    private static ResultShare Share(IReadOnlyList<SlotResult> results) => new(results.Select(result => result.Earned).Sum(), results.Select(result => result.Maximum).Sum());

    private static decimal Percent(double share) => Math.Clamp(Math.Round((decimal)(100 * share), 2), 0m, 100m);

    /// <summary>To three places; what rounding loses or gains falls to the likeliest level.</summary>
    private static List<LevelChance> Chances(IReadOnlyList<ScaleLevel> levels, double[] chances)
    {
        var rounded = Array.ConvertAll(chances, chance => Math.Round((decimal)chance, 3));
        rounded[Array.IndexOf(rounded, rounded.Max())] += 1m - rounded.Sum();
        return levels.Zip(rounded, (level, chance) => new LevelChance(level.Code, chance)).ToList();
    }
}
