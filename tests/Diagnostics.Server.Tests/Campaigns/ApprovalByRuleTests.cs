using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.Jobs;
using Diagnostics.Storage;
using Diagnostics.TestKit;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Campaigns;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>All applications that meet a rule are approved with one call, and one report says what became of each.</summary>
public sealed class ApprovalByRuleTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task Those_who_applied_first_get_the_places_and_the_report_says_who_got_none()
    {
        var scene = await Published(service, seats: 5);
        var filed = new List<Guid>();
        foreach (var person in await scene.Enrol(8))
        {
            filed.Add(await scene.FileFor(person));
            service.Clock.Advance(Duration.FromMilliseconds(1));
        }

        var (job, lines) = await Approve(scene, new { });

        (job.Number("total"), job["result"]!.Number("done"), job["result"]!.Number("faults")).Should().Be((8, 5, 3));
        var statuses = new List<string>();
        foreach (var application in filed)
            statuses.Add(await scene.Status(application));
        statuses.Should().Equal([.. Enumerable.Repeat("approved", 5), .. Enumerable.Repeat("submitted", 3)]);
        lines
            .Where(line => line["outcome"]!.GetValue<string>() == "fault")
            .Select(line => (line["subject"]!.GetValue<string>(), line["code"]!.GetValue<string>()))
            .Should()
            .Equal(filed.Skip(5).Select(id => ($"application:{id:D}", "site-full")));
        var sessions = (await scene.Sessions()).Select(session => $"session:{session.Id():D}");
        lines
            .Where(line => line["outcome"]!.GetValue<string>() == "done")
            .Select(line => line["subject"]!.GetValue<string>())
            .Should()
            .BeEquivalentTo(sessions);
        // A refused approval has left nothing of itself.
        (
            await service
                .Services.GetRequiredService<Database>()
                .Read(db =>
                    db.Value<int>(
                        "SELECT COUNT(*) FROM applications WHERE campaign_id = @Campaign AND status = 'submitted' AND decided_at IS NOT NULL",
                        new { scene.Campaign }
                    )
                )
        )
            .Should()
            .Be(0);
    }

    [Fact]
    public async Task The_rule_chooses_the_site_the_territory_and_leaves_special_conditions_to_a_decision()
    {
        var scene = await Published(service);
        var here = await scene.FileFor(await scene.Enrol());
        var there = await scene.FileFor(await scene.Enrol("82-702"));
        var body = JsonObjectOf(scene.ApplicationBody(await scene.Enrol()));
        body["accommodations"] = JsonObjectOf(new { breaks = true });
        var special = (await scene.Apply(scene.Admin, body).Json(201)).Id();

        (await Approve(scene, new { territory = "82-701" })).Job["result"]!.Number("done").Should().Be(1);
        (await Statuses()).Should().Equal("approved", "submitted", "submitted");
        (await Approve(scene, new { siteId = scene.Site })).Job["result"]!.Number("done").Should().Be(1);
        (await Statuses()).Should().Equal("approved", "approved", "submitted");
        (await Approve(scene, new { withAccommodations = true })).Job["result"]!.Number("done").Should().Be(1);
        (await Statuses()).Should().Equal("approved", "approved", "approved");
        (await Approve(scene, new { })).Job.Number("total").Should().Be(0);

        async Task<IReadOnlyList<string>> Statuses() => [await scene.Status(here), await scene.Status(there), await scene.Status(special)];
    }

    [Fact]
    public async Task Whoever_does_not_operate_the_campaign_and_who_names_another_site_is_refused()
    {
        var scene = await Published(service);
        var (_, other) = await scene.Staff(
            new
            {
                role = "operator",
                scope = "territory",
                scopeId = "82-701",
            }
        );
        var path = Path(scene);

        (await other.PostAsJsonAsync(path, new { }).ProblemCode(403)).Should().Be("not-your-campaign");
        (await scene.Admin.PostAsJsonAsync(path, new { siteId = await scene.AddSite() }).ProblemCode(422))
            .Should()
            .Be("site-not-in-campaign");
        (await scene.Admin.PostAsJsonAsync($"{V1}/campaigns/{Guid.Empty}/applications/approvals/by-rule", new { }).ProblemCode(404))
            .Should()
            .Be("campaign-not-found");
    }

    private static string Path(CampaignScene scene) => $"{V1}/campaigns/{scene.Campaign}/applications/approvals/by-rule";

    private static async Task<(JsonNode Job, IReadOnlyList<JsonNode> Lines)> Approve(CampaignScene scene, object rule)
    {
        using var answer = await scene.Admin.PostAsJsonAsync(Path(scene), rule);
        var asked = await Task.FromResult(answer).Json(202);
        answer.Headers.Location!.ToString().Should().Be($"{V1}/jobs/{asked.Id()}");
        var job = await JobScene.Over(scene.Admin, asked.Id());
        job.State().Should().Be("finished");
        var lines = await scene.Admin.GetAsync($"{V1}/jobs/{asked.Id()}/lines").Json();
        return (job, lines.Items().Select(line => line!).ToList());
    }
}
