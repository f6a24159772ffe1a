using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Profiles;
using Diagnostics.Server.Pages.Campaigns;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.People;
using Diagnostics.UseCases.Profiles;

namespace Diagnostics.Server.Pages.Profiles;

/// <summary>A person's published results, and the other people who may see them.</summary>
internal sealed class OwnResults(
    ListProfilesOfPerson listProfiles,
    Journeys journeys,
    ListConsents listConsents,
    ListPolicies listPolicies,
    ApplicationForm form
)
{
    private const string SharingKind = "profile_sharing";

    internal async Task<Result<ResultsPage.Facts>> All(Caller caller)
    {
        if (caller.ParticipantId is not { } person)
            return Gate.NotAllowed;
        if ((await listProfiles.Run(new(person, null, null), caller)).Refused(out var refusal, out var profiles))
            return refusal;
        if ((await journeys.All(caller)).Refused(out var noJourneys, out var all))
            return noJourneys;
        if ((await listConsents.Run(person, caller)).Refused(out var noConsents, out var consents))
            return noConsents;
        if ((await Sharing(caller)).Refused(out var noText, out var sharing))
            return noText;
        var zone = all.Count > 0 ? all[0].Site?.TimeZone ?? Dates.Moscow : Dates.Moscow;
        return new ResultsPage.Facts(
            profiles
                .Items.Where(profile => profile is { Status: ProfileStatus.Final, IsLatest: true })
                .OrderByDescending(profile => profile.IssuedAt)
                .Select(profile => LineOf(profile, all.FirstOrDefault(journey => journey.Campaign.Id == profile.CampaignId)))
                .ToList(),
            sharing,
            consents.FirstOrDefault(consent => consent is { Kind: SharingKind, WithdrawnAt: null })?.GivenAt,
            zone,
            Told: null,
            Error: null
        );
    }

    private static ResultsPage.Line LineOf(ProfileSummary profile, JourneyCard.Facts? journey) =>
        new(profile, journey?.Campaign.Title ?? "Диагностика", journey?.Site?.TimeZone ?? Dates.Moscow);

    /// <summary>The latest text of the consent to show the profile; null when the operator has none.</summary>
    private async Task<Result<ApplyPage.ConsentText?>> Sharing(Caller caller)
    {
        if ((await listPolicies.Run(new(Codes.Of(PolicyKind.Consent)), caller)).Refused(out var refusal, out var texts))
            return refusal;
        return texts.Where(text => text.Code == Consents.ProfileSharingCode).MaxBy(text => text.Version) is { } latest
            ? (await form.Text(new(latest.Code, latest.Version), caller)).Map<ApplyPage.ConsentText?>(text => text)
            : (ApplyPage.ConsentText?)null;
    }
}
