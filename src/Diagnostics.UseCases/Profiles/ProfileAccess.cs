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
/// campaigns. The person, portals and methodologists see only final versions. A portal sees only people of its territory,
/// and a methodologist only people of the territory or the organisation, with their consent.
/// </summary>
internal static class ProfileAccess
{
    internal static readonly AccessRule Readers = AccessRule
        .Of(
            Role.Participant.OfOwn(),
            Role.Operator.OfCampaign(),
            Role.Chair.OfCampaign(),
            Role.Methodologist.OfTerritory(),
            Role.Methodologist.OfOrganisation()
        )
        .Or(Clients.ReadProfiles);

    internal static readonly Refusal NotFound = Refusal.NotFound("profile-not-found", "Такого профиля нет.");

    internal static readonly Refusal NoPerson = Refusal.NotFound("person-not-found", "Такого человека нет.");

    internal static readonly Refusal NotConsented = Refusal.Forbidden(
        "profile-sharing-not-consented",
        "Человек не давал согласия на передачу профиля или отозвал его."
    );

    /// <summary>
    /// Whether the caller sees profiles only of people who consent; <see cref="CheckConsent"/> then decides about each person.
    /// </summary>
    internal static bool NeedsConsent(Caller caller) => caller.ClientId is not null || caller.Has(Role.Methodologist);

    /// <summary>Whether the caller may see the profile whatever the person has consented to.</summary>
    internal static bool SeesAnyway(Caller caller, ProfileRow profile) =>
        caller.ClientId is null
        && Readers.Covers(
            caller,
            new Target { Campaign = profile.CampaignId, Participant = IsFinal(profile) ? profile.ParticipantId : null }
        );

    /// <summary>Whether the caller may see the profile, or may see it if <see cref="CheckConsent"/> agrees.</summary>
    internal static bool MaySee(Caller caller, ProfileRow profile) =>
        SeesAnyway(caller, profile) || (NeedsConsent(caller) && IsFinal(profile));

    /// <summary>
    /// Refuses a portal or a methodologist who may not see the person; null when they may. Only for callers of
    /// <see cref="NeedsConsent"/>.
    /// </summary>
    internal static async Task<Refusal?> CheckConsent(Db db, Caller caller, Guid participantId)
    {
        // The caller must not learn whether a person lives in another territory, is erased or never existed.
        if (
            await PersonStore.Find(db, participantId) is not { } person
            || !Readers.Covers(caller, new Target { Territory = person.Territory, Organisation = person.Organisation })
        )
            return NoPerson;
        return await ConsentStore.Has(db, participantId, ConsentStore.ProfileSharing) ? null : NotConsented;
    }

    internal static Refusal OtherTerritory(string own) =>
        Refusal.Forbidden("not-your-territory", $"Клиенту открыта только территория «{own}».");

    private static bool IsFinal(ProfileRow profile) => profile.Status == Codes.Of(ProfileStatus.Final);

    /// <summary>What a list of profiles shows.</summary>
    internal static Looked? Shown(string subject, IReadOnlyCollection<ProfileSummary> profiles) =>
        Looked.Profiles(subject, profiles.Select(profile => ((Guid?)profile.ParticipantId, (Guid?)profile.Id)).ToList());
}
