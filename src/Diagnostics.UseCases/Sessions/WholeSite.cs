using Diagnostics.Engine;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Sessions;

/// <param name="Reason">The reason, which is kept in the event log of every session and in the audit trail.</param>
/// <param name="SittingId">The sitting to pause; when absent, the whole site.</param>
public sealed record SitePauseRequest(string Reason, Guid? SittingId = null);

/// <param name="SittingId">The sitting that was paused; absent when the whole site was paused.</param>
public sealed record SiteResumptionRequest(Guid? SittingId = null);

/// <param name="Minutes">How many minutes, 1–600, to add to the deadline of every running or paused session.</param>
/// <param name="Reason">The reason, which is kept in the event log of every session and in the audit trail.</param>
/// <param name="SittingId">The sitting whose people get the time; when absent, everybody at the site.</param>
public sealed record SiteExtraTimeRequest(int Minutes, string Reason, Guid? SittingId = null);

/// <summary>The outcome of an action on a whole site for one of its sessions.</summary>
/// <param name="Deadline">The present deadline.</param>
/// <param name="Moved">Whether the action changed this session; false when it could not be changed with the
/// others.</param>
/// <param name="Code">Code of the problem that prevented the change.</param>
/// <param name="Detail">Description of that problem for people.</param>
public sealed record SiteMoveOutcome(
    Guid SessionId,
    int Seat,
    SessionState State,
    Instant Deadline,
    bool Moved,
    string? Code = null,
    string? Detail = null
);

/// <summary>
/// The result of an action on a whole site, which takes place at the same moment for all sessions and in one
/// transaction.
/// </summary>
/// <param name="At">The time that counts for every session.</param>
/// <param name="Sessions">The outcome for each session, ordered by id.</param>
public sealed record SiteMoved(Guid CampaignId, Guid SiteId, Guid? SittingId, Instant At, IReadOnlyList<SiteMoveOutcome> Sessions);

/// <summary>An interruption of a site or of one of its sittings.</summary>
/// <param name="EndedAt">When the interruption ended; absent until then.</param>
public sealed record SiteInterruption(Guid Id, Guid? SittingId, Instant BeganAt, string Reason, Instant? EndedAt);

/// <summary>
/// Changes the sessions of a whole site at the same moment. All of them are locked, in the order in which saves lock
/// them, before the time is read. So every acknowledged save came before that moment, and every later save sees all
/// sessions changed.
/// </summary>
internal abstract class SiteMove<TRequest>(Operation operation, Executor executor) : UseCase<TRequest, SiteMoved>(operation, executor)
{
    protected const int MaxReason = 4000;

    internal static readonly Refusal NoSuchSite = Refusal.NotFound(
        "site-not-found",
        "Такой площадки или такого проведения у мероприятия нет."
    );

    internal readonly record struct Place(Guid CampaignId, Guid SiteId, Guid? SittingId);

    protected Task<Result<SiteMoved>> Move(Caller caller, Place place, Func<Db, Task<Result<SiteMoved>>> move) =>
        Write(
            caller,
            async db =>
            {
                // Take the turn (Db.TakeTurn) before locking a session, because the transaction that has the turn now
                // may be waiting for a session's lock.
                await db.TakeTurn();
                if (
                    !Reaches(caller, new Target { Campaign = place.CampaignId, Site = place.SiteId })
                    || !(await CampaignStore.Sites(db, place.CampaignId)).Any(site => site.Id == place.SiteId)
                )
                    return NoSuchSite;
                if (
                    place.SittingId is { } sitting
                    && (
                        await SittingStore.Find(db, sitting) is not { } known
                        || known.CampaignId != place.CampaignId
                        || known.SiteId != place.SiteId
                    )
                )
                    return NoSuchSite;
                return await move(db);
            },
            Isolation.Guarded
        );

    /// <summary>Saves the new clock of a locked session.</summary>
    protected static async Task<SiteMoveOutcome> Save(
        Db db,
        SessionRow row,
        SessionClock next,
        string happened,
        Instant now,
        string actor,
        object details
    )
    {
        if (!await SessionStore.Move(db, row, next))
            throw new InvalidOperationException("A session that is held was moved by somebody else.");
        await SessionLog.Add(db, row.Id, happened, now, actor, details);
        return new(row.Id, row.Seat, next.State, next.Deadline!.Value, Moved: true);
    }

    protected static Task Audit(Db db, Instant now, string actor, string action, Place place, object details) =>
        AuditStore.Append(db, now, actor, action, $"campaign:{place.CampaignId:D}", details);

    protected static SiteMoved Done(Place place, Instant at, IReadOnlyList<SiteMoveOutcome> sessions) =>
        new(place.CampaignId, place.SiteId, place.SittingId, at, sessions);
}

/// <summary>
/// Stops the time of all running sessions at a site; people who are admitted there may begin only when the interruption
/// is over.
/// </summary>
internal sealed class PauseSite(Executor executor) : SiteMove<PauseSite.Request>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(PauseSite), SessionRights.Staff, Trail.Writes("site.paused"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal static readonly Refusal Interrupted = Refusal.Conflict(
        "site-interrupted",
        "Площадка уже приостановлена: возобновите её или приостановите остальные сеансы по одному."
    );

    private static readonly string[] Present = [.. SessionMoves.Pause.AllowedCodes, Codes.Of(SessionState.Open)];

    internal static readonly Refusal NobodyAtWork = Refusal.Conflict("nobody-at-work", "На площадке никто сейчас не работает.");

    internal sealed record Request(Guid CampaignId, Guid SiteId, SitePauseRequest Pause);

    protected override async Task<Result<SiteMoved>> Handle(Request request, Caller caller)
    {
        var (campaignId, siteId, (reason, sittingId)) = request;
        if (TextRules.Check("reason", reason, MaxReason) is { } refusal)
            return refusal;
        var place = new Place(campaignId, siteId, sittingId);
        return await Move(
            caller,
            place,
            async db =>
            {
                if (await InterruptionStore.Lasting(db, campaignId, siteId, sittingId) is not null)
                    return Interrupted;
                // Lock the sessions that are about to begin as well, so that a start waits for this transaction and
                // then sees the interruption.
                var held = await SessionStore.HoldAtSite(db, campaignId, siteId, sittingId, Present);
                if (held.Count == 0)
                    return NobodyAtWork;
                var rows = held.Where(row => row.Clock.State is not SessionState.Open).ToList();
                var now = Now;
                var interruption = new InterruptionRow
                {
                    Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
                    CampaignId = campaignId,
                    SiteId = siteId,
                    SittingId = sittingId,
                    BeganAt = now,
                    Reason = reason,
                    BeganBy = caller.Id,
                };
                await InterruptionStore.Begin(db, interruption);
                var moved = new List<SiteMoveOutcome>(rows.Count);
                foreach (var row in rows)
                {
                    moved.Add(
                        await Save(
                            db,
                            row,
                            row.Clock.Pause(now).Value,
                            "pause",
                            now,
                            caller.Id,
                            new { reason, interruptionId = interruption.Id }
                        )
                    );
                    await InterruptionStore.AddSession(db, interruption.Id, row.Id);
                }
                await Audit(
                    db,
                    now,
                    caller.Id,
                    "site.paused",
                    place,
                    new
                    {
                        siteId,
                        sittingId,
                        reason,
                        sessions = rows.Count,
                    }
                );
                return Done(place, now, moved);
            }
        );
    }
}

/// <summary>
/// Lets the time run again in the sessions that the interruption paused; each gets the whole pause back.
/// </summary>
internal sealed class ResumeSite(Executor executor) : SiteMove<ResumeSite.Request>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ResumeSite), SessionRights.Staff, Trail.Writes("site.resumed"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal static readonly Refusal NotInterrupted = Refusal.Conflict("site-not-interrupted", "Площадка не приостановлена.");

    internal sealed record Request(Guid CampaignId, Guid SiteId, SiteResumptionRequest Resumption);

    protected override Task<Result<SiteMoved>> Handle(Request request, Caller caller)
    {
        var place = new Place(request.CampaignId, request.SiteId, request.Resumption.SittingId);
        return Move(
            caller,
            place,
            async db =>
            {
                if (await InterruptionStore.Lasting(db, place.CampaignId, place.SiteId, place.SittingId) is not { } interruption)
                    return NotInterrupted;
                var rows = await InterruptionStore.HoldPaused(db, interruption);
                var now = Now;
                if (!await InterruptionStore.End(db, interruption.Id, Instant.Max(now, interruption.BeganAt), caller.Id))
                    return NotInterrupted;
                var moved = new List<SiteMoveOutcome>(rows.Count);
                foreach (var row in rows)
                    moved.Add(
                        await Save(db, row, row.Clock.Resume(now).Value, "resume", now, caller.Id, new { interruptionId = interruption.Id })
                    );
                await Audit(
                    db,
                    now,
                    caller.Id,
                    "site.resumed",
                    place,
                    new
                    {
                        place.SiteId,
                        place.SittingId,
                        sessions = rows.Count,
                    }
                );
                return Done(place, now, moved);
            }
        );
    }
}

/// <summary>Adds time to all running or paused sessions at a site.</summary>
internal sealed class ExtendSite(Executor executor) : SiteMove<ExtendSite.Request>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ExtendSite), SessionRights.Staff, Trail.Writes("site.extended"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    private static readonly string[] Sitting = [Codes.Of(SessionState.InProgress), Codes.Of(SessionState.Paused)];

    internal sealed record Request(Guid CampaignId, Guid SiteId, SiteExtraTimeRequest Time);

    protected override async Task<Result<SiteMoved>> Handle(Request request, Caller caller)
    {
        var (campaignId, siteId, (minutes, reason, sittingId)) = request;
        var time = new ExtraTimeRequest(minutes, reason);
        if (ExtendSession.Check(time) is { } refusal)
            return refusal;
        var place = new Place(campaignId, siteId, sittingId);
        return await Move(
            caller,
            place,
            async db =>
            {
                var rows = await SessionStore.HoldAtSite(db, campaignId, siteId, sittingId, Sitting);
                if (rows.Count == 0)
                    return PauseSite.NobodyAtWork;
                var now = Now;
                var moved = new List<SiteMoveOutcome>(rows.Count);
                foreach (var row in rows)
                {
                    // A session that would exceed the extra time that the policy allows does not hold up the others.
                    moved.Add(
                        await ExtendSession.CheckTotal(db, row, minutes) is { } exceeded
                            ? new(row.Id, row.Seat, row.Clock.State, row.Deadline!.Value, Moved: false, exceeded.Code, exceeded.Detail)
                            : await Save(
                                db,
                                row,
                                row.Clock.Extend(now, Duration.FromMinutes(minutes)).Value,
                                SessionLog.ExtraTime,
                                now,
                                caller.Id,
                                time
                            )
                    );
                }
                await Audit(
                    db,
                    now,
                    caller.Id,
                    "site.extended",
                    place,
                    new
                    {
                        siteId,
                        sittingId,
                        minutes,
                        reason,
                        sessions = moved.Count(one => one.Moved),
                    }
                );
                return Done(place, now, moved);
            }
        );
    }
}

/// <summary>Lists the interruptions of a site in a campaign.</summary>
internal sealed class ListInterruptions(Executor executor)
    : UseCase<ListInterruptions.Request, IReadOnlyList<SiteInterruption>>(Operation, executor)
{
    /// <summary>
    /// The greatest number of interruptions that are listed; a site with more than this has other troubles.
    /// </summary>
    private const int Most = 500;

    internal static new readonly Operation Operation = new(nameof(ListInterruptions), SessionRights.Staff, Trail.None);

    internal sealed record Request(Guid CampaignId, Guid SiteId);

    protected override Task<Result<IReadOnlyList<SiteInterruption>>> Handle(Request request, Caller caller) =>
        Read(async db =>
            Reaches(caller, new Target { Campaign = request.CampaignId, Site = request.SiteId })
            && (await CampaignStore.Sites(db, request.CampaignId)).Any(site => site.Id == request.SiteId)
                ? (await InterruptionStore.OfSite(db, request.CampaignId, request.SiteId, Most))
                    .Select(row => new SiteInterruption(row.Id, row.SittingId, row.BeganAt, row.Reason, row.EndedAt))
                    .ToList()
                : PauseSite.NoSuchSite
        );
}
