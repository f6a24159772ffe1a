using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;
using NodaTime;

namespace Diagnostics.Engine.Profiles;

/// <summary><c>provisional → final</c>. A later version supersedes an earlier one; nothing is overwritten.</summary>
public enum ProfileStatus
{
    Provisional,
    Final,
}

/// <summary>Whether there is enough evidence for a level.</summary>
public enum EvidenceStrength
{
    Enough,
    Scarce,
}

/// <summary>The hint that scarce evidence gives: a possible deficit, or no sign of one.</summary>
public enum ElementSignal
{
    PossibleDeficit,
    NoSign,
}

internal static class ElementSignals
{
    /// <summary>The hint of evidence that is too scarce for the level that it would give.</summary>
    internal static ElementSignal Signal(this DeficitLevel level) =>
        level is DeficitLevel.High ? ElementSignal.PossibleDeficit : ElementSignal.NoSign;
}

/// <summary>One effective score, with the block, element and difficulty that it is evidence for.</summary>
public sealed record SlotResult(int Slot, string Block, string Element, int Difficulty, Points Earned, Points Maximum);

/// <summary>The fixed facts of the session that a profile describes.</summary>
/// <param name="ProfilePolicyCode">Code of the policy with the profile's words and rules; absent in profiles of schema
/// 1.0.</param>
public sealed record ProfileSubject(
    Guid ParticipantId,
    Guid SessionId,
    Guid CampaignId,
    CampaignStage Stage,
    int Variant,
    string FrameworkCode,
    int FrameworkVersion,
    string LevelScaleCode,
    int LevelScaleVersion,
    Instant TakenAt,
    string? ProfilePolicyCode = null,
    int? ProfilePolicyVersion = null
);

/// <summary>The deficits of one person found in one standardised session (docs/promises.md, profiles).</summary>
/// <param name="Version">From 1; rises with every new issue for the session.</param>
/// <param name="Cause">Why this version was issued, e.g. <c>scored</c>, <c>published</c>, <c>rescored</c>.</param>
/// <param name="Notice">The permitted and forbidden uses of the profile.</param>
/// <param name="Calibration">The calibration behind all precision in the profile. Absent, together with the precision,
/// while the form has no approved calibration.</param>
/// <param name="Precision">Precision of the total.</param>
/// <param name="Change">Change of the total since the entry diagnostic; absent for the entry diagnostic itself, and
/// where the change cannot be computed.</param>
/// <param name="Schema">Version of the published schema of this profile; absent means 1.0.</param>
/// <param name="Competencies">All competencies of the framework, tested or not; none in profiles of schema 1.0.</param>
/// <param name="Sources">The sources of the evidence.</param>
/// <param name="RouteForm">The values that the route form takes from the profile.</param>
/// <param name="Progress">Comparison with earlier diagnostics; absent for the entry diagnostic itself, and when no
/// earlier result is published.</param>
/// <param name="Annulled">Present when the session was annulled after the issue, so that this result is void. It is
/// never part of the issued profile: the service adds it when the profile is read.</param>
public sealed record DeficitProfile(
    Guid Id,
    int Version,
    ProfileStatus Status,
    string Cause,
    Instant IssuedAt,
    ProfileSubject Subject,
    ResultLevel Total,
    IReadOnlyList<BlockResult> Blocks,
    IReadOnlyList<ElementResult> Elements,
    string Notice,
    CalibrationReference? Calibration = null,
    Precision? Precision = null,
    ChangeSinceEntry? Change = null,
    string? Schema = null,
    IReadOnlyList<CompetencyResult>? Competencies = null,
    IReadOnlyList<SourceShare>? Sources = null,
    RouteForm? RouteForm = null,
    Progress? Progress = null,
    Annulment? Annulled = null
)
{
    /// <summary>The schema version that this version of the service issues.</summary>
    public const string CurrentSchema = "2.0";
}

/// <summary>The part of the evidence that one source gave.</summary>
/// <param name="Items">Number of pieces of evidence.</param>
/// <param name="Maximum">Largest possible points of the evidence, weighted.</param>
public sealed record SourceShare(string Source, Instant From, Instant To, int Items, Points Maximum);

/// <summary>Why a session's result is void.</summary>
public enum AnnulmentCause
{
    /// <summary>An appeal about the procedure was upheld (clause 7.1.3).</summary>
    AppealUpheld,

    /// <summary>The operator annulled the session.</summary>
    OperatorDecision,
}

/// <param name="Detail">The cause in words.</param>
/// <param name="NewSessionId">The session that replaces the annulled one; absent when there is none.</param>
public sealed record Annulment(Instant At, AnnulmentCause Cause, string Detail, Guid? NewSessionId);

/// <param name="Earned">Points earned.</param>
/// <param name="Maximum">Largest possible points.</param>
/// <param name="ResultPercent">0–100, cut to two decimal places (never rounded across a boundary).</param>
/// <param name="DeficitPercent">100 − result.</param>
/// <param name="Level">Level decided on the exact fraction.</param>
/// <param name="BoundaryCase">Whether the printed table of clause 3.4 leaves this result between two rows.</param>
/// <param name="Recommendation">How to remove the deficit (clause 3.4).</param>
/// <param name="Unequated">The result before equating, where the numbers above are equated. Equated numbers are the
/// points that a person with a harder or easier variant would have on the first variant. Absent where nothing was
/// equated.</param>
public sealed record ResultLevel(
    Points Earned,
    Points Maximum,
    decimal ResultPercent,
    decimal DeficitPercent,
    DeficitLevel Level,
    string LevelLabel,
    bool BoundaryCase,
    string Recommendation,
    Unequated? Unequated = null
);

/// <summary>The result before equating, in points as recorded in the ledger.</summary>
public sealed record Unequated(Points Earned, decimal ResultPercent, decimal DeficitPercent, DeficitLevel Level);

/// <param name="Precision">How certain the result and the level are; absent without an approved calibration of all
/// items of the block.</param>
/// <param name="Change">Change since the entry diagnostic on the same form; absent for the entry diagnostic itself, and
/// where the change cannot be computed.</param>
/// <param name="RouteFormText">The cell of the route form (макет ИОМ, блок 4): «17% (результат выполнения теста входной
/// диагностики - 83%)».</param>
/// <param name="Meaning">The level in words; absent in profiles of schema 1.0.</param>
public sealed record BlockResult(
    string Code,
    string Title,
    string Adjective,
    ResultLevel Result,
    IReadOnlyList<DifficultyResult> Difficulties,
    string RouteFormText,
    Precision? Precision = null,
    ChangeSinceEntry? Change = null,
    LevelMeaning? Meaning = null
);

/// <summary>A level in words (clauses 3.4–3.4.2).</summary>
/// <param name="Meaning">The level's meaning for the person's work.</param>
/// <param name="Technology">How the route is built.</param>
/// <param name="DifficultyReached">The difficulty of the items that the person solves; present where the regulation
/// describes levels in this way.</param>
public sealed record LevelMeaning(string Meaning, string Technology, string? DifficultyReached = null);

/// <summary>How much evidence there is about a competency.</summary>
public enum CompetencyEvidence
{
    /// <summary>There is enough evidence for a level.</summary>
    Enough,

    /// <summary>There is some evidence, but only enough for a signal.</summary>
    Signal,

    /// <summary>Nothing was asked about the competency.</summary>
    None,
}

/// <param name="Block">Code of the competency's block.</param>
/// <param name="Items">Number of pieces of evidence.</param>
/// <param name="Earned">Points before equating: their sum over a block's competencies is the block's result before
/// equating.</param>
/// <param name="ResultPercent">0–100, cut to two decimal places; absent where nothing was asked.</param>
/// <param name="Level">Present where the evidence is enough, otherwise null.</param>
/// <param name="BoundaryCase">Whether the result is a boundary case, in the same sense as for a block; false where
/// there is no level.</param>
/// <param name="Signal">Present where the evidence is scarce, otherwise null.</param>
/// <param name="Recommendation">How to remove the deficit (clause 3.4); present where there is a level.</param>
/// <param name="Precision">Reserved for the precision of subscores; absent so far.</param>
public sealed record CompetencyResult(
    string Code,
    string Title,
    string Block,
    int Items,
    CompetencyEvidence Evidence,
    Points Earned,
    Points Maximum,
    decimal? ResultPercent,
    decimal? DeficitPercent,
    DeficitLevel? Level,
    string? LevelLabel,
    bool BoundaryCase,
    ElementSignal? Signal,
    string? Recommendation,
    IReadOnlyList<DifficultyResult> Difficulties,
    LevelMeaning? Meaning,
    Precision? Precision = null
);

/// <param name="Difficulty">1–3 (clause 3.6.2).</param>
public sealed record DifficultyResult(int Difficulty, Points Earned, Points Maximum, decimal ResultPercent);

/// <param name="Items">Number of items that tested the element.</param>
/// <param name="Level">Present where the evidence is enough, otherwise null.</param>
/// <param name="Signal">Present where the evidence is scarce, otherwise null.</param>
public sealed record ElementResult(
    string Code,
    string Title,
    string Block,
    int Items,
    Points Earned,
    Points Maximum,
    decimal ResultPercent,
    EvidenceStrength Evidence,
    DeficitLevel? Level,
    ElementSignal? Signal
);
