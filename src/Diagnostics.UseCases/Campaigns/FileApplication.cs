using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Diagnostics.UseCases.People;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>A personal application (clause 7.1.1), with consent.</summary>
/// <param name="SiteId">Where the person wants to sit; one of the campaign's sites.</param>
/// <param name="Consent">To the text that the campaign names.</param>
/// <param name="ProfileSharing">If the person agrees that portals and methodologists see the profile.</param>
/// <param name="ParticipantId">Whom it is filed for; absent: for oneself.</param>
public sealed record ApplicationRequest(Guid SiteId, ConsentGiven Consent, ConsentGiven? ProfileSharing = null, Guid? ParticipantId = null);

/// <summary>The person applies; or an operator or the person's portal files what the person has signed.</summary>
internal sealed class FileApplication(Executor executor) : UseCase<FileApplication.Request, ApplicationView>(Operation, executor)
{
    internal static new readonly Operation Operation =
        new(nameof(FileApplication), ApplicationRights.Concerned) { Repetition = Repetition.GivesResultAgain };

    internal sealed record Request(Guid CampaignId, ApplicationRequest Application);

    protected override Task<Result<ApplicationView>> Handle(Request request, Caller caller) => Write(caller, async db =>
    {
        var (campaignId, asked) = request;
        if (await CampaignStore.Find(db, campaignId) is not { } campaign || campaign.State is CampaignStatus.Draft)
            return CampaignRefusals.NoCampaign;
        if ((await Applicant(db, campaignId, asked, caller)).Refused(out var notFor, out var participantId)) return notFor;
        var now = Now;
        if (campaign.State is not CampaignStatus.Published || !campaign.Windows.TakesApplications(now))
        {
            return Refusal.Conflict("applications-closed", "Сейчас заявления не принимаются.")
                .With("from", campaign.ApplicationsFrom).With("to", campaign.ApplicationsTo);
        }
        if (!await CampaignStore.HasSite(db, campaignId, asked.SiteId))
            return Refusal.Invalid("site-not-in-campaign", "На этой площадке мероприятие не проводится.").With("field", "siteId");
        var consent = await Consents.Participate(db, campaignId, participantId, asked.Consent, now);
        if (consent.Refused(out var noConsent, out var consentId)) return noConsent;
        if (asked.ProfileSharing is { } sharing
            && (await Consents.ShareProfile(db, participantId, sharing, now)).Refused(out var noSharing, out _)) return noSharing;

        var id = Guid.CreateVersion7(now.ToDateTimeOffset());
        var added = await ApplicationStore.Add(db, new ApplicationRow
        {
            Id = id,
            CampaignId = campaignId,
            ParticipantId = participantId,
            SiteId = asked.SiteId,
            ConsentId = consentId,
            SubmittedAt = now,
        });
        if (!added) return Refusal.Conflict("application-exists", "Заявление этого человека на это мероприятие уже подано.");
        await AuditStore.Append(db, now, caller.Id, "application.filed", $"application:{id:D}",
            new { campaignId, participantId, profileSharing = asked.ProfileSharing is not null });
        return await ApplicationView.Read(db, id);
    });

    private static async Task<Result<Guid>> Applicant(Db db, Guid campaignId, ApplicationRequest request, Caller caller)
    {
        var id = request.ParticipantId ?? caller.ParticipantId;
        if (id is not { } participantId)
        {
            return Refusal.Invalid("participant-missing", "Укажите participantId: за кого подаётся заявление.")
                .With("field", "participantId");
        }
        var person = await PersonStore.Find(db, participantId);
        var may = ApplicationRights.ConcernsWithoutPerson(caller, campaignId, participantId) || ApplicationRights.Concerns(caller, person);
        return may && person is not null ? participantId : CampaignRefusals.NoPerson;
    }
}
