using System.Text.Json.Serialization.Metadata;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NodaTime;

namespace Diagnostics.Server.Description;

/// <summary>
/// Adds to the OpenAPI 3.1 description what the generator does not know: security, problem answers, access rules,
/// headers set by filters, examples.
/// </summary>
internal static class ApiDescription
{
    internal const string Document = "v1";

    /// <summary>The stages of the procedure, in order.</summary>
    internal static readonly (string Tag, string Description)[] Stages =
    [
        ("Access", "Вход и права: токены, учётные записи сотрудников, роли, клиенты порталов."),
        ("Competencies", "Рамки компетенций: блоки, компетенции и элементы, по которым выявляются дефициты."),
        ("ItemBank", "Банк заданий: фасеты из четырёх параллельных заданий, их версии, проверка и утверждение."),
        ("Forms", "Спецификации и формы: четыре варианта, заполненные фасетами, и отчёт об их параллельности."),
        ("People", "Участники: запись на диагностику, персональные данные, вход, согласия, удаление данных."),
        ("Campaigns", "Диагностические мероприятия: площадки, политики, сроки, заявления и их одобрение."),
        ("Commissions", "Региональная и конфликтная комиссии мероприятия: состав, права, конфликты интересов."),
        ("Sessions", "Сеансы: допуск, начало, ответы, пауза и дополнительное время, завершение, журнал."),
        ("SiteDays", "День на площадке: кто назначен, список участников, журнал, акт дня."),
        ("Marking", "Проверка: развёрнутые ответы без имён, баллы по критериям, разбор кратких ответов, журнал баллов."),
        ("Appeals", "Апелляции: о нарушении порядка и о баллах, сроки в рабочих днях, голосование конфликтной комиссии, решения."),
        (
            "Calibration",
            "Калибровка форм: фоновый расчёт параметров заданий, отчёты о заданиях и форме, утверждение, выгрузка баллов без имён."
        ),
        ("Profiles", "Дефицитарные профили: версии, публикация результатов, выдача порталам с согласия участника."),
        ("Instruments", "Инструменты других форм диагностики: анкеты самодиагностики, экспертные листы, карты умений."),
        ("Questionnaires", "Самодиагностика: анкеты с сохранением ответов, с бумаги, результат по компетенциям и рефлексия (п. 4, 7.2)."),
        ("Practice", "Результаты практики: доли обучающихся по умениям, оценка учредителя, аттестация, корреляция с блоками (п. 5, 7.3)."),
        ("Observation", "Экспертное наблюдение: листы экспертов и самонаблюдения, согласование оценок, согласие экспертов (п. 6, 7.4)."),
        ("ComplexProfiles", "Комплексный профиль: все источники рядом и уровень, в который их соединяет политика (п. 2.4, 7.4)."),
        ("Feed", "Лента событий для порталов: что произошло, в порядке фиксации, хотя бы один раз и без пропусков."),
        ("Webhooks", "Вебхуки порталов: те же события, что в ленте, подписанные и досылаемые трое суток; журнал доставок."),
        ("Jobs", "Фоновые работы: то, что дольше одного запроса; ход, отмена, отчёт по строкам."),
        ("Audit", "Журнал аудита: решения и обращения к персональным данным, проверка его целостности."),
        ("Operations", "Состояние службы для балансировщиков и дежурных."),
    ];

    internal static void AddApiDescription(this IServiceCollection services) =>
        services.AddOpenApi(
            Document,
            options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                options.CreateSchemaReferenceId = NameOf;
                options.AddSchemaTransformer(DescribeValues);
                options.AddOperationTransformer(DescribeOperation);
                options.AddDocumentTransformer(DescribeDocument);
            }
        );

    private static Task DescribeDocument(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Diagnostics",
            Version = "1.0",
            Description =
                "Диагностика профессиональных дефицитов: банк заданий → четыре параллельных варианта → сеансы → проверка → дефицитарные профили.",
            Contact = new OpenApiContact { Name = "Оператор диагностики (ЦНППМ)" },
        };
        // The address is relative, so the description is valid wherever it is read, even behind a proxy.
        document.Servers =
        [
            new OpenApiServer
            {
                Url = "/",
                Description = "Служба, с которой прочитано описание; после запуска из репозитория — http://localhost:5080.",
            },
        ];
        document.Tags = new HashSet<OpenApiTag>(
            Stages.Select(stage => new OpenApiTag { Name = stage.Tag, Description = stage.Description })
        );
        document.AddComponent<IOpenApiSecurityScheme>(
            "bearer",
            new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "Токен из POST /api/v1/auth/token.",
            }
        );
        SentValues.LeaveOutNulls(document);
        ProblemAnswers.Define(document);
        ExampleWriter.Write(document);
        return Task.CompletedTask;
    }

    private static Task DescribeOperation(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var rule = metadata.OfType<AccessRule>().Last();
        var operationOf = metadata.OfType<Operation>().LastOrDefault();
        operation.Description = string.Join(
            "\n\n",
            new[] { operation.Description, $"Кому доступно: {rule}." }.Where(text => !string.IsNullOrEmpty(text))
        );
        // For a public operation, the empty list states explicitly that no sign-in is needed.
        operation.Security = rule.Anyone
            ? []
            : [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", context.Document)] = [] }];
        if (operationOf is { Repetition: not Repetition.RunsAgain })
        {
            (operation.Parameters ??= []).Add(
                new OpenApiParameter
                {
                    Name = Idempotency.Header,
                    In = ParameterLocation.Header,
                    Description = "Ключ повтора: тот же ключ с тем же запросом вернёт первый ответ.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 200 },
                }
            );
        }
        var needsIfMatch = operationOf is { NeedsRevision: true };
        if (needsIfMatch)
        {
            (operation.Parameters ??= []).Add(
                new OpenApiParameter
                {
                    Name = "If-Match",
                    In = ParameterLocation.Header,
                    Required = true,
                    Description = "Версия из ETag, на которой основана правка: \"3\".",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                }
            );
        }
        if (metadata.OfType<PagedMarker>().Any())
            DescribePages(operation);
        foreach (var also in metadata.OfType<Routes.AlsoAnswers>())
            ProblemAnswers.Add(operation, also.Status, context.Document);
        ProblemAnswers.AddTo(
            operation,
            rule,
            context.Description.HttpMethod ?? "GET",
            needsIfMatch,
            metadata.OfType<Routes.NotFoundMarker>().Any(),
            context.Document
        );
        return Task.CompletedTask;
    }

    private static void DescribePages(OpenApiOperation operation)
    {
        OpenApiSchema number = new() { Type = JsonSchemaType.Integer, Format = "int32" };
        (operation.Parameters ??= []).Add(
            new OpenApiParameter
            {
                Name = "after",
                In = ParameterLocation.Query,
                Description = "Сколько записей пропустить: значение next предыдущей страницы.",
                Schema = number,
            }
        );
        operation.Parameters.Add(
            new OpenApiParameter
            {
                Name = "limit",
                In = ParameterLocation.Query,
                Description = "Сколько записей вернуть, до 500; столько же, если не указано.",
                Schema = number,
            }
        );
    }

    /// <summary>
    /// Publishes the C# type CampaignStage under the name Stage, like the field of a campaign that has this type. In
    /// C#, "stage" alone means a stage of the procedure.
    /// </summary>
    private static string? NameOf(JsonTypeInfo type)
    {
        var name = OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        return name is nameof(CampaignStage) ? "Stage" : name;
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
        }
        return Task.CompletedTask;
    }
}
