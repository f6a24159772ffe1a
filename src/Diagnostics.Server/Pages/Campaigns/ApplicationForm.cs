using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.People;
using NodaTime;

namespace Diagnostics.Server.Pages.Campaigns;

/// <summary>The content of an application form before anybody has filled it in.</summary>
internal sealed class ApplicationForm(
    GetCampaign getCampaign,
    GetPolicy getPolicy,
    ListPersonApplications listApplications,
    ReadConsentTexts readTexts,
    DataOperator dataOperator,
    IClock clock
)
{
    internal async Task<Result<ApplyPage.Facts>> Fill(Guid campaignId, Caller caller)
    {
        if (caller.ParticipantId is not { } person)
            return Gate.NotAllowed;
        if ((await getCampaign.Run(campaignId, caller)).Refused(out var refusal, out var campaign))
            return refusal;
        if (campaign.Consent is not { } consent)
            return Refusal.NotFound("campaign-not-found", "Такого мероприятия нет.");
        if ((await Text(consent, caller)).Refused(out var untold, out var participation))
            return untold;
        if ((await readTexts.Run(caller)).Refused(out var unread, out var texts))
            return unread;
        if ((await listApplications.Run(person, caller)).Refused(out var unlisted, out var applications))
            return unlisted;
        return new ApplyPage.Facts(
            Campaign: campaign,
            Participation: participation,
            Sharing: Optional(texts, Consents.ProfileSharingCode),
            TakesApplications: campaign.Status is CampaignStatus.Published && campaign.Windows.TakesApplications(clock.GetCurrentInstant()),
            ApplicationId: applications.FirstOrDefault(application => application.CampaignId == campaignId && Stands(application))?.Id,
            Site: null,
            Agreed: false,
            Shared: false,
            Conditions: new("", "", false, false, false),
            Errors: []
        )
        {
            Processing = Optional(texts, Consents.DataProcessingCode),
            Operator = dataOperator.Name,
        };
    }

    private static ApplyPage.ConsentText? Optional(IReadOnlyList<LatestConsentText> texts, string code) =>
        texts.FirstOrDefault(text => text.Code == code) is { } found
            ? new(found.Code, found.Version, found.Text.Title, found.Text.Text)
            : null;

    /// <summary>
    /// Whether the application is neither rejected nor withdrawn; after a rejection or withdrawal, a person may apply
    /// again.
    /// </summary>
    internal static bool Stands(ApplicationView application) =>
        application.Status is ApplicationStatus.Submitted or ApplicationStatus.Approved;

    internal async Task<Result<ApplyPage.ConsentText>> Text(ConsentReference text, Caller caller) =>
        (await getPolicy.Run(new(Codes.Of(PolicyKind.Consent), text.Code, text.Version), caller)).Map(policy => new ApplyPage.ConsentText(
            text.Code,
            text.Version,
            policy.Content["title"]!.GetValue<string>(),
            policy.Content["text"]!.GetValue<string>()
        ));
}
