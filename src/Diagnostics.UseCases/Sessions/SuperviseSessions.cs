using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Sessions;

/// <param name="Reason">Why; it stays in the event log.</param>
public sealed record ReasonRequest(string Reason);

/// <param name="Minutes">1–600, added to the deadline; for an expired session, from now.</param>
/// <param name="Reason">Why; it stays in the event log.</param>
public sealed record ExtraTimeRequest(int Minutes, string Reason);

/// <param name="Description">What happened, up to 4,000 characters.</param>
public sealed record IncidentRequest(string Description);

/// <param name="Kind">E.g. <c>admit</c>, <c>start</c>, <c>save</c>, <c>focus_lost</c>, <c>pause</c>.</param>
/// <param name="Actor">Account; null for the server itself and for saves of the taker.</param>
/// <param name="Details">JSON text.</param>
public sealed record SessionEvent(string Kind, Instant At, string? Actor, string? Details);

/// <summary>What invigilators, site heads, technical specialists and operators do with a session.</summary>
internal static class SuperviseSessions
{
    private const int MaxReason = 4000;

    internal static void Map(IEndpointRouteBuilder sessions, IEndpointRouteBuilder campaigns)
    {
        campaigns.MapGet("/{campaignId:guid}/sessions", List).WithName("ListSessions").WithSummary("Сеансы мероприятия на площадке").AllowedTo(SessionRights.Staff);
        sessions.MapGet("/{sessionId:guid}/supervision", Read).WithName("SuperviseSession").WithSummary("Сеанс глазами площадки").AllowedTo(SessionRights.Staff);
        sessions.MapGet("/{sessionId:guid}/events", Events).WithName("ListSessionEvents").WithSummary("Журнал сеанса: всё, что произошло").AllowedTo(SessionRights.Staff);
        sessions.MapPost("/{sessionId:guid}/admission", Admit).WithName("AdmitToSession").WithSummary("Допустить участника на площадке").AllowedTo(SessionRights.Staff).Idempotent();
        sessions.MapPost("/{sessionId:guid}/pause", Pause).WithName("PauseSession").WithSummary("Приостановить сеанс: время участника останавливается").AllowedTo(SessionRights.Staff).Idempotent();
        sessions.MapPost("/{sessionId:guid}/resumption", Resume).WithName("ResumeSession").WithSummary("Возобновить сеанс: пауза возвращается участнику полностью").AllowedTo(SessionRights.Staff).Idempotent();
        sessions.MapPost("/{sessionId:guid}/extra-time", Extend).WithName("ExtendSession").WithSummary("Добавить время, в том числе после его истечения").AllowedTo(SessionRights.Staff).Idempotent();
        sessions.MapPost("/{sessionId:guid}/incidents", Report).WithName("ReportIncident").WithSummary("Записать происшествие в журнал сеанса").AllowedTo(SessionRights.Staff).Idempotent();
        sessions.MapPost("/{sessionId:guid}/annulment", Annul).WithName("AnnulSession").WithSummary("Аннулировать сеанс").AllowedTo(AccessRule.Of(Role.Operator)).Idempotent();
    }

    private static async Task<Results<Ok<Page<SessionSupervision>>, ProblemHttpResult>> List(
        Guid campaignId, Caller caller, Transactions transactions, IClock clock, Guid? siteId, string? state, Guid? after, int? limit)
    {
        if (state is not null && Codes.Find<SessionState>(state) is null) return Problems.From(Refusal.Invalid("unknown-state", $"Состояния «{state}» нет."));
        var may = caller.May(Role.Operator, GrantScope.Campaign, campaignId.ToString("D"))
            || (siteId is { } site && (caller.May(Role.Invigilator, GrantScope.Site, site.ToString("D")) || caller.May(Role.SiteHead, GrantScope.Site, site.ToString("D"))));
        if (!may) return Problems.From(Refusal.Forbidden("not-your-site", "Покажите свою площадку: siteId обязателен для её сотрудников."));
        var now = clock.GetCurrentInstant();
        return await transactions.Read(async db =>
        {
            var rows = await SessionStore.OfCampaign(db, campaignId, siteId, state, after, Page<SessionSupervision>.Take(limit));
            var seen = new List<SessionSupervision>(rows.Count);
            foreach (var row in rows) seen.Add(SessionSupervision.Of(row, now, await SessionStore.Counts(db, row.Id)));
            return TypedResults.Ok(Page<SessionSupervision>.Of(seen, limit, session => session.Id.ToString("D")));
        });
    }

    private static Task<Results<Ok<SessionSupervision>, ProblemHttpResult>> Read(Guid sessionId, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Read<Result<SessionSupervision>>(async db =>
            await SessionStore.Find(db, sessionId) is { } row && SessionRights.Supervises(caller, row)
                ? await SessionSupervision.Read(db, sessionId, clock.GetCurrentInstant())
                : SessionRefusals.NotFound).Ok();

    private static Task<Results<Ok<IReadOnlyList<SessionEvent>>, ProblemHttpResult>> Events(Guid sessionId, Caller caller, Transactions transactions) =>
        transactions.Read<Result<IReadOnlyList<SessionEvent>>>(async db =>
            await SessionStore.Find(db, sessionId) is { } row && SessionRights.Supervises(caller, row)
                ? (await SessionStore.Events(db, sessionId)).Select(happened => new SessionEvent(happened.Kind, happened.At, happened.Actor, happened.Details)).ToList()
                : SessionRefusals.NotFound).Ok();

    private static Task<Results<Ok<SessionSupervision>, ProblemHttpResult>> Admit(Guid sessionId, Caller caller, MoveSession move) =>
        move.Run(sessionId, caller, "admit", (clock, _) => clock.Admit(), isolation: Isolation.Guarded).Ok();

    private static Task<Results<Ok<SessionSupervision>, ProblemHttpResult>> Pause(Guid sessionId, ReasonRequest request, Caller caller, MoveSession move) =>
        Reasoned(request.Reason, () => move.Run(sessionId, caller, "pause", (clock, now) => clock.Pause(now), request, Isolation.Guarded)).Ok();

    private static Task<Results<Ok<SessionSupervision>, ProblemHttpResult>> Resume(Guid sessionId, Caller caller, MoveSession move) =>
        move.Run(sessionId, caller, "resume", (clock, now) => clock.Resume(now)).Ok();

    private static Task<Results<Ok<SessionSupervision>, ProblemHttpResult>> Extend(Guid sessionId, ExtraTimeRequest request, Caller caller, MoveSession move) =>
        request.Minutes is < 1 or > 600
            ? Task.FromResult<Result<SessionSupervision>>(Refusal.Invalid("minutes-invalid", "minutes — целое число от 1 до 600.")).Ok()
            : Reasoned(request.Reason, () => move.Run(sessionId, caller, "extra_time", (clock, now) => clock.Extend(now, Duration.FromMinutes(request.Minutes)), request)).Ok();

    private static Task<Results<Ok<SessionSupervision>, ProblemHttpResult>> Annul(Guid sessionId, ReasonRequest request, Caller caller, MoveSession move) =>
        Reasoned(request.Reason, () => move.Run(sessionId, caller, "annul", (clock, now) => clock.Annul(now), request)).Ok();

    private static Task<Results<NoContent, ProblemHttpResult>> Report(Guid sessionId, IncidentRequest request, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<Done>>(async db =>
        {
            if (TextRules.Check("description", request.Description, MaxReason) is { } refusal) return refusal;
            if (await SessionStore.Find(db, sessionId) is not { } row || !SessionRights.Supervises(caller, row)) return SessionRefusals.NotFound;
            await SessionLog.Add(db, sessionId, "incident", clock.GetCurrentInstant(), caller.Id, request);
            return default(Done);
        }).NoContent();

    private static Task<Result<SessionSupervision>> Reasoned(string reason, Func<Task<Result<SessionSupervision>>> move) =>
        TextRules.Check("reason", reason, MaxReason) is { } refusal ? Task.FromResult<Result<SessionSupervision>>(refusal) : move();
}
