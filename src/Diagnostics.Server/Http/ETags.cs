using System.Globalization;
using Diagnostics.Engine;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Diagnostics.Server.Http;

/// <summary>
/// The revision on which an edit is based, from <c>If-Match</c>. A header that is not one of our tags becomes a value
/// that no revision equals.
/// </summary>
internal sealed record IfMatch(int Revision)
{
    /// <summary>
    /// Lets endpoints take the revision as a parameter; <see cref="ETags.NeedsIfMatch"/> answers when the header is
    /// missing.
    /// </summary>
    public static ValueTask<IfMatch?> BindAsync(HttpContext context)
    {
        var tag = context.Request.Headers.IfMatch.ToString().Trim();
        // A proxy that compresses makes the tag weak, but the revision is unchanged.
        if (tag.StartsWith("W/", StringComparison.Ordinal))
            tag = tag[2..];
        var known =
            tag.Length > 2
            && tag[0] == '"'
            && tag[^1] == '"'
            && int.TryParse(tag.AsSpan(1, tag.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
                ? revision
                : -1;
        return ValueTask.FromResult<IfMatch?>(new(known));
    }
}

/// <summary>
/// Editable things carry <c>ETag: "revision"</c>; an edit must name the revision on which it is based. Without it the
/// answer is 428, with an outdated one 412.
/// </summary>
internal static class ETags
{
    internal static ProblemHttpResult Missing() =>
        Problems.Problem(428, "precondition-required", "Укажите в If-Match версию из ETag, на которой основана правка.");

    internal static RouteHandlerBuilder NeedsIfMatch(this RouteHandlerBuilder endpoint) =>
        endpoint.AddEndpointFilter(
            async (context, next) =>
                context.HttpContext.Request.Headers.IfMatch.ToString().Trim() is "" or "*" ? Missing() : await next(context)
        );

    internal static async Task<Results<Ok<T>, ProblemHttpResult>> OkWithTag<T>(
        this Task<Result<T>> answering,
        HttpContext http,
        Func<T, int> revision
    )
    {
        if ((await answering).Refused(out var refusal, out var value))
            return Problems.From(refusal);
        http.Response.Headers.ETag = Of(revision(value));
        return TypedResults.Ok(value);
    }

    internal static async Task<Results<Created<T>, ProblemHttpResult>> CreatedWithTag<T>(
        this Task<Result<T>> answering,
        HttpContext http,
        Func<T, string> location,
        Func<T, int> revision
    )
    {
        if ((await answering).Refused(out var refusal, out var value))
            return Problems.From(refusal);
        http.Response.Headers.ETag = Of(revision(value));
        return TypedResults.Created(location(value), value);
    }

    /// <summary>Weak comparison (RFC 9110, 13.1.2): whether one of the tags matches, or is <c>*</c>.</summary>
    internal static bool Has(IEnumerable<EntityTagHeaderValue> tags, string tag) =>
        tags.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Tag == tag);

    private static string Of(int revision) => $"\"{revision.ToString(CultureInfo.InvariantCulture)}\"";
}
