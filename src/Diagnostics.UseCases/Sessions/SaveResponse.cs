using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Sessions;
using Diagnostics.Storage.Sessions.Saving;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Sessions;

/// <summary>A response to be saved.</summary>
/// <param name="BaseRevision">The slot's revision that the page shows; 0 before the first save. A save based on an
/// older revision is refused with 412 and kept.</param>
/// <param name="Response">The answer in the ids of the item as shown; null for a blank answer.</param>
/// <param name="Cleared">Whether the person emptied the answer on purpose. Unless this is true, a blank never replaces
/// an answer.</param>
public sealed record SaveRequest(int BaseRevision, Response? Response, bool Cleared = false);

/// <summary>Confirms that the response is committed and flushed to disk.</summary>
/// <param name="Revision">The new revision, which is the <c>baseRevision</c> of the next save of this slot.</param>
/// <param name="SavedAt">When the answer was saved; a repeated request gets this time, too.</param>
/// <param name="State">State of the session; a repeated request may arrive when the session no longer takes
/// answers.</param>
/// <param name="SecondsLeft">Seconds left by the server's clock; null when no time runs.</param>
public sealed record SavedResponse(int Slot, int Revision, Instant SavedAt, SessionState State, long? SecondsLeft);

/// <summary>
/// Saves a response, and answers only when it is durable; a save that cannot be accepted is kept aside. This is the hot
/// path: it uses cached facts and one prepared statement, which is committed together with everybody else's.
/// </summary>
internal sealed class SaveResponse(Executor executor, Database database, SessionDirectory directory)
    : UseCase<SaveResponse.Request, SavedResponse>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(SaveResponse), SessionRights.Taker, Trail.Own);

    internal readonly record struct Request(Guid SessionId, int Slot, SaveRequest Save);

    protected override async Task<Result<SavedResponse>> Handle(Request request, Caller caller)
    {
        var begun = Measures.BeginSave();
        // Between this method and the writer no other method has to resume after the commit.
        Result<SavedResponse> result = (await Check(request, caller)).Refused(out var refusal, out var asked)
            ? refusal
            : Tell(await ResponseSaves.Save(database, asked.ToSave), asked, request.Save);
        Measures.Saved(begun, database);
        return result;
    }

    private async ValueTask<Result<CheckedRequest>> Check(Request request, Caller caller)
    {
        var now = Now;
        if (
            await directory.Find(request.SessionId) is not { } facts
            || facts.ParticipantId != caller.ParticipantId
            || !caller.Opens(facts.Id)
        )
            return SessionRefusals.NotFound;
        return Read(facts, request, now).Refused(out var refusal, out var asked)
            ? await StateFirst(request.SessionId, refusal, now)
            : asked;
    }

    private static Result<CheckedRequest> Read(SessionFacts facts, Request request, Instant now)
    {
        if (facts.Item(request.Slot) is not { } item)
            return SessionRefusals.NoSlot;
        if (request.Save.BaseRevision is < 0 or > 1_000_000)
            return Refusal.Invalid("base-revision-invalid", "baseRevision — целое число от 0.");
        if (Content(item, request.Save.Response).Refused(out var refusal, out var content))
            return refusal;
        return new CheckedRequest(
            item,
            new(request.SessionId, request.Slot, request.Save.BaseRevision, content, request.Save.Cleared, now)
        );
    }

    /// <summary>
    /// Checks the state before it reports a fault. A fault reveals something about the item, the number of items and
    /// their types, which only people who may see the items may learn. A valid save does not come here.
    /// </summary>
    private async Task<Refusal> StateFirst(Guid sessionId, Refusal wrong, Instant now)
    {
        var session = (await database.Read(db => SessionStore.Find(db, sessionId)))!;
        var state = session.Clock.State;
        var late = state is SessionState.InProgress && session.AcceptUntil < now;
        return state.ShowsItems() && !late ? wrong : NotTaking(state, late, kept: false);
    }

    private static Result<SavedResponse> Tell(SaveOutcome outcome, CheckedRequest asked, SaveRequest request) =>
        outcome switch
        {
            SaveOutcome.Saved saved => new SavedResponse(asked.ToSave.Slot, saved.Revision, saved.SavedAt, saved.State, saved.SecondsLeft),
            SaveOutcome.Stale stale => Stale(
                new(asked.ToSave.Slot, stale.CurrentRevision, StoredResponse.Read(asked.Item, stale.CurrentContent), stale.SavedAt),
                request
            ),
            SaveOutcome.NotTaking closed => NotTaking(closed.State, closed.Late, kept: true),
            SaveOutcome.NotBegun early => NotBegun(early.State),
            SaveOutcome.NotKept { Why: var why } => NotKept(Tell(why, asked, request).Refusal!),
            SaveOutcome.BlankRefused blank => BlankRefused(blank.CurrentRevision),
            SaveOutcome.NoSession => SessionRefusals.NotFound,
            _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };

    /// <summary>The response as canonical JSON in the author's ids; null for a blank response of any form.</summary>
    private static Result<string?> Content(Presentation item, Response? response)
    {
        if (response is null)
            return (string?)null;
        if (item.ToAuthorIds(response).Refused(out var refusal, out var known))
            return refusal;
        return known.IsBlank ? null : JsonSerializer.Serialize(known, ItemJson.Options);
    }

    internal static Refusal BlankRefused(int revision) =>
        Refusal
            .Conflict(
                "blank-would-replace-answer",
                "Пустой ответ не заменяет сохранённый: чтобы стереть его намеренно, передайте cleared со значением true."
            )
            .With("revision", revision);

    /// <summary>
    /// Refuses a save based on an old revision, and returns both versions, so that the person can choose.
    /// </summary>
    internal static Refusal Stale(StoredResponse current, SaveRequest rejected) =>
        new Refusal(
            "stale-base",
            RefusalKind.Stale,
            "Этот ответ уже изменён в другом окне. Присланный сохранён отдельно; выберите, какой верен, и сохраните ещё раз."
        )
            .With("current", current)
            .With("rejected", rejected);

    /// <param name="kept">Whether the response was kept aside. Before the session starts this does not matter, so that
    /// the answer is the same for a valid response and an invalid one.</param>
    internal static Refusal NotTaking(SessionState state, bool late, bool kept)
    {
        if (state is SessionState.Scheduled or SessionState.Open)
            return NotBegun(state);
        var fate = kept ? "Ответ не засчитан, но сохранён для комиссии." : "Ответ не засчитан.";
        return late
            ? Refusal.Conflict("session-time-over", $"Время сеанса вышло. {fate}")
            : Refusal.Conflict("session-state", $"Сеанс сейчас не принимает ответы. {fate}").With("state", Codes.Of(state));
    }

    internal static Refusal NotBegun(SessionState state) =>
        Refusal.Conflict("session-state", "Сеанс ещё не начат. Ответ не засчитан и не сохранён.").With("state", Codes.Of(state));

    /// <summary>
    /// Says that the response was not kept aside either. The facts of the original refusal stay, so that the page can
    /// still show both versions.
    /// </summary>
    internal static Refusal NotKept(Refusal why) =>
        why with
        {
            Code = "too-many-refused",
            Kind = RefusalKind.TooMany,
            Detail =
                "Ответ не засчитан и больше не сохраняется отдельно: непринятых ответов на это задание уже слишком много. Обновите страницу.",
        };

    /// <summary>A request after its check, with the item and with the response as it is stored.</summary>
    private readonly record struct CheckedRequest(Presentation Item, ResponseToSave ToSave);
}

/// <summary>A stored response in the ids that the taker saw.</summary>
/// <param name="Response">The response; null when it is blank.</param>
public sealed record StoredResponse(int Slot, int Revision, Response? Response, Instant SavedAt)
{
    internal static Response? Read(Presentation item, string? content) =>
        content is null ? null : item.ToShownIds(JsonSerializer.Deserialize<Response>(content, ItemJson.Options)!);

    internal static StoredResponse Of(SessionFacts facts, ResponseRow row) =>
        new(row.Slot, row.Revision, Read(facts.Item(row.Slot)!, row.Content), row.SavedAt);
}
