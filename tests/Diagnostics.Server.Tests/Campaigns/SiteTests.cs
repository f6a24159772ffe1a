using System.Net.Http.Json;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Tests.Campaigns;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

public sealed class SiteTests(TestService service) : IClassFixture<TestService>
{
    private readonly CampaignScene scene = new(service);

    [Fact]
    public async Task A_site_is_kept_as_it_was_told_and_changed_by_revision()
    {
        var code = Unique("s");
        var made = await service.Admin.PostAsJsonAsync($"{V1}/sites", SiteBody(code, seats: 12, timeZone: "Asia/Yekaterinburg")).Json(201);
        var path = $"{V1}/sites/{made.Id()}";
        made["timeZone"]!.GetValue<string>().Should().Be("Asia/Yekaterinburg");

        (await PutAt(service.Admin, path, SiteBody(code), null).ProblemCode(428)).Should().Be("precondition-required");
        await PutAt(service.Admin, path, SiteBody(code, seats: 13), 1).Json();
        (await PutAt(service.Admin, path, SiteBody(code, seats: 14), 1).ProblemCode(412)).Should().Be("stale-revision");

        (await service.Admin.GetAsync(path).Json())["seats"]!.GetValue<int>().Should().Be(13);
    }

    [Fact]
    public async Task Two_sites_never_share_a_code()
    {
        var code = Unique("s");
        await service.Admin.PostAsJsonAsync($"{V1}/sites", SiteBody(code)).Json(201);
        var other = await scene.AddSite();

        (await service.Admin.PostAsJsonAsync($"{V1}/sites", SiteBody(code)).ProblemCode(409)).Should().Be("site-code-taken");
        (await PutAt(service.Admin, $"{V1}/sites/{other}", SiteBody(code), 1).ProblemCode(409)).Should().Be("site-code-taken");
    }

    [Fact]
    public async Task Under_a_published_campaign_a_site_keeps_its_time_zone_and_the_seats_that_are_taken()
    {
        var live = await CampaignScene.Published(service, seats: 3);
        var path = $"{V1}/sites/{live.Site}";
        var code = (await service.Admin.GetAsync(path).Json())["code"]!.GetValue<string>();
        for (var seat = 0; seat < 2; seat++)
            await live.Decide(await live.FileFor(await live.Enrol()), "approval").Json();

        (await PutAt(service.Admin, path, SiteBody(code, seats: 3, timeZone: "Asia/Yekaterinburg"), 1).ProblemCode(409))
            .Should()
            .Be("site-in-use");
        var taken = await PutAt(service.Admin, path, SiteBody(code, seats: 1), 1).Json(409);
        await PutAt(service.Admin, path, SiteBody(code, seats: 2, name: "Школа № 5, новое крыло"), 1).Json();

        (taken["code"]!.GetValue<string>(), taken["highestTaken"]!.GetValue<int>()).Should().Be(("seats-taken", 2));
    }

    [Fact]
    public async Task A_site_of_drafts_alone_may_still_be_changed_as_a_whole()
    {
        var site = await scene.AddSite();
        await scene.AddDraft(site);
        var code = (await service.Admin.GetAsync($"{V1}/sites/{site}").Json())["code"]!.GetValue<string>();

        await PutAt(service.Admin, $"{V1}/sites/{site}", SiteBody(code, seats: 1, timeZone: "Asia/Yekaterinburg"), 1).Json();
    }

    [Fact]
    public async Task A_site_that_a_campaign_uses_is_not_deleted()
    {
        var used = await scene.AddSite();
        var free = await scene.AddSite();
        await scene.AddDraft(used);

        (await service.Admin.DeleteAsync($"{V1}/sites/{used}").ProblemCode(409)).Should().Be("site-in-use");
        await service.Admin.DeleteAsync($"{V1}/sites/{free}").Json(204);
        (await service.Admin.GetAsync($"{V1}/sites/{free}").ProblemCode(404)).Should().Be("site-not-found");
    }

    [Fact]
    public async Task An_operator_of_a_territory_keeps_its_sites_alone()
    {
        var foreign = await scene.AddSite(territory: "82-702");
        var (_, client) = await scene.Staff(
            new
            {
                role = "operator",
                scope = "territory",
                scopeId = "82-701",
            }
        );

        await client.PostAsJsonAsync($"{V1}/sites", SiteBody()).Json(201);
        (await client.PostAsJsonAsync($"{V1}/sites", SiteBody(territory: "82-702")).ProblemCode(403)).Should().Be("not-your-territory");
        (await PutAt(client, $"{V1}/sites/{foreign}", SiteBody(), 1).ProblemCode(403)).Should().Be("not-your-territory");
        (await client.DeleteAsync($"{V1}/sites/{foreign}").ProblemCode(403)).Should().Be("not-your-territory");
    }
}
