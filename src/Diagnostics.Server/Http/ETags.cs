using System.Globalization;
using Diagnostics.Engine;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Diagnostics.Server.Http;

/// <summary>
/// The revision on which an edit is based, from <c>If-Match</c>. A header that is not one of our tags is taken as a
/// revision that does not exist.
/// </summary>
internal sealed record IfMatch(int Revision)
{
    /// <summary>
    /// Lets endpoints take the revision as a parameter. When the header is missing, <see cref="ETags.NeedsIfMatch"/>
    /// refuses the request.
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
/// An answer that contains an editable resource carries <c>ETag: "revision"</c>, and an edit must name the revision on
/// which it is based. An edit without a revision is answered with 428, and an edit with an outdated revision with 412.
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

    /// <summary>Whether one of the tags is <c>*</c> or matches by weak comparison (RFC 9110, 13.1.2).</summary>
    internal static bool Has(IEnumerable<EntityTagHeaderValue> tags, string tag) =>
        tags.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Tag == tag);

    private static string Of(int revision) => $"\"{revision.ToString(CultureInfo.InvariantCulture)}\"";
}
