using Diagnostics.Engine;
using Diagnostics.Engine.Sessions;
using Diagnostics.Engine.Sessions.Scans;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using NodaTime;

namespace Diagnostics.UseCases.Sessions;

/// <summary>A scan of an open answer on paper, as those see it who judge the answer; nothing tells whose it is.</summary>
/// <param name="Number">Number of the scan among those of the answer.</param>
/// <param name="MediaType">Type of the file according to its own first bytes.</param>
/// <param name="Size">Size in bytes.</param>
public sealed record AnswerScan(int Number, string MediaType, int Size);

/// <summary>A scan as those see it who add it.</summary>
/// <param name="Slot">The slot whose answer it shows.</param>
/// <param name="Number">Number of the scan among those of the answer.</param>
/// <param name="MediaType">Type of the file according to its own first bytes.</param>
/// <param name="Size">Size in bytes, without the notes that were left out.</param>
public sealed record PaperScan(int Slot, int Number, string MediaType, int Size, Instant AddedAt)
{
    internal static PaperScan Of(ScanRow row) => new(row.Slot, row.Number, row.MediaType, row.Size, row.AddedAt);
}

/// <summary>A scan for download.</summary>
internal sealed record ScanFile(int Number, string MediaType, byte[] Content);

/// <summary>Reads scans for those who may see them; each stage decides who that is.</summary>
internal static class Scans
{
    internal static readonly Refusal NotFound = Refusal.NotFound("scan-not-found", "Такого скана у ответа нет.");

    internal static readonly Refusal Erased = new("scan-erased", RefusalKind.Gone, "Скан удалён вместе с персональными данными участника.");

    internal static async Task<IReadOnlyList<ScanRow>> Standing(Db db, Guid sessionId) =>
        (await ScanStore.Of(db, sessionId)).Where(scan => scan.WithdrawnAt is null).ToList();

    /// <summary>The scans of one answer.</summary>
    internal static async Task<IReadOnlyList<AnswerScan>> Of(Db db, Guid sessionId, int slot) =>
        (await Standing(db, sessionId))
            .Where(scan => scan.Slot == slot)
            .Select(scan => new AnswerScan(scan.Number, scan.MediaType, scan.Size))
            .ToList();

    internal static async Task<Result<ScanFile>> Read(Db db, Guid sessionId, int slot, int number) =>
        await ScanStore.Find(db, sessionId, slot, number) is not { } scan ? NotFound
        : await ScanStore.Content(db, scan) is not { } content ? Erased
        : new ScanFile(scan.Number, scan.MediaType, content);

    /// <summary>Erases what an erased person's scans show: a hand may be known by its writing.</summary>
    internal static Task AfterErasure(Db db, Guid participantId, Instant now, string actor) => ScanStore.Erase(db, participantId);

    /// <summary>The same picture without what a camera, a scanner or a program has noted in the file.</summary>
    internal static Result<(string MediaType, byte[] Content)> Clean(byte[] content)
    {
        if (content.Length > ScanRules.MaxBytes)
            return AddPaperScan.TooLarge;
        var mediaType = FileSignature.MediaTypeOf(content);
        var cleaned = mediaType switch
        {
            FileSignature.Jpeg => JpegScan.Clean(content),
            FileSignature.Png => PngScan.Clean(content),
            FileSignature.Pdf => PdfScan.Clean(content),
            _ => AddPaperScan.WrongKind,
        };
        return cleaned.Refused(out var refusal, out var clean) ? refusal : (mediaType!, clean);
    }
}

/// <summary>
/// Adds a scan of a collected sheet to the open answer that stands on it. The code of the sheet says whose answer it is,
/// so a sheet of another person is noticed. Scans end with the entry of the answers: from there on they are judged.
/// </summary>
internal sealed class AddPaperScan(Executor executor, FormCatalog forms) : UseCase<AddPaperScan.Request, PaperScan>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(AddPaperScan), SessionRights.Staff, Trail.Writes("paper.scan-added"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal static readonly Refusal WrongKind = Refusal.Invalid(
        "scan-kind",
        "Скан — это файл PDF, PNG или JPEG: этот файл пуст или другого вида, как бы он ни назывался."
    );

    internal static readonly Refusal TooLarge = new Refusal(
        "scan-too-large",
        RefusalKind.TooLarge,
        $"Файл больше {ScanRules.MaxBytes / (1024 * 1024)} МБ: сохраните скан с разрешением 300 точек на дюйм."
    ).With("maxBytes", ScanRules.MaxBytes);

    internal static readonly Refusal TooMany = Refusal
        .Conflict("scans-full", $"У ответа уже {ScanRules.MaxCount} скана, больше нельзя.")
        .With("max", ScanRules.MaxCount);

    internal static readonly Refusal NoOpenAnswer = Refusal
        .Invalid("sheet-without-open-answer", "На этом бланке нет развёрнутого ответа: сканируют бланки заданий с развёрнутым ответом.")
        .With("field", "sheet");

    internal static readonly Refusal NotHandedIn = Refusal
        .Invalid("sheet-not-collected", "Площадка этот бланк не приняла.")
        .With("field", "sheet");

    /// <param name="Sheet">Code of the sheet, as printed.</param>
    internal sealed record Request(Guid SessionId, string? Sheet, byte[] Content);

    protected override async Task<Result<PaperScan>> Handle(Request request, Caller caller)
    {
        var (sessionId, sheet, sent) = request;
        if (Scans.Clean(sent).Refused(out var unfit, out var file))
            return unfit;
        return await Write(
            caller,
            async db =>
            {
                await db.TakeTurn();
                var now = Now;
                if ((await ScanChange.Begin(db, sessionId, row => Reaches(caller, row.Target))).Refused(out var refusal, out var paper))
                    return refusal;
                if (Paper.ReadSheets(paper, [sheet ?? ""]).Refused(out refusal, out var numbers))
                    return refusal.With("field", "sheet");
                var open = Paper.OpenSlots(await forms.Get(paper.FormId), paper.Variant);
                if (numbers[0] <= Paper.SheetsBefore)
                    return NoOpenAnswer;
                if (!Paper.Numbers(paper.Collected!).Contains(numbers[0]))
                    return NotHandedIn;
                var slot = open[numbers[0] - Paper.SheetsBefore - 1];
                var before = (await ScanStore.Of(db, sessionId)).Where(scan => scan.Slot == slot).ToList();
                if (before.Count(scan => scan.WithdrawnAt is null) >= ScanRules.MaxCount || before.Count >= ScanRules.MaxNumber)
                    return TooMany;
                var row = new ScanRow
                {
                    SessionId = sessionId,
                    Slot = slot,
                    Number = before.Count + 1,
                    MediaType = file.MediaType,
                    Size = file.Content.Length,
                    AddedAt = now,
                    AddedBy = caller.AccountId,
                };
                await ScanStore.Add(db, row, file.Content);
                await ScanChange.Note(db, "paper.scan-added", row, caller, now);
                return PaperScan.Of(row);
            },
            Isolation.Guarded
        );
    }
}

/// <summary>Takes back a scan that was added by mistake; what it showed is kept as evidence, and nobody is shown it.</summary>
internal sealed class WithdrawPaperScan(Executor executor) : UseCase<WithdrawPaperScan.Request, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(WithdrawPaperScan),
        SessionRights.Staff,
        Trail.Writes("paper.scan-withdrawn")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid SessionId, int Slot, int Number);

    protected override Task<Result<Done>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                await db.TakeTurn();
                var now = Now;
                var (sessionId, slot, number) = request;
                if ((await ScanChange.Begin(db, sessionId, row => Reaches(caller, row.Target))).Refused(out var refusal, out _))
                    return refusal;
                if (await ScanStore.Find(db, sessionId, slot, number) is not { } scan)
                    return Scans.NotFound;
                await ScanStore.Withdraw(db, scan, now, caller.AccountId);
                await ScanChange.Note(db, "paper.scan-withdrawn", scan, caller, now);
                return (Result<Done>)default(Done);
            },
            Isolation.Guarded
        );
}

internal static class ScanChange
{
    internal static readonly Refusal Entered = Refusal.Conflict(
        "paper-entered",
        "Ответы с этих бланков уже введены: сканы больше не меняют, их видят эксперты."
    );

    /// <summary>The paper of a session whose scans may be changed now, held until the end of the transaction.</summary>
    internal static async Task<Result<PaperRow>> Begin(Db db, Guid sessionId, Func<SessionRow, bool> reaches)
    {
        if (await SessionStore.Hold(db, sessionId) is not { } session || !reaches(session))
            return SessionRefusals.NotFound;
        if (await PaperStore.Find(db, sessionId) is not { } paper)
            return Paper.NoPackage;
        if (paper.EndedAt is null)
            return PaperEntries.NotCollected;
        if (session.Clock.State.IsScored())
            return Entered;
        return SessionMoves.Resume.From(session.Clock.State).Refused(out var stands, out _) ? stands : paper;
    }

    /// <summary>Neither the content nor the name of the file is recorded: both logs outlive the person's data.</summary>
    internal static async Task Note(Db db, string action, ScanRow scan, Caller caller, Instant now)
    {
        var facts = new
        {
            scan.Slot,
            scan.Number,
            scan.MediaType,
            scan.Size,
        };
        await SessionLog.Add(db, scan.SessionId, action == "paper.scan-added" ? "scan_paper" : "withdraw_scan", now, caller.Id, facts);
        await AuditStore.Append(db, now, caller.Id, action, $"session:{scan.SessionId:D}", facts);
    }
}

/// <summary>Lists the scans of a session for those who add them, in the order of the slots.</summary>
internal sealed class ListPaperScans(Executor executor) : UseCase<Guid, IReadOnlyList<PaperScan>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListPaperScans),
        SessionRights.Staff,
        Trail.Look<Guid, IReadOnlyList<PaperScan>>(
            "paper.scans-listed",
            (sessionId, shown) => Looked.Rows($"session:{sessionId:D}", shown.Count)
        )
    );

    protected override Task<Result<IReadOnlyList<PaperScan>>> Handle(Guid sessionId, Caller caller) =>
        Read(async db =>
            await SessionStore.Find(db, sessionId) is not { } session || !Reaches(caller, session.Target) ? SessionRefusals.NotFound
            : await PaperStore.Find(db, sessionId) is null ? Paper.NoPackage
            : (Result<IReadOnlyList<PaperScan>>)(await Scans.Standing(db, sessionId)).Select(PaperScan.Of).ToList()
        );
}

/// <summary>Shows a scan to those who add it or enter the answers.</summary>
internal sealed class GetPaperScan(Executor executor) : UseCase<GetPaperScan.Request, ScanFile>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetPaperScan),
        SessionRights.Staff,
        Trail.Look<Request, ScanFile>("paper.scan-viewed", (asked, _) => new($"session:{asked.SessionId:D}"))
    );

    internal sealed record Request(Guid SessionId, int Slot, int Number);

    protected override Task<Result<ScanFile>> Handle(Request request, Caller caller) =>
        Read(async db =>
            await SessionStore.Find(db, request.SessionId) is { } session && Reaches(caller, session.Target)
                ? await Scans.Read(db, request.SessionId, request.Slot, request.Number)
                : SessionRefusals.NotFound
        );
}
