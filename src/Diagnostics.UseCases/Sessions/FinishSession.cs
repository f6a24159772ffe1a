using System.Globalization;
using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.UseCases.Sessions;

/// <param name="Manifest">For each slot, the last revision that the server has acknowledged. If the server lacks any of
/// these revisions, it answers 409 and lists them.</param>
public sealed record FinishRequest(IReadOnlyDictionary<string, int> Manifest);

/// <param name="Expected">The revision that the client named.</param>
/// <param name="Actual">The last revision that the server has; 0 for none.</param>
internal sealed record MissingResponse(int Slot, int Expected, int Actual);

/// <summary>
/// Finishes a session, at most once (docs/promises.md, G3). A repeated request gets the same receipt, because the first
/// answer may have been lost on its way.
/// </summary>
internal sealed class FinishSession(Executor executor, Signal<SessionsEnded> ended)
    : UseCase<FinishSession.Request, FinishReceipt>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(FinishSession), SessionRights.Taker, Trail.Own)
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid SessionId, FinishRequest Finish);

    protected override async Task<Result<FinishReceipt>> Handle(Request request, Caller caller)
    {
        var sessionId = request.SessionId;
        var manifest = new SortedDictionary<int, int>();
        foreach (var (name, revision) in request.Finish.Manifest)
        {
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var slot) || revision < 0)
                return Refusal.Invalid(
                    "manifest-invalid",
                    $"В manifest ключ — номер задания, значение — номер сохранения от 0; «{name}: {revision}» не подходит."
                );
            manifest[slot] = revision;
        }
        var finished = await Write(
            caller,
            async db =>
            {
                var now = Now;
                // Lock the session before counting the answers, so that every acknowledged save is counted and no save
                // follows.
                if (await SessionStore.Hold(db, sessionId) is not { } row || !Reaches(caller, row.Target))
                    return SessionRefusals.NotFound;
                if (row.Clock.State is SessionState.Finished)
                    return await FinishReceipt.Read(db, row);
                if (row.Clock.Finish(now, row.Grace).Refused(out var refusal, out var next))
                    return refusal;
                var saved = (await ResponseStore.Latest(db, sessionId)).ToDictionary(
                    response => response.Slot,
                    response => response.Revision
                );
                var missing = manifest
                    .Where(named => saved.GetValueOrDefault(named.Key) < named.Value)
                    .Select(named => new MissingResponse(named.Key, named.Value, saved.GetValueOrDefault(named.Key)))
                    .ToList();
                if (missing.Count > 0)
                    return Missing(missing);
                if (!await SessionStore.Move(db, row, next, Stored(saved)))
                    return SessionRefusals.Changed;
                await SessionLog.Add(db, sessionId, "finish", now, caller.Id);
                await SessionLog.TellFinished(db, row, now);
                return await FinishReceipt.Read(db, (await SessionStore.Find(db, sessionId))!);
            },
            Isolation.Guarded
        );
        ended.Wake();
        return finished;
    }

    /// <summary>The manifest of all answers saved in a session, which must be locked.</summary>
    internal static async Task<string> Saved(Db db, Guid sessionId) =>
        Stored((await ResponseStore.Latest(db, sessionId)).ToDictionary(response => response.Slot, response => response.Revision));

    private static string Stored(Dictionary<int, int> saved) =>
        JsonSerializer.Serialize<IReadOnlyDictionary<int, int>>(new SortedDictionary<int, int>(saved), ItemJson.Options);

    internal static Refusal Missing(IReadOnlyList<MissingResponse> missing) =>
        Refusal
            .Conflict("responses-missing", "На сервере нет части ответов из manifest. Сохраните их и завершите сеанс снова.")
            .With("missing", missing);
}
