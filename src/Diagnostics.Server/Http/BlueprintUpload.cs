using System.Text;
using System.Text.Json;
using Diagnostics.Engine.Forms;
using Diagnostics.Engine.Forms.Writing;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;

namespace Diagnostics.Server.Http;

/// <summary>
/// A blueprint sent by an operator, as YAML like <c>blueprint.yaml</c> or as JSON of <see cref="Blueprint"/>.
/// </summary>
internal sealed class BlueprintUpload
{
    private BlueprintUpload(AddBlueprint.Request request) => Request = request;

    internal AddBlueprint.Request Request { get; }

    /// <summary>Lets endpoints take an upload as a parameter.</summary>
    public static async ValueTask<BlueprintUpload?> BindAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (context.Request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) is not true)
            return new(new(Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length), IsFile: true));
        try
        {
            body.Position = 0;
            var blueprint =
                await JsonSerializer.DeserializeAsync<Blueprint>(body, Json.Options, context.RequestAborted)
                ?? throw new JsonException("The body is null.");
            // The same code reads YAML and JSON, so the rules for a YAML file also apply to JSON.
            return new(new(BlueprintWriter.Text(blueprint), IsFile: false));
        }
        catch (JsonException fault)
        {
            throw new BadHttpRequestException("The body is no blueprint.", StatusCodes.Status400BadRequest, fault);
        }
    }

    /// <summary>Declares the media types of an upload, for routing and for the API description.</summary>
    internal static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint) =>
        endpoint
            .Accepts<Blueprint>("application/json", BankUpload.Yaml, "text/yaml", "text/plain")
            .AddOpenApiOperationTransformer(
                (operation, _, _) =>
                {
                    // The fields of the YAML file differ from those of the JSON.
                    var content = operation.RequestBody!.Content!;
                    foreach (var type in content.Keys.Where(type => type != "application/json").ToList())
                        content[type] = BankUpload.TextFile();
                    return Task.CompletedTask;
                }
            );
}
