using System.Text.Json.Nodes;
using Diagnostics.TestKit;
using Microsoft.Playwright;

namespace Diagnostics.EndToEnd;

/// <summary>
/// Experts on one queue, while nodes are killed: on SQLite by default, on PostgreSQL with <c>DIAGNOSTICS_FAULT_NODES=2</c>.
/// </summary>
public sealed class ExpertsTests
{
    private static readonly int NodesOfRun = int.TryParse(Environment.GetEnvironmentVariable("DIAGNOSTICS_FAULT_NODES"), out var set)
        ? set
        : 1;

    [BrowserFact]
    public async Task Two_experts_lose_nothing_that_they_type_while_a_node_is_killed_nor_one_who_has_two_windows()
    {
        await using var hall = await ExamHall.Open(4, NodesOfRun, experts: 2);
        using var profiles = new TemporaryFolder();
        await using var firstDesk = await hall.Browser(profiles.File("first"));
        await using var secondDesk = await hall.Browser(profiles.File("second"));
        var (first, second) = (await Take(hall, firstDesk, 0), await Take(hall, secondDesk, 1));
        (await first.InnerTextAsync(".mark-text")).Should().NotBe(await second.InnerTextAsync(".mark-text"), "one expert marks an answer");

        await Task.WhenAll(Type(first, "Первая мысль. "), Type(second, "Ход верен, "));
        var killed = hall.ChangeNode();
        await Task.WhenAll(Type(first, "Вторая, пока узла нет."), Type(second, "вывод не обоснован."));
        await killed;
        await Task.WhenAll(Says(first, "saved"), Says(second, "saved"));

        var other = await firstDesk.NewPageAsync();
        await other.GotoAsync(first.Url);
        await Ready(other);
        (await other.InputValueAsync("#comment")).Should().Be("Первая мысль. Вторая, пока узла нет.");
        await Type(first, " Третья.");
        await Says(first, "saved");
        await Type(other, " Из другого окна.");
        await other.WaitForSelectorAsync("#two:not([hidden])");
        (await other.InnerTextAsync("#two-other")).Should().Contain("Третья.");
        await other.ClickAsync("#keep-mine");
        await Says(other, "saved");

        await Task.WhenAll(Finish(other), Finish(second));
        using var site = hall.Client(hall.Exam.OperatorToken);
        var progress = JsonNode.Parse(await site.GetStringAsync($"/api/v1/marking/progress?campaignId={hall.Exam.CampaignId}"))!;
        progress["experts"]!.AsArray().Select(expert => expert!["marked"]!.GetValue<int>()).Should().Equal(1, 1);
        var reasons = new List<string>();
        foreach (var desk in hall.Exam.Desks)
        {
            var scores = JsonNode.Parse(await site.GetStringAsync($"/api/v1/sessions/{desk.SessionId}/scores"))!;
            reasons.AddRange(
                scores["slots"]!
                    .AsArray()
                    .SelectMany(slot => slot!["rounds"]!.AsArray())
                    .Where(round => round!["kind"]!.GetValue<string>() == "expert")
                    .Select(round => round!["reason"]!.GetValue<string>())
            );
        }
        reasons.Should().BeEquivalentTo("Первая мысль. Вторая, пока узла нет. Из другого окна.", "Ход верен, вывод не обоснован.");
        hall.Thrown.Should().BeEmpty();
    }

    /// <summary>
    /// The lease ends while the expert types, then the sign-in does; each time another node answers what comes next.
    /// </summary>
    [BrowserFact]
    public async Task A_lease_and_a_sign_in_that_end_while_somebody_types_lose_nothing_though_another_node_goes_on()
    {
        await using var hall = await ExamHall.Open(1, NodesOfRun, experts: 1);
        using var profiles = new TemporaryFolder();
        await using var desk = await hall.Browser(profiles.File("desk"));
        var page = await Take(hall, desk, 0);
        await Type(page, "До срока. ");
        await Says(page, "saved");

        await hall.EndLeases();
        await Type(page, "После срока. ");
        await page.WaitForSelectorAsync("#gone:not([hidden])");
        await Says(page, "kept");
        await ChangeNode(hall);
        await page.ClickAsync("#gone form:visible button");
        await Ready(page);
        await Says(page, "saved");
        (await page.InputValueAsync("#comment")).Should().Be("До срока. После срока. ");

        await desk.ClearCookiesAsync(new() { Name = "diagnostics" });
        await Type(page, "После выхода.");
        await page.WaitForSelectorAsync("#sign-in[open]");
        await Says(page, "kept");
        await ChangeNode(hall);
        await page.FillAsync("#sign-in #user-name", await hall.ExpertName());
        await page.FillAsync("#sign-in #password", ExamHall.Password);
        await page.ClickAsync("#sign-in button[type=submit]");
        await Says(page, "saved");

        (await page.InputValueAsync("#comment")).Should().Be("До срока. После срока. После выхода.");
        await Finish(page);
        using var site = hall.Client(hall.Exam.OperatorToken);
        var scores = JsonNode.Parse(await site.GetStringAsync($"/api/v1/sessions/{hall.Exam.Desks[0].SessionId}/scores"))!;
        scores["slots"]!
            .AsArray()
            .SelectMany(slot => slot!["rounds"]!.AsArray())
            .Where(round => round!["kind"]!.GetValue<string>() == "expert")
            .Select(round => round!["reason"]!.GetValue<string>())
            .Should()
            .Equal("До срока. После срока. После выхода.");
        hall.Thrown.Should().BeEmpty();
    }

    /// <summary>Kills the node; when it is the only one, nothing can be pressed until it is back.</summary>
    private static async Task ChangeNode(ExamHall hall)
    {
        await hall.ChangeNode();
        if (NodesOfRun == 1)
            await hall.Back;
    }

    private static async Task<IPage> Take(ExamHall hall, IBrowserContext browser, int expert)
    {
        await browser.AddCookiesAsync([
            new()
            {
                Name = "diagnostics",
                Value = hall.Exam.ExpertTokens[expert],
                Url = hall.Gateway.Url,
            },
        ]);
        var page = await browser.NewPageAsync();
        await page.GotoAsync(hall.Gateway.Url + "/marking");
        await page.ClickAsync("button.big");
        await Ready(page);
        return page;
    }

    private static async Task Finish(IPage page)
    {
        foreach (var criterion in await page.Locator(".mark-criterion").AllAsync())
            await criterion.Locator("input").Last.CheckAsync();
        await page.ClickAsync("button[value=done]");
        var giving = page.Locator("form[action$=giving] button");
        try
        {
            await giving.WaitForAsync();
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"Marks are not held. At {page.Url}: {await page.InnerTextAsync("body")}", late);
        }
        await giving.ClickAsync();
        await page.GetByText("Баллы окончательны.").WaitForAsync();
    }

    private static async Task Type(IPage page, string text)
    {
        await page.Locator("#comment").FocusAsync();
        await page.Keyboard.PressAsync("Control+End");
        await page.Keyboard.TypeAsync(text, new() { Delay = 20 });
    }

    private static Task Ready(IPage page) => page.WaitForSelectorAsync("#show-keys:not([hidden])");

    private static Task Says(IPage page, string claim) => page.WaitForSelectorAsync($"#state[data-claim='{claim}']");
}
