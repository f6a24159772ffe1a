using System.Text;
using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Sessions;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;

namespace Diagnostics.Server.Pages.Sessions;

/// <summary>The exam page, and the page with the receipt after the exam.</summary>
internal static class TestPages
{
    // In a page, the picture is shown as an image, in which no code runs. With this policy, no code runs even when the
    // picture is opened by itself.
    private const string PicturePolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

    internal static void MapTestPages(this IEndpointRouteBuilder pages)
    {
        pages.Page("/sessions/{sessionId:guid}/test", ShowTest).AllowedTo(SessionPages.Taker);
        pages.Page("/sessions/{sessionId:guid}/pictures/{slot:int}", ShowPicture).AllowedTo(SessionPages.Taker);
        pages.Page("/sessions/{sessionId:guid}/receipt", ShowReceipt).AllowedTo(SessionPages.Taker);
    }

    private static async Task<IResult> ShowTest(Guid sessionId, HttpContext http, OpenTest openTest)
    {
        var caller = http.Caller();
        if ((await openTest.Run(sessionId, caller)).Refused(out var refusal, out var test))
            return PageAnswer.From(refusal);
        if (test.Session.State is not (SessionState.InProgress or SessionState.Paused))
            return PageAnswer.SeeOther($"/sessions/{sessionId:D}");
        // While the session is paused, the page waits and shows no item.
        return PageAnswer
            .Of<TestPage>(
                new TestPage.Facts(
                    test.Title,
                    test.TimeZone,
                    test.Items,
                    JsonSerializer.Serialize(new { account = caller.Id, my = test.Session }, Json.Options)
                )
            )
            .Bare();
    }

    private static async Task<IResult> ShowPicture(Guid sessionId, int slot, HttpContext http, ListSessionItems listItems)
    {
        if ((await listItems.Run(sessionId, http.Caller())).Refused(out var refusal, out var items))
            return PageAnswer.From(refusal);
        if (items.FirstOrDefault(item => item.Slot == slot)?.Stimulus?.Svg is not { } svg)
            return PageAnswer.From(NoPicture);
        http.Response.Headers.ContentSecurityPolicy = PicturePolicy;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "private, max-age=14400";
        return TypedResults.Bytes(Encoding.UTF8.GetBytes(svg), "image/svg+xml");
    }

    private static async Task<IResult> ShowReceipt(Guid sessionId, HttpContext http, GetReceipt getReceipt, OpenTest openTest)
    {
        var caller = http.Caller();
        if ((await openTest.Run(sessionId, caller)).Refused(out var refusal, out var test))
            return PageAnswer.From(refusal);
        if (!test.Session.State.IsScored())
            return PageAnswer.SeeOther($"/sessions/{sessionId:D}");
        return (await getReceipt.Run(sessionId, caller)).Refused(out var none, out var receipt)
            ? PageAnswer.From(none)
            : PageAnswer.Of<ReceiptPage>(new ReceiptPage.Facts(test, receipt));
    }

    private static Refusal NoPicture => Refusal.NotFound("picture-not-found", "У этого задания нет рисунка.");
}
