using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.ItemBank;
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

/// <summary>A person's own session.</summary>
/// <param name="ServerTime">Count down from it, never from the device's clock.</param>
/// <param name="SecondsLeft">Null when no time runs.</param>
/// <param name="Responses">The last saved response of each slot that has one; empty when the session shows no items.</param>
public sealed record MySession(
    Guid Id, Guid CampaignId, int Variant, SessionState State, Instant? StartedAt, Instant? Deadline, Instant ServerTime,
    long? SecondsLeft, Instant? EndedAt, IReadOnlyList<StoredResponse> Responses);

/// <param name="Device">A name that the client keeps for this device; a change is noted in the event log.</param>
public sealed record StartRequest(string? Device = null);

/// <summary>What the page noticed.</summary>
public enum NoticedEvent { FocusLost, FocusGained, Offline, Online, Reloaded }

/// <param name="Kind">What happened in the browser.</param>
/// <param name="Note">Up to 500 characters.</param>
public sealed record NoticedEventRequest(NoticedEvent Kind, string? Note = null);

/// <summary>What the taker does: sees own sessions, starts, reads items, reports what the page noticed.</summary>
internal sealed class TakeSession(Transactions transactions, SessionDirectory directory, IClock clock)
{
    private static readonly AccessRule Taker = AccessRule.Of(Role.Participant);

    internal static void Map(IEndpointRouteBuilder sessions)
    {
        sessions.MapGet("/", Mine).WithName("ListMySessions").WithSummary("Свои сеансы").AllowedTo(Taker);
        sessions.MapGet("/{sessionId:guid}", Read).WithName("GetMySession").WithSummary("Свой сеанс: состояние, время, сохранённые ответы").AllowedTo(Taker);
        sessions.MapPost("/{sessionId:guid}/start", Start).WithName("StartSession").WithSummary("Начать сеанс или продолжить его на другом устройстве").AllowedTo(Taker).Idempotent();
        sessions.MapGet("/{sessionId:guid}/items", Items).WithName("ListSessionItems").WithSummary("Задания своего варианта; не меняются, поэтому кешируются по ETag").Produces(StatusCodes.Status304NotModified).AllowedTo(Taker);
        sessions.MapPost("/{sessionId:guid}/events", Notice).WithName("NoteSessionEvent").WithSummary("Записать в журнал событие страницы").AllowedTo(Taker);
    }

    private static Task<Ok<IReadOnlyList<MySession>>> Mine(Caller caller, TakeSession useCase) => useCase.ListMine(caller.ParticipantId);

    private static Task<Results<Ok<MySession>, ProblemHttpResult>> Read(Guid sessionId, Caller caller, TakeSession useCase) =>
        useCase.ReadMine(sessionId, caller.ParticipantId).Ok();

    private static Task<Results<Ok<MySession>, ProblemHttpResult>> Start(Guid sessionId, StartRequest request, Caller caller, TakeSession useCase) =>
        useCase.StartMine(sessionId, request.Device, caller).Ok();

    private static async Task<Results<Ok<IReadOnlyList<PresentedItem>>, StatusCodeHttpResult, ProblemHttpResult>> Items(
        Guid sessionId, Caller caller, TakeSession useCase, HttpContext http)
    {
        if ((await useCase.ItemsOfMine(sessionId, caller.ParticipantId)).Refused(out var refusal, out var items)) return Problems.From(refusal);
        var tag = $"\"{sessionId:N}\"";
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "private, no-cache";
        return http.Request.Headers.IfNoneMatch == tag ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Ok(items);
    }

    private static Task<Results<NoContent, ProblemHttpResult>> Notice(Guid sessionId, NoticedEventRequest request, Caller caller, TakeSession useCase) =>
        useCase.NoteMine(sessionId, request, caller).NoContent();

    private async Task<Ok<IReadOnlyList<MySession>>> ListMine(Guid? participantId)
    {
        var now = clock.GetCurrentInstant();
        var rows = participantId is { } id ? await transactions.Read(db => SessionStore.OfParticipant(db, id)) : [];
        return TypedResults.Ok<IReadOnlyList<MySession>>(rows.Select(row => View(row, now, [])).ToList());
    }

    private async Task<Result<MySession>> ReadMine(Guid sessionId, Guid? participantId)
    {
        if (await directory.Find(sessionId) is not { } facts || facts.ParticipantId != participantId) return SessionRefusals.NotFound;
        return await transactions.Read(db => ViewOf(db, facts));
    }

    private async Task<Result<MySession>> StartMine(Guid sessionId, string? device, Caller caller)
    {
        if (device is { Length: > 200 }) return Refusal.Invalid("text-too-long", "Поле device длиннее 200 знаков.");
        if (await directory.Find(sessionId) is not { } facts || facts.ParticipantId != caller.ParticipantId) return SessionRefusals.NotFound;
        return await transactions.Write<Result<MySession>>(async db =>
        {
            var now = clock.GetCurrentInstant();
            var row = (await SessionStore.Hold(db, sessionId))!;
            if (row.Clock.State is SessionState.InProgress) return await Continue(db, facts, row, device, now, caller);
            var sitting = await SessionStore.Sitting(db, row.CampaignId);
            if (row.Clock.State is SessionState.Open && (now < sitting.SittingFrom || (now >= sitting.SittingTo && !(now < row.SitUntil))))
                return Refusal.Conflict("outside-sitting-window", "Сеанс можно начать только во время, назначенное для проведения диагностики.");
            if (row.Clock.Start(now, Duration.FromMinutes(sitting.TimeLimitMinutes)).Refused(out var refusal, out var started)) return refusal;
            if (!await SessionStore.Move(db, row, started, device: device)) return SessionRefusals.Changed;
            await SessionLog.Add(db, sessionId, "start", now, caller.Id, new { device });
            return await ViewOf(db, facts);
        }, Isolation.Guarded);
    }

    // The same person on another phone: the session goes on, and the log says so.
    private async Task<Result<MySession>> Continue(Db db, SessionFacts facts, SessionRow row, string? device, Instant now, Caller caller)
    {
        if (device is not null && device != row.Device)
        {
            await SessionStore.SetDevice(db, row.Id, device);
            await SessionLog.Add(db, row.Id, "device_changed", now, caller.Id, new { from = row.Device, to = device });
        }
        return await ViewOf(db, facts);
    }

    private async Task<Result<IReadOnlyList<PresentedItem>>> ItemsOfMine(Guid sessionId, Guid? participantId)
    {
        if (await directory.Find(sessionId) is not { } facts || facts.ParticipantId != participantId) return SessionRefusals.NotFound;
        var state = (await transactions.Read(db => SessionStore.Find(db, sessionId)))!.Clock.State;
        return state.ShowsItems()
            ? facts.Show().ToList()
            : Refusal.Conflict("session-state", "Задания видны, только пока сеанс идёт.").With("state", Codes.Of(state));
    }

    private async Task<Result<Done>> NoteMine(Guid sessionId, NoticedEventRequest request, Caller caller)
    {
        if (request.Note is { Length: > 500 }) return Refusal.Invalid("text-too-long", "Поле note длиннее 500 знаков.");
        if (await directory.Find(sessionId) is not { } facts || facts.ParticipantId != caller.ParticipantId) return SessionRefusals.NotFound;
        return await transactions.Write<Result<Done>>(async db =>
        {
            await SessionLog.Add(db, sessionId, Codes.Of(request.Kind), clock.GetCurrentInstant(), caller.Id, request.Note is null ? null : new { request.Note });
            return default(Done);
        }, Isolation.Guarded);
    }

    private async Task<MySession> ViewOf(Db db, SessionFacts facts)
    {
        var row = (await SessionStore.Find(db, facts.Id))!;
        var responses = row.Clock.State.ShowsItems() ? await ResponseStore.Latest(db, facts.Id) : [];
        return View(row, clock.GetCurrentInstant(), responses.Select(response => StoredResponse.Of(facts, response)).ToList());
    }

    private static MySession View(SessionRow row, Instant now, IReadOnlyList<StoredResponse> responses) => new(
        row.Id, row.CampaignId, row.Variant, row.Clock.State, row.StartedAt, row.Deadline, now, row.Clock.SecondsLeft(now), row.EndedAt, responses);
}
