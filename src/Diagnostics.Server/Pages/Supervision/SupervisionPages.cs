using Diagnostics.Engine;
using Diagnostics.Engine.Commissions;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Commissions;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Marking;
using NodaTime;
using static Diagnostics.Server.Pages.Supervision.ExpertPage;
using static Diagnostics.Server.Pages.Supervision.FlagPage;

namespace Diagnostics.Server.Pages.Supervision;

/// <summary>
/// The pages of those who lead marking: what waits for a decision, scripts, experts, flags, the protocol, publication.
/// Nothing on them names a participant.
/// </summary>
internal static class SupervisionPages
{
    internal static void MapSupervisionPages(this IEndpointRouteBuilder pages)
    {
        var leaders = GetMarkingOverview.Operation.Access;
        pages.Page("/commission", ShowCampaigns).AllowedTo(leaders);
        var campaign = pages.MapGroup("/commission/{campaignId:guid}");
        campaign.Page("", ShowOverview).AllowedTo(leaders);
        campaign.Page("/scripts", ShowScripts).AllowedTo(leaders);
        campaign.Page("/scripts/{scriptId:guid}", ShowScript).AllowedTo(leaders);
        campaign
            .Page(
                "/scripts/{scriptId:guid}/scans/{number:int}",
                (Guid scriptId, int number, HttpContext http, GetScriptScan scan) =>
                    ScanDownload.From(http, scan.Run(new(scriptId, number), http.Caller()), PageAnswer.From)
            )
            .AllowedTo(leaders);
        campaign.Form("/scripts/{scriptId:guid}/reassignment", Reassign, ReassignScript.Operation.Access);
        campaign.Page("/experts", ShowExperts).AllowedTo(leaders);
        campaign.Page("/experts/{expertId:guid}", ShowExpert).AllowedTo(leaders);
        campaign.Form("/experts/{expertId:guid}/admission", DecideAdmission, ResumeExpert.Operation.Access);
        campaign.Page("/claims", ShowClaims).AllowedTo(MarkingDetails.Access);
        campaign.Page("/flags", ShowFlags).AllowedTo(leaders);
        campaign.Page("/flags/{flagId:guid}", ShowFlag).AllowedTo(leaders);
        campaign.Form("/flags/{flagId:guid}", Decide, DecideFlag.Operation.Access);
        campaign.Page("/criteria", ShowCriteria).AllowedTo(leaders);
        campaign.Page("/marks", ShowMarks).AllowedTo(MarkingDetails.Access);
        campaign.MapKeyReviewPages();
        campaign.MapResultPages();
    }

    internal static string PathOf(Guid campaignId, string page = "") => $"/commission/{campaignId:D}{page}";

    private static async Task<IResult> ShowCampaigns(HttpContext http, ListLedCampaigns list, ListToldFlags told) =>
        (await list.Run(default, http.Caller())).Refused(out var refusal, out var led) ? PageAnswer.From(refusal)
        : led is [var only] ? PageAnswer.SeeOther(PathOf(only.CampaignId))
        : await PageAnswer.Read<LedCampaignsPage, LedCampaignsPage.Facts>(
            http,
            async caller => (await told.Run(caller)).Map(flags => new LedCampaignsPage.Facts(led, flags))
        );

    private static async Task<IResult> ShowOverview(Guid campaignId, HttpContext http, GetMarkingOverview get)
    {
        if ((await get.Run(campaignId, http.Caller())).Refused(out var refusal, out var overview))
            return PageAnswer.From(refusal);
        var (items, days) = (SupervisionTables.Items(campaignId), SupervisionTables.Days(campaignId, overview.Days));
        var lines = SupervisionTables.ItemLine.Of(overview);
        return items.File(http.Request, lines)
            ?? days.File(http.Request, overview.Days)
            ?? PageAnswer.Of<OverviewPage>(
                new OverviewPage.Facts(overview, items.View(http.Request, lines), days.View(http.Request, overview.Days))
            );
    }

    private static async Task<IResult> ShowScripts(Guid campaignId, HttpContext http, ListScripts list, IClock clock) =>
        List(
            http,
            (await list.Run(new(campaignId, null, null, Whole: true), http.Caller())).Map(scripts => scripts.Items),
            SupervisionTables.Scripts(campaignId, clock.GetCurrentInstant()),
            view =>
                new(
                    campaignId,
                    "/scripts",
                    "Работы",
                    "Развёрнутые ответы без имён: у кого работа, что поставили эксперты и где они разошлись.",
                    view
                )
        );

    private static async Task<IResult> ShowExperts(Guid campaignId, HttpContext http, LedMarking led) =>
        List(
            http,
            await led.Experts(campaignId, http.Caller()),
            SupervisionTables.Experts(campaignId),
            view =>
                new(
                    campaignId,
                    "/experts",
                    "Эксперты",
                    "Нагрузка, скорость, согласие с другими и контрольные работы. Сравнивать есть что с десяти общих работ.",
                    view
                )
                {
                    Below = ExpertNumbers.Shown,
                }
        );

    private static async Task<IResult> ShowClaims(Guid campaignId, HttpContext http, MarkingDetails details, IClock clock) =>
        List(
            http,
            await details.Claims(campaignId, http.Caller()),
            SupervisionTables.Claims(campaignId, clock.GetCurrentInstant()),
            view =>
                new(
                    campaignId,
                    "/experts",
                    "Выдачи",
                    "Кто какую работу брал и чем это кончилось, включая работы, которых в комиссии больше нет.",
                    view,
                    "Выдачи работ экспертам"
                )
                {
                    Back = ("Эксперты", PathOf(campaignId, "/experts")),
                }
        );

    private static async Task<IResult> ShowFlags(Guid campaignId, HttpContext http, LedMarking led, IClock clock) =>
        List(
            http,
            await led.Flags(campaignId, http.Caller()),
            SupervisionTables.Flags(campaignId, clock.GetCurrentInstant()),
            view =>
                new(
                    campaignId,
                    "/flags",
                    "Пометки",
                    "Помеченная работа сразу уходит другому эксперту; решение о пометке остаётся за вами. Пока его нет, результаты не публикуются.",
                    view,
                    "Пометки экспертов"
                )
                {
                    Said = http.Request.Query["said"] == "decided" ? "Решение записано." : null,
                }
        );

    private static async Task<IResult> ShowCriteria(Guid campaignId, HttpContext http, GetMarkingStatistics get)
    {
        var statistics = await get.Run(campaignId, http.Caller());
        return List(
            http,
            statistics.Map(found => found.Criteria),
            SupervisionTables.Criteria(campaignId),
            view => new(campaignId, "/criteria", "Критерии", Words.OfAgreement(statistics.Value), view, "Баллы по критериям")
        );
    }

    private static async Task<IResult> ShowMarks(Guid campaignId, HttpContext http, MarkingDetails details) =>
        List(
            http,
            await details.Marks(campaignId, http.Caller()),
            SupervisionTables.Marks(campaignId),
            view =>
                new(
                    campaignId,
                    "/criteria",
                    "Баллы экспертов",
                    "Каждый балл, который вошёл в распределения.",
                    view,
                    "Баллы экспертов по критериям"
                )
                {
                    Back = ("Баллы по критериям", PathOf(campaignId, "/criteria")),
                }
        );

    /// <summary>A page with one table.</summary>
    internal static IResult List<TRow>(
        HttpContext http,
        Result<IReadOnlyList<TRow>> read,
        Table<TRow> table,
        Func<DataTable.TableView, LedListPage.Facts> page
    ) =>
        read.Refused(out var refusal, out var rows)
            ? PageAnswer.From(refusal)
            : table.Answer(http.Request, rows, view => PageAnswer.Of<LedListPage>(page(view)));

    private static Task<IResult> ShowScript(Guid campaignId, Guid scriptId, HttpContext http, LedMarking led) =>
        Script(campaignId, scriptId, http, led, null, null);

    private static async Task<IResult> Script(
        Guid campaignId,
        Guid scriptId,
        HttpContext http,
        LedMarking led,
        Refusal? error,
        ScriptPage.Typed? typed
    )
    {
        http.Caller().Repeat = null;
        if ((await led.Script(campaignId, scriptId, http.Caller())).Refused(out var refusal, out var facts))
            return PageAnswer.From(refusal);
        var history = SupervisionTables.History(campaignId);
        var claims = facts.Seen.Script.Claims;
        if (history.File(http.Request, claims) is { } file)
            return file;
        var reason = new FormField("reason", "Почему", typed?.Assignment is { } taken ? $"reason-{taken:N}" : "reason");
        return PageAnswer.Of<ScriptPage>(
            facts with
            {
                Said = http.Request.Query["said"],
                History = history.View(http.Request, claims),
                Error = error is null ? null : FormErrors.Of(error, reason),
                Typed = typed,
            },
            error is null ? StatusCodes.Status200OK : Problems.StatusOf(error.Kind)
        );
    }

    private static async Task<IResult> Reassign(
        Guid campaignId,
        Guid scriptId,
        SentForm form,
        HttpContext http,
        ReassignScript reassign,
        LedMarking led
    )
    {
        var typed = new ScriptPage.Typed(form.Id("assignment"), form.Id("expert"), form.Text("reason") ?? "");
        return await PageAnswer.After(
            (await reassign.Run(new(scriptId, new(typed.Reason, typed.Assignment, typed.Expert)), http.Caller())).Refusal,
            PathOf(campaignId, $"/scripts/{scriptId:D}?said={(typed.Expert is null ? "taken" : "given")}"),
            refusal => Script(campaignId, scriptId, http, led, refusal, typed)
        );
    }

    private static Task<IResult> ShowExpert(Guid campaignId, Guid expertId, HttpContext http, LedMarking led) =>
        Expert(campaignId, expertId, http, led, null, null);

    private static Task<IResult> Expert(
        Guid campaignId,
        Guid expertId,
        HttpContext http,
        LedMarking led,
        Refusal? error,
        ExpertPage.Typed? typed
    ) =>
        PageAnswer.Read<ExpertPage, ExpertPage.Facts>(
            http,
            async caller =>
                (await led.Expert(campaignId, expertId, caller)).Map(facts =>
                    facts with
                    {
                        Said = http.Request.Query["said"],
                        Error = error is null ? null : FormErrors.Of(error, new FormField("reason", "Почему", facts.ReasonOf(typed))),
                        Typed = typed,
                    }
                ),
            error
        );

    private static async Task<IResult> DecideAdmission(
        Guid campaignId,
        Guid expertId,
        SentForm form,
        HttpContext http,
        ResumeExpert resume,
        RequalifyExpert requalify,
        LedMarking led
    )
    {
        var typed = new ExpertPage.Typed(form.Text("item") ?? "", form.Text("reason") ?? "");
        var request = new UseCases.Marking.DecideAdmission.Request(expertId, typed.Item, new(campaignId, typed.Reason));
        var decided = form["do"] is "requalify" ? await requalify.Run(request, http.Caller()) : await resume.Run(request, http.Caller());
        return await PageAnswer.After(
            decided.Refusal,
            PathOf(campaignId, $"/experts/{expertId:D}?said=decided"),
            refusal => Expert(campaignId, expertId, http, led, refusal, typed)
        );
    }

    private static Task<IResult> ShowFlag(Guid campaignId, Guid flagId, HttpContext http, LedMarking led) =>
        Flag(campaignId, flagId, http, led, null, null);

    private static Task<IResult> Flag(
        Guid campaignId,
        Guid flagId,
        HttpContext http,
        LedMarking led,
        Refusal? error,
        FlagPage.Typed? typed
    ) =>
        PageAnswer.Read<FlagPage, FlagPage.Facts>(
            http,
            async caller =>
                (await led.Flag(campaignId, flagId, caller)).Map(flag => new FlagPage.Facts(
                    campaignId,
                    flag,
                    SupervisionTables.IsOverdue(flag, http.RequestServices.GetRequiredService<IClock>().GetCurrentInstant()),
                    error is null ? null : FormErrors.Of(error, new FormField("reason", "Почему и что сделано")).Text,
                    typed
                )),
            error
        );

    private static async Task<IResult> Decide(
        Guid campaignId,
        Guid flagId,
        SentForm form,
        HttpContext http,
        DecideFlag decide,
        LedMarking led
    )
    {
        var typed = new FlagPage.Typed(form["decision"], form.Text("reason") ?? "");
        var refused = Codes.Find<FlagDecision>(typed.Decision) is { } decision
            ? (await decide.Run(new(flagId, new(decision, typed.Reason)), http.Caller())).Refusal
            : Refusal.Invalid("decision-missing", "Выберите решение: подтвердить пометку или снять её.");
        return await PageAnswer.After(
            refused,
            PathOf(campaignId, "/flags?said=decided"),
            refusal => Flag(campaignId, flagId, http, led, refusal, typed)
        );
    }
}

/// <summary>What the pages show, read by the use cases of those who lead marking.</summary>
internal sealed class LedMarking(
    GetMarkingProgress progress,
    GetMarkingStatistics statistics,
    ListAdmissions admissions,
    ListMarkingAlerts alerts,
    ListCommissions commissions,
    ListFlags flags,
    ListScripts scripts,
    GetScript script
)
{
    private const int MostFlags = 500;

    internal async Task<Result<IReadOnlyList<ExpertLine>>> Experts(Guid campaignId, Caller caller)
    {
        if ((await progress.Run(campaignId, caller)).Refused(out var refusal, out var state))
            return refusal;
        if ((await statistics.Run(campaignId, caller)).Refused(out refusal, out var compared))
            return refusal;
        if ((await admissions.Run(campaignId, caller)).Refused(out refusal, out var admitted))
            return refusal;
        var members = await Members(campaignId, caller);
        var names = state.Experts.ToDictionary(expert => expert.ExpertId, expert => expert.UserName);
        foreach (var member in members)
            names[member.AccountId] = member.UserName;
        return names
            .Select(name => new ExpertLine(
                name.Key,
                name.Value,
                members.LastOrDefault(member => member.AccountId == name.Key),
                state.Experts.FirstOrDefault(expert => expert.ExpertId == name.Key) ?? new(name.Key, 0, 0, 0),
                compared.Experts.FirstOrDefault(expert => expert.ExpertId == name.Key),
                admitted.Where(each => each.ExpertId == name.Key).ToList()
            ))
            .ToList();
    }

    internal async Task<Result<ExpertPage.Facts>> Expert(Guid campaignId, Guid expertId, Caller caller)
    {
        if ((await Experts(campaignId, caller)).Refused(out var refusal, out var experts))
            return refusal;
        if (experts.FirstOrDefault(each => each.Id == expertId) is not { } expert)
            return Refusal.NotFound("expert-not-found", "Такого эксперта в комиссии нет.");
        if ((await scripts.Run(new(campaignId, null, null, Whole: true), caller)).Refused(out refusal, out var all))
            return refusal;
        if ((await alerts.Run(new(campaignId, null, Page<MarkingAlert>.MaxLimit), caller)).Refused(out refusal, out var raised))
            return refusal;
        return new ExpertPage.Facts(
            campaignId,
            expert,
            all.Items.Where(each => each.Claims.Any(claim => claim.ExpertId == expertId && claim.IsLive)).ToList(),
            raised.Items.Where(alert => alert.ExpertId == expertId).OrderByDescending(alert => alert.At).ToList(),
            MarkingRights.Chairs.Covers(caller, MarkingRights.Of(campaignId)) && caller.AccountId != expertId
        );
    }

    internal async Task<Result<ScriptPage.Facts>> Script(Guid campaignId, Guid scriptId, Caller caller)
    {
        if ((await script.Run(scriptId, caller)).Refused(out var refusal, out var seen))
            return refusal;
        if (seen.CampaignId != campaignId)
            return GetScript.NotFound;
        if ((await Flags(campaignId, caller)).Refused(out refusal, out var raised))
            return refusal;
        var members = (await Members(campaignId, caller)).Where(member => member.LeftAt is null).ToList();
        return new ScriptPage.Facts(
            seen,
            raised.Where(flag => flag.Flag.ScriptId == scriptId).ToList(),
            members
                .Where(member => seen.Script.Claims.All(claim => claim.ExpertId != member.AccountId || claim.State is ClaimState.Lapsed))
                .OrderBy(member => member.UserName, StringComparer.Ordinal)
                .ToList()
        );
    }

    /// <summary>The flags of a campaign, those without a decision first, then the latest.</summary>
    internal async Task<Result<IReadOnlyList<NamedFlag>>> Flags(Guid campaignId, Caller caller)
    {
        var found = new List<FlagRaised>();
        for (Guid? after = null; ; after = found[^1].Id)
        {
            if ((await flags.Run(new(campaignId, after, MostFlags), caller)).Refused(out var refusal, out var page))
                return refusal;
            found.AddRange(page.Items);
            if (page.Next is null)
                break;
        }
        if (found.Count == 0)
            return Array.Empty<NamedFlag>();
        if ((await Names(campaignId, caller)).Refused(out var unnamed, out var names))
            return unnamed;
        return found
            .OrderBy(flag => flag.Decided is not null)
            .ThenByDescending(flag => flag.At)
            .Select(flag => new NamedFlag(
                flag,
                names.GetValueOrDefault(flag.ExpertId, LedMarkingWords.SomeExpert),
                flag.Decided is { } decided ? names.GetValueOrDefault(decided.DecidedBy, LedMarkingWords.Operator) : null
            ))
            .ToList();
    }

    internal async Task<Result<NamedFlag>> Flag(Guid campaignId, Guid flagId, Caller caller) =>
        (await Flags(campaignId, caller)).Refused(out var refusal, out var all) ? refusal
        : all.FirstOrDefault(each => each.Flag.Id == flagId) is { } flag ? flag
        : Refusal.NotFound("flag-not-found", "Такой пометки нет.");

    /// <summary>Names of the accounts that belong to the commission or have marked in the campaign.</summary>
    internal async Task<Result<IReadOnlyDictionary<Guid, string>>> Names(Guid campaignId, Caller caller)
    {
        if ((await progress.Run(campaignId, caller)).Refused(out var refusal, out var state))
            return refusal;
        var names = state.Experts.ToDictionary(expert => expert.ExpertId, expert => expert.UserName);
        foreach (var member in await Members(campaignId, caller))
            names[member.AccountId] = member.UserName;
        return names;
    }

    /// <summary>Members of the campaign's marking commissions, present and former.</summary>
    private async Task<IReadOnlyList<CommissionMember>> Members(Guid campaignId, Caller caller) =>
        (await commissions.Run(campaignId, caller)).Refused(out _, out var found)
            ? []
            : found.Where(each => each.Kind is CommissionKind.Marking).SelectMany(each => each.Members).ToList();
}
