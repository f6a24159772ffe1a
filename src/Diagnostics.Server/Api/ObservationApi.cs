using Diagnostics.Server.Http;
using Diagnostics.UseCases.Observation;
using Diagnostics.UseCases.Sessions;

namespace Diagnostics.Server.Api;

internal static class ObservationApi
{
    internal static void MapObservation(this IEndpointRouteBuilder routes)
    {
        var people = routes.MapGroup("/people").WithTags("Observation");
        var observations = routes.MapGroup("/observations").WithTags("Observation");
        people
            .Post(
                "/{participantId:guid}/observations",
                ArrangeObservation.Operation,
                (Guid participantId, ObservationRequest request, HttpContext http, ArrangeObservation useCase) =>
                    useCase.Run(new(participantId, request), http.Caller()).Created(made => $"/api/v1/observations/{made.Id:D}")
            )
            .WithSummary("Назначить наблюдение: открытый урок, выступление, конкурс, совещание, аттестация");
        people
            .Get(
                "/{participantId:guid}/observations",
                ListObservations.Operation,
                (Guid participantId, HttpContext http, ListObservations useCase, Guid? after, int? limit) =>
                    useCase.Run(new(participantId, after, limit), http.Caller()).Ok()
            )
            .WithSummary("Наблюдения за человеком");
        observations
            .Get(
                "/",
                ListMyObservations.Operation,
                (HttpContext http, ListMyObservations useCase, Guid? after, int? limit) =>
                    useCase.Run(new(after, limit), http.Caller()).Ok()
            )
            .WithSummary("Наблюдения, на которые приглашён эксперт");
        observations
            .Get(
                "/{observationId:guid}",
                GetObservation.Operation,
                (Guid observationId, HttpContext http, GetObservation useCase) => useCase.Run(observationId, http.Caller()).Ok()
            )
            .WithSummary("Наблюдение: листы, совместные оценки, согласие экспертов, результат по компетенциям")
            .WithDescription("Эксперт, который ещё не заполнил свой лист, чужих листов не видит.");
        observations
            .Post(
                "/{observationId:guid}/sheets",
                FillObservationSheet.Operation,
                (Guid observationId, SheetRequest sheet, HttpContext http, FillObservationSheet useCase) =>
                    useCase.Run(new(observationId, sheet), http.Caller()).Created(_ => $"/api/v1/observations/{observationId:D}")
            )
            .WithSummary("Внести заполненный экспертный лист: свой, самонаблюдения или с бумаги; второй лист того же человека отклоняется");
        observations
            .Post(
                "/{observationId:guid}/agreement",
                AgreeOnRatings.Operation,
                (Guid observationId, AgreementRequest agreement, HttpContext http, AgreeOnRatings useCase) =>
                    useCase.Run(new(observationId, agreement), http.Caller()).Ok()
            )
            .WithSummary("Записать согласованные оценки критериев, в которых эксперты разошлись");
        observations
            .Post(
                "/{observationId:guid}/withdrawal",
                WithdrawObservation.Operation,
                (Guid observationId, ReasonRequest request, HttpContext http, WithdrawObservation useCase) =>
                    useCase.Run(new(observationId, request.Reason), http.Caller()).Ok()
            )
            .WithSummary("Отозвать наблюдение; листы остаются");
    }
}
