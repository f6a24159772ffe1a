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
/// <param name="ProfilePolicyCode">Whose words and rules the profile uses; absent in profiles of schema 1.0.</param>
public sealed record ProfileSubject(
    Guid ParticipantId, Guid SessionId, Guid CampaignId, CampaignStage Stage, int Variant,
    string FrameworkCode, int FrameworkVersion, string LevelScaleCode, int LevelScaleVersion, Instant TakenAt,
    string? ProfilePolicyCode = null, int? ProfilePolicyVersion = null);

/// <summary>The deficits of one person found by one standardised session (docs/promises.md, profiles).</summary>
/// <param name="Version">From 1; rises with every new issue for the session.</param>
/// <param name="Cause">Why this version was issued, e.g. <c>scored</c>, <c>published</c>, <c>rescored</c>.</param>
/// <param name="Notice">What the profile may and may not be used for.</param>
/// <param name="Calibration">On which all precision here rests; absent, and precision with it, while the form has no approved one.</param>
/// <param name="Precision">Of the total.</param>
/// <param name="Change">Of the total since the entry diagnostic; for later stages only.</param>
/// <param name="Schema">The version of the published schema that it was issued by; absent means 1.0.</param>
/// <param name="Competencies">All of the framework, tested or not; none in profiles of schema 1.0.</param>
/// <param name="Sources">Where the evidence came from.</param>
/// <param name="RouteForm">What the form of a route takes from the profile.</param>
/// <param name="Progress">Against the diagnostics before; for later stages only.</param>
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
    string? Schema = null,
    IReadOnlyList<CompetencyResult>? Competencies = null,
    IReadOnlyList<SourceShare>? Sources = null,
    RouteForm? RouteForm = null,
    Progress? Progress = null,
    Annulment? Annulled = null)
{
    /// <summary>What this version of the service issues.</summary>
    public const string CurrentSchema = "2.0";
}

/// <summary>How much of the evidence one source gave.</summary>
/// <param name="Items">Pieces of evidence.</param>
/// <param name="Maximum">Points they could earn, by their weight.</param>
public sealed record SourceShare(string Source, Instant From, Instant To, int Items, Points Maximum);

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
/// <param name="RouteFormText">The cell of the route form (макет ИОМ, блок 4): «17% (результат выполнения теста входной диагностики - 83%)».</param>
/// <param name="Meaning">The level in words; absent in profiles of schema 1.0.</param>
public sealed record BlockResult(
    string Code, string Title, string Adjective, ResultLevel Result,
    IReadOnlyList<DifficultyResult> Difficulties, string RouteFormText, Precision? Precision = null, ChangeSinceEntry? Change = null,
    LevelMeaning? Meaning = null);

/// <summary>A level in words (clauses 3.4–3.4.2).</summary>
/// <param name="Meaning">What it says of the person's work.</param>
/// <param name="Technology">How the route is built.</param>
/// <param name="DifficultyReached">Items of which difficulty the person does; where the regulation tells levels so.</param>
public sealed record LevelMeaning(string Meaning, string Technology, string? DifficultyReached = null);

/// <summary>What is known of a competency?</summary>
public enum CompetencyEvidence
{
    /// <summary>Enough for a level.</summary>
    Enough,

    /// <summary>Something: it gives a signal.</summary>
    Signal,

    /// <summary>Nothing was asked.</summary>
    None,
}

/// <param name="Block">Code of its block.</param>
/// <param name="Items">Pieces of evidence.</param>
/// <param name="Earned">Points as earned: the competencies of a block make its result before equating.</param>
/// <param name="ResultPercent">0–100, two places, cut; absent where nothing was asked.</param>
/// <param name="Level">Where the evidence is enough, else null.</param>
/// <param name="BoundaryCase">As of a block; false where there is no level.</param>
/// <param name="Signal">Where the evidence is scarce, else null.</param>
/// <param name="Recommendation">How to make the deficit good (clause 3.4); where there is a level.</param>
/// <param name="Precision">Kept for the precision of subscores; absent so far.</param>
public sealed record CompetencyResult(
    string Code, string Title, string Block, int Items, CompetencyEvidence Evidence,
    Points Earned, Points Maximum, decimal? ResultPercent, decimal? DeficitPercent,
    DeficitLevel? Level, string? LevelLabel, bool BoundaryCase, ElementSignal? Signal, string? Recommendation,
    IReadOnlyList<DifficultyResult> Difficulties, LevelMeaning? Meaning, Precision? Precision = null);

/// <param name="Difficulty">1–3 (clause 3.6.2).</param>
public sealed record DifficultyResult(int Difficulty, Points Earned, Points Maximum, decimal ResultPercent);

/// <param name="Items">Number of items that tested the element.</param>
/// <param name="Level">Where the evidence is enough, else null.</param>
/// <param name="Signal">Where it is scarce, else null.</param>
public sealed record ElementResult(
    string Code, string Title, string Block, int Items, Points Earned, Points Maximum, decimal ResultPercent,
    EvidenceStrength Evidence, DeficitLevel? Level, ElementSignal? Signal);
