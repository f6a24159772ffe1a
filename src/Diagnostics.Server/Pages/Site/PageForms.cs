using System.Diagnostics.CodeAnalysis;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Antiforgery;

namespace Diagnostics.Server.Pages.Site;

/// <summary>Accepts forms only from our own pages, and only from the person to whom the page was shown.</summary>
internal static class PageForms
{
    internal const string TokenField = "form-token";

    private const string TokenPath = "/form-token";

    private const string DoneCookie = CookieSignIn.CookieName + "-done";

    private static readonly AccessRule Everybody = AccessRule.Account.Under(SignInLimits.All);

    internal static void AddPageForms(this IServiceCollection services) =>
        services.AddAntiforgery(options =>
        {
            options.FormFieldName = TokenField;
            options.Cookie.Name = CookieSignIn.CookieName + "-form";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            // The header X-Frame-Options is not needed, because the pages' policy forbids frames by its frame-ancestors
            // directive.
            options.SuppressXFrameOptionsHeader = true;
        });

    /// <summary>Maps a page.</summary>
    internal static RouteHandlerBuilder Page(this IEndpointRouteBuilder routes, [StringSyntax("Route")] string pattern, Delegate handler) =>
        routes.Lazily(HttpMethods.Get, pattern, handler);

    /// <summary>
    /// Maps a form for signed-in people. Its address, opened as a page, leads to the page above it: a refused form stands
    /// at this address, and the person may reload it there, or come back to it after signing in.
    /// </summary>
    /// <param name="rule">Who may send the form; by default, any signed-in person whose sign-in has all rights of the
    /// account.</param>
    internal static RouteHandlerBuilder Form(this IEndpointRouteBuilder routes, string pattern, Delegate handler, AccessRule? rule = null)
    {
        // A page with the same address comes first.
        routes.Page(pattern, (HttpContext http) => PageAnswer.SeeOther(Above(http.Request.Path))).AllowedTo(Everybody).WithOrder(1);
        return routes
            .Lazily(HttpMethods.Post, pattern, handler)
            .AllowedTo(rule ?? AccessRule.Account)
            .WithMetadata(new RequireAntiforgeryTokenAttribute())
            .AddEndpointFilter(ForgetWhenDone);
    }

    /// <summary>
    /// Gives a page that has stayed open a new token for its forms: the browser may have lost all cookies, and the person
    /// has signed in again beside the page.
    /// </summary>
    internal static void MapFormToken(this IEndpointRouteBuilder routes) =>
        routes
            .Page(
                TokenPath,
                (HttpContext http, IAntiforgery antiforgery) =>
                {
                    http.Response.Headers.CacheControl = "no-store";
                    return TypedResults.Ok(new FormToken(antiforgery.GetAndStoreTokens(http).RequestToken!));
                }
            )
            .AllowedTo(Everybody);

    private sealed record FormToken(string Token);

    /// <summary>
    /// Maps a form for people who have not signed in. The form has no token, because the token would become invalid as
    /// soon as the person signs in in another window. The check that the form comes from our own page also applies
    /// here.
    /// </summary>
    internal static RouteHandlerBuilder OpenForm(this IEndpointRouteBuilder routes, string pattern, Delegate handler) =>
        routes.Lazily(HttpMethods.Post, pattern, handler).AllowedTo(AccessRule.Public);

    /// <summary>
    /// Refuses a form that another site sent, or whose token is wrong. This check must run after ASP.NET Core has
    /// checked the token and before the form is read.
    /// </summary>
    internal static Task Guard(HttpContext http, RequestDelegate next)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
            return next(http);
        return IsOurs(http.Request) && http.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: false }
            ? next(http)
            : PageAnswer
                .Of<StalePage>(
                    new StalePage.Facts(IsOurs(http.Request) ? CookieSignIn.PageBefore(http.Request) : null),
                    StatusCodes.Status400BadRequest
                )
                .ExecuteAsync(http);
    }

    private static string Above(PathString address) =>
        address.Value![..address.Value!.LastIndexOf('/')] is { Length: > 0 } above ? above : "/";

    /// <summary>
    /// A form whose answer is another page was carried out: that page lets the browser forget what it kept of the form.
    /// </summary>
    private static async ValueTask<object?> ForgetWhenDone(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var answer = await next(context);
        if (answer is PageAnswer.Redirection && context.Arguments.OfType<SentForm>().FirstOrDefault()?.Text(SentForm.KeptField) is { } kept)
            context.HttpContext.Response.Cookies.Append(DoneCookie, kept, DoneOptions(context.HttpContext));
        return answer;
    }

    private static CookieOptions DoneOptions(HttpContext http) =>
        new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = http.Request.IsHttps,
            IsEssential = true,
        };

    /// <summary>What the browser kept of a form that has just been carried out; null when there is nothing to forget.</summary>
    internal static string? TakeDone(HttpContext http)
    {
        if (http.Request.Cookies[DoneCookie] is not { Length: > 0 } kept)
            return null;
        http.Response.Cookies.Delete(DoneCookie, DoneOptions(http));
        return kept;
    }

    /// <summary>
    /// Whether the form comes from our own page. A client that sends neither Sec-Fetch-Site nor Origin is let through:
    /// it is not a browser, and only browsers attach cookies by themselves.
    /// </summary>
    private static bool IsOurs(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site
            ? site is "same-origin" or "none"
            : request.Headers.Origin.ToString() is not { Length: > 0 } origin
                || (
                    Uri.TryCreate(origin, UriKind.Absolute, out var from)
                    && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)
                );
}
