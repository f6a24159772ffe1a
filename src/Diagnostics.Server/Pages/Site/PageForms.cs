using Diagnostics.Server.Http;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Antiforgery;

namespace Diagnostics.Server.Pages.Site;

/// <summary>Forms come from our own pages only, and from the person who was shown the page.</summary>
internal static class PageForms
{
    internal const string TokenField = "form-token";

    internal static void AddPageForms(this IServiceCollection services) => services.AddAntiforgery(options =>
    {
        options.FormFieldName = TokenField;
        options.Cookie.Name = CookieSignIn.CookieName + "-form";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        // frame-ancestors of the pages' policy says it.
        options.SuppressXFrameOptionsHeader = true;
    });

    /// <summary>A form of somebody who has signed in.</summary>
    /// <param name="rule">Who may send it; absent: anybody who has signed in and may do everything their account may.</param>
    internal static RouteHandlerBuilder Form(this IEndpointRouteBuilder routes, string pattern, Delegate handler, AccessRule? rule = null) =>
        routes.MapPost(pattern, handler).AllowedTo(rule ?? AccessRule.Account).WithMetadata(new RequireAntiforgeryTokenAttribute());

    /// <summary>
    /// A form of somebody who has not. No token: it would be another's once somebody signs in at another window. That the
    /// form comes from our own page is checked all the same.
    /// </summary>
    internal static RouteHandlerBuilder OpenForm(this IEndpointRouteBuilder routes, string pattern, Delegate handler) =>
        routes.MapPost(pattern, handler).AllowedTo(AccessRule.Public);

    /// <summary>To stand behind the check of the token, before the form is read.</summary>
    internal static Task Guard(HttpContext http, RequestDelegate next)
    {
        if (!HttpMethods.IsPost(http.Request.Method)) return next(http);
        return IsOurs(http.Request) && http.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: false }
            ? next(http)
            : PageAnswer.Of<StalePage>(StatusCodes.Status400BadRequest).ExecuteAsync(http);
    }

    /// <summary>Who sends neither header is no browser, and nobody's cookie comes with it by itself.</summary>
    private static bool IsOurs(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site
            ? site is "same-origin" or "none"
            : request.Headers.Origin.ToString() is not { Length: > 0 } origin
                || (Uri.TryCreate(origin, UriKind.Absolute, out var from)
                    && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
}
