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

    /// <summary>
    /// Answers with one page of a list that v1 returns as a bare array; the address of the next page is in the
    /// <c>Link</c> header.
    /// </summary>
    internal static ArrayAnswer<T> OkArray<T>(this Task<Result<IReadOnlyList<T>>> running) => new(running);

    internal static async Task<Results<Created<T>, ProblemHttpResult>> Created<T>(this Task<Result<T>> running, Func<T, string> location) =>
        (await running).Refused(out var refusal, out var value) ? Problems.From(refusal) : TypedResults.Created(location(value), value);

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
/// A page of a list as a bare array, as v1 has returned it from the start. When there are more pages, the answer has
/// <c>Link: &lt;…&gt;; rel="next"</c> (RFC 8288). Lists added later answer with <c>{items, next}</c>.
/// </summary>
internal sealed class ArrayAnswer<T>(Task<Result<IReadOnlyList<T>>> running) : IResult, IEndpointMetadataProvider
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
        var page = Page<T>.Window(all, after, limit ?? Page<T>.MaxLimit);
        if (page.Next is { } next)
        {
            var others = query
                .Where(parameter => parameter.Key is not "after")
                .Select(parameter => KeyValuePair.Create(parameter.Key, parameter.Value));
            httpContext.Response.Headers.Link =
                $"<{httpContext.Request.Path}{QueryString.Create(others.Append(new("after", next)))}>; rel=\"next\"";
        }
        await TypedResults.Ok(page.Items).ExecuteAsync(httpContext);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(IReadOnlyList<T>), ["application/json"]));
        builder.Metadata.Add(new PagedArrayMarker());
    }

    private static bool IsNumber(string? text, out int? number)
    {
        number = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var known) ? known : null;
        return text is null || number is not null;
    }
}

/// <summary>
/// Metadata of an endpoint: tells the API description that the endpoint returns a page of a list as a bare array.
/// </summary>
internal sealed class PagedArrayMarker;
