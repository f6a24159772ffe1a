using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Sessions;
using Diagnostics.Engine.SiteDays;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.Server.Pages.SiteDays;

/// <summary>The pages of people who write on paper: packages, sheets that are handed out and taken back, the entry.</summary>
internal static class PaperPages
{
    private static readonly LocalTimePattern Clock = LocalTimePattern.Create("H:mm", CultureInfo.InvariantCulture);

    internal static void MapPaperPages(this IEndpointRouteBuilder day, AccessRule staff)
    {
        day.Page(
                "/paper",
                (SiteDayAddress day, HttpContext http, SiteDesk desk, ListPaperWorks list) => Show(day, http, desk, list, [], null)
            )
            .AllowedTo(staff);
        day.Form("/paper", Change, staff);
        day.Page("/paper/sheets", Print).AllowedTo(SessionRights.Operators);
        day.Page(
                "/paper/{sessionId:guid}",
                (SiteDayAddress day, Guid sessionId, HttpContext http, SiteDesk desk, GetPaperToEnter get) =>
                    ShowEntry(day, sessionId, http, desk, get, [], null)
            )
            .AllowedTo(SessionRights.Operators);
        day.Form("/paper/{sessionId:guid}", Enter, SessionRights.Operators);
        day.MapScanPages(staff);
    }

    /// <summary>The name of a field for an item's answer.</summary>
    /// <param name="part">The left entry of a pair, or the place in an order.</param>
    internal static string FieldOf(int slot, string? part = null) => part is null ? $"answer-{slot}" : $"answer-{slot}-{part}";

    private static async Task<IResult> Show(
        SiteDayAddress day,
        HttpContext http,
        SiteDesk desk,
        ListPaperWorks list,
        IReadOnlyList<string> refused,
        SentForm? sent
    )
    {
        if ((await desk.Board(day, http, fresh: false)).Refused(out var refusal, out var board))
            return PageAnswer.From(refusal);
        if ((await desk.Roster(day, http)).Refused(out refusal, out var roster))
            return PageAnswer.From(refusal);
        if ((await list.Run(new(day.Campaign, day.Site, day.Sitting), http.Caller())).Refused(out refusal, out var works))
            return PageAnswer.From(refusal);
        var places = roster.Items.ToDictionary(place => place.SessionId);
        var rows = works
            .Works.Where(work => places.ContainsKey(work.SessionId))
            .Select(work => new PaperPage.Row(
                work,
                RosterPage.NameOf(places[work.SessionId]),
                places[work.SessionId].State is not (RosterState.NotCome or RosterState.Absent)
            ))
            .ToList();
        var made = rows.Select(row => row.Work.SessionId).ToHashSet();
        return PageAnswer.Of<PaperPage>(
            new PaperPage.Facts(
                board.Head,
                rows,
                roster.Items.Where(place => place.StartedAt is null && !made.Contains(place.SessionId)).ToList(),
                SessionRights.Operators.Covers(http.Caller(), new Target { Campaign = day.Campaign, Site = day.Site }),
                Words.DoneOnPaper(http.Request.Query["said"].ToString()),
                refused,
                sent?.Id("session"),
                sent is null ? null : TypedIn(sent)
            ),
            refused.Count > 0 ? StatusCodes.Status409Conflict : StatusCodes.Status200OK
        );
    }

    private static async Task<IResult> Change(
        SiteDayAddress day,
        SentForm form,
        HttpContext http,
        SiteDesk desk,
        ListPaperWorks list,
        MakePaperPackages make,
        StartOnPaper start,
        CollectPaper collect
    )
    {
        var (caller, sent) = (http.Caller(), http.Caller().Repeat);
        if ((await desk.Board(day, http)).Refused(out var unknown, out var board))
            return PageAnswer.From(unknown);
        if (form.Id("session") is { } one && board.Places.All(place => place.SessionId != one))
            return PageAnswer.From(SessionRefusals.NotFound);
        caller.Repeat = sent;
        var session = form.Id("session") ?? default;
        var refusal = form["do"] switch
        {
            "conditions" => (await make.Run(new(day.Campaign, day.Site, new(null, day.Sitting)), caller)).Refusal,
            "chosen" => (await make.Run(new(day.Campaign, day.Site, new(SiteDayPages.Ticked(form).ToList(), day.Sitting)), caller)).Refusal,
            "start" => (await start.Run(session, caller)).Refusal,
            "collect" => Ended(form, board.Head).Refused(out var wrong, out var ended)
                ? wrong
                : (await collect.Run(new(session, new(Lines(form["sheets"]), ended, form.Text("note"))), caller)).Refusal,
            _ => Refusal.Invalid("act-unknown", "Такого действия здесь нет."),
        };
        return refusal is null || refusal == Executor.AlreadyDone
            ? PageAnswer.SeeOther($"{day.Path}/paper?said={form["do"]}")
            : await Show(day, http, desk, list, [Words.RefusedOnPaper(refusal)], form["do"] == "collect" ? form : null);
    }

    /// <summary>When the person stopped writing, by the clocks of the site; null for now.</summary>
    private static Result<Instant?> Ended(SentForm form, UseCases.SiteDays.SiteDayHead head)
    {
        if (form.Text("ended") is not { } typed)
            return (Instant?)null;
        return Clock.Parse(typed).TryGetValue(default, out var time)
            ? LocalDate.FromDateOnly(head.Date).At(time).InZoneLeniently(DateTimeZoneProviders.Tzdb[head.TimeZone]).ToInstant()
            : Refusal.Invalid("ended-at-invalid", "Время пишут как 12:40.");
    }

    private static string[] Lines(string text) =>
        text.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static async Task<IResult> Print(SiteDayAddress day, HttpContext http, PrintPaperPackages print, SheetPage sheet)
    {
        var large = http.Request.Query["large"] == "yes";
        return await PaperPrint.Show(day.Campaign, day.Site, day.Sitting, null, large, http.Caller(), print, sheet);
    }

    private static async Task<IResult> ShowEntry(
        SiteDayAddress day,
        Guid sessionId,
        HttpContext http,
        SiteDesk desk,
        GetPaperToEnter get,
        IReadOnlyList<string> refused,
        SentForm? sent
    )
    {
        if ((await desk.Board(day, http, fresh: false)).Refused(out var refusal, out var board))
            return PageAnswer.From(refusal);
        if (board.Places.All(place => place.SessionId != sessionId))
            return PageAnswer.From(SessionRefusals.NotFound);
        if ((await get.Run(sessionId, http.Caller())).Refused(out refusal, out var paper))
            return PageAnswer.From(refusal);
        return PageAnswer.Of<PaperEntryPage>(
            new PaperEntryPage.Facts(board.Head, paper, refused, sent is null ? null : TypedIn(sent)),
            refused.Count > 0 ? StatusCodes.Status409Conflict : StatusCodes.Status200OK
        );
    }

    private static async Task<IResult> Enter(
        SiteDayAddress day,
        Guid sessionId,
        SentForm form,
        HttpContext http,
        SiteDesk desk,
        GetPaperToEnter get,
        EnterPaper enter
    )
    {
        var (caller, sent) = (http.Caller(), http.Caller().Repeat);
        if ((await get.Run(sessionId, caller)).Refused(out var refusal, out var paper))
            return PageAnswer.From(refusal);
        var slots = paper.Differences.Select(difference => difference.Slot).ToHashSet();
        var answers = paper
            .Items.Where(item => slots.Count == 0 || slots.Contains(item.Slot))
            .Select(item => new PaperAnswer(item.Slot, AnswerOf(item, form)))
            .ToList();
        caller.Repeat = sent;
        var sheets = paper.Work.Sheets.Select(sheet => form.Text($"sheet-{sheet.Number}")).OfType<string>().ToList();
        return (await enter.Run(new(sessionId, new(sheets, answers)), caller)).Refused(out refusal, out var work)
            ? refusal == Executor.AlreadyDone
                ? PageAnswer.SeeOther($"{day.Path}/paper")
                : await ShowEntry(day, sessionId, http, desk, get, [Words.RefusedOnPaper(refusal)], form)
            : PageAnswer.SeeOther($"{day.Path}/paper?said={(work.Stage is PaperStage.Entered ? "entered" : "entry")}");
    }

    private static Response? AnswerOf(PresentedItem item, SentForm form) =>
        item.Type switch
        {
            ItemType.SingleChoice => form.Text(FieldOf(item.Slot)) is { } option ? new SingleChoiceResponse(option) : null,
            ItemType.MultipleChoice => form.All(FieldOf(item.Slot)).ToList() is { Count: > 0 } options
                ? new MultipleChoiceResponse(options)
                : null,
            ItemType.Matching => item.Left!.Select(left => (Left: left.Id, Right: form.Text(FieldOf(item.Slot, left.Id))))
                .Where(pair => pair.Right is not null)
                .ToDictionary(pair => pair.Left, pair => pair.Right!)
                is { Count: > 0 } pairs
                ? new MatchingResponse(pairs)
                : null,
            ItemType.Ordering => Enumerable
                .Range(1, item.Elements!.Count)
                .Select(place => form.Text(FieldOf(item.Slot, place.ToString(CultureInfo.InvariantCulture))))
                .OfType<string>()
                .ToList()
                is { Count: > 0 } order
                ? new OrderingResponse(order)
                : null,
            ItemType.ShortAnswer => form.Text(FieldOf(item.Slot)) is { } text ? new ShortAnswerResponse(text) : null,
            _ => form.Text(FieldOf(item.Slot)) is { } text ? new ExtendedResponse(text) : null,
        };

    /// <summary>What was typed, by field; several choices of one field are joined.</summary>
    private static Dictionary<string, string> TypedIn(SentForm form) =>
        form.Names.ToDictionary(name => name, name => string.Join(',', form.All(name)));
}
