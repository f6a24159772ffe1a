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

    /// <summary>
    /// Two organisers admit the same person at once; somebody has no document and fetches it; the wrong person is admitted
    /// and sent back; somebody comes late; a place is out of order; a device dies and its answers come as a file; somebody
    /// falls ill and leaves; everybody leaves the building and comes back.
    /// </summary>
    [BrowserFact]
    public async Task A_day_of_mishaps()
    {
        var scene = await SiteScene.Make(Service, 6, clients: true);
        var (head, colleague) = (await scene.Staff("site_head"), await scene.Staff("invigilator"));
        var (twice, nameless, wrong, late, dead, ill) = (
            scene.Takers[0],
            scene.Takers[1],
            scene.Takers[2],
            scene.Takers[3],
            scene.Takers[4],
            scene.Takers[5]
        );
        var page = await Screen(1440, ColorScheme.Light);
        await Enter(page, head.UserName, head.Password);
        var narrow = await Screen(320, ColorScheme.Dark);
        await Enter(narrow, colleague.UserName, colleague.Password);

        // Both have the list open, and both admit the same person.
        await page.GotoAsync(Place(twice));
        await narrow.GotoAsync(Place(twice));
        await Press(page, "come");
        await Arrive(page, "?said=come");
        await Press(narrow, "come");
        await narrow.WaitForLoadStateAsync();
        (await scene.StateOf(twice)).Should().Be("open");
        (await Happened(twice, "admit")).Should().Be(1, "the second press does nothing");
        await Inspect(narrow, "admitted twice");

        // No document: what happened is noted, and when the document is there, the person comes in.
        await Act(page, nameless, "incident", "Записать происшествие", "Нет документа, удостоверяющего личность; поехал за паспортом");
        (await scene.StateOf(nameless)).Should().Be("scheduled");

        // The wrong one is sent back before anything begins.
        await page.GotoAsync(Place(wrong));
        await Press(page, "come");
        await Arrive(page, "?said=come");
        await Press(page, "undo");
        await Arrive(page, "?said=undo");
        (await scene.StateOf(wrong)).Should().Be("scheduled");

        // The chosen place does not work: the board says so until it does.
        await Act(page, wrong, "place-bad", $"Проверка места {wrong.Seat}", "Не включается монитор");
        await page.GotoAsync(Board());
        (await page.Locator($"#r-{wrong.Session:N}").InnerTextAsync()).Should().Contain("место неисправно");
        await page.GotoAsync(Place(wrong));
        await page.ClickAsync($"summary:has-text('Проверка места {wrong.Seat}')");
        await Press(page, "place-good");
        await Arrive(page, "?said=place-good");

        foreach (var taker in new[] { dead, ill })
            await scene.Day.Move(taker.Session, "admission");
        foreach (var taker in new[] { twice, dead, ill })
            await scene.Start(taker);
        await SiteScene.Answer(ill);

        // Twenty minutes later one comes late, and the one with the passport is back; both may still begin.
        scene.Pass(Duration.FromMinutes(20));
        await page.GotoAsync(Board());
        (await page.Locator($"#r-{late.Session:N}").InnerTextAsync()).Should().Contain("не пришёл");
        foreach (var taker in new[] { late, nameless })
        {
            await page.GotoAsync(Place(taker));
            await Press(page, "come");
            await Arrive(page, "?said=come");
            await scene.Start(taker);
            (await scene.StateOf(taker)).Should().Be("in_progress");
        }

        // The device is dead; its answers are in a file, and the person goes on at another with a new code.
        var items = (await dead.Client.GetAsync($"/api/v1/sessions/{dead.Session}/items").Json()).Items();
        var item = items.First(each => each!["type"]!.GetValue<string>() == "short_answer")!;
        await page.GotoAsync(Place(dead));
        await page.ClickAsync("summary:has-text('Устройство погибло')");
        await page.SetInputFilesAsync(
            "#file",
            new FilePayload
            {
                Name = "otvety.json",
                MimeType = "application/json",
                Buffer = System.Text.Encoding.UTF8.GetBytes(
                    $$"""
                    {"format":"diagnostics-unsent-answers","version":1,"sessionId":"{{dead.Session}}","writtenAt":"2026-09-14T08:00:00Z",
                     "answers":[{"slot":{{item[
                        "slot"
                    ]}},"baseRevision":0,"state":"unsure","response":{"type":"short_answer","text":"не ушло"} }]}
                    """
                ),
            }
        );
        await page.ClickAsync("button:has-text('Передать комиссии')");
        await page.GetByText("Для комиссии сохранено: 1 ответ").WaitForAsync();
        await Inspect(page, "answers of a dead device");
        await page.GotoAsync(Place(dead));
        await Press(page, "code");
        await page.GetByText("код").First.WaitForAsync();
        (await scene.StateOf(dead)).Should().Be("in_progress");

        // The alarm: everybody out, with one moment for all, and back.
        await page.GotoAsync(Board());
        await page.CheckAsync("input[value=all]");
        await page.FillAsync("#reason", "Пожарная тревога, все вышли");
        await page.ClickAsync("button[value=pause]");
        await Arrive(page, url => url.Contains("said=all-pause", StringComparison.Ordinal));
        var left = (await scene.Supervised(twice))["secondsLeft"]!.GetValue<long>();
        scene.Pass(Duration.FromMinutes(17));
        await page.GotoAsync(Board());
        await page.CheckAsync("input[value=all]");
        await page.ClickAsync("button[value=resume]");
        await Arrive(page, url => url.Contains("said=all-resume", StringComparison.Ordinal));
        (await scene.Supervised(twice))["secondsLeft"]!.GetValue<long>().Should().BeCloseTo(left, 2, "the alarm takes nobody's time");

        // One falls ill: paused, seen by the doctor, finished with what was saved.
        await Act(narrow, ill, "pause", "Поставить на паузу", "Стало плохо, вызван врач");
        await Act(narrow, ill, "finish", "Завершить за участника", "Увезён скорой помощью, акт № 2");
        (await scene.StateOf(ill)).Should().Be("finished");
        await Inspect(narrow, "finished for somebody ill");

        var act = await scene.Day.Act($"?sittingId={scene.Sitting}");
        foreach (var note in new[] { "поехал за паспортом", "Пожарная тревога", "скорой помощью" })
            act.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
                .Should()
                .Contain(note, "the act fills itself");
        Faults.Should().BeEmpty();

        string Place(SiteScene.Taker taker) => $"{Service.Url}{scene.Path}/places/{taker.Session}";

        string Board() => $"{Service.Url}{scene.Path}/board";

        async Task Act(IPage by, SiteScene.Taker taker, string act, string fold, string reason)
        {
            await by.GotoAsync(Place(taker));
            await by.ClickAsync($"summary:has-text('{fold}')");
            await by.FillAsync($"#reason-{act}", reason);
            await Press(by, act);
            await Arrive(by, $"?said={act}");
        }

        Task<int> Happened(SiteScene.Taker taker, string kind) =>
            scene.Day.Database.Read(db =>
                db.Value<int>(
                    "SELECT COUNT(*) FROM session_events WHERE session_id = @Session AND kind = @kind",
                    new { taker.Session, kind }
                )
            );
    }

    private static Task Press(IPage page, string act) => page.ClickAsync($"button[value={act}]");

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
