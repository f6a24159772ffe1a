using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Diagnostics.Server.Tests.Campaigns;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>
/// A later diagnostic names its entry diagnostic; before approving an application the operator sees whether the person
/// has a result in the entry diagnostic.
/// </summary>
public sealed class EntryCampaignTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task People_without_an_entry_result_are_flagged_before_the_approval()
    {
        var scene = await PublishedByAnother(service);
        var (sat, person) = await scene.Person();
        var missed = await scene.Enrol();
        var entry = await scene.Decide(await scene.FileFor(sat), "approval").Json();
        await scene.Decide(await scene.FileFor(missed), "approval").Json();
        await scene.Admit(entry.Session()).Json();
        await person.Start(entry.Session()).Json();
        await person.PostAsJsonAsync($"{V1}/sessions/{entry.Session()}/finish", new { manifest = new { } }).Json();
        var final = await Final(scene, scene.Campaign);
        await scene.Publish(final).Json();
        var (present, absent) = (await scene.FileFor(sat, final), await scene.FileFor(missed, final));

        async Task<IEnumerable<Guid>> Listed(string result) =>
            (await scene.Admin.GetAsync($"{V1}/campaigns/{final}/applications?entryResult={result}").Json())["items"]!
                .AsArray()
                .Select(each => each!.Id());

        (await Result(scene, present), await Result(scene, absent)).Should().Be(("present", "absent"));
        (await Listed("present")).Should().Equal(present);
        (await Listed("absent")).Should().Equal(absent);
        (await scene.Admin.GetAsync($"{V1}/campaigns/{final}/applications?entryResult=maybe").ProblemCode(422))
            .Should()
            .Be("unknown-entry-result");
        (await Result(scene, entry.Id())).Should().BeNull("the entry diagnostic itself names none");
        (await scene.Admin.GetAsync($"{V1}/campaigns/{final}").Json())["entryCampaignId"]!.GetValue<Guid>().Should().Be(scene.Campaign);
    }

    [Fact]
    public async Task Only_a_published_entry_diagnostic_is_compared_with()
    {
        var scene = await PublishedByAnother(service);
        var body = await Body(scene, scene.Campaign);
        body["stage"] = "entry";
        (await scene.Admin.PostAsJsonAsync($"{V1}/campaigns", body).ProblemCode(422)).Should().Be("entry-campaign-unfit");
        (await scene.Admin.PostAsJsonAsync($"{V1}/campaigns", await Body(scene, await scene.AddDraft(scene.Site))).ProblemCode(422))
            .Should()
            .Be("entry-campaign-unfit");
        (await scene.Admin.PostAsJsonAsync($"{V1}/campaigns", await Body(scene, Guid.NewGuid())).ProblemCode(422))
            .Should()
            .Be("entry-campaign-unfit");
        var final = await Final(scene, scene.Campaign);
        (await scene.Admin.PostAsJsonAsync($"{V1}/campaigns", await Body(scene, final)).ProblemCode(422))
            .Should()
            .Be("entry-campaign-unfit", "a final one is no entry");

        await scene.Admin.PostAsJsonAsync($"{V1}/campaigns/{scene.Campaign}/cancellation", new { reason = "п" }).Json();

        (await scene.Publish(final).ProblemCode(409)).Should().Be("campaign-not-ready", "the entry diagnostic was called off meanwhile");
    }

    private static async Task<JsonObject> Body(CampaignScene scene, Guid entry)
    {
        var body = await scene.CampaignBody(scene.Site);
        body["stage"] = "final";
        body["entryCampaignId"] = entry;
        return body;
    }

    private static async Task<Guid> Final(CampaignScene scene, Guid entry) =>
        (await scene.Admin.PostAsJsonAsync($"{V1}/campaigns", await Body(scene, entry)).Json(201)).Id();

    private static async Task<string?> Result(CampaignScene scene, Guid application) =>
        (await scene.Admin.GetAsync($"{V1}/applications/{application}").Json())["entryResult"]?.GetValue<string>();
}
