using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.Server.Http;

/// <summary>
/// A browser identifies its user by a token in a cookie, which no script can read, and which the browser does not send
/// with another site's form. Like any other token, this one belongs to a sign-in and ends with it. The JavaScript
/// module of a page also uses this token for calls to the API; a header then shows that the call comes from our own
/// page.
/// </summary>
internal static class CookieSignIn
{
    internal const string CookieName = "diagnostics";

    /// <summary>
    /// Another site's page cannot send this header without a preflight request, which the service never allows.
    /// </summary>
    internal const string PageHeader = "X-Diagnostics-Page";

    internal const string SignInPath = "/sign-in";

    /// <summary>The page on which a person sets up a second factor.</summary>
    internal const string SetUpPath = "/account/second-factor";

    /// <summary>The query parameter with the path, on this service, of the page to open after signing in.</summary>
    internal const string ReturnParameter = "to";

    /// <summary>Address of the sign-in page from which the person goes on to a page of this service.</summary>
    internal static string SignInTo(string path) => $"{SignInPath}?{ReturnParameter}={Uri.EscapeDataString(path)}";

    /// <summary>When a token is valid for less than this time, viewing a page renews it.</summary>
    internal static readonly Duration Renewed = SignIns.AccessLifetime / 2;

    /// <summary>
    /// The cookie's token, if the request may use it. A request for a page always may; a call of the API may only if it
    /// comes from our own pages. A header proves that the call comes from there; and if the browser itself reports the
    /// origin of the request, this must be our own origin.
    /// </summary>
    internal static string? TokenOf(HttpRequest request)
    {
        if (!request.Cookies.TryGetValue(NameFor(request), out var token))
            return null;
        return
            !IsApi(request)
            || (request.Headers.ContainsKey(PageHeader) && request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin")
            ? token
            : null;
    }

    /// <summary>
    /// Gives the browser a token, which the browser keeps until it is closed. The token itself expires earlier.
    /// </summary>
    internal static void Set(HttpContext http, TokenSubject.Account account) =>
        http.Response.Cookies.Append(
            NameFor(http.Request),
            http.RequestServices.GetRequiredService<TokenIssuer>().Issue(account).AccessToken,
            Options(http)
        );

    internal static void Remove(HttpContext http) => http.Response.Cookies.Delete(NameFor(http.Request), Options(http));

    /// <summary>
    /// The page to which to send a person whose sign-in does not open the requested page; null when there is no such
    /// page.
    /// </summary>
    internal static string? WayOut(Caller caller) =>
        caller.Limits switch
        {
            _ when caller.OnlySession is { } session => $"/sessions/{session:D}",
            var limits when limits.HasFlag(SignInLimits.ShowSecondFactor) => SignInPath + "/second-factor",
            var limits when limits.HasFlag(SignInLimits.ChangePassword) => "/account?first",
            var limits when limits.HasFlag(SignInLimits.SetUpSecondFactor) => SetUpPath,
            _ => null,
        };

    /// <summary>
    /// The page of this service from which the request came, such as the page of a form; null when it came from
    /// elsewhere.
    /// </summary>
    internal static string? PageBefore(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Referer, UriKind.Absolute, out var from)
        && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)
            ? from.PathAndQuery
            : null;

    /// <summary>Whether a browser will show the answer to a person.</summary>
    internal static bool IsPageView(HttpContext http) =>
        !IsApi(http.Request) && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the address is one for programs.</summary>
    internal static bool IsApi(HttpRequest request) =>
        request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        || request.Path.StartsWithSegments("/ims", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Over TLS the browser accepts and sends this cookie only for this host and only over TLS. So neither another host
    /// of the same domain nor somebody on an open network can plant a false cookie.
    /// </summary>
    private static string NameFor(HttpRequest request) => request.IsHttps ? "__Host-" + CookieName : CookieName;

    private static CookieOptions Options(HttpContext http) =>
        new()
        {
            HttpOnly = true,
            // The cookie is Lax and not Strict, so that a person who follows a link in an e-mail is already signed in.
            // The POST of another site does not carry the cookie in either case.
            SameSite = SameSiteMode.Lax,
            Secure = http.Request.IsHttps,
            Path = "/",
            IsEssential = true,
        };
}
