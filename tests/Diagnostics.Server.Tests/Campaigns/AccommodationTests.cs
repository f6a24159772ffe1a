using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Diagnostics.Server.Tests.Campaigns;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>
/// Special conditions are requested with the application, granted with the approval, and in force from the start of the
/// session.
/// </summary>
public sealed class AccommodationTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task What_the_operator_grants_is_told_to_the_person_and_to_the_site_and_runs_from_the_start()
    {
        var scene = await Published(service);
        var (_, person) = await scene.Person();
        var filed = await scene
            .Apply(
                person,
                Asking(
                    scene,
                    new
                    {
                        extraTime = new { amount = 25, unit = "percent" },
                        breaks = true,
                        assistant = true,
                    }
                )
            )
            .Json(201);

        var approved = await scene
            .Decide(
                filed.Id(),
                "approval",
                new { accommodations = new { extraTime = new { amount = 30, unit = "minutes" }, breaks = true } }
            )
            .Json();

        filed["accommodationsAsked"]!["extraTime"]!["amount"]!.GetValue<int>().Should().Be(25);
        filed["accommodationsGranted"].Should().BeNull();
        approved["accommodationsAsked"]!["assistant"]!.GetValue<bool>().Should().BeTrue();
        approved["accommodationsGranted"]!["assistant"]!.GetValue<bool>().Should().BeFalse();
        var session = approved["sessionId"]!.GetValue<Guid>();
        var (limit, supervised) = await Started(scene, person, session);
        (Minutes(supervised) - limit).Should().Be(30);
        supervised["accommodations"]!["breaks"]!.GetValue<bool>().Should().BeTrue();
        (await scene.Sessions()).Single()["accommodations"]!["extraTime"]!["amount"]!.GetValue<int>().Should().Be(30);
        (await scene.Admin.GetAsync($"{V1}/sessions/{session}/events").Json())
            .Items()
            .Single(happened => happened!["kind"]!.GetValue<string>() == "extra_time")!["details"]!
            .GetValue<string>()
            .Should()
            .Contain("30");
    }

    [Fact]
    public async Task An_approval_that_says_nothing_grants_what_was_asked_for_one_by_one_and_many_at_once()
    {
        var scene = await Published(service);
        var (_, first) = await scene.Person();
        var (_, second) = await scene.Person();
        var needs = new { extraTime = new { amount = 20, unit = "minutes" }, paper = true };
        var alone = (await scene.Apply(first, Asking(scene, needs)).Json(201)).Id();
        var among = (await scene.Apply(second, Asking(scene, needs)).Json(201)).Id();

        var one = await scene.Admin.PostAsync($"{V1}/applications/{alone}/approval", null).Json();
        await scene
            .Admin.PostAsJsonAsync($"{V1}/campaigns/{scene.Campaign}/applications/approvals", new { applicationIds = new[] { among } })
            .Json();

        one["accommodationsGranted"]!.ToJsonString().Should().Be(one["accommodationsAsked"]!.ToJsonString());
        (await second.GetAsync($"{V1}/applications/{among}").Json())["accommodationsGranted"]!["paper"]!.GetValue<bool>().Should().BeTrue();
    }

    [Fact]
    public async Task An_empty_grant_is_none_and_the_time_is_everybodys()
    {
        var scene = await Published(service);
        var (_, person) = await scene.Person();
        var application = (
            await scene.Apply(person, Asking(scene, new { extraTime = new { amount = 20, unit = "minutes" } })).Json(201)
        ).Id();

        var approved = await scene.Decide(application, "approval", new { accommodations = new { } }).Json();

        approved["accommodationsGranted"].Should().BeNull();
        var (limit, supervised) = await Started(scene, person, approved["sessionId"]!.GetValue<Guid>());
        Minutes(supervised).Should().Be(limit);
    }

    /// <summary>The shipped policy allows a session at most four extra hours in all.</summary>
    [Fact]
    public async Task Nobody_is_promised_or_given_more_than_the_campaigns_policy_allows()
    {
        var scene = await Published(service);
        var (_, person) = await scene.Person();
        object Extra(int minutes) => new { extraTime = new { amount = minutes, unit = "minutes" } };

        (await scene.Apply(person, Asking(scene, Extra(241))).ProblemCode(422)).Should().Be("extra-time-exceeded");
        (await scene.Apply(person, Asking(scene, Extra(0))).ProblemCode(422)).Should().Be("extra-time-invalid");
        var application = (await scene.Apply(person, Asking(scene, Extra(200))).Json(201)).Id();
        (await scene.Decide(application, "approval", new { accommodations = Extra(241) }).ProblemCode(422))
            .Should()
            .Be("extra-time-exceeded");
        (await scene.Status(application)).Should().Be("submitted");
        var session = (await scene.Decide(application, "approval").Json())["sessionId"]!.GetValue<Guid>();
        await Started(scene, person, session);

        (
            await scene
                .Admin.PostAsJsonAsync($"{V1}/sessions/{session}/extra-time", new { minutes = 41, reason = "Отключили свет" })
                .ProblemCode(409)
        )
            .Should()
            .Be("extra-time-exceeded");
        await scene.Admin.PostAsJsonAsync($"{V1}/sessions/{session}/extra-time", new { minutes = 40, reason = "Отключили свет" }).Json();
    }

    [Fact]
    public async Task When_a_person_is_erased_nothing_tells_what_they_needed()
    {
        var scene = await Published(service);
        var (id, person) = await scene.Person();
        var application = (await scene.Apply(person, Asking(scene, new { assistant = true })).Json(201)).Id();
        await scene.Decide(application, "approval").Json();

        await scene.Admin.DeleteAsync($"{V1}/people/{id}").Json(204);

        var left = await scene.Admin.GetAsync($"{V1}/applications/{application}").Json();
        (left["accommodationsAsked"], left["accommodationsGranted"]).Should().Be((null, null));
        var (_, auditor) = await scene.Staff(new { role = "auditor", scope = "all" });
        var audit = await auditor.GetAsync($"{V1}/audit?limit=500").Json();
        audit.ToJsonString().Should().Contain($"application:{application}").And.NotContain("assistant", "the audit keeps for ever");
    }

    private static JsonObject Asking(CampaignScene scene, object accommodations)
    {
        var body = JsonObjectOf(scene.ApplicationBody());
        body["accommodations"] = JsonObjectOf(accommodations);
        return body;
    }

    /// <summary>Starts a session and returns it with the campaign's usual time limit.</summary>
    private static async Task<(int Limit, JsonNode Session)> Started(CampaignScene scene, HttpClient person, Guid session)
    {
        await scene.Admin.PostAsync($"{V1}/sessions/{session}/admission", null).Json();
        await person.PostAsJsonAsync($"{V1}/sessions/{session}/start", new { }).Json();
        var limit = (await scene.Admin.GetAsync($"{V1}/campaigns/{scene.Campaign}").Json())["timeLimitMinutes"]!.GetValue<int>();
        return (limit, await scene.Admin.GetAsync($"{V1}/sessions/{session}/supervision").Json());
    }

    private static int Minutes(JsonNode session) =>
        (int)(session["deadline"]!.GetValue<DateTimeOffset>() - session["startedAt"]!.GetValue<DateTimeOffset>()).TotalMinutes;
}
