using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Diagnostics.Engine;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Diagnostics.Server.Http;

/// <summary>A use case's result as an HTTP answer.</summary>
internal static class Answers
{
    internal static OkAnswer<T> Ok<T>(this Task<Result<T>> running) => new(running);

    internal static async Task<Results<Created<T>, ProblemHttpResult>> Created<T>(this Task<Result<T>> running, Func<T, string> location) =>
        (await running).Refused(out var refusal, out var value) ? Problems.From(refusal) : TypedResults.Created(location(value), value);

    internal static async Task<Results<NoContent, ProblemHttpResult>> NoContent(this Task<Result<Done>> running) =>
        (await running).Refused(out var refusal, out _) ? Problems.From(refusal) : TypedResults.NoContent();
}

/// <summary>200 with the use case's result, or its refusal. Waits for the use case itself: the save path has no method more to resume.</summary>
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
