using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Profiles;
using Diagnostics.Engine.Sessions;

namespace Diagnostics.Engine.Hooks;

/// <summary>
/// Every hook by which later stages reach into earlier ones, in one place. It knows all stages, so no stage of this project
/// may use it: whoever runs a stage hands it in.
/// </summary>
public static class EngineHooks
{
    /// <summary>Campaigns keeps policies of all stages; each says itself what its documents are like.</summary>
    public static readonly PolicyForms Policies = new(
    [
        PolicyForm.Of<LevelScale>(PolicyKind.LevelScale, scale => scale.Faults()),
        PolicyForm.Of<ConsentText>(PolicyKind.Consent, consent => consent.Faults()),
        PolicyForm.Of<SessionPolicy>(PolicyKind.Session, policy => policy.Faults()),
        PolicyForm.Of<MarkingPolicy>(PolicyKind.Marking, policy => policy.Faults()),
        PolicyForm.Of<ScoringPolicy>(PolicyKind.Scoring, policy => policy.Faults()),
        PolicyForm.Of<AppealsPolicy>(PolicyKind.Appeals, policy => policy.Faults()),
        PolicyForm.Of<CalendarDocument>(PolicyKind.Calendar, calendar => calendar.Faults()),
        PolicyForm.Of<ProfilePolicy>(PolicyKind.Profile, policy => policy.Faults()),
    ]);
}
