using System.Reflection;
using System.Text;
using Diagnostics.Engine;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Net.Http.Headers;

namespace Diagnostics.Server.Pages.Site;

/// <summary>
/// A printable A4 sheet, rendered on the server. It has no script, no style inside the page, and no resources from
/// other hosts.
/// </summary>
internal sealed class SheetPage(IServiceProvider services, ILoggerFactory loggers)
{
    // A drawing of a task is inside the sheet, so that the sheet is whole when it is kept as a file; nothing in it runs.
    private const string Policy =
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly string Style = ReadStyle();

    /// <summary>The stylesheet of the sheets, open to everybody.</summary>
    internal static void MapStyle(IEndpointRouteBuilder routes) =>
        routes
            .Page("/a/profile-sheet.css", () => TypedResults.Text(Style, "text/css", Encoding.UTF8))
            .ExcludeFromDescription()
            .AllowedTo(AccessRule.Public);

    /// <summary>
    /// Shows the result of <paramref name="reading"/>, or its refusal; <typeparamref name="TSheet"/> takes the result
    /// as its parameter <c>Model</c>.
    /// </summary>
    internal async Task<IResult> Show<TSheet, T>(Task<Result<T>> reading)
        where TSheet : IComponent
    {
        if ((await reading).Refused(out var refusal, out var model))
            return Problems.From(refusal);
        await using var renderer = new HtmlRenderer(services, loggers);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { ["Model"] = model });
            return (await renderer.RenderComponentAsync<TSheet>(parameters)).ToHtmlString();
        });
        return new Sheet(html);
    }

    private static string ReadStyle()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("profile-sheet.css")!, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private sealed class Sheet(string html) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var headers = httpContext.Response.Headers;
            headers[HeaderNames.ContentSecurityPolicy] = Policy;
            headers[HeaderNames.CacheControl] = "no-store";
            headers[HeaderNames.XContentTypeOptions] = "nosniff";
            return TypedResults.Content("<!DOCTYPE html>\n" + html, "text/html", Encoding.UTF8).ExecuteAsync(httpContext);
        }
    }
}
