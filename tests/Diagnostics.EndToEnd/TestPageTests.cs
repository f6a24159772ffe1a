using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Diagnostics.EndToEnd;

/// <summary>An exam that all tests of the exam page share.</summary>
public sealed class HallFixture : IAsyncLifetime
{
    internal ExamHall Hall { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (File.Exists(BrowserFactAttribute.Chromium))
            Hall = await ExamHall.Open(13);
    }

    public async Task DisposeAsync()
    {
        if (Hall is null)
            return;
        await Hall.DisposeAsync();
        Hall.Thrown.Should().BeEmpty("no program of a page stumbles");
    }
}

public sealed class TestPageTests(HallFixture fixture, Xunit.Abstractions.ITestOutputHelper output) : IClassFixture<HallFixture>
{
    /// <summary>
    /// Uses only the keyboard (arrows, space, Tab, letters of the Russian layout), on a narrow screen.
    /// </summary>
    [BrowserFact]
    public async Task A_variant_of_all_six_types_is_done_by_keyboard_alone_on_a_narrow_screen()
    {
        using var sitter = fixture.Hall.Sit();
        await using var browser = await fixture.Hall.Browser(sitter.Profile, 320, 640);
        var page = await sitter.Open(browser);
        var items = await sitter.Items();
        var done = new HashSet<string>();

        foreach (var item in items)
        {
            var (slot, type) = (item!["slot"]!.GetValue<int>(), item["type"]!.GetValue<string>());
            done.Add(type);
            switch (type)
            {
                case "single_choice":
                    await TabTo(page, $"#item-{slot} .choices input");
                    await page.Keyboard.PressAsync("Space");
                    await page.Keyboard.PressAsync("ArrowDown");
                    break;
                case "multiple_choice":
                    await TabTo(page, $"#item-{slot} .choices input");
                    await page.Keyboard.PressAsync("Space");
                    await page.Keyboard.PressAsync("Tab");
                    await page.Keyboard.PressAsync("Space");
                    break;
                case "matching":
                    for (var left = 1; left <= item["left"]!.AsArray().Count; left++)
                    {
                        await TabTo(page, $"#item-{slot} select[data-left='{left}']");
                        for (var press = 0; press < left; press++)
                            await page.Keyboard.PressAsync("ArrowDown");
                    }
                    break;
                case "ordering":
                    await TabTo(page, $"#item-{slot} li:nth-child(1) [data-move='1']");
                    await page.Keyboard.PressAsync("Enter");
                    (await page.EvaluateAsync<string>("() => document.activeElement.dataset.move"))
                        .Should()
                        .Be("1", "the focus stays on the button that moved");
                    break;
                default:
                    await TabTo(page, $"#item-{slot} input[type=text], #item-{slot} textarea");
                    await page.Keyboard.TypeAsync($"Ответ {slot}: ёж");
                    await page.Keyboard.PressAsync("Enter");
                    break;
            }
            if (slot == items[^1]!["slot"]!.GetValue<int>())
                break;
            await TabTo(page, $"#item-{slot} [data-go='1']");
            await page.Keyboard.PressAsync("Enter");
        }
        done.Should().HaveCount(6);
        await new Screen(page).Says("saved");
        var saved = (await sitter.Session())["responses"]!.AsArray();
        saved.Should().HaveCount(items.Count).And.OnlyContain(response => response!["response"] != null);

        await TabTo(page, "#to-check");
        await page.Keyboard.PressAsync("Enter");
        await TabTo(page, "#check-acts button.big");
        await page.Keyboard.PressAsync("Enter");
        await Screen.ReceiptOf(page);
        (await sitter.Session())["state"]!.GetValue<string>().Should().Be("finished");
    }

    /// <summary>
    /// Runs on a phone-sized screen: the row that loses its option is out of sight, and the final check is opened from
    /// far down the page.
    /// </summary>
    [BrowserFact]
    public async Task A_pair_that_moved_is_told_and_what_is_half_done_is_named_at_the_check_which_opens_at_its_top()
    {
        using var sitter = fixture.Hall.Sit();
        await using var browser = await fixture.Hall.Browser(sitter.Profile, 320, 640);
        var page = await sitter.Open(browser);
        var item = (await sitter.Items()).First(item => item!["type"]!.GetValue<string>() == "matching")!;
        var slot = item["slot"]!.GetValue<int>();
        var lefts = item["left"]!.AsArray().Select(left => left!["id"]!.GetValue<string>()).ToList();
        var rights = item["right"]!.AsArray().Select(right => right!["id"]!.GetValue<string>()).ToList();
        var screen = new Screen(page);
        ILocator Row(int at) => screen.Item(slot).Locator($"select[data-left='{lefts[at]}']");

        await screen.Open(slot);
        await Row(0).SelectOptionAsync(rights[0]);
        await Row(1).SelectOptionAsync(rights[0]);

        (await Row(0).InputValueAsync()).Should().BeEmpty("a variant is taken once");
        (await screen.Item(slot).Locator($".exam-row:has(select[data-left='{lefts[1]}']) .exam-moved").InnerTextAsync())
            .Should()
            .Contain(item["left"]![0]!["text"]!.GetValue<string>())
            .And.Contain("без ответа");
        await page.WaitForSelectorAsync($"#nav-{slot}[data-state=part]");
        await page.ClickAsync("#to-check");
        (await page.InnerTextAsync("#check-lists")).Should().Contain("Отвечено не до конца: 1");
        (
            await page.EvaluateAsync<bool>(
                "() => document.querySelector('#check-heading').getBoundingClientRect().top >= "
                    + "document.querySelector('.exam-bar').getBoundingClientRect().bottom"
            )
        )
            .Should()
            .BeTrue("the list of what is not in order begins at the top");

        await screen.Open(slot);
        for (var at = 0; at < lefts.Count; at++)
            await Row(at).SelectOptionAsync(rights[at]);
        await page.WaitForSelectorAsync($"#nav-{slot}[data-state=done]");
        (await screen.Item(slot).Locator(".exam-moved").CountAsync()).Should().Be(0);
    }

    [BrowserFact]
    public async Task An_order_that_nobody_touched_is_no_answer_and_kept_as_it_is_it_is_one()
    {
        using var sitter = fixture.Hall.Sit();
        await using var browser = await fixture.Hall.Browser(sitter.Profile);
        var page = await sitter.Open(browser);
        var slot = (await sitter.Items()).First(item => item!["type"]!.GetValue<string>() == "ordering")!["slot"]!.GetValue<int>();
        var screen = new Screen(page);

        await page.ClickAsync("#to-check");
        (await page.InnerTextAsync("#check-lists")).Should().Contain("Порядок не тронут");
        await screen.Open(slot);
        await screen.Item(slot).Locator("[data-do=keep]").ClickAsync();
        await page.WaitForSelectorAsync($"#nav-{slot}[data-state=done]");

        var order = (await sitter.Session())["responses"]!.AsArray().Single()!["response"]!["order"]!.AsArray();
        order
            .Select(id => id!.GetValue<string>())
            .Should()
            .Equal(Enumerable.Range(1, order.Count).Select(place => $"{place}"), "in the order in which it was shown");
        await screen.Item(slot).Locator("li:nth-child(1) select").SelectOptionAsync("3");
        await page.WaitForFunctionAsync($"() => document.querySelectorAll('#item-{slot} .exam-order li')[2].dataset.id === '1'");
        await screen.Item(slot).Locator("[data-do=clear]").ClickAsync();
        await page.WaitForSelectorAsync($"#nav-{slot}[data-state=none]");
    }

    /// <summary>
    /// Checks the page against WCAG 2.2 AA in every state, in light and dark colours, on narrow and wide screens.
    /// </summary>
    [BrowserFact]
    public async Task Axe_finds_nothing_in_any_state()
    {
        foreach (var (width, scheme) in ((int, ColorScheme)[])[(1440, ColorScheme.Light), (320, ColorScheme.Dark)])
        {
            using var sitter = fixture.Hall.Sit();
            await using var browser = await fixture.Hall.Browser(sitter.Profile, width, 900, scheme);
            var page = await sitter.Open(browser);
            var screen = new Screen(page);
            foreach (
                var type in (string[])["single_choice", "multiple_choice", "matching", "ordering", "short_answer", "extended_response"]
            )
            {
                await screen.Open(
                    (await sitter.Items()).First(item => item!["type"]!.GetValue<string>() == type)!["slot"]!.GetValue<int>()
                );
                await Accessible(page, $"{type}-{width}");
            }
            var text = (await sitter.Items()).First(item => item!["type"]!.GetValue<string>() == "short_answer")!["slot"]!.GetValue<int>();
            await screen.Write(text, "на этом устройстве");
            await screen.Says("saved");
            await Accessible(page, $"saved-{width}");

            await browser.SetOfflineAsync(true);
            await screen.Write(text, "без связи");
            await page.WaitForSelectorAsync("#state[data-bad=yes]");
            await Accessible(page, $"offline-{width}");
            using (var taker = sitter.Taker())
                (
                    await taker.PutAsJsonAsync(
                        sitter.Path($"/responses/{text}"),
                        new { baseRevision = 1, response = new { type = "short_answer", text = "на другом" } }
                    )
                ).EnsureSuccessStatusCode();
            await browser.SetOfflineAsync(false);
            await page.WaitForSelectorAsync($"#conflict-{text}:not([hidden])");
            await Accessible(page, $"conflict-{width}");
            await page.ClickAsync("text=Взять тот, что на сервере");

            await screen.Write(text, new string('я', 201));
            await page.WaitForSelectorAsync($"#nav-{text}[data-state=wrong]");
            await Accessible(page, $"refused-{width}");
            await page.ClickAsync("#to-check");
            await Accessible(page, $"check-{width}");
            await screen.Write(text, "коротко");
            await screen.Says("saved");

            await browser.ClearCookiesAsync();
            await screen.Write(text, "после входа");
            await page.WaitForSelectorAsync("#sign-in[open]");
            await Accessible(page, $"signed-out-{width}");
            await page.FillAsync("#sign-in #user-name", sitter.UserName);
            await page.FillAsync("#sign-in #password", ExamHall.Password);
            await page.ClickAsync("#sign-in button[type=submit]");
            await screen.Says("saved");

            var second = await browser.NewPageAsync();
            await sitter.Open(second);
            await second.WaitForSelectorAsync("[data-do=takeOver]");
            await Accessible(second, $"second-tab-{width}");
            await second.CloseAsync();

            await sitter.Do("/pause", new { reason = "проверка" });
            await page.EvaluateAsync("() => dispatchEvent(new Event('online'))");
            await page.WaitForSelectorAsync("#waits:not([hidden])");
            await Accessible(page, $"paused-{width}");
            await sitter.Do("/resumption", new { });
            await page.EvaluateAsync("() => dispatchEvent(new Event('online'))");
            await page.WaitForSelectorAsync("#waits", new() { State = WaitForSelectorState.Hidden });
            await screen.Finish();
            await Accessible(page, $"receipt-{width}");
        }
    }

    /// <summary>
    /// All files of the page take at most 60 KB on the wire, including the response headers, and no file comes from
    /// another host. The page itself takes at most 15 KB, the stylesheets at most 10 KB, and the modules at most 15 KB,
    /// in at most seven files.
    /// </summary>
    [BrowserFact]
    public async Task The_page_with_everything_weighs_at_most_60_kilobytes_each_part_its_own_and_asks_nobody_else()
    {
        using var sitter = fixture.Hall.Sit();
        await using var browser = await fixture.Hall.Browser(sitter.Profile);
        await sitter.Open(browser);
        var page = await browser.NewPageAsync();
        var cdp = await browser.NewCDPSessionAsync(page);
        await cdp.SendAsync("Network.enable");
        await cdp.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = true });
        var (answers, sizes) = (new Dictionary<string, (string Url, double Head)>(), new Dictionary<string, double>());
        cdp.Event("Network.responseReceived").OnEvent += (_, told) =>
        {
            var response = told!.Value.GetProperty("response");
            answers[told.Value.GetProperty("requestId").GetString()!] = (
                response.GetProperty("url").GetString()!,
                response.GetProperty("encodedDataLength").GetDouble()
            );
        };
        cdp.Event("Network.loadingFinished").OnEvent += (_, told) =>
            sizes[told!.Value.GetProperty("requestId").GetString()!] = told.Value.GetProperty("encodedDataLength").GetDouble();

        await page.GotoAsync(sitter.TestUrl, new() { WaitUntil = WaitUntilState.NetworkIdle });

        var bodies = answers
            .Select(answer =>
                (Path: new Uri(answer.Value.Url).AbsolutePath, Size: (sizes.GetValueOrDefault(answer.Key) - answer.Value.Head) / 1024)
            )
            .ToList();
        foreach (var (path, size) in bodies.OrderBy(body => body.Path, StringComparer.Ordinal))
            output.WriteLine($"{size:0.0} KB  {path}");
        var total = sizes.Values.Sum() / 1024;
        output.WriteLine(
            $"page {Of("/test"):0.00}, stylesheets {Of(".css"):0.00}, modules {Of(".js"):0.00} KB; {total:0.0} KB with heads in {answers.Count} answers"
        );
        answers.Values.Should().OnlyContain(answer => answer.Url.StartsWith(fixture.Hall.Gateway.Url, StringComparison.Ordinal));
        total.Should().BeLessThanOrEqualTo(60);
        Of("/test").Should().BeInRange(1, 15);
        Of(".css").Should().BeInRange(1, 10);
        Of(".js").Should().BeInRange(1, 15);
        bodies.Count(body => body.Path.EndsWith(".js", StringComparison.Ordinal)).Should().BeLessThanOrEqualTo(7);
        answers.Should().HaveCountLessThanOrEqualTo(10, "so many questions to the first answer");

        double Of(string end) => bodies.Where(body => body.Path.EndsWith(end, StringComparison.Ordinal)).Sum(body => body.Size);
    }

    /// <summary>The connection has 50 kbit/s and a round trip of two seconds; the browser's cache is empty.</summary>
    [BrowserFact]
    public async Task On_a_very_slow_line_the_first_item_is_read_within_8_seconds_and_a_save_is_acknowledged_within_5()
    {
        using var sitter = fixture.Hall.Sit();
        await using var browser = await fixture.Hall.Browser(sitter.Profile);
        var page = await sitter.Open(browser);
        await page.GotoAsync("about:blank");
        var cdp = await browser.NewCDPSessionAsync(page);
        await cdp.SendAsync("Network.enable");
        await cdp.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = true });
        await cdp.SendAsync(
            "Network.emulateNetworkConditions",
            new()
            {
                ["offline"] = false,
                ["latency"] = 2000,
                ["downloadThroughput"] = 50_000 / 8,
                ["uploadThroughput"] = 50_000 / 8,
            }
        );

        await page.GotoAsync(sitter.TestUrl, new() { Timeout = 120_000, WaitUntil = WaitUntilState.Commit });
        await page.WaitForFunctionAsync(
            "() => document.getElementById('no-module')?.hidden && performance.getEntriesByName('first-contentful-paint').length",
            null,
            new() { Timeout = 120_000 }
        );
        var painted = await page.EvaluateAsync<double>("() => performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000");
        var ready = await page.EvaluateAsync<double>("() => performance.now() / 1000");
        await page.ClickAsync(".exam-item:not([hidden]) .choices input");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await page.WaitForFunctionAsync(
            "() => /Сохранено/.test(document.getElementById('state-text').textContent)",
            null,
            new() { Timeout = 120_000 }
        );
        var saved = watch.Elapsed.TotalSeconds;

        output.WriteLine($"first item {painted:0.0} s, fields open {ready:0.0} s, save acknowledged {saved:0.0} s");
        painted.Should().BeLessThan(8);
        saved.Should().BeLessThan(5);
    }

    [BrowserFact]
    public async Task Nothing_that_somebody_types_runs()
    {
        string[] corpus =
        [
            "<script>window.ran = 1</script>",
            "<img src=x onerror=\"window.ran = 1\">",
            "\"><svg onload=window.ran=1>",
            "javascript:window.ran=1",
            "</textarea><script>window.ran=1</script>",
            "<a href=\"javascript:window.ran=1\">x</a>",
            "{{constructor.constructor('window.ran=1')()}}",
            "<iframe srcdoc='<script>parent.ran=1</script>'>",
            "<style>@import 'x'</style>",
            "'; window.ran = 1; //",
            "<details open ontoggle=window.ran=1>",
        ];
        using var sitter = fixture.Hall.Sit();
        await using var browser = await fixture.Hall.Browser(sitter.Profile);
        var page = await sitter.Open(browser);
        var screen = new Screen(page);
        var slot = (await sitter.Items()).First(item => item!["type"]!.GetValue<string>() == "extended_response")!["slot"]!.GetValue<int>();
        foreach (var text in corpus)
        {
            await screen.Write(slot, text);
            await screen.Says("saved");
            await page.ReloadAsync();
            await Sitter.Ready(page);
            await page.WaitForFunctionAsync($"text => document.querySelector('#item-{slot} textarea').value === text", text);
            (await Ran(page)).Should().BeFalse(text);
        }
        // In a conflict, too, both versions must be shown as text, and no script in either version may run.
        await browser.SetOfflineAsync(true);
        await screen.Write(slot, corpus[1]);
        using (var taker = sitter.Taker())
        {
            var revision = (await sitter.Session())["responses"]!.AsArray().Single()!["revision"]!.GetValue<int>();
            (
                await taker.PutAsJsonAsync(
                    sitter.Path($"/responses/{slot}"),
                    new { baseRevision = revision, response = new { type = "extended_response", text = corpus[2] } }
                )
            ).EnsureSuccessStatusCode();
        }
        await browser.SetOfflineAsync(false);
        await page.WaitForSelectorAsync($"#conflict-{slot}:not([hidden])");
        (await page.TextContentAsync($"#conflict-{slot}")).Should().Contain(corpus[1]).And.Contain(corpus[2]);
        (await Ran(page)).Should().BeFalse();
    }

    /// <summary>
    /// The person needs no name or password: after the sheet's code is typed again, the page continues where it was.
    /// </summary>
    [BrowserFact]
    public async Task Whoever_came_with_a_code_types_it_again_in_the_running_test_and_nothing_is_lost()
    {
        using var sitter = fixture.Hall.Sit();
        using var site = sitter.Site();
        using var issued = await site.PostAsJsonAsync(sitter.Path("/access-code"), new { });
        var code = JsonNode.Parse(await issued.Content.ReadAsStringAsync())!["code"]!.GetValue<string>();
        await using var browser = await fixture.Hall.Browser(sitter.Profile, 320, 640);
        var page = browser.Pages[0];
        await page.GotoAsync($"{fixture.Hall.Gateway.Url}/sign-in");
        await page.FillAsync("#code", code);
        await page.ClickAsync("form[action$=code] button[type=submit]");
        await Sitter.Ready(page);
        var screen = new Screen(page);
        var slot = (await sitter.Items()).First(item => item!["type"]!.GetValue<string>() == "short_answer")!["slot"]!.GetValue<int>();
        var address = page.Url;

        await browser.ClearCookiesAsync();
        await screen.Write(slot, "набрано без входа");
        await page.WaitForSelectorAsync("#sign-in[open]");
        await Accessible(page, "signed-out-code-320");
        await page.FillAsync("#sign-in #code", "7K2M-XQ9W-PTRR");
        await page.ClickAsync("#sign-in button[type=submit]");
        await page.WaitForSelectorAsync("#sign-in-wrong:not([hidden])");
        await page.FillAsync("#sign-in #code", code.ToLowerInvariant());
        await page.ClickAsync("#sign-in button[type=submit]");
        await screen.Says("saved");

        page.Url.Split('#')[0].Should().Be(address.Split('#')[0], "the page was never left");
        (await sitter.Session())["responses"]!.AsArray().Single()!["response"]!["text"]!
            .GetValue<string>()
            .Should()
            .Be("набрано без входа");
    }

    [BrowserFact]
    public async Task What_could_not_be_sent_goes_into_a_file_and_the_site_hands_it_in()
    {
        using var sitter = fixture.Hall.Sit();
        await using var browser = await fixture.Hall.Browser(sitter.Profile);
        var page = await sitter.Open(browser);
        var screen = new Screen(page);
        var slot = (await sitter.Items()).First(item => item!["type"]!.GetValue<string>() == "short_answer")!["slot"]!.GetValue<int>();
        await browser.SetOfflineAsync(true);
        await screen.Write(slot, "не ушло");
        await page.WaitForSelectorAsync("#export:not([hidden])");

        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("#export"));

        var file = JsonNode.Parse(await File.ReadAllTextAsync((await download.PathAsync())!))!;
        using var site = sitter.Site();
        using var first = await site.PostAsJsonAsync(sitter.Path("/unsent-answers"), file);
        using var second = await site.PostAsJsonAsync(sitter.Path("/unsent-answers"), file);
        JsonNode.Parse(await first.Content.ReadAsStringAsync())!["answers"]!.AsArray().Single()!["outcome"]!
            .GetValue<string>()
            .Should()
            .Be("kept");
        JsonNode.Parse(await second.Content.ReadAsStringAsync())!["answers"]!.AsArray().Single()!["outcome"]!
            .GetValue<string>()
            .Should()
            .Be("known");
        (await sitter.History())["rejected"]!.AsArray().Single()!["content"]!.GetValue<string>().Should().Contain("не ушло");
    }

    [BrowserFact]
    public async Task Without_its_program_the_page_says_that_nothing_is_saved_and_takes_nothing()
    {
        using var sitter = fixture.Hall.Sit();
        await using var browser = await fixture.Hall.Browser(sitter.Profile);
        await sitter.Open(browser);
        await browser.RouteAsync("**/exam/exam.js", route => route.AbortAsync());
        var page = await browser.NewPageAsync();
        await page.GotoAsync(sitter.TestUrl);

        (await page.IsVisibleAsync("#no-module")).Should().BeTrue();
        (await page.Locator(".exam-fields:not([disabled])").CountAsync()).Should().Be(0);
        (await page.Locator(".exam-item").CountAsync()).Should().BeGreaterThan(20, "what is asked can be read all the same");
    }

    private static async Task<bool> Ran(IPage page) => await page.EvaluateAsync<bool>("() => 'ran' in window");

    private static async Task TabTo(IPage page, string selector)
    {
        for (var press = 0; press < 120; press++)
        {
            if (await page.EvaluateAsync<bool>("selector => document.activeElement?.matches(selector)", selector))
                return;
            await page.Keyboard.PressAsync("Tab");
        }
        throw new InvalidOperationException($"{selector} cannot be reached by Tab.");
    }

    private static async Task Accessible(IPage page, string name)
    {
        if (ExamHall.Artefacts is { } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"test-{name}.png"), FullPage = true });
        (await Barriers.Of(page, bestPractice: false)).Should().BeEmpty(name);
        var wider = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        wider.Should().BeLessThanOrEqualTo(0, $"{name} does not scroll sideways");
    }
}
