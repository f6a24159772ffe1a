using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Profiles;

/// <summary>Called by every form of diagnostics when something that it has found about a person was added, changed or withdrawn.</summary>
internal delegate Task EvidenceChanged(Db db, Guid participantId, Instant now);

/// <summary>
/// Who enters and who reads what the forms of diagnostics other than the test have found about a person. Diagnostics are
/// voluntary (clause 7.1.1), so nothing is entered without the person's consent to take part. Methodologists and portals
/// read it only with the consent to the profile being shown, and the audit trail records every reading.
/// </summary>
internal static class PersonEvidence
{
    private static readonly AccessRule Operators = AccessRule.Of(Role.Operator.OfTerritory());

    internal static readonly AccessRule Enterers = AccessRule.Of(Role.Operator.OfTerritory(), Role.Methodologist.OfTerritory());

    internal static readonly AccessRule Readers = AccessRule
        .Of(Role.Participant.OfOwn(), Role.Operator.OfTerritory(), Role.Methodologist.OfTerritory(), Role.Methodologist.OfOrganisation())
        .Or(Clients.ReadProfiles);

    internal static readonly Refusal NotTakingPart = Refusal.Conflict(
        "participation-not-consented",
        "Диагностика добровольная: согласия этого человека на участие нет, или он отозвал его."
    );

    /// <summary>Null when the caller may enter findings about the person.</summary>
    internal static async Task<Refusal?> CheckEnterer(Db db, Caller caller, Guid participantId)
    {
        if (
            await PersonStore.Find(db, participantId) is not { } person
            || !Enterers.Covers(caller, new Target { Territory = person.Territory })
        )
            return ProfileAccess.NoPerson;
        return await CheckTakesPart(db, participantId);
    }

    /// <summary>Null when the person takes part in diagnostics.</summary>
    internal static async Task<Refusal?> CheckTakesPart(Db db, Guid participantId) =>
        await ConsentStore.Has(db, participantId, ConsentStore.Participation) ? null : NotTakingPart;

    /// <summary>Null when the caller may read findings about the person.</summary>
    internal static async Task<Refusal?> CheckReader(Db db, Caller caller, Guid participantId)
    {
        if (caller.ClientId is not null)
            return await ProfileAccess.CheckConsent(db, caller, participantId);
        if (caller.ParticipantId == participantId)
            return null;
        if (await PersonStore.Find(db, participantId) is not { } person)
            return ProfileAccess.NoPerson;
        var target = new Target { Territory = person.Territory, Organisation = person.Organisation };
        if (Operators.Covers(caller, target))
            return null;
        if (!Readers.Covers(caller, target))
            return ProfileAccess.NoPerson;
        return await ConsentStore.Has(db, participantId, ConsentStore.ProfileSharing) ? null : ProfileAccess.NotConsented;
    }

    /// <summary>Records that somebody other than the person has read findings about the person.</summary>
    internal static Task NoteLook(Db db, Instant now, Caller caller, Guid participantId, string action) =>
        caller.ParticipantId == participantId
            ? Task.CompletedTask
            : AuditStore.Append(db, now, caller.Id, action, $"participant:{participantId:D}");
}
