using Diagnostics.Server.Http;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Antiforgery;

namespace Diagnostics.Server.Pages.Site;

/// <summary>Accepts forms only from our own pages, and only from the person to whom the page was shown.</summary>
internal static class PageForms
{
    internal const string TokenField = "form-token";

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

    /// <summary>Maps a form for signed-in people.</summary>
    /// <param name="rule">Who may send the form; by default, any signed-in person whose sign-in has all rights of the
    /// account.</param>
    internal static RouteHandlerBuilder Form(
        this IEndpointRouteBuilder routes,
        string pattern,
        Delegate handler,
        AccessRule? rule = null
    ) => routes.MapPost(pattern, handler).AllowedTo(rule ?? AccessRule.Account).WithMetadata(new RequireAntiforgeryTokenAttribute());

    /// <summary>
    /// Maps a form for people who have not signed in. The form has no token, because the token would become invalid as
    /// soon as the person signs in in another window. The check that the form comes from our own page also applies
    /// here.
    /// </summary>
    internal static RouteHandlerBuilder OpenForm(this IEndpointRouteBuilder routes, string pattern, Delegate handler) =>
        routes.MapPost(pattern, handler).AllowedTo(AccessRule.Public);

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
            : PageAnswer.Of<StalePage>(StatusCodes.Status400BadRequest).ExecuteAsync(http);
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
