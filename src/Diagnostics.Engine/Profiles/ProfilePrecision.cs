using Diagnostics.Engine.Calibration;
using Diagnostics.Engine.Competencies;
using Diagnostics.Psychometrics;
using Diagnostics.Psychometrics.Classification;
using Diagnostics.Psychometrics.ItemResponse;
using NodaTime;

namespace Diagnostics.Engine.Profiles;

/// <summary>The calibration behind a profile's precision.</summary>
/// <param name="Fingerprint">Fingerprint of the calibration's inputs.</param>
public sealed record CalibrationReference(Guid Id, string Fingerprint, CalibrationModel Model, Instant ApprovedAt);

/// <param name="Probability">0–1; the probabilities of all levels sum to 1.</param>
public sealed record LevelChance(DeficitLevel Level, decimal Probability);

/// <summary>How certain a result is: on another set of equally good items it would be somewhat different.</summary>
/// <param name="StandardErrorPercent">Standard error of the result, in percent.</param>
/// <param name="FromPercent">Lower end of the 95 % interval of the true result.</param>
/// <param name="ToPercent">Upper end of that interval.</param>
/// <param name="Levels">Probability of each level, from the lowest result up.</param>
public sealed record Precision(decimal StandardErrorPercent, decimal FromPercent, decimal ToPercent, IReadOnlyList<LevelChance> Levels);

/// <summary>Whether a change exceeds what chance can explain.</summary>
public enum ChangeVerdict
{
    /// <summary>Measurement error alone can explain the change.</summary>
    WithinError,
    Improved,
    Worsened,
}

/// <summary>The change since the entry diagnostic.</summary>
/// <param name="SessionId">The entry session.</param>
/// <param name="EntryPercent">Result at the entry diagnostic, before equating.</param>
/// <param name="DifferencePercent">The present result minus the entry result, both before equating; the verdict also
/// allows for variants of unequal difficulty.</param>
/// <param name="Probability">Probability that measurement error alone gives a change this large.</param>
public sealed record ChangeSinceEntry(
    Guid SessionId,
    decimal EntryPercent,
    decimal DifferencePercent,
    ChangeVerdict Verdict,
    decimal Probability
);

/// <summary>The person's answers at the entry diagnostic, with the parameters of the items of that variant.</summary>
public sealed record EntryResult(Guid SessionId, IReadOnlyList<SlotResult> Results, IReadOnlyDictionary<int, PointsCurve> Curves)
{
    /// <summary>The entry result on one block; null when the entry diagnostic did not test the block.</summary>
    internal EntryResult? On(string block) =>
        Results.Where(result => result.Block == block).ToList() is { Count: > 0 } own ? this with { Results = own } : null;
}

/// <summary>Precision from an approved calibration. Pure.</summary>
/// <remarks>
/// The person's ability is Warm's weighted likelihood estimate from the answers alone: nothing about the group enters,
/// and the estimate is finite for every score. The interval is ±1.96 standard errors, converted to results by the test
/// curve. Each boundary of a level corresponds to the ability with that expected result. The probability of a level is
/// the share of the normal error distribution between the abilities of its two boundaries (Rudner 2005). The error of
/// item parameters is ignored: it is small beside the person's error when a calibration has hundreds of people.
/// </remarks>
public static class ProfilePrecision
{
    private const double Normal95 = 1.959963984540054;

    /// <param name="curves">Curves of the session's variant, by slot.</param>
    /// <param name="shownOn">Curves of the variant in whose points the result is reported: the session's own variant,
    /// or the first variant where the result is equated.</param>
    /// <param name="shownPercent">The result shown beside the precision. The interval always contains it, which the
    /// model alone would not ensure at 0 and 100 %.</param>
    /// <returns>Null when an item has no parameters, or when there is a boundary that no ability has as its expected
    /// result.</returns>
    public static Precision? Of(
        IReadOnlyList<SlotResult> results,
        IReadOnlyDictionary<int, PointsCurve> curves,
        IReadOnlyDictionary<int, PointsCurve> shownOn,
        IReadOnlyList<ScaleLevel> levels,
        decimal shownPercent
    )
    {
        if (Ability(results, curves) is not { } ability || Curve(results, shownOn) is not { } curve)
            return null;
        var cuts = levels.Skip(1).Select(level => curve.AbilityAt((double)level.FromPercent / 100)).ToList();
        if (cuts.Contains(null))
            return null;
        var chances = cuts.Count == 0 ? [1d] : LevelProbabilities.Of(ability.Value, ability.Error, cuts.Select(cut => cut!.Value).ToList());
        return new(
            Percent(curve.PointsError(ability.Value) / curve.Maximum),
            Math.Min(Percent(curve.Share(ability.Value - (Normal95 * ability.Error))), shownPercent),
            Math.Max(Percent(curve.Share(ability.Value + (Normal95 * ability.Error))), shownPercent),
            Chances(levels, chances)
        );
    }

    /// <summary>
    /// Reliable change on the common scale of all variants; null when there is no entry result, or when its items have
    /// no parameters.
    /// </summary>
    public static ChangeSinceEntry? Change(IReadOnlyList<SlotResult> now, FormCalibration? calibration, EntryResult? entry)
    {
        if (
            calibration is null
            || entry is null
            || Ability(now, calibration.Curves) is not { } later
            || Ability(entry.Results, entry.Curves) is not { } earlier
        )
            return null;
        var change = ReliableChange.Between(earlier.Value, earlier.Error, later.Value, later.Error);
        var (then, today) = (Share(entry.Results).Percent, Share(now).Percent);
        return new(
            entry.SessionId,
            then,
            today - then,
            change.Direction switch
            {
                Direction.NotShown => ChangeVerdict.WithinError,
                Direction.Improved => ChangeVerdict.Improved,
                Direction.Worsened => ChangeVerdict.Worsened,
                _ => throw new ArgumentOutOfRangeException(nameof(now), change.Direction, null),
            },
            Math.Round((decimal)change.P, 3)
        );
    }

    private static Ability? Ability(IReadOnlyList<SlotResult> results, IReadOnlyDictionary<int, PointsCurve> curves)
    {
        var own = new ItemParameters[results.Count];
        var scores = new int[1, results.Count];
        for (var at = 0; at < own.Length; at++)
        {
            if (!curves.TryGetValue(results[at].Slot, out var curve))
                return null;
            (own[at], scores[0, at]) = (curve.Parameters, curve.CategoryOf(CalibrationMatrix.WholePoints(results[at].Earned)));
        }
        var estimate = Abilities.Estimate(new ScoreMatrix(scores), own, AbilityMethod.WeightedLikelihood)[0];
        return estimate.IsDefined ? estimate.Value : null;
    }

    private static TestCurve? Curve(IReadOnlyList<SlotResult> results, IReadOnlyDictionary<int, PointsCurve> curves) =>
        results.All(result => curves.ContainsKey(result.Slot))
            ? new(
                results.Select(result => curves[result.Slot]).ToList(),
                results.Sum(result => CalibrationMatrix.WholePoints(result.Maximum))
            )
            : null;

    private static ResultShare Share(IReadOnlyList<SlotResult> results) =>
        new(results.Select(result => result.Earned).Sum(), results.Select(result => result.Maximum).Sum());

    private static decimal Percent(double share) => Math.Clamp(Math.Round((decimal)(100 * share), 2), 0m, 100m);

    /// <summary>Rounds to three decimal places; the likeliest level takes the rounding difference.</summary>
    private static List<LevelChance> Chances(IReadOnlyList<ScaleLevel> levels, double[] chances)
    {
        var rounded = Array.ConvertAll(chances, chance => Math.Round((decimal)chance, 3));
        rounded[Array.IndexOf(rounded, rounded.Max())] += 1m - rounded.Sum();
        return levels.Zip(rounded, (level, chance) => new LevelChance(level.Code, chance)).ToList();
    }
}
