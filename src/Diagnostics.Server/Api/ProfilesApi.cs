using System.Text;
using Diagnostics.Engine;
using Diagnostics.Engine.Profiles;
using Diagnostics.UseCases.Execution;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Profiles;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Diagnostics.Server.Api;

internal static class ProfilesApi
{
    internal static void MapProfiles(this IEndpointRouteBuilder routes)
    {
        var profiles = routes.MapGroup("/profiles").WithTags("Profiles");
        var reviews = routes.MapGroup("/key-reviews").WithTags("Profiles");
        var people = routes.MapGroup("/people").WithTags("Profiles");
        var sessions = routes.MapGroup("/sessions").WithTags("Profiles");
        var campaigns = routes.MapGroup("/campaigns").WithTags("Profiles");

        // A file of the service, and no use case.
        profiles.MapGet("/schema", () => TypedResults.Text(ProfileSchema.Text, "application/schema+json", Encoding.UTF8))
            .WithName("GetProfileSchema").WithSummary("JSON Schema дефицитарного профиля (2020-12)")
            .ProducesFile("application/schema+json", JsonSchemaType.Object, "Документ JSON Schema.").AllowedTo(AccessRule.Public);

        profiles.Get("/{profileId:guid}", GetProfile.Operation,
                (Guid profileId, HttpContext http, GetProfile useCase) => Document(useCase.Run(profileId, http.Caller())))
            .WithSummary("Дефицитарный профиль; версия не меняется, поэтому кешируется по ETag")
            .WithDescription("Если сеанс аннулирован после выпуска профиля, ответ дополняет пометка annulled: результат не действует. "
                + "Тогда меняется и ETag.")
            .Produces<DeficitProfile>().Produces(StatusCodes.Status304NotModified);

        people.Get("/{participantId:guid}/profiles", ListProfilesOfPerson.Operation,
                (Guid participantId, HttpContext http, ListProfilesOfPerson useCase, Guid? after, int? limit) =>
                    useCase.Run(new(participantId, after, limit), http.Caller()).Ok())
            .WithSummary("Профили человека");

        sessions.Get("/{sessionId:guid}/profiles", ListProfilesOfSession.Operation,
                (Guid sessionId, HttpContext http, ListProfilesOfSession useCase) => useCase.Run(sessionId, http.Caller()).OkArray())
            .WithSummary("Все версии профиля сеанса");

        campaigns.Get("/{campaignId:guid}/profiles", ListProfilesOfCampaign.Operation,
                (Guid campaignId, HttpContext http, ListProfilesOfCampaign useCase, Guid? after, int? limit) =>
                    useCase.Run(new(campaignId, after, limit), http.Caller()).Ok())
            .WithSummary("Профили мероприятия: последняя версия каждого");

        reviews.Post("/decisions/preview", PreviewKeyDecision.Operation,
                (KeyPreviewRequest request, HttpContext http, PreviewKeyDecision useCase) => useCase.Run(request, http.Caller()).Ok())
            .WithSummary("Что изменит решение по краткому ответу: сеансы, баллы, уровни блоков").MayFindNothing();

        campaigns.Post("/{campaignId:guid}/results/publication", PublishResults.Operation,
                (Guid campaignId, HttpContext http, PublishResults useCase) => useCase.Run(campaignId, http.Caller()).Ok())
            .WithSummary("Опубликовать результаты: профили становятся окончательными; повтор безопасен");
    }

    /// <summary>A version never changes, so browsers and portals keep it by its ETag; <c>If-None-Match</c> is answered with 304.</summary>
    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Document(Task<Result<ProfileText>> reading)
    {
        if ((await reading).Refused(out var refusal, out var profile)) return Problems.From(refusal);
        return TypedResults.Bytes(
            Encoding.UTF8.GetBytes(profile.Content), "application/json; charset=utf-8",
            entityTag: new EntityTagHeaderValue($"\"{profile.Tag}\""));
    }
}
