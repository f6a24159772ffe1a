using System.Security.Cryptography;
using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.People;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using NodaTime;

namespace Diagnostics.UseCases.Sessions;

/// <param name="Sessions">Sessions that get a package; when absent, those whose special conditions include tasks on
/// paper.</param>
/// <param name="SittingId">The sitting of the sessions; when absent, all sittings at the site.</param>
public sealed record PaperPackagesRequest(IReadOnlyList<Guid>? Sessions = null, Guid? SittingId = null);

/// <param name="Sheets">Codes of the sheets that the site took back, as printed.</param>
/// <param name="EndedAt">When the person stopped writing; when absent, now.</param>
/// <param name="Note">Why sheets are missing, or anything else that whoever enters the answers must know; required when
/// a sheet is missing.</param>
public sealed record PaperCollectionRequest(IReadOnlyList<string> Sheets, Instant? EndedAt = null, string? Note = null);

/// <summary>A sheet of a package.</summary>
/// <param name="Slot">Slot whose answer is written on the sheet; absent for the registration sheet and for the sheet of
/// short answers.</param>
public sealed record PaperSheet(int Number, string Code, int? Slot = null);

/// <summary>A session that has a paper package.</summary>
/// <param name="StartedAt">When the person began to write; absent before.</param>
/// <param name="EndedAt">When the person stopped writing; absent until the sheets are collected.</param>
/// <param name="Collected">Numbers of the sheets that were collected; absent until then.</param>
/// <param name="Late">Whether the person wrote longer than the time limit allows; absent until the sheets are
/// collected.</param>
public sealed record PaperWork(
    Guid SessionId,
    int Seat,
    int Variant,
    PaperStage Stage,
    IReadOnlyList<PaperSheet> Sheets,
    Instant? StartedAt,
    Instant? EndedAt,
    IReadOnlyList<int>? Collected,
    bool? Late,
    string? Note
);

public sealed record PaperWorks(IReadOnlyList<PaperWork> Works);

/// <summary>A package as it is printed.</summary>
/// <param name="Person">Surname and names, for the registration sheet only; absent when the person's data have been
/// erased.</param>
/// <param name="Minutes">Time limit with the extra minutes that the person's special conditions give.</param>
public sealed record PrintedPackage(
    string Campaign,
    string Site,
    string TimeZone,
    Instant? StartsAt,
    string? Person,
    int Minutes,
    PaperWork Work,
    IReadOnlyList<PresentedItem> Items
);

internal static class Paper
{
    /// <summary>Sheets before those of extended answers: the registration sheet and the sheet of short answers.</summary>
    internal const int SheetsBefore = 2;

    internal static readonly Refusal NoPackage = Refusal.NotFound("paper-not-found", "Бланки для этого сеанса не подготовлены.");

    internal static readonly Refusal SheetMistyped = Refusal
        .Invalid("sheet-code-mistyped", "В коде бланка ошибка: в нём 9 знаков, без нуля, единицы и букв O, I, L.")
        .With("field", "sheets");

    internal static IReadOnlyList<int> Numbers(string collected) => JsonSerializer.Deserialize<int[]>(collected, Json.Stored)!;

    private static PaperStage StageOf(PaperRow row) =>
        row.StartedAt is null ? PaperStage.Prepared
        : row.EndedAt is null ? PaperStage.Writing
        : row.SessionState.IsScored() ? PaperStage.Entered
        : row.Entries switch
        {
            0 => PaperStage.Collected,
            1 => PaperStage.EnteredOnce,
            _ => PaperStage.Differs,
        };

    internal static async Task<PaperWork> Of(PaperRow row, FormCatalog forms)
    {
        var open = OpenSlots(await forms.Get(row.FormId), row.Variant);
        return new(
            SessionId: row.SessionId,
            Seat: row.Seat,
            Variant: row.Variant,
            Stage: StageOf(row),
            Sheets: Enumerable
                .Range(1, row.Sheets)
                .Select(number => new PaperSheet(
                    number,
                    new SheetCode(row.Code, number).ToString(),
                    number > SheetsBefore ? open[number - SheetsBefore - 1] : null
                ))
                .ToList(),
            StartedAt: row.StartedAt,
            EndedAt: row.EndedAt,
            Collected: row.Collected is { } collected ? Numbers(collected) : null,
            Late: row.EndedAt is { } ended ? ended > row.AcceptUntil : null,
            Note: row.Note
        );
    }

    internal static async Task<PaperWork> Read(Db db, FormCatalog forms, Guid sessionId) =>
        await Of((await PaperStore.Find(db, sessionId))!, forms);

    /// <summary>Slots whose answers are written on sheets of their own.</summary>
    internal static IReadOnlyList<int> OpenSlots(FormContent form, int variant) =>
        form.Variants[variant].Where(slot => slot.Item.Type is ItemType.ExtendedResponse).Select(slot => slot.Slot).ToList();

    /// <summary>
    /// Reads the codes of sheets of one package; refuses a mistyped code, a sheet of another package, and a sheet that is
    /// named twice.
    /// </summary>
    internal static Result<IReadOnlyList<int>> ReadSheets(PaperRow row, IReadOnlyList<string>? typed)
    {
        var numbers = new SortedSet<int>();
        foreach (var text in typed ?? [])
        {
            if (SheetCode.Read(text) is not { } sheet)
                return SheetMistyped.With("sheet", text);
            if (sheet.Package != row.Code || sheet.Number > row.Sheets)
                return Refusal
                    .Invalid("sheet-of-another-person", $"Бланк {sheet} — из другого комплекта: проверьте, не перепутаны ли бланки.")
                    .With("field", "sheets")
                    .With("sheet", sheet.ToString());
            if (!numbers.Add(sheet.Number))
                return Refusal
                    .Invalid("sheet-twice", $"Бланк {sheet} назван дважды.")
                    .With("field", "sheets")
                    .With("sheet", sheet.ToString());
        }
        return numbers.ToList();
    }
}

/// <summary>
/// Makes the packages that are printed for people who write on paper (clause 7.1.3). A package belongs to the session's
/// draw: a person who is moved gets another variant and another package.
/// </summary>
internal sealed class MakePaperPackages(Executor executor, FormCatalog forms)
    : UseCase<MakePaperPackages.Request, PaperWorks>(Operation, executor)
{
    /// <summary>The greatest number of packages made by one request.</summary>
    internal const int Most = 300;

    internal static new readonly Operation Operation = new(nameof(MakePaperPackages), SessionRights.Operators, Trail.Writes("paper.made"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    private static readonly Refusal TooManySheets = Refusal.Conflict(
        "too-many-sheets",
        $"В комплекте больше {SheetCode.MostSheets} листов: заданий с развёрнутым ответом в форме слишком много для бланков."
    );

    internal sealed record Request(Guid CampaignId, Guid SiteId, PaperPackagesRequest Packages);

    protected override Task<Result<PaperWorks>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (campaignId, siteId, (named, sittingId)) = request;
                if (!Reaches(caller, new Target { Campaign = campaignId, Site = siteId }))
                    return CampaignRefusals.NoSite;
                if (named is { Count: 0 or > Most })
                    return Refusal.Invalid("sessions-invalid", $"Назовите от 1 до {Most} сеансов.").With("field", "sessions");
                // Take the turn before locking sessions, like every work that the audit trail records.
                await db.TakeTurn();
                if ((await Wanted(db, request)).Refused(out var refusal, out var sessions))
                    return refusal;
                var now = Now;
                var works = new List<PaperWork>();
                foreach (var session in sessions)
                {
                    var row = await PaperStore.Find(db, session.Id);
                    if (row is null)
                    {
                        if (session.StartedAt is not null)
                            return SessionRefusals.StartedOnScreen(session);
                        var open = Paper.OpenSlots(await forms.Get(session.FormId), session.Variant);
                        if (Paper.SheetsBefore + open.Count > SheetCode.MostSheets)
                            return TooManySheets;
                        await PaperStore.AddPackage(
                            db,
                            new()
                            {
                                Code = await Code(db),
                                SessionId = session.Id,
                                Variant = session.Variant,
                                ShuffleSeed = session.ShuffleSeed,
                                Sheets = Paper.SheetsBefore + open.Count,
                                MadeAt = now,
                                MadeBy = caller.AccountId,
                            }
                        );
                        row = (await PaperStore.Find(db, session.Id))!;
                    }
                    works.Add(await Paper.Of(row, forms));
                }
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    "paper.made",
                    $"site:{siteId:D}",
                    new
                    {
                        campaignId,
                        sittingId,
                        sessions = works.Select(work => work.SessionId),
                    }
                );
                return new PaperWorks(works.OrderBy(work => work.Seat).ToList());
            }
        );

    private static async Task<Result<IReadOnlyList<SessionRow>>> Wanted(Db db, Request request)
    {
        var (campaignId, siteId, (named, sittingId)) = request;
        var found = new List<SessionRow>();
        if (named is not null)
        {
            foreach (var id in named.Distinct())
                if (
                    await SessionStore.Find(db, id) is { } session
                    && session.CampaignId == campaignId
                    && session.SiteId == siteId
                    && (sittingId is null || session.SittingId == sittingId)
                )
                    found.Add(session);
                else
                    return SessionRefusals.NotFound.With("session", id);
            return found;
        }
        var granted = await AccommodationStore.GrantedIn(db, campaignId, siteId);
        var waiting = await SessionStore.HoldAtSite(
            db,
            campaignId,
            siteId,
            sittingId,
            [Codes.Of(SessionState.Scheduled), Codes.Of(SessionState.Open)]
        );
        return waiting.Where(session => granted.GetValueOrDefault(session.ApplicationId) is { Paper: true }).Take(Most).ToList();
    }

    private static async Task<string> Code(Db db)
    {
        while (true)
        {
            var code = RandomNumberGenerator.GetString(SheetCode.Alphabet, SheetCode.PackageLength);
            if (!await PaperStore.HasCode(db, code))
                return code;
        }
    }
}

/// <summary>Who writes on paper at a site, and how far each has come; without names.</summary>
internal sealed class ListPaperWorks(Executor executor, FormCatalog forms)
    : UseCase<ListPaperWorks.Request, PaperWorks>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListPaperWorks),
        SessionRights.Staff,
        Trail.Look<Request, PaperWorks>("paper.listed", (request, shown) => Looked.Rows($"site:{request.SiteId:D}", shown.Works.Count))
    );

    internal sealed record Request(Guid CampaignId, Guid SiteId, Guid? SittingId);

    protected override Task<Result<PaperWorks>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            if (!Reaches(caller, new Target { Campaign = request.CampaignId, Site = request.SiteId }))
                return CampaignRefusals.NoSite;
            var works = new List<PaperWork>();
            foreach (var row in await PaperStore.AtSite(db, request.CampaignId, request.SiteId, request.SittingId))
                works.Add(await Paper.Of(row, forms));
            return new PaperWorks(works);
        });
}

/// <summary>
/// Reads packages to be printed. They show the tasks before the diagnostic, so only the operator may do it, and the
/// audit trail records it.
/// </summary>
internal sealed class PrintPaperPackages(Executor executor, FormCatalog forms, SessionDirectory directory)
    : UseCase<PrintPaperPackages.Request, IReadOnlyList<PrintedPackage>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(PrintPaperPackages),
        SessionRights.Operators,
        Trail.Shows("paper.printed")
    );

    /// <param name="SessionId">The only session whose package is printed; null for all that have not begun.</param>
    internal sealed record Request(Guid CampaignId, Guid SiteId, Guid? SittingId, Guid? SessionId);

    protected override Task<Result<IReadOnlyList<PrintedPackage>>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (campaignId, siteId, sittingId, sessionId) = request;
                if (
                    !Reaches(caller, new Target { Campaign = campaignId, Site = siteId })
                    || await CampaignStore.Find(db, campaignId) is not { } campaign
                    || await SiteStore.Find(db, siteId) is not { } site
                )
                    return CampaignRefusals.NoSite;
                var rows = (await PaperStore.AtSite(db, campaignId, siteId, sittingId))
                    .Where(row => sessionId is { } only ? row.SessionId == only : row.StartedAt is null)
                    .ToList();
                if (rows.Count == 0)
                    return Paper.NoPackage;
                var printed = new List<PrintedPackage>();
                foreach (var row in rows)
                {
                    var session = (await SessionStore.Find(db, row.SessionId))!;
                    var facts = await directory.Of(session);
                    var window = await SessionStore.Window(db, session);
                    var person = await PersonStore.Find(db, session.ParticipantId);
                    printed.Add(
                        new(
                            campaign.Title,
                            $"{site.Name}, {site.Address}",
                            site.TimeZone,
                            session.SittingId is null ? null : window.Begins,
                            person is null
                                ? null
                                : string.Join(' ', new[] { person.Surname, person.GivenName, person.Patronymic }.OfType<string>()),
                            window.TimeLimitMinutes + await ExtendSession.Granted(db, session),
                            await Paper.Of(row, forms),
                            facts.Show().ToList()
                        )
                    );
                }
                await AuditStore.Append(
                    db,
                    Now,
                    caller.Id,
                    "paper.printed",
                    $"site:{siteId:D}",
                    new
                    {
                        campaignId,
                        sittingId,
                        sessions = rows.Select(row => row.SessionId),
                    }
                );
                return printed;
            }
        );
}

/// <summary>
/// Begins a session on paper: the person gets the package, and the session stands paused until its answers are entered,
/// so that nobody answers it on a screen meanwhile.
/// </summary>
internal sealed class StartOnPaper(Executor executor, FormCatalog forms) : UseCase<Guid, PaperWork>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(StartOnPaper), SessionRights.Staff, Trail.Writes("paper.started"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<PaperWork>> Handle(Guid sessionId, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                await db.TakeTurn();
                var now = Now;
                if (await SessionStore.Hold(db, sessionId) is not { } row || !Reaches(caller, row.Target))
                    return SessionRefusals.NotFound;
                if (await PaperStore.Find(db, sessionId) is not { } paper)
                    return Paper.NoPackage;
                if (paper.StartedAt is not null)
                    return await Paper.Read(db, forms, sessionId);
                if ((await StartSession.Begin(db, row, now)).Refused(out var refusal, out var begun))
                    return refusal;
                if (begun.Clock.Pause(now).Refused(out refusal, out var paused))
                    return refusal;
                if (!await SessionStore.Move(db, row, paused))
                    return SessionRefusals.Changed;
                await PaperStore.Begin(db, sessionId, paper.Code, now, caller.AccountId);
                await SessionLog.Add(db, sessionId, "start_on_paper", now, caller.Id, new { package = paper.Code });
                await AuditStore.Append(db, now, caller.Id, "paper.started", $"session:{sessionId:D}");
                await StartSession.LogGranted(db, sessionId, begun.Granted, now);
                return await Paper.Read(db, forms, sessionId);
            },
            Isolation.Guarded
        );
}

/// <summary>Records what the site took back when the person stopped writing.</summary>
internal sealed class CollectPaper(Executor executor, FormCatalog forms) : UseCase<CollectPaper.Request, PaperWork>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(CollectPaper), SessionRights.Staff, Trail.Writes("paper.collected"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid SessionId, PaperCollectionRequest Collection);

    protected override async Task<Result<PaperWork>> Handle(Request request, Caller caller)
    {
        var (sessionId, (sheets, endedAt, note)) = request;
        if (note is not null && TextRules.Check("note", note, SessionMove<Request>.MaxReason) is { } wrong)
            return wrong;
        return await Write(
            caller,
            async db =>
            {
                await db.TakeTurn();
                var now = Now;
                if (await SessionStore.Hold(db, sessionId) is not { } row || !Reaches(caller, row.Target))
                    return SessionRefusals.NotFound;
                if (await PaperStore.Find(db, sessionId) is not { } paper)
                    return Paper.NoPackage;
                if (paper.StartedAt is not { } started)
                    return Refusal.Conflict("paper-not-begun", "Сеанс на бумаге ещё не начат.");
                if (paper.EndedAt is not null)
                    return Refusal.Conflict("paper-collected", "Бланки этого сеанса уже приняты.");
                var ended = endedAt ?? now;
                if (ended < started || ended > now)
                    return Refusal
                        .Invalid("ended-at-invalid", "endedAt — время между началом работы и этой минутой.")
                        .With("field", "endedAt");
                if (Paper.ReadSheets(paper, sheets).Refused(out var refusal, out var numbers))
                    return refusal;
                if (numbers.Count < paper.Sheets && note is null)
                    return Refusal
                        .Invalid("sheets-missing", "Приняты не все бланки: найдите недостающие или напишите в note, почему их нет.")
                        .With("field", "note")
                        .With("missing", Enumerable.Range(1, paper.Sheets).Except(numbers).ToList());
                await PaperStore.Collect(
                    db,
                    new()
                    {
                        SessionId = sessionId,
                        EndedAt = ended,
                        Sheets = JsonSerializer.Serialize(numbers, Json.Stored),
                        Note = note,
                        CollectedAt = now,
                        CollectedBy = caller.AccountId,
                    }
                );
                await SessionLog.Add(db, sessionId, "collect_paper", now, caller.Id, new { endedAt = ended, sheets = numbers });
                await AuditStore.Append(db, now, caller.Id, "paper.collected", $"session:{sessionId:D}", new { sheets = numbers });
                return await Paper.Read(db, forms, sessionId);
            },
            Isolation.Guarded
        );
    }
}
