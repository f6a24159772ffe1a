using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Diagnostics.Server.Http;

/// <summary>
/// HTTP allows a request to take several forms. This code converts those that later code does not expect into the usual
/// form. When a request already has the usual form, only its method and headers are looked at.
/// </summary>
internal static class RequestForms
{
    private const string Utf8 = "utf-8";

    internal static Task Know(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        // Kestrel itself omits the body when it answers a HEAD request.
        if (HttpMethods.IsHead(request.Method))
            request.Method = HttpMethods.Get;
        if (request.Headers.IfNoneMatch.Count > 0)
            request.Headers.IfNoneMatch = Strong(request.Headers.IfNoneMatch);
        // Nobody reads the body of a GET request (RFC 9110, 9.3.1), so its form does not matter.
        return HttpMethods.IsGet(request.Method) || KnowsCharset(request) ? next(context) : Problems.UnknownCharset().ExecuteAsync(context);
    }

    /// <summary>
    /// Makes all tags strong. RFC 9110, 13.1.2, treats weak and strong tags alike in If-None-Match, and a proxy that
    /// compresses makes every tag weak.
    /// </summary>
    private static StringValues Strong(StringValues tags) =>
        tags.ToString().Contains("W/\"", StringComparison.Ordinal) ? tags.ToString().Replace("W/\"", "\"", StringComparison.Ordinal) : tags;

    /// <summary>
    /// Whether the body is UTF-8, as JSON and YAML must be. The encoding's name may have any spelling, such as
    /// <c>"utf-8"</c> or <c>utf8</c>.
    /// </summary>
    private static bool KnowsCharset(HttpRequest request)
    {
        if (
            request.ContentType is not { } type
            || !type.Contains("charset", StringComparison.OrdinalIgnoreCase)
            || type.EndsWith("; charset=utf-8", StringComparison.OrdinalIgnoreCase)
        )
            return true;
        if (!MediaTypeHeaderValue.TryParse(type, out var media) || media.Charset.Length == 0)
            return true;
        if (HeaderUtilities.RemoveQuotes(media.Charset).ToString().ToLowerInvariant() is not (Utf8 or "utf8"))
            return false;
        media.Charset = Utf8;
        request.ContentType = media.ToString();
        return true;
    }
}
