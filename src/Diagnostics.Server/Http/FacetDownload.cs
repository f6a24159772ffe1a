using Diagnostics.Engine;
using Diagnostics.UseCases.ItemBank;
using Microsoft.OpenApi;

namespace Diagnostics.Server.Http;

/// <summary>
/// A facet as the author wrote it: the YAML file, or a JSON object with all the files of the facet if the client
/// accepts JSON.
/// </summary>
internal static class FacetDownload
{
    internal static async Task<IResult> Download(this Task<Result<ExportedFacet>> exporting, HttpContext http)
    {
        if ((await exporting).Refused(out var refusal, out var facet))
            return Problems.From(refusal);
        return http.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase)
            ? TypedResults.Ok(facet.Files)
            : TypedResults.Text(facet.Text, BankUpload.Yaml + "; charset=utf-8");
    }

    /// <summary>Declares the media types of the answer, for the API description.</summary>
    internal static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint) =>
        endpoint
            .Produces<BankFilesRequest>(200, "application/json")
            .AddOpenApiOperationTransformer(
                (operation, _, _) =>
                {
                    var text = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
                    operation.Responses!["200"].Content![BankUpload.Yaml] = text;
                    return Task.CompletedTask;
                }
            );
}
