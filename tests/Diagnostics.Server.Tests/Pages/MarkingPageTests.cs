using Diagnostics.EndToEnd;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using Microsoft.Playwright;
using NodaTime;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>The expert's pages in a browser.</summary>
public sealed class MarkingPageTests : OnScreen
{
    /// <summary>The Russian letter on each key that the page uses.</summary>
    private static readonly Dictionary<string, string> Russian = new()
    {
        ["KeyJ"] = "о",
        ["KeyK"] = "л",
        ["KeyC"] = "с",
        ["KeyX"] = "ч",
        ["KeyT"] = "е",
        ["KeyS"] = "ы",
        ["KeyE"] = "у",
        ["KeyR"] = "к",
        ["KeyF"] = "а",
        ["KeyG"] = "п",
    };

    /// <summary>
    /// Signs in, takes scripts, marks twenty, corrects one and ends, with keys alone and a Russian layout: the page never
    /// learns which Latin letter a key carries.
    /// </summary>
    [BrowserFact]
    public async Task An_experts_evening_of_twenty_answers_goes_by_keyboard_alone()
    {
        var scene = await MarkingScene.Make(Service, 20);
        var (_, userName, password) = await scene.Expert();
        var page = await Screen(1440, ColorScheme.Light);
        var keys = await page.Context.NewCDPSessionAsync(page);
        await page.AddInitScriptAsync(
            "for (const kind of ['mousedown', 'pointerdown', 'touchstart']) addEventListener(kind, () => sessionStorage.setItem('mouse', kind), true);"
        );
        await page.GotoAsync(Service.Url + "/marking");
        await Tab("user-name");
        await page.Keyboard.InsertTextAsync(userName);
        await Tab("password");
        await page.Keyboard.InsertTextAsync(password);
        (await page.InputValueAsync("#user-name")).Should().Be(userName);
        (await page.InputValueAsync("#password")).Should().Be(password);
        await page.Keyboard.PressAsync("Enter");
        await Arrive(page, Service.Url + "/marking");
        await TabTo("Взять работу");
        await page.Keyboard.PressAsync("Enter");

        for (var script = 1; script <= 20; script++)
        {
            await Arrive(page, url => url.Contains("/marking/scripts/", StringComparison.Ordinal));
            await page.WaitForSelectorAsync("#show-keys:not([hidden])");
            var address = page.Url;
            if (script == 3)
                await Press("KeyX");
            else
                for (var criterion = 0; criterion < scene.Criteria.Count; criterion++)
                    await Press(script == 2 && criterion == 0 ? "Numpad1" : "Digit2");
            if (script == 1)
            {
                await Press("KeyC");
                await page.Keyboard.InsertTextAsync("Причина названа, ");
                // In the comment a letter is text, not an act.
                await Press("KeyX");
                await page.Keyboard.PressAsync("Escape");
                await Press("KeyT");
                (await page.Locator("#stimulus[open]").CountAsync()).Should().Be(1);
                await Press("KeyC");
            }
            await PressNext();
            await Left(address);
            if (script != 4)
                continue;
            // The marks of the fourth are taken back and corrected while the fifth is on the screen.
            await page.WaitForSelectorAsync("#show-keys:not([hidden])");
            await Press("KeyG");
            await page.Keyboard.PressAsync("Enter");
            await Arrive(page, address);
            await page.WaitForSelectorAsync("#show-keys:not([hidden])");
            await Press("KeyK");
            for (var criterion = 0; criterion < scene.Criteria.Count; criterion++)
                await Press("KeyK");
            await Press("Digit1");
            await PressNext();
            await Left(address);
        }

        await Arrive(page, "/marking?said=last");
        (await scene.Rounds()).Should().HaveCount(19);
        await TabTo("Сделать окончательными");
        await page.Keyboard.PressAsync("Enter");
        await Arrive(page, "/marking?said=given");
        var rounds = await scene.Rounds();
        // By hand: 2 of 2 by every criterion is 4, except 3 in the second and the corrected fourth, and 0 in the third.
        scene.Criteria.Should().HaveCount(2).And.OnlyContain(criterion => criterion.Maximum == Engine.Points.From(2));
        rounds
            .GroupBy(round => round.Points.ToDecimal())
            .ToDictionary(group => group.Key, group => group.Count())
            .Should()
            .BeEquivalentTo(
                new Dictionary<decimal, int>
                {
                    [4] = 17,
                    [3] = 2,
                    [0] = 1,
                }
            );
        rounds.Count(round => round.Outcome is Outcome.Blank).Should().Be(1);
        rounds.Should().ContainSingle(round => round.Reason == "Причина названа, ч");
        (await page.EvaluateAsync<string?>("sessionStorage.getItem('mouse')")).Should().BeNull();
        Faults.Should().BeEmpty();

        Task Left(string from) => Arrive(page, url => url != from);

        async Task Tab(string id)
        {
            for (var press = 0; press < 40 && await page.EvaluateAsync<string>("document.activeElement.id") != id; press++)
                await page.Keyboard.PressAsync("Tab");
        }

        async Task TabTo(string text)
        {
            for (
                var press = 0;
                press < 60
                    && !(await page.EvaluateAsync<string>("document.activeElement.textContent.trim().replace(/\\s+/g, ' ')")).StartsWith(
                        text,
                        StringComparison.Ordinal
                    );
                press++
            )
                await page.Keyboard.PressAsync("Tab");
        }

        Task PressNext() => Send("Enter", "Enter", modifiers: 2);

        Task Press(string code) => Send(code, Russian.TryGetValue(code, out var letter) ? letter : code[^1..], modifiers: 0);

        async Task Send(string code, string key, int modifiers)
        {
            var down = new Dictionary<string, object>
            {
                ["type"] = "keyDown",
                ["code"] = code,
                ["key"] = key,
                ["modifiers"] = modifiers,
            };
            if (modifiers == 0)
                down["text"] = key;
            await keys.SendAsync("Input.dispatchKeyEvent", down);
            await keys.SendAsync(
                "Input.dispatchKeyEvent",
                new()
                {
                    ["type"] = "keyUp",
                    ["code"] = code,
                    ["key"] = key,
                    ["modifiers"] = modifiers,
                }
            );
        }
    }

    [BrowserFact]
    public async Task A_lease_that_ends_while_somebody_types_loses_nothing()
    {
        var scene = await MarkingScene.Make(Service, 1);
        var (_, userName, password) = await scene.Expert();
        var page = await Script(userName, password);
        await page.CheckAsync(".mark-criterion:first-of-type label:last-of-type input");
        await page.Locator("#comment").PressSequentiallyAsync("Первая мысль. ");
        await Says(page, "saved");
        Service.Clock.Advance(Duration.FromMinutes(31));

        await page.Locator("#comment").PressSequentiallyAsync("Вторая, уже после срока.");
        await page.WaitForSelectorAsync("#gone:not([hidden])");
        await Says(page, "kept");
        await Inspect(page, "lease ended while typing");
        await page.ClickAsync("#gone button");
        await page.WaitForSelectorAsync("#show-keys:not([hidden])");
        await Says(page, "saved");

        (await page.InputValueAsync("#comment")).Should().Be("Первая мысль. Вторая, уже после срока.");
        (await page.IsCheckedAsync(".mark-criterion:first-of-type label:last-of-type input")).Should().BeTrue();
        (await scene.Draft()).Should().Contain("Первая мысль. Вторая, уже после срока.");
        Faults.Should().BeEmpty();
    }

    [BrowserFact]
    public async Task A_sign_in_that_ends_while_somebody_types_a_comment_loses_nothing()
    {
        var scene = await MarkingScene.Make(Service, 2);
        var (_, userName, password) = await scene.Expert();
        var (_, otherName, otherPassword) = await scene.Expert();
        var page = await Script(userName, password);
        await page.Locator("#comment").PressSequentiallyAsync("До выхода. ");
        await Says(page, "saved");
        await page.Context.ClearCookiesAsync(new() { Name = "diagnostics" });

        await page.Locator("#comment").PressSequentiallyAsync("После выхода.");
        await page.WaitForSelectorAsync("#sign-in[open]");
        await Says(page, "kept");
        await Inspect(page, "signed out beside a script");
        await SignInBeside(page, otherName, otherPassword);
        await Assertions.Expect(page.Locator("#sign-in-wrong")).ToContainTextAsync("другая учётная запись");
        await SignInBeside(page, userName, password);
        await Says(page, "saved");

        (await scene.Draft()).Should().Contain("До выхода. После выхода.");
        // The form is still the person's own.
        foreach (var criterion in await page.Locator(".mark-criterion").AllAsync())
            await criterion.Locator("input").Last.CheckAsync();
        var address = page.Url;
        await page.ClickAsync("#next");
        await Arrive(page, url => url != address && url.Contains("/marking/scripts/", StringComparison.Ordinal));
        Faults.Should().BeEmpty();
    }

    /// <summary>The browser forgets everything but what the page keeps, as after "clear the data of this site".</summary>
    [BrowserFact]
    public async Task All_cookies_lost_while_somebody_types_lose_neither_the_marks_nor_the_way_on()
    {
        var scene = await MarkingScene.Make(Service, 2);
        var (_, userName, password) = await scene.Expert();
        var page = await Script(userName, password);
        foreach (var criterion in await page.Locator(".mark-criterion").AllAsync())
            await criterion.Locator("input").Last.CheckAsync();
        await Says(page, "saved");
        await page.Context.ClearCookiesAsync();

        await page.FillAsync("#comment", "Набрано без куки.");
        await page.WaitForSelectorAsync("#sign-in[open]");
        (await page.InnerTextAsync("#sign-in-heading")).Should().Be("Войдите снова — набранное на месте");
        await SignInBeside(page, userName, password);
        await Says(page, "saved");
        var address = page.Url;
        await page.ClickAsync("#next");

        await Arrive(page, url => url != address && url.Contains("/marking/scripts/", StringComparison.Ordinal));
        await page.ClickAsync("#back");
        await Arrive(page, address);
        (await page.InputValueAsync("#comment")).Should().Be("Набрано без куки.");
        Faults.Should().BeEmpty();
    }

    [BrowserFact]
    public async Task Somebody_else_who_signs_in_while_an_expert_types_sees_nothing_of_it_and_the_expert_goes_on()
    {
        var scene = await MarkingScene.Make(Service, 1);
        var (_, userName, password) = await scene.Expert();
        var (_, otherName, otherPassword) = await scene.Expert();
        var page = await Script(userName, password);
        var address = page.Url;
        var other = await page.Context.NewPageAsync();
        await page.Context.ClearCookiesAsync();
        await Enter(other, otherName, otherPassword);
        await Arrive(other, "/marking");

        await page.FillAsync("#comment", "Только для своих глаз.");
        await page.WaitForSelectorAsync("#sign-in[open]");
        await Says(page, "kept");
        await other.GotoAsync(address);
        (await other.ContentAsync()).Should().NotContain("Только для своих глаз.");
        // The form goes out after all, as if the page had not asked who is here.
        await page.RouteAsync("**/api/v1/auth/me", route => route.FulfillAsync(new() { Status = 200, Body = "{}" }));
        await page.ClickAsync("#sign-in-later");
        await page.ClickAsync("#pass summary");
        await page.CheckAsync("#pass input[value=return]");
        await page.FillAsync("#reason", "Не моя тема");
        await page.ClickAsync("#pass button[type=submit]");
        await page.GetByText("Страница устарела").First.WaitForAsync();
        await Inspect(page, "stale page");
        (await page.InnerTextAsync("main")).Should().Contain(otherName).And.NotContain("Не моя тема");
        await page.UnrouteAsync("**/api/v1/auth/me");
        await page.ClickAsync("text=Войти другой учётной записью");
        await Arrive(page, url => url.Contains("/sign-in?to=", StringComparison.Ordinal));
        await page.FillAsync("#user-name", userName);
        await page.FillAsync("#password", password);
        await page.ClickAsync("main button[type=submit]");

        await Arrive(page, address);
        await Says(page, "saved");
        (await page.InputValueAsync("#comment")).Should().Be("Только для своих глаз.");
        (await page.InputValueAsync("#reason")).Should().Be("Не моя тема");
        Faults.Should().BeEmpty();
    }

    /// <summary>The gate at 0 makes the sum 0, so the keys lead on to the button, and the server takes the marks.</summary>
    [BrowserFact]
    public async Task A_gate_at_0_needs_no_other_points_by_key_or_by_hand()
    {
        var scene = await MarkingScene.Make(Service, 0);
        var gated = scene
            .Scene.Slots()
            .Select(slot => slot.Item)
            .Where(item => item.Rubric is { Gate: not null })
            .OrderBy(item => item.Code, StringComparer.Ordinal)
            .First();
        for (var answer = 0; answer < 2; answer++)
            await scene.Scene.Session(slot => slot.Item.Code == gated.Code ? new ExtendedResponse($"Ответ {answer}") : null);
        await scene.Scene.Score();
        var (_, userName, password) = await scene.Expert();
        var page = await Script(userName, password);
        var address = page.Url;

        await page.Keyboard.PressAsync("Digit1");
        (await page.EvaluateAsync<string>("document.activeElement.name")).Should().StartWith("m-", "the next criterion wants points");
        await page.Keyboard.PressAsync("KeyK");
        await page.Keyboard.PressAsync("Digit0");
        (await page.EvaluateAsync<string>("document.activeElement.id")).Should().Be("next");
        (await page.InnerTextAsync("#sum-line")).Should().StartWith("0").And.Contain("обнулено");
        await page.Keyboard.PressAsync("Control+Enter");
        await Arrive(page, url => url != address && url.Contains("/marking/scripts/", StringComparison.Ordinal));
        // Without the module, the server decides by the same rule.
        var plain = await Screen(1280, ColorScheme.Light, scripts: false);
        await Enter(plain, userName, password);
        await plain.GotoAsync(page.Url);
        await plain.CheckAsync($"#m-{gated.Rubric!.Gate}-0");
        await plain.ClickAsync("button[value=done]");
        await Arrive(plain, "/marking?said=held");
        await plain.ClickAsync("form[action$=giving] button");

        var rounds = await scene.Rounds();
        rounds.Should().HaveCount(2);
        rounds.Should().OnlyContain(round => round.Points == Engine.Points.Zero && round.Criteria!.Count == gated.Rubric!.Criteria.Count);
    }

    [BrowserFact]
    public async Task A_line_that_breaks_leaves_the_draft_on_the_device_until_it_is_back()
    {
        var scene = await MarkingScene.Make(Service, 1);
        var (_, userName, password) = await scene.Expert();
        var page = await Script(userName, password);
        await page.RouteAsync("**/draft", route => route.AbortAsync());

        await page.Locator("#comment").PressSequentiallyAsync("Набрано без связи.");
        await Says(page, "kept");
        foreach (var criterion in await page.Locator(".mark-criterion").AllAsync())
            await criterion.Locator("input").Last.CheckAsync();
        await page.ClickAsync("#next");
        await page.WaitForSelectorAsync("#not-sent:not([hidden])");
        (await scene.Draft()).Should().BeNull();
        await page.UnrouteAsync("**/draft");
        await page.ReloadAsync();
        await Says(page, "saved");

        (await page.InputValueAsync("#comment")).Should().Be("Набрано без связи.");
        (await scene.Draft()).Should().Contain("Набрано без связи.");
    }

    [BrowserFact]
    public async Task Two_windows_of_one_expert_never_overwrite_each_other()
    {
        var scene = await MarkingScene.Make(Service, 1);
        var (_, userName, password) = await scene.Expert();
        var one = await Script(userName, password);
        var two = await one.Context.NewPageAsync();
        await two.GotoAsync(one.Url);
        await two.WaitForSelectorAsync("#show-keys:not([hidden])");

        await one.FillAsync("#comment", "Из первого окна");
        await Says(one, "saved");
        await two.FillAsync("#comment", "Из второго окна");
        await two.WaitForSelectorAsync("#two:not([hidden])");
        (await two.InnerTextAsync("#two-other")).Should().Contain("Из первого окна");
        (await scene.Draft()).Should().Contain("Из первого окна");
        await Inspect(two, "two windows");
        await two.ClickAsync("#keep-mine");
        await Says(two, "saved");

        (await scene.Draft()).Should().Contain("Из второго окна");
        Faults.Should().BeEmpty();
    }

    /// <summary>Two tabs of one script: the marks are given in one of them.</summary>
    [BrowserFact]
    public async Task A_tab_of_a_script_whose_marks_are_given_says_so_and_takes_them_back()
    {
        var scene = await MarkingScene.Make(Service, 1);
        var (_, userName, password) = await scene.Expert();
        var stale = await Script(userName, password);
        var other = await stale.Context.NewPageAsync();
        await other.GotoAsync(stale.Url);
        await other.WaitForSelectorAsync("#show-keys:not([hidden])");
        foreach (var criterion in await other.Locator(".mark-criterion").AllAsync())
            await criterion.Locator("input").Last.CheckAsync();
        await other.ClickAsync("button[value=done]");
        await Arrive(other, "/marking?said=held");

        await stale.FillAsync("#comment", "Дописано в старой вкладке");
        await stale.WaitForSelectorAsync("#gone:not([hidden])");
        (await stale.InnerTextAsync("#gone-title")).Should().Be("Баллы за эту работу уже выставлены");
        (await stale.Locator("#gone").InnerTextAsync()).Should().NotContain("Взять снова").And.Contain("в другой вкладке");
        (await stale.InnerTextAsync("#state-text")).Should().Be("Баллы уже выставлены");
        await Inspect(stale, "marks given in another tab");
        await stale.ClickAsync("#gone form:visible button");
        await stale.WaitForSelectorAsync("#two:not([hidden])");
        await stale.ClickAsync("#keep-mine");
        await Says(stale, "saved");

        (await scene.Draft()).Should().Contain("Дописано в старой вкладке");
        (await scene.Rounds()).Should().BeEmpty();
        // Once the marks are final, a stale tab has nothing to offer but the list.
        foreach (var criterion in await stale.Locator(".mark-criterion").AllAsync())
            await criterion.Locator("input").Last.CheckAsync();
        // With the draft already there, a press of the button has nothing to wait for.
        await Says(stale, "saved");
        await other.GotoAsync(stale.Url);
        await other.WaitForSelectorAsync("#show-keys:not([hidden])");
        await stale.ClickAsync("button[value=done]");
        await stale.ClickAsync("form[action$=giving] button");
        await Arrive(stale, "/marking?said=given");
        await other.FillAsync("#comment", "Поздно");
        await other.WaitForSelectorAsync("#gone:not([hidden])");
        (await other.Locator("#gone form:visible").CountAsync()).Should().Be(0);
        (await other.Locator("#gone a").GetAttributeAsync("href")).Should().Be("/marking");
        Faults.Should().BeEmpty();
    }

    [BrowserFact]
    public async Task The_back_button_to_a_script_whose_marks_are_given_leads_to_taking_them_back()
    {
        var scene = await MarkingScene.Make(Service, 2);
        var (_, userName, password) = await scene.Expert();
        var page = await Script(userName, password);
        var address = page.Url;
        foreach (var criterion in await page.Locator(".mark-criterion").AllAsync())
            await criterion.Locator("input").Last.CheckAsync();
        await page.ClickAsync("#next");
        await Arrive(page, url => url != address && url.Contains("/marking/scripts/", StringComparison.Ordinal));
        await page.WaitForSelectorAsync("#show-keys:not([hidden])");

        await page.GoBackAsync();
        await Arrive(page, address);
        await page.WaitForSelectorAsync("#show-keys:not([hidden])");
        (await page.InnerTextAsync("#state-text")).Should().Be("Баллы уже выставлены");
        await Assertions.Expect(page.Locator("#held button")).ToBeFocusedAsync();
        (
            await page.EvaluateAsync<bool>(
                "document.querySelector('#held').getBoundingClientRect().top >= document.querySelector('.mark-bar').getBoundingClientRect().bottom"
            )
        )
            .Should()
            .BeTrue("the bar hides nothing of the notice");
        await Inspect(page, "back to held marks");
        await page.FillAsync("#comment", "Передумано.");
        await Says(page, "kept");
        await page.Locator("#comment").PressAsync("Control+Enter");
        await Assertions.Expect(page.Locator("#not-sent")).ToContainTextAsync("уже выставлены");
        await page.ClickAsync("#held button");
        await page.WaitForSelectorAsync("#show-keys:not([hidden])");
        await Says(page, "saved");

        (await page.InputValueAsync("#comment")).Should().Be("Передумано.");
        (await scene.Rounds()).Should().BeEmpty();
        Faults.Should().BeEmpty();
    }

    [BrowserFact]
    public async Task A_comment_that_is_too_long_is_refused_by_the_name_of_its_field_on_the_page()
    {
        var scene = await MarkingScene.Make(Service, 1);
        var (_, userName, password) = await scene.Expert();
        var page = await Script(userName, password);

        await page.FillAsync("#comment", new string('я', 4001));
        await Says(page, "unsaved");

        (await page.InnerTextAsync("#state-text")).Should().Be("Поле «Комментарий» длиннее 4000 знаков.");
    }

    [BrowserFact]
    public async Task A_printed_script_shows_code_answer_rubric_and_marks_and_no_keys()
    {
        var scene = await MarkingScene.Make(Service, 1);
        var (_, userName, password) = await scene.Expert();
        var page = await Script(userName, password);
        await page.CheckAsync(".mark-criterion:first-of-type label:last-of-type input");
        await page.FillAsync("#comment", string.Join("\n", Enumerable.Range(1, 30).Select(line => $"Строка {line}")));
        await Says(page, "saved");
        await Print(page, "marking printed");

        await page.EmulateMediaAsync(new() { Media = Media.Print });
        foreach (var shown in (string[])["h1 .mark-code", ".mark-text", ".mark-criterion >> nth=0", ".mark-criterion >> nth=1", "#comment"])
            (await page.Locator(shown).IsVisibleAsync()).Should().BeTrue(shown);
        (await page.Locator(".mark-criterion .small:visible").CountAsync()).Should().BeGreaterThan(4, "every level has its description");
        (await page.Locator(".mark-criterion input:checked:visible").CountAsync()).Should().Be(1);
        foreach (var hidden in (string[])["kbd:visible", "h1 a:visible", "button:visible", ".mark-lease:visible", "#pass:visible"])
            (await page.Locator(hidden).CountAsync()).Should().Be(0, hidden);
        // The whole comment is on paper, not the part that the field shows on the screen.
        (await page.EvaluateAsync<bool>("(it => it.scrollHeight <= it.clientHeight + 1)(document.getElementById('comment'))"))
            .Should()
            .BeTrue();
    }

    [BrowserFact]
    public async Task No_page_of_an_expert_has_a_barrier_or_is_wider_than_the_screen()
    {
        var scene = await MarkingScene.Make(Service, 0);
        foreach (var text in (string[])["Разобрали бы ошибку у доски.", "разобрали бы ошибку у доски", "Разобрали  бы ошибку у доски."])
            await scene.Scene.Session(slot => slot.Item.Code == scene.Item ? new ExtendedResponse(text) : null);
        await scene.Scene.Score();
        // Before the clock moves, which ends the administrator's sign-in.
        var experts = new Queue<(HttpClient, string, string)>();
        for (var number = 0; number < 4; number++)
            experts.Enqueue(await scene.Expert());
        foreach (
            var (width, scheme) in new[]
            {
                (320, ColorScheme.Light),
                (320, ColorScheme.Dark),
                (1440, ColorScheme.Light),
                (1440, ColorScheme.Dark),
            }
        )
        {
            var name = $"{width} {scheme}";
            var (_, userName, password) = experts.Dequeue();
            var page = await Screen(width, scheme);
            await Enter(page, userName, password);
            await page.GotoAsync(Service.Url + "/marking");
            await Inspect(page, $"queue {name}");
            await Look(page, "/marking/items", "/marking/mine");
            await page.GotoAsync(Service.Url + "/marking");
            await page.ClickAsync("button.big");
            // The module shows this button when it runs; on a narrow screen the stylesheet hides it again.
            await page.WaitForSelectorAsync("#show-keys:not([hidden])", new() { State = WaitForSelectorState.Attached });
            await Inspect(page, $"script {name}");
            foreach (var fold in new[] { "stimulus", "solution", "exemplars", "pass" })
                await page.EvaluateAsync($"document.getElementById('{fold}')?.setAttribute('open', '')");
            await page.ClickAsync("#next");
            await page.WaitForSelectorAsync("#not-sent:not([hidden])");
            await Inspect(page, $"script opened {name}");
            await page.EvaluateAsync("document.getElementById('keys').showModal()");
            await Inspect(page, $"keys {name}");
            await page.ClickAsync("#keys-close");
            await page.CheckAsync("#no-answer");
            await page.ClickAsync("button[value=done]");
            await Arrive(page, "/marking?said=held");
            await Inspect(page, $"held {name}");
            await page.ClickAsync("form[action$=taking-back] button");
            await page.WaitForSelectorAsync("#show-keys", new() { State = WaitForSelectorState.Attached });
            Service.Clock.Advance(Duration.FromMinutes(31));
            await page.ReloadAsync();
            await page.GetByText("Работа уже не у вас").First.WaitForAsync();
            await Inspect(page, $"gone {name}");
        }
        Faults.Should().BeEmpty();
    }

    private async Task<IPage> Script(string userName, string password)
    {
        var page = await Screen(1280, ColorScheme.Light);
        await Enter(page, userName, password);
        await page.GotoAsync(Service.Url + "/marking");
        await page.ClickAsync("button.big");
        await page.WaitForSelectorAsync("#show-keys:not([hidden])");
        return page;
    }

    private static async Task SignInBeside(IPage page, string name, string word)
    {
        await page.FillAsync("#sign-in #user-name", name);
        await page.FillAsync("#sign-in #password", word);
        await page.ClickAsync("#sign-in button[type=submit]");
    }

    private static Task Says(IPage page, string claim) => page.WaitForSelectorAsync($"#state[data-claim='{claim}']");
}
