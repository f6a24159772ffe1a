using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Server.Tests.Marking;

namespace Diagnostics.Server.Tests.Feed;

/// <summary>What a portal's software can find out by itself, without a person's help.</summary>
public sealed class PortalTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_portal_finds_the_profile_of_its_own_person_by_its_own_number()
    {
        var scene = await Scene.Make(service);
        var number = CampaignScene.Unique("ext");
        var person = (
            await service.Admin.PostAsJsonAsync("/api/v1/people", CampaignScene.PersonBody(territory: "82", externalId: number)).Json(201)
        )["participantId"]!.GetValue<Guid>();
        await scene.Consent(person);
        await scene.Scored(Answer.Right, person: person);
        using var portal = await scene.Portal("82");
        using var other = await scene.Portal("05");
        (await Found(portal, $"externalId={number}")).Should().BeEmpty("it is not published");
        await Publish(scene);

        var found = (await Found(portal, $"externalId={number}")).Should().ContainSingle().Subject;

        (found["participantId"]!.GetValue<Guid>(), found["isLatest"]!.GetValue<bool>(), found["status"]!.GetValue<string>())
            .Should()
            .Be((person, true, "final"));
        (await Found(portal, "externalId=nobody")).Should().BeEmpty();
        (await Found(other, $"externalId={number}")).Should().BeEmpty();
        (await Found(portal, $"campaignId={scene.Id}")).Should().ContainSingle();
        (await Found(portal, $"campaignId={Guid.NewGuid()}")).Should().BeEmpty();
    }

    [Fact]
    public async Task What_has_changed_since_a_moment_is_found_by_it()
    {
        var scene = await Scene.Make(service);
        var person = await scene.Person();
        await scene.Consent(person);
        await scene.Scored(Answer.Right, person: person);
        await Publish(scene);
        using var portal = await scene.Portal("82");
        var issued = (await Found(portal, $"campaignId={scene.Id}"))[0]["issuedAt"]!.GetValue<DateTimeOffset>();

        (await Found(portal, $"campaignId={scene.Id}&changedSince={Uri.EscapeDataString($"{issued:O}")}")).Should().ContainSingle();
        (await Found(portal, $"campaignId={scene.Id}&changedSince={Uri.EscapeDataString($"{issued.AddSeconds(1):O}")}")).Should().BeEmpty();
        (await portal.GetAsync("/api/v1/profiles?changedSince=yesterday").ProblemCode(422)).Should().Be("changed-since-invalid");
        (await portal.GetAsync("/api/v1/profiles?territory=05").ProblemCode(403)).Should().Be("not-your-territory");
    }

    [Fact]
    public async Task Frameworks_policies_and_campaigns_are_open_to_whoever_reads_profiles()
    {
        var scene = await Scene.Make(service);
        using var portal = await scene.Portal("82");

        (await portal.GetAsync("/api/v1/frameworks").Json())["items"]!.AsArray().Should().NotBeEmpty();
        (await portal.GetAsync("/api/v1/frameworks/teacher/1").Json())["blocks"]!.AsArray().Should().NotBeEmpty();
        (await portal.GetAsync("/api/v1/policies?kind=level_scale").Json()).Items().Should().NotBeEmpty();
        (await portal.GetAsync("/api/v1/policies/level_scale/default/1").Json())["content"].Should().NotBeNull();
        var campaign = await portal.GetAsync($"/api/v1/campaigns/{scene.Id}").Json();
        campaign["title"]!.GetValue<string>().Should().Be("Входная диагностика");
        campaign["policies"].Should().BeNull("they are the operator's");
    }

    [Fact]
    public async Task A_client_sees_its_own_rights_and_quota()
    {
        var scene = await CampaignScene.Published(service);
        using var portal = await scene.Portal("82-701", "people.enrol");

        var before = await portal.GetAsync("/api/v1/clients/me").Json();
        var after = await portal.GetAsync("/api/v1/clients/me").Json();

        before["client"]!["territory"]!.GetValue<string>().Should().Be("82-701");
        before["client"]!["scopes"]!.AsArray().Select(scope => scope!.GetValue<string>()).Should().Equal("people.enrol");
        (after["requests"]!["perSecond"]!.GetValue<int>(), after["requests"]!["burst"]!.GetValue<int>()).Should().Be((50, 200));
        after["requests"]!["accepted"]!.GetValue<long>().Should().Be(before["requests"]!["accepted"]!.GetValue<long>() + 1);
        before["requests"]!["available"]!.GetValue<long>().Should().BeInRange(1, 200);
        (await service.Admin.GetAsync("/api/v1/clients/me").ProblemCode(403)).Should().Be("not-allowed");
        (
            await service
                .Admin.PostAsJsonAsync(
                    "/api/v1/clients",
                    new
                    {
                        clientId = "me",
                        name = "Я",
                        scopes = new[] { "profiles.read" },
                    }
                )
                .ProblemCode(422)
        ).Should().Be("client-id-invalid");
    }

    [Fact]
    public async Task Consent_is_never_the_portals_to_give_or_to_withdraw()
    {
        var scene = await CampaignScene.Published(service);
        var (person, _) = await scene.Person();
        using var portal = await scene.Portal("82-701", "people.enrol", "profiles.read");

        (
            await portal
                .PostAsJsonAsync(
                    $"/api/v1/people/{person}/consents/profile-sharing",
                    new
                    {
                        code = "profile-sharing",
                        version = 1,
                        accepted = true,
                    }
                )
                .ProblemCode(403)
        ).Should().Be("not-allowed");
        (await portal.DeleteAsync($"/api/v1/people/{person}/consents/profile-sharing").ProblemCode(403)).Should().Be("not-allowed");
    }

    private static async Task<List<JsonNode>> Found(HttpClient portal, string query) =>
        (await portal.GetAsync($"/api/v1/profiles?{query}").Json())["items"]!.AsArray().Select(item => item!).ToList();

    private Task Publish(Scene scene) => service.Admin.PostAsync($"/api/v1/campaigns/{scene.Id}/results/publication", null).Json();
}
