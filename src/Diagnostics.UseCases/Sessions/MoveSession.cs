using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Sessions;

/// <summary>
/// Asked before an ended session is taken up again; a later stage that has built on its answers refuses, or undoes what
/// it prepared, in the same transaction.
/// </summary>
internal delegate Task<Refusal?> ReopenGuard(Db db, Guid sessionId);

/// <summary>Takes a session from one state to the next and writes it into the event log; staff of the site and operators.</summary>
internal sealed class MoveSession(Transactions transactions, IEnumerable<ReopenGuard> reopenGuards, IClock clock)
{
    /// <param name="isolation"><see cref="Isolation.Guarded"/> where nothing but the session itself decides.</param>
    internal Task<Result<SessionSupervision>> Run(
        Guid sessionId, Caller caller, string happened, Func<SessionClock, Instant, Result<SessionClock>> decide, object? details = null, Isolation isolation = Isolation.Serial) =>
        transactions.Write<Result<SessionSupervision>>(async db =>
        {
            var now = clock.GetCurrentInstant();
            if (await SessionStore.Hold(db, sessionId) is not { } row || !SessionRights.Supervises(caller, row)) return SessionRefusals.NotFound;
            if (decide(row.Clock, now).Refused(out var refusal, out var next)) return refusal;
            if (row.Clock.State.IsOver() && !next.State.IsOver())
                foreach (var guard in reopenGuards)
                    if (await guard(db, sessionId) is { } objection) return objection;
            if (!await SessionStore.Move(db, row, next)) return SessionRefusals.Changed;
            await SessionLog.Add(db, sessionId, happened, now, caller.Id, details);
            return await SessionSupervision.Read(db, sessionId, now);
        }, isolation);
}

internal static class SessionRights
{
    /// <summary>Invigilators and heads of the site, operators of the campaign.</summary>
    internal static bool Supervises(Caller caller, SessionRow session) =>
        caller.May(Role.Invigilator, GrantScope.Site, session.SiteId.ToString("D"))
        || caller.May(Role.SiteHead, GrantScope.Site, session.SiteId.ToString("D"))
        || caller.May(Role.Operator, GrantScope.Campaign, session.CampaignId.ToString("D"));

    internal static readonly AccessRule Staff = AccessRule.Of(Role.Invigilator, Role.SiteHead, Role.Operator);
}

internal static class SessionLog
{
    internal static Task Add(Db db, Guid sessionId, string kind, Instant now, string? actor, object? details = null) => SessionStore.AddEvent(db, new SessionEventRow
    {
        Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
        SessionId = sessionId,
        Kind = kind,
        At = now,
        Actor = actor,
        Details = details is null ? null : JsonSerializer.Serialize(details, Json.Options),
    });
}

/// <summary>A session as the people at the site see it: no answers, no items.</summary>
/// <param name="Deadline">When the time ends; moved by pauses and extra time.</param>
/// <param name="SecondsLeft">By the server's clock; null when no time runs.</param>
/// <param name="Answered">Slots that hold an answer.</param>
/// <param name="RejectedSaves">Saves that could not be taken and were kept aside.</param>
public sealed record SessionSupervision(
    Guid Id, Guid CampaignId, Guid ParticipantId, Guid SiteId, int Seat, int Variant, SessionState State,
    Instant? StartedAt, Instant? Deadline, long? SecondsLeft, Instant? EndedAt, int Answered, int RejectedSaves, string? ScoringFault)
{
    internal static async Task<SessionSupervision> Read(Db db, Guid sessionId, Instant now) =>
        Of((await SessionStore.Find(db, sessionId))!, now, await SessionStore.Counts(db, sessionId));

    internal static SessionSupervision Of(SessionRow row, Instant now, SessionCountsRow counts) => new(
        row.Id, row.CampaignId, row.ParticipantId, row.SiteId, row.Seat, row.Variant, row.Clock.State,
        row.StartedAt, row.Deadline, row.Clock.SecondsLeft(now), row.EndedAt, counts.Answered, counts.Rejected, row.ScoringFault);
}
