using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Sessions;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Campaigns;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Appeals;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.Server.Pages.Appeals;

internal static class AppealPages
{
    internal static void MapAppealPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/appeals", ShowAppeals).AllowedTo(AccessRule.Account);
        pages.MapGet("/appeals/sessions/{sessionId:guid}", ShowOwnAnswers).AllowedTo(AccessRule.Account);
        pages.MapGet("/appeals/new", ShowForm).AllowedTo(AccessRule.Account);
        pages.Form("/appeals", File);
        pages.MapGet("/appeals/{appealId:guid}", (Guid appealId, HttpContext http, GetAppeal useCase, Journeys journeys) =>
            ShowAppeal(appealId, http, useCase, journeys, error: null)).AllowedTo(AccessRule.Account);
        pages.Form("/appeals/{appealId:guid}/withdrawal", Withdraw);
    }

    private static async Task<IResult> ShowAppeals(HttpContext http, Journeys journeys, ListMyAppeals listAppeals, GetAppealable getAppealable, IClock clock)
    {
        var caller = http.Caller();
        if ((await journeys.All(caller)).Refused(out var refusal, out var all)) return PageAnswer.From(refusal);
        if ((await listAppeals.Run(default, caller)).Refused(out var unlisted, out var appeals)) return PageAnswer.From(unlisted);
        var now = clock.GetCurrentInstant();
        var scores = new List<AppealsPage.Disputable>();
        foreach (var journey in all.Where(journey => journey is { Session: not null, ResultId: not null }))
        {
            if (!(await getAppealable.Run(journey.Session!.Id, caller)).Refused(out _, out var session) && session.Open)
                scores.Add(new(session.SessionId, journey.Campaign.Title, ZoneOf(journey), session.Deadline));
        }
        return PageAnswer.Of<AppealsPage>(new AppealsPage.Facts(
            scores,
            all.Where(journey => MayDisputeProcedure(journey, now))
                .Select(journey => new AppealsPage.Disputable(journey.Session!.Id, journey.Campaign.Title, ZoneOf(journey), now)).ToList(),
            appeals.OrderByDescending(appeal => appeal.FiledAt).Select(appeal =>
            {
                var journey = all.FirstOrDefault(each => each.Campaign.Id == appeal.CampaignId);
                return new AppealsPage.Line(appeal, journey?.Campaign.Title ?? "", ZoneOf(journey));
            }).ToList(),
            now));
    }

    private static async Task<IResult> ShowOwnAnswers(Guid sessionId, HttpContext http, Journeys journeys, GetAppealable useCase, GetPolicy getPolicy)
    {
        if ((await useCase.Run(sessionId, http.Caller())).Refused(out var refusal, out var session)) return PageAnswer.From(refusal);
        if ((await journeys.OfSession(sessionId, http.Caller())).Refused(out var unknown, out var journey)) return PageAnswer.From(unknown);
        return PageAnswer.Of<OwnAnswersPage>(new OwnAnswersPage.Facts(
            session, journey.Campaign.Title, ZoneOf(journey), await MayLower(session.Policy, getPolicy, http.Caller())));
    }

    private static async Task<IResult> ShowForm(
        Guid session, int? slot, HttpContext http, Journeys journeys, GetAppealable getAppealable, GetPolicy getPolicy) =>
        (await Blank(session, slot, http.Caller(), journeys, getAppealable, getPolicy)).Refused(out var refusal, out var facts)
            ? PageAnswer.From(refusal)
            : PageAnswer.Of<NewAppealPage>(facts);

    private static async Task<IResult> File(
        SentForm form, HttpContext http, FileAppeal useCase, Journeys journeys, GetAppealable getAppealable, GetPolicy getPolicy)
    {
        if (form.Id("session") is not { } session) return PageAnswer.From(Refusal.NotFound("session-not-found", "Такого сеанса нет."));
        var slot = form.Number("slot");
        var ground = slot is null ? AppealGround.Procedure : Codes.Find<AppealGround>(form["ground"]) ?? AppealGround.Marks;
        if (!(await Filed(session, slot, ground, form, useCase, http.Caller())).Refused(out var refusal, out var filed))
            return PageAnswer.SeeOther($"/appeals/{filed.Id:D}?filed");
        // Carried out a moment ago by the same form: the list shows it.
        if (refusal == Executor.AlreadyDone) return PageAnswer.SeeOther("/appeals");
        if ((await Blank(session, slot, http.Caller(), journeys, getAppealable, getPolicy)).Refused(out var unknown, out var facts)) return PageAnswer.From(unknown);
        var text = refusal.Code == "text-too-long" ? $"Текст длиннее 4000 знаков (сейчас {form["statement"].Length}). Сократите его." : refusal.Detail;
        return PageAnswer.Of<NewAppealPage>(
            facts with { Ground = ground, Statement = form["statement"], Errors = [new(refusal.Facts.GetValueOrDefault("field") as string, text)] },
            Problems.StatusOf(refusal.Kind));
    }

    /// <summary>An empty statement is refused here, in the words of the form: the use case names its fields as the API does.</summary>
    private static async Task<Result<AppealView>> Filed(
        Guid session, int? slot, AppealGround ground, SentForm form, FileAppeal useCase, Caller caller)
    {
        if (form.Text("statement") is not { } statement)
        {
            return Refusal.Invalid("text-missing", slot is null ? "Напишите, что произошло." : "Напишите, почему вы не согласны с баллом.")
                .With("field", "statement");
        }
        return await useCase.Run(new(slot is null ? AppealKind.Procedural : AppealKind.Score, session, ground, statement, slot), caller);
    }

    private static async Task<IResult> ShowAppeal(Guid appealId, HttpContext http, GetAppeal useCase, Journeys journeys, Refusal? error)
    {
        if ((await useCase.Run(appealId, http.Caller())).Refused(out var refusal, out var appeal)) return PageAnswer.From(refusal);
        if ((await journeys.All(http.Caller())).Refused(out var unlisted, out var all)) return PageAnswer.From(unlisted);
        var journey = all.FirstOrDefault(each => each.Campaign.Id == appeal.CampaignId);
        return PageAnswer.Of<AppealPage>(
            new AppealPage.Facts(appeal, journey?.Campaign.Title ?? "", ZoneOf(journey), http.Request.Query.ContainsKey("filed"), error?.Detail),
            error is null ? StatusCodes.Status200OK : Problems.StatusOf(error.Kind));
    }

    private static async Task<IResult> Withdraw(Guid appealId, SentForm form, HttpContext http, WithdrawAppeal useCase, GetAppeal getAppeal, Journeys journeys) =>
        (await useCase.Run(appealId, http.Caller())).Refused(out var refusal, out _)
            ? await ShowAppeal(appealId, http, getAppeal, journeys, refusal)
            : PageAnswer.SeeOther($"/appeals/{appealId:D}");

    private static async Task<Result<NewAppealPage.Facts>> Blank(
        Guid sessionId, int? slot, Caller caller, Journeys journeys, GetAppealable getAppealable, GetPolicy getPolicy)
    {
        if ((await journeys.OfSession(sessionId, caller)).Refused(out var unknown, out var journey)) return unknown;
        var mayLower = false;
        if (slot is not null)
        {
            if ((await getAppealable.Run(sessionId, caller)).Refused(out var refusal, out var session)) return refusal;
            mayLower = await MayLower(session.Policy, getPolicy, caller);
        }
        return new NewAppealPage.Facts(sessionId, slot, journey.Campaign.Title, mayLower, AppealGround.Marks, Statement: "", Errors: []);
    }

    private static async Task<bool> MayLower(PolicyReference policy, GetPolicy getPolicy, Caller caller) =>
        !(await getPolicy.Run(new(Codes.Of(policy.Kind), policy.Code, policy.Version), caller)).Refused(out _, out var document)
        && PolicyJson.Read<AppealsPolicy>(document.Content.ToJsonString()).MayLower;

    /// <summary>Of a session that was begun, until the end of its day; the use case has the last word.</summary>
    private static bool MayDisputeProcedure(JourneyCard.Facts journey, Instant now) =>
        journey.Session is { StartedAt: not null, State: not SessionState.Annulled } session
        && Dates.Day(session.EndedAt ?? now, ZoneOf(journey)) == Dates.Day(now, ZoneOf(journey));

    private static string ZoneOf(JourneyCard.Facts? journey) => journey?.Site?.TimeZone ?? Dates.Moscow;
}
