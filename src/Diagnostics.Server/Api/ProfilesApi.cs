using System.Text;
using Diagnostics.Engine;
using Diagnostics.Engine.Profiles;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Profiles;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Competencies;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Profiles;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Diagnostics.Server.Api;

internal static class ProfilesApi
{
    private const string SchemaType = "application/schema+json";

    internal static readonly Refusal NoSchema = Refusal.NotFound("schema-not-found", "Такой версии схемы профиля нет.");

    internal static void MapProfiles(this IEndpointRouteBuilder routes)
    {
        var profiles = routes.MapGroup("/profiles").WithTags("Profiles");
        var reviews = routes.MapGroup("/key-reviews").WithTags("Profiles");
        var people = routes.MapGroup("/people").WithTags("Profiles");
        var sessions = routes.MapGroup("/sessions").WithTags("Profiles");
        var campaigns = routes.MapGroup("/campaigns").WithTags("Profiles");

        // This endpoint serves one of the service's own files and runs no use case.
        profiles
            .MapGet(
                "/schema",
                Results<ContentHttpResult, ProblemHttpResult> (string? version) =>
                    ProfileSchema.Find(version ?? ProfileSchema.Latest.Version) is { } schema
                        ? TypedResults.Text(schema.Text, SchemaType, Encoding.UTF8)
                        : Problems.From(NoSchema)
            )
            .WithName("GetProfileSchema")
            .WithSummary("JSON Schema дефицитарного профиля (2020-12): version — `1.0` или `2.0`, обычно последняя")
            .ProducesFile(SchemaType, JsonSchemaType.Object, "Документ JSON Schema.")
            .MayFindNothing()
            .AllowedTo(AccessRule.Public);

        profiles
            .Get(
                "/",
                ListProfiles.Operation,
                (
                    HttpContext http,
                    ListProfiles useCase,
                    string? externalId,
                    Guid? campaignId,
                    string? changedSince,
                    string? territory,
                    Guid? after,
                    int? limit
                ) => useCase.Run(new(externalId, campaignId, changedSince, territory, after, limit), http.Caller()).Ok()
            )
            .MayAnswer(StatusCodes.Status422UnprocessableEntity)
            .WithSummary("Действующие профили, открытые порталу")
            .WithDescription(
                "Опубликованные, своей территории, с действующим согласием; по одному на человека и мероприятие: "
                    + "последняя версия того, что не аннулировано. externalId — номер человека у портала, changedSince — выпущенные "
                    + "тогда или позже. Полная копия: сначала место в ленте (/profile-feed?after=latest), затем этот список до конца, "
                    + "затем лента с этого места."
            );

        profiles
            .Get(
                "/{profileId:guid}",
                GetProfile.Operation,
                (Guid profileId, HttpContext http, GetProfile useCase) => Document(useCase.Run(profileId, http.Caller()), http)
            )
            .WithSummary("Дефицитарный профиль; версия не меняется, поэтому кешируется по ETag")
            .WithDescription(
                "По схеме 2.0; кто строго проверяет документ по 1.0, просит её: "
                    + $"Accept: {ProfileSchema.MediaType}; version=1.0. Выпущенное раньше схемы 2.0 остаётся по 1.0. "
                    + "Если сеанс аннулирован после выпуска профиля, ответ дополняет пометка annulled: результат не действует. "
                    + "Тогда меняется и ETag."
            )
            .Produces<DeficitProfile>()
            .Produces(StatusCodes.Status304NotModified);

        profiles
            .Get(
                "/{profileId:guid}/sheet",
                GetProfileSheet.Operation,
                (Guid profileId, HttpContext http, GetProfileSheet useCase, SheetPage page) =>
                    page.Show<ProfileSheet, DeficitProfile>(useCase.Run(profileId, http.Caller()))
            )
            .WithSummary("Профиль для печати на листе A4")
            .ProducesFile("text/html", JsonSchemaType.String, "Страница HTML.");

        profiles
            .Get(
                "/{profileId:guid}/xapi-statements",
                GetProfileStatements.Operation,
                (Guid profileId, HttpContext http, GetProfileStatements useCase) => Statements(useCase.Run(profileId, http.Caller()), http)
            )
            .WithSummary("Профиль для хранилища учебных записей: по утверждению xAPI на блок и на компетенцию")
            .WithDescription(
                "Массив, каким его принимает POST /statements хранилища. Глагол scored, результат — result.score.scaled; "
                    + "человек назван учётной записью (participantId), без имени; предмет утверждения — пункт рамки по CASE. Номера "
                    + "утверждений следуют из профиля: отправленное дважды — одно и то же. За утверждениями профиля, который уже не "
                    + "действует (вышла следующая версия, сеанс аннулирован), стоят отменяющие их (voided)."
            );

        people
            .Get(
                "/{participantId:guid}/profiles",
                ListProfilesOfPerson.Operation,
                (Guid participantId, HttpContext http, ListProfilesOfPerson useCase, Guid? after, int? limit) =>
                    useCase.Run(new(participantId, after, limit), http.Caller()).Ok()
            )
            .WithSummary("Профили человека");

        sessions
            .Get(
                "/{sessionId:guid}/profiles",
                ListProfilesOfSession.Operation,
                (Guid sessionId, HttpContext http, ListProfilesOfSession useCase) => useCase.Run(sessionId, http.Caller()).OkPage()
            )
            .WithSummary("Все версии профиля сеанса");

        campaigns
            .Get(
                "/{campaignId:guid}/profiles",
                ListProfilesOfCampaign.Operation,
                (Guid campaignId, HttpContext http, ListProfilesOfCampaign useCase, Guid? after, int? limit) =>
                    useCase.Run(new(campaignId, after, limit), http.Caller()).Ok()
            )
            .WithSummary("Профили мероприятия: последняя версия каждого");

        campaigns
            .Get(
                "/{campaignId:guid}/deficits",
                GetDeficitStatistics.Operation,
                (Guid campaignId, HttpContext http, GetDeficitStatistics useCase) => useCase.Run(campaignId, http.Caller()).Ok()
            )
            .OnePerCaller()
            .WithSummary("Дефициты участников мероприятия: сколько человек с каким уровнем по блокам, компетенциям и элементам");

        reviews
            .Post(
                "/decisions/preview",
                PreviewKeyDecision.Operation,
                (KeyPreviewRequest request, HttpContext http, PreviewKeyDecision useCase) => useCase.Run(request, http.Caller()).Ok()
            )
            .WithSummary("Что изменит решение по краткому ответу: сеансы, баллы, уровни блоков")
            .MayFindNothing();

        campaigns
            .Get(
                "/{campaignId:guid}/results/publication",
                GetPublication.Operation,
                (Guid campaignId, HttpContext http, GetPublication useCase) => useCase.Run(new(campaignId), http.Caller()).Ok()
            )
            .WithSummary("Опубликованы ли результаты, и что этому мешает")
            .MayFindNothing();

        campaigns
            .Post(
                "/{campaignId:guid}/results/publication",
                PublishResults.Operation,
                (Guid campaignId, HttpContext http, PublishResults useCase) => useCase.Run(campaignId, http.Caller()).Ok()
            )
            .WithSummary("Опубликовать результаты: профили становятся окончательными; повтор безопасен");
    }

    private static async Task<Results<Ok<IReadOnlyList<XapiStatement>>, ProblemHttpResult>> Statements(
        Task<Result<ProfileForXapi>> reading,
        HttpContext http
    ) =>
        (await reading).Refused(out var refusal, out var profile)
            ? Problems.From(refusal)
            : TypedResults.Ok(
                profile.Statements.Of(
                    CaseFrameworks.Of(profile.Framework, CaseApi.RootOf(http)),
                    $"{http.Request.Scheme}://{http.Request.Host}"
                )
            );

    /// <summary>
    /// A version never changes, so browsers and portals cache it under its ETag; <c>If-None-Match</c> is answered with
    /// 304.
    /// </summary>
    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Document(
        Task<Result<ProfileText>> reading,
        HttpContext http
    )
    {
        if ((await reading).Refused(out var refusal, out var profile))
            return Problems.From(refusal);
        var (schema, named) = ProfileSchema.Wanted(http.Request.GetTypedHeaders().Accept);
        var cut = schema == ProfileSchema.First && profile.Schema is not null;
        var version = cut ? schema.Version : profile.Schema ?? ProfileSchema.First.Version;
        http.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        return TypedResults.Bytes(
            Encoding.UTF8.GetBytes(cut ? schema.Of(profile.Content) : profile.Content),
            named ? $"{ProfileSchema.MediaType}; version={version}; charset=utf-8" : "application/json; charset=utf-8",
            entityTag: new EntityTagHeaderValue(cut ? $"\"{profile.Tag}-{version}\"" : $"\"{profile.Tag}\"")
        );
    }
}
