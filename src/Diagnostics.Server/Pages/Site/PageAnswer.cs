using Diagnostics.Engine;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Diagnostics.Server.Pages.Site;

/// <summary>Answers with a component as the whole page, and with the headers that every page has.</summary>
internal sealed class PageAnswer : IResult
{
    /// <summary>
    /// The policy for pages. It allows only our own files, and no code or style inside the page. So text that somebody
    /// typed can never run as code, even if a page forgets to escape it.
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

    /// <summary>Answers with a page without head and menu, which does not need the viewer's name.</summary>
    internal PageAnswer Bare()
    {
        bare = true;
        return this;
    }

    /// <summary>Answers with an error page when a use case refuses and there is nothing else to show.</summary>
    internal static PageAnswer From(Refusal refusal) =>
        Of<ErrorPage>(new ErrorPage.Facts(Problems.StatusOf(refusal.Kind), refusal.Detail), Problems.StatusOf(refusal.Kind));

    /// <summary>
    /// Reads what a page shows, and shows it: by itself, or again with the reason why its form was refused.
    /// </summary>
    /// <param name="error">Null when no form was refused.</param>
    internal static async Task<IResult> Read<TPage, TModel>(
        HttpContext http,
        Func<Caller, Task<Result<TModel>>> read,
        Refusal? error = null
    )
        where TPage : IComponent
        where TModel : notnull
    {
        // A refused form keeps its key for the next try; what showing the page writes must not use it up.
        http.Caller().Repeat = null;
        return (await read(http.Caller())).Refused(out var refusal, out var model)
            ? From(refusal)
            : Of<TPage>(model, error is null ? StatusCodes.Status200OK : Problems.StatusOf(error.Kind));
    }

    /// <summary>Goes on to the next page when a form was carried out, and otherwise shows the form again.</summary>
    internal static async Task<IResult> After(Refusal? refusal, string path, Func<Refusal, Task<IResult>> again) =>
        refusal is null ? SeeOther(path) : await again(refusal);

    /// <summary>
    /// Sends the browser to the next page after a form was carried out, so that the browser's "back" does not send the
    /// form again.
    /// </summary>
    internal static IResult SeeOther(string path) => new Redirection(path);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var viewer = httpContext.RequestServices.GetRequiredService<Viewer>();
        await viewer.Load(httpContext, named: !bare);
        viewer.DoneForm ??= PageForms.TakeDone(httpContext);
        var headers = httpContext.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
        // A page shows a person's own data, and a shared computer must not keep them. ASP.NET Core's form token would
        // set this header to the same value; if we chose another value, every view of a page would log a warning.
        headers.CacheControl = "no-cache, no-store";
        await page.ExecuteAsync(httpContext);
    }

    internal sealed class Redirection(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = InHeader(path);
            return Task.CompletedTask;
        }

        /// <summary>
        /// Percent-encodes all characters of a path except ASCII, as a browser would. A header may contain only ASCII.
        /// </summary>
        private static string InHeader(string path) =>
            string.Concat(
                path.EnumerateRunes()
                    .Select(sign => sign.Value is > ' ' and < 0x7F ? sign.ToString() : Uri.EscapeDataString(sign.ToString()))
            );
    }
}
