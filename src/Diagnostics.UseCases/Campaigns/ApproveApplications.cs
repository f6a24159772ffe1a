using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Events;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Events;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <param name="Accommodations">Special conditions to grant. If absent, all that were asked for are granted; an empty
/// object grants none.</param>
/// <param name="SittingId">A sitting at the site of the application. If absent, the sitting that the person asked for
/// or, without one, the earliest sitting that has a free seat and has not begun.</param>
public sealed record ApplicationApproval(Accommodations? Accommodations = null, Guid? SittingId = null);

/// <param name="ApplicationIds">1–500 applications, all to this campaign; each person gets the special conditions asked
/// for.</param>
public sealed record ApprovalsRequest(IReadOnlyList<Guid> ApplicationIds);

/// <summary>The outcome for one application.</summary>
/// <param name="Approved">Whether this request approved the application.</param>
/// <param name="SessionId">The session that the approval created.</param>
/// <param name="Code">Why the application was not approved, as the code that a refusal would have.</param>
/// <param name="Detail">The reason in words.</param>
public sealed record ApprovalOutcome(Guid ApplicationId, bool Approved, Guid? SessionId, string? Code, string? Detail);

/// <summary>
/// Approves an application: in one transaction the person gets a seat, a variant and a scheduled session.
/// </summary>
internal sealed class ApproveApplication(Executor executor) : UseCase<ApproveApplication.Request, ApplicationView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ApproveApplication),
        AccessRule.Of(Role.Operator.OfCampaign()),
        Trail.Writes("application.approved")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid ApplicationId, ApplicationApproval? Approval = null);

    protected override Task<Result<ApplicationView>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
                await ApplicationStore.Find(db, request.ApplicationId) is { } application
                && Reaches(caller, new Target { Campaign = application.CampaignId })
                    ? await Approval.Of(db, application, request.Approval ?? new(), caller.Id, Now)
                    : CampaignRefusals.NoApplication
        );
}

/// <summary>
/// Approves many applications, each separately: one that cannot be approved does not hold up the others.
/// </summary>
internal sealed class ApproveApplications(Executor executor)
    : UseCase<ApproveApplications.Request, IReadOnlyList<ApprovalOutcome>>(Operation, executor)
{
    private const int MaxAtOnce = 500;

    internal static new readonly Operation Operation = new(
        nameof(ApproveApplications),
        AccessRule.Of(Role.Operator.OfCampaign()),
        Trail.Writes("application.approved")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid CampaignId, ApprovalsRequest Approvals);

    protected override async Task<Result<IReadOnlyList<ApprovalOutcome>>> Handle(Request request, Caller caller)
    {
        var (campaignId, ids) = (request.CampaignId, request.Approvals.ApplicationIds);
        if (ids.Count is 0 or > MaxAtOnce)
        {
            return Refusal
                .Invalid("too-many-applications", $"applicationIds — от 1 до {MaxAtOnce} заявлений.")
                .With("field", "applicationIds");
        }
        if (await Fetch(db => CampaignStore.Find(db, campaignId)) is null)
            return CampaignRefusals.NoCampaign;
        if (!Reaches(caller, new Target { Campaign = campaignId }))
            return CampaignRefusals.NotYours;
        var outcomes = new List<ApprovalOutcome>(ids.Count);
        // Each application has its own transaction: five hundred approvals in a single one would hold up the answers
        // that people are saving.
        foreach (var id in ids.Distinct())
        {
            outcomes.Add(
                (await Approve(campaignId, id, caller)).Refused(out var refusal, out var approved)
                    ? new(id, false, null, refusal.Code, refusal.Detail)
                    : new(id, true, approved.SessionId, null, null)
            );
        }
        return outcomes;
    }

    private Task<Result<ApplicationView>> Approve(Guid campaignId, Guid applicationId, Caller caller) =>
        WritePart<Result<ApplicationView>>(
            caller,
            async db =>
                await ApplicationStore.Find(db, applicationId) is { } application && application.CampaignId == campaignId
                    ? await Approval.Of(db, application, new(), caller.Id, Now)
                    : CampaignRefusals.NoApplication
        );
}

/// <summary>Approves a single application, in the caller's transaction.</summary>
internal static class Approval
{
    internal static async Task<Result<ApplicationView>> Of(
        Db db,
        ApplicationRow application,
        ApplicationApproval approval,
        string actor,
        Instant now
    ) =>
        (await Give(db, application, approval, actor, now)).Refused(out var refusal, out _)
            ? refusal
            : await ApplicationView.Read(db, application.Id);

    /// <summary>Approves an application and gives it its session, for whoever does not need to show it.</summary>
    internal static async Task<Result<SessionRow>> Give(
        Db db,
        ApplicationRow application,
        ApplicationApproval approval,
        string actor,
        Instant now
    )
    {
        var campaign = (await CampaignStore.Find(db, application.CampaignId))!;
        if (application.State.Approve().Refused(out var refusal, out var next))
            return refusal;
        if (campaign.State is CampaignStatus.Cancelled)
            return CampaignRefusals.Cancelled;
        if (campaign.State is not CampaignStatus.Published || now >= campaign.SittingTo)
            return Refusal.Conflict("sitting-over", "Срок проведения диагностики прошёл: одобрять заявления поздно.");
        var granted = approval.Accommodations ?? (await AccommodationStore.Of(db, application.Id)).Asked;
        if (granted?.AreNone() is true)
            granted = null;
        if (granted is not null && await AccommodationRules.Check(db, campaign, granted) is { } beyond)
            return beyond;
        if (!await ApplicationStore.Decide(db, application.Id, application.State, next, now, actor, reason: null))
            return Refusal.Conflict("application-changed", "Заявление только что изменилось; прочитайте его и повторите.");
        var choice = new SittingChoice(approval.SittingId ?? application.SittingId);
        if ((await ScheduleSession.Run(db, campaign, application, now, choice)).Refused(out var noSession, out var session))
            return noSession;
        if (granted is not null)
            await AccommodationStore.Grant(db, application.Id, granted);
        await AuditStore.Append(
            db,
            now,
            actor,
            "application.approved",
            $"application:{application.Id:D}",
            new
            {
                sessionId = session.Id,
                session.SittingId,
                session.Seat,
                session.Variant,
                accommodations = granted is not null,
            }
        );
        await EventStore.Append(
            db,
            now,
            EventKind.ApplicationApproved,
            new()
            {
                CampaignId = application.CampaignId,
                ParticipantId = application.ParticipantId,
                ApplicationId = application.Id,
                SessionId = session.Id,
            }
        );
        return session;
    }
}
