using Diagnostics.Server.Http;
using Diagnostics.UseCases.Questionnaires;

namespace Diagnostics.Server.Api;

internal static class QuestionnairesApi
{
    internal static void MapQuestionnaires(this IEndpointRouteBuilder routes)
    {
        var people = routes.MapGroup("/people").WithTags("Questionnaires");
        var sessions = routes.MapGroup("/questionnaire-sessions").WithTags("Questionnaires");
        MapTaking(sessions);
        people
            .Post(
                "/{participantId:guid}/questionnaire-sessions",
                EnterQuestionnaire.Operation,
                (Guid participantId, PaperQuestionnaireRequest paper, HttpContext http, EnterQuestionnaire useCase) =>
                    useCase.Run(new(participantId, paper), http.Caller()).Created(made => $"/api/v1/questionnaire-sessions/{made.Id:D}")
            )
            .WithSummary("Внести анкету, заполненную на бумаге: целиком или с ошибками по вопросам");
        people
            .Get(
                "/{participantId:guid}/questionnaire-sessions",
                ListQuestionnaireSessions.Operation,
                (Guid participantId, HttpContext http, ListQuestionnaireSessions useCase, Guid? after, int? limit) =>
                    useCase.Run(new(participantId, after, limit), http.Caller()).Ok()
            )
            .WithSummary("Самодиагностика человека; незавершённую видит только он сам");
    }

    private static void MapTaking(RouteGroupBuilder sessions)
    {
        sessions
            .Post(
                "/",
                StartQuestionnaire.Operation,
                (StartQuestionnaireRequest request, HttpContext http, StartQuestionnaire useCase) =>
                    useCase.Run(request, http.Caller()).Created(made => $"/api/v1/questionnaire-sessions/{made.Id:D}")
            )
            .MayFindNothing()
            .WithSummary("Начать самодиагностику; начатую продолжают, завершённую можно пройти ещё раз");
        sessions
            .Get(
                "/{sessionId:guid}",
                GetQuestionnaireSession.Operation,
                (Guid sessionId, HttpContext http, GetQuestionnaireSession useCase) => useCase.Run(sessionId, http.Caller()).Ok()
            )
            .WithSummary("Сеанс самодиагностики: ответы с ревизиями, после завершения — результат по компетенциям и рефлексия");
        sessions
            .Put(
                "/{sessionId:guid}/answers/{question}",
                SaveQuestionnaireAnswer.Operation,
                (Guid sessionId, string question, SaveAnswerRequest save, HttpContext http, SaveQuestionnaireAnswer useCase) =>
                    useCase.Run(new(sessionId, question, save), http.Caller()).Ok()
            )
            .OfSaves()
            .MayAnswer(StatusCodes.Status409Conflict)
            .MayAnswer(StatusCodes.Status412PreconditionFailed)
            .WithSummary("Сохранить ответ: 200 означает, что он записан на диск")
            .WithDescription(
                "Ответ на основе старой ревизии отклоняется (412) с обеими версиями и сохраняется отдельно; пришедший после завершения — тоже (409)."
            );
        sessions
            .Get(
                "/{sessionId:guid}/rejected-answers",
                ListRejectedAnswers.Operation,
                (Guid sessionId, HttpContext http, ListRejectedAnswers useCase, Guid? after, int? limit) =>
                    useCase.Run(new(sessionId, after, limit), http.Caller()).Ok()
            )
            .WithSummary("Ответы, которые не были приняты и сохранены отдельно");
        sessions
            .Post(
                "/{sessionId:guid}/finish",
                FinishQuestionnaire.Operation,
                (Guid sessionId, FinishQuestionnaireRequest request, HttpContext http, FinishQuestionnaire useCase) =>
                    useCase.Run(new(sessionId, request), http.Caller()).Ok()
            )
            .WithSummary("Завершить самодиагностику; если чего-то из manifest у службы нет, 409 со списком");
        sessions
            .Post(
                "/{sessionId:guid}/withdrawal",
                WithdrawQuestionnaire.Operation,
                (Guid sessionId, HttpContext http, WithdrawQuestionnaire useCase) => useCase.Run(sessionId, http.Caller()).Ok()
            )
            .WithSummary("Отозвать свою самодиагностику; повтор безопасен");
    }
}
