using Diagnostics.Engine;
using Diagnostics.Server.Http;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Diagnostics.Server.Pages.Site;

/// <summary>A component as the whole answer, with the headers that every page has.</summary>
internal sealed class PageAnswer : IResult
{
    /// <summary>
    /// Nothing but our own files, no code and no style inside the page: what somebody typed cannot run, whatever a page
    /// forgets.
    /// </summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

    private readonly RazorComponentResult page;
    private bool bare;

    private PageAnswer(Type component, object? model, int status)
    {
        page = new(component, model is null ? new Dictionary<string, object?>() : new Dictionary<string, object?> { ["Model"] = model })
        {
            StatusCode = status,
            PreventStreamingRendering = true,
        };
    }

    internal static PageAnswer Of<TPage>(int status = StatusCodes.Status200OK) where TPage : IComponent => new(typeof(TPage), null, status);

    /// <param name="model">The component's parameter <c>Model</c>.</param>
    internal static PageAnswer Of<TPage>(object model, int status = StatusCodes.Status200OK) where TPage : IComponent =>
        new(typeof(TPage), model, status);

    /// <summary>For a page without head and menu: who looks at it need not be asked for by name.</summary>
    internal PageAnswer Bare()
    {
        bare = true;
        return this;
    }

    /// <summary>A use case's refusal where the page has nothing else to show.</summary>
    internal static PageAnswer From(Refusal refusal) =>
        Of<ErrorPage>(new ErrorPage.Facts(Problems.StatusOf(refusal.Kind), refusal.Detail), Problems.StatusOf(refusal.Kind));

    /// <summary>After a form was carried out: the browser asks for the next page, and its «back» sends nothing again.</summary>
    internal static IResult SeeOther(string path) => new Redirection(path);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await httpContext.RequestServices.GetRequiredService<Viewer>().Load(httpContext, named: !bare);
        var headers = httpContext.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
        // What a page shows is somebody's own; a shared computer keeps none of it. In the words that the token of a form would set:
        // where they are others, each look at a page is a warning in the log.
        headers.CacheControl = "no-cache, no-store";
        await page.ExecuteAsync(httpContext);
    }

    private sealed class Redirection(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = InHeader(path);
            return Task.CompletedTask;
        }

        /// <summary>A header holds ASCII only: what else a path has is percent-encoded, as a browser would send it.</summary>
        private static string InHeader(string path) =>
            string.Concat(path.EnumerateRunes().Select(sign => sign.Value is > ' ' and < 0x7F ? sign.ToString() : Uri.EscapeDataString(sign.ToString())));
    }
}
