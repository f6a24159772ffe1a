using Diagnostics.Server.Access;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NodaTime;
using Diagnostics.Engine;

namespace Diagnostics.Server.Http;

/// <summary>OpenAPI 3.1 description: security, problem answers, who may call, headers that filters take.</summary>
internal static class ApiDescription
{
    internal const string Document = "v1";

    internal static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi(Document, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddSchemaTransformer(DescribeValues);
        options.AddOperationTransformer(DescribeOperation);
        options.AddDocumentTransformer(DescribeDocument);
    });

    private static Task DescribeDocument(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Diagnostics",
            Version = "1.0",
            Description = "Диагностика профессиональных дефицитов: банк заданий → четыре параллельных варианта → сеансы → проверка → дефицитарные профили.",
            License = new OpenApiLicense { Name = "См. репозиторий" , Identifier = "LicenseRef-Diagnostics" },
        };
        document.Servers = [new OpenApiServer { Url = "http://localhost:5080" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            ["bearer"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "Токен из POST /api/v1/auth/token.",
            },
        };
        return Task.CompletedTask;
    }

    private static Task DescribeOperation(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var rule = metadata.OfType<AccessRule>().Last();
        operation.Description = string.Join("\n\n", new[] { operation.Description, $"Кому доступно: {rule}." }.Where(text => !string.IsNullOrEmpty(text)));
        if (!rule.Anyone)
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", context.Document)] = [] }];
        if (metadata.OfType<Idempotency.Marker>().Any())
        {
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = Idempotency.Header,
                In = ParameterLocation.Header,
                Description = "Ключ повтора: тот же ключ с тем же запросом вернёт первый ответ.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 200 },
            });
        }
        if (metadata.OfType<ETags.Marker>().Any()) DescribeIfMatch(operation, context);
        operation.Responses ??= [];
        foreach (var (status, description) in ProblemsOf(rule, context.Description.HttpMethod ?? "GET", operation))
            operation.Responses.TryAdd(status, new OpenApiResponse
            {
                Description = description,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference("ProblemDetails", context.Document) },
                },
            });
        return Task.CompletedTask;
    }

    private static void DescribeIfMatch(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        (operation.Parameters ??= []).Add(new OpenApiParameter
        {
            Name = "If-Match",
            In = ParameterLocation.Header,
            Required = true,
            Description = "Версия из ETag, на которой основана правка: \"3\".",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
        (operation.Responses ??= []).TryAdd("428", new OpenApiResponse
        {
            Description = "Не указана версия, на которой основана правка.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference("ProblemDetails", context.Document) },
            },
        });
    }

    private static IEnumerable<(string Status, string Description)> ProblemsOf(AccessRule rule, string method, OpenApiOperation operation)
    {
        yield return ("400", "Запрос не читается.");
        if (!rule.Anyone)
        {
            yield return ("401", "Нужен вход: токена нет или он истёк.");
            yield return ("403", "Нет права.");
        }
        if (operation.Parameters?.Any(parameter => parameter.In is ParameterLocation.Path) is true) yield return ("404", "Не найдено.");
        if (method is not "GET")
        {
            yield return ("409", "Состояние не позволяет этого.");
            yield return ("413", "Слишком большой запрос.");
            yield return ("422", "В запросе ошибка; code говорит какая.");
        }
        if (method is "PUT" or "PATCH") yield return ("412", "Данные изменились с тех пор, как вы их прочитали.");
        yield return ("429", "Слишком много запросов от этой учётной записи.");
        yield return ("500", "Внутренняя ошибка; подробности только в журнале.");
        yield return ("503", "Перегрузка: повторите после Retry-After.");
    }

    private static Task DescribeValues(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancel)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(Instant))
        {
            schema.Type = JsonSchemaType.String;
            schema.Format = "date-time";
        }
        if (type == typeof(Points))
        {
            schema.Type = JsonSchemaType.Number;
            schema.Description = "Баллы, не больше трёх знаков после запятой.";
        }
        return Task.CompletedTask;
    }
}
