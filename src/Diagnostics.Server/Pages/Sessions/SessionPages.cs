using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Sessions;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Campaigns;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;

namespace Diagnostics.Server.Pages.Sessions;

internal static class SessionPages
{
    /// <summary>Admits a signed-in person, even one who signed in with only the code of this session.</summary>
    internal static readonly AccessRule Taker = AccessRule.Account.Under(SignInLimits.OneSession);

    internal static void MapSessionPages(this IEndpointRouteBuilder pages)
    {
        pages.Page("/sessions/{sessionId:guid}", ShowWaitingRoom).AllowedTo(SessionPages.Taker);
        pages.Form("/sessions/{sessionId:guid}/start", Start, Taker);
        pages.Page("/unsent-answers", () => ShowImport([])).AllowedTo(ImportUnsentAnswers.Operation.Access);
        pages.Form("/unsent-answers", Import, ImportUnsentAnswers.Operation.Access);
    }

    /// <summary>
    /// A session has one address from beginning to end. A person who opens the test too early or too late is sent to
    /// the right page.
    /// </summary>
    private static async Task<IResult> ShowWaitingRoom(Guid sessionId, HttpContext http, Journeys journeys)
    {
        if ((await journeys.OfSession(sessionId, http.Caller())).Refused(out var refusal, out var journey))
            return PageAnswer.From(refusal);
        return journey.Session!.State switch
        {
            SessionState.Scheduled or SessionState.Open => PageAnswer.Of<WaitingRoom>(new WaitingRoom.Facts(journey, Error: null)),
            SessionState.InProgress or SessionState.Paused => PageAnswer.SeeOther($"/sessions/{sessionId:D}/test"),
            SessionState.Finished or SessionState.Expired => PageAnswer.SeeOther($"/sessions/{sessionId:D}/receipt"),
            _ => PageAnswer.SeeOther($"/applications/{journey.Application.Id:D}"),
        };
    }

    /// <summary>
    /// A second press of the button does not start the session again; a session that is running is continued.
    /// </summary>
    private static async Task<IResult> Start(Guid sessionId, SentForm form, HttpContext http, StartSession useCase, Journeys journeys)
    {
        var started = await useCase.Run(new(sessionId, new(form.Text("device"))), http.Caller());
        if (!started.Refused(out var refusal, out _))
            return PageAnswer.SeeOther($"/sessions/{sessionId:D}/test");
        return refusal.Kind is not RefusalKind.Conflict
            || (await journeys.OfSession(sessionId, http.Caller())).Refused(out _, out var journey)
                ? PageAnswer.From(refusal)
            : journey.Session!.State is SessionState.Scheduled or SessionState.Open
                ? PageAnswer.Of<WaitingRoom>(new WaitingRoom.Facts(journey, refusal.Detail), StatusCodes.Status409Conflict)
            : PageAnswer.SeeOther($"/sessions/{sessionId:D}");
    }

    private static PageAnswer ShowImport(IReadOnlyList<ErrorSummary.Line> errors, int status = StatusCodes.Status200OK) =>
        PageAnswer.Of<UnsentAnswersPage>(new UnsentAnswersPage.Facts(errors, Handed: null), status);

    /// <summary>
    /// Imports a file with unsent answers. The session's id is in the file itself; the use case checks whether this
    /// session belongs to the caller's site.
    /// </summary>
    private static async Task<IResult> Import(SentForm form, HttpContext http, ImportUnsentAnswers useCase, SuperviseSession supervise)
    {
        // A file sent twice is stored only once, so the form needs no idempotency key. Such a key would not help
        // either, because the fingerprint that is stored with it does not cover the file.
        http.Caller().Repeat = null;
        if (form.File("file") is not { } chosen)
            return Wrong("Выберите файл.", StatusCodes.Status422UnprocessableEntity);
        if (await Read(chosen) is not { } file)
            return Refused(ImportUnsentAnswers.NotOurs);
        if ((await useCase.Run(new(file.SessionId, file), http.Caller())).Refused(out var refusal, out var imported))
            return Refused(refusal);
        if ((await supervise.Run(file.SessionId, http.Caller())).Refused(out var unseen, out var session))
            return Refused(unseen);
        return PageAnswer.Of<UnsentAnswersPage>(new UnsentAnswersPage.Facts([], new(session.Seat, imported.Answers)));

        PageAnswer Wrong(string text, int status) => ShowImport([new("file", text)], status);

        PageAnswer Refused(Refusal why) =>
            Wrong(
                why == SessionRefusals.NotFound
                    ? "Файл — из сеанса, которого на вашей площадке нет. Передайте его той площадке, где писали тест."
                    : why.Detail,
                Problems.StatusOf(why.Kind)
            );
    }

    private static async Task<UnsentAnswers?> Read(IFormFile file)
    {
        try
        {
            await using var content = file.OpenReadStream();
            return await JsonSerializer.DeserializeAsync<UnsentAnswers>(content, Json.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
