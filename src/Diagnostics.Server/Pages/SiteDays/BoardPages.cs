using System.Globalization;
using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;
using Diagnostics.UseCases.SiteDays;

namespace Diagnostics.Server.Pages.SiteDays;

/// <summary>The board of a day, and the acts for several people or for all of them.</summary>
internal static class BoardPages
{
    internal static void MapBoardPages(this IEndpointRouteBuilder day, AccessRule staff)
    {
        day.Page("/board", (SiteDayAddress day, HttpContext http, SiteDesk desk) => Show(day, http, desk, null, [], null)).AllowedTo(staff);
        day.Page("/board/state", State).AllowedTo(staff);
        day.Form("/moves", Move, staff);
    }

    private static async Task<IResult> Show(
        SiteDayAddress day,
        HttpContext http,
        SiteDesk desk,
        string? said,
        IReadOnlyList<string> refused,
        SentForm? form
    )
    {
        if ((await desk.Board(day, http)).Refused(out var refusal, out var board))
            return PageAnswer.From(refusal);
        if ((await desk.Roster(day, http)).Refused(out refusal, out var roster))
            return PageAnswer.From(refusal);
        var bySeat = (form?["by"] ?? http.Request.Query["by"].ToString()) == "seat";
        return PageAnswer.Of<BoardPage>(
            new BoardPage.Facts(
                board,
                BoardPage.Row.Of(board, bySeat),
                roster.Items.ToDictionary(place => place.SessionId, RosterPage.NameOf),
                bySeat,
                said ?? SaidOf(http.Request.Query),
                refused,
                form?["reason"],
                form?["minutes"]
            ),
            refused.Count > 0 ? StatusCodes.Status409Conflict : StatusCodes.Status200OK
        );
    }

    private static string? SaidOf(IQueryCollection query) =>
        int.TryParse(query["n"], CultureInfo.InvariantCulture, out var number) ? Words.DoneAtSite(query["said"].ToString(), number) : null;

    /// <summary>The rows as they are now, without names: the page has them, and a look at names would be recorded.</summary>
    private static async Task<IResult> State(SiteDayAddress day, HttpContext http, SiteDesk desk)
    {
        if ((await desk.Board(day, http, fresh: false)).Refused(out var refusal, out var board))
            return TypedResults.StatusCode(Problems.StatusOf(refusal.Kind));
        var rows = JsonSerializer.SerializeToUtf8Bytes(
            new { rows = BoardPage.Row.Of(board, http.Request.Query["by"] == "seat") },
            Json.Options
        );
        var tag = $"\"{Digest.Of(rows)[..16]}\"";
        var headers = http.Response.Headers;
        headers.CacheControl = "no-cache, no-store";
        headers["X-Server-Time"] = board.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        headers.ETag = tag;
        return http.Request.Headers.IfNoneMatch.ToString() == tag
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Bytes(rows, "application/json; charset=utf-8");
    }

    private static async Task<IResult> Move(
        SiteDayAddress day,
        SentForm form,
        HttpContext http,
        SiteDesk desk,
        PauseSession pause,
        ResumeSession resume,
        ExtendSession extend,
        ReportIncident incident,
        PauseSite pauseAll,
        ResumeSite resumeAll,
        ExtendSite extendAll,
        ReportSiteIncident incidentOfAll
    )
    {
        var (caller, sent) = (http.Caller(), http.Caller().Repeat);
        if ((await desk.Board(day, http)).Refused(out var unknown, out var board))
            return PageAnswer.From(unknown);
        var (act, reason, minutes) = (form["do"], form["reason"].Trim(), form.Number("minutes") ?? 0);
        var back = $"{day.Path}/board?{(form["by"] == "seat" ? "by=seat&" : "")}";
        if (act == "show")
            return PageAnswer.SeeOther(back.TrimEnd('&', '?'));
        if (act is "pause" or "extra" or "incident" && reason.Length == 0)
            return await Show(day, http, desk, null, ["Напишите, что случилось."], form);
        if (act is "extra" && minutes is < 1 or > 600)
            return await Show(day, http, desk, null, ["Напишите, сколько минут добавить: целое число от 1 до 600."], form);
        if (form["who"] == "all")
        {
            caller.Repeat = sent;
            var (refusal, left) = await All();
            return refusal is not null && refusal != Executor.AlreadyDone ? await Show(day, http, desk, null, [refusal.Detail], form)
                : left.Count > 0 ? await Show(day, http, desk, Words.DoneAtSite($"all-{act}", 0), left, form)
                : PageAnswer.SeeOther($"{back}said=all-{act}&n=0");
        }
        var people = SiteDayPages.Ticked(form).ToList();
        if (people.Count == 0)
            return await Show(day, http, desk, null, ["Отметьте людей в таблице или выберите «Со всеми»."], form);
        var (done, refused) = await SiteDesk.Each(
            http,
            board,
            people,
            sent,
            act switch
            {
                "pause" => async session => (await pause.Run(new(session, new(reason)), caller)).Refusal,
                "resume" => async session => (await resume.Run(session, caller)).Refusal,
                "extra" => async session => (await extend.Run(new(session, new(minutes, reason)), caller)).Refusal,
                "incident" => async session => (await incident.Run(new(session, new(reason)), caller)).Refusal,
                _ => _ => Task.FromResult<Refusal?>(SessionRefusals.NotFound),
            }
        );
        return refused.Count == 0
            ? PageAnswer.SeeOther($"{back}said={act}&n={done.ToString(CultureInfo.InvariantCulture)}")
            : await Show(day, http, desk, done > 0 ? Words.DoneAtSite(act, done) : null, refused, form);

        async Task<(Refusal? Refusal, IReadOnlyList<string> Left)> All()
        {
            switch (act)
            {
                case "pause":
                    return ((await pauseAll.Run(new(day.Campaign, day.Site, new(reason, day.Sitting)), caller)).Refusal, []);
                case "resume":
                    return ((await resumeAll.Run(new(day.Campaign, day.Site, new(day.Sitting)), caller)).Refusal, []);
                case "extra":
                    return (await extendAll.Run(new(day.Campaign, day.Site, new(minutes, reason, day.Sitting)), caller)).Refused(
                        out var refusal,
                        out var moved
                    )
                        ? (refusal, [])
                        : (null, moved.Sessions.Where(one => !one.Moved).Select(one => $"Место {one.Seat}: {one.Detail}").ToList());
                case "incident":
                    return ((await incidentOfAll.Run(new(day.Campaign, day.Site, new(reason, day.Sitting)), caller)).Refusal, []);
                default:
                    return (SessionRefusals.NotFound, []);
            }
        }
    }
}
