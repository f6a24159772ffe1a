using Diagnostics.Engine;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Profiles;
using NodaTime;

namespace Diagnostics.Server.Pages.Supervision;

/// <summary>From the last mark to the published results: the protocol, what is still open, publication.</summary>
internal static class ResultPages
{
    internal static void MapResultPages(this RouteGroupBuilder campaign)
    {
        campaign.MapGet("/protocol", ShowProtocol).AllowedTo(GetProtocolDraft.Operation.Access);
        campaign.Form("/protocol/preview", PreviewProtocol, ApproveMarking.Operation.Access);
        campaign.Form("/protocol", Approve, ApproveMarking.Operation.Access);
        campaign.MapGet("/protocols/{number:int}", ShowApproved).AllowedTo(ListProtocols.Operation.Access);
        campaign.MapGet("/publication", ShowPublication).AllowedTo(GetPublication.Operation.Access);
        campaign.Form("/publication", Publish, PublishResults.Operation.Access);
        campaign.MapGet("/open/{what}", ShowOpen).AllowedTo(GetPublication.Operation.Access);
        campaign.Form("/open/scoring_fault", ScoreAgain, ScoreSession.Operation.Access);
    }

    private static Task<IResult> ShowProtocol(
        Guid campaignId,
        HttpContext http,
        GetProtocolDraft draft,
        ListProtocols protocols,
        LedMarking led
    ) => Protocol(campaignId, http, draft, protocols, led, null, []);

    private static async Task<IResult> Protocol(
        Guid campaignId,
        HttpContext http,
        GetProtocolDraft draft,
        ListProtocols protocols,
        LedMarking led,
        ApprovalRequest? typed,
        IReadOnlyList<ErrorSummary.Line> errors,
        int status = StatusCodes.Status422UnprocessableEntity
    )
    {
        var caller = http.Caller();
        caller.Repeat = null;
        if ((await draft.Run(campaignId, caller)).Refused(out var refusal, out var drawn))
            return PageAnswer.From(refusal);
        if ((await protocols.Run(campaignId, caller)).Refused(out refusal, out var approved))
            return PageAnswer.From(refusal);
        if ((await led.Names(campaignId, caller)).Refused(out refusal, out var names))
            return PageAnswer.From(refusal);
        return PageAnswer.Of<ProtocolPage>(
            new ProtocolPage.Facts(drawn, approved, names, MayApprove(caller, campaignId), typed, errors),
            errors.Count == 0 ? StatusCodes.Status200OK : status
        );
    }

    private static async Task<IResult> PreviewProtocol(
        Guid campaignId,
        SentForm form,
        HttpContext http,
        GetProtocolDraft draft,
        ListProtocols protocols,
        LedMarking led,
        IClock clock
    )
    {
        var typed = Typed(form);
        if (typed.Checked.Count == 0)
            return await Protocol(
                campaignId,
                http,
                draft,
                protocols,
                led,
                typed,
                [new("checked-0", "Отметьте, что проверила комиссия: без этого протокол ничего не утверждает.")]
            );
        var caller = http.Caller();
        caller.Repeat = null;
        if ((await draft.Run(campaignId, caller)).Refused(out var refusal, out var drawn))
            return PageAnswer.From(refusal);
        if ((await led.Names(campaignId, caller)).Refused(out refusal, out var names))
            return PageAnswer.From(refusal);
        var protocol = new MarkingProtocol(
            CampaignId: campaignId,
            Number: drawn.Number,
            ApprovedBy: caller.AccountId,
            ApprovedAt: clock.GetCurrentInstant(),
            Checked: typed.Checked,
            Remarks: typed.Remarks,
            Sessions: drawn.Sessions,
            Scripts: drawn.Scripts,
            Rounds: drawn.Rounds,
            ExpertRounds: drawn.ExpertRounds,
            ThirdRounds: drawn.ThirdRounds,
            ScriptsWithThird: drawn.ScriptsWithThird,
            Flags: drawn.Flags,
            SecondLookRounds: drawn.SecondLookRounds,
            ScriptsWithSecondLook: drawn.ScriptsWithSecondLook
        );
        return PageAnswer.Of<ProtocolSheetPage>(
            new ProtocolSheetPage.Facts(drawn.Title, protocol, NameIn(names, caller.AccountId), Approved: false)
        );
    }

    private static async Task<IResult> Approve(
        Guid campaignId,
        SentForm form,
        HttpContext http,
        ApproveMarking approve,
        GetProtocolDraft draft,
        ListProtocols protocols,
        LedMarking led
    ) =>
        (await approve.Run(new(campaignId, Typed(form)), http.Caller())).Refused(out var refusal, out var protocol)
            ? await Protocol(
                campaignId,
                http,
                draft,
                protocols,
                led,
                Typed(form),
                [FormErrors.Of(refusal, new("checked", "Что ещё проверено", "also"), new("remarks", "Замечания"))],
                Problems.StatusOf(refusal.Kind)
            )
            : PageAnswer.SeeOther($"{SupervisionPages.PathOf(campaignId)}/protocols/{protocol.Number}");

    private static async Task<IResult> ShowApproved(
        Guid campaignId,
        int number,
        HttpContext http,
        ListProtocols protocols,
        GetProtocolDraft draft,
        LedMarking led
    )
    {
        var caller = http.Caller();
        if ((await protocols.Run(campaignId, caller)).Refused(out var refusal, out var approved))
            return PageAnswer.From(refusal);
        if (approved.FirstOrDefault(each => each.Number == number) is not { } protocol)
            return PageAnswer.From(Refusal.NotFound("protocol-not-found", "Такого протокола нет."));
        if ((await draft.Run(campaignId, caller)).Refused(out refusal, out var drawn))
            return PageAnswer.From(refusal);
        return (await led.Names(campaignId, caller)).Refused(out refusal, out var names)
            ? PageAnswer.From(refusal)
            : PageAnswer.Of<ProtocolSheetPage>(
                new ProtocolSheetPage.Facts(drawn.Title, protocol, NameIn(names, protocol.ApprovedBy), Approved: true)
                {
                    Outdated = number == approved.Count && !drawn.Approved,
                }
            );
    }

    private static Task<IResult> ShowPublication(Guid campaignId, HttpContext http, GetPublication get) =>
        Publication(campaignId, http, get, null);

    private static async Task<IResult> Publication(Guid campaignId, HttpContext http, GetPublication get, Refusal? error)
    {
        http.Caller().Repeat = null;
        return (await get.Run(campaignId, http.Caller())).Refused(out var refusal, out var state)
            ? PageAnswer.From(refusal)
            : PageAnswer.Of<PublicationPage>(
                new PublicationPage.Facts(state, error?.Detail),
                error is null ? StatusCodes.Status200OK : Problems.StatusOf(error.Kind)
            );
    }

    private static async Task<IResult> Publish(
        Guid campaignId,
        SentForm form,
        HttpContext http,
        PublishResults publish,
        GetPublication get
    ) =>
        (await publish.Run(campaignId, http.Caller())).Refused(out var refusal, out _)
            ? await Publication(campaignId, http, get, refusal)
            : PageAnswer.SeeOther($"{SupervisionPages.PathOf(campaignId)}/publication");

    private static async Task<IResult> ShowOpen(Guid campaignId, string what, HttpContext http, GetPublication get) =>
        (await get.Run(campaignId, http.Caller())).Refused(out var refusal, out var state)
            ? PageAnswer.From(refusal)
            : PageAnswer.Of<OpenSessionsPage>(
                new OpenSessionsPage.Facts(
                    campaignId,
                    what,
                    state.Open.FirstOrDefault(matter => matter.What == what),
                    ScoreSession.Operation.Access.Covers(http.Caller(), MarkingRights.Of(campaignId))
                )
            );

    private static async Task<IResult> ScoreAgain(Guid campaignId, SentForm form, HttpContext http, ScoreSession score) =>
        (await score.Run(form.Id("session") ?? Guid.Empty, http.Caller())).Refused(out var refusal, out _)
            ? PageAnswer.From(refusal)
            : PageAnswer.SeeOther($"{SupervisionPages.PathOf(campaignId)}/open/scoring_fault");

    private static bool MayApprove(Caller caller, Guid campaignId) => MarkingRights.Chairs.Covers(caller, MarkingRights.Of(campaignId));

    private static string NameIn(IReadOnlyDictionary<Guid, string> names, Guid account) =>
        names.GetValueOrDefault(account, LedMarkingWords.Chair);

    private static ApprovalRequest Typed(SentForm form) =>
        new(
            form.All("checked").Append(form.Text("also") ?? "").Where(text => !string.IsNullOrWhiteSpace(text)).ToList(),
            form.Text("remarks")
        );
}
