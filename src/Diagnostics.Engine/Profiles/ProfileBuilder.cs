using Diagnostics.Engine.Calibration;
using Diagnostics.Engine.Competencies;
using NodaTime;

namespace Diagnostics.Engine.Profiles;

/// <summary>The data that distinguish one version of a profile.</summary>
public sealed record ProfileIssue(Guid Id, int Version, ProfileStatus Status, string Cause, Instant IssuedAt);

/// <summary>The rules of a profile, in the versions that the campaign pins.</summary>
public sealed record ProfileRules(Framework Framework, LevelScale Scale, ProfilePolicy Policy);

/// <summary>
/// A test's results with the approved calibration of the form; precision, equating and reliable change rest on them.
/// </summary>
/// <param name="Entry">The person's result at the entry diagnostic on the same form, if any.</param>
public sealed record CalibratedResults(IReadOnlyList<SlotResult> Results, FormCalibration Calibration, EntryResult? Entry)
{
    internal CalibratedResults On(string block) =>
        this with
        {
            Results = Results.Where(result => result.Block == block).ToList(),
            Entry = Entry?.On(block),
        };
}

/// <summary>Turns evidence into a profile. Pure; it knows no source of evidence by name.</summary>
public static class ProfileBuilder
{
    /// <exception cref="ArgumentException">
    /// There is no evidence, or a piece of it belongs to no block, competency or element of the framework, so that its
    /// points would silently vanish from the profile.
    /// </exception>
    /// <param name="calibrated">Results of a test whose form is calibrated.</param>
    /// <param name="earlier">The person's earlier published diagnostics; null for the entry diagnostic itself, and when
    /// no earlier result is published.</param>
    /// <param name="dates">Dates of the next steps, by the calendar.</param>
    public static DeficitProfile Build(
        ProfileIssue issue,
        ProfileSubject subject,
        ProfileRules rules,
        IReadOnlyList<Evidence> evidence,
        CalibratedResults? calibrated = null,
        EarlierDiagnostics? earlier = null,
        RouteDates? dates = null
    )
    {
        var (framework, scale, policy) = rules;
        if (evidence.Count == 0)
            throw new ArgumentException("A profile needs at least one piece of evidence.", nameof(evidence));
        foreach (var one in evidence)
            if (one.FaultIn(framework) is { } fault)
                throw new ArgumentException($"Evidence of {one.Source}: {fault}", nameof(evidence));

        var blocks = framework
            .Blocks.Select(block => (block, of: evidence.Where(one => one.Block == block.Code).ToList()))
            .Where(pair => pair.of.Count > 0)
            .Select(pair => BuildBlock(pair.block, pair.of, rules, subject, calibrated?.On(pair.block.Code)))
            .ToList();
        var competencies = framework
            .Blocks.SelectMany(block => block.Competencies.Select(competency => BuildCompetency(block, competency, evidence, rules)))
            .ToList();
        var elements = framework
            .Elements.Select(element => (element, of: evidence.Where(one => one.Element == element.Code).ToList()))
            .Where(pair => pair.of.Count > 0)
            .Select(pair => BuildElement(pair.element, pair.of, scale))
            .ToList();
        // The whole result is the sum of its blocks, even when the blocks are equated.
        var total = new ResultShare(blocks.Select(block => block.Result.Earned).Sum(), blocks.Select(block => block.Result.Maximum).Sum());
        var whole = Level(total, scale, null, Tally.Of(evidence).Share, scale.LevelOf(total).Recommendation);
        var progress = earlier is null ? null : ProgressRule.Of(earlier, subject, rules, blocks, competencies, elements);
        return new(
            Id: issue.Id,
            Version: issue.Version,
            Status: issue.Status,
            Cause: issue.Cause,
            IssuedAt: issue.IssuedAt,
            Subject: subject,
            Total: whole,
            Blocks: blocks,
            Elements: elements,
            Notice: scale.Notice,
            Calibration: calibrated?.Calibration is { } found ? new(found.Id, found.Fingerprint, found.Model, found.ApprovedAt) : null,
            Precision: PrecisionOf(calibrated, scale, null, whole),
            Change: ChangeOf(calibrated, whole),
            Schema: DeficitProfile.CurrentSchema,
            Competencies: competencies,
            Sources: SourcesOf(evidence),
            RouteForm: RouteForm.Of(blocks, competencies, elements, rules, dates),
            Progress: progress
        );
    }

    private static BlockResult BuildBlock(
        Block block,
        List<Evidence> evidence,
        ProfileRules rules,
        ProfileSubject subject,
        CalibratedResults? calibrated
    )
    {
        var earned = Tally.Of(evidence).Share;
        var share = Equating.Of(earned, calibrated?.Calibration.Equatings.FirstOrDefault(table => table.Block == block.Code));
        var difficulties = Difficulties(evidence);
        var words = rules.Policy.WordsOf(block.Code);
        var level = rules.Scale.LevelOf(share, block.Code);
        var result = Level(share, rules.Scale, block.Code, earned, words?.Of(level.Code).Recommendation ?? level.Recommendation);
        return new(
            Code: block.Code,
            Title: block.Title,
            Adjective: block.Adjective,
            Result: result,
            Difficulties: difficulties,
            RouteFormText: RouteForm.Cell(share, subject.Stage),
            Precision: PrecisionOf(calibrated, rules.Scale, block.Code, result),
            Change: ChangeOf(calibrated, result),
            Meaning: Meaning(words, level.Code, share, difficulties, rules.Policy.Competencies)
        );
    }

    private static CompetencyResult BuildCompetency(Block block, Competency competency, IReadOnlyList<Evidence> all, ProfileRules rules)
    {
        var (scale, policy) = (rules.Scale, rules.Policy);
        var evidence = all.Where(one => one.Competency == competency.Code).ToList();
        var tally = Tally.Of(evidence);
        var strength =
            evidence.Count == 0 ? CompetencyEvidence.None
            : tally.IsEnough(policy.Competencies) ? CompetencyEvidence.Enough
            : CompetencyEvidence.Signal;
        var level = evidence.Count == 0 ? null : scale.LevelOf(tally.Share, block.Code);
        var shown = strength is CompetencyEvidence.Enough ? level : null;
        var words = policy.WordsOf(block.Code);
        var difficulties = Difficulties(evidence);
        return new(
            Code: competency.Code,
            Title: competency.Title,
            Block: block.Code,
            Items: tally.Items,
            Evidence: strength,
            Earned: tally.Share.Earned,
            Maximum: tally.Share.Maximum,
            ResultPercent: level is null ? null : tally.Share.Percent,
            DeficitPercent: level is null ? null : 100m - tally.Share.Percent,
            Level: shown?.Code,
            LevelLabel: shown?.Label,
            BoundaryCase: shown is not null && scale.IsBoundaryCase(tally.Share),
            Signal: strength is CompetencyEvidence.Signal ? level!.Code.Signal() : null,
            Recommendation: shown is null ? null : words?.Of(shown.Code).Recommendation ?? shown.Recommendation,
            Difficulties: difficulties,
            Meaning: shown is null ? null : Meaning(words, shown.Code, tally.Share, difficulties, policy.Competencies)
        );
    }

    private static ElementResult BuildElement(Element element, List<Evidence> evidence, LevelScale scale)
    {
        var tally = Tally.Of(evidence);
        var enough = tally.IsEnough(scale.Evidence);
        var level = scale.LevelOf(tally.Share, evidence[0].Block);
        return new(
            Code: element.Code,
            Title: element.Title,
            Block: evidence[0].Block,
            Items: tally.Items,
            Earned: tally.Share.Earned,
            Maximum: tally.Share.Maximum,
            ResultPercent: tally.Share.Percent,
            Evidence: enough ? EvidenceStrength.Enough : EvidenceStrength.Scarce,
            Level: enough ? level.Code : null,
            Signal: enough ? null : level.Code.Signal()
        );
    }

    private static LevelMeaning? Meaning(
        BlockWords? words,
        DeficitLevel level,
        ResultShare share,
        IReadOnlyList<DifficultyResult> difficulties,
        EvidenceRule enough
    ) =>
        words is null
            ? null
            : new(
                share.Earned == share.Maximum ? words.WithoutDeficit : words.Of(level).Meaning,
                words.Of(level).Technology,
                words.Reached?.Of(difficulties, enough)
            );

    private static List<DifficultyResult> Difficulties(IEnumerable<Evidence> evidence) =>
        evidence
            .Where(one => one.Difficulty is not null)
            .GroupBy(one => one.Difficulty!.Value)
            .OrderBy(group => group.Key)
            .Select(group => (group.Key, Tally.Of(group).Share))
            .Select(pair => new DifficultyResult(pair.Key, pair.Share.Earned, pair.Share.Maximum, pair.Share.Percent))
            .ToList();

    private static List<SourceShare> SourcesOf(IReadOnlyList<Evidence> evidence) =>
        evidence
            .GroupBy(one => one.Source, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (group.Key, Tally: Tally.Of(group), From: group.Min(one => one.At), To: group.Max(one => one.At)))
            .Select(source => new SourceShare(source.Key, source.From, source.To, source.Tally.Items, source.Tally.Share.Maximum))
            .ToList();

    /// <summary>
    /// Precision applies only when the test is the only evidence: the error of other sources is unknown.
    /// </summary>
    private static bool Covers(CalibratedResults calibrated, ResultLevel shown) =>
        calibrated.Results.Select(result => result.Maximum).Sum() == shown.Maximum;

    private static Precision? PrecisionOf(CalibratedResults? calibrated, LevelScale scale, string? block, ResultLevel shown) =>
        calibrated is null || !Covers(calibrated, shown)
            ? null
            : ProfilePrecision.Of(
                calibrated.Results,
                calibrated.Calibration.Curves,
                shown.Unequated is null ? calibrated.Calibration.Curves : calibrated.Calibration.ReferenceCurves,
                scale.LevelsOf(block),
                shown.ResultPercent
            );

    private static ChangeSinceEntry? ChangeOf(CalibratedResults? calibrated, ResultLevel shown) =>
        calibrated is null || !Covers(calibrated, shown)
            ? null
            : ProfilePrecision.Change(calibrated.Results, calibrated.Calibration, calibrated.Entry);

    /// <param name="share">The result as shown.</param>
    /// <param name="earned">The result as recorded in the ledger.</param>
    private static ResultLevel Level(ResultShare share, LevelScale scale, string? block, ResultShare earned, string recommendation)
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
            Recommendation: recommendation,
            Unequated: share == earned ? null : new(earned.Earned, earned.Percent, 100m - earned.Percent, scale.LevelOf(earned, block).Code)
        );
    }
}
