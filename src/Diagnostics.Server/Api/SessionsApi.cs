using Diagnostics.Engine.ItemBank;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Diagnostics.Server.Api;

internal static class SessionsApi
{
    internal static void MapSessions(this IEndpointRouteBuilder routes)
    {
        var sessions = routes.MapGroup("/sessions").WithTags("Sessions");
        var campaigns = routes.MapGroup("/campaigns").WithTags("Sessions");
        MapAccessCodes(routes);

        sessions
            .Get("/", ListMySessions.Operation, (HttpContext http, ListMySessions useCase) => useCase.Run(default, http.Caller()).OkPage())
            .WithSummary("Свои сеансы");
        sessions
            .Get(
                "/{sessionId:guid}",
                GetMySession.Operation,
                (Guid sessionId, HttpContext http, GetMySession useCase) => useCase.Run(sessionId, http.Caller()).Ok()
            )
            .WithSummary("Свой сеанс: состояние, время, сохранённые ответы");
        sessions
            .Post(
                "/{sessionId:guid}/start",
                StartSession.Operation,
                (Guid sessionId, StartRequest? request, HttpContext http, StartSession useCase) =>
                    useCase.Run(new(sessionId, request ?? new()), http.Caller()).Ok()
            )
            .WithSummary("Начать сеанс или продолжить его на другом устройстве");
        sessions
            .Get("/{sessionId:guid}/items", ListSessionItems.Operation, Items)
            .WithSummary("Задания своего варианта; не меняются, поэтому кешируются по ETag")
            .Produces(StatusCodes.Status304NotModified);
        sessions
            .Post(
                "/{sessionId:guid}/events",
                NoteSessionEvent.Operation,
                (Guid sessionId, NoticedEventRequest request, HttpContext http, NoteSessionEvent useCase) =>
                    useCase.Run(new(sessionId, request), http.Caller()).NoContent()
            )
            .WithSummary("Записать в журнал событие страницы");
        sessions
            .Put(
                "/{sessionId:guid}/responses/{slot:int}",
                SaveResponse.Operation,
                (Guid sessionId, int slot, SaveRequest request, HttpContext http, SaveResponse useCase) =>
                    useCase.Run(new(sessionId, slot, request), http.Caller()).Ok()
            )
            .OfSaves()
            .WithSummary("Сохранить ответ: 200 значит, что он на диске");
        sessions
            .Post(
                "/{sessionId:guid}/finish",
                FinishSession.Operation,
                (Guid sessionId, FinishRequest request, HttpContext http, FinishSession useCase) =>
                    useCase.Run(new(sessionId, request), http.Caller()).Ok()
            )
            .WithSummary("Завершить сеанс; повтор вернёт ту же квитанцию");
        sessions
            .Get(
                "/{sessionId:guid}/receipt",
                GetReceipt.Operation,
                (Guid sessionId, HttpContext http, GetReceipt useCase) => useCase.Run(sessionId, http.Caller()).Ok()
            )
            .WithSummary("Квитанция оконченного сеанса: что засчитано и что отложено для комиссии");
        sessions
            .Put(
                "/connection-check/{slot:int}",
                CheckConnection.Operation,
                (int slot, SaveRequest request, HttpContext http, CheckConnection useCase) =>
                    useCase.Run(new(default, slot, request), http.Caller()).Ok()
            )
            .WithSummary("Проверка связи перед сеансом: запрос как сохранение ответа, но ничего не сохраняет");
        sessions
            .Get(
                "/{sessionId:guid}/responses",
                ListResponseHistory.Operation,
                (Guid sessionId, string? after, int? limit, HttpContext http, ListResponseHistory useCase) =>
                    useCase.Run(new(sessionId, after, limit), http.Caller()).Ok()
            )
            .WithSummary("История ответов: все сохранения и всё, что не было принято, по страницам");

        campaigns
            .Get(
                "/{campaignId:guid}/sessions",
                ListSessions.Operation,
                (
                    Guid campaignId,
                    HttpContext http,
                    ListSessions useCase,
                    Guid? siteId,
                    Guid? sittingId,
                    string? state,
                    Guid? after,
                    int? limit
                ) => useCase.Run(new(campaignId, siteId, sittingId, state, after, limit), http.Caller()).Ok()
            )
            .MayAnswer(422)
            .WithSummary("Сеансы мероприятия на площадке");
        sessions
            .Get(
                "/{sessionId:guid}/supervision",
                SuperviseSession.Operation,
                (Guid sessionId, HttpContext http, SuperviseSession useCase) => useCase.Run(sessionId, http.Caller()).Ok()
            )
            .WithSummary("Сеанс глазами площадки");
        sessions
            .Get(
                "/{sessionId:guid}/events",
                ListSessionEvents.Operation,
                (Guid sessionId, HttpContext http, ListSessionEvents useCase) => useCase.Run(sessionId, http.Caller()).OkPage()
            )
            .WithSummary("Журнал сеанса: всё, что произошло");
        sessions
            .Post(
                "/{sessionId:guid}/admission",
                AdmitToSession.Operation,
                (Guid sessionId, HttpContext http, AdmitToSession useCase) => useCase.Run(sessionId, http.Caller()).Ok()
            )
            .WithSummary("Допустить участника на площадке");
        sessions
            .Post(
                "/{sessionId:guid}/pause",
                PauseSession.Operation,
                (Guid sessionId, ReasonRequest request, HttpContext http, PauseSession useCase) =>
                    useCase.Run(new(sessionId, request), http.Caller()).Ok()
            )
            .WithSummary("Приостановить сеанс: время участника останавливается");
        sessions
            .Post(
                "/{sessionId:guid}/resumption",
                ResumeSession.Operation,
                (Guid sessionId, HttpContext http, ResumeSession useCase) => useCase.Run(sessionId, http.Caller()).Ok()
            )
            .WithSummary("Возобновить сеанс: пауза возвращается участнику полностью");
        sessions
            .Post(
                "/{sessionId:guid}/extra-time",
                ExtendSession.Operation,
                (Guid sessionId, ExtraTimeRequest request, HttpContext http, ExtendSession useCase) =>
                    useCase.Run(new(sessionId, request), http.Caller()).Ok()
            )
            .WithSummary("Добавить время, в том числе после его истечения");
        sessions
            .Post(
                "/{sessionId:guid}/reopening",
                ReopenSession.Operation,
                (Guid sessionId, ReopeningRequest request, HttpContext http, ReopenSession useCase) =>
                    useCase.Run(new(sessionId, request), http.Caller()).Ok()
            )
            .WithSummary("Вернуть сеанс, завершённый по времени ошибочно");
        sessions
            .Post(
                "/{sessionId:guid}/incidents",
                ReportIncident.Operation,
                (Guid sessionId, IncidentRequest request, HttpContext http, ReportIncident useCase) =>
                    useCase.Run(new(sessionId, request), http.Caller()).NoContent()
            )
            .WithSummary("Записать происшествие в журнал сеанса");
        sessions
            .Post(
                "/{sessionId:guid}/unsent-answers",
                ImportUnsentAnswers.Operation,
                (Guid sessionId, UnsentAnswers file, HttpContext http, ImportUnsentAnswers useCase) =>
                    useCase.Run(new(sessionId, file), http.Caller()).Ok()
            )
            .WithSummary("Передать комиссии неотправленные ответы из файла, который сохранила страница теста");
        sessions
            .Post(
                "/{sessionId:guid}/annulment",
                AnnulSession.Operation,
                (Guid sessionId, ReasonRequest request, HttpContext http, AnnulSession useCase) =>
                    useCase.Run(new(sessionId, request), http.Caller()).Ok()
            )
            .WithSummary("Аннулировать сеанс");
        MapCorrections(sessions);
        MapWholeSite(campaigns);
    }

    private static void MapCorrections(IEndpointRouteBuilder sessions)
    {
        sessions
            .Post(
                "/{sessionId:guid}/finish-by-site",
                FinishBySite.Operation,
                (Guid sessionId, SiteFinishRequest request, HttpContext http, FinishBySite useCase) =>
                    useCase.Run(new(sessionId, request), http.Caller()).Ok()
            )
            .WithSummary("Завершить сеанс за ушедшего участника, по акту: сохранённое засчитывается");
        sessions
            .Post(
                "/{sessionId:guid}/finish/withdrawal",
                UndoFinish.Operation,
                (Guid sessionId, ReasonRequest request, HttpContext http, UndoFinish useCase) =>
                    useCase.Run(new(sessionId, request), http.Caller()).Ok()
            )
            .WithSummary("Вернуть сеанс, завершённый по ошибке: ровно с тем временем, что оставалось");
        sessions
            .Post(
                "/{sessionId:guid}/admission/withdrawal",
                UndoAdmission.Operation,
                (Guid sessionId, ReasonRequest request, HttpContext http, UndoAdmission useCase) =>
                    useCase.Run(new(sessionId, request), http.Caller()).Ok()
            )
            .WithSummary("Отменить допуск, пока сеанс не начат");
        sessions
            .Post(
                "/{sessionId:guid}/annulment/withdrawal",
                UndoAnnulment.Operation,
                (Guid sessionId, ReasonRequest request, HttpContext http, UndoAnnulment useCase) =>
                    useCase.Run(new(sessionId, request), http.Caller()).Ok()
            )
            .WithSummary("Отменить аннулирование: сеанс становится тем, чем был")
            .WithDescription(
                "Кто работал, оказывается на паузе с тем временем, что оставалось. Если место занято, даётся другое свободное."
            );
        sessions
            .Post(
                "/{sessionId:guid}/absence",
                MarkAbsent.Operation,
                (Guid sessionId, AbsenceRequest request, HttpContext http, MarkAbsent useCase) =>
                    useCase.Run(new(sessionId, request), http.Caller()).Ok()
            )
            .WithSummary("Отметить, что участник не явился");
        sessions
            .Post(
                "/{sessionId:guid}/absence/withdrawal",
                UndoAbsence.Operation,
                (Guid sessionId, ReasonRequest request, HttpContext http, UndoAbsence useCase) =>
                    useCase.Run(new(sessionId, request), http.Caller()).Ok()
            )
            .WithSummary("Снять отметку о неявке");
    }

    private static void MapWholeSite(IEndpointRouteBuilder campaigns)
    {
        campaigns
            .Post(
                "/{campaignId:guid}/sites/{siteId:guid}/pause",
                PauseSite.Operation,
                (Guid campaignId, Guid siteId, SitePauseRequest request, HttpContext http, PauseSite useCase) =>
                    useCase.Run(new(campaignId, siteId, request), http.Caller()).Ok()
            )
            .WithSummary("Приостановить всех, кто работает на площадке, одним моментом");
        campaigns
            .Post(
                "/{campaignId:guid}/sites/{siteId:guid}/resumption",
                ResumeSite.Operation,
                (Guid campaignId, Guid siteId, SiteResumptionRequest? request, HttpContext http, ResumeSite useCase) =>
                    useCase.Run(new(campaignId, siteId, request ?? new()), http.Caller()).Ok()
            )
            .WithSummary("Возобновить площадку: тем, кого остановил этот перерыв, пауза возвращается полностью");
        campaigns
            .Post(
                "/{campaignId:guid}/sites/{siteId:guid}/extra-time",
                ExtendSite.Operation,
                (Guid campaignId, Guid siteId, SiteExtraTimeRequest request, HttpContext http, ExtendSite useCase) =>
                    useCase.Run(new(campaignId, siteId, request), http.Caller()).Ok()
            )
            .WithSummary("Добавить время всем, кто на площадке работает или на паузе")
            .WithDescription("Кому политика сеанса больше не даёт, остаётся при своём: moved — false, code — почему.");
        campaigns
            .Get(
                "/{campaignId:guid}/sites/{siteId:guid}/interruptions",
                ListInterruptions.Operation,
                (Guid campaignId, Guid siteId, HttpContext http, ListInterruptions useCase) =>
                    useCase.Run(new(campaignId, siteId), http.Caller()).OkPage()
            )
            .WithSummary("Перерывы на площадке: когда она стояла и почему");
    }

    private static void MapAccessCodes(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/").WithTags("Sessions");
        api.Post("/auth/code", SignInWithCode.Operation, SignIn)
            .WithSummary("Войти по коду доступа: токен открывает один сеанс")
            .WithDescription("Код выдаёт площадка. Регистр, дефисы и пробелы не важны; код действует до конца своего сеанса.");
        api.Post(
                "/campaigns/{campaignId:guid}/access-codes",
                IssueAccessCodes.Operation,
                (Guid campaignId, AccessCodesRequest codes, HttpContext http, IssueAccessCodes useCase) =>
                    useCase.Run(new(campaignId, codes), http.Caller()).Ok()
            )
            .WithSummary("Лист кодов доступа для площадки: для сеансов, у которых кода ещё нет")
            .WithDescription("Коды показываются один раз, до 100 за раз; more — повторите запрос с новым ключом.");
        api.Post(
                "/sessions/{sessionId:guid}/access-code",
                IssueAccessCode.Operation,
                (Guid sessionId, AccessCodeRequest? code, HttpContext http, IssueAccessCode useCase) =>
                    useCase.Run(new(sessionId, code ?? new()), http.Caller()).Ok()
            )
            .WithSummary("Выдать код доступа к сеансу; прежний код и вход по нему перестают действовать");
        api.Post(
                "/people/{participantId:guid}/account/password",
                ResetTakerPassword.Operation,
                (Guid participantId, HttpContext http, ResetTakerPassword useCase) => useCase.Run(participantId, http.Caller()).Ok()
            )
            .WithSummary("Выдать участнику новый пароль: площадка, мероприятие или территория");
        api.Post(
                "/people/{participantId:guid}/account/unlocking",
                UnlockTaker.Operation,
                (Guid participantId, HttpContext http, UnlockTaker useCase) => useCase.Run(participantId, http.Caller()).NoContent()
            )
            .WithSummary("Забыть неудачные попытки входа участника: следующая проверяется сразу");
    }

    private static async Task<Results<Ok<TokenResponse>, ProblemHttpResult>> SignIn(
        TypedAccessCode typed,
        HttpContext http,
        SignInWithCode useCase,
        TokenIssuer tokens
    ) =>
        (await useCase.Run(new(typed.Code, http.Attempt()), http.Caller())).Refused(out var refusal, out var subject)
            ? Problems.From(refusal)
            : TypedResults.Ok(tokens.Issue(subject));

    private static async Task<Results<Ok<Page<PresentedItem>>, StatusCodeHttpResult, ProblemHttpResult>> Items(
        Guid sessionId,
        HttpContext http,
        ListSessionItems useCase
    )
    {
        if ((await useCase.Run(sessionId, http.Caller())).Refused(out var refusal, out var items))
            return Problems.From(refusal);
        // The number says in which form the items are sent.
        var tag = $"\"{sessionId:N}-2\"";
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "private, no-cache";
        return ETags.Has(http.Request.GetTypedHeaders().IfNoneMatch, tag)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(new Page<PresentedItem>(items, null));
    }
}
