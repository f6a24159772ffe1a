using System.Diagnostics;
using Diagnostics.EndToEnd;
using Microsoft.Playwright;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>Pages in a real browser, whose every request and error is watched.</summary>
public abstract class OnScreen : IAsyncLifetime
{
    /// <summary>Folder for screenshots; without it no screenshots are taken.</summary>
    private static readonly string? Artefacts = Environment.GetEnvironmentVariable("DIAGNOSTICS_SCREENSHOTS");

    /// <summary>
    /// How long any step may take. Signing in takes long when every core of the machine is busy (passwords are checked
    /// after all other work), and a virtual machine may stand still for half a minute.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private protected TestService Service { get; } = new();

    /// <summary>Barriers, errors of the pages' programs, and requests that left the origin.</summary>
    private protected List<string> Faults { get; } = [];
    private IPlaywright? playwright;
    private IBrowser? chromium;

    public Task InitializeAsync() => Service.InitializeAsync();

    public async Task DisposeAsync()
    {
        if (chromium is not null)
            await chromium.DisposeAsync();
        playwright?.Dispose();
        await Service.DisposeAsync();
    }

    private protected async Task<IPage> Screen(int width, ColorScheme scheme, bool scripts = true)
    {
        playwright ??= await Playwright.CreateAsync();
        chromium ??= await playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = BrowserFactAttribute.Chromium,
                Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"],
            }
        );
        var context = await chromium.NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = width, Height = 800 },
                ColorScheme = scheme,
                Locale = "ru-RU",
                JavaScriptEnabled = scripts,
            }
        );
        context.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        var page = await context.NewPageAsync();
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(Service.Url, StringComparison.Ordinal))
                Faults.Add($"A request left the origin: {request.Url}");
        };
        page.PageError += (_, error) => Faults.Add(error);
        // The browser reports here when the policy stopped something inside a page from running.
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
                Faults.Add(message.Text);
        };
        return page;
    }

    private protected async Task Enter(IPage page, string userName, string password)
    {
        await page.GotoAsync(Service.Url + "/");
        await page.FillAsync("#user-name", userName);
        await page.FillAsync("#password", password);
        await page.ClickAsync("main button[type=submit]");
    }

    /// <summary>
    /// Waits until the page with this address has loaded. The address is asked for again and again: a wait for the
    /// navigation itself misses one that happens just before it begins to listen. A failure says what is on the screen
    /// instead.
    /// </summary>
    private protected static async Task Arrive(IPage page, Func<string, bool> there)
    {
        var waited = Stopwatch.StartNew();
        while (!there(page.Url) || await Ask(page, "document.readyState") != "complete")
        {
            if (waited.Elapsed > Patience)
                throw new TimeoutException($"Still at {page.Url} after {waited.Elapsed.TotalSeconds:0} s. {await Ask(page, Seen)}");
            await Task.Delay(50);
        }
    }

    private protected static Task Arrive(IPage page, string end) => Arrive(page, url => url.EndsWith(end, StringComparison.Ordinal));

    private const string Seen = """
        (() => {
            const fields = [...document.querySelectorAll('input:not([type=hidden], [type=radio], [type=checkbox]), textarea')];
            const ids = all => all.map(field => field.id).join(', ') || 'none';
            return `Focus: ${document.activeElement?.id || document.activeElement?.tagName}; filled fields: ${ids(fields.filter(it => it.value))}; `
                + `invalid: ${ids(fields.filter(it => !it.validity.valid))}; text: ${document.body?.innerText}`;
        })()
        """;

    /// <returns>What the browser says when the page is just being replaced by another one.</returns>
    private static async Task<string> Ask(IPage page, string expression)
    {
        try
        {
            return await page.EvaluateAsync<string>(expression);
        }
        catch (PlaywrightException replaced)
        {
            return replaced.Message;
        }
    }

    private protected async Task Look(IPage page, params string[] paths)
    {
        foreach (var path in paths)
        {
            await page.GotoAsync(Service.Url + path);
            await Inspect(page, path);
        }
    }

    /// <summary>Prints the page to A4, and takes a screenshot of it with the width of a sheet.</summary>
    private protected static async Task Print(IPage page, string name)
    {
        if (Artefacts is not { } folder)
            return;
        var size = page.ViewportSize!;
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await page.PdfAsync(new() { Path = Path.Combine(folder, $"{name}.pdf"), PreferCSSPageSize = true });
        await page.SetViewportSizeAsync(718, 1000);
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
        await page.EmulateMediaAsync(new() { Media = Media.Screen });
        await page.SetViewportSizeAsync(size.Width, size.Height);
    }

    private protected async Task Inspect(IPage page, string name)
    {
        var where = $"{name} at {page.ViewportSize!.Width} px";
        if (Artefacts is { } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{where.Replace('/', '_')}.png"), FullPage = true });
        if (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
            Faults.Add($"{where}: wider than the screen");
        if (
            await page.EvaluateAsync<bool>(
                "[...document.querySelectorAll('.scroll > table.fits')].some(t => t.scrollWidth > t.parentElement.clientWidth)"
            )
        )
            Faults.Add($"{where}: a table that fits is cut");
        Faults.AddRange((await Barriers.Of(page, bestPractice: true)).Select(barrier => $"{where}: {barrier}"));
    }
}
