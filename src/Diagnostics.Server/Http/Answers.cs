using Diagnostics.Engine;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Diagnostics.Server.Http;

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

    internal static async Task<Results<Created<T>, ProblemHttpResult>> Created<T>(this Task<Result<T>> result, Func<T, string> location) => (await result).Created(location);

    internal static async Task<Results<NoContent, ProblemHttpResult>> NoContent(this Task<Result<Done>> result) => (await result).NoContent();
}

/// <summary>A page of a keyset list.</summary>
/// <param name="Next">Pass it as <c>after</c> to get the next page; null on the last one.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next)
{
    internal const int DefaultLimit = 100;
    internal const int MaxLimit = 500;

    /// <param name="limit">As asked for; the query should fetch <see cref="Take"/> of it.</param>
    internal static Page<T> Of(IReadOnlyList<T> fetched, int? limit, Func<T, string> key)
    {
        var size = Take(limit) - 1;
        return fetched.Count > size ? new(fetched.Take(size).ToList(), key(fetched[size - 1])) : new(fetched, null);
    }

    /// <summary>One more than the page holds, so that its presence tells of a next page.</summary>
    internal static int Take(int? limit) => Math.Clamp(limit ?? DefaultLimit, 1, MaxLimit) + 1;
}
