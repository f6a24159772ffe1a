using System.Text;
using System.Text.Json;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.ItemBank;
using Microsoft.OpenApi;

namespace Diagnostics.Server.Http;

/// <summary>
/// The body of an author's request: one file as YAML text, or several files as JSON <c>{"files": {path: text}}</c>.
/// </summary>
internal sealed class BankUpload
{
    internal const string Yaml = "application/yaml";

    private static readonly string[] TextTypes = [Yaml, "text/yaml", "application/x-yaml", "text/plain"];

    private BankUpload(SubmittedFiles files) => Files = files;

    internal SubmittedFiles Files { get; }

    /// <summary>
    /// Lets endpoints take an upload as a parameter. This method runs before the filters, so the body is read only
    /// once.
    /// </summary>
    public static async ValueTask<BankUpload?> BindAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var type = context.Request.ContentType?.Split(';')[0].Trim() ?? Yaml;
        if (TextTypes.Contains(type, StringComparer.OrdinalIgnoreCase))
            return new(new SubmittedFiles(Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length)));
        try
        {
            body.Position = 0;
            var request =
                await JsonSerializer.DeserializeAsync<BankFilesRequest>(body, Json.Options, context.RequestAborted)
                ?? throw new JsonException("The body is null.");
            return new(new SubmittedFiles(request.Files));
        }
        catch (JsonException fault)
        {
            throw new BadHttpRequestException("The body is no JSON of files.", StatusCodes.Status400BadRequest, fault);
        }
    }

    /// <summary>Describes a body that is a file of the bank, for the API description.</summary>
    internal static OpenApiMediaType TextFile() =>
        new()
        {
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Файл банка, формат описан в item-bank/README.md." },
        };

    /// <summary>Declares the media types of an upload, for routing and for the API description.</summary>
    internal static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint) =>
        endpoint
            .Accepts<string>(Yaml, [.. TextTypes[1..], "application/json"])
            .AddOpenApiOperationTransformer(
                (operation, _, _) =>
                {
                    operation.RequestBody = new OpenApiRequestBody
                    {
                        Required = true,
                        Content = new Dictionary<string, OpenApiMediaType>
                        {
                            [Yaml] = TextFile(),
                            ["text/plain"] = TextFile(),
                            ["application/json"] = new()
                            {
                                Schema = new OpenApiSchema
                                {
                                    Type = JsonSchemaType.Object,
                                    Required = new HashSet<string> { "files" },
                                    Properties = new Dictionary<string, IOpenApiSchema>
                                    {
                                        ["files"] = new OpenApiSchema
                                        {
                                            Type = JsonSchemaType.Object,
                                            AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String },
                                        },
                                    },
                                },
                            },
                        },
                    };
                    return Task.CompletedTask;
                }
            );
}
