using Diagnostics.Engine;
using Diagnostics.Server.Http;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Diagnostics.Server.Pages.Site;

/// <summary>A component as the whole answer, with the headers that every page has.</summary>
internal sealed class PageAnswer : IResult
{
    /// <summary>
    /// Allows only our own files, and no code or style inside the page: text that somebody typed cannot run, whatever
    /// mistake a page makes.
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

    internal static PageAnswer Of<TPage>(int status = StatusCodes.Status200OK)
        where TPage : IComponent => new(typeof(TPage), null, status);

    /// <param name="model">The component's parameter <c>Model</c>.</param>
    internal static PageAnswer Of<TPage>(object model, int status = StatusCodes.Status200OK)
        where TPage : IComponent => new(typeof(TPage), model, status);

    /// <summary>For a page without head and menu, which does not need the viewer's name.</summary>
    internal PageAnswer Bare()
    {
        bare = true;
        return this;
    }

    /// <summary>A page for a use case's refusal, when the page has nothing else to show.</summary>
    internal static PageAnswer From(Refusal refusal) =>
        Of<ErrorPage>(new ErrorPage.Facts(Problems.StatusOf(refusal.Kind), refusal.Detail), Problems.StatusOf(refusal.Kind));

    /// <summary>
    /// Sends the browser to the next page after a form was carried out, so that its "back" does not send the form
    /// again.
    /// </summary>
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
        // A page shows somebody's own data, and a shared computer must not keep them. The header has the value that the
        // form's token would set: with another value, every view of a page would log a warning.
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

        /// <summary>
        /// A header may contain only ASCII: other characters of a path are percent-encoded, as a browser would send
        /// them.
        /// </summary>
        private static string InHeader(string path) =>
            string.Concat(
                path.EnumerateRunes()
                    .Select(sign => sign.Value is > ' ' and < 0x7F ? sign.ToString() : Uri.EscapeDataString(sign.ToString()))
            );
    }
}
