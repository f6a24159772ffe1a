using Diagnostics.Server.Http;
using Diagnostics.UseCases.Practice;
using Diagnostics.UseCases.Sessions;

namespace Diagnostics.Server.Api;

internal static class PracticeApi
{
    private const string Tables =
        "Тело — таблица CSV или XLSX с заголовками «Умение», «Доля верных ответов, %», а также, где известны, «Россия», «Регион», "
        + "«Муниципалитет», «Граница»; или те же строки в JSON. До 100 000 строк; таблица принимается целиком либо отклоняется с "
        + "ошибками по строкам и столбцам. Сведения об отдельных обучающихся не принимаются.";

    internal static void MapPractice(this IEndpointRouteBuilder routes)
    {
        var people = routes.MapGroup("/people").WithTags("Practice");
        var results = routes.MapGroup("/practice-results").WithTags("Practice");
        var campaigns = routes.MapGroup("/campaigns").WithTags("Practice");
        MapEntering(people, results);
        MapReading(people, results);
        campaigns
            .Get(
                "/{campaignId:guid}/practice-correlation",
                GetPracticeCorrelation.Operation,
                (Guid campaignId, string mapCode, string? skill, HttpContext http, GetPracticeCorrelation useCase) =>
                    useCase.Run(new(campaignId, mapCode, skill), http.Caller()).Ok()
            )
            .OnePerCaller()
            .WithSummary("Корреляция результатов обучающихся с блоками компетенций по группе участников мероприятия")
            .WithDescription(
                "Пирсон и Спирмен с интервалами 95 %. Если людей меньше десяти или разброса нет, вместо чисел названа причина."
            );
    }

    private static void MapEntering(RouteGroupBuilder people, RouteGroupBuilder results)
    {
        TableUpload
            .Describe(
                people.Post(
                    "/{participantId:guid}/practice-results",
                    EnterPracticeResult.Operation,
                    (
                        Guid participantId,
                        string mapCode,
                        int mapVersion,
                        string title,
                        DateOnly assessedOn,
                        string? basis,
                        string? assessedBy,
                        string? outcome,
                        TableUpload upload,
                        HttpContext http,
                        EnterPracticeResult useCase
                    ) =>
                        useCase
                            .Run(
                                new(participantId, mapCode, mapVersion, new(title, assessedOn, basis, assessedBy, outcome), upload.Table),
                                http.Caller()
                            )
                            .CreatedWithTag(http, made => $"/api/v1/practice-results/{made.Id:D}", made => made.Version)
                )
            )
            .OnePerCaller()
            .MayAnswer(StatusCodes.Status413PayloadTooLarge)
            .WithSummary("Внести результаты практики: обучающихся учителя, показатели организации, оценку учредителя или аттестацию")
            .WithDescription(Tables);

        TableUpload
            .Describe(
                results.Put(
                    "/{resultId:guid}",
                    ReplacePracticeResult.Operation,
                    (
                        Guid resultId,
                        int mapVersion,
                        string title,
                        DateOnly assessedOn,
                        string? assessedBy,
                        string? outcome,
                        IfMatch match,
                        TableUpload upload,
                        HttpContext http,
                        ReplacePracticeResult useCase
                    ) =>
                        useCase
                            .Run(
                                new(resultId, match.Revision, mapVersion, new(title, assessedOn, null, assessedBy, outcome), upload.Table),
                                http.Caller()
                            )
                            .OkWithTag(http, made => made.Version)
                )
            )
            .OnePerCaller()
            .MayAnswer(StatusCodes.Status413PayloadTooLarge)
            .WithSummary("Исправить результаты практики: следующая версия таблицы, прежняя остаётся")
            .WithDescription(Tables);

        results
            .Post(
                "/{resultId:guid}/withdrawal",
                WithdrawPracticeResult.Operation,
                (Guid resultId, ReasonRequest request, HttpContext http, WithdrawPracticeResult useCase) =>
                    useCase.Run(new(resultId, request.Reason), http.Caller()).Ok()
            )
            .WithSummary("Отозвать результаты практики, внесённые по ошибке; версии остаются");
    }

    private static void MapReading(RouteGroupBuilder people, RouteGroupBuilder results)
    {
        people
            .Get(
                "/{participantId:guid}/practice-results",
                ListPracticeResults.Operation,
                (Guid participantId, HttpContext http, ListPracticeResults useCase, Guid? after, int? limit) =>
                    useCase.Run(new(participantId, after, limit), http.Caller()).Ok()
            )
            .WithSummary("Результаты практики человека, последняя версия каждого");
        results
            .Get(
                "/{resultId:guid}",
                GetPracticeResult.Operation,
                (Guid resultId, HttpContext http, GetPracticeResult useCase) =>
                    useCase.Run(resultId, http.Caller()).OkWithTag(http, found => found.Version)
            )
            .WithSummary("Результат практики: дефицитарные умения и дефициты по компетенциям");
        results
            .Get(
                "/{resultId:guid}/versions",
                ListPracticeVersions.Operation,
                (Guid resultId, HttpContext http, ListPracticeVersions useCase, int? after, int? limit) =>
                    useCase.Run(new(resultId, after, limit), http.Caller()).Ok()
            )
            .WithSummary("Все версии результата практики");
        results
            .Get(
                "/{resultId:guid}/skills",
                ListPracticeSkills.Operation,
                (Guid resultId, HttpContext http, ListPracticeSkills useCase, bool? deficient, int? after, int? limit) =>
                    useCase.Run(new(resultId, deficient, after, limit), http.Caller()).Ok()
            )
            .WithSummary("Умения результата практики: доли, границы, ниже которых они лежат, и дефициты, на которые указывают");
    }
}
