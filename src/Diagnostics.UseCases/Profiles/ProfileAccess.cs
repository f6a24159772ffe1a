using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Profiles;
using Diagnostics.Storage;
using Diagnostics.Storage.People;
using Diagnostics.Storage.Profiles;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Profiles;

/// <summary>
/// Who sees which profile (docs/promises.md, profiles). The operator and the chair see every version in their
/// campaigns. The person and portals see only final versions. A portal sees only people of its territory, with their
/// consent.
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

    /// <remarks>Whether a portal may see the person is checked by <see cref="CheckPortal"/>.</remarks>
    internal static bool MaySee(Caller caller, ProfileRow profile)
    {
        var isFinal = profile.Status == Codes.Of(ProfileStatus.Final);
        return caller.ClientId is not null
            ? isFinal
            : Readers.Covers(caller, new Target { Campaign = profile.CampaignId, Participant = isFinal ? profile.ParticipantId : null });
    }

    /// <summary>Refuses a portal that may not see the person; null when it may. Only for portals.</summary>
    internal static async Task<Refusal?> CheckPortal(Db db, Caller portal, Guid participantId)
    {
        // A portal must not learn whether a person lives in another territory, is erased or never existed.
        if (
            await PersonStore.Find(db, participantId) is not { } person
            || (portal.ClientTerritory is { } territory && territory != person.Territory)
        )
            return NoPerson;
        return await ConsentStore.Has(db, participantId, ConsentStore.ProfileSharing) ? null : NotConsented;
    }

    internal static Refusal OtherTerritory(string own) =>
        Refusal.Forbidden("not-your-territory", $"Клиенту открыта только территория «{own}».");

    /// <summary>What a list of profiles shows.</summary>
    internal static Looked? Shown(string subject, IReadOnlyCollection<ProfileSummary> profiles) =>
        Looked.Profiles(subject, profiles.Select(profile => ((Guid?)profile.ParticipantId, (Guid?)profile.Id)).ToList());
}
