using Diagnostics.Engine;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Campaigns;

namespace Diagnostics.Server.Api;

internal static class CampaignsApi
{
    internal static void MapCampaigns(this IEndpointRouteBuilder routes)
    {
        var campaigns = routes.MapGroup("/campaigns").WithTags("Campaigns");
        var applications = routes.MapGroup("/applications").WithTags("Campaigns");
        var people = routes.MapGroup("/people").WithTags("Campaigns");
        MapPolicies(routes.MapGroup("/policies").WithTags("Campaigns"));
        MapSites(routes.MapGroup("/sites").WithTags("Campaigns"));
        MapPlanning(campaigns);
        MapSittings(campaigns);
        MapChanges(campaigns);
        MapApplying(campaigns, applications, people);
        MapDeciding(campaigns, applications);
        MapDocuments(campaigns.MapGroup("/{campaignId:guid}/documents"));
    }

    private static void MapDocuments(RouteGroupBuilder documents)
    {
        documents
            .Get(
                "/",
                ListCampaignDocuments.Operation,
                (Guid campaignId, int? after, int? limit, HttpContext http, ListCampaignDocuments useCase) =>
                    useCase.Run(new(campaignId, after, limit), http.Caller()).Ok()
            )
            .WithSummary("Документы мероприятия: действующие, кого касаются; оператору — все версии");
        documents
            .Get(
                "/{kind}",
                GetCampaignDocument.Operation,
                (Guid campaignId, string kind, int? version, HttpContext http, GetCampaignDocument useCase) =>
                    useCase.Run(new(campaignId, kind, version), http.Caller()).Ok()
            )
            .WithSummary("Документ мероприятия с текстом: действующая версия или названная")
            .WithDescription(
                "Приказ видят все, у кого есть место в мероприятии; инструкцию участника — подавшие заявление и площадка; "
                    + "инструкции организатора и эксперта — они сами; протокол комиссии по разработке — авторы, рецензенты и председатель РК."
            );
        documents
            .Post(
                "/",
                AddCampaignDocument.Operation,
                (Guid campaignId, CampaignDocumentRequest document, HttpContext http, AddCampaignDocument useCase) =>
                    useCase
                        .Run(new(campaignId, document), http.Caller())
                        .Created(added =>
                            $"/api/v1/campaigns/{added.CampaignId:D}/documents/{Codes.Of(added.Kind)}?version={added.Version}"
                        )
            )
            .WithSummary("Добавить следующую версию документа: приказ, протокол комиссии, инструкцию; прежние не меняются");
    }

    private static void MapPolicies(RouteGroupBuilder policies)
    {
        policies
            .Get(
                "/",
                ListPolicies.Operation,
                (string? kind, HttpContext http, ListPolicies useCase) => useCase.Run(new(kind), http.Caller()).OkPage()
            )
            .MayAnswer(422)
            .WithSummary("Политики: все виды и версии");
        policies
            .Get(
                "/{kind}/{code}/{version:int}",
                GetPolicy.Operation,
                (string kind, string code, int version, HttpContext http, GetPolicy useCase) =>
                    useCase.Run(new(kind, code, version), http.Caller()).Ok()
            )
            .WithSummary("Версия политики с её содержанием");
        policies
            .Post(
                "/",
                AddPolicyVersion.Operation,
                (PolicyRequest policy, HttpContext http, AddPolicyVersion useCase) =>
                    useCase
                        .Run(policy, http.Caller())
                        .Created(added => $"/api/v1/policies/{Codes.Of(added.Kind)}/{added.Code}/{added.Version}")
            )
            .WithSummary("Добавить следующую версию политики; прежние не меняются");
    }

    private static void MapSites(RouteGroupBuilder sites)
    {
        sites
            .Get(
                "/",
                ListSites.Operation,
                (string? territory, Guid? after, int? limit, HttpContext http, ListSites useCase) =>
                    useCase.Run(new(territory, after, limit), http.Caller()).Ok()
            )
            .WithSummary("Площадки проведения диагностики");
        sites
            .Get(
                "/{siteId:guid}",
                GetSite.Operation,
                (Guid siteId, HttpContext http, GetSite useCase) =>
                    useCase.Run(siteId, http.Caller()).OkWithTag(http, site => site.Revision)
            )
            .WithSummary("Площадка");
        sites
            .Post(
                "/",
                AddSite.Operation,
                (SiteRequest site, HttpContext http, AddSite useCase) =>
                    useCase.Run(site, http.Caller()).CreatedWithTag(http, added => $"/api/v1/sites/{added.Id:D}", added => added.Revision)
            )
            .WithSummary("Добавить площадку");
        sites
            .Put(
                "/{siteId:guid}",
                UpdateSite.Operation,
                (Guid siteId, SiteRequest site, IfMatch match, HttpContext http, UpdateSite useCase) =>
                    useCase.Run(new(siteId, site, match.Revision), http.Caller()).OkWithTag(http, updated => updated.Revision)
            )
            .WithSummary("Изменить площадку");
        sites
            .Delete(
                "/{siteId:guid}",
                DeleteSite.Operation,
                (Guid siteId, HttpContext http, DeleteSite useCase) => useCase.Run(siteId, http.Caller()).NoContent()
            )
            .WithSummary("Удалить площадку, которой не пользовалось ни одно мероприятие");
    }

    private static void MapPlanning(RouteGroupBuilder campaigns)
    {
        campaigns
            .Get(
                "/",
                ListCampaigns.Operation,
                (string? status, Guid? after, int? limit, HttpContext http, ListCampaigns useCase) =>
                    useCase.Run(new(status, after, limit), http.Caller()).Ok()
            )
            .MayAnswer(422)
            .WithSummary("Диагностические мероприятия; черновики видит только их оператор");
        campaigns
            .Get(
                "/{campaignId:guid}",
                GetCampaign.Operation,
                (Guid campaignId, HttpContext http, GetCampaign useCase) =>
                    useCase.Run(campaignId, http.Caller()).OkWithTag(http, campaign => campaign.Revision)
            )
            .WithSummary("Диагностическое мероприятие");
        campaigns
            .Post(
                "/",
                AddCampaign.Operation,
                (CampaignRequest campaign, HttpContext http, AddCampaign useCase) =>
                    useCase
                        .Run(campaign, http.Caller())
                        .CreatedWithTag(http, added => $"/api/v1/campaigns/{added.Id:D}", added => added.Revision)
            )
            .WithSummary("Создать черновик мероприятия");
        campaigns
            .Put(
                "/{campaignId:guid}",
                UpdateCampaign.Operation,
                (Guid campaignId, CampaignRequest campaign, IfMatch match, HttpContext http, UpdateCampaign useCase) =>
                    useCase.Run(new(campaignId, campaign, match.Revision), http.Caller()).OkWithTag(http, updated => updated.Revision)
            )
            .WithSummary("Изменить черновик мероприятия");
        campaigns
            .Post(
                "/{campaignId:guid}/publication",
                PublishCampaign.Operation,
                (Guid campaignId, HttpContext http, PublishCampaign useCase) => useCase.Run(campaignId, http.Caller()).Ok()
            )
            .WithSummary("Опубликовать мероприятие: условия и политики фиксируются, форма замораживается");
    }

    private static void MapSittings(RouteGroupBuilder campaigns)
    {
        campaigns
            .Get(
                "/{campaignId:guid}/sittings",
                ListSittings.Operation,
                (Guid campaignId, Guid? siteId, HttpContext http, ListSittings useCase) =>
                    useCase.Run(new(campaignId, siteId), http.Caller()).OkPage()
            )
            .WithSummary("Проведения мероприятия: площадки, смены, свободные места");
        campaigns
            .Post(
                "/{campaignId:guid}/sittings",
                AddSitting.Operation,
                (Guid campaignId, SittingRequest sitting, HttpContext http, AddSitting useCase) =>
                    useCase.Run(new(campaignId, sitting), http.Caller()).Created(_ => $"/api/v1/campaigns/{campaignId:D}/sittings")
            )
            .WithSummary("Назначить проведение: смену на площадке");
        campaigns
            .Post(
                "/{campaignId:guid}/sittings/{sittingId:guid}/move",
                MoveSitting.Operation,
                (Guid campaignId, Guid sittingId, SittingMove move, HttpContext http, MoveSitting useCase) =>
                    useCase.Run(new(campaignId, sittingId, move), http.Caller()).Ok()
            )
            .WithSummary("Перенести проведение, в котором никто не начал; места остаются за людьми");
        campaigns
            .Post(
                "/{campaignId:guid}/sittings/{sittingId:guid}/cancellation",
                CancelSitting.Operation,
                (Guid campaignId, Guid sittingId, SittingCancellation cancellation, HttpContext http, CancelSitting useCase) =>
                    useCase.Run(new(campaignId, sittingId, cancellation), http.Caller()).Ok()
            )
            .WithSummary("Отменить проведение, в котором никто не начал")
            .WithDescription(
                "Заявления остаются одобренными, но без места, пока каждого не переведут: их показывает список заявлений с withoutPlace=true."
            );
        campaigns
            .Delete(
                "/{campaignId:guid}/sittings/{sittingId:guid}",
                DeleteSitting.Operation,
                (Guid campaignId, Guid sittingId, HttpContext http, DeleteSitting useCase) =>
                    useCase.Run(new(campaignId, sittingId), http.Caller()).NoContent()
            )
            .WithSummary("Удалить проведение из черновика");
    }

    private static void MapChanges(RouteGroupBuilder campaigns)
    {
        campaigns
            .Get(
                "/{campaignId:guid}/decisions",
                ListCampaignDecisions.Operation,
                (Guid campaignId, HttpContext http, ListCampaignDecisions useCase) => useCase.Run(campaignId, http.Caller()).OkPage()
            )
            .WithSummary("Решения после публикации: что изменено, кем и почему");
        campaigns
            .Post(
                "/{campaignId:guid}/extension",
                ExtendCampaign.Operation,
                (Guid campaignId, CampaignExtension extension, HttpContext http, ExtendCampaign useCase) =>
                    useCase.Run(new(campaignId, extension), http.Caller()).Ok()
            )
            .WithSummary("Продлить приём заявлений, проведение или проверку опубликованного мероприятия");
        campaigns
            .Post(
                "/{campaignId:guid}/sites",
                AddCampaignSite.Operation,
                (Guid campaignId, CampaignSiteAddition addition, HttpContext http, AddCampaignSite useCase) =>
                    useCase.Run(new(campaignId, addition), http.Caller()).Ok()
            )
            .WithSummary("Добавить площадку опубликованному мероприятию");
        campaigns
            .Post(
                "/{campaignId:guid}/title",
                RetitleCampaign.Operation,
                (Guid campaignId, CampaignTitle title, HttpContext http, RetitleCampaign useCase) =>
                    useCase.Run(new(campaignId, title), http.Caller()).Ok()
            )
            .WithSummary("Исправить название опубликованного мероприятия");
        campaigns
            .Post(
                "/{campaignId:guid}/postponement",
                PostponeCampaign.Operation,
                (Guid campaignId, CampaignPostponement postponement, HttpContext http, PostponeCampaign useCase) =>
                    useCase.Run(new(campaignId, postponement), http.Caller()).Ok()
            )
            .WithSummary("Перенести мероприятие, которое никто не начал, на несколько дней")
            .WithDescription("Сроки и проведения переносятся на целые дни: 9:00 остаётся 9:00 по часам каждой площадки.");
        campaigns
            .Post(
                "/{campaignId:guid}/cancellation",
                CancelCampaign.Operation,
                (Guid campaignId, CampaignCancellation cancellation, HttpContext http, CancelCampaign useCase) =>
                    useCase.Run(new(campaignId, cancellation), http.Caller()).Ok()
            )
            .WithSummary("Отменить мероприятие, которое никто не начал; назначенные сеансы аннулируются");
        campaigns
            .Delete(
                "/{campaignId:guid}",
                DeleteCampaign.Operation,
                (Guid campaignId, HttpContext http, DeleteCampaign useCase) => useCase.Run(campaignId, http.Caller()).NoContent()
            )
            .WithSummary("Удалить черновик мероприятия");
    }

    private static void MapApplying(RouteGroupBuilder campaigns, RouteGroupBuilder applications, RouteGroupBuilder people)
    {
        campaigns
            .Post(
                "/{campaignId:guid}/applications",
                FileApplication.Operation,
                (Guid campaignId, ApplicationRequest application, HttpContext http, FileApplication useCase) =>
                    useCase.Run(new(campaignId, application), http.Caller()).Created(filed => $"/api/v1/applications/{filed.Id:D}")
            )
            .WithSummary("Подать заявление об участии: за себя, или за человека — оператором или порталом");
        campaigns
            .Get(
                "/{campaignId:guid}/applications",
                ListApplications.Operation,
                (
                    Guid campaignId,
                    string? status,
                    Guid? siteId,
                    Guid? sittingId,
                    bool? withoutPlace,
                    string? entryResult,
                    Guid? after,
                    int? limit,
                    HttpContext http,
                    ListApplications useCase
                ) =>
                    useCase
                        .Run(new(campaignId, new(status, siteId, sittingId, withoutPlace, entryResult), after, limit), http.Caller())
                        .Ok()
            )
            .MayAnswer(422)
            .WithSummary("Заявления на мероприятие")
            .WithDescription(
                """
                withoutPlace=true — только те, чьё проведение отменено и другого ещё нет; entryResult=absent — только те, кто не проходил
                входную диагностику, с которой сравнивается эта.
                """
            );
        applications
            .Get(
                "/{applicationId:guid}",
                GetApplication.Operation,
                (Guid applicationId, HttpContext http, GetApplication useCase) => useCase.Run(applicationId, http.Caller()).Ok()
            )
            .WithSummary("Заявление");
        people
            .Get(
                "/{participantId:guid}/applications",
                ListPersonApplications.Operation,
                (Guid participantId, HttpContext http, ListPersonApplications useCase) => useCase.Run(participantId, http.Caller()).OkPage()
            )
            .WithSummary("Заявления человека");
    }

    private static void MapDeciding(RouteGroupBuilder campaigns, RouteGroupBuilder applications)
    {
        applications
            .Post(
                "/{applicationId:guid}/approval",
                ApproveApplication.Operation,
                (Guid applicationId, ApplicationApproval? approval, HttpContext http, ApproveApplication useCase) =>
                    useCase.Run(new(applicationId, approval), http.Caller()).Ok()
            )
            .WithSummary("Одобрить заявление: назначаются место, вариант и сеанс")
            .WithDescription("Тело можно не присылать: особые условия тогда даются те, о которых человек просил.");
        campaigns
            .Post(
                "/{campaignId:guid}/applications/approvals",
                ApproveApplications.Operation,
                (Guid campaignId, ApprovalsRequest approvals, HttpContext http, ApproveApplications useCase) =>
                    useCase.Run(new(campaignId, approvals), http.Caller()).Ok()
            )
            .WithSummary("Одобрить много заявлений; каждое — само по себе, с ответом по каждому");
        campaigns
            .Post(
                "/{campaignId:guid}/applications/approvals/by-rule",
                ApproveByRule.Operation,
                (Guid campaignId, ApprovalRule? rule, HttpContext http, ApproveByRule useCase) =>
                    useCase.Run(new(campaignId, rule ?? new()), http.Caller()).Accepted(JobsApi.AddressOf)
            )
            .WithSummary("Одобрить по правилу все заявления, которым хватает мест: фоновая работа с отчётом по каждому")
            .WithDescription("Заявления берутся в порядке подачи. Отчёт — `/jobs/{jobId}/lines`: кому не хватило места или что помешало.");
        applications
            .Post(
                "/{applicationId:guid}/rejection",
                RejectApplication.Operation,
                (Guid applicationId, RejectionRequest rejection, HttpContext http, RejectApplication useCase) =>
                    useCase.Run(new(applicationId, rejection), http.Caller()).Ok()
            )
            .WithSummary("Отклонить заявление с указанием причины");
        applications
            .Post(
                "/{applicationId:guid}/reassignment",
                ReassignApplication.Operation,
                (Guid applicationId, ReassignmentRequest reassignment, HttpContext http, ReassignApplication useCase) =>
                    useCase.Run(new(applicationId, reassignment), http.Caller()).Ok()
            )
            .WithSummary("Перевести на другую площадку, смену или место того, кто ещё не начал")
            .WithDescription("Сеанс остаётся тем же; место и вариант назначаются заново, выданный код перестаёт действовать.");
        applications
            .Post(
                "/{applicationId:guid}/withdrawal",
                WithdrawApplication.Operation,
                (Guid applicationId, HttpContext http, WithdrawApplication useCase) => useCase.Run(applicationId, http.Caller()).Ok()
            )
            .WithSummary("Отозвать заявление; назначенный сеанс аннулируется, место освобождается");
    }
}
