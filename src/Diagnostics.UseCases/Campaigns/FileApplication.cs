using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>A personal application (clause 7.1.1), with consent.</summary>
/// <param name="SiteId">Where the person wants to sit; one of the campaign's sites.</param>
/// <param name="Consent">To the text that the campaign names.</param>
/// <param name="ProfileSharing">If the person agrees that portals and methodologists see the profile.</param>
/// <param name="ParticipantId">Whom it is filed for; absent: for oneself.</param>
public sealed record ApplicationRequest(Guid SiteId, ConsentGiven Consent, ConsentGiven? ProfileSharing = null, Guid? ParticipantId = null);

/// <summary>The person applies; or an operator or the person's portal files what the person has signed.</summary>
internal static class FileApplication
{
    internal static void Map(IEndpointRouteBuilder campaigns) => campaigns.MapPost("/{campaignId:guid}/applications", File)
        .WithName("FileApplication")
        .WithSummary("Подать заявление об участии: за себя, или за человека — оператором или порталом")
        .AllowedTo(AccessRule.Of(Role.Participant, Role.Operator).Or(Clients.EnrolPeople))
        .Idempotent();

    private static Task<Results<Created<ApplicationView>, ProblemHttpResult>> File(
        Guid campaignId, ApplicationRequest request, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<ApplicationView>>(async db =>
        {
            if (await CampaignStore.Find(db, campaignId) is not { } campaign || campaign.State is CampaignStatus.Draft) return CampaignRefusals.NoCampaign;
            if ((await Applicant(db, campaignId, request, caller)).Refused(out var notFor, out var participantId)) return notFor;
            var now = clock.GetCurrentInstant();
            if (campaign.State is not CampaignStatus.Published || !campaign.Windows.TakesApplications(now))
                return Refusal.Conflict("applications-closed", "Сейчас заявления не принимаются.")
                    .With("from", campaign.ApplicationsFrom).With("to", campaign.ApplicationsTo);
            if (!await CampaignStore.HasSite(db, campaignId, request.SiteId))
                return Refusal.Invalid("site-not-in-campaign", "На этой площадке мероприятие не проводится.").With("field", "siteId");
            if ((await Consents.Participate(db, campaignId, participantId, request.Consent, now)).Refused(out var noConsent, out var consentId)) return noConsent;
            if (request.ProfileSharing is { } sharing && (await Consents.ShareProfile(db, participantId, sharing, now)).Refused(out var noSharing, out _)) return noSharing;

            var id = Guid.CreateVersion7(now.ToDateTimeOffset());
            var added = await ApplicationStore.Add(db, new ApplicationRow
            {
                Id = id,
                CampaignId = campaignId,
                ParticipantId = participantId,
                SiteId = request.SiteId,
                ConsentId = consentId,
                SubmittedAt = now,
            });
            if (!added) return Refusal.Conflict("application-exists", "Заявление этого человека на это мероприятие уже подано.");
            await AuditStore.Append(db, now, caller.Id, "application.filed", $"application:{id:D}", new { campaignId, participantId, profileSharing = request.ProfileSharing is not null });
            return await ApplicationView.Read(db, id);
        }).Created(application => $"/api/v1/applications/{application.Id:D}");

    private static async Task<Result<Guid>> Applicant(Db db, Guid campaignId, ApplicationRequest request, Caller caller)
    {
        var id = request.ParticipantId ?? caller.ParticipantId;
        if (id is not { } participantId)
            return Refusal.Invalid("participant-missing", "Укажите participantId: за кого подаётся заявление.").With("field", "participantId");
        var person = await PersonStore.Find(db, participantId);
        var may = participantId == caller.ParticipantId || caller.OperatesCampaign(campaignId) || (person is not null && caller.EnrolsIn(person.Territory));
        return may && person is not null ? participantId : CampaignRefusals.NoPerson;
    }
}
