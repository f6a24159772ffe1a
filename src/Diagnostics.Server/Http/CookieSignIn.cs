using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.Server.Http;

/// <summary>
/// How a browser says who sits before it: a token in a cookie that no script reads and no other site's form sends. It rests
/// on a sign-in like any other token, and ends with it. A page's module calls the API with it too, and then says by a header
/// that it is our own page that calls.
/// </summary>
internal static class CookieSignIn
{
    internal const string CookieName = "diagnostics";

    /// <summary>Another site's page cannot send it without asking us first, and we never say yes.</summary>
    internal const string PageHeader = "X-Diagnostics-Page";

    internal const string SignInPath = "/sign-in";

    /// <summary>Where a second factor of one's own is set up.</summary>
    internal const string SetUpPath = "/account/second-factor";

    /// <summary>Where to go after signing in; a path of this service.</summary>
    internal const string ReturnParameter = "to";

    /// <summary>A token that has less left is made anew by the next look at a page.</summary>
    internal static readonly Duration Renewed = SignIns.AccessLifetime / 2;

    /// <summary>
    /// The cookie's token, where the request may rest on it: pages always, the API only from our own pages. The header proves
    /// that, and browsers that tell where a request comes from must say the same.
    /// </summary>
    internal static string? TokenOf(HttpRequest request)
    {
        if (!request.Cookies.TryGetValue(NameFor(request), out var token)) return null;
        return !IsApi(request) || (request.Headers.ContainsKey(PageHeader) && request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin")
            ? token
            : null;
    }

    /// <summary>Gives the browser a token until the browser is closed; the token itself ends earlier.</summary>
    internal static void Set(HttpContext http, TokenSubject.Account account) => http.Response.Cookies.Append(
        NameFor(http.Request), http.RequestServices.GetRequiredService<TokenIssuer>().Issue(account).AccessToken, Options(http));

    internal static void Remove(HttpContext http) => http.Response.Cookies.Delete(NameFor(http.Request), Options(http));

    /// <summary>Where somebody whose sign-in does not open this page is sent; null when nothing helps.</summary>
    internal static string? WayOut(Caller caller) => caller.Limits switch
    {
        _ when caller.OnlySession is { } session => $"/sessions/{session:D}",
        var limits when limits.HasFlag(SignInLimits.ShowSecondFactor) => SignInPath + "/second-factor",
        var limits when limits.HasFlag(SignInLimits.ChangePassword) => "/account?first",
        var limits when limits.HasFlag(SignInLimits.SetUpSecondFactor) => SetUpPath,
        _ => null,
    };

    /// <summary>A browser shows the answer to a person.</summary>
    internal static bool IsPageView(HttpContext http) =>
        !IsApi(http.Request) && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static bool IsApi(HttpRequest request) => request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Over TLS a browser takes and keeps it from this very host and over TLS only: neither a neighbour under the same domain
    /// nor somebody on an open network can plant another.
    /// </summary>
    private static string NameFor(HttpRequest request) => request.IsHttps ? "__Host-" + CookieName : CookieName;

    private static CookieOptions Options(HttpContext http) => new()
    {
        HttpOnly = true,
        // Lax, not Strict: whoever comes by a link in a letter is signed in. No other site's POST carries it.
        SameSite = SameSiteMode.Lax,
        Secure = http.Request.IsHttps,
        Path = "/",
        IsEssential = true,
    };
}
