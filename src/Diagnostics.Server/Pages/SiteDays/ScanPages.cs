using Diagnostics.Engine;
using Diagnostics.Engine.Sessions.Scans;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;

namespace Diagnostics.Server.Pages.SiteDays;

/// <summary>Scans of the sheets of open answers: adding one, taking one back, and looking at one.</summary>
internal static class ScanPages
{
    internal static void MapScanPages(this IEndpointRouteBuilder day, AccessRule staff)
    {
        day.Page(
                "/paper/{sessionId:guid}/scans",
                (SiteDayAddress day, Guid sessionId, HttpContext http, SiteDesk desk, ListPaperWorks works, ListPaperScans list) =>
                    Show(day, sessionId, http, desk, works, list, [], null)
            )
            .AllowedTo(staff);
        day.Form("/paper/{sessionId:guid}/scans", Change, staff).WithMetadata(AttachmentUpload.Limit);
        day.Page("/paper/{sessionId:guid}/scans/{slot:int}/{number:int}", ShowScan).AllowedTo(staff);
    }

    private static async Task<IResult> Show(
        SiteDayAddress day,
        Guid sessionId,
        HttpContext http,
        SiteDesk desk,
        ListPaperWorks works,
        ListPaperScans list,
        IReadOnlyList<string> refused,
        SentForm? sent
    )
    {
        if ((await desk.Board(day, http, fresh: false)).Refused(out var refusal, out var board))
            return PageAnswer.From(refusal);
        if ((await works.Run(new(day.Campaign, day.Site, day.Sitting), http.Caller())).Refused(out refusal, out var all))
            return PageAnswer.From(refusal);
        if (all.Works.FirstOrDefault(work => work.SessionId == sessionId) is not { EndedAt: not null } work)
            return PageAnswer.From(SessionRefusals.NotFound);
        if ((await list.Run(sessionId, http.Caller())).Refused(out refusal, out var scans))
            return PageAnswer.From(refusal);
        return PageAnswer.Of<ScansPage>(
            new ScansPage.Facts(board.Head, work, scans, Words.DoneOnPaper(http.Request.Query["said"].ToString()), refused, sent?["sheet"]),
            refused.Count > 0 ? StatusCodes.Status409Conflict : StatusCodes.Status200OK
        );
    }

    private static async Task<IResult> Change(
        SiteDayAddress day,
        Guid sessionId,
        SentForm form,
        HttpContext http,
        SiteDesk desk,
        ListPaperWorks works,
        ListPaperScans list,
        AddPaperScan add,
        WithdrawPaperScan withdraw
    )
    {
        var (caller, sent) = (http.Caller(), http.Caller().Repeat);
        if ((await desk.Board(day, http)).Refused(out var unknown, out var board))
            return PageAnswer.From(unknown);
        if (board.Places.All(place => place.SessionId != sessionId))
            return PageAnswer.From(SessionRefusals.NotFound);
        caller.Repeat = sent;
        var adds = form["do"] == "add";
        var refusal = adds ? await Add() : await Withdraw();
        return refusal is null || refusal == Executor.AlreadyDone
            ? PageAnswer.SeeOther($"{day.Path}/paper/{sessionId:D}/scans?said={(adds ? "scan" : "scan-withdrawn")}")
            : await Show(day, sessionId, http, desk, works, list, [Words.RefusedOnPaper(refusal)], adds ? form : null);

        async Task<Refusal?> Add()
        {
            if (form.File("file") is not { } chosen)
                return AddPaperScan.WrongKind;
            if (chosen.Length > ScanRules.MaxBytes)
                return AddPaperScan.TooLarge;
            using var content = new MemoryStream((int)chosen.Length);
            await chosen.CopyToAsync(content, http.RequestAborted);
            return (await add.Run(new(sessionId, form["sheet"], content.ToArray()), caller)).Refusal;
        }

        async Task<Refusal?> Withdraw() =>
            (await withdraw.Run(new(sessionId, form.Number("slot") ?? 0, form.Number("number") ?? 0), caller)).Refusal;
    }

    private static async Task<IResult> ShowScan(
        SiteDayAddress day,
        Guid sessionId,
        int slot,
        int number,
        HttpContext http,
        SiteDesk desk,
        GetPaperScan get
    )
    {
        if ((await desk.Board(day, http, fresh: false)).Refused(out var refusal, out var board))
            return PageAnswer.From(refusal);
        return board.Places.All(place => place.SessionId != sessionId)
            ? PageAnswer.From(SessionRefusals.NotFound)
            : await ScanDownload.From(http, get.Run(new(sessionId, slot, number), http.Caller()), PageAnswer.From);
    }
}
