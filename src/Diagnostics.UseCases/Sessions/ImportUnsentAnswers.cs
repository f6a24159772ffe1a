using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Sessions;
using Diagnostics.Storage.Sessions.Saving;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Sessions;

/// <summary>The file that the test page offers when answers could not be sent.</summary>
/// <param name="Format">Always <c>diagnostics-unsent-answers</c>.</param>
/// <param name="Version">Always 1.</param>
/// <param name="SessionId">Must be the session in the request's path, so that another person's file is refused.</param>
/// <param name="WrittenAt">When the file was written, by the device's clock; this proves nothing.</param>
public sealed record UnsentAnswers(
    string Format,
    int Version,
    Guid SessionId,
    IReadOnlyList<UnsentAnswer> Answers,
    string? WrittenAt = null
);

/// <param name="BaseRevision">The last revision known to the device.</param>
/// <param name="Response">The answer in the ids of the item as shown; null for an answer that was emptied.</param>
/// <param name="State">The state of the answer on the device.</param>
public sealed record UnsentAnswer(int Slot, int BaseRevision, Response? Response, string? State = null);

/// <summary>The outcome for each answer of the file, in its order.</summary>
public sealed record ImportedAnswers(IReadOnlyList<ImportedAnswer> Answers);

/// <param name="Detail">The reason for a refusal.</param>
public sealed record ImportedAnswer(int Slot, ImportOutcome Outcome, string? Detail = null);

/// <summary>
/// What happened to an answer: it was kept for the commission, was known already (saved, or kept by an earlier import),
/// or was refused.
/// </summary>
public enum ImportOutcome
{
    Kept,
    Known,
    Refused,
}

/// <summary>
/// Keeps, for the commission, the answers that a device could not send. They do not count automatically. Anybody can
/// write such a file, so people decide what to do with it. A file that is imported twice is kept only once.
/// </summary>
internal sealed class ImportUnsentAnswers(Executor executor, SessionDirectory directory)
    : UseCase<ImportUnsentAnswers.Request, ImportedAnswers>(Operation, executor)
{
    internal const string Format = "diagnostics-unsent-answers";
    private const string Reason = "imported";
    private const int MaxAnswers = 200;

    internal static new readonly Operation Operation = new(
        nameof(ImportUnsentAnswers),
        SessionRights.Staff,
        Trail.Writes("session.answers_imported")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid SessionId, UnsentAnswers File);

    protected override async Task<Result<ImportedAnswers>> Handle(Request request, Caller caller)
    {
        var (sessionId, file) = request;
        if (file.Format != Format || file.Version != 1)
            return NotOurs;
        if (file.Answers is not { Count: > 0 and <= MaxAnswers })
            return Refusal.Invalid("answers-invalid", $"В файле должно быть от 1 до {MaxAnswers} ответов.");
        if (await directory.Find(sessionId) is not { } facts)
            return SessionRefusals.NotFound;
        return await Write(
            caller,
            async db =>
            {
                if (await SessionStore.Find(db, sessionId) is not { } row || !Reaches(caller, row.Target))
                    return SessionRefusals.NotFound;
                if (file.SessionId != sessionId)
                    return AnotherSession;
                var known = (await ResponseStore.History(db, sessionId))
                    .Select(each => (each.Slot, each.Content))
                    .Concat((await ResponseStore.Rejected(db, sessionId)).Select(each => (each.Slot, each.Content)))
                    .ToHashSet();
                var told = new List<ImportedAnswer>(file.Answers.Count);
                foreach (var answer in file.Answers)
                {
                    if (Content(facts, answer).Refused(out var refusal, out var content))
                        told.Add(new(answer.Slot, ImportOutcome.Refused, refusal.Detail));
                    else if (!known.Add((answer.Slot, content)))
                        told.Add(new(answer.Slot, ImportOutcome.Known));
                    else
                    {
                        await ResponseSaves.Keep(
                            db,
                            new(sessionId, answer.Slot, Math.Max(0, answer.BaseRevision), content, false, Now),
                            Reason,
                            most: int.MaxValue
                        );
                        told.Add(new(answer.Slot, ImportOutcome.Kept));
                    }
                }
                var kept = told.Where(each => each.Outcome is ImportOutcome.Kept).Select(each => each.Slot).ToList();
                if (kept.Count > 0)
                {
                    var now = Now;
                    await SessionLog.Add(db, sessionId, "answers_imported", now, caller.Id, new { slots = kept, file.WrittenAt });
                    await AuditStore.Append(db, now, caller.Id, "session.answers_imported", $"session:{sessionId:D}", new { slots = kept });
                }
                return new ImportedAnswers(told);
            }
        );
    }

    internal static Refusal NotOurs => Refusal.Invalid("not-unsent-answers", "Это не файл неотправленных ответов со страницы теста.");

    internal static Refusal AnotherSession =>
        Refusal.Invalid("another-session", "Файл — из другого сеанса: выберите сеанс участника, который его сохранил.");

    /// <summary>
    /// Returns the content that a save would store; a text too long for a save is kept too, because there is no other
    /// copy.
    /// </summary>
    private static Result<string?> Content(SessionFacts facts, UnsentAnswer answer)
    {
        if (facts.Item(answer.Slot) is not { } item)
            return SessionRefusals.NoSlot;
        if (answer.Response is not { IsBlank: false } response)
            return (string?)null;
        if (item.ToAuthorIds(response).Refused(out var refusal, out var known))
        {
            if (refusal.Kind is not RefusalKind.TooLarge)
                return refusal;
            known = response;
        }
        return JsonSerializer.Serialize(known, ItemJson.Options);
    }
}
