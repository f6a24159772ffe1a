using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Profiles;
using static Diagnostics.Server.Pages.Supervision.AnswersPage;

namespace Diagnostics.Server.Pages.Supervision;

/// <summary>Short answers that match no key: several are decided at once, after a look at what the decision changes.</summary>
internal static class KeyReviewPages
{
    private const int PageSize = 100;

    internal static void MapKeyReviewPages(this RouteGroupBuilder campaign)
    {
        campaign
            .MapGet("/answers", (Guid campaignId, HttpContext http, ListKeyReviews list) => Show(campaignId, http, list, [], false))
            .AllowedTo(ListKeyReviews.Operation.Access);
        campaign.Form("/answers/preview", Preview, PreviewKeyDecision.Operation.Access);
        campaign.Form("/answers", Decide, DecideKey.Operation.Access);
    }

    private static async Task<IResult> Show(
        Guid campaignId,
        HttpContext http,
        ListKeyReviews list,
        IReadOnlyList<ErrorSummary.Line> errors,
        bool wasDecided
    )
    {
        http.Caller().Repeat = null;
        var decided = wasDecided || http.Request.Query["decided"] == "yes";
        var after = http.Request.Query["after"].ToString() is { Length: > 0 } given ? given : null;
        return (await list.Run(new(campaignId, after, PageSize, decided), http.Caller())).Refused(out var refusal, out var groups)
            ? PageAnswer.From(refusal)
            : PageAnswer.Of<AnswersPage>(
                new AnswersPage.Facts(
                    campaignId,
                    decided,
                    groups,
                    int.TryParse(http.Request.Query["said"], CultureInfo.InvariantCulture, out var done) ? done : null,
                    errors
                ),
                errors.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity
            );
    }

    private static async Task<IResult> Preview(
        Guid campaignId,
        SentForm form,
        HttpContext http,
        PreviewKeyDecision preview,
        ListKeyReviews list
    )
    {
        var caller = http.Caller();
        caller.Repeat = null;
        var decision = Codes.Find<KeyDecision>(form["decision"]);
        var chosen = Chosen(form);
        if (decision is null || chosen.Count == 0)
            return await Show(
                campaignId,
                http,
                list,
                [new(chosen.Count == 0 ? "answers" : "decision", chosen.Count == 0 ? "Отметьте хотя бы один ответ." : "Выберите решение.")],
                form.Has("decided")
            );
        var effects = new List<AnswersPreviewPage.Line>();
        foreach (var group in chosen)
            effects.Add(
                (
                    await preview.Run(new(group.ItemCode, group.ItemVersion, group.Normalised, decision.Value, group.Normalisation), caller)
                ).Refused(out var refusal, out var effect)
                    ? new(group, null, refusal.Detail)
                    : new(group, effect, null)
            );
        return PageAnswer.Of<AnswersPreviewPage>(
            new AnswersPreviewPage.Facts(campaignId, decision.Value, effects, form.Text("reason") ?? "", null)
        );
    }

    private static async Task<IResult> Decide(
        Guid campaignId,
        SentForm form,
        HttpContext http,
        DecideKey decide,
        PreviewKeyDecision preview,
        ListKeyReviews list
    )
    {
        var caller = http.Caller();
        var key = caller.Repeat;
        if (Codes.Find<KeyDecision>(form["decision"]) is not { } decision)
            return await Show(campaignId, http, list, [new("decision", "Выберите решение.")], form.Has("decided"));
        if (form.Text("reason") is null)
            return await Preview(campaignId, form, http, preview, list);
        var errors = new List<ErrorSummary.Line>();
        var chosen = Chosen(form);
        foreach (var group in chosen)
        {
            // One form decides on several answers, on each of them once.
            caller.Repeat = key is null ? null : new(Digest.Of($"{key.Key} {group.Field}"), key.RequestHash);
            var request = new KeyDecisionRequest(
                group.ItemCode,
                group.ItemVersion,
                group.Normalised,
                decision,
                form.Text("reason")!,
                group.Normalisation
            );
            if ((await decide.Run(request, caller)).Refused(out var refusal, out _))
                errors.Add(new(null, $"«{group.Normalised}»: {FormErrors.Of(refusal, new FormField("reason", "Почему")).Text}"));
        }
        return errors.Count > 0
            ? await Show(campaignId, http, list, errors, decision is KeyDecision.Revert)
            : PageAnswer.SeeOther(
                $"{SupervisionPages.PathOf(campaignId)}/answers?"
                    + (decision is KeyDecision.Revert ? "" : "decided=yes&")
                    + string.Create(CultureInfo.InvariantCulture, $"said={chosen.Count}")
            );
    }

    /// <summary>The ticked answers, and all of each ticked cluster.</summary>
    private static IReadOnlyList<ChosenAnswer> Chosen(SentForm form) =>
        form.All("answer")
            .Concat(form.All("cluster").SelectMany(cluster => form.All($"in-{cluster}")))
            .Distinct(StringComparer.Ordinal)
            .Select(ChosenAnswer.Parse)
            .OfType<ChosenAnswer>()
            .ToList();
}
