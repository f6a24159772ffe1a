using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Events;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Events;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Sessions;

/// <summary>
/// Runs before an ended session is resumed, in the same transaction. A later stage whose work rests on the session's
/// answers refuses, or undoes that work.
/// </summary>
internal delegate Task<Refusal?> ReopenGuard(Db db, Guid sessionId);

/// <summary>
/// Runs when a session that has begun is annulled, in the same transaction. A later stage marks the session's result as
/// invalid.
/// </summary>
internal delegate Task SessionAnnulled(Db db, Guid sessionId, Instant now);

/// <summary>
/// Runs when the annulment of a session is undone, in the same transaction. A later stage announces that the session's
/// result is valid again.
/// </summary>
internal delegate Task SessionRestored(Db db, Guid sessionId, Instant now);

/// <summary>Signals that sessions have ended, because they were finished or because their time was over.</summary>
internal sealed class SessionsEnded;

/// <summary>A use case that takes a session from one state to the next and records this in the event log.</summary>
internal abstract class SessionMove<TRequest>(Operation operation, Executor executor, IEnumerable<ReopenGuard> reopenGuards)
    : UseCase<TRequest, SessionSupervision>(operation, executor)
{
    internal const int MaxReason = 4000;

    /// <param name="isolation"><see cref="Isolation.Guarded"/> when the decision depends on nothing but the session
    /// itself.</param>
    /// <param name="check">Further conditions, checked in the same transaction.</param>
    /// <param name="then">Further writes, in the same transaction.</param>
    /// <param name="audited">Kind of the audit entry; null when the session's own log is enough.</param>
    /// <param name="detailsOf">Makes the details of the event from the session as it was before the move.</param>
    /// <param name="manifest">Reads the answers that count while the session is locked; only for moves that finish a
    /// session.</param>
    protected Task<Result<SessionSupervision>> Move(
        Caller caller,
        Guid sessionId,
        string happened,
        Func<SessionClock, Instant, Result<SessionClock>> decide,
        object? details = null,
        Isolation isolation = Isolation.Serial,
        Func<Db, SessionRow, Task<Refusal?>>? check = null,
        Func<Db, Instant, Task>? then = null,
        string? audited = null,
        Func<Db, Task<string>>? manifest = null,
        Func<SessionRow, object>? detailsOf = null
    ) =>
        Write(
            caller,
            async db =>
            {
                // Take the turn (Db.TakeTurn) before locking the session, because the transaction that has the turn now
                // may be waiting for this session's lock.
                if (audited is not null)
                    await db.TakeTurn();
                var now = Now;
                if (await SessionStore.Hold(db, sessionId) is not { } row || !Reaches(caller, row.Target))
                    return SessionRefusals.NotFound;
                if (decide(row.Clock, now).Refused(out var refusal, out var next))
                    return refusal;
                // A session on paper has no answers until they are entered, which finishes it.
                if (next.State is SessionState.InProgress or SessionState.Finished && await PaperStore.IsBegun(db, sessionId))
                    return SessionRefusals.OnPaper;
                if (check is not null && await check(db, row) is { } unfit)
                    return unfit;
                if (row.Clock.State.IsOver() && !next.State.IsOver())
                    foreach (var guard in reopenGuards)
                        if (await guard(db, sessionId) is { } objection)
                            return objection;
                if (!await SessionStore.Move(db, row, next, manifest is null ? null : await manifest(db)))
                    return SessionRefusals.Changed;
                await SessionLog.Add(db, sessionId, happened, now, caller.Id, details ?? detailsOf?.Invoke(row));
                if (audited is not null)
                    await AuditStore.Append(db, now, caller.Id, audited, $"session:{sessionId:D}", details ?? detailsOf?.Invoke(row));
                if (then is not null)
                    await then(db, now);
                return await SessionSupervision.Read(db, sessionId, now);
            },
            isolation
        );
}

/// <summary>The rights concerning a session.</summary>
internal static class SessionRights
{
    /// <summary>The person who takes the session.</summary>
    internal static readonly AccessRule Taker = AccessRule.Of(Role.Participant.OfOwn()).Under(SignInLimits.OneSession);

    /// <summary>Invigilators and heads of the site, and operators of the campaign.</summary>
    internal static readonly AccessRule Staff = AccessRule.Of(
        Role.Invigilator.OfSite(),
        Role.SiteHead.OfSite(),
        Role.Operator.OfCampaign()
    );

    /// <summary>Those who lead sessions, and auditors, who read what happened in them.</summary>
    internal static readonly AccessRule Watchers = AccessRule.Of(
        Role.Invigilator.OfSite(),
        Role.SiteHead.OfSite(),
        Role.Operator.OfCampaign(),
        Role.Auditor.OfEverything()
    );

    internal static readonly AccessRule Operators = AccessRule.Of(Role.Operator.OfCampaign());

    /// <summary>
    /// Null when the caller may see the names of the people of this day: staff of the site the day before, on the day and the day
    /// after; the campaign's operators at any time.
    /// </summary>
    internal static Refusal? CheckNames(Caller caller, Guid campaignId, LocalDate day, LocalDate today) =>
        Operators.Covers(caller, new Target { Campaign = campaignId }) || Period.DaysBetween(day, today) is >= -1 and <= 1
            ? null
            : NotTheDay.With("day", day.ToDateOnly());

    /// <summary>
    /// Before this time begin the sessions of the people whose names staff of the site may see: two days ahead at the site. Null for
    /// the campaign's operators, who may see all names.
    /// </summary>
    internal static async Task<Instant?> NamesBefore(Db db, Caller caller, Guid campaignId, Guid siteId, Instant now)
    {
        if (Operators.Covers(caller, new Target { Campaign = campaignId }) || await SiteStore.Find(db, siteId) is not { } site)
            return null;
        var zone = DateTimeZoneProviders.Tzdb[site.TimeZone];
        return zone.AtStartOfDay(now.InZone(zone).Date.PlusDays(2)).ToInstant();
    }

    internal static readonly Refusal NotTheDay = Refusal.Forbidden(
        "not-your-day",
        "Имена открыты площадке накануне, в день проведения и на следующий день."
    );

    extension(SessionRow row)
    {
        internal Target Target =>
            new()
            {
                Campaign = row.CampaignId,
                Site = row.SiteId,
                Participant = row.ParticipantId,
            };
    }
}

internal static class SessionLog
{
    internal const string ExtraTime = "extra_time";
    internal const string Admission = "admit";
    internal const string Annulment = "annul";

    /// <summary>
    /// Once a session has this many events, reports from its device are no longer recorded. The number allows a report
    /// every ten seconds for five hours.
    /// </summary>
    internal const int MostReported = 2000;

    internal static Task Add(Db db, Guid sessionId, string kind, Instant now, string? actor, object? details = null) =>
        SessionStore.AddEvent(db, Row(sessionId, kind, now, actor, details));

    /// <summary>
    /// Records something that the person's device reports or does; returns false when there are too many events.
    /// </summary>
    internal static Task<bool> AddReported(Db db, Guid sessionId, string kind, Instant now, string? actor, object? details = null) =>
        SessionStore.AddReported(db, Row(sessionId, kind, now, actor, details), MostReported);

    /// <summary>Lets portals know that a session has ended and its answers count.</summary>
    internal static Task TellFinished(Db db, SessionRow session, Instant now) =>
        EventStore.Append(
            db,
            now,
            EventKind.SessionFinished,
            new()
            {
                CampaignId = session.CampaignId,
                ParticipantId = session.ParticipantId,
                SessionId = session.Id,
            }
        );

    private static SessionEventRow Row(Guid sessionId, string kind, Instant now, string? actor, object? details) =>
        new()
        {
            Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
            SessionId = sessionId,
            Kind = kind,
            At = now,
            Actor = actor,
            Details = details is null ? null : JsonSerializer.Serialize(details, Json.Options),
        };
}

/// <summary>A session as staff at the site see it, without items or answers.</summary>
/// <param name="Deadline">When the person's time ends; pauses and extra time move this deadline.</param>
/// <param name="SecondsLeft">Seconds left by the server's clock; null when no time runs.</param>
/// <param name="Answered">Number of slots with an answer.</param>
/// <param name="RejectedSaves">Number of saves that were not accepted but kept aside.</param>
/// <param name="Accommodations">Special conditions that the person was granted; absent when there are none.</param>
/// <param name="AbsentAt">When it was recorded that the person did not come; absent when it was not.</param>
/// <param name="SittingId">The sitting; absent when the campaign has no sittings at the site.</param>
/// <param name="LastSavedAt">When an answer was last saved; absent before the first save.</param>
/// <param name="LastSeenAt">When the person's device was last heard of; absent before the start. Where several nodes
/// serve people, the device may have been seen later than this by another node.</param>
public sealed record SessionSupervision(
    Guid Id,
    Guid CampaignId,
    Guid ParticipantId,
    Guid SiteId,
    int Seat,
    int Variant,
    SessionState State,
    Instant? StartedAt,
    Instant? Deadline,
    long? SecondsLeft,
    Instant? EndedAt,
    int Answered,
    int RejectedSaves,
    string? ScoringFault,
    Accommodations? Accommodations = null,
    Guid? SittingId = null,
    Instant? AbsentAt = null,
    Instant? LastSavedAt = null,
    Instant? LastSeenAt = null
)
{
    /// <param name="seenAt">When this node last heard of the person's device; null when it is not known.</param>
    internal static async Task<SessionSupervision> Read(Db db, Guid sessionId, Instant now, Instant? seenAt = null)
    {
        var row = (await SessionStore.Find(db, sessionId))!;
        return Of(row, now, await SessionStore.Counts(db, sessionId), await AccommodationStore.Granted(db, row.ApplicationId), seenAt);
    }

    internal static SessionSupervision Of(SessionRow row, Instant now, SessionCountsRow counts, Accommodations? granted, Instant? seenAt) =>
        new(
            Id: row.Id,
            CampaignId: row.CampaignId,
            ParticipantId: row.ParticipantId,
            SiteId: row.SiteId,
            Seat: row.Seat,
            Variant: row.Variant,
            State: row.Clock.State,
            StartedAt: row.StartedAt,
            Deadline: row.Deadline,
            SecondsLeft: row.Clock.SecondsLeft(now),
            EndedAt: row.EndedAt,
            Answered: counts.Answered,
            RejectedSaves: counts.Rejected,
            ScoringFault: row.ScoringFault,
            Accommodations: granted,
            SittingId: row.SittingId,
            AbsentAt: row.AbsentAt,
            LastSavedAt: counts.LastSavedAt,
            LastSeenAt: Latest(row.StartedAt, counts.LastSavedAt, counts.ReportedAt, seenAt)
        );

    /// <summary>The latest of the moments that are known; null when none is.</summary>
    internal static Instant? Latest(params ReadOnlySpan<Instant?> moments)
    {
        Instant? latest = null;
        foreach (var moment in moments)
            if (moment is { } known && (latest is null || known > latest))
                latest = known;
        return latest;
    }
}
