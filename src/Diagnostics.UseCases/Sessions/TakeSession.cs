using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Sessions;

/// <summary>A person's own session.</summary>
/// <param name="ServerTime">The server's time, from which the client counts down; the device's clock must not be
/// used.</param>
/// <param name="SecondsLeft">Seconds left; null when no time runs.</param>
/// <param name="GraceSeconds">How long after the deadline a save is still accepted.</param>
/// <param name="ResponsesShown">Whether <c>responses</c> shows the answers; if false, it is empty even if there are
/// some.</param>
/// <param name="Responses">The last saved response of each slot that has one; empty when the session shows no
/// items.</param>
/// <param name="Sitting">When and where the session takes place; absent when the campaign has no sittings at the
/// site.</param>
public sealed record MySession(
    Guid Id,
    Guid CampaignId,
    int Variant,
    SessionState State,
    Instant? StartedAt,
    Instant? Deadline,
    Instant ServerTime,
    long? SecondsLeft,
    Instant? EndedAt,
    int GraceSeconds,
    bool ResponsesShown,
    IReadOnlyList<StoredResponse> Responses,
    AssignedSitting? Sitting = null
)
{
    /// <param name="responses">The last saved responses; null when they are not shown.</param>
    internal static async Task<MySession> Of(Db db, SessionRow row, Instant now, IReadOnlyList<StoredResponse>? responses) =>
        new(
            Id: row.Id,
            CampaignId: row.CampaignId,
            Variant: row.Variant,
            State: row.Clock.State,
            StartedAt: row.StartedAt,
            Deadline: row.Deadline,
            ServerTime: now,
            SecondsLeft: row.Clock.SecondsLeft(now),
            EndedAt: row.EndedAt,
            GraceSeconds: row.GraceSeconds,
            ResponsesShown: responses is not null,
            Responses: responses ?? [],
            Sitting: await AssignedSitting.Of(db, row)
        );

    internal static async Task<MySession> Read(Db db, SessionFacts facts, Instant now) =>
        await Read(db, facts, (await SessionStore.Find(db, facts.Id))!, now);

    internal static async Task<MySession> Read(Db db, SessionFacts facts, SessionRow row, Instant now)
    {
        if (!row.Clock.State.ShowsItems())
            return await Of(db, row, now, null);
        var responses = await ResponseStore.Latest(db, facts.Id);
        return await Of(db, row, now, responses.Select(response => StoredResponse.Of(facts, response)).ToList());
    }
}

/// <param name="Device">A name that the client keeps for this device; the event log records when the device
/// changes.</param>
public sealed record StartRequest(string? Device = null);

/// <summary>An event that the test page has noticed.</summary>
public enum NoticedEvent
{
    FocusLost,
    FocusGained,
    Offline,
    Online,
    Reloaded,
    DeviceChecked,
}

/// <param name="Kind">What happened in the browser.</param>
/// <param name="Note">A note, up to 500 characters.</param>
public sealed record NoticedEventRequest(NoticedEvent Kind, string? Note = null);

internal sealed class ListMySessions(Executor executor) : UseCase<Done, IReadOnlyList<MySession>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListMySessions), SessionRights.Taker, Trail.Own);

    protected override async Task<Result<IReadOnlyList<MySession>>> Handle(Done request, Caller caller)
    {
        if (caller.ParticipantId is not { } id)
            return Array.Empty<MySession>();
        var now = Now;
        return await Read(async db =>
        {
            var own = new List<MySession>();
            foreach (var row in await SessionStore.OfParticipant(db, id))
                if (caller.Opens(row.Id))
                    own.Add(await MySession.Of(db, row, now, null));
            return own;
        });
    }
}

/// <summary>Shows people their own session: its state, the time and the saved responses.</summary>
internal sealed class GetMySession(Executor executor, SessionDirectory directory) : UseCase<Guid, MySession>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetMySession), SessionRights.Taker, Trail.Own);

    protected override async Task<Result<MySession>> Handle(Guid sessionId, Caller caller)
    {
        if (await directory.FindOwn(sessionId, caller) is not { } facts)
            return SessionRefusals.NotFound;
        return await Fetch(db => MySession.Read(db, facts, Now));
    }
}

/// <summary>A session with everything that its taker's page needs.</summary>
/// <param name="Title">Title of the campaign.</param>
/// <param name="TimeZone">Time zone of the site.</param>
/// <param name="Items">The items; empty while the session shows none.</param>
public sealed record OpenedTest(MySession Session, Guid ApplicationId, string Title, string TimeZone, IReadOnlyList<PresentedItem> Items);

/// <summary>
/// Reads the whole session for the person's page, which thousands of people open in the same minute. Two SQL statements
/// read what three API requests would return, and the same access rule applies.
/// </summary>
internal sealed class OpenTest(Executor executor, SessionDirectory directory)
{
    internal async Task<Result<OpenedTest>> Run(Guid sessionId, Caller caller)
    {
        if (await executor.Refuses(SessionRights.Taker, caller) is { } refusal)
            return refusal;
        if (await directory.FindOwn(sessionId, caller) is not { } facts)
            return SessionRefusals.NotFound;
        return await executor.Read(async db =>
        {
            var row = (await SessionStore.Seated(db, sessionId))!;
            var session = await MySession.Read(db, facts, row, executor.Now);
            return new OpenedTest(session, row.ApplicationId, row.Title, row.TimeZone, session.ResponsesShown ? facts.Show().ToList() : []);
        });
    }
}

/// <summary>Begins a session, or continues it on another device.</summary>
internal sealed class StartSession(Executor executor, SessionDirectory directory)
    : UseCase<StartSession.Request, MySession>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(StartSession), SessionRights.Taker, Trail.Own)
    {
        Repetition = Repetition.GivesResultAgain,
    };

    // The text for the session's log. It gives no reason for the extra time, because the log outlives people's own
    // data.
    private const string Granted = "Дополнительное время, назначенное до начала";

    internal sealed record Request(Guid SessionId, StartRequest Start);

    protected override async Task<Result<MySession>> Handle(Request request, Caller caller)
    {
        var device = request.Start.Device;
        if (device is { Length: > 200 })
            return Refusal.Invalid("text-too-long", "Поле device длиннее 200 знаков.");
        if (await directory.FindOwn(request.SessionId, caller) is not { } facts)
            return SessionRefusals.NotFound;
        var started = await Write(
            caller,
            async db =>
            {
                var now = Now;
                var row = (await SessionStore.Hold(db, request.SessionId))!;
                // Read the facts again now that the row is locked: until now the session could have been moved, which
                // draws another variant.
                facts = await directory.Of(row);
                if (row.Clock.State is SessionState.InProgress)
                    return await Continue(db, facts, row, device, caller);
                if ((await Begin(db, row, now)).Refused(out var refusal, out var begun))
                    return refusal;
                if (!await SessionStore.Move(db, row, begun.Clock, device: device))
                    return SessionRefusals.Changed;
                await SessionLog.Add(db, request.SessionId, "start", now, caller.Id, new { device });
                await LogGranted(db, request.SessionId, begun.Granted, now);
                return await MySession.Read(db, facts, Now);
            },
            Isolation.Guarded
        );
        if (started.Refusal is null)
            directory.Remember(facts);
        return started;
    }

    /// <summary>The clock of a session that begins now, on a screen or on paper.</summary>
    /// <param name="row">The session, locked.</param>
    /// <returns>The clock, and the extra minutes that special conditions give.</returns>
    internal static async Task<Result<(SessionClock Clock, int Granted)>> Begin(Db db, SessionRow row, Instant now)
    {
        var window = await SessionStore.Window(db, row);
        if (row.Clock.State is SessionState.Open && !window.Takes(now))
            return SessionRefusals.NotNow(window);
        if (row.AbsentAt is not null)
            return SessionRefusals.MarkedAbsent;
        // Nobody may begin during an interruption, because the end of an interruption gives time back only to the
        // sessions that the interruption paused.
        if (row.Clock.State is SessionState.Open && await InterruptionStore.Stands(db, row))
            return SessionRefusals.SiteStands;
        var extra = (await AccommodationStore.Granted(db, row.ApplicationId))?.ExtraMinutes(window.TimeLimitMinutes) ?? 0;
        var limit = window.TimeLimitMinutes + extra + await ExtendSession.Given(db, row.Id);
        return row.Clock.Start(now, Duration.FromMinutes(limit)).Map(clock => (clock, extra));
    }

    /// <summary>
    /// Records granted time like any other extra time, so that the site cannot add more than the policy allows in total.
    /// </summary>
    internal static async Task LogGranted(Db db, Guid sessionId, int minutes, Instant now)
    {
        if (minutes > 0)
            await SessionLog.Add(db, sessionId, SessionLog.ExtraTime, now, actor: null, new ExtraTimeRequest(minutes, Granted));
    }

    // When the person has changed to another device, the session continues, and the log records the change.
    private async Task<Result<MySession>> Continue(Db db, SessionFacts facts, SessionRow row, string? device, Caller caller)
    {
        if (device is not null && device != row.Device)
        {
            await SessionStore.SetDevice(db, row.Id, device);
            // The session continues however often the device changes, but the log records only a limited number of
            // events.
            await SessionLog.AddReported(db, row.Id, "device_changed", Now, caller.Id, new { from = row.Device, to = device });
        }
        return await MySession.Read(db, facts, Now);
    }
}

/// <summary>Lists the items of the person's variant. They never change, so a client may keep them.</summary>
internal sealed class ListSessionItems(Executor executor, SessionDirectory directory)
    : UseCase<Guid, IReadOnlyList<PresentedItem>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListSessionItems), SessionRights.Taker, Trail.Own);

    protected override async Task<Result<IReadOnlyList<PresentedItem>>> Handle(Guid sessionId, Caller caller)
    {
        if (await directory.FindOwn(sessionId, caller) is not { } facts)
            return SessionRefusals.NotFound;
        var state = (await Fetch(db => SessionStore.Find(db, sessionId)))!.Clock.State;
        return state.ShowsItems()
            ? facts.Show().ToList()
            : Refusal.Conflict("session-state", "Задания видны, только пока сеанс идёт.").With("state", Codes.Of(state));
    }
}

/// <summary>Records an event that the test page has noticed.</summary>
internal sealed class NoteSessionEvent(Executor executor, SessionDirectory directory)
    : UseCase<NoteSessionEvent.Request, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(NoteSessionEvent), SessionRights.Taker, Trail.Journal);

    internal sealed record Request(Guid SessionId, NoticedEventRequest Event);

    protected override async Task<Result<Done>> Handle(Request request, Caller caller)
    {
        var (kind, note) = request.Event;
        if (note is { Length: > 500 })
            return Refusal.Invalid("text-too-long", "Поле note длиннее 500 знаков.");
        if (await directory.FindOwn(request.SessionId, caller) is null)
            return SessionRefusals.NotFound;
        return await Write(
            caller,
            async db =>
            {
                // Before the session begins, only the event of a device check is accepted, because that is when the
                // check is useful.
                if (
                    kind is not NoticedEvent.DeviceChecked
                    && (await SessionStore.Find(db, request.SessionId))!.Clock is { StartedAt: null, State: var state }
                )
                    return Refusal.Conflict("session-state", "Сеанс ещё не начат: события не записываются.").With("state", Codes.Of(state));
                return await SessionLog.AddReported(
                    db,
                    request.SessionId,
                    Codes.Of(kind),
                    Now,
                    caller.Id,
                    note is null ? null : new { Note = note }
                )
                    ? default(Done)
                    : SessionRefusals.TooManyEvents;
            },
            Isolation.Guarded
        );
    }
}

/// <summary>
/// A check that a technical specialist runs at every desk before the exam. In load tests it also shows the highest rate
/// that saves could reach, because it authenticates, parses and answers like a save, but saves nothing.
/// </summary>
internal sealed class CheckConnection(Executor executor) : UseCase<SaveResponse.Request, SavedResponse>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(CheckConnection),
        AccessRule.Account.Under(SignInLimits.OneSession),
        Trail.Own
    );

    protected override Task<Result<SavedResponse>> Handle(SaveResponse.Request request, Caller caller) =>
        Task.FromResult<Result<SavedResponse>>(new SavedResponse(request.Slot, request.Save.BaseRevision, Now, SessionState.Open, null));
}
