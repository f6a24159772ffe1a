using System.Text.Json.Nodes;
using Diagnostics.EndToEnd;
using Microsoft.Playwright;
using NodaTime;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>The pages of a site in a browser.</summary>
public sealed class SiteDayOnScreenTests : OnScreen
{
    /// <summary>
    /// Thirty people come: the organiser admits one with keys alone, some with ticks and the rest at once, and corrects a
    /// mistake. Then a place falls silent, somebody is paused by a second organiser, the light goes out, a person leaves,
    /// a person comes late, and in the evening the head signs the act.
    /// </summary>
    [BrowserFact]
    public async Task An_organisers_day()
    {
        var scene = await SiteScene.Make(Service, 30, clients: true);
        var head = await scene.Staff("site_head");
        var colleague = await scene.Staff("invigilator");
        await scene.Day.Appoint(head.Id, "head", scene.Sitting).Json(201);
        await scene.Day.Appoint(colleague.Id, "organiser", scene.Sitting).Json(201);
        var page = await Screen(1440, ColorScheme.Light);
        await Enter(page, head.UserName, head.Password);
        await page.ClickAsync(".menu a[href='/site']");
        await Arrive(page, "/site");
        await Inspect(page, "days");
        await page.ClickAsync("text=Список и допуск");
        await Arrive(page, scene.Path);
        await Inspect(page, "roster in the morning");

        var narrow = await Screen(320, ColorScheme.Dark);
        await Enter(narrow, colleague.UserName, colleague.Password);
        await Look(narrow, "/site", scene.Path);

        // By keys alone: search, then Tab to the button.
        await page.FocusAsync("#q");
        await page.Keyboard.TypeAsync("ufl;bt");
        await page.Keyboard.PressAsync("Enter");
        await Arrive(page, url => url.Contains("?q=", StringComparison.Ordinal));
        await Tab(page, "Документ проверен, допустить");
        await page.Keyboard.PressAsync("Enter");
        await Arrive(page, url => url.Contains("said=come&n=1", StringComparison.Ordinal));
        await page.GotoAsync(Service.Url + scene.Path);
        foreach (var taker in scene.Takers.Take(3))
            await page.CheckAsync($"input[value='{taker.Session}']");
        await page.ClickAsync("button[value=come]");
        await Arrive(page, url => url.Contains("said=come&n=3", StringComparison.Ordinal));
        await page.ClickAsync($"button[value='undo:{scene.Takers[2].Session}']");
        await Arrive(page, url => url.Contains("said=undo&n=1", StringComparison.Ordinal));
        await page.ClickAsync("summary:has-text('Допустить всех')");
        await page.ClickAsync("button[value=all]");
        await Arrive(page, url => url.Contains("said=all&n=27", StringComparison.Ordinal));
        await Print(page, "roster printed");

        await page.GotoAsync($"{Service.Url}{scene.Path}/codes");
        await page.ClickAsync("section.now button");
        await page.Locator(".slip-code").First.WaitForAsync();
        (await page.Locator(".slip-code").CountAsync()).Should().Be(30);
        await Inspect(page, "codes");
        await Print(page, "codes printed");

        // One never begins.
        foreach (var taker in scene.Takers.Skip(1))
            await scene.Start(taker);
        foreach (var taker in scene.Takers.Skip(1).Take(12))
            await SiteScene.Answer(taker);
        scene.Pass(Duration.FromMinutes(3));
        foreach (var taker in scene.Takers.Skip(2))
            await SiteScene.See(taker);
        await page.GotoAsync($"{Service.Url}{scene.Path}/board");
        await page.Locator("#board-rows tr.hot").First.WaitForAsync();
        (await page.Locator("#board-rows tr").First.InnerTextAsync()).Should().Contain("нет связи");
        await Inspect(page, "board");

        // The board learns what the second organiser does, and keeps what was ticked and where the focus is.
        var paused = scene.Takers[20];
        await page.CheckAsync($"input[value='{scene.Takers[25].Session}']");
        await narrow.GotoAsync($"{Service.Url}{scene.Path}/board");
        await narrow.CheckAsync($"input[value='{paused.Session}']");
        await narrow.FillAsync("#reason", "Участник почувствовал себя плохо");
        await Inspect(narrow, "board");
        await narrow.ClickAsync("button[value=pause]");
        await Arrive(narrow, url => url.Contains("said=pause&n=1", StringComparison.Ordinal));
        await page.Locator($"#r-{paused.Session:N} .mark-note").First.WaitForAsync();
        (await page.IsCheckedAsync($"input[value='{scene.Takers[25].Session}']")).Should().BeTrue();
        (await page.EvaluateAsync<string>("document.activeElement.value")).Should().Be(scene.Takers[25].Session.ToString());

        // Both organisers press at the same time: the second is told, and nothing is done twice.
        await page.CheckAsync($"input[value='{paused.Session}']");
        await page.UncheckAsync($"input[value='{scene.Takers[25].Session}']");
        await page.FillAsync("#reason", "Врач");
        await page.ClickAsync("button[value=pause]");
        await page.Locator("#errors").WaitForAsync();
        await Inspect(page, "board, refused");

        // The light goes out for twenty minutes.
        await page.CheckAsync("input[value=all]");
        await page.FillAsync("#reason", "Отключили электричество");
        await page.ClickAsync("button[value=pause]");
        await Arrive(page, url => url.Contains("said=all-pause", StringComparison.Ordinal));
        scene.Pass(Duration.FromMinutes(20));
        await page.GotoAsync($"{Service.Url}{scene.Path}/board");
        await Inspect(page, "board in a break");
        await page.CheckAsync("input[value=all]");
        await page.ClickAsync("button[value=resume]");
        await Arrive(page, url => url.Contains("said=all-resume", StringComparison.Ordinal));
        (await scene.StateOf(paused)).Should().Be("paused", "the break did not pause this one");
        await page.GotoAsync($"{Service.Url}{scene.Path}/places/{paused.Session}");
        await Inspect(page, "place paused");
        await page.ClickAsync("button[value=resume]");
        await Arrive(page, "?said=resume");

        // Somebody leaves and does not come back; an answers file and an appeal are a click away.
        var gone = scene.Takers[9];
        await page.GotoAsync($"{Service.Url}{scene.Path}/places/{gone.Session}");
        await page.ClickAsync("summary:has-text('Завершить за участника')");
        await page.FillAsync("#reason-finish", "Ушёл и не вернулся");
        await page.ClickAsync("button[value=finish]");
        await Arrive(page, "?said=finish");
        (await scene.StateOf(gone)).Should().Be("finished");
        await Look(narrow, $"{scene.Path}/places/{gone.Session}", $"{scene.Path}/codes", $"{scene.Path}/journal", $"{scene.Path}/offline");

        await page.GotoAsync($"{Service.Url}{scene.Path}/journal");
        await page.FillAsync("#count", "30");
        await page.FillAsync("#note", "Черновики");
        await page.SelectOptionAsync("#move", "handed_out");
        await page.ClickAsync("button[value=materials]");
        await Arrive(page, url => url.Contains("said=materials", StringComparison.Ordinal));
        await Inspect(page, "journal");

        foreach (var taker in scene.Takers.Skip(1).Where(taker => taker != gone))
            await scene.Day.Finish((Guid.Empty, taker.Session, taker.Seat, taker.Client));
        await scene.Day.Move(scene.Takers[0].Session, "admission/withdrawal", new { reason = "Ушла" });
        await scene.Day.Move(scene.Takers[0].Session, "absence", new { reason = "Ушла", excused = true });
        await page.GotoAsync($"{Service.Url}{scene.Path}/act");
        await Inspect(page, "act to sign");
        await page.CheckAsync("input[name=read]");
        await page.ClickAsync("text=Подписать акт");
        await page.GetByText("Акт подписан.").WaitForAsync();
        await Look(narrow, $"{scene.Path}/act");
        await Look(page, $"{scene.Path}/offline");
        await Print(page, "offline printed");
        await page.GotoAsync($"{Service.Url}{scene.Path}/act/sheet");
        await Print(page, "act printed");
        var middle = await Screen(768, ColorScheme.Light);
        await Enter(middle, colleague.UserName, colleague.Password);
        await Look(middle, scene.Path, $"{scene.Path}/board", $"{scene.Path}/journal");
        Faults.Should().BeEmpty();
    }

    /// <summary>Two hours of questions, at the speed of the machine: nothing is left over from any of them.</summary>
    [BrowserFact]
    public async Task A_board_that_asks_seven_hundred_times_keeps_no_more_memory_than_before()
    {
        var scene = await SiteScene.Make(Service, 30);
        var organiser = await scene.Staff("invigilator");
        var page = await Screen(1440, ColorScheme.Light);
        await Enter(page, organiser.UserName, organiser.Password);
        await page.AddInitScriptAsync(
            "const later = setTimeout; window.asked = 0; "
                + "window.setTimeout = (work, time) => later(() => { window.asked++; work(); }, time > 5000 ? 5 : time);"
        );
        // The answers are made here, because one account may not ask so fast: each puts the rows in another order.
        var rows = new List<JsonNode?>();
        await page.RouteAsync(
            "**/board/state?*",
            async route =>
            {
                if (rows.Count == 0)
                    rows.AddRange(
                        JsonNode.Parse(await (await route.FetchAsync()).BodyAsync())!["rows"]!.AsArray().Select(row => row!.DeepClone())
                    );
                rows.Add(rows[0]);
                rows.RemoveAt(0);
                var headers = new Dictionary<string, string> { ["X-Server-Time"] = "1789365600000" };
                await route.FulfillAsync(
                    new()
                    {
                        ContentType = "application/json",
                        Headers = headers,
                        Body = $$"""{"rows":[{{string.Join(',', rows.Select(row => row!.ToJsonString()))}}]}""",
                    }
                );
            }
        );
        await page.GotoAsync($"{Service.Url}{scene.Path}/board");
        var browser = await page.Context.NewCDPSessionAsync(page);
        await Asked(200);
        var before = await Used();
        await Asked(900);
        var after = await Used();
        after.Should().BeLessThan(before + 1_000_000, "a megabyte is more than the browser's own ups and downs");
        Faults.Should().BeEmpty();

        async Task Asked(int times)
        {
            while (await page.EvaluateAsync<int>("window.asked") < times)
                await Task.Delay(50);
        }

        async Task<double> Used()
        {
            await browser.SendAsync("HeapProfiler.collectGarbage");
            var usage = await browser.SendAsync("Runtime.getHeapUsage");
            return usage!.Value.GetProperty("usedSize").GetDouble();
        }
    }

    private static async Task Tab(IPage page, string to)
    {
        for (var press = 0; press < 60; press++)
        {
            await page.Keyboard.PressAsync("Tab");
            if ((await page.EvaluateAsync<string>("document.activeElement.textContent.trim()")).StartsWith(to, StringComparison.Ordinal))
                return;
        }
        throw new InvalidOperationException($"No key leads to «{to}».");
    }
}
