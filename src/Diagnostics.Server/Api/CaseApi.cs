using System.Globalization;
using Diagnostics.Engine.Competencies;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Competencies;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Diagnostics.Server.Api;

/// <summary>
/// Serves competency frameworks through the REST binding of CASE 1.1, at the addresses that the standard names.
/// </summary>
internal static class CaseApi
{
    internal const string Root = "/ims/case/v1p1";

    /// <summary>The header that states how many documents the whole list contains, not only this page of it.</summary>
    private const string TotalHeader = "X-Total-Count";

    internal static void MapCase(this IEndpointRouteBuilder routes)
    {
        var binding = routes.MapGroup(Root).WithTags("Competencies");
        binding
            .Get(
                "/CFDocuments",
                ListCaseDocuments.Operation,
                (int? limit, int? offset, HttpContext http, ListCaseDocuments useCase) =>
                    Documents(useCase.Run(new(limit, offset, RootOf(http)), http.Caller()), http)
            )
            .WithSummary("CASE 1.1: рамки компетенций")
            .WithDescription("Сколько их всего, говорит заголовок X-Total-Count; limit — 100, если не указан.");
        binding
            .Get(
                "/CFDocuments/{identifier:guid}",
                GetCaseDocument.Operation,
                (Guid identifier, HttpContext http, GetCaseDocument useCase) =>
                    useCase.Run(new(identifier, RootOf(http)), http.Caller()).Ok()
            )
            .WithSummary("CASE 1.1: рамка без её содержания");
        binding
            .Get(
                "/CFPackages/{identifier:guid}",
                GetCasePackage.Operation,
                (Guid identifier, HttpContext http, GetCasePackage useCase) =>
                    useCase.Run(new(identifier, RootOf(http)), http.Caller()).Ok()
            )
            .WithSummary("CASE 1.1: рамка целиком — пункты и связи");
        binding
            .Get(
                "/CFItems/{identifier:guid}",
                GetCaseItem.Operation,
                (Guid identifier, HttpContext http, GetCaseItem useCase) => useCase.Run(new(identifier, RootOf(http)), http.Caller()).Ok()
            )
            .WithSummary("CASE 1.1: блок, компетенция или элемент");
        binding
            .Get(
                "/CFItemAssociations/{identifier:guid}",
                GetCaseItemAssociations.Operation,
                (Guid identifier, HttpContext http, GetCaseItemAssociations useCase) =>
                    useCase.Run(new(identifier, RootOf(http)), http.Caller()).Ok()
            )
            .WithSummary("CASE 1.1: пункт и его связи");
        binding
            .Get(
                "/CFAssociations/{identifier:guid}",
                GetCaseAssociation.Operation,
                (Guid identifier, HttpContext http, GetCaseAssociation useCase) =>
                    useCase.Run(new(identifier, RootOf(http)), http.Caller()).Ok()
            )
            .WithSummary("CASE 1.1: связь двух пунктов");
    }

    /// <summary>
    /// The address by which the caller reached the service, so that links in answers work for the caller.
    /// </summary>
    internal static string RootOf(HttpContext http) => $"{http.Request.Scheme}://{http.Request.Host}{Root}";

    private static async Task<Results<Ok<CaseDocumentSet>, ProblemHttpResult>> Documents(
        Task<Engine.Result<CaseDocumentPage>> running,
        HttpContext http
    )
    {
        if ((await running).Refused(out var refusal, out var page))
            return Problems.From(refusal);
        http.Response.Headers[TotalHeader] = page.Total.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Ok(page.Documents);
    }
}
