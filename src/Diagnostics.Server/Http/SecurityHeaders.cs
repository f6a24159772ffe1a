namespace Diagnostics.Server.Http;

/// <summary>
/// What every answer tells a browser: take it for what it says it is, keep none of it, run nothing of it, show it in no
/// frame. Whoever answers with something else, a page or a file that may be kept, says so itself and is not overruled.
/// </summary>
internal static class SecurityHeaders
{
    /// <summary>An answer of the API is data: opened as a page it may do nothing.</summary>
    private const string Nothing = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>Swagger UI styles its own elements; its code comes from its own files.</summary>
    private const string OwnFiles =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Two years, which is what lists of such sites ask for.</summary>
    private const string OnlyTls = "max-age=63072000; includeSubDomains";

    internal static Task Add(HttpContext context, RequestDelegate next)
    {
        Set(context);
        return next(context);
    }

    /// <summary>Again where everything was cleared: an unexpected fault's answer has them too.</summary>
    internal static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        // Over HTTP the browser would not believe it.
        if (context.Request.IsHttps) headers.StrictTransportSecurity = OnlyTls;
        // The answer to a PUT is neither kept nor shown by any browser; saves are PUTs.
        if (HttpMethods.IsPut(context.Request.Method)) return;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = IsSwagger(context) ? OwnFiles : Nothing;
        headers["Referrer-Policy"] = "no-referrer";
    }

    private static bool IsSwagger(HttpContext context) => context.Request.Path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase);
}
