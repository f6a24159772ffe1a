using System.Net;
using System.Net.Http.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>A browser without scripts or a screen: it keeps cookies, loads pages and sends their forms.</summary>
internal sealed class Browser : IDisposable
{
    private readonly HttpClientHandler handler = new() { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.All };
    private readonly HttpClient client;

    internal Browser(TestService service) => client = new(handler) { BaseAddress = new Uri(service.Url) };

    internal IEnumerable<Cookie> Cookies => handler.CookieContainer.GetAllCookies();

    /// <summary>The browser of a person who has signed in.</summary>
    internal static async Task<Browser> Of(TestService service, string userName, string password)
    {
        var browser = new Browser(service);
        var answer = await browser.Submit(await browser.Open("/sign-in"), "main form", ("user-name", userName), ("password", password));
        answer.Status.Should().Be(303);
        return browser;
    }

    internal Task<Shown> Open(string path) => Send(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Sends a form of the page with the person's input and its hidden fields unchanged.</summary>
    internal Task<Shown> Submit(Shown page, string form, params (string Name, string Value)[] typed) => Send(Request(page, form, typed));

    internal static HttpRequestMessage Request(Shown page, string form, params (string Name, string Value)[] typed)
    {
        var element = (IHtmlFormElement)page.Document.QuerySelector(form)!;
        var names = typed.Select(field => field.Name).ToHashSet();
        var hidden = element
            .QuerySelectorAll("input[type=hidden]")
            .Cast<IHtmlInputElement>()
            .Where(input => !names.Contains(input.Name!))
            .Select(input => KeyValuePair.Create(input.Name!, input.Value));
        return new(HttpMethod.Post, element.GetAttribute("action"))
        {
            Content = new FormUrlEncodedContent(hidden.Concat(typed.Select(field => KeyValuePair.Create(field.Name, field.Value)))),
        };
    }

    /// <summary>The request that finishes an exam without answers, as the exam page sends it.</summary>
    internal static HttpRequestMessage Finish(Guid session) =>
        new(HttpMethod.Post, $"/api/v1/sessions/{session}/finish")
        {
            Content = JsonContent.Create(new { manifest = new Dictionary<string, int>() }),
            Headers = { { "X-Diagnostics-Page", "1" }, { "Accept", "application/json" } },
        };

    /// <summary>Sends a form with a chosen file.</summary>
    internal Task<Shown> SubmitFile(Shown page, string form, string field, string content)
    {
        var element = (IHtmlFormElement)page.Document.QuerySelector(form)!;
        var parts = new MultipartFormDataContent();
        foreach (var input in element.QuerySelectorAll("input[type=hidden]").Cast<IHtmlInputElement>())
            parts.Add(new StringContent(input.Value), input.Name!);
        parts.Add(new StringContent(content), field, "otvety.json");
        return Send(new(HttpMethod.Post, element.GetAttribute("action")) { Content = parts });
    }

    internal async Task<Shown> Send(HttpRequestMessage request)
    {
        if (!request.Headers.Contains("Accept"))
            request.Headers.Add("Accept", "text/html,application/xhtml+xml");
        using var answer = await client.SendAsync(request);
        return new((int)answer.StatusCode, answer.Headers.Location?.OriginalString, answer, await answer.Content.ReadAsByteArrayAsync());
    }

    public void Dispose()
    {
        client.Dispose();
        handler.Dispose();
    }
}

/// <summary>The answer to a request.</summary>
/// <param name="Location">The redirect address; null without one.</param>
internal sealed record Shown(int Status, string? Location, HttpResponseMessage Answer, byte[] Body)
{
    internal string Html { get; } = System.Text.Encoding.UTF8.GetString(Body);

    internal IHtmlDocument Document { get; } = new HtmlParser().ParseDocument(System.Text.Encoding.UTF8.GetString(Body));

    /// <summary>The page's own text, without its header and footer.</summary>
    internal string Main =>
        System.Text.RegularExpressions.Regex.Replace(Document.QuerySelector("main")?.TextContent ?? "", @"\s+", " ").Trim();

    internal string Header(string name) =>
        Answer.Headers.TryGetValues(name, out var values) ? string.Join(",", values)
        : Answer.Content.Headers.TryGetValues(name, out var own) ? string.Join(",", own)
        : "";

    internal IElement Find(string selector) =>
        Document.QuerySelector(selector) ?? throw new InvalidOperationException($"The page has no {selector}: {Main}");
}
