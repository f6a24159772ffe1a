using System.Security.Claims;
using Diagnostics.UseCases.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using NodaTime;

namespace Diagnostics.Server.Http;

/// <summary>
/// How a browser says who sits before it: by a cookie that no script reads and no other site's form sends. A page's module
/// calls the API with it too, and then says by a header that it is our own page that calls.
/// </summary>
internal static class CookieSignIn
{
    internal const string Scheme = "Cookie";

    internal const string CookieName = "diagnostics";

    /// <summary>Another site's page cannot send it without asking us first, and we never say yes.</summary>
    internal const string PageHeader = "X-Diagnostics-Page";

    internal const string SignInPath = "/sign-in";

    /// <summary>Where to go after signing in; a path of this service.</summary>
    internal const string ReturnParameter = "to";

    private const string TokenClaim = "token";

    internal static void AddCookieSignIn(this IServiceCollection services)
    {
        services.AddAuthentication().AddCookie(Scheme, options =>
        {
            options.Cookie.Name = CookieName;
            options.Cookie.HttpOnly = true;
            // Lax, not Strict: whoever comes by a link in a letter is signed in. No other site's POST carries it.
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.Cookie.IsEssential = true;
            options.ExpireTimeSpan = SignIns.Idle.ToTimeSpan();
            options.SlidingExpiration = true;
            options.LoginPath = SignInPath;
            options.ReturnUrlParameter = ReturnParameter;
            options.Events.OnValidatePrincipal = Validate;
            options.Events.OnRedirectToLogin = AskToSignIn;
            options.Events.OnRedirectToAccessDenied = context => Answer(context, StatusCodes.Status403Forbidden);
        });
        services.AddOptions<CookieAuthenticationOptions>(Scheme).Configure<IClock>((options, clock) => options.TimeProvider = new ServerTime(clock));
        services.Configure<AuthenticationSchemeOptions>(BearerHandler.Bearer, options => options.ForwardDefaultSelector = SchemeOf);
    }

    internal static Task SignIn(this HttpContext http, TokenSubject.Account account)
    {
        var token = http.RequestServices.GetRequiredService<TokenFormat>().Write(account, account.ExpiresAt);
        return http.SignInAsync(Scheme, new ClaimsPrincipal(new ClaimsIdentity([new(TokenClaim, token)], Scheme)));
    }

    /// <summary>A cookie is a token that lives as long as its sign-in, and ends with it.</summary>
    private static Task Validate(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        var now = services.GetRequiredService<IClock>().GetCurrentInstant();
        var caller = context.Principal?.FindFirstValue(TokenClaim) is { } token ? services.GetRequiredService<TokenFormat>().Read(token, now) : null;
        if (caller is null || (caller.SignIn is { } signIn && services.GetRequiredService<EndedSignIns>().Has(signIn))) context.RejectPrincipal();
        else context.ReplacePrincipal(new CallerPrincipal(caller, Scheme));
        return Task.CompletedTask;
    }

    internal static Task SignOut(this HttpContext http) => http.SignOutAsync(Scheme);

    /// <summary>
    /// A token where one is shown. Pages take the cookie; the API takes it only from our own pages: the header proves that,
    /// and browsers that tell where a request comes from must say the same.
    /// </summary>
    private static string? SchemeOf(HttpContext http)
    {
        if (!IsApi(http)) return Scheme;
        var headers = http.Request.Headers;
        return headers.Authorization.Count == 0 && headers.ContainsKey(PageHeader) && headers["Sec-Fetch-Site"].ToString() is "" or "same-origin"
            ? Scheme
            : null;
    }

    /// <summary>A person who opens a page is shown the door; a script is told 401.</summary>
    private static Task AskToSignIn(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (!IsPageView(context.HttpContext)) return Answer(context, StatusCodes.Status401Unauthorized);
        context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }

    private static Task Answer(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static bool IsApi(HttpContext http) => http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    /// <summary>A browser shows the answer to a person.</summary>
    internal static bool IsPageView(HttpContext http) =>
        !IsApi(http) && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
