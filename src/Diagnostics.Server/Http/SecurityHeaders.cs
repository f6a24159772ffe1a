namespace Diagnostics.Server.Http;

/// <summary>
/// Headers of every answer for browsers: trust the stated type, store nothing, run nothing, allow no frame. Code that
/// answers with something else, such as a page or a storable file, sets its own headers, which are kept.
/// </summary>
internal static class SecurityHeaders
{
    /// <summary>An answer of the API is data; when opened as a page, it may do nothing.</summary>
    private const string Nothing = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>Swagger UI styles its own elements; its code comes from its own files.</summary>
    private const string OwnFiles =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Two years, as lists of TLS-only sites require.</summary>
    private const string OnlyTls = "max-age=63072000; includeSubDomains";

    internal static Task Add(HttpContext context, RequestDelegate next)
    {
        Set(context);
        return next(context);
    }

    /// <summary>
    /// Sets the headers. Called again after everything was cleared, so that the answer to an unexpected fault has them
    /// too.
    /// </summary>
    internal static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        // Over HTTP a browser ignores this header.
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = OnlyTls;
        // No browser stores or shows the answer to a PUT; saves are PUTs.
        if (HttpMethods.IsPut(context.Request.Method))
            return;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = IsSwagger(context) ? OwnFiles : Nothing;
        headers["Referrer-Policy"] = "no-referrer";
    }

    private static bool IsSwagger(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase);
}
