using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.People;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>A person's application (clause 7.1.1), with the consent.</summary>
/// <param name="SiteId">The site that the person chooses among the campaign's sites.</param>
/// <param name="Consent">Consent to the text that the campaign names.</param>
/// <param name="ProfileSharing">Whether the person agrees that portals and methodologists see the profile; only in people's own
/// applications, because nobody else can give this consent.</param>
/// <param name="ParticipantId">The person for whom somebody else applies; absent when people apply for
/// themselves.</param>
/// <param name="Accommodations">Special conditions that the person asks for; extra time must be within the limits of
/// the campaign's session policy.</param>
/// <param name="SittingId">The sitting that the person prefers at the site; when absent, any sitting.</param>
/// <param name="DataProcessing">Consent to the processing of personal data; needed unless the text of the campaign covers it, or
/// the person has already given it.</param>
public sealed record ApplicationRequest(
    Guid SiteId,
    ConsentGiven Consent,
    ConsentGiven? ProfileSharing = null,
    Guid? ParticipantId = null,
    Accommodations? Accommodations = null,
    Guid? SittingId = null,
    ConsentGiven? DataProcessing = null
);

/// <summary>
/// Files an application. People file their own; an operator or the person's portal may file one that the person has
/// signed.
/// </summary>
internal sealed class FileApplication(Executor executor, DataOperator dataOperator)
    : UseCase<FileApplication.Request, ApplicationView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(FileApplication),
        ApplicationRights.Concerned,
        Trail.Writes("application.filed")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    private static readonly Refusal SharedByAnother = Refusal
        .Forbidden(
            "sharing-by-person-only",
            "Согласие на передачу профиля даёт и отзывает только сам человек: подайте заявление без него, человек согласится после входа."
        )
        .With("field", "profileSharing");

    internal sealed record Request(Guid CampaignId, ApplicationRequest Application);

    protected override Task<Result<ApplicationView>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
                (await File(db, request, caller, Now)).Refused(out var refusal, out var id) ? refusal : await ApplicationView.Read(db, id)
        );

    /// <summary>Files an application in the caller's transaction; other use cases that enrol people call this.</summary>
    /// <returns>Id of the application.</returns>
    internal async Task<Result<Guid>> File(Db db, Request request, Caller caller, Instant now)
    {
        var (campaignId, asked) = request;
        if (await CampaignStore.Find(db, campaignId) is not { } campaign || campaign.State is CampaignStatus.Draft)
            return CampaignRefusals.NoCampaign;
        if ((await Applicant(db, campaignId, asked, caller)).Refused(out var notFor, out var participantId))
            return notFor;
        if (asked.ProfileSharing is not null && participantId != caller.ParticipantId)
            return SharedByAnother;
        if (participantId != caller.ParticipantId && await Consents.CheckGiver(db, participantId) is { } byPersonOnly)
            return byPersonOnly;
        if (campaign.State is CampaignStatus.Cancelled)
            return CampaignRefusals.Cancelled;
        if (campaign.State is not CampaignStatus.Published || !campaign.Windows.TakesApplications(now))
        {
            return Refusal
                .Conflict("applications-closed", "Сейчас заявления не принимаются.")
                .With("from", campaign.ApplicationsFrom)
                .With("to", campaign.ApplicationsTo);
        }
        if (!await CampaignStore.HasSite(db, campaignId, asked.SiteId))
            return Refusal.Invalid("site-not-in-campaign", "На этой площадке мероприятие не проводится.").With("field", "siteId");
        if (asked.SittingId is { } sittingId && await CheckSitting(db, campaignId, asked.SiteId, sittingId, now) is { } noSitting)
            return noSitting;
        if (asked.Accommodations is { } needs && await AccommodationRules.Check(db, campaign, needs) is { } beyond)
            return beyond;
        var consent = await Consents.Participate(db, campaignId, participantId, asked.Consent, dataOperator, now);
        if (consent.Refused(out var noConsent, out var consentId))
            return noConsent;
        var processed = await Consents.Process(db, campaignId, participantId, asked.DataProcessing, dataOperator, now);
        if (processed.Refused(out var noProcessing, out _))
            return noProcessing;
        if (
            asked.ProfileSharing is { } sharing
            && (
                await Consents.Record(db, participantId, ConsentStore.ProfileSharing, sharing, "profileSharing", dataOperator, now)
            ).Refused(out var noSharing, out _)
        )
            return noSharing;

        var id = Guid.CreateVersion7(now.ToDateTimeOffset());
        var added = await ApplicationStore.Add(
            db,
            new ApplicationRow
            {
                Id = id,
                CampaignId = campaignId,
                ParticipantId = participantId,
                SiteId = asked.SiteId,
                SittingId = asked.SittingId,
                ConsentId = consentId,
                SubmittedAt = now,
            }
        );
        if (!added)
            return Refusal.Conflict("application-exists", "Заявление этого человека на это мероприятие уже подано.");
        var special = asked.Accommodations is { } wanted && !wanted.AreNone() ? wanted : null;
        if (special is not null)
            await AccommodationStore.Ask(db, id, special);
        await AuditStore.Append(
            db,
            now,
            caller.Id,
            "application.filed",
            $"application:{id:D}",
            new
            {
                campaignId,
                participantId,
                profileSharing = asked.ProfileSharing is not null,
                accommodations = special is not null,
            }
        );
        return id;
    }

    private static async Task<Refusal?> CheckSitting(Db db, Guid campaignId, Guid siteId, Guid sittingId, Instant now)
    {
        if (await SittingStore.Find(db, sittingId) is not { } sitting || sitting.CampaignId != campaignId || sitting.SiteId != siteId)
            return SittingRefusals.NotOfSite;
        return sitting.CancelledAt is null && now < sitting.EndsAt
            ? null
            : Refusal.Invalid("sitting-over", "Это проведение отменено или уже прошло: выберите другое.").With("field", "sittingId");
    }

    private static async Task<Result<Guid>> Applicant(Db db, Guid campaignId, ApplicationRequest request, Caller caller)
    {
        var id = request.ParticipantId ?? caller.ParticipantId;
        if (id is not { } participantId)
        {
            return Refusal
                .Invalid("participant-missing", "Укажите participantId: за кого подаётся заявление.")
                .With("field", "participantId");
        }
        var person = await PersonStore.Find(db, participantId);
        // Operators of a campaign file for people who have applied to one of theirs: otherwise everybody's data could be reached by
        // applying for them.
        var may =
            ApplicationRights.Concerns(caller, person)
            || (
                ApplicationRights.ConcernsWithoutPerson(caller, campaignId, participantId)
                && (participantId == caller.ParticipantId || (await PersonStore.AppliedTo(db, participantId)).Any(caller.OperatesCampaign))
            );
        return may && person is not null ? participantId : CampaignRefusals.NoPerson;
    }
}

internal static class AccommodationRules
{
    /// <summary>Refuses conditions that the campaign's rules do not allow; null when they are allowed.</summary>
    internal static async Task<Refusal?> Check(Db db, CampaignRow campaign, Accommodations what) =>
        what.ExtraTime is null
            ? null
            : what.Check(
                campaign.TimeLimitMinutes,
                (await CampaignPolicies.Get<SessionPolicy>(db, campaign.Id, PolicyKind.Session)).MostExtraMinutes()
            );
}
