using Microsoft.OpenApi;

namespace Diagnostics.Server.Http;

/// <summary>Describes an answer that is a file, for the API description.</summary>
internal static class Downloads
{
    internal static RouteHandlerBuilder ProducesFile(
        this RouteHandlerBuilder endpoint,
        string mediaType,
        JsonSchemaType type,
        string description
    ) =>
        endpoint
            .Produces(StatusCodes.Status200OK)
            .AddOpenApiOperationTransformer(
                (operation, _, _) =>
                {
                    var answer = (OpenApiResponse)operation.Responses!["200"];
                    answer.Content = new Dictionary<string, OpenApiMediaType>
                    {
                        [mediaType] = new()
                        {
                            Schema = new OpenApiSchema { Type = type, Description = description },
                        },
                    };
                    return Task.CompletedTask;
                }
            );
}
