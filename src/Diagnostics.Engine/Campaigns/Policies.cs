using Diagnostics.Engine.Calibration;

namespace Diagnostics.Engine.Campaigns;

/// <summary>What a policy document rules; a campaign pins one version of each kind (design §7).</summary>
public enum PolicyKind { LevelScale, Session, Marking, Scoring, Consent, Appeals, Calendar }

/// <summary>A versioned document. Versions are never changed, only added.</summary>
/// <param name="Content">JSON of the kind's record.</param>
public sealed record Policy(PolicyKind Kind, string Code, int Version, string Content);

/// <param name="GraceSeconds">A save is still taken so long after the deadline (G4): a slow line is no fault of the person.</param>
public sealed record SessionPolicy(int GraceSeconds);

/// <param name="Normalisation">Of short answers, e.g. <c>ru-1</c>.</param>
/// <param name="RequireKeyReview">Results are published only when every unmatched short answer has been decided.</param>
/// <param name="Equating">How results on a variant that proved harder or easier are told in points of the first; absent: never.</param>
public sealed record ScoringPolicy(string Normalisation, bool RequireKeyReview, EquatingRule? Equating = null);

/// <param name="Title">Heading of the consent.</param>
/// <param name="Text">What the person agrees to, word for word.</param>
public sealed record ConsentText(string Title, string Text);
