using System.Text.Json;
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
    /// <summary>Name of the parameter with what the chair has typed.</summary>
    private const string TextKey = "text";

    internal static void MapResultPages(this RouteGroupBuilder campaign)
    {
        campaign.Page("/protocol", ShowProtocol).AllowedTo(GetProtocolDraft.Operation.Access);
        campaign.Form("/protocol/draft", Prepare, ApproveMarking.Operation.Access);
        campaign.Page("/protocol/draft", ShowDraft).AllowedTo(GetProtocolDraft.Operation.Access);
        campaign.Form("/protocol", Approve, ApproveMarking.Operation.Access);
        campaign.Page("/protocols/{number:int}", ShowApproved).AllowedTo(ListProtocols.Operation.Access);
        campaign.Page("/publication", ShowPublication).AllowedTo(GetPublication.Operation.Access);
        campaign.Form("/publication", Publish, PublishResults.Operation.Access);
        campaign.Page("/open/{what}", ShowOpen).AllowedTo(GetPublication.Operation.Access);
        campaign.Form("/open/scoring_fault", ScoreAgain, ScoreSession.Operation.Access);
    }

    private static Task<IResult> ShowProtocol(Guid campaignId, HttpContext http, LedProtocols led) =>
        PageAnswer.Read<ProtocolPage, ProtocolPage.Facts>(http, caller => led.Page(campaignId, Unpacked(http), [], caller));

    /// <summary>Gives the draft an address of its own, which can be opened again and sent to a colleague.</summary>
    private static async Task<IResult> Prepare(Guid campaignId, SentForm form, HttpContext http, LedProtocols led)
    {
        var typed = Typed(form);
        var (field, wrong) =
            typed.Checked.Count == 0
                ? ("checked-0", "Отметьте, что проверила комиссия: без этого протокол ничего не утверждает.")
                : ("remarks", "Замечания слишком длинны. Сократите их.");
        return typed.Checked.Count > 0 && Packed(typed) is { } packed
            ? PageAnswer.SeeOther(SupervisionPages.PathOf(campaignId, $"/protocol/draft?{TextKey}={packed}"))
            : await PageAnswer.Read<ProtocolPage, ProtocolPage.Facts>(
                http,
                caller => led.Page(campaignId, typed, [new(field, wrong)], caller),
                Refusal.Invalid("protocol-incomplete", wrong)
            );
    }

    private static Task<IResult> ShowDraft(Guid campaignId, HttpContext http, LedProtocols led) =>
        Unpacked(http) is { } typed
            ? Draft(campaignId, typed, http, led, null)
            : Task.FromResult(PageAnswer.SeeOther(SupervisionPages.PathOf(campaignId, "/protocol")));

    private static Task<IResult> Draft(Guid campaignId, ApprovalRequest typed, HttpContext http, LedProtocols led, Refusal? error) =>
        PageAnswer.Read<ProtocolSheetPage, ProtocolSheetPage.Facts>(
            http,
            async caller =>
                (await led.Draft(campaignId, typed, caller)).Map(facts =>
                    facts with
                    {
                        Again = SupervisionPages.PathOf(campaignId, $"/protocol?{TextKey}={Packed(typed)}"),
                        Error = error is null
                            ? null
                            : FormErrors
                                .Of(error, new FormField("checked", "Что ещё проверено"), new FormField("remarks", "Замечания"))
                                .Text,
                    }
                ),
            error
        );

    private static async Task<IResult> Approve(Guid campaignId, SentForm form, HttpContext http, ApproveMarking approve, LedProtocols led)
    {
        // A form without the fingerprint was made by hand, and approves nothing that somebody has read.
        var typed = Typed(form) with
        {
            Draft = form["draft"],
        };
        var caller = http.Caller();
        var key = caller.Repeat;
        caller.Repeat = null;
        if ((await led.Whole(campaignId, typed, caller)).Refused(out var unread, out var whole))
            return PageAnswer.From(unread);
        caller.Repeat = key;
        return (await approve.Run(new(campaignId, whole), caller)).Refused(out var refusal, out var protocol)
            ? await Draft(campaignId, typed, http, led, refusal)
            : PageAnswer.SeeOther(SupervisionPages.PathOf(campaignId, $"/protocols/{protocol.Number}"));
    }

    private static Task<IResult> ShowApproved(Guid campaignId, int number, HttpContext http, LedProtocols led) =>
        PageAnswer.Read<ProtocolSheetPage, ProtocolSheetPage.Facts>(http, caller => led.Approved(campaignId, number, caller));

    private static Task<IResult> ShowPublication(Guid campaignId, HttpContext http, GetPublication get) =>
        Publication(campaignId, http, get, null);

    private static Task<IResult> Publication(Guid campaignId, HttpContext http, GetPublication get, Refusal? error) =>
        PageAnswer.Read<PublicationPage, PublicationPage.Facts>(
            http,
            async caller => (await get.Run(new(campaignId), caller)).Map(state => new PublicationPage.Facts(state, error?.Detail)),
            error
        );

    private static async Task<IResult> Publish(
        Guid campaignId,
        SentForm form,
        HttpContext http,
        PublishResults publish,
        GetPublication get
    ) =>
        await PageAnswer.After(
            (await publish.Run(campaignId, http.Caller())).Refusal,
            SupervisionPages.PathOf(campaignId, "/publication"),
            refusal => Publication(campaignId, http, get, refusal)
        );

    private static async Task<IResult> ShowOpen(Guid campaignId, string what, HttpContext http, GetPublication get)
    {
        if ((await get.Run(new(campaignId, Whole: true), http.Caller())).Refused(out var refusal, out var state))
            return PageAnswer.From(refusal);
        var matter = state.Open.FirstOrDefault(each => each.What == what);
        var scored = what == "scoring_fault" && ScoreSession.Operation.Access.Covers(http.Caller(), MarkingRights.Of(campaignId));
        return SupervisionTables
            .OpenSessions(campaignId, what, scored)
            .Answer(
                http.Request,
                matter?.Sessions ?? [],
                view => PageAnswer.Of<OpenSessionsPage>(new OpenSessionsPage.Facts(campaignId, what, matter, view))
            );
    }

    private static async Task<IResult> ScoreAgain(Guid campaignId, SentForm form, HttpContext http, ScoreSession score) =>
        await PageAnswer.After(
            (await score.Run(form.Id("session") ?? Guid.Empty, http.Caller())).Refusal,
            SupervisionPages.PathOf(campaignId, "/open/scoring_fault"),
            refusal => Task.FromResult<IResult>(PageAnswer.From(refusal))
        );

    private static ApprovalRequest Typed(SentForm form) =>
        new(
            form.All("checked")
                .Append(form.Text("also") ?? "")
                .Where(text => !string.IsNullOrWhiteSpace(text) && !CheckedPoints.IsComputed(text))
                .ToList(),
            form.Text("remarks")
        );

    private static string? Packed(ApprovalRequest typed) =>
        PackedText.Pack(JsonSerializer.Serialize(typed with { Draft = null }, Json.Options));

    /// <summary>What the address says of the protocol; null when it says nothing that can be read.</summary>
    private static ApprovalRequest? Unpacked(HttpContext http)
    {
        if (PackedText.Unpack(http.Request.Query[TextKey].ToString()) is not { } text)
            return null;
        try
        {
            return JsonSerializer.Deserialize<ApprovalRequest>(text, Json.Options) is { Checked.Count: > 0 } typed ? typed : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>
/// What a protocol says that the commission has checked. The service states by itself what it knows; a person ticks only
/// what the service cannot know.
/// </summary>
internal static class CheckedPoints
{
    private const string Scripts = "Все работы проверены",
        Flags = "Пометки экспертов разобраны",
        Answers = "Краткие ответы, не совпавшие с ключом, разобраны";

    internal static readonly IReadOnlyList<string> Ticked =
    [
        "Согласие и строгость экспертов рассмотрены",
        "Третьи проверки и вторые взгляды просмотрены",
    ];

    internal static bool IsComputed(string text) => text is Scripts or Flags or Answers;

    /// <param name="Open">How many are open: the protocol states the point when none is.</param>
    /// <param name="Page">The page that lists the open ones.</param>
    internal sealed record Computed(string Text, int Open, string Page);

    internal static IReadOnlyList<Computed> Of(ProtocolDraft draft) =>
        [
            new(Scripts, draft.OpenScripts, "/scripts?state=unmarked"),
            new(Flags, draft.OpenFlags, "/flags?state=open"),
            new(Answers, draft.OpenAnswers, "/answers"),
        ];

    internal static IReadOnlyList<string> All(ProtocolDraft draft, IReadOnlyList<string> ticked) =>
        [.. Of(draft).Where(point => point.Open == 0).Select(point => point.Text), .. ticked.Where(text => !IsComputed(text))];
}

/// <summary>What the pages of the protocol show.</summary>
internal sealed class LedProtocols(GetProtocolDraft draft, ListProtocols protocols, LedMarking led, IClock clock)
{
    private sealed record Loaded(ProtocolDraft Draft, IReadOnlyList<MarkingProtocol> Approved, IReadOnlyDictionary<Guid, string> Names)
    {
        internal string NameOf(Guid account) => Names.GetValueOrDefault(account, LedMarkingWords.Chair);
    }

    internal async Task<Result<ProtocolPage.Facts>> Page(
        Guid campaignId,
        ApprovalRequest? typed,
        IReadOnlyList<ErrorSummary.Line> errors,
        Caller caller
    ) =>
        (await Load(campaignId, caller)).Map(loaded => new ProtocolPage.Facts(
            loaded.Draft,
            loaded.Approved,
            loaded.Names,
            MayApprove(caller, campaignId),
            typed,
            errors
        ));

    /// <summary>The next protocol, as it would be now.</summary>
    internal async Task<Result<ProtocolSheetPage.Facts>> Draft(Guid campaignId, ApprovalRequest typed, Caller caller) =>
        (await Load(campaignId, caller)).Map(loaded =>
        {
            var drawn = Drawn(loaded.Draft, typed);
            var last = loaded.Approved.Count > 0 ? loaded.Approved[^1] : null;
            return new ProtocolSheetPage.Facts(
                loaded.Draft.Title,
                drawn,
                MayApprove(caller, campaignId) ? loaded.NameOf(caller.AccountId) : null,
                loaded.Draft
            )
            {
                MayApprove = MayApprove(caller, campaignId),
                Before = last?.Number,
                Same = last is not null && drawn.SaysTheSameAs(last),
            };
        });

    /// <summary>What somebody has typed, with what the service itself knows to be checked.</summary>
    internal async Task<Result<ApprovalRequest>> Whole(Guid campaignId, ApprovalRequest typed, Caller caller) =>
        (await draft.Run(campaignId, caller)).Map(drawn => typed with { Checked = CheckedPoints.All(drawn, typed.Checked) });

    internal async Task<Result<ProtocolSheetPage.Facts>> Approved(Guid campaignId, int number, Caller caller)
    {
        if ((await Load(campaignId, caller)).Refused(out var refusal, out var loaded))
            return refusal;
        if (loaded.Approved.FirstOrDefault(each => each.Number == number) is not { } protocol)
            return Refusal.NotFound("protocol-not-found", "Такого протокола нет.");
        return new ProtocolSheetPage.Facts(loaded.Draft.Title, protocol, loaded.NameOf(protocol.ApprovedBy), null)
        {
            Outdated = number == loaded.Approved.Count && !loaded.Draft.Approved,
        };
    }

    private async Task<Result<Loaded>> Load(Guid campaignId, Caller caller)
    {
        if ((await draft.Run(campaignId, caller)).Refused(out var refusal, out var drawn))
            return refusal;
        if ((await protocols.Run(campaignId, caller)).Refused(out refusal, out var approved))
            return refusal;
        return (await led.Names(campaignId, caller)).Map(names => new Loaded(drawn, approved, names));
    }

    private MarkingProtocol Drawn(ProtocolDraft drawn, ApprovalRequest typed) =>
        new(
            CampaignId: drawn.CampaignId,
            Number: drawn.Number,
            ApprovedBy: Guid.Empty,
            ApprovedAt: clock.GetCurrentInstant(),
            Checked: CheckedPoints.All(drawn, typed.Checked),
            Remarks: VisibleText.ShowsNothing(typed.Remarks) ? null : typed.Remarks,
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

    private static bool MayApprove(Caller caller, Guid campaignId) => MarkingRights.Chairs.Covers(caller, MarkingRights.Of(campaignId));
}
