using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Diagnostics.Engine;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Diagnostics.UseCases.Http;

/// <summary>A use case's result as an HTTP answer.</summary>
internal static class Answers
{
    internal static Results<Ok<T>, ProblemHttpResult> Ok<T>(this Result<T> result) =>
        result.Refused(out var refusal, out var value) ? Problems.From(refusal) : TypedResults.Ok(value);

    internal static Results<Created<T>, ProblemHttpResult> Created<T>(this Result<T> result, Func<T, string> location) =>
        result.Refused(out var refusal, out var value) ? Problems.From(refusal) : TypedResults.Created(location(value), value);

    internal static Results<NoContent, ProblemHttpResult> NoContent(this Result<Done> result) =>
        result.Refused(out var refusal, out _) ? Problems.From(refusal) : TypedResults.NoContent();

    internal static async Task<Results<Ok<T>, ProblemHttpResult>> Ok<T>(this Task<Result<T>> result) => (await result).Ok();

    internal static OkAnswer<T> OkWhenDone<T>(this Task<Result<T>> running) => new(running);

    internal static async Task<Results<Created<T>, ProblemHttpResult>> Created<T>(this Task<Result<T>> result, Func<T, string> location) => (await result).Created(location);

    internal static async Task<Results<NoContent, ProblemHttpResult>> NoContent(this Task<Result<Done>> result) => (await result).NoContent();
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
