using Diagnostics.EndToEnd;
using Diagnostics.Server.Tests.Appeals;
using Microsoft.Playwright;
using NodaTime;
using static Diagnostics.Server.Tests.Pages.CaseScene;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>The commission's pages in a browser.</summary>
public sealed class CasePageTests : OnScreen
{
    private const string Motive = "Ответ раскрывает оба критерия.";

    /// <summary>Filed, admitted, heard, proposed, voted with a dissent, decided, told to the person; the chair uses keys alone.</summary>
    [BrowserFact]
    public async Task A_case_goes_from_filing_to_the_letter_by_keyboard()
    {
        using var scene = await Make(Service, members: 4);
        var appeal = await scene.File();
        (await Act(await scene.Member(3), appeal, "recusal", ("reason", "Узнала автора по тексту."))).Status.Should().Be(303);
        var (name, password) = await scene.NameOf(0);
        var page = await Screen(1440, ColorScheme.Light);
        await page.AddInitScriptAsync(
            "for (const kind of ['mousedown', 'pointerdown', 'touchstart']) addEventListener(kind, () => sessionStorage.setItem('mouse', kind), true);"
        );
        await page.GotoAsync(Service.Url + "/cases");
        await To("#user-name");
        await page.Keyboard.InsertTextAsync(name);
        await To("#password");
        await page.Keyboard.InsertTextAsync(password);
        await page.Keyboard.PressAsync("Enter");
        await Arrive(page, "/cases");
        await Press("tbody a", $"/cases/{appeal}");
        await Press("form[action$='/admission'] button", "said=admission");

        await Press("a[href$='/hearing']", "/hearing");
        await Type("#day", "17.09.2026");
        await Type("#time", "14:30");
        await Type("#place", "ул. Ленинская, 5, кабинет 12");
        await Press("button.big", "said=hearing");
        await Press("form[action$='/consideration'] button", "said=consideration");
        await Press("a[href$='/earlier-marks']", "/earlier-marks");
        await Press("button.big", "said=earlier-marks");

        await Press("a[href$='/proposal']", "/proposal");
        await To("[name=outcome]");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowUp");
        foreach (var criterion in scene.Appeals.Task.Rubric.Criteria)
        {
            await To($"[name='m-{criterion.Code}']");
            // From the first level upwards once round is the last one.
            await page.Keyboard.PressAsync("ArrowUp");
        }
        await Type("#clause", "Критерии задания");
        await Type("#reason", Motive);
        await page.WaitForSelectorAsync("#kept[data-claim=kept]");

        // A closed page and a lost sign-in leave what was typed where it was.
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#kept")).ToContainTextAsync("Восстановлено");
        (await page.InputValueAsync("#reason")).Should().Be(Motive);
        await page.Context.ClearCookiesAsync(new() { Name = "diagnostics" });
        await To("button[value=preview]");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#sign-in[open]");
        await Type("#sign-in #user-name", name);
        await Type("#sign-in #password", password);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#effect-heading");
        Service.Clock.Advance(Duration.FromMinutes(1));
        await Press("button.big", "said=proposal");

        (await Act(await scene.Member(1), appeal, "vote", ("vote", "for"))).Status.Should().Be(303);
        (await Act(await scene.Member(2), appeal, "vote", ("vote", "against"), ("dissent", "Второй критерий выполнен частично.")))
            .Status.Should()
            .Be(303);
        await Press("a[href$='/vote']", "/vote");
        (await page.ContentAsync()).Should().NotContain("выполнен частично");
        await To("[name=vote]");
        await page.Keyboard.PressAsync("Space");
        await Press("button.big", "said=vote");
        (await page.InnerTextAsync("main")).Should().Contain("Второй критерий выполнен частично.");
        await Press("a[href$='/decision']", "/decision");
        await Press("button.big", "said=decision");
        (await page.EvaluateAsync<int>("localStorage.length")).Should().Be(0, "what was carried out is forgotten");

        await page.GotoAsync($"{Service.Url}/cases/{appeal}/protocol");
        (await page.InnerTextAsync("main"))
            .Should()
            .Contain("За — 2, против — 1")
            .And.Contain("Второй критерий выполнен частично.")
            .And.Contain("самоотвод")
            .And.Contain("Апелляция удовлетворена: балл повышен.");
        await Print(page, "protocol of an appeal");
        await page.GotoAsync($"{Service.Url}/cases/{appeal}/letter");
        await Print(page, "letter");
        (await page.InnerTextAsync("main")).Should().Contain("за — 2, против — 1; право голоса имели 3");
        foreach (var sheet in new[] { "protocol", "letter" })
            await NoWiderThanAPhone(page, $"/cases/{appeal}/{sheet}");
        (await scene.Appeals.SlotScore())["points"]!.GetValue<decimal>().Should().Be(scene.Appeals.Task.Rubric.Maximum.ToDecimal());
        (await page.EvaluateAsync<string?>("sessionStorage.getItem('mouse')")).Should().BeNull();
        Faults.Should().BeEmpty();

        async Task To(string selector)
        {
            for (var press = 0; press < 150; press++)
            {
                if (await page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector))
                    return;
                await page.Keyboard.PressAsync("Tab");
            }
            throw new InvalidOperationException($"No Tab leads to {selector}.");
        }

        async Task Press(string selector, string towards)
        {
            await To(selector);
            await page.Keyboard.PressAsync("Enter");
            await Arrive(page, url => url.Contains(towards, StringComparison.Ordinal));
        }

        async Task Type(string selector, string text)
        {
            await To(selector);
            await page.Keyboard.InsertTextAsync(text);
        }
    }

    /// <summary>The other end of a case: the chair does not accept the appeal, and the person gets a letter of it.</summary>
    [BrowserFact]
    public async Task An_appeal_that_is_not_accepted_ends_with_a_letter_to_the_person()
    {
        using var scene = await Make(Service);
        var appeal = await scene.File();
        var (name, password) = await scene.NameOf(0);
        var page = await Screen(1440, ColorScheme.Light);
        await Enter(page, name, password);
        await Look(page, $"/cases/{appeal}/refusal");
        await page.CheckAsync("[name=ground] >> nth=0");
        var why = string.Join("\n", Enumerable.Range(1, 40).Select(line => $"{line}. Оспаривается условие задания, а не балл за ответ."));
        await page.FillAsync("#reason", why);
        await page.ClickAsync("button.big");
        await Arrive(page, url => url.Contains("said=refusal", StringComparison.Ordinal));
        await Inspect(page, "case refused");
        await Look(page, $"/cases/{appeal}/letter");
        await Print(page, "letter of refusal");

        var letter = await page.InnerTextAsync("main");
        letter
            .Should()
            .Contain("Отказ в приёме апелляции")
            .And.Contain("В приёме апелляции отказано")
            .And.Contain("40. Оспаривается условие задания")
            .And.Contain("Основание: Содержание и структура заданий апелляции не подлежат.")
            .And.Contain("(п. 7.1.3 Положения")
            .And.Contain("Результат и баллы остаются прежними. Апелляцию по другому вопросу можно подать")
            .And.NotContain("Голосовали");
        await NoWiderThanAPhone(page, $"/cases/{appeal}/letter");
        // The person reads the same.
        var own = await Screen(320, ColorScheme.Light);
        await Enter(own, scene.Person.UserName, scene.Person.Password);
        await Look(own, $"/appeals/{appeal}");
        await own.GotoAsync($"{Service.Url}/appeals/{appeal}/letter");
        (await own.InnerTextAsync("main")).Should().Be(letter);
        Faults.Should().BeEmpty();
    }

    /// <summary>Sheets have no menu and no script; on a phone they must not scroll sideways.</summary>
    private async Task NoWiderThanAPhone(IPage page, string path)
    {
        var size = page.ViewportSize!;
        await page.SetViewportSizeAsync(320, 800);
        await page.GotoAsync(Service.Url + path);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(320, path);
        await page.SetViewportSizeAsync(size.Width, size.Height);
    }

    [BrowserFact]
    public async Task No_page_of_the_commission_or_of_an_auditor_has_a_barrier_or_is_wider_than_the_screen()
    {
        using var scene = await Make(Service);
        var appeal = await scene.File();
        var (name, password) = await scene.NameOf(0);
        var auditor = await PageScene.Staff(Service, "auditor");
        var (phone, desk) = (await Desk(320, ColorScheme.Dark), await Desk(1440, ColorScheme.Light));
        await Look(phone, $"/cases/{appeal}/refusal");
        await scene.Appeals.Consider(appeal);
        await AppealScene.Do(scene.Appeals.Chair, appeal, "earlier-marks").Json();
        await scene.Appeals.Propose(appeal, "satisfied_up", scene.Appeals.Criteria(full: true)).Json(201);
        await AppealScene.Vote(scene.Appeals.Members[1].Client, appeal, inFavour: false, dissent: "Не согласна.").Json(201);
        await Look(phone, "/cases", $"/cases/{appeal}", $"/cases/{appeal}/vote");
        await Look(desk, $"/cases/{appeal}", $"/cases/{appeal}/proposal");
        foreach (var page in new[] { phone, desk })
            await page.EmulateMediaAsync(new() { ColorScheme = page == phone ? ColorScheme.Light : ColorScheme.Dark });
        await Look(phone, $"/cases/{appeal}/proposal");
        await Look(desk, "/cases");

        var reader = await Screen(320, ColorScheme.Dark);
        await Enter(reader, auditor.UserName, auditor.Password);
        await Look(reader, "/audit?from=x");
        await reader.GotoAsync(Service.Url + "/audit/verification");
        await reader.ClickAsync("main form button");
        await reader.WaitForSelectorAsync(".notice");
        await Inspect(reader, "audit verified");
        await reader.SetViewportSizeAsync(1440, 800);
        await reader.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await Look(reader, "/audit");
        Faults.Should().BeEmpty();

        async Task<IPage> Desk(int width, ColorScheme scheme)
        {
            var page = await Screen(width, scheme);
            await Enter(page, name, password);
            return page;
        }
    }
}
