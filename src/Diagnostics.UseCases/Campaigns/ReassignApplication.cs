using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Campaigns;

/// <param name="Reason">The reason, which is kept in the session's log.</param>
/// <param name="SiteId">Another site of the campaign; when absent, the same site.</param>
/// <param name="SittingId">A sitting at that site; when absent, the earliest one with a free seat, including reserve
/// sittings.</param>
public sealed record ReassignmentRequest(string Reason, Guid? SiteId = null, Guid? SittingId = null);

/// <summary>
/// Gives another day, site or seat to a person who has not begun: after an illness, an error in the choice of the site,
/// or a cancelled sitting. The session stays the same; it gets a new place and a newly drawn variant, and the person
/// must be admitted at the new place.
/// </summary>
internal sealed class ReassignApplication(Executor executor) : UseCase<ReassignApplication.Request, ApplicationView>(Operation, executor)
{
    private const int MaxReason = 2000;

    internal static new readonly Operation Operation = new(
        nameof(ReassignApplication),
        AccessRule.Of(Role.Operator.OfCampaign()),
        Trail.Writes("application.reassigned")
    )
    {
        Repetition = Repetition.GivesResultAgain,
        EndsSignIns = true,
    };

    internal sealed record Request(Guid ApplicationId, ReassignmentRequest Reassignment);

    protected override Task<Result<ApplicationView>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (applicationId, to) = request;
                if (TextRules.Check("reason", to.Reason, MaxReason) is { } noReason)
                    return noReason;
                if (
                    await ApplicationStore.Find(db, applicationId) is not { } application
                    || !Reaches(caller, new Target { Campaign = application.CampaignId })
                )
                    return CampaignRefusals.NoApplication;
                var now = Now;
                var campaign = (await CampaignStore.Find(db, application.CampaignId))!;
                if (campaign.State is CampaignStatus.Cancelled)
                    return CampaignRefusals.Cancelled;
                if (await SessionStore.LiveOf(db, applicationId) is not { } session)
                    return Refusal.Conflict("no-session", "У этого заявления нет сеанса, который можно перевести.");
                if (SessionMoves.Reassign.Check(session.Clock.State) is { } begun)
                    return begun;
                // A person with an individual time gets a sitting only when the request names one.
                var outside = now < session.SitUntil && to.SittingId is null;
                if (!outside && (campaign.State is not CampaignStatus.Published || now >= campaign.SittingTo))
                    return Refusal.Conflict("sitting-over", "Срок проведения диагностики прошёл: переводить поздно; его можно продлить.");
                var siteId = to.SiteId ?? session.SiteId;
                if (!await CampaignStore.HasSite(db, campaign.Id, siteId))
                    return Refusal.Invalid("site-not-in-campaign", "На этой площадке мероприятие не проводится.").With("field", "siteId");
                var choice = new SittingChoice(to.SittingId, Reserve: true, outside);
                if (
                    (await Placement.Find(db, campaign, application.ParticipantId, siteId, choice, now, session)).Refused(
                        out var noPlace,
                        out var place
                    )
                )
                    return noPlace;
                if (!await SessionStore.MovePlace(db, session, place))
                    return Refusal.Conflict("session-changed", "Сеанс только что изменился; прочитайте его и повторите.");
                await ApplicationStore.Move(db, applicationId, place.SiteId, place.SittingId);
                await AccessCodeStore.End(db, session.Id, now);
                await SessionStore.AddEvent(
                    db,
                    new SessionEventRow
                    {
                        Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
                        SessionId = session.Id,
                        Kind = "moved",
                        At = now,
                        Actor = caller.Id,
                        Details = CanonicalJson.Of(
                            new
                            {
                                reason = to.Reason.Trim(),
                                from = new
                                {
                                    session.SiteId,
                                    session.SittingId,
                                    session.Seat,
                                    session.Variant,
                                },
                                to = new
                                {
                                    place.SiteId,
                                    place.SittingId,
                                    place.Seat,
                                    place.Variant,
                                },
                            }
                        ),
                    }
                );
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    "application.reassigned",
                    $"application:{applicationId:D}",
                    new
                    {
                        sessionId = session.Id,
                        place.SiteId,
                        place.SittingId,
                        place.Seat,
                        place.Variant,
                    }
                );
                return await ApplicationView.Read(db, applicationId);
            }
        );
}
