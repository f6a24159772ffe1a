using System.Text;
using Diagnostics.Engine;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Marking;
using NodaTime;
using static Diagnostics.Server.Pages.Marking.MarkingPage;

namespace Diagnostics.Server.Pages.Marking;

/// <summary>The expert's pages: what waits, and one script at a time.</summary>
internal static class MarkingPages
{
    // A picture is shown as an image, where nothing runs; opened by itself it may not run anything either.
    private const string PicturePolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

    internal static void MapMarkingPages(this IEndpointRouteBuilder pages)
    {
        var experts = ListMyMarking.Operation.Access;
        pages.Page("/marking", (HttpContext http, OwnMarking own) => ShowQueue(http, own, null)).AllowedTo(experts);
        pages.Page("/marking/items", ShowItems).AllowedTo(experts);
        pages.Page("/marking/mine", ShowMarks).AllowedTo(experts);
        pages.Form("/marking/claims", Claim, experts);
        pages.Form("/marking/training", Train, experts);
        pages.Page("/marking/scripts/{assignmentId:guid}", ShowScript).AllowedTo(experts);
        pages.Page("/marking/scripts/{assignmentId:guid}/picture", ShowPicture).AllowedTo(experts);
        pages
            .Page(
                "/marking/scripts/{assignmentId:guid}/scans/{number:int}",
                (Guid assignmentId, int number, HttpContext http, GetClaimedScan scan) =>
                    ScanDownload.From(http, scan.Run(new(assignmentId, number), http.Caller()), PageAnswer.From)
            )
            .AllowedTo(experts);
        pages.Form("/marking/scripts/{assignmentId:guid}", Mark, experts);
        pages.Form("/marking/scripts/{assignmentId:guid}/taking-back", TakeBack, experts);
        pages.Form("/marking/scripts/{assignmentId:guid}/giving", Give, experts);
        pages.Form("/marking/scripts/{assignmentId:guid}/passing-on", PassOn, experts);
    }

    private static async Task<IResult> ShowQueue(HttpContext http, OwnMarking own, Refusal? error)
    {
        http.Caller().Repeat = null;
        return (await own.Read(http.Caller())).Refused(out var refusal, out var facts)
            ? PageAnswer.From(refusal)
            : PageAnswer.Of<QueuePage>(
                facts with
                {
                    Notice = http.Request.Query["said"].ToString(),
                    Error = error?.Detail,
                },
                error is null ? StatusCodes.Status200OK : Problems.StatusOf(error.Kind)
            );
    }

    private static async Task<IResult> ShowItems(HttpContext http, ListMyMarking listMyMarking)
    {
        if ((await listMyMarking.Run(default, http.Caller())).Refused(out var refusal, out var marking))
            return PageAnswer.From(refusal);
        var rows = marking.SelectMany(campaign => campaign.Items.Select(item => new MyItemsPage.Row(campaign, item))).ToList();
        return MyItemsPage.Items.Answer(http.Request, rows, view => PageAnswer.Of<MyItemsPage>(view));
    }

    private static async Task<IResult> ShowMarks(HttpContext http, ListMyMarks listMyMarks) =>
        (await listMyMarks.Run(default, http.Caller())).Refused(out var refusal, out var marks)
            ? PageAnswer.From(refusal)
            : MyMarksPage.Days.Answer(http.Request, MyMarksPage.RowsOf(marks), view => PageAnswer.Of<MyMarksPage>(view));

    private static async Task<IResult> Claim(SentForm form, HttpContext http, ClaimScript claim, OwnMarking own) =>
        await Next(await claim.Run(new(form.Id("campaign") ?? Guid.Empty, form.Text("item")), http.Caller()), "none", "", http, own);

    private static async Task<IResult> Train(SentForm form, HttpContext http, StartTraining train, OwnMarking own) =>
        await Next(
            await train.Run(new(form.Id("campaign") ?? Guid.Empty, form.Text("item") ?? ""), http.Caller()),
            "no-training",
            "?training",
            http,
            own
        );

    /// <summary>The script that was claimed, or the list with the reason why there is none.</summary>
    private static async Task<IResult> Next(Result<ClaimedScript?> claimed, string none, string query, HttpContext http, OwnMarking own) =>
        claimed.Refused(out var refusal, out var script) ? await ShowQueue(http, own, refusal)
        : script is null ? PageAnswer.SeeOther($"/marking?said={none}")
        : PageAnswer.SeeOther(PathOf(script.AssignmentId) + query);

    private static async Task<IResult> ShowScript(Guid assignmentId, HttpContext http, OwnMarking own) =>
        (await own.Open(assignmentId, http.Caller())).Refused(out var refusal, out var facts)
            ? NotMine(refusal, null)
            : PageAnswer.Of<MarkingPage>(facts with { Training = http.Request.Query.ContainsKey("training") }).Bare();

    private static async Task<IResult> ShowPicture(Guid assignmentId, HttpContext http, GetMyClaim getMyClaim)
    {
        if ((await getMyClaim.Run(assignmentId, http.Caller())).Refused(out var refusal, out var script))
            return PageAnswer.From(refusal);
        if (script.Stimulus?.Svg is not { } svg)
            return PageAnswer.From(Refusal.NotFound("picture-not-found", "У этого задания нет рисунка."));
        http.Response.Headers.ContentSecurityPolicy = PicturePolicy;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "private, max-age=14400";
        return TypedResults.Bytes(Encoding.UTF8.GetBytes(svg), "image/svg+xml");
    }

    private static async Task<IResult> Mark(
        Guid assignmentId,
        SentForm form,
        HttpContext http,
        OwnMarking own,
        GetMyClaim getMyClaim,
        SaveMarksDraft save,
        HoldMarks hold,
        AwardMarks award,
        ClaimScript claim
    )
    {
        var caller = http.Caller();
        // Marks for every criterion are held without reading the script before; its rubric only says what is missing.
        if (form["do"] is "next" or "done" && TypedMarks.Read(form) is { NoAnswer: false, Criteria.Count: > 0 } whole)
        {
            if ((await hold.Run(new(assignmentId, whole.Held), caller)).Refusal is not { } refused)
                return await After(form, caller, own, claim);
            if (refused.Code == OwnAssignments.Lapsed.Code)
                return NotMine(refused, whole);
        }
        var key = caller.Repeat;
        caller.Repeat = null;
        if ((await getMyClaim.Run(assignmentId, caller)).Refused(out var gone, out var script))
            return NotMine(gone, TypedMarks.Read(form));
        var typed = TypedMarks.Read(form, script.Rubric);
        caller.Repeat = key;
        var done = form["do"] switch
        {
            "next" or "done" or "check" when typed.Missing is { } missing => missing,
            "next" or "done" => (await hold.Run(new(assignmentId, typed.Held), caller)).Refusal,
            "check" => null,
            _ => (await save.Run(new(assignmentId, typed.Draft), caller)).Refusal,
        };
        AwardedMarks? awarded = null;
        if (done is null && form["do"] is "check")
            (await award.Run(new(assignmentId, typed.Given), caller)).Refused(out done, out awarded);
        if (done is not null)
            return await Again(own, script, typed, form.Has("training"), done, caller);
        if (awarded is not null)
            return awarded.Agreed is null
                // Somebody has changed the address of a script: its marks are given, and there is nothing to compare.
                ? PageAnswer.SeeOther("/marking?said=given")
                : PageAnswer.Of<TrainingPage>(new TrainingPage.Facts(script, awarded));
        return form["do"] is "next" or "done" ? await After(form, caller, own, claim) : PageAnswer.SeeOther(PathOf(assignmentId));
    }

    /// <summary>A script that the expert has begun, or the next one of the same item, or else of another one.</summary>
    private static async Task<IResult> After(SentForm form, Caller caller, OwnMarking own, ClaimScript claim)
    {
        if (form["do"] is "done" || form.Id("campaign") is not { } campaign)
            return PageAnswer.SeeOther("/marking?said=held");
        if (await own.Begun(campaign, caller) is { } begun)
            return PageAnswer.SeeOther(PathOf(begun));
        var key = caller.Repeat;
        foreach (var item in new[] { form.Text("item"), null })
        {
            // One form does several things, each of them once.
            caller.Repeat = key is null ? null : new(Digest.Of($"{key.Key} {item}"), key.RequestHash);
            if (!(await claim.Run(new(campaign, item), caller)).Refused(out _, out var next) && next is not null)
                return PageAnswer.SeeOther(PathOf(next.AssignmentId));
        }
        return PageAnswer.SeeOther("/marking?said=last");
    }

    private static async Task<IResult> Again(
        OwnMarking own,
        ClaimedScript script,
        TypedMarks typed,
        bool training,
        Refusal refusal,
        Caller caller
    )
    {
        caller.Repeat = null;
        if (refusal.Code == OwnAssignments.Lapsed.Code || (await own.Around(script, caller)).Refused(out _, out var facts))
            return NotMine(refusal, typed);
        return PageAnswer
            .Of<MarkingPage>(
                facts with
                {
                    Typed = typed,
                    Training = training,
                    Errors = [FormErrors.Of(refusal, new FormField("comment", "Комментарий"))],
                    Other = refusal.Facts.GetValueOrDefault("current") as MarksDraft,
                },
                Problems.StatusOf(refusal.Kind)
            )
            .Bare();
    }

    /// <summary>The script is no longer in the expert's hands: what was typed is shown, so that it is not lost.</summary>
    private static IResult NotMine(Refusal refusal, TypedMarks? typed, string reason = "") =>
        refusal.Kind is RefusalKind.Conflict
            ? PageAnswer.Of<GoneScriptPage>(
                new GoneScriptPage.Facts(refusal.Detail, typed, reason, Returned: refusal.Code == OwnAssignments.Lapsed.Code),
                Problems.StatusOf(refusal.Kind)
            )
            : PageAnswer.From(refusal);

    private static async Task<IResult> TakeBack(
        Guid assignmentId,
        SentForm form,
        HttpContext http,
        TakeBackMarks takeBack,
        OwnMarking own
    ) =>
        (await takeBack.Run(assignmentId, http.Caller())).Refused(out var refusal, out _)
            ? await ShowQueue(http, own, refusal)
            : PageAnswer.SeeOther(PathOf(assignmentId));

    private static async Task<IResult> Give(
        Guid assignmentId,
        SentForm form,
        HttpContext http,
        GetMyClaim getMyClaim,
        AwardMarks award,
        OwnMarking own
    )
    {
        var caller = http.Caller();
        if ((await getMyClaim.Run(assignmentId, caller)).Refused(out var gone, out var script))
            return gone.Code == "assignment-closed" ? PageAnswer.SeeOther("/marking?said=given") : await ShowQueue(http, own, gone);
        if (HoldMarks.Of(script) is not { } marks)
            return await ShowQueue(http, own, TakeBackMarks.NotHeld);
        return (await award.Run(new(assignmentId, marks), caller)).Refused(out var refusal, out _)
            ? await ShowQueue(http, own, refusal)
            : PageAnswer.SeeOther("/marking?said=given");
    }

    private static async Task<IResult> PassOn(
        Guid assignmentId,
        SentForm form,
        HttpContext http,
        FlagScript flag,
        ReturnScript giveBack,
        OwnMarking own
    )
    {
        var caller = http.Caller();
        var reason = form.Text("reason") ?? "";
        var kind = Codes.Find<ScriptFlag>(form["kind"]);
        var refusal = kind is { } flagged
            ? (await flag.Run(new(assignmentId, new(flagged, reason)), caller)).Refusal
            : (await giveBack.Run(new(assignmentId, new(reason)), caller)).Refusal;
        if (refusal is null)
            return PageAnswer.SeeOther(kind is null ? "/marking?said=passed" : "/marking?said=flagged");
        caller.Repeat = null;
        if ((await own.Open(assignmentId, caller)).Refused(out var gone, out var facts))
            return NotMine(gone, null, reason);
        return PageAnswer
            .Of<MarkingPage>(
                facts with
                {
                    Errors = [FormErrors.Of(refusal, new("comment", PassOnReason, "reason"), new("reason", PassOnReason))],
                    PassOn = new(form["kind"], reason),
                },
                Problems.StatusOf(refusal.Kind)
            )
            .Bare();
    }

    private static string PathOf(Guid assignmentId) => $"/marking/scripts/{assignmentId:D}";
}

/// <summary>What the expert's pages show, read by the expert's use cases.</summary>
internal sealed class OwnMarking(
    ListMyMarking listMyMarking,
    ListClaimsInHand listClaims,
    GetMyClaim getMyClaim,
    ListAlike listAlike,
    ListFlagRules listFlagRules,
    IClock clock
)
{
    internal async Task<Result<QueuePage.Facts>> Read(Caller caller)
    {
        if ((await listMyMarking.Run(default, caller)).Refused(out var refusal, out var marking))
            return refusal;
        return (await listClaims.Run(default, caller)).Refused(out var unread, out var claims)
            ? unread
            : new QueuePage.Facts(marking, claims);
    }

    /// <summary>The claim that the expert has held longest without giving marks; null when there is none.</summary>
    internal async Task<Guid?> Begun(Guid campaignId, Caller caller) =>
        (await listClaims.Run(default, caller)).Refused(out _, out var claims)
            ? null
            : claims.FirstOrDefault(claim => claim.HeldAt is null && claim.CampaignId == campaignId)?.AssignmentId;

    internal async Task<Result<MarkingPage.Facts>> Open(Guid assignmentId, Caller caller) =>
        (await getMyClaim.Run(assignmentId, caller)).Refused(out var refusal, out var script) ? refusal : await Around(script, caller);

    /// <summary>What the page shows around a script.</summary>
    internal async Task<Result<MarkingPage.Facts>> Around(ClaimedScript script, Caller caller)
    {
        if ((await listClaims.Run(default, caller)).Refused(out var refusal, out var claims))
            return refusal;
        if ((await listFlagRules.Run(script.CampaignId, caller)).Refused(out var unknown, out var flags))
            return unknown;
        AlikeAnswers? alike = null;
        if (script.Alike > 0 && (await listAlike.Run(script.AssignmentId, caller)).Refused(out var unread, out alike))
            return unread;
        return new MarkingPage.Facts(
            script,
            TypedMarks.Of(script),
            Held: claims.Where(claim => claim.HeldAt is not null && claim.AssignmentId != script.AssignmentId).MaxBy(claim => claim.HeldAt),
            SecondsLeft: (int)Math.Max(0, (script.LeaseUntil - clock.GetCurrentInstant()).TotalSeconds),
            Alike: alike is { Scripts: > 0 } ? alike : null,
            Flags: flags
        );
    }
}
