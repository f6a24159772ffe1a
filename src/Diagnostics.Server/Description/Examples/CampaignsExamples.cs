using System.Text.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Hooks;
using Diagnostics.Engine.Sessions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using NodaTime;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>Examples of operations on campaigns for the API description.</summary>
internal static class CampaignsExamples
{
    private static readonly SiteRequest SiteRequest = new(
        "ppd-03",
        "Лицей № 3",
        "г. Махачкала, ул. Ленина, 12",
        ExampleStory.Territory,
        "Europe/Moscow",
        30
    );

    private static readonly SiteView Site = new(
        ExampleStory.Site,
        SiteRequest.Code,
        SiteRequest.Name,
        SiteRequest.Address,
        SiteRequest.Territory,
        SiteRequest.TimeZone,
        SiteRequest.Seats,
        1
    );

    private static readonly CampaignWindows Windows = new(
        Instant.FromUtc(2026, 8, 31, 21, 0),
        Instant.FromUtc(2026, 9, 10, 21, 0),
        Instant.FromUtc(2026, 9, 13, 21, 0),
        Instant.FromUtc(2026, 9, 16, 21, 0),
        Instant.FromUtc(2026, 9, 21, 21, 0)
    );

    private static readonly CampaignRequest Request = new(
        Title: "Входная диагностика учителей математики",
        Audience: "Учителя математики 5–9 классов",
        FormId: ExampleStory.Form,
        Stage: CampaignStage.Entry,
        Windows: Windows,
        SiteIds: [ExampleStory.Site],
        Programme: "ДПП ПК «Обновлённый ФГОС: математика», 72 часа",
        TimeLimitMinutes: 120,
        Policies: [new(PolicyKind.Session, "default", 1)]
    );

    private static readonly CampaignView Draft = new(
        Id: ExampleStory.Campaign,
        Title: Request.Title,
        Audience: Request.Audience,
        Stage: Request.Stage,
        Programme: Request.Programme,
        Status: CampaignStatus.Draft,
        TimeLimitMinutes: 120,
        Windows: Windows,
        Sites: [new(Site.Id, Site.Code, Site.Name, Site.Address, Site.Territory, Site.TimeZone)],
        Consent: new(Consents.ParticipationCode, 2),
        ProfileSharingConsent: new(Consents.ProfileSharingCode, 1),
        FormId: ExampleStory.Form,
        Policies:
        [
            new(PolicyKind.LevelScale, "default", 1),
            new(PolicyKind.Session, "default", 1),
            new(PolicyKind.Marking, "default", 1),
            new(PolicyKind.Scoring, "default", 1),
            new(PolicyKind.Consent, Consents.ParticipationCode, 2),
            new(PolicyKind.Appeals, "default", 1),
            new(PolicyKind.Calendar, "default", 1),
        ],
        Revision: 1,
        CreatedAt: ExampleStory.Drafted,
        PublishedAt: null,
        ClosedAt: null
    );

    private static readonly CampaignView Published = Draft with
    {
        Status = CampaignStatus.Published,
        Revision = 2,
        PublishedAt = ExampleStory.Published,
    };

    private static readonly ApplicationView Submitted = new(
        Id: ExampleStory.Application,
        CampaignId: ExampleStory.Campaign,
        ParticipantId: ExampleStory.Participant,
        SiteId: ExampleStory.Site,
        Status: ApplicationStatus.Submitted,
        Consent: new(Consents.ParticipationCode, 2),
        SubmittedAt: ExampleStory.Applied,
        DecidedAt: null,
        Reason: null,
        SessionId: null,
        Seat: null
    );

    private static readonly ApplicationView Approved = Submitted with
    {
        Status = ApplicationStatus.Approved,
        DecidedAt = ExampleStory.Approved,
        SessionId = ExampleStory.Session,
        Seat = 7,
    };

    private static readonly Accommodations Asked = new(new(25, ExtraTimeUnit.Percent), Breaks: true);

    private static readonly PolicyRequest Policy = new(
        PolicyKind.Session,
        "slow-line",
        JsonSerializer.SerializeToElement(new SessionPolicy(120), UseCases.Execution.Json.Options)
    );

    private static readonly SittingView Morning = new(
        Id: new("019aa000-0000-7000-8000-0000000000a1"),
        SiteId: Site.Id,
        TimeZone: Site.TimeZone,
        StartsAt: Instant.FromUtc(2026, 9, 14, 6, 0),
        EndsAt: Instant.FromUtc(2026, 9, 14, 9, 0),
        Shift: 1,
        Seats: 15,
        Free: 4,
        Reserve: false,
        CancelledAt: null
    );

    private static readonly SittingView Later = Morning with
    {
        StartsAt = Instant.FromUtc(2026, 9, 15, 6, 0),
        EndsAt = Instant.FromUtc(2026, 9, 15, 9, 0),
    };

    private static readonly SittingView Reserve = Morning with
    {
        Id = new("019aa000-0000-7000-8000-0000000000a2"),
        StartsAt = Instant.FromUtc(2026, 9, 16, 6, 0),
        EndsAt = Instant.FromUtc(2026, 9, 16, 9, 0),
        Free = 15,
        Reserve = true,
    };

    private static readonly CampaignWindows Extended = Windows with { ApplicationsTo = Instant.FromUtc(2026, 9, 12, 21, 0) };

    internal static IEnumerable<Example> All =>
        [.. Sites, .. Policies, .. Campaigns, .. Sittings, .. Decisions, .. Applications, .. Reassignments];

    private static IEnumerable<Example> Sites =>
        [
            Takes("AddSite", SiteRequest),
            Takes("UpdateSite", SiteRequest with { Seats = 24 }),
            Gives("AddSite", Site, 201),
            Gives("UpdateSite", Site with { Seats = 24, Revision = 2 }),
            Gives("ListSites", new Page<SiteView>([Site], null)),
            Gives("GetSite", Site),
            .. Refuses(
                Refusal.Conflict("site-code-taken", "Площадка с кодом «ppd-03» уже есть.").With("field", "code"),
                "AddSite",
                "UpdateSite"
            ),
            .. Refuses(
                Refusal.Invalid("time-zone-unknown", "Часового пояса «Moscow» нет; пример: Europe/Moscow.").With("field", "timeZone"),
                "AddSite",
                "UpdateSite"
            ),
            .. Refuses(Refusal.Conflict("site-in-use", "Площадкой пользуется мероприятие: её нельзя удалить."), "DeleteSite"),
            .. Refuses(CampaignRefusals.NoSite, "GetSite", "UpdateSite", "DeleteSite"),
        ];

    private static IEnumerable<Example> Policies =>
        [
            Takes("AddPolicyVersion", Policy),
            Gives(
                "AddPolicyVersion",
                new PolicyDocument(Policy.Kind, Policy.Code, 1, ExampleStory.Drafted, JsonNode.Parse(Policy.Content.GetRawText())!),
                201
            ),
            Gives(
                "GetPolicy",
                new PolicyDocument(PolicyKind.Session, "default", 1, ExampleStory.BankLoaded, new JsonObject { ["graceSeconds"] = 30 })
            ),
            Lists(
                "ListPolicies",
                new PolicySummary[]
                {
                    new(PolicyKind.LevelScale, "default", 1, ExampleStory.BankLoaded),
                    new(PolicyKind.Session, "default", 1, ExampleStory.BankLoaded),
                }
            ),
            .. Refuses(Refusal.Conflict("policy-unchanged", "Версия 1 уже имеет это содержание.").With("version", 1), "AddPolicyVersion"),
            .. Refuses(EngineHooks.Policies.Check(PolicyKind.Session, """{"graceSeconds": 900}""").Refusal!, "AddPolicyVersion"),
            .. Refuses(PolicyRules.NotFound, "GetPolicy"),
        ];

    private static IEnumerable<Example> Campaigns =>
        [
            Takes("AddCampaign", Request),
            Takes("UpdateCampaign", Request with { TimeLimitMinutes = 150 }),
            Gives("AddCampaign", Draft, 201),
            Gives("UpdateCampaign", Draft with { TimeLimitMinutes = 150, Revision = 2 }),
            Gives("PublishCampaign", Published),
            Gives("ListCampaigns", new Page<CampaignView>([Published], null)),
            Gives("GetCampaign", Published),
            .. Refuses(InvalidWindows(Windows with { ApplicationsTo = Windows.ApplicationsFrom }), "AddCampaign", "UpdateCampaign"),
            .. Refuses(
                Refusal.Conflict(
                    "campaign-published",
                    "Мероприятие опубликовано: люди подают заявления на объявленных условиях. Продлить сроки, добавить площадку или проведение, "
                        + "перенести, исправить название или отменить можно решением с указанием причины."
                ),
                "UpdateCampaign"
            ),
            .. Refuses(NotReady(Draft), "PublishCampaign"),
            .. Refuses(
                CampaignRefusals.NoCampaign,
                "GetCampaign",
                "UpdateCampaign",
                "PublishCampaign",
                "FileApplication",
                "ListApplications",
                "ApproveApplications",
                "ApproveByRule"
            ),
            .. Refuses(
                CampaignRefusals.NotYours,
                "UpdateCampaign",
                "PublishCampaign",
                "ListApplications",
                "ApproveApplications",
                "ApproveByRule"
            ),
        ];

    private static IEnumerable<Example> Sittings =>
        [
            Lists("ListSittings", Morning, Reserve),
            Takes(
                "AddSitting",
                new SittingRequest(Site.Id, Reserve.StartsAt, Reserve.EndsAt, Reserve: true, Reason: "Резервный день для заболевших")
            ),
            Gives("AddSitting", Reserve, 201),
            Takes("MoveSitting", new SittingMove(Later.StartsAt, Later.EndsAt, "Праздничный день перенесён")),
            Gives("MoveSitting", Later),
            Takes("CancelSitting", new SittingCancellation("Площадка закрыта: авария отопления")),
            Gives("CancelSitting", Morning with { Free = 0, CancelledAt = ExampleStory.Approved }),
            .. Refuses(
                Refusal
                    .Conflict("site-occupied", "На площадке «Лицей № 3» 30 мест, а вместе с другими проведениями в это время нужно 45.")
                    .With("siteId", Site.Id)
                    .With("seats", 30)
                    .With("needed", 45),
                "AddSitting",
                "MoveSitting"
            ),
            .. Refuses(
                Refusal
                    .Conflict(
                        "sitting-begun",
                        "В этом проведении уже начали: 12. Его не перенести и не отменить; тех, кто не начал, переведите по одному."
                    )
                    .With("begun", 12),
                "CancelSitting"
            ),
            .. Refuses(
                Refusal.Conflict("campaign-published", "Мероприятие опубликовано: проведение не удаляют, а отменяют с указанием причины."),
                "DeleteSitting"
            ),
            .. Refuses(SittingRefusals.NotFound, "MoveSitting", "CancelSitting", "DeleteSitting"),
        ];

    private static IEnumerable<Example> Decisions =>
        [
            Lists(
                "ListCampaignDecisions",
                new CampaignDecision[]
                {
                    new(
                        1,
                        CampaignDecisionKind.Retitled,
                        new JsonObject { ["from"] = "Входная диагностика", ["to"] = Request.Title },
                        "Опечатка в названии",
                        ExampleStory.Account.ToString("D"),
                        ExampleStory.Approved
                    ),
                }
            ),
            Takes("ExtendCampaign", new CampaignExtension("Не все успели подать заявление", ApplicationsTo: Extended.ApplicationsTo)),
            Gives("ExtendCampaign", Published with { Windows = Extended, Revision = 3 }),
            .. Refuses(
                Refusal
                    .Invalid("only-later", "applicationsTo можно перенести только на более позднее время, которое ещё не прошло.")
                    .With("field", "applicationsTo")
                    .With("was", Windows.ApplicationsTo),
                "ExtendCampaign"
            ),
            Takes("AddCampaignSite", new CampaignSiteAddition(Site.Id, "Заявлений больше, чем мест")),
            Gives("AddCampaignSite", Published with { Revision = 3 }),
            .. Refuses(Refusal.Conflict("site-in-campaign", "Мероприятие уже проводится на площадке «Лицей № 3»."), "AddCampaignSite"),
            Takes("RetitleCampaign", new CampaignTitle(Request.Title, "Опечатка в названии")),
            Gives("RetitleCampaign", Published with { Revision = 3 }),
            .. Refuses(TextRules.Check("title", "", 300)!, "RetitleCampaign"),
            Takes("PostponeCampaign", new CampaignPostponement(7, "Карантин в школах города")),
            Gives(
                "PostponeCampaign",
                Published with
                {
                    Windows = Windows.Postpone(7, [DateTimeZoneProviders.Tzdb[Site.TimeZone]], ExampleStory.Approved),
                    Revision = 3,
                }
            ),
            Takes("CancelCampaign", new CampaignCancellation("Мероприятие назначено повторно по ошибке")),
            Gives(
                "CancelCampaign",
                Published with
                {
                    Status = CampaignStatus.Cancelled,
                    CancelledAt = ExampleStory.Approved,
                    Revision = 3,
                }
            ),
            .. Refuses(
                Refusal
                    .Conflict(
                        "campaign-begun",
                        "Диагностику уже начали: 12. Мероприятие целиком не перенести; перенесите проведения, которые ещё не начались, или продлите сроки."
                    )
                    .With("begun", 12),
                "PostponeCampaign",
                "CancelCampaign"
            ),
            .. Refuses(CampaignRefusals.Cancelled, "ExtendCampaign", "FileApplication", "ApproveApplication"),
            .. Refuses(
                Refusal.Conflict("campaign-published", "Удаляют только черновик: опубликованное мероприятие отменяют с указанием причины."),
                "DeleteCampaign"
            ),
            .. Refuses(
                CampaignRefusals.NoCampaign,
                "ListSittings",
                "ListCampaignDecisions",
                "ExtendCampaign",
                "AddCampaignSite",
                "RetitleCampaign",
                "PostponeCampaign",
                "CancelCampaign",
                "DeleteCampaign"
            ),
        ];

    private static IEnumerable<Example> Reassignments =>
        [
            Takes("ReassignApplication", new ReassignmentRequest("Болезнь в день диагностики", SittingId: Reserve.Id)),
            Gives(
                "ReassignApplication",
                Approved with
                {
                    SittingAsked = Reserve.Id,
                    Sitting = new(
                        Id: Reserve.Id,
                        SiteId: Site.Id,
                        Site: Site.Name,
                        Address: Site.Address,
                        TimeZone: Site.TimeZone,
                        StartsAt: Reserve.StartsAt,
                        EndsAt: Reserve.EndsAt,
                        Shift: Reserve.Shift,
                        Seat: Approved.Seat,
                        CancelledAt: null
                    ),
                }
            ),
            .. Refuses(
                Refusal
                    .Conflict("sitting-full", "Все места этого проведения заняты. Где места есть, сказано в free.")
                    .With(
                        "free",
                        new[] { new FreeSitting(Reserve.Id, Site.Id, Reserve.StartsAt, Reserve.EndsAt, Reserve.Shift, Reserve.Free, true) }
                    ),
                "ApproveApplication",
                "ReassignApplication"
            ),
            .. Refuses(CampaignRefusals.NoApplication, "ReassignApplication"),
        ];

    private static IEnumerable<Example> Applications =>
        [
            Takes(
                "FileApplication",
                "own",
                "Человек подаёт заявление сам",
                new ApplicationRequest(
                    ExampleStory.Site,
                    new(Consents.ParticipationCode, 2, true),
                    new(Consents.ProfileSharingCode, 1, true)
                )
            ),
            Takes(
                "FileApplication",
                "for_somebody",
                "Портал передаёт заявление человека",
                new ApplicationRequest(ExampleStory.Site, new(Consents.ParticipationCode, 2, true), null, ExampleStory.Participant)
            ),
            Takes(
                "FileApplication",
                "accommodations",
                "С просьбой об особых условиях",
                new ApplicationRequest(ExampleStory.Site, new(Consents.ParticipationCode, 2, true), Accommodations: Asked)
            ),
            Gives("FileApplication", Submitted, 201),
            .. Refuses(
                Refusal.Conflict("application-exists", "Заявление этого человека на это мероприятие уже подано."),
                "FileApplication"
            ),
            .. Refuses(Consents.NotAccepted("consent"), "FileApplication"),
            Gives("ListApplications", new Page<ApplicationView>([Submitted], null)),
            Lists("ListPersonApplications", Approved),
            Gives("GetApplication", Approved),
            Takes(
                "ApproveApplication",
                "granted",
                "Из того, о чём просили, одобрено не всё",
                new ApplicationApproval(new(Asked.ExtraTime))
            ),
            Gives("ApproveApplication", Approved with { AccommodationsAsked = Asked, AccommodationsGranted = new(Asked.ExtraTime) }),
            .. Refuses(
                new Accommodations(new(300, ExtraTimeUnit.Minutes)).Check(120, SessionPolicy.UsualExtraMinutes)!,
                "FileApplication",
                "ApproveApplication"
            ),
            Takes("ApproveApplications", new ApprovalsRequest([ExampleStory.Application])),
            Gives("ApproveApplications", new ApprovalOutcome[] { new(ExampleStory.Application, true, ExampleStory.Session, null, null) }),
            .. Refuses(
                Refusal.Invalid("too-many-applications", "applicationIds — от 1 до 500 заявлений.").With("field", "applicationIds"),
                "ApproveApplications"
            ),
            Takes("ApproveByRule", new ApprovalRule(SiteId: ExampleStory.Site)),
            Gives("ApproveByRule", JobsExamples.Queued, 202),
            Takes(
                "RejectApplication",
                new RejectionRequest("Диагностика проводится для учителей 5–9 классов, а заявитель преподаёт в начальной школе.")
            ),
            Gives(
                "RejectApplication",
                Submitted with
                {
                    Status = ApplicationStatus.Rejected,
                    DecidedAt = ExampleStory.Approved,
                    Reason = "Диагностика проводится для учителей 5–9 классов, а заявитель преподаёт в начальной школе.",
                }
            ),
            Gives("WithdrawApplication", Submitted with { Status = ApplicationStatus.Withdrawn, DecidedAt = ExampleStory.Approved }),
            .. Refuses(ApplicationStatus.Withdrawn.Approve().Refusal!, "ApproveApplication"),
            .. Refuses(ApplicationStatus.Approved.Reject().Refusal!, "RejectApplication"),
            .. Refuses(ApplicationStatus.Rejected.Withdraw().Refusal!, "WithdrawApplication"),
            .. Refuses(WithdrawApplication.SessionAnnulled, "WithdrawApplication"),
            .. Refuses(TextRules.Check("reason", "", RejectApplication.MaxReason)!, "RejectApplication"),
            .. Refuses(CampaignRefusals.NoApplication, "GetApplication", "ApproveApplication", "RejectApplication", "WithdrawApplication"),
            .. Refuses(CampaignRefusals.NoPerson, "ListPersonApplications"),
        ];

    private static Refusal InvalidWindows(CampaignWindows windows)
    {
        var faults = windows.Faults().ToList();
        return Refusal.Invalid("windows-invalid", string.Join(" ", faults)).With("field", "windows").With("faults", faults);
    }

    private static Refusal NotReady(CampaignView draft)
    {
        var slots = Enumerable.Range(1, 4).ToDictionary(variant => variant, _ => 3);
        var faults = new CampaignReadiness(draft.Windows, 0, slots, PolicyKinds.OfCampaigns).Faults(ExampleStory.Drafted).ToList();
        return Refusal.Conflict("campaign-not-ready", string.Join(" ", faults)).With("faults", faults);
    }
}
