using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Profiles;

namespace Diagnostics.Server.Pages.Supervision;

/// <summary>Short answers that match no key: several are decided at once, after a look at what the decision changes.</summary>
internal static class KeyReviewPages
{
    private const int PageSize = 100;

    internal static void MapKeyReviewPages(this RouteGroupBuilder campaign)
    {
        campaign
            .Page("/answers", (Guid campaignId, HttpContext http, ListKeyReviews list) => Show(campaignId, http, list, null, null))
            .AllowedTo(ListKeyReviews.Operation.Access);
        campaign.Form("/answers/preview", Choose, PreviewKeyDecision.Operation.Access);
        campaign
            .Page("/answers/preview", (Guid campaignId, HttpContext http, LedAnswers led) => ShowEffect(campaignId, http, led))
            .AllowedTo(PreviewKeyDecision.Operation.Access);
        campaign.Form("/answers", Decide, DecideKey.Operation.Access);
    }

    private static Task<IResult> Show(Guid campaignId, HttpContext http, ListKeyReviews list, ErrorSummary.Line? error, SentForm? refused)
    {
        var decided = refused?.Has("decided") is true || http.Request.Query["decided"] == "yes";
        var after = http.Request.Query["after"].ToString() is { Length: > 0 } given ? given : null;
        return PageAnswer.Read<AnswersPage, AnswersPage.Facts>(
            http,
            async caller =>
                (await list.Run(new(campaignId, after, PageSize, decided), caller)).Map(groups => new AnswersPage.Facts(
                    campaignId,
                    decided,
                    groups,
                    int.TryParse(http.Request.Query["said"], CultureInfo.InvariantCulture, out var done) ? done : null,
                    error is null ? [] : [error],
                    Ticks(refused)
                )),
            error is null ? null : Refusal.Invalid("answers-refused", error.Text)
        );
    }

    private static HashSet<string> Ticks(SentForm? refused) => refused is null ? [] : [.. refused.All("answer"), .. refused.All("cluster")];

    /// <summary>Gives the effect of the decision an address of its own, which can be opened again and sent to a colleague.</summary>
    private static async Task<IResult> Choose(Guid campaignId, SentForm form, HttpContext http, ListKeyReviews list)
    {
        var chosen = form.All("answer")
            .Concat(form.All("cluster").SelectMany(cluster => form.All($"in-{cluster}")))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        var decision = Codes.Find<KeyDecision>(form["decision"]);
        return decision is not null && chosen.Count > 0
            ? PageAnswer.SeeOther(
                SupervisionPages.PathOf(
                    campaignId,
                    $"/answers/preview?decision={Codes.Of(decision.Value)}&answers={Uri.EscapeDataString(string.Join('.', chosen))}"
                )
            )
            : await Show(
                campaignId,
                http,
                list,
                chosen.Count == 0 ? new("answers", "Отметьте хотя бы один ответ.") : new("decision", "Выберите решение."),
                form
            );
    }

    private static Task<IResult> ShowEffect(Guid campaignId, HttpContext http, LedAnswers led) =>
        Codes.Find<KeyDecision>(http.Request.Query["decision"].ToString()) is { } decision
            ? Effect(campaignId, decision, http.Request.Query["answers"].ToString().Split('.'), "", [], http, led)
            : Task.FromResult(PageAnswer.SeeOther(SupervisionPages.PathOf(campaignId, "/answers")));

    private static async Task<IResult> Effect(
        Guid campaignId,
        KeyDecision decision,
        IReadOnlyList<string> answers,
        string reason,
        IReadOnlyList<ErrorSummary.Line> errors,
        HttpContext http,
        LedAnswers led
    )
    {
        http.Caller().Repeat = null;
        if ((await led.Effects(campaignId, decision, answers, http.Caller())).Refused(out var refusal, out var lines))
            return PageAnswer.From(refusal);
        return AnswersPreviewPage.Effects.Answer(
            http.Request,
            lines,
            view =>
                PageAnswer.Of<AnswersPreviewPage>(
                    new AnswersPreviewPage.Facts(campaignId, decision, lines, view, reason, errors),
                    errors.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity
                )
        );
    }

    private static async Task<IResult> Decide(
        Guid campaignId,
        SentForm form,
        HttpContext http,
        DecideKey decide,
        LedAnswers led,
        ListKeyReviews list
    )
    {
        var caller = http.Caller();
        var key = caller.Repeat;
        if (Codes.Find<KeyDecision>(form["decision"]) is not { } decision)
            return await Show(campaignId, http, list, new("decision", "Выберите решение."), form);
        var answers = form.All("answer").ToList();
        if (form.Text("reason") is not { } reason)
            return await Effect(campaignId, decision, answers, "", [new("reason", "Напишите почему.")], http, led);
        caller.Repeat = null;
        if ((await led.Chosen(campaignId, answers, caller)).Refused(out var unread, out var chosen))
            return PageAnswer.From(unread);
        var (errors, failed) = (new List<ErrorSummary.Line>(), new List<string>());
        foreach (var group in chosen)
        {
            // One form decides on several answers, on each of them once.
            caller.Repeat = key is null ? null : new(Digest.Of($"{key.Key} {group.Id}"), key.RequestHash);
            var request = new KeyDecisionRequest(
                group.ItemCode,
                group.ItemVersion,
                group.Normalised,
                decision,
                reason,
                group.Normalisation
            );
            if (!(await decide.Run(request, caller)).Refused(out var refusal, out _))
                continue;
            errors.Add(new("reason", $"«{group.Normalised}»: {FormErrors.Of(refusal, new FormField("reason", "Почему")).Text}"));
            failed.Add(group.Id);
        }
        return errors.Count > 0
            ? await Effect(campaignId, decision, failed, reason, errors, http, led)
            : PageAnswer.SeeOther(
                $"{SupervisionPages.PathOf(campaignId)}/answers?"
                    + (decision is KeyDecision.Revert ? "" : "decided=yes&")
                    + string.Create(CultureInfo.InvariantCulture, $"said={chosen.Count}")
            );
    }
}

/// <summary>Short answers as the pages name them, by short ids, and what a decision on them changes.</summary>
internal sealed class LedAnswers(ListAnswerGroups groups, PreviewKeyDecision preview)
{
    /// <summary>Ids that name no answer of the campaign are left out.</summary>
    internal async Task<Result<IReadOnlyList<GroupNamed>>> Chosen(Guid campaignId, IReadOnlyList<string> ids, Caller caller) =>
        (await groups.Run(campaignId, caller)).Map<IReadOnlyList<GroupNamed>>(all =>
            all.Where(group => ids.Contains(group.Id, StringComparer.Ordinal)).ToList()
        );

    internal async Task<Result<IReadOnlyList<AnswersPreviewPage.Line>>> Effects(
        Guid campaignId,
        KeyDecision decision,
        IReadOnlyList<string> ids,
        Caller caller
    )
    {
        if ((await Chosen(campaignId, ids, caller)).Refused(out var refusal, out var chosen))
            return refusal;
        var lines = new List<AnswersPreviewPage.Line>();
        foreach (var group in chosen)
            lines.Add(
                (
                    await preview.Run(new(group.ItemCode, group.ItemVersion, group.Normalised, decision, group.Normalisation), caller)
                ).Refused(out var why, out var effect)
                    ? new(group, null, why.Detail)
                    : new(group, effect, null)
            );
        return lines;
    }
}
