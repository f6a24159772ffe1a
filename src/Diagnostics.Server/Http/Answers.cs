using System.Globalization;
using System.Reflection;
using Diagnostics.Engine;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace Diagnostics.Server.Http;

/// <summary>Turns a use case's result into an HTTP answer.</summary>
internal static class Answers
{
    internal static OkAnswer<T> Ok<T>(this Task<Result<T>> running) => new(running);

    /// <summary>Answers with one page of a list that the use case has read whole.</summary>
    internal static PageAnswer<T> OkPage<T>(this Task<Result<IReadOnlyList<T>>> running) => new(running);

    internal static async Task<Results<Created<T>, ProblemHttpResult>> Created<T>(this Task<Result<T>> running, Func<T, string> location) =>
        (await running).Refused(out var refusal, out var value) ? Problems.From(refusal) : TypedResults.Created(location(value), value);

    /// <summary>Answers that work was put into the queue; the location says where to watch it.</summary>
    internal static async Task<Results<Accepted<T>, ProblemHttpResult>> Accepted<T>(
        this Task<Result<T>> running,
        Func<T, string> location
    ) => (await running).Refused(out var refusal, out var value) ? Problems.From(refusal) : TypedResults.Accepted(location(value), value);

    internal static async Task<Results<NoContent, ProblemHttpResult>> NoContent(this Task<Result<Done>> running) =>
        (await running).Refused(out var refusal, out _) ? Problems.From(refusal) : TypedResults.NoContent();
}

/// <summary>
/// Answers with 200 and the use case's result, or with a problem when the use case refuses. This class awaits the use
/// case itself, so that the save path needs no additional async method.
/// </summary>
internal sealed class OkAnswer<T>(Task<Result<T>> running) : IResult, IEndpointMetadataProvider
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        IResult answer = (await running).Refused(out var refusal, out var value) ? Problems.From(refusal) : TypedResults.Ok(value);
        await answer.ExecuteAsync(httpContext);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));
}

/// <summary>
/// A page of a list that is short enough to be read whole. The query's <c>after</c> is the number of entries before the
/// page, <c>limit</c> the number of entries on it.
/// </summary>
internal sealed class PageAnswer<T>(Task<Result<IReadOnlyList<T>>> running) : IResult, IEndpointMetadataProvider
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var query = httpContext.Request.Query;
        if (!IsNumber(query["after"], out var after) || !IsNumber(query["limit"], out var limit))
        {
            await Problems.Malformed(StatusCodes.Status400BadRequest).ExecuteAsync(httpContext);
            return;
        }
        if ((await running).Refused(out var refusal, out var all))
        {
            await Problems.From(refusal).ExecuteAsync(httpContext);
            return;
        }
        await TypedResults.Ok(Page<T>.Window(all, after, limit ?? Page<T>.MaxLimit)).ExecuteAsync(httpContext);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(Page<T>), ["application/json"]));
        builder.Metadata.Add(new PagedMarker());
    }

    private static bool IsNumber(string? text, out int? number)
    {
        number = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var known) ? known : null;
        return text is null || number is not null;
    }
}

/// <summary>
/// Metadata of an endpoint: tells the API description that the endpoint reads <c>after</c> and <c>limit</c> itself.
/// </summary>
internal sealed class PagedMarker;
