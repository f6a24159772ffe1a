using System.Net.Http.Json;
using Diagnostics.EndToEnd;
using Diagnostics.Server.Tests.Marking;
using Microsoft.Playwright;
using NodaTime;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>The chair's pages in a browser.</summary>
public sealed class CommissionDayTests : OnScreen
{
    /// <summary>
    /// In the morning the chair sees what waits, takes a script from an expert who has had it for two days and gives it
    /// to another, settles a flag, accepts similar short answers and takes that back; in the evening the protocol is
    /// read and approved, and the results are published. The first steps are taken with keys alone.
    /// </summary>
    [BrowserFact]
    public async Task A_chairs_day()
    {
        var scene = await CommissionScene.Make(Service, 3, CommissionScene.Policy with { LeaseMinutes = 1440 });
        var narrow = await Screen(320, ColorScheme.Dark);
        await Enter(narrow, scene.Chair.UserName, "long-enough-1");
        await Look(
            narrow,
            $"{scene.Path}/scripts?state=held",
            $"{scene.Path}/flags",
            $"{scene.Path}/publication",
            $"{scene.Path}/open/marking"
        );

        var kept = await Marks.Claim(scene.First.Client, scene.Scene);
        Service.Clock.Advance(Duration.FromHours(23));
        await scene.SignInAgain();
        await scene.First.Client.PostAsync(Marks.Path(kept, "lease"), null).Json();
        Service.Clock.Advance(Duration.FromHours(2));
        await scene.SignInAgain();
        var flagged = await Marks.Claim(scene.Second.Client, scene.Scene);
        await scene.Second.Client.PostAsJsonAsync(
            Marks.Path(flagged, "flags"),
            new { kind = "author_revealed", comment = "Назвал школу." }
        );

        narrow = await Screen(320, ColorScheme.Dark);
        await Enter(narrow, scene.Chair.UserName, "long-enough-1");
        var page = await Screen(1440, ColorScheme.Light);
        await Enter(page, scene.Chair.UserName, "long-enough-1");
        await page.GotoAsync(Service.Url + scene.Path);
        await Inspect(page, "chair's morning");
        await Look(narrow, scene.Path, "/", $"{scene.Path}/flags?state=open");
        await Tab(page, "1 — Работы, которые у эксперта больше суток");
        await page.Keyboard.PressAsync("Enter");
        await Arrive(page, "/scripts?long=yes");
        await page.Locator("tbody th a").PressAsync("Enter");
        await Arrive(page, url => url.Contains("/scripts/", StringComparison.Ordinal));
        await Inspect(page, "script in hand");
        var taking = page.Locator("form[action$=reassignment]").First;
        await taking.Locator("select").SelectOptionAsync(scene.Senior.Id.ToString());
        await taking.Locator("input[name=reason]").FillAsync("Не отвечает на звонки");
        await taking.Locator("button").PressAsync("Enter");
        await Arrive(page, "?said=given");
        (await scene.Senior.Client.GetAsync("/api/v1/marking/claims").Json()).Items().Should().ContainSingle();

        await page.GotoAsync($"{Service.Url}{scene.Path}/flags?state=open");
        await page.Locator("tbody th a").ClickAsync();
        await Inspect(page, "flag");
        await page.CheckAsync("input[value=confirmed]");
        await page.FillAsync("#reason", "Работа у другого эксперта, оператору сказано.");
        await page.ClickAsync("main form.card button");
        await Arrive(page, "/flags?said=decided");

        await page.GotoAsync($"{Service.Url}{scene.Path}/answers");
        await Inspect(page, "short answers");
        await page.CheckAsync("input[name=cluster]");
        await page.ClickAsync("button[value=accept]");
        await page.GetByText("Что изменится").First.WaitForAsync();
        await Inspect(page, "effect of a decision");
        await page.ReloadAsync();
        await page.FillAsync("#reason", "Верно по смыслу");
        await page.ClickAsync("main form.card button");
        await Arrive(page, url => url.Contains("/answers?decided=yes", StringComparison.Ordinal));
        await page.CheckAsync("input[name=cluster]");
        await page.ClickAsync("button[value=revert]");
        await page.FillAsync("#reason", "Поторопились");
        await page.ClickAsync("main form.card button");
        await page.GetByText("Отменено решений: 2").WaitForAsync();

        var senior = (await scene.Senior.Client.GetAsync("/api/v1/marking/claims").Json()).Items()[0]!;
        await Marks.Award(scene.Senior.Client, senior, full: true).Json();
        await scene.MarkAll();
        await scene.RejectAnswers();
        await page.GotoAsync($"{Service.Url}{scene.Path}/protocol");
        await page.CheckAsync("#checked-0");
        await page.CheckAsync("#checked-1");
        await page.ClickAsync("main form.card button");
        await page.GetByText("Протокол ещё не утверждён").WaitForAsync();
        await Print(page, "protocol to read");
        await page.ClickAsync("text=Утвердить протокол");
        await Arrive(page, "/protocols/1");
        await page.ClickAsync("text=К публикации");
        await page.ClickAsync("text=Опубликовать результаты");
        await page.GetByText("Окончательных профилей: 3").WaitForAsync();
        await Look(page, $"{scene.Path}/claims", $"{scene.Path}/marks", $"{scene.Path}/protocols/1");
        await Print(page, "protocol");

        narrow = await Screen(320, ColorScheme.Dark);
        await Enter(narrow, scene.Chair.UserName, "long-enough-1");
        await Look(
            narrow,
            scene.Path,
            $"{scene.Path}/scripts",
            $"{scene.Path}/claims",
            $"{scene.Path}/marks",
            $"{scene.Path}/experts",
            $"{scene.Path}/criteria",
            $"{scene.Path}/protocols/1"
        );
        await Look(page, scene.Path, $"{scene.Path}/scripts", $"{scene.Path}/experts", $"{scene.Path}/experts/{scene.Second.Id}");
        Faults.Should().BeEmpty();
    }

    private static async Task Tab(IPage page, string to)
    {
        for (var press = 0; press < 60; press++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<string>("document.activeElement.textContent.trim().replace(/\\s+/g, ' ')") == to)
                return;
        }
        throw new InvalidOperationException($"No key leads to «{to}».");
    }
}
