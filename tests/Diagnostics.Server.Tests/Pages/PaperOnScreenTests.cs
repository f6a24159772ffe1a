using System.Net.Http.Json;
using Diagnostics.EndToEnd;
using Diagnostics.Server.Tests.Campaigns;
using Microsoft.Playwright;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>People who write on paper, on the pages of the operator and of the site.</summary>
public sealed class PaperOnScreenTests : OnScreen
{
    [BrowserFact]
    public async Task An_operator_prints_a_site_takes_sheets_back_and_two_enter_the_answers()
    {
        var scene = await SiteScene.Make(Service, 3);
        var (first, second, site) = (await Operator(), await Operator(), await scene.Staff("invigilator"));
        var taker = scene.Takers[0];
        await scene.Day.Move(taker.Session, "admission");

        var page = await Screen(1440, ColorScheme.Light);
        await Enter(page, first.UserName, first.Password);
        await Look(page, $"{scene.Path}/paper");
        await page.CheckAsync($"input[value='{taker.Session}']");
        await page.ClickAsync("button[value=chosen]");
        await Arrive(page, "said=chosen");
        await Inspect(page, "prepared");
        await page.GotoAsync($"{Service.Url}{scene.Path}/paper/sheets");
        var codes = await page.Locator(".sheet-code").AllInnerTextsAsync();
        codes.Should().HaveCountGreaterThan(2).And.OnlyHaveUniqueItems();
        await Inspect(page, "sheets");
        await Print(page, "sheets printed");
        await page.GotoAsync($"{Service.Url}{scene.Path}/paper/sheets?large=yes");
        await Print(page, "sheets printed large");

        var narrow = await Screen(320, ColorScheme.Dark);
        await Enter(narrow, site.UserName, site.Password);
        await Look(narrow, $"{scene.Path}/paper");
        (await narrow.Locator("text=Напечатать").CountAsync()).Should().Be(0, "the tasks are not for the site");
        await narrow.ClickAsync("button[value=start]");
        await Arrive(narrow, "said=start");
        await narrow.ClickAsync("summary");
        await narrow.FillAsync("textarea[name=sheets]", string.Join('\n', codes.SkipLast(1)));
        await narrow.ClickAsync("button[value=collect]");
        await narrow.GetByText("Не хватает листов").WaitForAsync();
        (await narrow.InputValueAsync("textarea[name=sheets]")).Should().Be(string.Join('\n', codes.SkipLast(1)), "what was typed is kept");
        await Inspect(narrow, "sheets missing");
        await narrow.FillAsync("textarea[name=sheets]", string.Join('\n', codes));
        await narrow.ClickAsync("button[value=collect]");
        await Arrive(narrow, "said=collect");
        await Inspect(narrow, "collected");

        // The site adds a photograph taken sideways: the page shows it upright.
        await narrow.ClickAsync("text=Сканы ответов");
        await narrow.FillAsync("#sheet", codes[2]);
        await narrow.SetInputFilesAsync(
            "#file",
            new FilePayload
            {
                Name = "Магомедова Патимат.jpg",
                MimeType = "image/jpeg",
                Buffer = Diagnostics.TestKit.ScanFiles.Jpeg(6),
            }
        );
        await narrow.ClickAsync("button[value=add]");
        await Arrive(narrow, "said=scan");
        await narrow.Locator(".scans img").ScrollIntoViewIfNeededAsync();
        await narrow.WaitForFunctionAsync("document.querySelector('.scans img').naturalWidth > 0");
        (
            await narrow.EvaluateAsync<int[]>(
                "(({ naturalWidth, naturalHeight }) => [naturalWidth, naturalHeight])(document.querySelector('.scans img'))"
            )
        )
            .Should()
            .Equal([32, 48], "the file is 48 wide and 32 high, and the camera was turned");
        (await narrow.ContentAsync()).Should().NotContain("Патимат.jpg");
        await Inspect(narrow, "scans");

        await page.GotoAsync($"{Service.Url}{scene.Path}/paper");
        await page.ClickAsync("text=Ввести ответы");
        await page.Locator("h1:has-text('Ввод ответов')").WaitForAsync();
        await Inspect(page, "entry");
        await Fill(page, codes, "пять");
        await Arrive(page, "said=entry");
        await Inspect(page, "entered once");
        await page.GotoAsync($"{Service.Url}{scene.Path}/paper/{taker.Session}");
        (await page.Locator("form.paper-entry").CountAsync()).Should().Be(0, "one person enters once");

        var other = await Screen(1440, ColorScheme.Dark);
        await Enter(other, second.UserName, second.Password);
        await other.GotoAsync($"{Service.Url}{scene.Path}/paper/{taker.Session}");
        await Inspect(other, "second entry");
        await Fill(other, codes, "пять");
        await Arrive(other, "said=entered");
        await Inspect(other, "entered");
        (await scene.StateOf(taker)).Should().Be("finished");
        await Look(narrow, $"{scene.Path}/paper");

        Faults.Should().BeEmpty();

        async Task<(string UserName, string Password)> Operator()
        {
            var made = await Service
                .Admin.PostAsJsonAsync(
                    "/api/v1/accounts",
                    new { userName = CampaignScene.Unique("operator"), grants = new[] { new { role = "operator", scope = "all" } } }
                )
                .Json(201);
            var (userName, given) = (made["userName"]!.GetValue<string>(), made["password"]!.GetValue<string>());
            using var client = await Service.SignIn(userName, given);
            return (userName, TestService.Chosen(given));
        }
    }

    /// <summary>Types the sheets' codes and an answer to everything that is typed, and sends the form.</summary>
    private static async Task Fill(IPage page, IReadOnlyList<string> codes, string text)
    {
        for (var sheet = 2; sheet <= codes.Count; sheet++)
            await page.FillAsync($"#sheet-{sheet}", codes[sheet - 1].ToLowerInvariant());
        foreach (var field in await page.Locator("input[type=text][id^=answer-], textarea[id^=answer-]").AllAsync())
            await field.FillAsync(text);
        foreach (var choice in await page.Locator("fieldset.card").Filter(new() { Has = page.Locator("input[type=radio]") }).AllAsync())
            await choice.Locator("input[type=radio]").First.CheckAsync();
        await page.ClickAsync("form.paper-entry button.big");
    }
}
