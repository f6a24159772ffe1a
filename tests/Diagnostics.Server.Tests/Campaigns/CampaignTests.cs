using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.Storage.Forms;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Diagnostics.Server.Tests.Campaigns;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

public sealed class CampaignTests(TestService service) : IClassFixture<TestService>
{
    private readonly CampaignScene scene = new(service);

    [Fact]
    public async Task A_draft_pins_the_latest_policies_and_takes_the_time_limit_of_its_form()
    {
        var form = (await service.Admin.GetAsync($"{V1}/forms").Json())["items"]![0]!;
        var draft = await service.Admin.PostAsJsonAsync($"{V1}/campaigns", await scene.CampaignBody(await scene.AddSite())).Json(201);

        draft["status"]!.GetValue<string>().Should().Be("draft");
        draft["timeLimitMinutes"]!.GetValue<int>().Should().Be(form["timeLimitMinutes"]!.GetValue<int>());
        draft["policies"]!
            .AsArray()
            .Select(policy => $"{policy!["kind"]}/{policy["code"]}")
            .Should()
            .BeEquivalentTo(
                "level_scale/default",
                "session/default",
                "marking/default",
                "scoring/default",
                "consent/participation",
                "appeals/default",
                "calendar/default",
                "profile/default"
            );
        draft["consent"]!["code"]!.GetValue<string>().Should().Be("participation");
        draft["profileSharingConsent"]!["code"]!.GetValue<string>().Should().Be("profile-sharing");
    }

    [Fact]
    public async Task A_pinned_policy_stays_when_a_newer_version_comes()
    {
        await service
            .Admin.PostAsJsonAsync(
                $"{V1}/policies",
                new
                {
                    kind = "session",
                    code = "slow-lines",
                    content = new { graceSeconds = 60 },
                }
            )
            .Json(201);
        var body = await scene.CampaignBody(await scene.AddSite());
        body["policies"] = new JsonArray(
            JsonObjectOf(
                new
                {
                    kind = "session",
                    code = "slow-lines",
                    version = 1,
                }
            )
        );
        var campaign = (await service.Admin.PostAsJsonAsync($"{V1}/campaigns", body).Json(201)).Id();
        await service
            .Admin.PostAsJsonAsync(
                $"{V1}/policies",
                new
                {
                    kind = "session",
                    code = "slow-lines",
                    content = new { graceSeconds = 5 },
                }
            )
            .Json(201);
        await scene.Publish(campaign).Json();

        var pinned = (await service.Admin.GetAsync($"{V1}/campaigns/{campaign}").Json())["policies"]!
            .AsArray()
            .Single(policy => policy!["kind"]!.GetValue<string>() == "session")!;

        pinned["version"]!.GetValue<int>().Should().Be(1);
        var grace = await service
            .Services.GetRequiredService<Database>()
            .Read(db =>
                UseCases.Campaigns.CampaignPolicies.Get<Engine.Sessions.SessionPolicy>(db, campaign, Engine.Campaigns.PolicyKind.Session)
            );
        grace.GraceSeconds.Should().Be(60);
    }

    [Fact]
    public async Task An_edit_needs_the_revision_it_is_based_on()
    {
        var site = await scene.AddSite();
        var campaign = await scene.AddDraft(site);
        var body = await scene.CampaignBody(site);
        body["title"] = "Другое название";
        var path = $"{V1}/campaigns/{campaign}";

        (await PutAt(service.Admin, path, body, null).ProblemCode(428)).Should().Be("precondition-required");
        (await PutAt(service.Admin, path, body, 7).ProblemCode(412)).Should().Be("stale-revision");
        var answer = await PutAt(service.Admin, path, body, 1);
        answer.Headers.ETag!.Tag.Should().Be("\"2\"");
        (await PutAt(service.Admin, path, body, 1).ProblemCode(412)).Should().Be("stale-revision");
        (await service.Admin.GetAsync(path).Json())["title"]!.GetValue<string>().Should().Be("Другое название");
    }

    [Fact]
    public async Task A_published_campaign_freezes_its_form_and_changes_no_more()
    {
        var site = await scene.AddSite();
        var campaign = await scene.AddDraft(site);

        (await scene.Publish(campaign).Json())["status"]!.GetValue<string>().Should().Be("published");

        var form = await scene.Form();
        (await service.Services.GetRequiredService<Database>().Read(db => FormStore.Find(db, form)))!.FrozenAt.Should().NotBeNull();
        (await PutAt(service.Admin, $"{V1}/campaigns/{campaign}", await scene.CampaignBody(site), 2).ProblemCode(409))
            .Should()
            .Be("campaign-published");
        (await scene.Publish(campaign).ProblemCode(409)).Should().Be("campaign-published");
    }

    [Fact]
    public async Task Publication_says_all_that_is_missing_at_once()
    {
        var body = await scene.CampaignBody();
        body["windows"] = JsonObjectOf(
            CampaignScene.Windows(
                applicationsFrom: "2026-08-01T00:00:00Z",
                applicationsTo: "2026-09-01T00:00:00Z",
                sittingFrom: "2026-09-02T00:00:00Z"
            )
        );
        var campaign = (await service.Admin.PostAsJsonAsync($"{V1}/campaigns", body).Json(201)).Id();

        var problem = await scene.Publish(campaign).Json(409);

        problem["code"]!.GetValue<string>().Should().Be("campaign-not-ready");
        problem["faults"]!
            .AsArray()
            .Select(fault => fault!.GetValue<string>())
            .Should()
            .Equal("Срок приёма заявлений уже прошёл.", "Не выбрана ни одна площадка.");
    }

    [Fact]
    public async Task Takers_see_published_campaigns_only_and_nothing_of_form_or_policies()
    {
        var draft = await scene.AddDraft(await scene.AddSite());
        var published = await Published(service);
        var (_, person) = await scene.Person();

        var seen = (await person.GetAsync($"{V1}/campaigns?limit=500").Json())["items"]!.AsArray();

        seen.Select(campaign => campaign!.Id()).Should().Contain(published.Campaign).And.NotContain(draft);
        seen.Should().OnlyContain(campaign => campaign!["formId"] == null && campaign["policies"] == null);
        (await person.GetAsync($"{V1}/campaigns/{draft}").ProblemCode(404)).Should().Be("campaign-not-found");
        (await scene.Publish(draft).Json())["formId"].Should().NotBeNull();
    }

    [Fact]
    public async Task An_operator_of_one_campaign_leads_that_one_alone()
    {
        var own = await scene.AddDraft(await scene.AddSite());
        var other = await scene.AddDraft(await scene.AddSite());
        var (_, client) = await scene.Staff(
            new
            {
                role = "operator",
                scope = "campaign",
                scopeId = own,
            }
        );

        (await client.GetAsync($"{V1}/campaigns?limit=500").Json())["items"]!
            .AsArray()
            .Select(campaign => campaign!.Id())
            .Should()
            .Contain(own)
            .And.NotContain(other);
        await client.PostAsJsonAsync($"{V1}/campaigns/{own}/publication", new { }).Json();
        (await client.PostAsJsonAsync($"{V1}/campaigns/{other}/publication", new { }).ProblemCode(404)).Should().Be("campaign-not-found");
        (await client.PostAsJsonAsync($"{V1}/campaigns", await scene.CampaignBody()).ProblemCode(403))
            .Should()
            .Be("operator-everywhere-only");
    }

    [Fact]
    public async Task Pages_of_the_list_follow_one_another_without_gap_or_repetition()
    {
        for (var made = 0; made < 3; made++)
            await scene.AddDraft();
        var seen = new List<Guid>();
        for (string? after = ""; after is not null; )
        {
            var page = await service.Admin.GetAsync($"{V1}/campaigns?limit=2{(after.Length > 0 ? $"&after={after}" : "")}").Json();
            seen.AddRange(page["items"]!.AsArray().Select(campaign => campaign!.Id()));
            after = page["next"]?.GetValue<string>();
        }

        seen.Should()
            .OnlyHaveUniqueItems()
            .And.HaveCountGreaterOrEqualTo(3)
            .And.Equal(seen.OrderBy(id => id.ToString(), StringComparer.Ordinal));
    }
}
