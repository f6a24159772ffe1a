using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Events;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Events;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.People;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>Records consents given with an application; they must be given to exactly the texts that apply.</summary>
internal static class Consents
{
    internal const string ParticipationCode = "participation";
    internal const string ProfileSharingCode = "profile-sharing";

    /// <summary>Records the consent to take part, given to the version that the campaign pins.</summary>
    /// <returns>Id of the consent.</returns>
    internal static async Task<Result<Guid>> Participate(Db db, Guid campaignId, Guid participantId, ConsentGiven given, Instant now)
    {
        var pinned = await CampaignPolicies.Pinned(db, campaignId, PolicyKind.Consent);
        if (Check(given, pinned, "consent") is { } refusal)
            return refusal;
        return await Add(db, participantId, ConsentStore.Participation, pinned, now);
    }

    /// <summary>
    /// Records the consent to show the profile to portals and methodologists; a consent in force is not recorded twice.
    /// </summary>
    internal static async Task<Result<Done>> ShareProfile(Db db, Guid participantId, ConsentGiven given, Instant now)
    {
        if (await PolicyStore.Latest(db, PolicyKind.Consent, ProfileSharingCode) is not { } latest)
            return Refusal.Conflict("consent-text-missing", "Текста согласия на передачу профиля ещё нет.");
        if (Check(given, latest, "profileSharing") is { } refusal)
            return refusal;
        if (!await ConsentStore.Has(db, participantId, ConsentStore.ProfileSharing))
            await Add(db, participantId, ConsentStore.ProfileSharing, latest, now);
        return default(Done);
    }

    private static Refusal? Check(ConsentGiven given, PolicyRow wanted, string field)
    {
        if (!given.Accepted)
            return Refusal.Invalid("consent-not-accepted", "Без согласия это невозможно: accepted должно быть true.").With("field", field);
        return given.Code == wanted.Code && given.Version == wanted.Version
            ? null
            : Refusal
                .Invalid("consent-version", $"Нужно согласие с текстом «{wanted.Code}» версии {wanted.Version}: покажите его человеку.")
                .With("field", field)
                .With("consent", new ConsentReference(wanted.Code, wanted.Version));
    }

    private static async Task<Guid> Add(Db db, Guid participantId, string kind, PolicyRow text, Instant now)
    {
        var id = Guid.CreateVersion7(now.ToDateTimeOffset());
        await ConsentStore.Add(
            db,
            new ConsentRow
            {
                Id = id,
                ParticipantId = participantId,
                Kind = kind,
                TextCode = text.Code,
                TextVersion = text.Version,
                GivenAt = now,
            }
        );
        await EventStore.Append(
            db,
            now,
            EventKind.ConsentGiven,
            new()
            {
                ParticipantId = participantId,
                ConsentKind = kind,
                Version = text.Version,
            }
        );
        return id;
    }
}
