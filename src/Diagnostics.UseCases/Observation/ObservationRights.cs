using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Profiles;
using NodaTime;

namespace Diagnostics.UseCases.Observation;

/// <summary>
/// Observations are arranged by operators and methodologists, who invite experts. An expert sees only the observations to
/// which the expert is invited, and the other sheets only after filling in one's own, so that two experts judge
/// independently.
/// </summary>
internal static class ObservationRights
{
    internal static readonly AccessRule Experts = AccessRule.Of(Role.Expert, Role.Methodologist);

    /// <summary>The invited experts, the person, and those who enter sheets from paper.</summary>
    internal static readonly AccessRule Observers = AccessRule.Of(
        Role.Participant.OfOwn(),
        Role.Operator.OfTerritory(),
        Role.Methodologist.OfTerritory(),
        Role.Methodologist.OfOrganisation(),
        Role.Expert
    );

    internal static readonly AccessRule Readers = Observers.Or(Clients.ReadProfiles);

    internal static readonly Refusal NotFound = Refusal.NotFound("observation-not-found", "Такого наблюдения нет.");

    internal static readonly Refusal Withdrawn = Refusal.Conflict("observation-withdrawn", "Это наблюдение отозвано.");

    internal static bool IsInvited(Caller caller, LoadedObservation observation) =>
        caller.IsAccount && observation.Experts.Contains(caller.AccountId);

    /// <summary>Whether the caller may enter sheets for others in the person's territory.</summary>
    internal static async Task<bool> Enters(Db db, Caller caller, LoadedObservation observation) =>
        await PersonEvidence.CheckEnterer(db, caller, observation.Row.ParticipantId) is not { } refusal
        || refusal == PersonEvidence.NotTakingPart;

    internal static Task Note(Db db, Instant now, Caller caller, string action, LoadedObservation observation) =>
        AuditStore.Append(
            db,
            now,
            caller.Id,
            action,
            $"participant:{observation.Row.ParticipantId:D}",
            new { observation = observation.Row.Id.ToString("D") }
        );
}
