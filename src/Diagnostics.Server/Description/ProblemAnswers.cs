using System.Text.Json;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;

namespace Diagnostics.Server.Description;

/// <summary>
/// The problem answers of the API description. Each status is described once among the shared components, and again in
/// an operation that has examples of its own for the status.
/// </summary>
internal static class ProblemAnswers
{
    private const string Schema = "ProblemDetails";
    private const string Prefix = "Problem";

    /// <summary>
    /// All statuses, with the examples that are shown for operations that have no examples of their own.
    /// </summary>
    private static readonly (int Status, IReadOnlyList<ProblemHttpResult> Examples)[] Common =
    [
        (400, [Problems.MalformedJson(new JsonException(null, "$.windows.sittingFrom", 6, 31)), Problems.Malformed(400)]),
        (401, [Problems.OfStatus(401)]),
        (403, [Problems.OfStatus(403)]),
        (404, [Problems.OfStatus(404)]),
        (409, [Problems.From(Executor.AlreadyDone)]),
        (410, [Problems.From(UseCases.Feed.ReadProfileFeed.Expired)]),
        (412, [Problems.From(Revisions.Stale(4))]),
        (405, [Problems.OfStatus(405)]),
        (413, [Problems.TooLarge()]),
        (415, [Problems.OfStatus(415)]),
        (422, [Problems.From(Executor.KeyReused)]),
        (428, [ETags.Missing()]),
        (429, [Limits.TooMany()]),
        (500, [Problems.Internal()]),
        (503, [Problems.Busy()]),
    ];

    /// <summary>Adds every status with which the operation may answer.</summary>
    internal static void AddTo(
        OpenApiOperation operation,
        AccessRule rule,
        string method,
        bool needsIfMatch,
        bool mayFindNothing,
        OpenApiDocument? document
    )
    {
        foreach (var status in StatusesOf(operation, rule, method, needsIfMatch, mayFindNothing))
            Add(operation, status, document);
    }

    internal static void Add(OpenApiOperation operation, int status, OpenApiDocument? document) =>
        (operation.Responses ??= []).TryAdd(Text(status), new OpenApiResponseReference(NameOf(status), document));

    /// <summary>Adds the shared answers and their schema to the description.</summary>
    internal static void Define(OpenApiDocument document)
    {
        document.AddComponent(
            Schema,
            new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string> { "type", "title", "status", "detail", "code" },
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["type"] = Property(JsonSchemaType.String, "uri"),
                    ["title"] = Property(JsonSchemaType.String),
                    ["status"] = Property(JsonSchemaType.Integer),
                    ["detail"] = Property(JsonSchemaType.String),
                    ["code"] = Property(JsonSchemaType.String),
                    ["traceId"] = Property(JsonSchemaType.String),
                },
                AdditionalProperties = new OpenApiSchema { Description = "Факты, с которыми клиент может продолжить." },
            }
        );
        foreach (var (status, examples) in Common)
        {
            var answer = Own(document, status);
            Show(answer, examples.Select(problem => Example.Refuses("", problem)).ToList());
            document.AddComponent(NameOf(status), answer);
        }
    }

    /// <summary>An answer of one operation, with its own examples.</summary>
    internal static OpenApiResponse Own(OpenApiDocument document, int status)
    {
        var answer = new OpenApiResponse
        {
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [Example.Problem] = new() { Schema = new OpenApiSchemaReference(Schema, document) },
            },
        };
        if (status is 429 or 503)
        {
            answer.Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["Retry-After"] = new OpenApiHeader
                {
                    Description = "Через сколько секунд повторить.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
                },
            };
        }
        return answer;
    }

    private static void Show(OpenApiResponse answer, IReadOnlyList<Example> examples) =>
        ExampleWriter.Show(answer.Content![Example.Problem], examples);

    private static IEnumerable<int> StatusesOf(
        OpenApiOperation operation,
        AccessRule rule,
        string method,
        bool needsIfMatch,
        bool mayFindNothing
    )
    {
        yield return 400;
        if (!rule.Anyone)
        {
            yield return 401;
            yield return 403;
        }
        var named = operation.Parameters?.Any(parameter => parameter.In is ParameterLocation.Path) is true;
        if (mayFindNothing || named)
            yield return 404;
        // When the parameter is left out of the path, or its value is a word of another path, the request may match a
        // route that allows only other methods.
        if (named)
            yield return 405;
        if (method is not "GET")
        {
            yield return 409;
            yield return 413;
            yield return 415;
            yield return 422;
        }
        // A resource that has an ETag also answers requests with If-Match.
        if (needsIfMatch || method is "PUT" or "PATCH" || operation.Responses?.ContainsKey(Text(StatusCodes.Status304NotModified)) is true)
            yield return 412;
        if (needsIfMatch)
            yield return 428;
        yield return 429;
        yield return 500;
        yield return 503;
    }

    /// <summary>The status to which the name of a shared answer refers.</summary>
    internal static string StatusOf(string name) => name[Prefix.Length..];

    private static OpenApiSchema Property(JsonSchemaType type, string? format = null) => new() { Type = type, Format = format };

    private static string NameOf(int status) => Prefix + Text(status);

    private static string Text(int status) => status.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
