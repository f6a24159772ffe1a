using System.Reflection;
using System.Text;
using Diagnostics.Engine;
using Diagnostics.Engine.Profiles;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.ComplexProfiles;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Diagnostics.Server.Api;

internal static class ComplexProfilesApi
{
    private const string SchemaType = "application/schema+json";

    /// <summary>The schema of the document, as committed in <c>openapi/</c>.</summary>
    internal static readonly string Schema = ReadSchema();

    internal static void MapComplexProfiles(this IEndpointRouteBuilder routes)
    {
        var people = routes.MapGroup("/people").WithTags("ComplexProfiles");
        var profiles = routes.MapGroup("/complex-profiles").WithTags("ComplexProfiles");

        // This endpoint serves one of the service's own files and runs no use case.
        profiles
            .MapGet("/schema", ContentHttpResult () => TypedResults.Text(Schema, SchemaType, Encoding.UTF8))
            .WithName("GetComplexProfileSchema")
            .WithSummary("JSON Schema комплексного профиля (2020-12)")
            .ProducesFile(SchemaType, JsonSchemaType.Object, "Документ JSON Schema.")
            .AllowedTo(AccessRule.Public);

        people
            .Post(
                "/{participantId:guid}/complex-profiles",
                MakeComplexProfile.Operation,
                (Guid participantId, ComplexProfileRequest? request, HttpContext http, MakeComplexProfile useCase) =>
                    useCase.Run(new(participantId, request ?? new()), http.Caller()).OkWithTag(http, made => made.Version)
            )
            .WithSummary("Собрать комплексный профиль: все источники рядом, соединённые политикой")
            .WithDescription(
                "Без framework — по рамке самого позднего результата, без policy — по последней версии политики complex_profile/default. "
                    + "Если с прошлой версии ничего не изменилось, ответ — она же. Дальше профиль следует за источниками сам: новый "
                    + "результат, исправление или отзыв выпускают следующую версию по той же политике."
            );

        people
            .Get(
                "/{participantId:guid}/complex-profiles",
                ListComplexProfiles.Operation,
                (Guid participantId, HttpContext http, ListComplexProfiles useCase, Guid? after, int? limit) =>
                    useCase.Run(new(participantId, after, limit), http.Caller()).Ok()
            )
            .WithSummary("Комплексные профили человека, все версии");

        profiles
            .Get(
                "/{profileId:guid}",
                GetComplexProfile.Operation,
                (Guid profileId, HttpContext http, GetComplexProfile useCase) => Document(useCase.Run(profileId, http.Caller()))
            )
            .WithSummary("Комплексный профиль; версия не меняется, поэтому кешируется по ETag")
            .WithDescription("Документ по схеме 1.0 (/complex-profiles/schema). Следующие 1.x только добавляют поля.")
            .Produces<IssuedComplexProfile>()
            .Produces(StatusCodes.Status304NotModified);
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Document(Task<Result<ComplexProfileText>> reading) =>
        (await reading).Refused(out var refusal, out var profile)
            ? Problems.From(refusal)
            : TypedResults.Bytes(
                Encoding.UTF8.GetBytes(profile.Content),
                "application/json; charset=utf-8",
                entityTag: new EntityTagHeaderValue($"\"{profile.Tag}\"")
            );

    private static string ReadSchema()
    {
        using var reader = new StreamReader(
            Assembly.GetExecutingAssembly().GetManifestResourceStream("complex-profile.schema.json")!,
            Encoding.UTF8
        );
        return reader.ReadToEnd();
    }
}
