using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Profiles;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.People;
using Diagnostics.Storage.Profiles;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Profiles;

/// <summary>
/// Who sees which profile (docs/promises.md, profiles). The operator and the chair see every version in their
/// campaigns. The person and portals see only final ones. A portal sees only its territory, with the person's consent,
/// and the audit records every reading.
/// </summary>
internal static class ProfileAccess
{
    internal static readonly AccessRule Readers = AccessRule
        .Of(Role.Participant.OfOwn(), Role.Operator.OfCampaign(), Role.Chair.OfCampaign())
        .Or(Clients.ReadProfiles);

    internal static readonly Refusal NotFound = Refusal.NotFound("profile-not-found", "Такого профиля нет.");

    internal static readonly Refusal NoPerson = Refusal.NotFound("person-not-found", "Такого человека нет.");

    internal static readonly Refusal NotConsented = Refusal.Forbidden(
        "profile-sharing-not-consented",
        "Человек не давал согласия на передачу профиля или отозвал его."
    );

    /// <remarks><see cref="CheckPortal"/> checks whether a portal may see the person.</remarks>
    internal static bool MaySee(Caller caller, ProfileRow profile)
    {
        var isFinal = profile.Status == Codes.Of(ProfileStatus.Final);
        return caller.ClientId is not null
            ? isFinal
            : Readers.Covers(caller, new Target { Campaign = profile.CampaignId, Participant = isFinal ? profile.ParticipantId : null });
    }

    /// <summary>Whether this portal may see the person; for portals only.</summary>
    internal static async Task<Refusal?> CheckPortal(Db db, Caller portal, Guid participantId)
    {
        // A person of another territory and an erased one look alike: unknown.
        if (
            await PersonStore.Find(db, participantId) is not { } person
            || (portal.ClientTerritory is { } territory && territory != person.Territory)
        )
            return NoPerson;
        return await ConsentStore.Has(db, participantId, ConsentStore.ProfileSharing) ? null : NotConsented;
    }

    internal static Refusal OtherTerritory(string own) =>
        Refusal.Forbidden("not-your-territory", $"Клиенту открыта только территория «{own}».");

    /// <summary>Records that a portal has read the profiles of several people.</summary>
    internal static Task NoteLooks(Db db, Instant now, Caller portal, IReadOnlyCollection<Guid> seen) =>
        AuditStore.Append(db, now, portal.Id, "profiles.viewed", "profiles", new { profiles = seen });

    internal static Task NoteLook(Db db, Instant now, Caller portal, Guid participantId, IEnumerable<ProfileRow> seen) =>
        AuditStore.Append(
            db,
            now,
            portal.Id,
            "profile.viewed",
            $"participant:{participantId:D}",
            new { profiles = seen.Select(profile => profile.Id.ToString("D")).ToList() }
        );
}
