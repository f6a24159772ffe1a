using Diagnostics.Engine;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Appeals;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Appeals;
using Diagnostics.UseCases.Sessions;
using Microsoft.OpenApi;

namespace Diagnostics.Server.Api;

internal static class AppealsApi
{
    internal static void MapAppeals(this IEndpointRouteBuilder routes)
    {
        var appeals = routes.MapGroup("/appeals").WithTags("Appeals");
        var sessions = routes.MapGroup("/sessions").WithTags("Appeals");
        var campaigns = routes.MapGroup("/campaigns").WithTags("Appeals");
        MapFiling(appeals, sessions);
        MapReading(appeals, campaigns);
        MapAttachments(appeals);
        MapDeciding(appeals);
    }

    private static void MapFiling(RouteGroupBuilder appeals, RouteGroupBuilder sessions)
    {
        sessions
            .Get(
                "/{sessionId:guid}/appealable",
                GetAppealable.Operation,
                (Guid sessionId, HttpContext http, GetAppealable useCase) => useCase.Run(sessionId, http.Caller()).Ok()
            )
            .WithSummary("Свои ответы и баллы по критериям после публикации: что и до какого срока можно обжаловать");

        sessions
            .Get(
                "/{sessionId:guid}/scans/{slot:int}/{number:int}",
                GetOwnScan.Operation,
                (Guid sessionId, int slot, int number, HttpContext http, GetOwnScan useCase) =>
                    ScanDownload.From(http, useCase.Run(new(sessionId, slot, number), http.Caller()))
            )
            .MayAnswer(409)
            .WithSummary("Скан своего ответа на бумаге, после публикации")
            .ProducesScan();

        appeals
            .Post(
                "/",
                FileAppeal.Operation,
                (AppealRequest request, HttpContext http, FileAppeal useCase) =>
                    useCase.Run(request, http.Caller()).Created(appeal => $"/api/v1/appeals/{appeal.Id:D}")
            )
            .WithSummary(
                "Подать апелляцию: о порядке, аннулировании, недопуске – в тот же день или с причиной опоздания, о баллах – в срок после публикации"
            )
            .MayFindNothing();

        appeals
            .Post(
                "/{appealId:guid}/withdrawal",
                WithdrawAppeal.Operation,
                (Guid appealId, HttpContext http, WithdrawAppeal useCase) => useCase.Run(appealId, http.Caller()).Ok()
            )
            .WithSummary("Отозвать апелляцию, пока она не решена");
    }

    private static void MapReading(RouteGroupBuilder appeals, RouteGroupBuilder campaigns)
    {
        appeals
            .Get("/", ListMyAppeals.Operation, (HttpContext http, ListMyAppeals useCase) => useCase.Run(default, http.Caller()).OkPage())
            .WithSummary("Свои апелляции");

        appeals
            .Get(
                "/{appealId:guid}",
                GetAppeal.Operation,
                (Guid appealId, HttpContext http, GetAppeal useCase) => useCase.Run(appealId, http.Caller()).Ok()
            )
            .WithSummary("Апелляция; комиссия не видит, чья она");

        campaigns
            .Get(
                "/{campaignId:guid}/appeals",
                ListAppeals.Operation,
                (
                    Guid campaignId,
                    HttpContext http,
                    ListAppeals useCase,
                    string? kind,
                    string? state,
                    string? due,
                    Guid? after,
                    int? limit
                ) => useCase.Run(new(campaignId, kind, state, due, after, limit), http.Caller()).Ok()
            )
            .MayAnswer(422)
            .WithSummary("Апелляции мероприятия; due=reminder — скоро срок, due=overdue — срок прошёл");

        appeals
            .Get(
                "/{appealId:guid}/proceedings",
                GetAppealProceedings.Operation,
                (Guid appealId, HttpContext http, GetAppealProceedings useCase) => useCase.Run(appealId, http.Caller()).Ok()
            )
            .WithSummary("Протокол апелляции: состав, отводы, предложения, голоса, особые мнения");
    }

    private static void MapAttachments(RouteGroupBuilder appeals)
    {
        AttachmentUpload
            .Describe(
                appeals.Post(
                    "/{appealId:guid}/attachments",
                    AddAppealAttachment.Operation,
                    (Guid appealId, string name, AttachmentUpload upload, HttpContext http, AddAppealAttachment useCase) =>
                        useCase
                            .Run(new(appealId, name, upload.Content), http.Caller())
                            .Created(attachment => $"/api/v1/appeals/{appealId:D}/attachments/{attachment.Number}")
                )
            )
            .WithSummary("Приложить к апелляции файл PDF, PNG или JPEG до 5 МБ, не больше пяти")
            .OnePerCaller();

        appeals
            .Get(
                "/{appealId:guid}/attachments",
                ListAppealAttachments.Operation,
                (Guid appealId, HttpContext http, ListAppealAttachments useCase) => useCase.Run(appealId, http.Caller()).OkPage()
            )
            .WithSummary("Что приложено к апелляции; комиссии имена файлов не показывают");

        appeals
            .Get(
                "/{appealId:guid}/attachments/{number:int}",
                GetAppealAttachment.Operation,
                async (Guid appealId, int number, HttpContext http, GetAppealAttachment useCase) =>
                    AttachmentDownload.From(await useCase.Run(new(appealId, number), http.Caller()))
            )
            .WithSummary("Приложенный файл: его сохраняют, а не открывают")
            .ProducesFile(FileSignature.Pdf, JsonSchemaType.String, "Содержимое файла как есть; вид — в Content-Type.");

        appeals
            .Get(
                "/{appealId:guid}/letter",
                GetAppealLetter.Operation,
                (Guid appealId, HttpContext http, GetAppealLetter useCase, SheetPage page) =>
                    page.Show<AppealLetterSheet, AppealLetter>(useCase.Run(appealId, http.Caller()))
            )
            .MayAnswer(409)
            .WithSummary("Письмо с решением по апелляции или с отказом в её приёме, лист A4")
            .ProducesFile("text/html", JsonSchemaType.String, "Страница HTML.");
    }

    private static void MapDeciding(RouteGroupBuilder appeals)
    {
        appeals
            .Post(
                "/{appealId:guid}/admission",
                AdmitAppeal.Operation,
                (Guid appealId, HttpContext http, AdmitAppeal useCase) => useCase.Run(appealId, http.Caller()).Ok()
            )
            .WithSummary("Принять апелляцию к рассмотрению");

        appeals
            .Post(
                "/{appealId:guid}/refusal",
                RefuseAppeal.Operation,
                (Guid appealId, AppealRefusalRequest request, HttpContext http, RefuseAppeal useCase) =>
                    useCase.Run(new(appealId, request), http.Caller()).Ok()
            )
            .WithSummary("Отказать в приёме: вопрос апелляции не подлежит, с пунктом правил; или причина опоздания не уважительная");

        appeals
            .Post(
                "/{appealId:guid}/consideration",
                ConsiderAppeal.Operation,
                (Guid appealId, HttpContext http, ConsiderAppeal useCase) => useCase.Run(appealId, http.Caller()).Ok()
            )
            .WithSummary("Начать рассмотрение принятой апелляции");

        appeals
            .Post(
                "/{appealId:guid}/hearing",
                SetAppealHearing.Operation,
                (Guid appealId, AppealHearingRequest request, HttpContext http, SetAppealHearing useCase) =>
                    useCase.Run(new(appealId, request), http.Caller()).Ok()
            )
            .WithSummary("Назначить заседание с приглашением участника или перенести его с причиной");

        appeals
            .Get(
                "/{appealId:guid}/work",
                GetAppealedWork.Operation,
                (Guid appealId, HttpContext http, GetAppealedWork useCase) => useCase.Run(appealId, http.Caller()).Ok()
            )
            .MayAnswer(409)
            .WithSummary("Работа, о которой апелляция: ответ, задание, критерии; прежние баллы — когда их открыл председатель");

        appeals
            .Get(
                "/{appealId:guid}/scans/{number:int}",
                GetAppealedScan.Operation,
                (Guid appealId, int number, HttpContext http, GetAppealedScan useCase) =>
                    ScanDownload.From(http, useCase.Run(new(appealId, number), http.Caller()))
            )
            .MayAnswer(409)
            .WithSummary("Скан ответа, о котором апелляция")
            .ProducesScan();

        appeals
            .Post(
                "/{appealId:guid}/earlier-marks",
                OpenEarlierMarks.Operation,
                (Guid appealId, HttpContext http, OpenEarlierMarks useCase) => useCase.Run(appealId, http.Caller()).Ok()
            )
            .WithSummary("Открыть комиссии прежние баллы");

        appeals
            .Post(
                "/{appealId:guid}/recusal",
                RecuseFromAppeal.Operation,
                (Guid appealId, ReasonRequest request, HttpContext http, RecuseFromAppeal useCase) =>
                    useCase.Run(new(appealId, request), http.Caller()).NoContent()
            )
            .WithSummary("Заявить самоотвод");

        appeals
            .Post(
                "/{appealId:guid}/proposals",
                ProposeAppealDecision.Operation,
                (Guid appealId, ProposalRequest request, HttpContext http, ProposeAppealDecision useCase) =>
                    useCase.Run(new(appealId, request), http.Caller()).Created(ProceedingsAt)
            )
            .WithSummary("Поставить решение на голосование");

        appeals
            .Post(
                "/{appealId:guid}/votes",
                VoteOnAppeal.Operation,
                (Guid appealId, VoteRequest request, HttpContext http, VoteOnAppeal useCase) =>
                    useCase.Run(new(appealId, request), http.Caller()).Created(ProceedingsAt)
            )
            .WithSummary("Проголосовать за решение или против него, с особым мнением");

        appeals
            .Post(
                "/{appealId:guid}/decision",
                DecideAppeal.Operation,
                (Guid appealId, DecisionRequest request, HttpContext http, DecideAppeal useCase) =>
                    useCase.Run(new(appealId, request), http.Caller()).Ok()
            )
            .WithSummary("Вынести решение по итогам голосования");
    }

    private static string ProceedingsAt(AppealProceedings proceedings) => $"/api/v1/appeals/{proceedings.AppealId:D}/proceedings";
}
