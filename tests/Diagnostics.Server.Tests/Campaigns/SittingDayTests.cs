using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.Pages;

namespace Diagnostics.Server.Tests.Campaigns;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;
using static Diagnostics.Server.Tests.Campaigns.SittingScene;

/// <summary>
/// Where a campaign has sittings, the person's own sitting decides when the person may appeal against not being let in,
/// and how long the publication waits. The campaign's window, from 14 to 30 September, does not matter. The site is in
/// Moscow.
/// </summary>
public sealed class SittingDayTests : IAsyncLifetime
{
    private readonly TestService service = new();

    public Task InitializeAsync() => service.InitializeAsync();

    public Task DisposeAsync() => service.DisposeAsync();

    /// <summary>The sitting is from 9:00 to 12:00 on the 15th; its day ends at midnight, 21:00 UTC.</summary>
    [Theory]
    [InlineData("2026-09-15T05:59:59.999999Z", "sitting-not-begun", false, false)]
    [InlineData("2026-09-15T06:00:00Z", null, true, false)]
    [InlineData("2026-09-15T20:59:59.999999Z", null, true, false)]
    [InlineData("2026-09-15T21:00:00Z", "appeal-late", false, true)]
    public async Task Not_being_let_in_is_appealed_on_the_day_of_the_own_sitting(
        string at,
        string? refusal,
        bool offeredToday,
        bool offeredLate
    )
    {
        var (scene, _) = await WithSittings(service, 5, site => [On(site, 15)]);
        var (id, userName, password) = await PageScene.AccountOf(service, await scene.Enrol());
        var session = (await scene.Decide(await scene.FileFor(id), "approval").Json()).Session();
        TurnTo(at);

        using var browser = await Browser.Of(service, userName, password);
        var page = await browser.Open("/appeals");
        var person = await service.SignIn(userName, password);
        var filing = person.PostAsJsonAsync(
            $"{V1}/appeals",
            new
            {
                kind = "procedural",
                sessionId = session,
                ground = "non_admission",
                statement = "Не пустили.",
            }
        );

        page.Document.QuerySelectorAll(".card a.button")
            .Select(link => link.TextContent)
            .Count(text => text.Contains("Недопуск", StringComparison.Ordinal))
            .Should()
            .Be(offeredToday ? 1 : 0);
        page.Document.QuerySelectorAll("details li a")
            .Select(link => link.TextContent)
            .Count(text => text.Contains("Недопуск", StringComparison.Ordinal))
            .Should()
            .Be(offeredLate ? 1 : 0);
        if (refusal is null)
            await filing.Json(201);
        else
            (await filing.ProblemCode(409)).Should().Be(refusal);
    }

    [Fact]
    public async Task Whose_sitting_was_cancelled_was_not_turned_away_at_the_door()
    {
        var (scene, sittings) = await WithSittings(service, 5, site => [On(site, 15)]);
        var (id, userName, password) = await PageScene.AccountOf(service, await scene.Enrol());
        await scene.Decide(await scene.FileFor(id), "approval").Json();
        await scene.Decree($"sittings/{sittings[0]}/cancellation", new { reason = "Карантин" }).Json();
        TurnTo("2026-09-15T07:00:00Z");

        using var browser = await Browser.Of(service, userName, password);

        (await browser.Open("/appeals")).Main.Should().NotContain("Недопуск");
    }

    /// <summary>
    /// The first sitting is over at 12:00 on the 15th, and nobody came; the second one ends at 12:00 on the 16th.
    /// Neither sitting waits for anybody once it is over.
    /// </summary>
    [Fact]
    public async Task Who_did_not_come_holds_up_the_publication_until_the_end_of_the_own_sitting()
    {
        var (scene, sittings) = await WithSittings(service, 5, site => [On(site, 15), On(site, 16)]);
        await scene.Approved(sittings[0]);
        await scene.Approved(sittings[1]);

        (await Open("2026-09-15T08:59:59.999999Z")).Should().Be(2);
        (await Open("2026-09-15T09:00:00Z")).Should().Be(1);
        (await Open("2026-09-16T08:59:59.999999Z")).Should().Be(1);
        (await Open("2026-09-16T09:00:00Z")).Should().Be(0);

        async Task<int> Open(string at)
        {
            TurnTo(at);
            var by = await service.SignIn("admin", service.AdminPassword);
            using var answer = await by.PostAsJsonAsync($"{V1}/campaigns/{scene.Campaign}/results/publication", new { });
            if (answer.IsSuccessStatusCode)
                return 0;
            var refused = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
            refused["code"]!.GetValue<string>().Should().Be("results-open");
            return refused["open"]!.AsArray().Single(matter => matter!["what"]!.GetValue<string>() == "not_over")![
                "count"
            ]!.GetValue<int>();
        }
    }

    private void TurnTo(string at) =>
        service.Clock.Advance(NodaTime.Text.InstantPattern.ExtendedIso.Parse(at).Value - service.Clock.GetCurrentInstant());
}
