using Diagnostics.Engine;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;
using Diagnostics.UseCases.SiteDays;

namespace Diagnostics.Server.Pages.SiteDays;

/// <summary>The page of one person on the day.</summary>
internal static class PlacePages
{
    internal static void MapPlacePages(this IEndpointRouteBuilder day, AccessRule staff)
    {
        day.Page("/places/{sessionId:guid}", Show).AllowedTo(staff);
        day.Form("/places/{sessionId:guid}", Do, staff);
    }

    private static async Task<IResult> Show(SiteDayAddress day, Guid sessionId, HttpContext http, SiteDesk desk) =>
        (await desk.Place(day, sessionId, http)).Refused(out var refusal, out var facts)
            ? PageAnswer.From(refusal)
            : PageAnswer.Of<PlacePage>(facts with { Said = Words.DoneAtPlace(http.Request.Query["said"].ToString()) });

    private static async Task<IResult> Do(
        SiteDayAddress day,
        Guid sessionId,
        SentForm form,
        HttpContext http,
        SiteDesk desk,
        PlaceActs acts
    )
    {
        var (caller, sent) = (http.Caller(), http.Caller().Repeat);
        if ((await desk.Board(day, http)).Refused(out var unknown, out var board))
            return PageAnswer.From(unknown);
        if (board.Places.FirstOrDefault(place => place.SessionId == sessionId) is not { } place)
            return PageAnswer.From(SessionRefusals.NotFound);
        caller.Repeat = sent;
        var done = await acts.Run(form, day, place, caller);
        var refused = done.Refusal is { } wrong && wrong != Executor.AlreadyDone ? wrong : null;
        // What is shown only once cannot be shown again to a form that was sent twice.
        var lost = done.Refusal is not null && form["do"] is "code" or "password";
        if (refused is null && !lost && done is { Code: null, Password: null })
            return PageAnswer.SeeOther($"{day.Path}/places/{sessionId:D}?said={Uri.EscapeDataString(form["do"])}");
        if ((await desk.Place(day, sessionId, http)).Refused(out var refusal, out var facts))
            return PageAnswer.From(refusal);
        return PageAnswer.Of<PlacePage>(
            facts with
            {
                Refused = done.Refusal is { } why ? [Words.RefusedAtSite(why)] : [],
                Failed = done.Refusal is null ? null : form["do"],
                Typed = form["reason"],
                Code = done.Code,
                Password = done.Password,
            },
            done.Refusal is { } status ? Problems.StatusOf(status.Kind) : StatusCodes.Status200OK
        );
    }
}

/// <summary>Everything that a site does for one person.</summary>
internal sealed class PlaceActs(
    AdmitToSession admit,
    UndoAdmission undo,
    NoteIdentityCheck identity,
    NotePlaceCheck check,
    PauseSession pause,
    ResumeSession resume,
    ExtendSession extend,
    ReportIncident incident,
    FinishBySite finish,
    MarkAbsent absent,
    UndoAbsence present,
    IssueAccessCode issue,
    ResetTakerPassword reset,
    UnlockTaker unlock,
    SuperviseSession supervise
)
{
    /// <param name="Code">The new code; null for other acts.</param>
    /// <param name="Password">The new password; null for other acts.</param>
    internal sealed record Outcome(Refusal? Refusal, AccessCode? Code = null, OneTimePassword? Password = null);

    internal async Task<Outcome> Run(SentForm form, SiteDayAddress day, BoardPlace place, Caller caller)
    {
        var (session, reason) = (place.SessionId, form["reason"].Trim());
        switch (form["do"])
        {
            case "come":
                var sent = caller.Repeat;
                if (!place.IdentityChecked && await Identify() is { } wrong && wrong != Executor.AlreadyDone)
                    return new(wrong);
                caller.Repeat = SiteDesk.Of(sent, "in");
                return new((await admit.Run(session, caller)).Refusal);
            case "identity":
                return new(await Identify());
            case "undo":
                return new((await undo.Run(new(session, new("Допущен по ошибке")), caller)).Refusal);
            case "pause":
                return new((await pause.Run(new(session, new(reason)), caller)).Refusal);
            case "resume":
                return new((await resume.Run(session, caller)).Refusal);
            case "extra":
                return new((await extend.Run(new(session, new(form.Number("minutes") ?? 0, reason)), caller)).Refusal);
            case "incident":
                return new((await incident.Run(new(session, new(reason)), caller)).Refusal);
            case "finish":
                return new((await finish.Run(new(session, new(reason)), caller)).Refusal);
            case "absence":
                return new((await absent.Run(new(session, new(reason, form["excused"] == "yes")), caller)).Refusal);
            case "present":
                return new((await present.Run(new(session, new("Пришёл")), caller)).Refusal);
            case "place-good" or "place-bad":
                var passed = form["do"] == "place-good";
                if (!passed && reason.Length == 0)
                    return new(Refusal.Invalid("text-missing", "Напишите, что не работает."));
                var entry = new PlaceCheckRequest(place.Seat, passed, day.Sitting, passed ? null : reason);
                return new((await check.Run(new(day.Campaign, day.Site, entry), caller)).Refusal);
            case "code":
                return (await issue.Run(new(session, new()), caller)).Refused(out var refusal, out var code)
                    ? new(refusal)
                    : new(null, code);
            case "password":
                if ((await supervise.Run(session, caller)).Refused(out refusal, out var seen))
                    return new(refusal);
                return (await reset.Run(seen.ParticipantId, caller)).Refused(out refusal, out var password)
                    ? new(refusal)
                    : new(null, Password: password);
            case "unlock":
                return (await supervise.Run(session, caller)).Refused(out refusal, out seen)
                    ? new(refusal)
                    : new((await unlock.Run(seen.ParticipantId, caller)).Refusal);
            default:
                return new(Refusal.Invalid("act-unknown", "Такого действия здесь нет."));
        }

        async Task<Refusal?> Identify() => (await identity.Run(new(day.Campaign, day.Site, new(session)), caller)).Refusal;
    }
}
