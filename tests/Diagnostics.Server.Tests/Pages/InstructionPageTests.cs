using System.Net.Http.Json;
using Diagnostics.Server.Tests.Campaigns;

namespace Diagnostics.Server.Tests.Pages;

public sealed class InstructionPageTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_person_finds_the_instruction_at_home_and_in_the_waiting_room_once_there_is_one()
    {
        var scene = await PageScene.Make(service);
        var (browser, _, session) = await scene.Scheduled();
        var address = $"a[href='/campaigns/{scene.Region.Campaign}/instruction']";
        (await browser.Open("/")).Document.QuerySelector(address).Should().BeNull();

        await service
            .Admin.PostAsJsonAsync(
                $"{CampaignScene.V1}/campaigns/{scene.Region.Campaign}/documents",
                new
                {
                    kind = "participant_instruction",
                    title = "Инструкция участника",
                    content = "Придите за **20 минут**.\n\n- Возьмите документ",
                }
            )
            .Json(201);
        var (home, room) = (await browser.Open("/"), await browser.Open($"/sessions/{session}"));
        var page = await browser.Open($"/campaigns/{scene.Region.Campaign}/instruction");

        home.Find(address).TextContent.Should().StartWith("Инструкция участника");
        room.Find(address).TextContent.Should().Be("Инструкция участника");
        page.Find("article strong").TextContent.Should().Be("20 минут");
        page.Find("article li").TextContent.Should().Contain("Возьмите документ");
    }

    [Fact]
    public async Task Whoever_has_not_applied_finds_no_instruction()
    {
        var scene = await PageScene.Make(service);
        var (_, browser) = await scene.Sit();

        (await browser.Open($"/campaigns/{scene.Region.Campaign}/instruction")).Status.Should().Be(404);
    }
}
