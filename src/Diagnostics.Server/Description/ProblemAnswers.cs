using System.Text.Json;
using Diagnostics.UseCases.Execution;
using Diagnostics.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;

namespace Diagnostics.Server.Description;

/// <summary>The problem answers of the API description: each status once among the components, an operation's own where a stage gives examples.</summary>
internal static class ProblemAnswers
{
    private const string Schema = "ProblemDetails";

    /// <summary>What each status means and how it looks when an operation has nothing of its own to show.</summary>
    private static readonly (int Status, string Description, IReadOnlyList<ProblemHttpResult> Examples)[] Common =
    [
        (400, "Запрос не читается.", [Problems.MalformedJson(new JsonException(null, "$.windows.sittingFrom", 6, 31)), Problems.Malformed(400)]),
        (401, "Нужен вход: токена нет или он истёк.", [Problems.OfStatus(401)]),
        (403, "Нет права.", [Problems.OfStatus(403)]),
        (404, "Не найдено.", [Problems.OfStatus(404)]),
        (409, "Состояние не позволяет этого.", [Problems.From(Executor.AlreadyDone)]),
        (410, "Больше не хранится.", [Problems.From(UseCases.Feed.ReadProfileFeed.Expired)]),
        (412, "Данные изменились с тех пор, как вы их прочитали.", [Problems.From(Revisions.Stale(4))]),
        (405, "По этому адресу такого метода нет: обычно в адресе пропущено или неверно имя.", [Problems.OfStatus(405)]),
        (413, "Слишком большой запрос.", [Problems.TooLarge()]),
        (415, "Тело не того вида: нужен Content-Type из описания.", [Problems.OfStatus(415)]),
        (422, "В запросе ошибка; code говорит какая.", [Problems.From(Executor.KeyReused)]),
        (428, "Не указана версия, на которой основана правка.", [ETags.Missing()]),
        (429, "Слишком много запросов от этой учётной записи.", [Limits.TooMany()]),
        (500, "Внутренняя ошибка; подробности только в журнале.", [Problems.Internal()]),
        (503, "Перегрузка: повторите после Retry-After.", [Problems.Busy()]),
    ];

    /// <summary>Names every status that the operation may answer with.</summary>
    internal static void AddTo(OpenApiOperation operation, AccessRule rule, string method, bool needsIfMatch, bool mayFindNothing, OpenApiDocument? document)
    {
        foreach (var status in StatusesOf(operation, rule, method, needsIfMatch, mayFindNothing))
            Add(operation, status, document);
    }

    internal static void Add(OpenApiOperation operation, int status, OpenApiDocument? document) =>
        (operation.Responses ??= []).TryAdd(Text(status), new OpenApiResponseReference(NameOf(status), document));

    /// <summary>Writes the shared answers and their schema.</summary>
    internal static void Define(OpenApiDocument document)
    {
        document.AddComponent(Schema, new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "Отказ по RFC 9457. У отдельных отказов есть и другие поля: например, обе версии ответа или список того, чего не хватает.",
            Required = new HashSet<string> { "type", "title", "status", "detail", "code" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = Property(JsonSchemaType.String, "Вид отказа, не меняется: urn:diagnostics:problem:<code>.", "uri"),
                ["title"] = Property(JsonSchemaType.String, "Что означает статус, для людей."),
                ["status"] = Property(JsonSchemaType.Integer, "Статус ответа."),
                ["detail"] = Property(JsonSchemaType.String, "Что случилось и что делать, для людей."),
                ["code"] = Property(JsonSchemaType.String, "Код отказа для программ, не меняется."),
                ["traceId"] = Property(JsonSchemaType.String, "Номер запроса в журнале службы: назовите его, если обращаетесь за помощью."),
            },
            AdditionalProperties = new OpenApiSchema { Description = "Факты, с которыми клиент может продолжить." },
        });
        foreach (var (status, _, examples) in Common)
        {
            var answer = Own(document, status);
            Show(answer, examples.Select(problem => Example.Refuses("", problem)).ToList());
            document.AddComponent(NameOf(status), answer);
        }
    }

    /// <summary>An answer of one operation, for examples of its own.</summary>
    internal static OpenApiResponse Own(OpenApiDocument document, int status)
    {
        var answer = new OpenApiResponse
        {
            Description = Common.First(common => common.Status == status).Description,
            Content = new Dictionary<string, OpenApiMediaType> { [Example.Problem] = new() { Schema = new OpenApiSchemaReference(Schema, document) } },
        };
        if (status is 429 or 503)
        {
            answer.Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["Retry-After"] = new OpenApiHeader { Description = "Через сколько секунд повторить.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } },
            };
        }
        return answer;
    }

    private static void Show(OpenApiResponse answer, IReadOnlyList<Example> examples) => ExampleWriter.Show(answer.Content![Example.Problem], examples);

    private static IEnumerable<int> StatusesOf(OpenApiOperation operation, AccessRule rule, string method, bool needsIfMatch, bool mayFindNothing)
    {
        yield return 400;
        if (!rule.Anyone)
        {
            yield return 401;
            yield return 403;
        }
        var named = operation.Parameters?.Any(parameter => parameter.In is ParameterLocation.Path) is true;
        if (mayFindNothing || named) yield return 404;
        // A name left out, or one that is another path's, leads to a place that knows other methods.
        if (named) yield return 405;
        if (method is not "GET")
        {
            yield return 409;
            yield return 413;
            yield return 422;
        }
        if (operation.RequestBody is not null) yield return 415;
        if (method is "PUT" or "PATCH") yield return 412;
        if (needsIfMatch) yield return 428;
        yield return 429;
        yield return 500;
        yield return 503;
    }

    private static OpenApiSchema Property(JsonSchemaType type, string description, string? format = null) => new() { Type = type, Description = description, Format = format };

    private static string NameOf(int status) => "Problem" + Text(status);

    private static string Text(int status) => status.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
