using Diagnostics.Engine.Calibration;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;
using NodaTime;

namespace Diagnostics.Engine.Profiles;

/// <summary><c>provisional → final</c>; a later version supersedes, nothing is overwritten.</summary>
public enum ProfileStatus { Provisional, Final }

/// <summary>Is there evidence enough to speak of a level?</summary>
public enum EvidenceStrength { Enough, Scarce }

/// <summary>What scarce evidence says: look here, or nothing to see.</summary>
public enum ElementSignal { PossibleDeficit, NoSign }

/// <summary>One effective score with what it is evidence of.</summary>
public sealed record SlotResult(int Slot, string Block, string Element, int Difficulty, Points Earned, Points Maximum);

/// <summary>What a profile is of: fixed facts of the session.</summary>
public sealed record ProfileSubject(
    Guid ParticipantId, Guid SessionId, Guid CampaignId, CampaignStage Stage, int Variant,
    string FrameworkCode, int FrameworkVersion, string LevelScaleCode, int LevelScaleVersion, Instant TakenAt);

/// <summary>The deficits of one person found by one standardised session (design §11).</summary>
/// <param name="Version">From 1; rises with every new issue for the session.</param>
/// <param name="Cause">Why this version was issued, e.g. <c>scored</c>, <c>published</c>, <c>rescored</c>.</param>
/// <param name="Notice">What the profile may and may not be used for.</param>
/// <param name="Calibration">On which all precision here rests; absent, and precision with it, while the form has no approved one.</param>
/// <param name="Precision">Of the total.</param>
/// <param name="Change">Of the total since the entry diagnostic; for later stages only.</param>
/// <param name="Annulled">The session was annulled since, and this result does not stand; absent while it does. Never part of what was issued: it is told when the profile is read.</param>
public sealed record DeficitProfile(
    Guid Id, int Version, ProfileStatus Status, string Cause, Instant IssuedAt,
    ProfileSubject Subject,
    ResultLevel Total,
    IReadOnlyList<BlockResult> Blocks,
    IReadOnlyList<ElementResult> Elements,
    string Notice,
    CalibrationReference? Calibration = null,
    Precision? Precision = null,
    ChangeSinceEntry? Change = null,
    Annulment? Annulled = null);

/// <summary>Why a session's result does not stand.</summary>
public enum AnnulmentCause
{
    /// <summary>An appeal about the procedure was upheld (clause 7.1.3).</summary>
    AppealUpheld,

    /// <summary>The operator has annulled the session.</summary>
    OperatorDecision,
}

/// <param name="Detail">The same in words.</param>
/// <param name="NewSessionId">The session given instead; absent when there is none.</param>
public sealed record Annulment(Instant At, AnnulmentCause Cause, string Detail, Guid? NewSessionId);

/// <param name="Earned">Points.</param>
/// <param name="Maximum">Points.</param>
/// <param name="ResultPercent">0–100, two places, cut (never rounded over a boundary).</param>
/// <param name="DeficitPercent">100 − result.</param>
/// <param name="Level">Decided on the exact fraction.</param>
/// <param name="BoundaryCase">The printed table of clause 3.4 leaves this result between two rows.</param>
/// <param name="Recommendation">How to make the deficit good (clause 3.4).</param>
/// <param name="Unequated">
/// The result as earned, where the numbers above are equated: on a harder or easier variant they are the points that the
/// same person would have on the first. Absent where nothing was equated.
/// </param>
public sealed record ResultLevel(
    Points Earned, Points Maximum, decimal ResultPercent, decimal DeficitPercent,
    DeficitLevel Level, string LevelLabel, bool BoundaryCase, string Recommendation, Unequated? Unequated = null);

/// <summary>Points as the ledger has them.</summary>
public sealed record Unequated(Points Earned, decimal ResultPercent, decimal DeficitPercent, DeficitLevel Level);

/// <param name="Precision">How sure the result and the level are; absent without an approved calibration of all the block's items.</param>
/// <param name="Change">Since the entry diagnostic on the same form; for later stages only.</param>
/// <param name="RouteFormText">The cell of the route form, file 3, block 4: «17% (результат выполнения теста входной диагностики - 83%)».</param>
public sealed record BlockResult(
    string Code, string Title, string Adjective, ResultLevel Result,
    IReadOnlyList<DifficultyResult> Difficulties, string RouteFormText, Precision? Precision = null, ChangeSinceEntry? Change = null);

/// <param name="Difficulty">1–3 (clause 3.6.2).</param>
public sealed record DifficultyResult(int Difficulty, Points Earned, Points Maximum, decimal ResultPercent);

/// <param name="Items">Number of items that tested the element.</param>
/// <param name="Level">Where the evidence is enough, else null.</param>
/// <param name="Signal">Where it is scarce, else null.</param>
public sealed record ElementResult(
    string Code, string Title, string Block, int Items, Points Earned, Points Maximum, decimal ResultPercent,
    EvidenceStrength Evidence, DeficitLevel? Level, ElementSignal? Signal);

/// <summary>Effective scores → profile. Pure.</summary>
public static class ProfileBuilder
{
    /// <exception cref="ArgumentException">
    /// There are no results, or one stands in no block or element of the framework: points would vanish from the
    /// profile without a word.
    /// </exception>
    /// <param name="calibration">The form's approved one, if any.</param>
    /// <param name="entry">The person's result at the entry diagnostic on the same form, if any.</param>
    public static DeficitProfile Build(
        Guid id, int version, ProfileStatus status, string cause, Instant issuedAt,
        ProfileSubject subject, Framework framework, LevelScale scale, IReadOnlyList<SlotResult> results,
        FormCalibration? calibration = null, EntryResult? entry = null)
    {
        if (results.Count == 0) throw new ArgumentException("A profile needs at least one result.", nameof(results));
        if (results.FirstOrDefault(result => framework.BlockOf(result.Element)?.Code != result.Block) is { } stray)
            throw new ArgumentException($"Slot {stray.Slot}: element {stray.Element} does not stand in block {stray.Block} of framework {framework.Code}/{framework.Version}.", nameof(results));
        var blocks = framework.Blocks
            .Select(block => (block, of: results.Where(result => result.Block == block.Code).ToList()))
            .Where(pair => pair.of.Count > 0)
            .Select(pair => BuildBlock(pair.block, pair.of, scale, subject.Stage, calibration, entry))
            .ToList();
        var elements = framework.Elements
            .Select(element => (element, of: results.Where(result => result.Element == element.Code).ToList()))
            .Where(pair => pair.of.Count > 0)
            .Select(pair => BuildElement(pair.element, pair.of, scale))
            .ToList();
        // The whole is the sum of its blocks, equated ones too.
        var total = new ResultShare(blocks.Select(block => block.Result.Earned).Sum(), blocks.Select(block => block.Result.Maximum).Sum());
        var whole = Level(total, scale, null, ShareOf(results));
        return new(
            Id: id,
            Version: version,
            Status: status,
            Cause: cause,
            IssuedAt: issuedAt,
            Subject: subject,
            Total: whole,
            Blocks: blocks,
            Elements: elements,
            Notice: scale.Notice,
            Calibration: calibration is null ? null : new(calibration.Id, calibration.Fingerprint, calibration.Model, calibration.ApprovedAt),
            Precision: PrecisionOf(results, calibration, scale, null, whole),
            Change: ProfilePrecision.Change(results, calibration, entry));
    }

    private static BlockResult BuildBlock(
        Block block, List<SlotResult> results, LevelScale scale, CampaignStage stage, FormCalibration? calibration, EntryResult? entry)
    {
        var earned = ShareOf(results);
        var share = Equating.Of(earned, calibration?.Equatings.FirstOrDefault(table => table.Block == block.Code));
        var level = Level(share, scale, block.Code, earned);
        var difficulties = results
            .GroupBy(result => result.Difficulty).OrderBy(group => group.Key)
            .Select(group => (group.Key, Share: ShareOf(group)))
            .Select(pair => new DifficultyResult(pair.Key, pair.Share.Earned, pair.Share.Maximum, pair.Share.Percent))
            .ToList();
        return new(
            block.Code, block.Title, block.Adjective, level, difficulties, RouteFormText(share, stage),
            PrecisionOf(results, calibration, scale, block.Code, level), ProfilePrecision.Change(results, calibration, entry?.On(block.Code)));
    }

    private static Precision? PrecisionOf(IReadOnlyList<SlotResult> results, FormCalibration? calibration, LevelScale scale, string? block, ResultLevel shown) => calibration is null
        ? null
        : ProfilePrecision.Of(results, calibration.Curves, shown.Unequated is null ? calibration.Curves : calibration.ReferenceCurves, scale.LevelsOf(block), shown.ResultPercent);

    private static ElementResult BuildElement(Element element, List<SlotResult> results, LevelScale scale)
    {
        var share = ShareOf(results);
        var block = results[0].Block;
        var enough = results.Count >= scale.Evidence.MinItems && share.Maximum >= scale.Evidence.MinPoints;
        var level = scale.LevelOf(share, block).Code;
        return new(
            Code: element.Code,
            Title: element.Title,
            Block: block,
            Items: results.Count,
            Earned: share.Earned,
            Maximum: share.Maximum,
            ResultPercent: share.Percent,
            Evidence: enough ? EvidenceStrength.Enough : EvidenceStrength.Scarce,
            Level: enough ? level : null,
            Signal: enough ? null : level is DeficitLevel.High ? ElementSignal.PossibleDeficit : ElementSignal.NoSign);
    }

    /// <param name="share">Shown.</param>
    /// <param name="earned">As the ledger has it.</param>
    private static ResultLevel Level(ResultShare share, LevelScale scale, string? block, ResultShare earned)
    {
        var level = scale.LevelOf(share, block);
        return new(
            Earned: share.Earned,
            Maximum: share.Maximum,
            ResultPercent: share.Percent,
            DeficitPercent: 100m - share.Percent,
            Level: level.Code,
            LevelLabel: level.Label,
            BoundaryCase: scale.IsBoundaryCase(share),
            Recommendation: level.Recommendation,
            Unequated: share == earned ? null : new(earned.Earned, earned.Percent, 100m - earned.Percent, scale.LevelOf(earned, block).Code));
    }

    private static ResultShare ShareOf(IEnumerable<SlotResult> results) =>
        results.Aggregate(new ResultShare(Points.Zero, Points.Zero), (sum, result) => new(sum.Earned + result.Earned, sum.Maximum + result.Maximum));

    // The wording and the order «deficit, then result» are the form's own (file 3, block 4).
    private static string RouteFormText(ResultShare share, CampaignStage stage)
    {
        var diagnostic = stage switch
        {
            CampaignStage.Entry => "входной",
            CampaignStage.Intermediate => "промежуточной",
            CampaignStage.Final => "итоговой",
            _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, null),
        };
        return $"{100 - share.WholePercent}% (результат выполнения теста {diagnostic} диагностики - {share.WholePercent}%)";
    }
}
