using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Sessions;
using Diagnostics.Storage.Sessions.Saving;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Sessions;

/// <param name="Response">The answer in the ids of the item as printed: the first option is 1, the second is 2, and so
/// on; null for an empty answer.</param>
public sealed record PaperAnswer(int Slot, Response? Response);

/// <param name="Sheets">Codes of the sheets from which the answers are typed; all that were collected except the
/// registration sheet.</param>
/// <param name="Answers">An answer for every slot; in the third entry, for every slot on which the first two
/// differ.</param>
public sealed record PaperEntryRequest(IReadOnlyList<string> Sheets, IReadOnlyList<PaperAnswer> Answers);

/// <summary>A slot for which two people have entered different answers.</summary>
public sealed record PaperDifference(int Slot, Response? First, Response? Second);

/// <summary>A session on paper as whoever enters its answers sees it.</summary>
/// <param name="Items">The items as printed.</param>
/// <param name="EnteredByYou">Whether the caller has entered the answers already.</param>
/// <param name="Differences">Slots that the caller, as the third person, decides; empty otherwise.</param>
/// <param name="Scans">Scans of open answers; such an answer need not be typed.</param>
public sealed record PaperToEnter(
    PaperWork Work,
    IReadOnlyList<PresentedItem> Items,
    bool EnteredByYou,
    IReadOnlyList<PaperDifference> Differences,
    IReadOnlyList<PaperScan>? Scans = null
);

/// <summary>Shows an operator a session whose answers are to be entered.</summary>
internal sealed class GetPaperToEnter(Executor executor, FormCatalog forms, SessionDirectory directory)
    : UseCase<Guid, PaperToEnter>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetPaperToEnter),
        SessionRights.Operators,
        Trail.Look<Guid, PaperToEnter>("paper.viewed", (sessionId, _) => new($"session:{sessionId:D}"))
    );

    protected override Task<Result<PaperToEnter>> Handle(Guid sessionId, Caller caller) =>
        Read(async db =>
        {
            if (await SessionStore.Find(db, sessionId) is not { } session || !Reaches(caller, session.Target))
                return SessionRefusals.NotFound;
            if (await PaperStore.Find(db, sessionId) is not { } row)
                return Paper.NoPackage;
            // Before the sheets are collected there is nothing to enter, and the tasks are nobody's business.
            if (row.EndedAt is null)
                return PaperEntries.NotCollected;
            var facts = await directory.Of(session);
            var entries = await PaperStore.Entries(db, sessionId);
            var own = entries.Any(entry => entry.EnteredBy == caller.AccountId);
            return new PaperToEnter(
                await Paper.Of(row, forms),
                facts.Show().ToList(),
                own,
                own || entries.Count != 2 || session.Clock.State.IsOver() ? [] : PaperEntries.Differences(facts, entries),
                (await Scans.Standing(db, sessionId)).Select(PaperScan.Of).ToList()
            );
        });
}

internal static class PaperEntries
{
    internal static readonly Refusal NotCollected = Refusal.Conflict(
        "paper-not-collected",
        "Бланки этого сеанса ещё не приняты площадкой."
    );

    internal static Dictionary<int, string?> Read(PaperEntryRow entry) =>
        JsonSerializer.Deserialize<Dictionary<int, string?>>(entry.Content, Json.Stored)!;

    internal static IReadOnlyList<int> Differing(IReadOnlyList<PaperEntryRow> entries)
    {
        var (first, second) = (Read(entries[0]), Read(entries[1]));
        return first.Keys.Where(slot => first[slot] != second[slot]).Order().ToList();
    }

    internal static IReadOnlyList<PaperDifference> Differences(SessionFacts facts, IReadOnlyList<PaperEntryRow> entries)
    {
        var (first, second) = (Read(entries[0]), Read(entries[1]));
        return Differing(entries).Select(slot => new PaperDifference(slot, Shown(slot, first), Shown(slot, second))).ToList();

        Response? Shown(int slot, Dictionary<int, string?> entry) =>
            entry[slot] is { } content
                ? facts.Item(slot)!.ToShownIds(JsonSerializer.Deserialize<Response>(content, ItemJson.Options)!)
                : null;
    }
}

/// <summary>
/// Enters the answers from paper. Two people do it independently; where they differ, a third decides. Then the answers
/// are saved as the session's first revisions, by the rules of every other save, and the session is finished: from there
/// on it is scored like one on a screen.
/// </summary>
internal sealed class EnterPaper(Executor executor, FormCatalog forms, SessionDirectory directory, Signal<SessionsEnded> ended)
    : UseCase<EnterPaper.Request, PaperWork>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(EnterPaper), SessionRights.Operators, Trail.Writes("paper.entered"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid SessionId, PaperEntryRequest Entry);

    protected override async Task<Result<PaperWork>> Handle(Request request, Caller caller)
    {
        var (sessionId, entry) = request;
        var entered = await Write(
            caller,
            async db =>
            {
                // Take the turn before locking the session, like every move that the audit trail records.
                await db.TakeTurn();
                var now = Now;
                if (await SessionStore.Hold(db, sessionId) is not { } session || !Reaches(caller, session.Target))
                    return SessionRefusals.NotFound;
                if (await PaperStore.Find(db, sessionId) is not { } row)
                    return Paper.NoPackage;
                if (row.EndedAt is not { } endedAt)
                    return PaperEntries.NotCollected;
                if (session.Clock.State.IsScored())
                    return Refusal.Conflict("paper-entered", "Ответы с этих бланков уже введены.");
                if (SessionMoves.Resume.From(session.Clock.State).Refused(out var stands, out _))
                    return stands;
                var entries = await PaperStore.Entries(db, sessionId);
                if (entries.Any(each => each.EnteredBy == caller.AccountId))
                    return Refusal.Conflict("paper-entered-by-you", "Вы эти бланки уже вводили: второй раз их вводит другой человек.");
                var facts = await directory.Of(session);
                var slots = entries.Count < 2 ? facts.Show().Select(item => item.Slot).ToList() : PaperEntries.Differing(entries);
                if ((CheckSheets(row, entry.Sheets) ?? CheckSlots(slots, entry.Answers)) is { } unfit)
                    return unfit;
                if (Contents(facts, entry.Answers).Refused(out var refusal, out var contents))
                    return refusal;
                var added = new PaperEntryRow
                {
                    SessionId = sessionId,
                    Number = entries.Count + 1,
                    Content = JsonSerializer.Serialize(contents, Json.Stored),
                    EnteredAt = now,
                    EnteredBy = caller.AccountId,
                };
                await PaperStore.AddEntry(db, added);
                await AuditStore.Append(db, now, caller.Id, "paper.entered", $"session:{sessionId:D}", new { added.Number });
                if (
                    Agreed([.. entries, added], contents) is { } answers
                    && await Finish(db, session, endedAt, answers, caller, now) is { } failed
                )
                    return failed;
                return await Paper.Read(db, forms, sessionId);
            },
            Isolation.Guarded
        );
        ended.Wake();
        return entered;
    }

    private static Refusal? CheckSheets(PaperRow row, IReadOnlyList<string>? typed)
    {
        if (Paper.ReadSheets(row, typed).Refused(out var refusal, out var numbers))
            return refusal;
        var needed = Paper.Numbers(row.Collected!).Where(number => number > 1).ToList();
        return needed.Except(numbers).ToList() is { Count: > 0 } missing
            ? Refusal
                .Invalid("sheets-missing", "Наберите коды всех принятых бланков с ответами: ответы вводят с бланков, а не по памяти.")
                .With("field", "sheets")
                .With("missing", missing)
            : null;
    }

    private static Refusal? CheckSlots(IReadOnlyList<int> needed, IReadOnlyList<PaperAnswer>? answers)
    {
        var given = (answers ?? []).Select(answer => answer.Slot).ToList();
        if (given.Count == given.Distinct().Count() && given.Order().SequenceEqual(needed))
            return null;
        return Refusal
            .Invalid("answers-invalid", $"Нужен один ответ на каждое из заданий: {string.Join(", ", needed)}; пустой ответ — null.")
            .With("field", "answers")
            .With("slots", needed);
    }

    private static Result<SortedDictionary<int, string?>> Contents(SessionFacts facts, IReadOnlyList<PaperAnswer> answers)
    {
        var contents = new SortedDictionary<int, string?>();
        foreach (var (slot, response) in answers)
        {
            if (response is not { IsBlank: false })
                contents.Add(slot, null);
            else if (facts.Item(slot)!.ToAuthorIds(Plain(response)).Refused(out var refusal, out var known))
                return refusal.With("slot", slot);
            else
                contents.Add(slot, JsonSerializer.Serialize(known, ItemJson.Options));
        }
        return contents;
    }

    /// <summary>
    /// A written text has no particular blanks at the ends of its lines, so two people who type it differ in them only by
    /// chance.
    /// </summary>
    private static Response Plain(Response response) =>
        response is ExtendedResponse text
            ? new ExtendedResponse(
                string.Join('\n', (text.Text ?? "").ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim())).Trim()
            )
            : response;

    /// <returns>The answers on which people agree or which the third has decided; null when another person is
    /// needed.</returns>
    private static Dictionary<int, string?>? Agreed(IReadOnlyList<PaperEntryRow> entries, SortedDictionary<int, string?> last)
    {
        if (entries.Count == 1 || (entries.Count == 2 && PaperEntries.Differing(entries).Count > 0))
            return null;
        var answers = PaperEntries.Read(entries[0]);
        foreach (var (slot, content) in last)
            answers[slot] = content;
        return answers;
    }

    private static async Task<Refusal?> Finish(
        Db db,
        SessionRow paused,
        Instant endedAt,
        IReadOnlyDictionary<int, string?> answers,
        Caller caller,
        Instant now
    )
    {
        if (paused.Clock.Resume(now).Refused(out var refusal, out var running))
            return refusal;
        if (!await SessionStore.Move(db, paused, running))
            return SessionRefusals.Changed;
        foreach (var (slot, content) in answers)
            if (content is not null && await ResponseSaves.Save(db, new(paused.Id, slot, 0, content, false, now)) is not SaveOutcome.Saved)
                throw new InvalidOperationException($"The answer to slot {slot} of session {paused.Id} was not saved.");
        var resumed = (await SessionStore.Find(db, paused.Id))!;
        if (resumed.Clock.FinishBySite(now, resumed.Grace).Refused(out refusal, out var finished))
            return refusal;
        // The times are those of the person's work, not of the typing.
        var worked = finished with
        {
            EndedAt = endedAt,
            Deadline = paused.Deadline,
        };
        if (!await SessionStore.Move(db, resumed, worked, manifest: await FinishSession.Saved(db, paused.Id)))
            return SessionRefusals.Changed;
        await SessionLog.Add(db, paused.Id, "finish_on_paper", now, caller.Id);
        await SessionLog.TellFinished(db, paused, now);
        return null;
    }
}
