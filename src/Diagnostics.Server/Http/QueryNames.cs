using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;

namespace Diagnostics.Server.Http;

/// <summary>
/// The query parameters that an endpoint takes, by the names in its handler. Any other name is refused: otherwise a
/// misspelt filter would silently be ignored, and the answer would contain people whom it should leave out.
/// </summary>
internal sealed partial record QueryNames(IReadOnlyList<string> Allowed)
{
    internal static QueryNames Of(string pattern, Delegate handler)
    {
        var inPath = InPath().Matches(pattern).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return new(
            handler
                .Method.GetParameters()
                .Where(parameter =>
                    IsText(parameter.ParameterType)
                    && !inPath.Contains(parameter.Name!)
                    && !parameter.GetCustomAttributes(true).OfType<IFromFormMetadata>().Any()
                )
                .Select(parameter => parameter.Name!)
                .ToList()
        );
    }

    /// <summary>
    /// Refuses unknown names. This check must come after authorization: otherwise a caller without the right would
    /// learn which parameters exist.
    /// </summary>
    internal static Task Check(HttpContext context, RequestDelegate next)
    {
        if (
            !context.Request.QueryString.HasValue
            || context.GetEndpoint()?.Metadata is not { } metadata
            || metadata.GetMetadata<QueryNames>() is not { } names
        )
            return next(context);
        IReadOnlyList<string> allowed = metadata.GetMetadata<PagedMarker>() is null ? names.Allowed : [.. names.Allowed, "after", "limit"];
        var unknown = context.Request.Query.Keys.Where(key => !allowed.Contains(key, StringComparer.OrdinalIgnoreCase)).ToList();
        return unknown.Count == 0 ? next(context) : Problems.UnknownParameter(unknown, allowed).ExecuteAsync(context);
    }

    private static bool IsText(Type type) =>
        type == typeof(string)
        || (Nullable.GetUnderlyingType(type) ?? type) is { IsPrimitive: true } or { FullName: "System.Guid" or "System.DateOnly" };

    [GeneratedRegex(@"\{\*{0,2}(\w+)")]
    private static partial Regex InPath();
}
