using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Diagnostics.EndToEnd;

/// <summary>
/// People complete a whole variant without a mouse, without a screen, or with everything twice as large.
/// </summary>
public sealed class WaysOfWorkTests(HallFixture fixture) : IClassFixture<HallFixture>
{
    /// <summary>
    /// Uses a phone with touch alone and without dragging, because no action on the page may require dragging.
    /// </summary>
    [BrowserFact]
    public async Task A_variant_of_all_six_types_is_done_by_touch_alone()
    {
        using var sitter = fixture.Hall.Sit();
        await using var browser = await fixture.Hall.Browser(
            sitter.Profile,
            320,
            640,
            hand: device => (device.HasTouch, device.IsMobile) = (true, true)
        );
        var page = await sitter.Open(browser);
        var items = await sitter.Items();
        await page.EvaluateAsync(
            "() => { for (const kind of ['keydown', 'wheel']) addEventListener(kind, () => { window.notTouch = kind; }, true); }"
        );

        foreach (var item in items)
        {
            var (slot, type) = (item!["slot"]!.GetValue<int>(), item["type"]!.GetValue<string>());
            var at = page.Locator($"#item-{slot}");
            switch (type)
            {
                case "single_choice":
                    await Tap(at.Locator(".choice").First);
                    break;
                case "multiple_choice":
                    await Tap(at.Locator(".choice").Nth(0));
                    await Tap(at.Locator(".choice").Nth(1));
                    break;
                case "matching":
                    // The list of a select is drawn by the phone itself, so the test chooses an option directly.
                    for (var left = 1; left <= item["left"]!.AsArray().Count; left++)
                    {
                        await Large(at.Locator($"select[data-left='{left}']"));
                        await at.Locator($"select[data-left='{left}']").SelectOptionAsync(new SelectOptionValue { Index = left });
                    }
                    break;
                case "ordering":
                    await Tap(at.Locator("li:nth-child(1) [data-move='1']"));
                    break;
                default:
                    await Tap(at.Locator("input[type=text], textarea"));
                    await page.Keyboard.InsertTextAsync($"Ответ {slot}");
                    break;
            }
            await Tap(at.Locator("[data-go='1']"));
        }
        await Answered(page, sitter, items);
        await Tap(page.Locator("#check-acts button.big"));
        await Screen.ReceiptOf(page);
        (await sitter.Session())["state"]!.GetValue<string>().Should().Be("finished");
        (await page.EvaluateAsync<string?>("() => window.notTouch ?? null")).Should().BeNull();

        async Task Tap(ILocator what)
        {
            await Large(what);
            await what.TapAsync();
        }

        static async Task Large(ILocator what)
        {
            await what.ScrollIntoViewIfNeededAsync();
            var box = (await what.BoundingBoxAsync())!;
            box.Height.Should().BeGreaterThanOrEqualTo(44, await what.EvaluateAsync<string>("element => element.outerHTML"));
        }
    }

    /// <summary>
    /// Uses only accessible roles and names, to show that what a screen reader announces is enough to find and
    /// understand everything.
    /// </summary>
    [BrowserFact]
    public async Task A_variant_of_all_six_types_is_done_by_what_a_screen_reader_is_told()
    {
        using var sitter = fixture.Hall.Sit();
        await using var browser = await fixture.Hall.Browser(sitter.Profile);
        var page = await sitter.Open(browser);
        var items = await sitter.Items();

        foreach (var item in items)
        {
            var (slot, type) = (item!["slot"]!.GetValue<int>(), item["type"]!.GetValue<string>());
            // A region and a group are both named after their task; the group's name also contains the question.
            var task = page.GetByRole(AriaRole.Region, new() { Name = $"Задание {slot}", Exact = true });
            (await task.GetByRole(AriaRole.Group, new() { Name = $"Задание {slot}" }).CountAsync()).Should().Be(1);
            switch (type)
            {
                case "single_choice":
                    await task.GetByRole(AriaRole.Radio, new() { Name = Text(item["options"]![1]!), Exact = true }).CheckAsync();
                    break;
                case "multiple_choice":
                    foreach (var option in item["options"]!.AsArray().Take(2))
                        await task.GetByRole(AriaRole.Checkbox, new() { Name = Text(option!), Exact = true }).CheckAsync();
                    break;
                case "matching":
                    foreach (var (place, left) in item["left"]!.AsArray().Index())
                    {
                        var right = Text(item["right"]![place]!);
                        var select = task.GetByRole(AriaRole.Combobox, new() { Name = Text(left!), Exact = true });
                        var told = (await select.GetByRole(AriaRole.Option).AllTextContentsAsync()).Single(option =>
                            option.EndsWith($"— {right}", StringComparison.Ordinal)
                        );
                        await select.SelectOptionAsync(new SelectOptionValue { Label = told });
                    }
                    break;
                case "ordering":
                    var first = Text(item["elements"]![0]!);
                    await task.GetByRole(AriaRole.Button, new() { Name = $"Ниже: {first}", Exact = true }).ClickAsync();
                    (await task.GetByRole(AriaRole.Combobox, new() { Name = $"Место: {first}", Exact = true }).InputValueAsync())
                        .Should()
                        .Be("2");
                    await Assertions
                        .Expect(page.GetByRole(AriaRole.Status))
                        .ToHaveTextAsync($"«{first}» — место 2 из {item["elements"]!.AsArray().Count}", new() { Timeout = 120_000 });
                    break;
                default:
                    await task.GetByRole(AriaRole.Textbox, new() { Name = $"Ответ на задание {slot}", Exact = true })
                        .FillAsync($"Ответ {slot}");
                    break;
            }
            await task.GetByRole(
                    AriaRole.Button,
                    new() { Name = slot == items[^1]!["slot"]!.GetValue<int>() ? "К проверке" : "Дальше", Exact = true }
                )
                .ClickAsync();
        }
        await Answered(page, sitter, items);
        var check = page.GetByRole(AriaRole.Region, new() { Name = "Проверьте перед завершением" });
        await check.GetByRole(AriaRole.Button, new() { NameRegex = new("^Завершить") }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Тест завершён" }).WaitForAsync(new() { Timeout = 120_000 });
        (await sitter.Session())["state"]!.GetValue<string>().Should().Be("finished");
    }

    /// <summary>
    /// At a zoom of 200 %, a window of 1280 px is 640 CSS pixels wide; the page's own buttons make the text even
    /// larger.
    /// </summary>
    [BrowserFact]
    public async Task At_twice_the_size_every_item_is_read_and_answered_without_scrolling_sideways()
    {
        using var sitter = fixture.Hall.Sit();
        await using var browser = await fixture.Hall.Browser(sitter.Profile, 640, 450, hand: device => device.DeviceScaleFactor = 2);
        var page = await sitter.Open(browser);
        var screen = new Screen(page);
        for (var press = 0; press < 5; press++)
            await page.ClickAsync("#larger");

        foreach (var item in await sitter.Items())
        {
            var slot = item!["slot"]!.GetValue<int>();
            await screen.Open(slot);
            (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                .Should()
                .BeLessThanOrEqualTo(0, $"item {slot}");
            // Nothing may be cut off, because a button outside the window could not be pressed.
            await screen.Item(slot).Locator("[data-go='1']").ClickAsync(new() { Trial = true });
        }
        await page.ClickAsync("#to-check");
        (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))
            .Should()
            .BeLessThanOrEqualTo(0);
        (await page.IsVisibleAsync("#check-acts button.big")).Should().BeTrue();
    }

    /// <summary>
    /// The keys are sent as the Russian layout sends them. The page has no shortcuts, so outside a field a letter does
    /// nothing.
    /// </summary>
    [BrowserFact]
    public async Task Letters_of_the_Russian_layout_are_text_in_a_field_and_nothing_elsewhere()
    {
        using var sitter = fixture.Hall.Sit();
        await using var browser = await fixture.Hall.Browser(sitter.Profile);
        var page = await sitter.Open(browser);
        var keys = await browser.NewCDPSessionAsync(page);
        var screen = new Screen(page);
        var slot = (await sitter.Items()).First(item => item!["type"]!.GetValue<string>() == "short_answer")!["slot"]!.GetValue<int>();
        (string Code, string Key)[] typed =
        [
            ("Comma", "б"),
            ("KeyF", "а"),
            ("KeyK", "л"),
            ("KeyK", "л"),
            ("Period", "ю"),
            ("BracketLeft", "х"),
            ("Backquote", "ё"),
        ];

        await screen.Open(slot);
        var before = await page.EvaluateAsync<string>("() => location.href + document.getElementById('place').textContent");
        foreach (var (code, key) in typed)
            await Press(code, key);
        (await page.EvaluateAsync<string>("() => location.href + document.getElementById('place').textContent")).Should().Be(before);
        (await sitter.Session())["responses"]!.AsArray().Should().BeEmpty();
        await screen.Item(slot).Locator("input[type=text]").FocusAsync();
        foreach (var (code, key) in typed)
            await Press(code, key);
        await screen.Says("saved");

        (await sitter.Session())["responses"]!.AsArray().Single()!["response"]!["text"]!.GetValue<string>().Should().Be("баллюхё");

        async Task Press(string code, string key)
        {
            await keys.SendAsync(
                "Input.dispatchKeyEvent",
                new()
                {
                    ["type"] = "keyDown",
                    ["code"] = code,
                    ["key"] = key,
                    ["text"] = key,
                }
            );
            await keys.SendAsync(
                "Input.dispatchKeyEvent",
                new()
                {
                    ["type"] = "keyUp",
                    ["code"] = code,
                    ["key"] = key,
                }
            );
        }
    }

    private static string Text(JsonNode entry) => entry["text"]!.GetValue<string>();

    private static async Task Answered(IPage page, Sitter sitter, JsonArray items)
    {
        items.Select(item => item!["type"]!.GetValue<string>()).Distinct().Should().HaveCount(6);
        await new Screen(page).Says("saved");
        (await sitter.Session())["responses"]!
            .AsArray()
            .Should()
            .HaveCount(items.Count)
            .And.OnlyContain(response => response!["response"] != null);
    }
}
