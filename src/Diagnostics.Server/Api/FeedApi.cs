using System.Reflection;
using Diagnostics.Engine;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Feed;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Diagnostics.Server.Api;

internal static class FeedApi
{
    internal static void MapFeed(this IEndpointRouteBuilder routes)
    {
        var feed = routes.MapGroup("/profile-feed").WithTags("Feed");

        feed.Get(
                "/",
                ReadProfileFeed.Operation,
                (
                    HttpContext http,
                    ReadProfileFeed useCase,
                    string? after,
                    int? wait,
                    string? type,
                    string? territory,
                    string? include,
                    int? limit
                ) => new FeedAnswer(useCase.Run(new(after, wait, type, territory, include, limit, http.RequestAborted), http.Caller()))
            )
            .MayAnswer(StatusCodes.Status410Gone)
            .MayAnswer(StatusCodes.Status422UnprocessableEntity)
            .WithSummary("Лента событий для порталов: всё, что произошло, в порядке фиксации, без пропусков")
            .WithDescription(
                "after — место из прежнего ответа (next или cursor события), latest — с этого времени, без него — с "
                    + "самого раннего, что хранится. wait — сколько секунд ждать, если нового нет (0–30). type — виды через запятую: "
                    + $"{string.Join(", ", FeedEvent.Types)}. include=profile вкладывает документ в profile.issued (тогда не больше "
                    + $"{ReadProfileFeed.MaxProfiles} событий за раз, иначе {ReadProfileFeed.MaxLimit}). Событие может прийти дважды — "
                    + "узнавайте его по id, — но не пропускается. Видны люди территории клиента с действующим согласием на время "
                    + "чтения; отзыв согласия приходит без данных, и прежних событий о человеке больше нет. 410 — место старше срока "
                    + $"хранения ({FeedRetention.SettingName}, обычно 90 дней): возьмите after=latest, затем GET /profiles, и "
                    + $"продолжайте. С Accept: {CloudEvents.BatchType} — пачка CloudEvents 1.0; место для продолжения — в Link."
            );
    }
}

/// <summary>
/// A part of the feed in the form that the client accepts: our own JSON, or a batch of CloudEvents 1.0. The Link header says
/// where to continue.
/// </summary>
internal sealed class FeedAnswer(Task<Result<ProfileFeedPage>> running) : IResult, IEndpointMetadataProvider
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if ((await running).Refused(out var refusal, out var page))
        {
            await Problems.From(refusal).ExecuteAsync(httpContext);
            return;
        }
        var others = httpContext
            .Request.Query.Where(parameter => parameter.Key is not "after")
            .Select(parameter => KeyValuePair.Create(parameter.Key, parameter.Value));
        var next = QueryString.Create(others.Append(new("after", page.Next)));
        httpContext.Response.Headers.Link = $"<{httpContext.Request.Path}{next}>; rel=\"next\"";
        httpContext.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        IResult answer = CloudEvents.AreWanted(httpContext.Request)
            ? TypedResults.Json(page.Items.Select(CloudEvent.Of).ToList(), contentType: CloudEvents.BatchType)
            : TypedResults.Ok(page);
        await answer.ExecuteAsync(httpContext);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(ProfileFeedPage), ["application/json"]));
}

internal static class CloudEvents
{
    internal const string BatchType = "application/cloudevents-batch+json";

    internal static bool AreWanted(HttpRequest request) =>
        request
            .GetTypedHeaders()
            .Accept.Any(type => type.Quality is not 0 && type.MediaType.Equals(BatchType, StringComparison.OrdinalIgnoreCase));
}
