using Diagnostics.UseCases.Competencies;
using Diagnostics.Server.Http;

namespace Diagnostics.Server.Api;

internal static class CompetenciesApi
{
    internal static void MapCompetencies(this IEndpointRouteBuilder routes)
    {
        var frameworks = routes.MapGroup("/frameworks").WithTags("Competencies");
        frameworks.Get("/", ListFrameworks.Operation,
                (int? after, int? limit, HttpContext http, ListFrameworks useCase) => useCase.Run(new(after, limit), http.Caller()).Ok())
            .WithSummary("Рамки компетенций, все версии");
        frameworks.Get("/{code}/{version:int}", GetFramework.Operation,
                (string code, int version, HttpContext http, GetFramework useCase) => useCase.Run(new(code, version), http.Caller()).Ok())
            .WithSummary("Рамка: блоки, компетенции, элементы");
    }
}
