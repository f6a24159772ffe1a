using System.Text;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.People;
using NodaTime;

namespace Diagnostics.Server.Pages.Campaigns;

internal static class CampaignPages
{
    internal static void MapCampaignPages(this IEndpointRouteBuilder pages)
    {
        pages.Page("/", ShowHome).AllowedTo(AccessRule.Account);
        pages.Page("/campaigns/{campaignId:guid}", ShowCampaign).AllowedTo(AccessRule.Account);
        pages.Form("/campaigns/{campaignId:guid}/application", Apply);
        pages.Page("/campaigns/{campaignId:guid}/instruction", ShowInstruction).AllowedTo(GetCampaignDocument.Operation.Access);
        pages.Page("/applications/{applicationId:guid}", ShowApplication).AllowedTo(AccessRule.Account);
        pages.Form("/applications/{applicationId:guid}/withdrawal", Withdraw);
        pages.Page("/applications/{applicationId:guid}/calendar.ics", ShowCalendar).AllowedTo(AccessRule.Account);
    }

    private static async Task<IResult> ShowHome(
        HttpContext http,
        Journeys journeys,
        ListCampaigns listCampaigns,
        Viewer viewer,
        ListToldFlags told,
        IClock clock
    )
    {
        var caller = http.Caller();
        if (caller.ParticipantId is null)
        {
            await viewer.Load(http, named: true);
            var flags = (await told.Run(caller)).Refused(out _, out var open) ? [] : open;
            // Whoever has one thing to do here is led straight to it.
            return flags.Count == 0 && Menu.WorkOf(viewer) is [var only] ? PageAnswer.SeeOther(only.Path) : PageAnswer.Of<StaffHome>(flags);
        }
        if ((await journeys.All(caller)).Refused(out var refusal, out var own))
            return PageAnswer.From(refusal);
        var published = Codes.Of(CampaignStatus.Published);
        if ((await listCampaigns.Run(new(published, null, null), caller)).Refused(out var unlisted, out var campaigns))
            return PageAnswer.From(unlisted);
        var now = clock.GetCurrentInstant();
        var applied = own.Where(journey => ApplicationForm.Stands(journey.Application)).Select(journey => journey.Campaign.Id).ToHashSet();
        var ordered = own.Select(journey => (Journey: journey, Step: JourneyStep.Of(journey)))
            .OrderByDescending(pair => pair.Step.IsNow)
            .ThenByDescending(pair => pair.Journey.Application.SubmittedAt)
            .ToList();
        return PageAnswer.Of<Home>(
            new Home.Facts(
                Current: ordered.Where(pair => !pair.Step.IsOver || pair.Step.Action is not null).Select(pair => pair.Journey).ToList(),
                Open: campaigns
                    .Items.Where(campaign => campaign.Windows.TakesApplications(now) && !applied.Contains(campaign.Id))
                    .OrderBy(campaign => campaign.Windows.ApplicationsTo)
                    .ToList(),
                Past: ordered.Where(pair => pair.Step is { IsOver: true, Action: null }).Select(pair => pair.Journey).ToList()
            )
        );
    }

    private static async Task<IResult> ShowCampaign(Guid campaignId, HttpContext http, ApplicationForm form) =>
        (await form.Fill(campaignId, http.Caller())).Refused(out var refusal, out var facts)
            ? PageAnswer.From(refusal)
            : PageAnswer.Of<ApplyPage>(facts);

    private static async Task<IResult> ShowInstruction(Guid campaignId, HttpContext http, GetCampaignDocument useCase) =>
        (await useCase.Run(new(campaignId, Codes.Of(CampaignDocumentKind.ParticipantInstruction)), http.Caller())).Refused(
            out var refusal,
            out var document
        )
            ? PageAnswer.From(refusal)
            : PageAnswer.Of<InstructionPage>(document);

    private static async Task<IResult> Apply(
        Guid campaignId,
        SentForm sent,
        HttpContext http,
        ApplicationForm form,
        FileApplication useCase
    )
    {
        var caller = http.Caller();
        if ((await form.Fill(campaignId, caller)).Refused(out var unknown, out var facts))
            return PageAnswer.From(unknown);
        facts = facts with
        {
            Site = sent.Id("site"),
            Agreed = sent.Has("consent"),
            Processed = sent.Has("processing"),
            Shared = sent.Has("sharing"),
            Conditions = new(sent["extra"], sent["extraUnit"], sent.Has("breaks"), sent.Has("assistant"), sent.Has("paper")),
        };
        List<ErrorSummary.Line> errors = [];
        if (facts.Site is null)
            errors.Add(new("site", "Выберите площадку."));
        if (!facts.Agreed)
            errors.Add(new("consent", "Без согласия на участие заявление подать нельзя."));
        if (facts is { Processing: not null, Processed: false })
            errors.Add(new("processing", "Без согласия на обработку персональных данных заявление подать нельзя."));
        if (sent.Text("extra") is not null && sent.Number("extra") is null)
            errors.Add(new("extra", "Дополнительное время — целое число, например 30."));
        if (facts.Site is not { } site || errors.Count > 0)
            return Again(errors);
        // The form names the versions of the texts that the person saw. If other versions are in force by now, the use
        // case refuses.
        var consent = new ConsentGiven(facts.Participation.Code, sent.Number("consent") ?? 0, Accepted: true);
        var sharing = facts is { Shared: true, Sharing: { } text }
            ? new ConsentGiven(text.Code, sent.Number("sharing") ?? 0, Accepted: true)
            : null;
        var processing = facts.Processing is { } law ? new ConsentGiven(law.Code, sent.Number("processing") ?? 0, Accepted: true) : null;
        var extra = sent.Number("extra") is { } amount
            ? new ExtraTime(amount, Codes.Find<ExtraTimeUnit>(facts.Conditions.Unit) ?? ExtraTimeUnit.Minutes)
            : null;
        var needs = new Accommodations(extra, facts.Conditions.Breaks, facts.Conditions.Assistant, facts.Conditions.Paper);
        if (
            !(
                await useCase.Run(new(campaignId, new(site, consent, sharing, Accommodations: needs, DataProcessing: processing)), caller)
            ).Refused(out var refusal, out var filed)
        )
            return PageAnswer.SeeOther($"/applications/{filed.Id:D}?filed");
        // The person's application was already filed a moment ago, by this form or in another window.
        return
            refusal.Kind is RefusalKind.Conflict
            && !(await form.Fill(campaignId, caller)).Refused(out _, out var now)
            && now.ApplicationId is { } earlier
            ? PageAnswer.SeeOther($"/applications/{earlier:D}?filed")
            : Again([new(FieldOf(refusal), refusal.Detail)], Problems.StatusOf(refusal.Kind));

        static string? FieldOf(Refusal refusal) =>
            refusal.Facts.GetValueOrDefault("field") switch
            {
                "consent" => "consent",
                "dataProcessing" => "processing",
                "accommodations.extraTime" => "extra",
                _ => null,
            };

        PageAnswer Again(IReadOnlyList<ErrorSummary.Line> wrong, int status = StatusCodes.Status422UnprocessableEntity) =>
            PageAnswer.Of<ApplyPage>(facts with { Errors = wrong }, status);
    }

    private static async Task<IResult> ShowApplication(Guid applicationId, HttpContext http, Journeys journeys) =>
        (await journeys.Of(applicationId, http.Caller())).Refused(out var refusal, out var journey)
            ? PageAnswer.From(refusal)
            : PageAnswer.Of<ApplicationPage>(new ApplicationPage.Facts(journey, http.Request.Query.ContainsKey("filed"), Error: null));

    private static async Task<IResult> Withdraw(
        Guid applicationId,
        SentForm form,
        HttpContext http,
        WithdrawApplication useCase,
        Journeys journeys
    )
    {
        if (!(await useCase.Run(applicationId, http.Caller())).Refused(out var refusal, out _))
            return PageAnswer.SeeOther($"/applications/{applicationId:D}");
        return (await journeys.Of(applicationId, http.Caller())).Refused(out var unknown, out var journey)
            ? PageAnswer.From(unknown)
            : PageAnswer.Of<ApplicationPage>(
                new ApplicationPage.Facts(journey, JustFiled: false, refusal.Detail),
                Problems.StatusOf(refusal.Kind)
            );
    }

    private static async Task<IResult> ShowCalendar(Guid applicationId, HttpContext http, Journeys journeys)
    {
        if ((await journeys.Of(applicationId, http.Caller())).Refused(out var refusal, out var journey))
            return PageAnswer.From(refusal);
        if (journey.Site is null || journey.Application.Seat is null)
            return PageAnswer.From(Refusal.NotFound("session-not-found", "Сеанс ещё не назначен: добавлять в календарь нечего."));
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Bytes(
            Encoding.UTF8.GetBytes(CalendarFile.Of(journey, journey.Site)),
            "text/calendar; charset=utf-8",
            "diagnostika.ics"
        );
    }
}
