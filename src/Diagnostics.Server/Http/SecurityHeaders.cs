namespace Diagnostics.Server.Http;

/// <summary>
/// Gives every answer headers that tell browsers to trust the stated type, store nothing, run nothing and show the
/// answer in no frame. Code that returns a page, or a file that may be stored, sets its own headers, and these are
/// kept.
/// </summary>
internal static class SecurityHeaders
{
    /// <summary>
    /// The policy for answers of the API. An answer is data; if somebody opens it as a page, it may do nothing.
    /// </summary>
    private const string Nothing = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>
    /// The policy for Swagger UI. It allows the styles that Swagger UI sets on its own elements; scripts may come only
    /// from the files of Swagger UI.
    /// </summary>
    private const string OwnFiles =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>
    /// Browsers must use TLS for two years, which is the time that their lists of TLS-only sites require.
    /// </summary>
    private const string OnlyTls = "max-age=63072000; includeSubDomains";

    internal static Task Add(HttpContext context, RequestDelegate next)
    {
        Set(context);
        return next(context);
    }

    /// <summary>
    /// Sets the headers. After an unexpected fault the response is cleared, and this method is called again, so that
    /// the answer to the fault has the headers too.
    /// </summary>
    internal static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        // Over plain HTTP a browser ignores this header.
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = OnlyTls;
        // No browser stores the answer to a PUT or shows it, so the other headers are not needed; saves are PUTs.
        if (HttpMethods.IsPut(context.Request.Method))
            return;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = IsSwagger(context) ? OwnFiles : Nothing;
        headers["Referrer-Policy"] = "no-referrer";
    }

    private static bool IsSwagger(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase);
}
