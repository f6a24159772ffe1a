using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.Server.Http;

/// <summary>
/// How a browser identifies its user: by a token in a cookie that no script can read and no other site's form sends.
/// The token belongs to a sign-in like any other token and ends with it. A page's module also calls the API with it,
/// and then a header shows that the call comes from our own page.
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

    /// <summary>The query parameter with the path of this service to open after signing in.</summary>
    internal const string ReturnParameter = "to";

    /// <summary>When a token has less time left than this, viewing a page renews it.</summary>
    internal static readonly Duration Renewed = SignIns.AccessLifetime / 2;

    /// <summary>
    /// The cookie's token, if the request may use it: pages always may, the API only when called from our own pages.
    /// The header proves that, and browsers that report the origin of a request must agree.
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

    /// <summary>Gives the browser a token that it keeps until it is closed; the token itself expires earlier.</summary>
    internal static void Set(HttpContext http, TokenSubject.Account account) =>
        http.Response.Cookies.Append(
            NameFor(http.Request),
            http.RequestServices.GetRequiredService<TokenIssuer>().Issue(account).AccessToken,
            Options(http)
        );

    internal static void Remove(HttpContext http) => http.Response.Cookies.Delete(NameFor(http.Request), Options(http));

    /// <summary>
    /// The page to send a person to when the sign-in does not open the requested one; null when there is none.
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

    /// <summary>Whether a browser shows the answer to a person.</summary>
    internal static bool IsPageView(HttpContext http) =>
        !IsApi(http.Request) && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static bool IsApi(HttpRequest request) => request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Over TLS the browser accepts and sends this cookie only for this host and only over TLS. Neither a neighbour
    /// under the same domain nor somebody on an open network can plant a false one.
    /// </summary>
    private static string NameFor(HttpRequest request) => request.IsHttps ? "__Host-" + CookieName : CookieName;

    private static CookieOptions Options(HttpContext http) =>
        new()
        {
            HttpOnly = true,
            // Lax, not Strict: a person who follows a link in a letter is then signed in. No other site's POST carries the
            // cookie.
            SameSite = SameSiteMode.Lax,
            Secure = http.Request.IsHttps,
            Path = "/",
            IsEssential = true,
        };
}
