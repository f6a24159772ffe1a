using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Diagnostics.EndToEnd;

/// <summary>
/// A person takes a test on a day when everything breaks; the seed decides every step. After each step an oracle
/// compares the typed text, what the server and the device have stored, and what the page says at that moment.
/// </summary>
internal sealed class FaultRun(ExamHall hall, int seed)
{
    private const int Steps = 26;

    // Lets the run break browser functions that the page uses.
    private const string Breakable = """
        (() => {
          const now = Date.now.bind(Date), put = IDBObjectStore.prototype.put, set = Storage.prototype.setItem, open = IDBFactory.prototype.open;
          const flag = name => { try { return sessionStorage.getItem(name); } catch { return null; } };
          Date.now = () => now() + Number(flag('skew') ?? 0);
          const full = () => new DOMException('full', 'QuotaExceededError');
          IDBObjectStore.prototype.put = function (...rest) { if (flag('full')) throw full(); return put.apply(this, rest); };
          Storage.prototype.setItem = function (key, value) { if (this === localStorage && flag('full')) throw full(); return set.call(this, key, value); };
          IDBFactory.prototype.open = function (...rest) { if (window.__noIndexedDB) throw new DOMException('refused', 'SecurityError'); return open.apply(this, rest); };
        })();
        """;

    private readonly Random random = new(seed);
    private readonly List<string> story = [];
    private readonly Dictionary<int, string> typed = [];
    private readonly List<int> slots = [];
    private readonly Sitter sitter = hall.Sit();
    private readonly bool withoutIndexedDb = seed % 7 == 3;

    private IBrowserContext browser = null!;
    private Screen screen = null!;
    private string fault = "none";
    private bool offline;
    private Stopwatch sinceTyped = Stopwatch.StartNew();
    private Seen seen = null!;

    /// <summary>How many statements made by the page were checked and found to be true.</summary>
    internal int Claims { get; private set; }

    internal string Story => string.Join("\n  ", story);

    internal async Task Play()
    {
        foreach (var item in await sitter.Items())
            if (item!["type"]!.GetValue<string>() is "short_answer" or "extended_response")
                slots.Add(item["slot"]!.GetValue<int>());
        await OpenBrowser();
        for (var step = 0; step < Steps; step++)
        {
            await Step(step);
            await Check();
        }
        await Mend();
        await Check();
        await End();
        await browser.CloseAsync();
        sitter.Dispose();
    }

    private async Task Step(int step)
    {
        var dice = random.Next(100);
        if (dice < 45)
            await Type($"{seed}-{step} {Words()}");
        else if (dice < 50)
            await Do(offline ? "the line is back" : "the line breaks", () => browser.SetOfflineAsync(offline = !offline));
        else if (dice < 62)
            await Do(
                $"answers: {fault = Pick("none", "none", "500", "503", "429", "401", "html", "lost", "reply lost", "slow")}",
                () => Task.CompletedTask
            );
        else if (dice < 67)
            await Reload();
        else if (dice < 72)
            await KillBrowser();
        else if (dice < 75)
            await KillServer();
        else if (dice < 79)
            await Do("the cookie is gone", () => browser.ClearCookiesAsync());
        else if (dice < 83)
            await SecondTab();
        else if (dice < 88)
            await SecondDevice($"{seed}-{step} другое");
        else if (dice < 91)
            await Do(
                "the clock is a day off",
                () => screen.Page.EvaluateAsync("skew => sessionStorage.setItem('skew', skew)", Pick("86400000", "-86400000", "0"))
            );
        else if (dice < 94)
            await Do(
                "the disk is full, or no more",
                () =>
                    screen.Page.EvaluateAsync(
                        "() => sessionStorage.getItem('full') ? sessionStorage.removeItem('full') : sessionStorage.setItem('full', 'yes')"
                    )
            );
        else
            await Do("time passes", () => Task.Delay(random.Next(1000, 4000)));
        await Task.Delay(random.Next(50, 900));
        await SignInAgain();
        if (random.Next(3) == 0)
            await Choose();
    }

    private async Task Type(string text)
    {
        var slot = slots[random.Next(slots.Count)];
        if (await screen.Page.Locator("#nav").IsHiddenAsync())
            return;
        // Send events instead of mouse clicks, because the sign-in dialog may appear at any moment, and disappear when
        // a sign-in succeeds.
        if (await screen.Page.Locator("#sign-in").IsVisibleAsync())
            await screen.Page.DispatchEventAsync("#sign-in-later", "click");
        await screen.Page.DispatchEventAsync($"#nav-{slot}", "click");
        var field = screen.Item(slot).Locator("input[type=text], textarea");
        if (!await field.IsEnabledAsync())
            return;
        await field.FillAsync(text);
        // The browser inserts the text where the focus is, and the dialog takes the focus when it appears.
        if (await screen.Page.Locator("#sign-in #user-name").InputValueAsync() == text)
        {
            story.Add($"typed into the sign-in dialog: {text}");
            return;
        }
        story.Add($"typed {slot}: {text}");
        typed[slot] = text;
        sinceTyped = Stopwatch.StartNew();
    }

    private async Task Do(string what, Func<Task> act)
    {
        story.Add(what);
        await act();
    }

    private async Task Reload()
    {
        if (Fragile)
            return;
        story.Add(offline ? "reloads without a line" : "reloads");
        await Settle();
        try
        {
            await screen.Page.ReloadAsync();
        }
        catch (PlaywrightException) when (offline)
        {
            await browser.SetOfflineAsync(offline = false);
        }
        await Enter();
    }

    private async Task KillBrowser()
    {
        if (Fragile)
            return;
        story.Add("the browser is killed");
        await Settle();
        foreach (var process in Process.GetProcesses())
            using (process)
                if (IsOurs(process))
                    process.Kill();
        await OpenBrowser();

        bool IsOurs(Process process)
        {
            try
            {
                return File.ReadAllText($"/proc/{process.Id}/cmdline")
                    .Contains($"--user-data-dir={sitter.Profile}", StringComparison.Ordinal);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    private async Task KillServer()
    {
        if (hall.Nodes.Count > 1)
        {
            story.Add("another node answers, and the one before is killed");
            await hall.ChangeNode();
            return;
        }
        story.Add("the server is killed and starts again");
        hall.Nodes.Kill(0);
        hall.Gateway.Cut();
        await Type($"{seed}-без сервера {Words()}");
        await hall.Nodes.Start(0);
    }

    private async Task SecondTab()
    {
        if (offline || Fragile)
            return;
        story.Add("goes on in a second tab");
        await Settle();
        var first = screen.Page;
        var second = await browser.NewPageAsync();
        screen = new(second);
        await Enter();
        var here = second.Locator("[data-do=takeOver]");
        if (await here.IsVisibleAsync())
            await here.DispatchEventAsync("click");
        await second.WaitForFunctionAsync("() => !document.querySelector('#waits:not([hidden]) [data-wait=tab]:not([hidden])')");
        await first.CloseAsync(new() { RunBeforeUnload = false });
    }

    private async Task SecondDevice(string text)
    {
        var slot = slots[random.Next(slots.Count)];
        story.Add($"another device saves {slot}: {text}");
        using var taker = sitter.Taker();
        var known = (await sitter.Session())["responses"]!.AsArray().FirstOrDefault(each => each!["slot"]!.GetValue<int>() == slot);
        var type = (await sitter.Items()).First(item => item!["slot"]!.GetValue<int>() == slot)!["type"]!.GetValue<string>();
        using var answer = await taker.PutAsJsonAsync(
            sitter.Path($"/responses/{slot}"),
            new { baseRevision = known?["revision"]!.GetValue<int>() ?? 0, response = new { type, text } }
        );
        if (!answer.IsSuccessStatusCode)
            story.Add($"  which was refused: {(int)answer.StatusCode}");
    }

    /// <summary>Chooses one of two versions of an answer, if the page asks.</summary>
    private async Task Choose()
    {
        var button = screen.Page.Locator(".exam-item:not([hidden]) .exam-conflict:not([hidden]) button").Nth(random.Next(2));
        if (await button.CountAsync() == 0 || !await button.IsEnabledAsync())
            return;
        story.Add($"chooses «{await button.TextContentAsync()}»");
        await button.DispatchEventAsync("click");
    }

    private async Task SignInAgain()
    {
        if (offline || fault != "none" || !await screen.Page.Locator("#sign-in").IsVisibleAsync())
            return;
        story.Add("signs in again");
        var soon = new PageFillOptions { Timeout = 5000 };
        try
        {
            await screen.Page.FillAsync("#sign-in #user-name", sitter.UserName, soon);
            await screen.Page.FillAsync("#sign-in #password", ExamHall.Password, soon);
            await screen.Page.DispatchEventAsync("#sign-in button[type=submit]", "click");
            await screen.Page.Locator("#sign-in").WaitForAsync(new() { State = WaitForSelectorState.Hidden, Timeout = 1500 });
        }
        catch (TimeoutException)
        {
            // Either the dialog has disappeared because an earlier sign-in succeeded after all, or the next step tries
            // again.
        }
    }

    /// <summary>
    /// Whether the page has said that the text is not stored yet. If it has, the page is not to blame when closing it
    /// now loses the text.
    /// </summary>
    private bool Fragile => seen is { Claim: "unsaved" or "saving" };

    /// <summary>Waits a little, because text typed within the last second may be lost with the browser.</summary>
    private async Task Settle()
    {
        var left = 1300 - (int)sinceTyped.ElapsedMilliseconds;
        if (left > 0)
            await Task.Delay(left);
    }

    private async Task OpenBrowser()
    {
        browser = await hall.Browser(sitter.Profile);
        offline = false;
        await browser.AddInitScriptAsync(Breakable);
        if (withoutIndexedDb)
            await browser.AddInitScriptAsync("window.__noIndexedDB = true");
        await browser.RouteAsync("**/api/v1/sessions/**", Answer);
        var page = browser.Pages[0];
        // A page with unsent answers asks before it closes, and this person always agrees.
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        screen = new(page);
        await Enter();
    }

    private async Task Enter()
    {
        var was = fault;
        fault = "none";
        await sitter.Open(screen.Page);
        fault = was;
    }

    private async Task Answer(IRoute route)
    {
        try
        {
            switch (fault)
            {
                case "none":
                    await route.ContinueAsync();
                    break;
                case "lost":
                    await route.AbortAsync("connectionreset");
                    break;
                case "slow":
                    await Task.Delay(random.Next(500, 7000));
                    await route.ContinueAsync();
                    break;
                case "reply lost":
                    await route.FetchAsync();
                    await route.AbortAsync("connectionreset");
                    break;
                case "html":
                    await route.FulfillAsync(
                        new()
                        {
                            Status = 200,
                            ContentType = "text/html",
                            Body = "<h1>Вход в сеть</h1>",
                        }
                    );
                    break;
                default:
                    await route.FulfillAsync(
                        new()
                        {
                            Status = int.Parse(fault, System.Globalization.CultureInfo.InvariantCulture),
                            ContentType = "application/problem+json",
                            Headers = fault is "429" or "503"
                                ? [new("Retry-After", "1"), new("Content-Type", "application/problem+json")]
                                : [new("Content-Type", "application/problem+json")],
                            Body = $$"""{"status":{{fault}},"code":"{{(fault == "401" ? "not-signed-in" : "error")}}"}""",
                        }
                    );
                    break;
            }
        }
        catch (PlaywrightException)
        {
            // The page has been closed.
        }
    }

    /// <summary>The oracle's check.</summary>
    private async Task Check()
    {
        seen = await screen.See();
        if (seen.Claim is not ("saved" or "kept"))
            return;
        var had = TextsOf(await sitter.History());
        foreach (var (slot, text) in seen.Values)
        {
            if (text.Length == 0)
                continue;
            var onServer = had.Contains((slot, text));
            var onDevice = seen.Kept.TryGetValue(slot, out var kept) && kept.Contains(text);
            if (!onServer && !(seen.Claim == "kept" && onDevice))
                throw new FalseStateException(
                    $"The page said «{seen.Text}» ({seen.Claim}), and «{text}» of {slot} was neither on the "
                        + $"server{(seen.Claim == "kept" ? " nor on the device" : "")}."
                );
        }
        Claims++;
    }

    /// <summary>Ends all faults, so that everything works again.</summary>
    private async Task Mend()
    {
        story.Add("everything works again");
        fault = "none";
        await browser.SetOfflineAsync(offline = false);
        await screen.Page.EvaluateAsync("() => sessionStorage.clear()");
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromMinutes(1); )
        {
            await SignInAgain();
            await Press("Войти");
            // Three people in four press the button and do not wait for the page's own next attempt, which may come
            // only after half a minute.
            if (seed % 4 != 0)
                await Press("Отправить сейчас");
            foreach (var slot in slots)
            {
                if (await screen.Page.Locator($"#nav-{slot}[data-state=wrong]").CountAsync() == 0)
                    continue;
                await screen.Page.DispatchEventAsync($"#nav-{slot}", "click");
                await Choose();
            }
            seen = await screen.See();
            if (seen.Claim == "saved")
                return;
            await Task.Delay(200);
        }
        throw new FalseStateException($"A minute after everything works the page says «{seen.Text}» ({seen.Claim}).");
    }

    /// <summary>
    /// Presses the button that has this text and stands beside the page's message, if the button is shown at this
    /// moment.
    /// </summary>
    private Task Press(string what) =>
        screen.Page.EvaluateAsync(
            "what => [...document.querySelectorAll('.exam-acts button:not([hidden])')].find(button => button.textContent === what)?.click()",
            what
        );

    private async Task End()
    {
        await ShowsWhatCounts();
        var had = TextsOf(await sitter.History());
        foreach (var (slot, text) in typed)
            if (!had.Contains(($"{slot}", text)) && !Given(slot, text))
            {
                var others = string.Join("; ", had.Where(each => each.Slot == $"{slot}").Select(each => $"«{each.Text}»"));
                throw new FalseStateException(
                    $"«{text}» of {slot} is lost: the page shows «{seen.Values.GetValueOrDefault($"{slot}")}» ({seen.Claim}), "
                        + $"the server has had {(others.Length > 0 ? others : "nothing")}."
                );
            }
        await screen.Finish();
        (await screen.Page.TextContentAsync("#code")).Should().MatchRegex("^[2-9A-Z]{4}-[2-9A-Z]{4}$");
        (await screen.See()).Kept.Should().BeEmpty("after the receipt the device forgets");
    }

    /// <summary>
    /// Waits until each field shows the answer that counts. The page asks the server only every half minute, so an
    /// answer from another device may appear that much later.
    /// </summary>
    private async Task ShowsWhatCounts()
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var different = (await sitter.Session())["responses"]!
                .AsArray()
                .Select(each => (Slot: $"{each!["slot"]}", Text: each["response"]?["text"]?.GetValue<string>() ?? ""))
                .Where(each => seen.Values.TryGetValue(each.Slot, out var shown) && shown != each.Text)
                .Select(each => $"{each.Slot}: «{seen.Values[each.Slot]}» instead of «{each.Text}»")
                .ToList();
            if (different.Count == 0)
                return;
            if (watch.Elapsed > TimeSpan.FromMinutes(1))
                throw new FalseStateException($"The page does not show what counts: {string.Join("; ", different)}.");
            await Task.Delay(500);
            seen = await screen.See();
        }
    }

    /// <summary>
    /// Whether the person chose an answer from another device after typing this text, so that the text may never have
    /// been sent.
    /// </summary>
    private bool Given(int slot, string text)
    {
        var at = story.FindLastIndex(line => line == $"typed {slot}: {text}");
        return story.Skip(at).Any(line => line.StartsWith("chooses «Взять", StringComparison.Ordinal));
    }

    private static HashSet<(string Slot, string Text)> TextsOf(JsonNode history) =>
        [
            .. history["saved"]!
                .AsArray()
                .Concat(history["rejected"]!.AsArray())
                .Where(each => each!["content"] is not null)
                .Select(each =>
                    (each!["slot"]!.ToString(), JsonNode.Parse(each["content"]!.GetValue<string>())!["text"]?.GetValue<string>() ?? "")
                ),
        ];

    private string Pick(params string[] from) => from[random.Next(from.Length)];

    private string Words() =>
        string.Join(
            ' ',
            Enumerable.Range(0, random.Next(1, 6)).Select(_ => Pick("треугольник", "равен", "«шаг 3»", "x² − 1", "потому что", "ошибка"))
        );
}

/// <summary>Thrown when typed text is lost, or when the page says something that is not true.</summary>
internal sealed class FalseStateException(string message) : Exception(message);
