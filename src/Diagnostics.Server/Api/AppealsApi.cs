using Diagnostics.UseCases.Appeals;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Sessions;

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
        MapDeciding(appeals);
    }

    private static void MapFiling(RouteGroupBuilder appeals, RouteGroupBuilder sessions)
    {
        sessions.Get("/{sessionId:guid}/appealable", GetAppealable.Operation,
                (Guid sessionId, HttpContext http, GetAppealable useCase) => useCase.Run(sessionId, http.Caller()).Ok())
            .WithSummary("Свои ответы и баллы по критериям после публикации: что и до какого срока можно обжаловать");

        appeals.Post("/", FileAppeal.Operation,
                (AppealRequest request, HttpContext http, FileAppeal useCase) =>
                    useCase.Run(request, http.Caller()).Created(appeal => $"/api/v1/appeals/{appeal.Id:D}"))
            .WithSummary("Подать апелляцию: о нарушении порядка – в день сеанса, о баллах – в срок после публикации").MayFindNothing();

        appeals.Post("/{appealId:guid}/withdrawal", WithdrawAppeal.Operation,
                (Guid appealId, HttpContext http, WithdrawAppeal useCase) => useCase.Run(appealId, http.Caller()).Ok())
            .WithSummary("Отозвать апелляцию, пока она не решена");
    }

    private static void MapReading(RouteGroupBuilder appeals, RouteGroupBuilder campaigns)
    {
        appeals.Get("/", ListMyAppeals.Operation, (HttpContext http, ListMyAppeals useCase) => useCase.Run(default, http.Caller()).OkArray())
            .WithSummary("Свои апелляции");

        appeals.Get("/{appealId:guid}", GetAppeal.Operation,
                (Guid appealId, HttpContext http, GetAppeal useCase) => useCase.Run(appealId, http.Caller()).Ok())
            .WithSummary("Апелляция; комиссия не видит, чья она");

        campaigns.Get("/{campaignId:guid}/appeals", ListAppeals.Operation,
                (Guid campaignId, HttpContext http, ListAppeals useCase,
                        string? kind, string? state, string? due, Guid? after, int? limit) =>
                    useCase.Run(new(campaignId, kind, state, due, after, limit), http.Caller()).Ok())
            .MayAnswer(422).WithSummary("Апелляции мероприятия; due=reminder — скоро срок, due=overdue — срок прошёл");

        appeals.Get("/{appealId:guid}/proceedings", GetAppealProceedings.Operation,
                (Guid appealId, HttpContext http, GetAppealProceedings useCase) => useCase.Run(appealId, http.Caller()).Ok())
            .WithSummary("Протокол апелляции: состав, отводы, предложения, голоса, особые мнения");
    }

    private static void MapDeciding(RouteGroupBuilder appeals)
    {
        appeals.Post("/{appealId:guid}/admission", AdmitAppeal.Operation,
                (Guid appealId, HttpContext http, AdmitAppeal useCase) => useCase.Run(appealId, http.Caller()).Ok())
            .WithSummary("Принять апелляцию к рассмотрению");

        appeals.Post("/{appealId:guid}/refusal", RefuseAppeal.Operation,
                (Guid appealId, AppealRefusalRequest request, HttpContext http, RefuseAppeal useCase) =>
                    useCase.Run(new(appealId, request), http.Caller()).Ok())
            .WithSummary("Отказать в приёме: вопрос апелляции не подлежит, с пунктом правил");

        appeals.Post("/{appealId:guid}/consideration", ConsiderAppeal.Operation,
                (Guid appealId, HttpContext http, ConsiderAppeal useCase) => useCase.Run(appealId, http.Caller()).Ok())
            .WithSummary("Начать рассмотрение принятой апелляции");

        appeals.Get("/{appealId:guid}/work", GetAppealedWork.Operation,
                (Guid appealId, HttpContext http, GetAppealedWork useCase) => useCase.Run(appealId, http.Caller()).Ok())
            .MayAnswer(409).WithSummary("Работа, о которой апелляция: ответ, задание, критерии; прежние баллы — когда их открыл председатель");

        appeals.Post("/{appealId:guid}/earlier-marks", OpenEarlierMarks.Operation,
                (Guid appealId, HttpContext http, OpenEarlierMarks useCase) => useCase.Run(appealId, http.Caller()).Ok())
            .WithSummary("Открыть комиссии прежние баллы");

        appeals.Post("/{appealId:guid}/recusal", RecuseFromAppeal.Operation,
                (Guid appealId, ReasonRequest request, HttpContext http, RecuseFromAppeal useCase) =>
                    useCase.Run(new(appealId, request), http.Caller()).NoContent())
            .WithSummary("Заявить самоотвод");

        appeals.Post("/{appealId:guid}/proposals", ProposeAppealDecision.Operation,
                (Guid appealId, ProposalRequest request, HttpContext http, ProposeAppealDecision useCase) =>
                    useCase.Run(new(appealId, request), http.Caller()).Created(ProceedingsAt))
            .WithSummary("Поставить решение на голосование");

        appeals.Post("/{appealId:guid}/votes", VoteOnAppeal.Operation,
                (Guid appealId, VoteRequest request, HttpContext http, VoteOnAppeal useCase) =>
                    useCase.Run(new(appealId, request), http.Caller()).Created(ProceedingsAt))
            .WithSummary("Проголосовать за решение или против него, с особым мнением");

        appeals.Post("/{appealId:guid}/decision", DecideAppeal.Operation,
                (Guid appealId, DecisionRequest request, HttpContext http, DecideAppeal useCase) =>
                    useCase.Run(new(appealId, request), http.Caller()).Ok())
            .WithSummary("Вынести решение по итогам голосования");
    }

    private static string ProceedingsAt(AppealProceedings proceedings) => $"/api/v1/appeals/{proceedings.AppealId:D}/proceedings";
}
