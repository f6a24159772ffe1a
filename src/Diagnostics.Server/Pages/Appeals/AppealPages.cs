using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Sessions;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Campaigns;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Appeals;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;
using NodaTime;

namespace Diagnostics.Server.Pages.Appeals;

internal static class AppealPages
{
    /// <summary>
    /// How long after the day of an event the page still offers the appeal that should have been filed on that day.
    /// </summary>
    private static readonly Duration OfferedLate = Duration.FromDays(30);

    internal static void MapAppealPages(this IEndpointRouteBuilder pages)
    {
        pages.Page("/appeals", ShowAppeals).AllowedTo(AccessRule.Account);
        pages.Page("/appeals/sessions/{sessionId:guid}", ShowOwnAnswers).AllowedTo(AccessRule.Account);
        pages
            .Page(
                "/appeals/sessions/{sessionId:guid}/scans/{slot:int}/{number:int}",
                (Guid sessionId, int slot, int number, HttpContext http, GetOwnScan scan) =>
                    ScanDownload.From(http, scan.Run(new(sessionId, slot, number), http.Caller()), PageAnswer.From)
            )
            .AllowedTo(AccessRule.Account);
        pages.Page("/appeals/new", ShowForm).AllowedTo(AccessRule.Account);
        pages.Form("/appeals", File);
        pages
            .Page(
                "/appeals/{appealId:guid}",
                (Guid appealId, HttpContext http, OwnAppeals own) => ShowAppeal(appealId, http, own, error: null)
            )
            .AllowedTo(AccessRule.Account);
        pages.Form("/appeals/{appealId:guid}/withdrawal", Withdraw);
        pages.Form("/appeals/{appealId:guid}/attachments", Attach).WithMetadata(AttachmentUpload.Limit);
        pages.Page("/appeals/{appealId:guid}/attachments/{number:int}", ShowAttachment).AllowedTo(AccessRule.Account);
        pages
            .Page(
                "/appeals/{appealId:guid}/letter",
                (Guid appealId, HttpContext http, GetAppealLetter useCase, SheetPage sheet) =>
                    sheet.Show<AppealLetterSheet, AppealLetter>(useCase.Run(appealId, http.Caller()))
            )
            .AllowedTo(AccessRule.Account);
    }

    private static async Task<IResult> ShowAppeals(
        HttpContext http,
        Journeys journeys,
        ListMySessions listSessions,
        ListMyAppeals listAppeals,
        GetAppealable getAppealable,
        IClock clock
    )
    {
        var caller = http.Caller();
        if ((await journeys.All(caller)).Refused(out var refusal, out var all))
            return PageAnswer.From(refusal);
        if ((await listAppeals.Run(default, caller)).Refused(out var unlisted, out var appeals))
            return PageAnswer.From(unlisted);
        if ((await listSessions.Run(default, caller)).Refused(out var unseen, out var sessions))
            return PageAnswer.From(unseen);
        var now = clock.GetCurrentInstant();
        var scores = new List<AppealsPage.Disputable>();
        foreach (var journey in all.Where(journey => journey is { Session: not null, ResultId: not null }))
        {
            if (!(await getAppealable.Run(journey.Session!.Id, caller)).Refused(out _, out var session) && session.Open)
                scores.Add(new(session.SessionId, journey.Campaign.Title, ZoneOf(journey), session.Deadline));
        }
        return PageAnswer.Of<AppealsPage>(
            new AppealsPage.Facts(
                scores,
                sessions
                    .Select(session => MatterOf(session, all.FirstOrDefault(each => each.Campaign.Id == session.CampaignId), now))
                    .OfType<AppealsPage.Matter>()
                    .ToList(),
                appeals
                    .OrderByDescending(appeal => appeal.FiledAt)
                    .Select(appeal =>
                    {
                        var journey = all.FirstOrDefault(each => each.Campaign.Id == appeal.CampaignId);
                        return new AppealsPage.Line(appeal, journey?.Campaign.Title ?? "", ZoneOf(journey));
                    })
                    .ToList(),
                now
            )
        );
    }

    private static async Task<IResult> ShowOwnAnswers(
        Guid sessionId,
        HttpContext http,
        Journeys journeys,
        GetAppealable useCase,
        BlankAppeals blanks
    )
    {
        if ((await useCase.Run(sessionId, http.Caller())).Refused(out var refusal, out var session))
            return PageAnswer.From(refusal);
        if ((await journeys.OfSession(sessionId, http.Caller())).Refused(out var unknown, out var journey))
            return PageAnswer.From(unknown);
        return PageAnswer.Of<OwnAnswersPage>(
            new OwnAnswersPage.Facts(session, journey.Campaign.Title, ZoneOf(journey), await blanks.MayLower(session.Policy, http.Caller()))
        );
    }

    private static async Task<IResult> ShowForm(Guid session, int? slot, string? ground, HttpContext http, BlankAppeals blanks) =>
        (await blanks.Of(session, slot, http.Caller())).Refused(out var refusal, out var facts)
            ? PageAnswer.From(refusal)
            : PageAnswer.Of<NewAppealPage>(facts with { Ground = GroundOf(slot, ground), Late = http.Request.Query.ContainsKey("late") });

    private static async Task<IResult> File(SentForm form, HttpContext http, FileAppeal useCase, BlankAppeals blanks)
    {
        if (form.Id("session") is not { } session)
            return PageAnswer.From(Refusal.NotFound("session-not-found", "Такого сеанса нет."));
        var slot = form.Number("slot");
        var ground = GroundOf(slot, form["ground"]);
        if (!(await Filed(session, slot, ground, form, useCase, http.Caller())).Refused(out var refusal, out var filed))
            return PageAnswer.SeeOther($"/appeals/{filed.Id:D}?filed");
        // The same form was already sent and processed a moment ago; the list of appeals shows the result.
        if (refusal == Executor.AlreadyDone)
            return PageAnswer.SeeOther("/appeals");
        if ((await blanks.Of(session, slot, http.Caller())).Refused(out var unknown, out var facts))
            return PageAnswer.From(unknown);
        var field = refusal.Facts.GetValueOrDefault("field") as string;
        var text =
            refusal.Code == "text-too-long"
                ? $"Текст длиннее 4000 знаков (сейчас {form[field ?? "statement"].Length}). Сократите его."
                : FormErrors
                    .Of(refusal, new("statement", NewAppealPage.StatementLabel(slot)), new("lateCause", NewAppealPage.LateCause))
                    .Text;
        return PageAnswer.Of<NewAppealPage>(
            facts with
            {
                Ground = ground,
                Statement = form["statement"],
                // The appeal is also late when the day of the event ended while the person was filling in the form.
                Late = form.Has("lateCause") || field == "lateCause",
                LateCause = form["lateCause"],
                Errors = [new(field, text)],
            },
            Problems.StatusOf(refusal.Kind)
        );
    }

    /// <summary>
    /// Refuses an empty statement here, with a message that names the field as the form does. The use case's own
    /// message would name it as the API does.
    /// </summary>
    private static async Task<Result<AppealView>> Filed(
        Guid session,
        int? slot,
        AppealGround ground,
        SentForm form,
        FileAppeal useCase,
        Caller caller
    )
    {
        if (form.Text("statement") is not { } statement)
        {
            return Refusal
                .Invalid("text-missing", slot is null ? "Напишите, что произошло." : "Напишите, почему вы не согласны с баллом.")
                .With("field", "statement");
        }
        return await useCase.Run(
            new(slot is null ? AppealKind.Procedural : AppealKind.Score, session, ground, statement, slot, form.Text("lateCause")),
            caller
        );
    }

    private static AppealGround GroundOf(int? slot, string? code) =>
        (slot, Codes.Find<AppealGround>(code)) switch
        {
            (null, { } ground) when ground.IsAgainstDecision() => ground,
            (null, _) => AppealGround.Procedure,
            (_, var ground) => ground ?? AppealGround.Marks,
        };

    private static async Task<IResult> ShowAppeal(Guid appealId, HttpContext http, OwnAppeals own, Refusal? error)
    {
        // A refused form keeps its idempotency key for the next try. Showing the page writes to the audit trail, and
        // this write must not use up the key.
        http.Caller().Repeat = null;
        return (await own.Read(appealId, http.Caller())).Refused(out var refusal, out var facts)
            ? PageAnswer.From(refusal)
            : PageAnswer.Of<AppealPage>(
                facts with
                {
                    JustFiled = http.Request.Query.ContainsKey("filed"),
                    Error = error is null ? null : FormErrors.Of(error, new FormField("name", "Имя файла")).Text,
                },
                error is null ? StatusCodes.Status200OK : Problems.StatusOf(error.Kind)
            );
    }

    private static async Task<IResult> Withdraw(Guid appealId, SentForm form, HttpContext http, WithdrawAppeal useCase, OwnAppeals own) =>
        (await useCase.Run(appealId, http.Caller())).Refused(out var refusal, out _)
            ? await ShowAppeal(appealId, http, own, refusal)
            : PageAnswer.SeeOther($"/appeals/{appealId:D}");

    private static async Task<IResult> Attach(Guid appealId, SentForm form, HttpContext http, AddAppealAttachment useCase, OwnAppeals own)
    {
        if (form.File("file") is not { } chosen)
            return await ShowAppeal(appealId, http, own, AddAppealAttachment.NoFile);
        if (chosen.Length > AttachmentRules.MaxBytes)
            return await ShowAppeal(appealId, http, own, AddAppealAttachment.TooLarge);
        using var content = new MemoryStream((int)chosen.Length);
        await chosen.CopyToAsync(content, http.RequestAborted);
        return
            (await useCase.Run(new(appealId, chosen.FileName, content.ToArray()), http.Caller())).Refused(out var refusal, out _)
            && refusal != Executor.AlreadyDone
            ? await ShowAppeal(appealId, http, own, refusal)
            : PageAnswer.SeeOther($"/appeals/{appealId:D}");
    }

    private static async Task<IResult> ShowAttachment(Guid appealId, int number, HttpContext http, GetAppealAttachment useCase) =>
        await useCase.Run(new(appealId, number), http.Caller()) is { Refusal: null } file
            ? AttachmentDownload.From(file)
            : PageAnswer.From(GetAppealAttachment.NotFound);

    /// <summary>
    /// The event in this session that the person may dispute as a breach of the rules. The use case decides whether the
    /// appeal is accepted.
    /// </summary>
    private static AppealsPage.Matter? MatterOf(MySession session, JourneyCard.Facts? journey, Instant now)
    {
        if (journey is null)
            return null;
        var zone = ZoneOf(journey);
        var windows = journey.Campaign.Windows;
        var (begins, ends) = session.Sitting is { } sitting ? (sitting.StartsAt, sitting.EndsAt) : (windows.SittingFrom, windows.SittingTo);
        return session switch
        {
            { State: SessionState.Annulled } => Of(AppealGround.Annulment, session.EndedAt!.Value),
            { StartedAt: not null } => Of(AppealGround.Procedure, session.EndedAt ?? now),
            { Sitting.CancelledAt: not null } => null,
            // After the end of the sitting, the event is dated just before that end, because an end at midnight must
            // not count as the following day.
            _ when now >= begins => Of(AppealGround.NonAdmission, Instant.Min(now, ends - Duration.Epsilon)),
            _ => null,
        };

        AppealsPage.Matter? Of(AppealGround ground, Instant happened) =>
            now - happened > OfferedLate
                ? null
                : new(session.Id, ground, journey.Campaign.Title, zone, Late: Dates.Day(happened, zone) != Dates.Day(now, zone));
    }

    private static string ZoneOf(JourneyCard.Facts? journey) => journey?.Site?.TimeZone ?? Dates.Moscow;
}
