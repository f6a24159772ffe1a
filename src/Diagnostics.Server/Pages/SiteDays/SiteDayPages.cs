using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Engine.Sessions;
using Diagnostics.Engine.SiteDays;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;
using Diagnostics.UseCases.SiteDays;
using NodaTime;

namespace Diagnostics.Server.Pages.SiteDays;

/// <summary>
/// The pages of those who look after a day at a site: the days, the roster and the admission, the board, access codes,
/// the journal, the act. A day of another site is answered like one that does not exist.
/// </summary>
internal static class SiteDayPages
{
    private static readonly AccessRule Staff = GetRoster.Operation.Access;

    internal static void MapSiteDayPages(this IEndpointRouteBuilder pages)
    {
        pages.Page("/site", ShowDays).AllowedTo(Staff);
        var day = pages.MapGroup("/site/{campaignId:guid}/{siteId:guid}/{day}");
        day.Page("", (SiteDayAddress day, HttpContext http, SiteDesk desk) => ShowRoster(day, http, desk, [])).AllowedTo(Staff);
        day.Form("/admission", Admit, Staff);
        day.Page("/codes", (SiteDayAddress day, HttpContext http, SiteDesk desk) => ShowCodes(day, http, desk, null, false, []))
            .AllowedTo(Staff);
        day.Form("/codes", Issue, Staff);
        day.MapBoardPages(Staff);
        day.MapPlacePages(Staff);
        day.MapPaperPages(Staff);
        day.Page("/journal", (SiteDayAddress day, HttpContext http, SiteDesk desk) => ShowJournal(day, http, desk, null, null))
            .AllowedTo(Staff);
        day.Form("/journal", Write, Staff);
        day.Page("/act", (SiteDayAddress day, HttpContext http, SiteDesk desk, GetDayAct act) => ShowAct(day, http, desk, act, null))
            .AllowedTo(Staff);
        day.Page("/act/sheet", ShowSheet).AllowedTo(Staff);
        day.Form("/act", Sign, SignDayAct.Operation.Access);
        day.Page("/offline", ShowOffline).AllowedTo(Staff);
    }

    private static async Task<IResult> ShowDays(HttpContext http, OwnSiteDays days, IClock clock) =>
        (await days.Run(http.Caller())).Refused(out var refusal, out var own)
            ? PageAnswer.From(refusal)
            : PageAnswer.Of<DaysPage>(new DaysPage.Facts(own, clock.GetCurrentInstant()));

    private static async Task<IResult> ShowRoster(
        SiteDayAddress day,
        HttpContext http,
        SiteDesk desk,
        IReadOnlyList<string> refused,
        string? said = null,
        string? query = null
    )
    {
        if ((await desk.Board(day, http, fresh: false)).Refused(out var refusal, out var board))
            return PageAnswer.From(refusal);
        if ((await desk.Roster(day, http)).Refused(out refusal, out var roster))
            return PageAnswer.From(refusal);
        var wanted = (query ?? http.Request.Query["q"].ToString()).Trim();
        return PageAnswer.Of<RosterPage>(
            new RosterPage.Facts(
                board.Head,
                roster,
                wanted.Length == 0 ? roster.Items : Found(roster.Items, wanted),
                wanted.Length == 0 ? null : wanted,
                said ?? SaidOf(http.Request.Query),
                refused
            ),
            refused.Count > 0 ? StatusCodes.Status409Conflict : StatusCodes.Status200OK
        );
    }

    private static IReadOnlyList<RosterPlace> Found(IReadOnlyList<RosterPlace> all, string wanted) =>
        int.TryParse(wanted, CultureInfo.InvariantCulture, out var seat)
            ? all.Where(place => place.Seat == seat).ToList()
            : SearchText.Find(all, wanted, place => place.Person ?? "");

    /// <summary>What the form before this page did, as its address says.</summary>
    private static string? SaidOf(IQueryCollection query) =>
        int.TryParse(query["n"], CultureInfo.InvariantCulture, out var number) ? Words.DoneAtSite(query["said"].ToString(), number) : null;

    private static async Task<IResult> Admit(
        SiteDayAddress day,
        SentForm form,
        HttpContext http,
        SiteDesk desk,
        AdmitToSession admit,
        UndoAdmission undo,
        NoteIdentityCheck identity
    )
    {
        var (caller, sent) = (http.Caller(), http.Caller().Repeat);
        if ((await desk.Board(day, http)).Refused(out var refusal, out var board))
            return PageAnswer.From(refusal);
        var act = form["do"].Split(':')[0];
        var chosen =
            act != form["do"] ? [IdIn(form["do"].Split(':')[1])]
            : act == "all" ? board.Places.Where(IsAwaited).Select(place => place.SessionId)
            : Ticked(form);
        if (act == "show")
            return PageAnswer.SeeOther(day.Path + Query(form, null, 0));
        var people = chosen.ToList();
        if (people.Count == 0)
            return await ShowRoster(day, http, desk, ["Отметьте хотя бы одного человека."], query: form["q"]);
        var identified = board.Places.Where(place => place.IdentityChecked).Select(place => place.SessionId).ToHashSet();
        var (done, refused) = await SiteDesk.Each(
            http,
            board,
            people,
            sent,
            act switch
            {
                "come" => Come,
                "identity" => Identify,
                "undo" => async session => (await undo.Run(new(session, new("Допущен по ошибке")), caller)).Refusal,
                _ => async session => (await admit.Run(session, caller)).Refusal,
            }
        );
        return refused.Count == 0
            ? PageAnswer.SeeOther(day.Path + Query(form, act, done))
            : await ShowRoster(day, http, desk, refused, done > 0 ? Words.DoneAtSite(act, done) : null, form["q"]);

        async Task<Refusal?> Identify(Guid session) =>
            identified.Contains(session) ? null : (await identity.Run(new(day.Campaign, day.Site, new(session)), caller)).Refusal;

        async Task<Refusal?> Come(Guid session)
        {
            if (await Identify(session) is { } wrong && wrong != Executor.AlreadyDone)
                return wrong;
            caller.Repeat = SiteDesk.Of(sent, $"{session:N}-in");
            return (await admit.Run(session, caller)).Refusal;
        }
    }

    internal static IEnumerable<Guid> Ticked(SentForm form) => form.All("session").Select(IdIn);

    private static Guid IdIn(string text) => Guid.TryParse(text, out var id) ? id : Guid.Empty;

    private static bool IsAwaited(BoardPlace place) => place is { State: SessionState.Scheduled, Absent: false };

    private static string Query(SentForm form, string? said, int number)
    {
        var parts = new List<string>();
        if (form.Text("q") is { } query)
            parts.Add($"q={Uri.EscapeDataString(query)}");
        if (said is not null)
            parts.Add($"said={said}&n={number.ToString(CultureInfo.InvariantCulture)}");
        return parts.Count == 0 ? "" : $"?{string.Join('&', parts)}";
    }

    private static async Task<IResult> ShowCodes(
        SiteDayAddress day,
        HttpContext http,
        SiteDesk desk,
        IReadOnlyList<AccessCode>? codes,
        bool more,
        IReadOnlyList<string> refused
    )
    {
        if ((await desk.Board(day, http, fresh: false)).Refused(out var refusal, out var board))
            return PageAnswer.From(refusal);
        IReadOnlyList<RosterPlace> places = [];
        if (codes is null)
        {
            if ((await desk.Roster(day, http)).Refused(out refusal, out var roster))
                return PageAnswer.From(refusal);
            places = roster.Items.Where(place => place.State is not RosterState.Finished && place.Person is not null).ToList();
        }
        return PageAnswer.Of<CodesPage>(
            new CodesPage.Facts(board.Head, places, codes, more, http.Request.Host.Value ?? "", refused),
            refused.Count > 0 ? StatusCodes.Status409Conflict : StatusCodes.Status200OK
        );
    }

    private static async Task<IResult> Issue(
        SiteDayAddress day,
        SentForm form,
        HttpContext http,
        SiteDesk desk,
        IssueAccessCodes issue,
        IssueAccessCode issueOne
    )
    {
        var (caller, sent) = (http.Caller(), http.Caller().Repeat);
        if ((await desk.Board(day, http)).Refused(out var refusal, out var board))
            return PageAnswer.From(refusal);
        caller.Repeat = sent;
        if (form["do"] == "one")
        {
            if (form.Id("session") is not { } session || board.Places.All(place => place.SessionId != session))
                return PageAnswer.From(SessionRefusals.NotFound);
            return (await issueOne.Run(new(session, new()), caller)).Refused(out refusal, out var code)
                ? await ShowCodes(day, http, desk, null, false, [TextOf(refusal)])
                : await ShowCodes(day, http, desk, [code], false, []);
        }
        if ((await issue.Run(new(day.Campaign, new(day.Site, SittingId: day.Sitting)), caller)).Refused(out refusal, out var sheet))
            return await ShowCodes(day, http, desk, null, false, [TextOf(refusal)]);
        return sheet.Codes.Count == 0
            ? await ShowCodes(day, http, desk, null, false, ["Коды есть уже у всех. Потерянный листок замените новым кодом."])
            : await ShowCodes(day, http, desk, sheet.Codes.OrderBy(code => code.Seat).ToList(), sheet.More, []);
    }

    private static string TextOf(Refusal refusal) =>
        refusal == Executor.AlreadyDone
            ? "Эти коды уже выданы, а показывают их один раз. Если листков нет, выдайте новые коды по одному."
            : refusal.Detail;

    private static async Task<IResult> ShowJournal(SiteDayAddress day, HttpContext http, SiteDesk desk, Refusal? error, string? typed) =>
        (await desk.Journal(day, http)).Refused(out var refusal, out var facts)
            ? PageAnswer.From(refusal)
            : PageAnswer.Of<JournalPage>(
                facts with
                {
                    Said = SaidOf(http.Request.Query),
                    Refused = error is null ? [] : [Words.RefusedAtSite(error)],
                    Typed = typed,
                },
                error is null ? StatusCodes.Status200OK : Problems.StatusOf(error.Kind)
            );

    private static async Task<IResult> Write(
        SiteDayAddress day,
        SentForm form,
        HttpContext http,
        SiteDesk desk,
        ReportSiteIncident incident,
        NoteMaterials materials,
        NotePlaceCheck check,
        NotePresence presence,
        CorrectJournal correct
    )
    {
        var (caller, sent) = (http.Caller(), http.Caller().Repeat);
        if ((await desk.Board(day, http)).Refused(out var unknown, out _))
            return PageAnswer.From(unknown);
        caller.Repeat = sent;
        var done = 1;
        var refusal = form["do"] switch
        {
            "incident" => (await incident.Run(new(day.Campaign, day.Site, new(form["description"].Trim(), day.Sitting)), caller)).Refusal,
            "materials" when Codes.Find<MaterialsMove>(form["move"]) is { } move => (
                await materials.Run(
                    new(day.Campaign, day.Site, new(move, form.Number("count") ?? 0, form.Text("note"), day.Sitting)),
                    caller
                )
            ).Refusal,
            "places" => await CheckPlaces(),
            "presence" => (await presence.Run(new(day.Campaign, day.Site, new(form.Id("appointment") ?? default)), caller)).Refusal,
            "correct" => (
                await correct.Run(new(day.Campaign, day.Site, new(form.Id("entry") ?? default, form["reason"].Trim())), caller)
            ).Refusal,
            _ => Refusal.Invalid("act-unknown", "Такого действия здесь нет."),
        };
        return refusal is null || refusal == Executor.AlreadyDone
            ? PageAnswer.SeeOther($"{day.Path}/journal?said={form["do"]}&n={done.ToString(CultureInfo.InvariantCulture)}")
            : await ShowJournal(day, http, desk, refusal, form.Text("description"));

        async Task<Refusal?> CheckPlaces()
        {
            var seats = form.All("seat")
                .Select(seat => int.TryParse(seat, CultureInfo.InvariantCulture, out var number) ? number : 0)
                .ToList();
            if (seats.Count == 0)
                return Refusal.Invalid("seats-missing", "Отметьте хотя бы одно место.");
            done = seats.Count;
            foreach (var seat in seats)
            {
                caller.Repeat = SiteDesk.Of(sent, seat.ToString(CultureInfo.InvariantCulture));
                var noted = await check.Run(new(day.Campaign, day.Site, new(seat, Passed: true, day.Sitting)), caller);
                if (noted.Refusal is { } wrong && wrong != Executor.AlreadyDone)
                    return wrong;
            }
            return null;
        }
    }

    private static async Task<IResult> ShowAct(SiteDayAddress day, HttpContext http, SiteDesk desk, GetDayAct get, Refusal? error)
    {
        if ((await desk.Board(day, http)).Refused(out var refusal, out var board))
            return PageAnswer.From(refusal);
        if ((await get.Run(day.Day, http.Caller())).Refused(out refusal, out var act))
            return PageAnswer.From(refusal);
        return PageAnswer.Of<ActPage>(
            new ActPage.Facts(
                board.Head,
                act,
                SignDayAct.Operation.Access.Covers(http.Caller(), new Target { Campaign = day.Campaign, Site = day.Site }),
                null,
                error is null ? [] : [Words.RefusedAtSite(error)]
            ),
            error is null ? StatusCodes.Status200OK : Problems.StatusOf(error.Kind)
        );
    }

    private static async Task<IResult> ShowSheet(SiteDayAddress day, HttpContext http, GetDayAct get, SheetPage sheet)
    {
        var act = await get.Run(day.Day, http.Caller());
        return act.Refusal is { } refusal ? PageAnswer.From(refusal) : await sheet.Show<DayActSheet, DayAct>(Task.FromResult(act));
    }

    private static async Task<IResult> Sign(
        SiteDayAddress day,
        SentForm form,
        HttpContext http,
        SiteDesk desk,
        GetDayAct get,
        SignDayAct sign
    )
    {
        var signed = await sign.Run(new(day.Campaign, day.Site, new(form["fingerprint"], day.Sitting, day.Date)), http.Caller());
        return signed.Refusal is { } refusal && refusal != Executor.AlreadyDone
            ? refusal.Kind is RefusalKind.NotFound
                ? PageAnswer.From(refusal)
                : await ShowAct(day, http, desk, get, refusal)
            : PageAnswer.SeeOther($"{day.Path}/act");
    }

    private static async Task<IResult> ShowOffline(SiteDayAddress day, HttpContext http, SiteDesk desk) =>
        (await desk.Board(day, http, fresh: false)).Refused(out var refusal, out var board)
            ? PageAnswer.From(refusal)
            : PageAnswer.Of<OfflinePage>(board.Head);
}
