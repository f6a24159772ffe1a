using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Sessions;

/// <param name="Reason">The reason, which is kept in the event log.</param>
public sealed record ReasonRequest(string Reason);

/// <param name="Minutes">How many minutes to add, 1–600. They are added to the deadline; when the time is over, they
/// count from now; before the session starts, they are added at the start. The session policy limits the total
/// (<c>maxExtraMinutes</c>).</param>
/// <param name="Reason">The reason, which is kept in the event log.</param>
public sealed record ExtraTimeRequest(int Minutes, string Reason);

/// <param name="Minutes">How many minutes the person had left, from 1 to the campaign's time limit plus the extra time
/// given. They count from now.</param>
/// <param name="Reason">The reason, which is kept in the event log and in the audit trail.</param>
public sealed record ReopeningRequest(int Minutes, string Reason);

/// <param name="Description">What happened, up to 4,000 characters.</param>
public sealed record IncidentRequest(string Description);

/// <param name="Kind">Kind of the event, e.g. <c>admit</c>, <c>start</c>, <c>save</c>, <c>focus_lost</c>,
/// <c>pause</c>.</param>
/// <param name="Actor">Id of the account that acted; null for the server itself and for the taker's saves.</param>
/// <param name="Details">Details, as JSON text.</param>
public sealed record SessionEvent(string Kind, Instant At, string? Actor, string? Details);

/// <summary>Lists a campaign's sessions; staff of a site must name their site.</summary>
internal sealed class ListSessions(Executor executor, SessionDirectory directory)
    : UseCase<ListSessions.Request, Page<SessionSupervision>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListSessions),
        SessionRights.Staff,
        Trail.Look<ListSessions.Request, Page<SessionSupervision>>(
            "sessions.listed",
            (asked, page) => Looked.List($"campaign:{asked.CampaignId:D}", page.Items.Select(each => (Guid?)each.ParticipantId))
        )
    );

    internal sealed record Request(Guid CampaignId, Guid? SiteId, Guid? SittingId, string? State, Guid? After, int? Limit);

    protected override async Task<Result<Page<SessionSupervision>>> Handle(Request request, Caller caller)
    {
        var asked = new SessionFilter(request.SiteId, request.SittingId, request.State);
        if (asked.State is not null && Codes.Find<SessionState>(asked.State) is null)
            return Refusal.Invalid("unknown-state", $"Состояния «{asked.State}» нет.");
        if (!Reaches(caller, new Target { Campaign = request.CampaignId, Site = asked.SiteId }))
            return Refusal.Forbidden("not-your-site", "Покажите свою площадку: siteId обязателен для её сотрудников.");
        var now = Now;
        return await Read(async db =>
        {
            var rows = await SessionStore.OfCampaign(
                db,
                request.CampaignId,
                asked,
                request.After,
                Page<SessionSupervision>.Take(request.Limit)
            );
            var granted = await AccommodationStore.GrantedIn(db, request.CampaignId, asked.SiteId);
            var seen = new List<SessionSupervision>(rows.Count);
            foreach (var row in rows)
                seen.Add(
                    SessionSupervision.Of(
                        row,
                        now,
                        await SessionStore.Counts(db, row.Id),
                        granted.GetValueOrDefault(row.ApplicationId),
                        directory.SeenAt(row.Id)
                    )
                );
            return Page<SessionSupervision>.Of(seen, request.Limit, session => session.Id.ToString("D"));
        });
    }
}

internal sealed class SuperviseSession(Executor executor, SessionDirectory directory)
    : UseCase<Guid, SessionSupervision>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(SuperviseSession),
        SessionRights.Staff,
        Trail.Look<Guid, SessionSupervision>("session.viewed", (session, _) => new($"session:{session:D}"))
    );

    protected override Task<Result<SessionSupervision>> Handle(Guid sessionId, Caller caller) =>
        Read(async db =>
            await SessionStore.Find(db, sessionId) is { } row && Reaches(caller, row.Target)
                ? await SessionSupervision.Read(db, sessionId, Now, directory.SeenAt(sessionId))
                : SessionRefusals.NotFound
        );
}

/// <summary>Lists everything that happened in a session.</summary>
internal sealed class ListSessionEvents(Executor executor) : UseCase<Guid, IReadOnlyList<SessionEvent>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListSessionEvents),
        SessionRights.Watchers,
        Trail.Look<Guid, IReadOnlyList<SessionEvent>>("session.events-viewed", (session, _) => new($"session:{session:D}"))
    );

    protected override Task<Result<IReadOnlyList<SessionEvent>>> Handle(Guid sessionId, Caller caller) =>
        Read(async db =>
            await SessionStore.Find(db, sessionId) is { } row && Reaches(caller, row.Target)
                ? (await SessionStore.Events(db, sessionId))
                    .Select(happened => new SessionEvent(happened.Kind, happened.At, happened.Actor, happened.Details))
                    .ToList()
                : SessionRefusals.NotFound
        );
}

/// <summary>Admits a person at the site.</summary>
internal sealed class AdmitToSession(Executor executor, IEnumerable<ReopenGuard> guards) : SessionMove<Guid>(Operation, executor, guards)
{
    internal static new readonly Operation Operation = new(nameof(AdmitToSession), SessionRights.Staff, Trail.Writes("session.admitted"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<SessionSupervision>> Handle(Guid sessionId, Caller caller) =>
        Move(
            caller,
            sessionId,
            SessionLog.Admission,
            (clock, _) => clock.Admit(),
            isolation: Isolation.Guarded,
            audited: "session.admitted",
            check: (_, row) => Task.FromResult(row.AbsentAt is null ? null : SessionRefusals.MarkedAbsent)
        );
}

/// <summary>Pauses a session: the person's time stops.</summary>
internal sealed class PauseSession(Executor executor, IEnumerable<ReopenGuard> guards)
    : SessionMove<PauseSession.Request>(Operation, executor, guards)
{
    internal static new readonly Operation Operation = new(nameof(PauseSession), SessionRights.Staff, Trail.Writes("session.paused"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid SessionId, ReasonRequest Pause);

    protected override async Task<Result<SessionSupervision>> Handle(Request request, Caller caller) =>
        TextRules.Check("reason", request.Pause.Reason, MaxReason) is { } refusal
            ? refusal
            : await Move(
                caller,
                request.SessionId,
                "pause",
                (clock, now) => clock.Pause(now),
                request.Pause,
                Isolation.Guarded,
                audited: "session.paused"
            );
}

/// <summary>Ends a pause: the person's time runs again, and the person gets the whole pause back.</summary>
internal sealed class ResumeSession(Executor executor, IEnumerable<ReopenGuard> guards) : SessionMove<Guid>(Operation, executor, guards)
{
    internal static new readonly Operation Operation = new(nameof(ResumeSession), SessionRights.Staff, Trail.Writes("session.resumed"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<SessionSupervision>> Handle(Guid sessionId, Caller caller) =>
        Move(caller, sessionId, "resume", (clock, now) => clock.Resume(now), audited: "session.resumed");
}

/// <summary>
/// Adds extra time, even when the person's time is over; extra time given before the session starts is added at its
/// start.
/// </summary>
internal sealed class ExtendSession(Executor executor, IEnumerable<ReopenGuard> guards)
    : SessionMove<ExtendSession.Request>(Operation, executor, guards)
{
    internal static new readonly Operation Operation = new(nameof(ExtendSession), SessionRights.Staff, Trail.Writes("session.extended"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid SessionId, ExtraTimeRequest Time);

    protected override async Task<Result<SessionSupervision>> Handle(Request request, Caller caller)
    {
        if (Check(request.Time) is { } refusal)
            return refusal;
        return await Move(
            caller,
            request.SessionId,
            SessionLog.ExtraTime,
            (clock, now) => clock.Extend(now, Duration.FromMinutes(request.Time.Minutes)),
            request.Time,
            audited: "session.extended",
            check: (db, row) => CheckTotal(db, row, request.Time.Minutes)
        );
    }

    internal static Refusal? Check(ExtraTimeRequest time) =>
        time.Minutes is < 1 or > 600
            ? Refusal.Invalid("minutes-invalid", "minutes — целое число от 1 до 600.")
            : TextRules.Check("reason", time.Reason, MaxReason);

    internal static async Task<Refusal?> CheckTotal(Db db, SessionRow row, int minutes)
    {
        var most = (await CampaignPolicies.Get<SessionPolicy>(db, row.CampaignId, PolicyKind.Session)).MostExtraMinutes();
        // Extra time from special conditions is recorded in the log only when the session starts, so until then it must
        // be added here.
        var given = await Given(db, row.Id) + (row.StartedAt is null ? await Granted(db, row) : 0);
        return given + minutes <= most ? null : Exceeded(most, given);
    }

    /// <summary>
    /// Extra minutes recorded in the session's log so far, from special conditions and from the site.
    /// </summary>
    internal static async Task<int> Given(Db db, Guid sessionId) =>
        (await SessionStore.Details(db, sessionId, SessionLog.ExtraTime)).Sum(details =>
            JsonSerializer.Deserialize<ExtraTimeRequest>(details, Json.Stored)!.Minutes
        );

    /// <summary>Extra minutes that the person's special conditions give.</summary>
    internal static async Task<int> Granted(Db db, SessionRow row) =>
        await AccommodationStore.Granted(db, row.ApplicationId) is { ExtraTime: not null } granted
            ? granted.ExtraMinutes((await SessionStore.Window(db, row)).TimeLimitMinutes)
            : 0;

    internal static Refusal Exceeded(int most, int given) =>
        Refusal
            .Conflict("extra-time-exceeded", $"По правилам мероприятия сеансу можно добавить не больше {most} мин; уже добавлено {given}.")
            .With("maxExtraMinutes", most)
            .With("given", given);
}

/// <summary>
/// Restores a session that has expired by mistake, for example because of a wrong clock: the person gets the time that
/// was left. This is not extra time, so the policy's limit does not apply. Only the operator may restore the session,
/// and only until its result is published; the audit trail records it. Existing marks stay in the ledger and count for
/// answers that do not change.
/// </summary>
internal sealed class ReopenSession(Executor executor, IEnumerable<ReopenGuard> guards)
    : SessionMove<ReopenSession.Request>(Operation, executor, guards)
{
    internal static new readonly Operation Operation = new(nameof(ReopenSession), SessionRights.Operators, Trail.Writes("session.reopened"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid SessionId, ReopeningRequest Reopening);

    protected override async Task<Result<SessionSupervision>> Handle(Request request, Caller caller)
    {
        var (minutes, reason) = request.Reopening;
        if (TextRules.Check("reason", reason, MaxReason) is { } refusal)
            return refusal;
        return await Move(
            caller,
            request.SessionId,
            "reopen",
            (clock, now) => clock.Reopen(now, Duration.FromMinutes(Math.Max(minutes, 0))),
            request.Reopening,
            check: async (db, row) =>
            {
                var limit = (await SessionStore.Window(db, row)).TimeLimitMinutes + await ExtendSession.Given(db, row.Id);
                if (minutes < 1 || minutes > limit)
                    return Refusal
                        .Invalid("minutes-invalid", $"minutes — целое число от 1 до {limit}: больше у участника не было.")
                        .With("field", "minutes");
                await AuditStore.Append(db, Now, caller.Id, "session.reopened", $"session:{row.Id:D}", new { minutes, reason });
                return null;
            }
        );
    }
}

internal sealed class AnnulSession(Executor executor, IEnumerable<ReopenGuard> guards, IEnumerable<SessionAnnulled> told)
    : SessionMove<AnnulSession.Request>(Operation, executor, guards)
{
    internal static new readonly Operation Operation = new(nameof(AnnulSession), SessionRights.Operators, Trail.Writes("session.annulled"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid SessionId, ReasonRequest Annulment);

    protected override async Task<Result<SessionSupervision>> Handle(Request request, Caller caller) =>
        TextRules.Check("reason", request.Annulment.Reason, MaxReason) is { } refusal
            ? refusal
            : await Move(
                caller,
                request.SessionId,
                SessionLog.Annulment,
                (clock, now) => clock.Annul(now),
                audited: "session.annulled",
                detailsOf: row => AnnulmentNote.Of(row, request.Annulment.Reason),
                then: async (db, now) =>
                {
                    foreach (var tell in told)
                        await tell(db, request.SessionId, now);
                }
            );
}

/// <summary>Records an incident in the session's event log.</summary>
internal sealed class ReportIncident(Executor executor) : UseCase<ReportIncident.Request, Done>(Operation, executor)
{
    private const int MaxDescription = 4000;

    internal static new readonly Operation Operation = new(nameof(ReportIncident), SessionRights.Staff, Trail.Journal)
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid SessionId, IncidentRequest Incident);

    protected override Task<Result<Done>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (TextRules.Check("description", request.Incident.Description, MaxDescription) is { } refusal)
                    return refusal;
                if (await SessionStore.Find(db, request.SessionId) is not { } row || !Reaches(caller, row.Target))
                    return SessionRefusals.NotFound;
                await SessionLog.Add(db, request.SessionId, "incident", Now, caller.Id, request.Incident);
                return default(Done);
            }
        );
}
