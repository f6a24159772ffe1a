using System.Net.Http.Json;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Tests.Campaigns;

// Here, so that Api is the scene's address and not the namespace of the routes.
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
        var (_, client) = await scene.Staff(new { role = "operator", scope = "territory", scopeId = "82-701" });

        await client.PostAsJsonAsync($"{V1}/sites", SiteBody()).Json(201);
        (await client.PostAsJsonAsync($"{V1}/sites", SiteBody(territory: "82-702")).ProblemCode(403)).Should().Be("not-your-territory");
        (await PutAt(client, $"{V1}/sites/{foreign}", SiteBody(), 1).ProblemCode(403)).Should().Be("not-your-territory");
        (await client.DeleteAsync($"{V1}/sites/{foreign}").ProblemCode(403)).Should().Be("not-your-territory");
    }
}
