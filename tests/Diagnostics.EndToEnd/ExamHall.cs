using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using Microsoft.Playwright;

namespace Diagnostics.EndToEnd;

/// <summary>A service in separate processes, with people in the middle of a test and browsers for them.</summary>
public sealed class ExamHall : IAsyncDisposable
{
    internal const string Password = "пароль-для-проверки-7";

    /// <summary>Folder for screenshots; without it no screenshots are taken.</summary>
    internal static readonly string? Artefacts = Environment.GetEnvironmentVariable("DIAGNOSTICS_SCREENSHOTS");

    /// <summary>
    /// A folder from which the pages' files are served, for developers who do not want to build after every change.
    /// </summary>
    private static readonly string? AssetsUnderWork = Environment.GetEnvironmentVariable("DIAGNOSTICS_ASSETS");

    private readonly LoadDatabase database;
    private readonly IPlaywright playwright;
    private int nextDesk = -1;
    private int answering;
    private Task starting = Task.CompletedTask;

    private ExamHall(LoadDatabase database, Nodes nodes, Exam exam, IPlaywright playwright) =>
        (this.database, Nodes, Exam, this.playwright, Gateway) = (database, nodes, exam, playwright, new Gateway(nodes.Ports[0]));

    internal Nodes Nodes { get; }

    internal Exam Exam { get; }

    internal Gateway Gateway { get; }

    /// <summary>Errors that the pages' scripts threw and did not catch.</summary>
    internal ConcurrentBag<string> Thrown { get; } = [];

    /// <summary>Opens a hall. With more than one node it needs a database server.</summary>
    /// <param name="experts">With experts the test is over, and all its open answers wait for them.</param>
    internal static async Task<ExamHall> Open(int desks, int nodes = 1, int experts = 0)
    {
        var database = await LoadDatabase.Open(nodes == 1 ? LoadDatabase.Sqlite : LoadDatabase.Postgres, null);
        var exam = await Exam.Prepare(database.Folder, Repository.Bank, desks, true, experts, database.Settings);
        if (experts > 0)
            await Scripts.Write(exam, Repository.Bank, database.Settings);
        await using var door = database.Connect();
        await Exam.SetPassword(door, Password);
        var running = await Nodes.Start(database, nodes);
        for (var waited = 0; experts > 0 && await Scripts.Unscored(door, exam) > 0; waited++)
        {
            waited.Should().BeLessThan(600, "the sessions are scored within a minute");
            await Task.Delay(100);
        }
        return new(database, running, exam, await Playwright.CreateAsync());
    }

    /// <summary>An unused desk.</summary>
    internal Sitter Sit() => new(this, Exam.Desks[Interlocked.Increment(ref nextDesk)]);

    /// <summary>
    /// Opens a browser whose profile is in the given folder. A browser that is opened again with the same folder
    /// remembers what it stored.
    /// </summary>
    /// <param name="hand">Further properties of the person's device, such as touch.</param>
    internal async Task<IBrowserContext> Browser(
        string profile,
        int width = 1280,
        int height = 900,
        ColorScheme scheme = ColorScheme.Light,
        Action<BrowserTypeLaunchPersistentContextOptions>? hand = null
    )
    {
        var device = new BrowserTypeLaunchPersistentContextOptions
        {
            ExecutablePath = BrowserFactAttribute.Chromium,
            Headless = true,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"],
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            Locale = "ru-RU",
            TimezoneId = "Asia/Yakutsk",
        };
        hand?.Invoke(device);
        var browser = await playwright.Chromium.LaunchPersistentContextAsync(profile, device);
        browser.SetDefaultTimeout(120_000);
        browser.WebError += (_, fault) => Thrown.Add(fault.Error);
        if (AssetsUnderWork is { } folder)
            await browser.RouteAsync(
                "**/a/*/**",
                route =>
                    route.FulfillAsync(
                        new()
                        {
                            Path = System.IO.Path.Combine(
                                folder,
                                string.Join('/', new Uri(route.Request.Url).AbsolutePath.Split('/').Skip(3))
                            ),
                        }
                    )
            );
        return browser;
    }

    internal HttpClient Client(string token)
    {
        var client = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{Nodes.Ports[answering]}"),
            Timeout = TimeSpan.FromSeconds(60),
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>The name of the only expert's account.</summary>
    internal async Task<string> ExpertName()
    {
        await using var door = database.Connect();
        return await Exam.ExpertName(door);
    }

    /// <summary>Lets every claim end, as if its time were over.</summary>
    internal async Task EndLeases()
    {
        await using var door = database.Connect();
        await Exam.EndLeases(door);
    }

    /// <summary>Ends when the node that was killed last answers again.</summary>
    internal Task Back => starting;

    /// <summary>
    /// Lets another node answer from now on. The previous node is killed, and starts again while people continue.
    /// </summary>
    internal async Task ChangeNode()
    {
        // The next node may have been killed a moment ago and may still be starting.
        await starting;
        var before = answering;
        answering = (answering + 1) % Nodes.Count;
        Gateway.TurnTo(Nodes.Ports[answering]);
        Nodes.Kill(before);
        starting = Nodes.Start(before);
    }

    public async ValueTask DisposeAsync()
    {
        await starting;
        playwright.Dispose();
        Gateway.Dispose();
        Nodes.Dispose();
        await database.DisposeAsync();
    }
}

/// <summary>A person at a desk, with the answers that the server has from this person.</summary>
internal sealed class Sitter(ExamHall hall, Desk desk) : IDisposable
{
    private readonly TemporaryFolder profile = new();

    internal ExamHall Hall => hall;

    internal Guid SessionId => desk.SessionId;

    internal string UserName => $"load-{desk.SessionId:N}";

    internal string Profile => profile.Path;

    internal string TestUrl => $"{hall.Gateway.Url}/sessions/{desk.SessionId}/test";

    internal HttpClient Taker() => hall.Client(desk.Token);

    internal HttpClient Site() => hall.Client(hall.Exam.OperatorToken);

    internal string Path(string rest) => $"/api/v1/sessions/{desk.SessionId}{rest}";

    internal async Task<JsonArray> Items()
    {
        using var taker = Taker();
        return JsonNode.Parse(await taker.GetStringAsync(Path("/items")))!["items"]!.AsArray();
    }

    internal async Task<JsonNode> Session()
    {
        using var taker = Taker();
        return JsonNode.Parse(await taker.GetStringAsync(Path("")))!;
    }

    /// <summary>Everything that was ever saved or kept aside, as it is stored; texts are stored as typed.</summary>
    internal async Task<JsonNode> History()
    {
        using var site = Site();
        return JsonNode.Parse(await site.GetStringAsync(Path("/responses?limit=500")))!;
    }

    internal async Task Do(string action, object body)
    {
        using var site = Site();
        using var answer = await site.PostAsync(Path(action), System.Net.Http.Json.JsonContent.Create(body));
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Signs in and opens the test.</summary>
    internal async Task<IPage> Open(IBrowserContext browser)
    {
        var page = browser.Pages.Count > 0 ? browser.Pages[0] : await browser.NewPageAsync();
        await Open(page);
        return page;
    }

    /// <inheritdoc cref="Open(IBrowserContext)"/>
    internal async Task Open(IPage page)
    {
        await page.GotoAsync(TestUrl);
        if (page.Url.Contains("/sign-in", StringComparison.Ordinal))
        {
            await page.FillAsync("#user-name", UserName);
            await page.FillAsync("#password", ExamHall.Password);
            await page.ClickAsync("main button[type=submit]");
        }
        await Ready(page);
    }

    internal static Task Ready(IPage page) => page.WaitForSelectorAsync("#no-module", new() { State = WaitForSelectorState.Hidden });

    public void Dispose() => profile.Dispose();
}
