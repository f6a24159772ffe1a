using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Api;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using Microsoft.Extensions.DependencyInjection;

namespace Diagnostics.Server.Tests.ComplexProfiles;

/// <summary>Положение о диагностике, пп. 2.4 и 7.4, over the API.</summary>
public sealed class ComplexProfileTests(ComplexProfileTests.Unlimited fixture) : IClassFixture<ComplexProfileTests.Unlimited>
{
    /// <summary>One account enters more findings within a second than it may where the service is not set otherwise.</summary>
    public sealed class Unlimited : IAsyncLifetime
    {
        internal TestService Service { get; } = new() { More = ServerProcess.Unlimited };

        public Task InitializeAsync() => Service.InitializeAsync();

        public Task DisposeAsync() => Service.DisposeAsync();
    }

    private readonly TestService service = fixture.Service;

    private const string V1 = ComplexScene.V1;
    private const string High = "high",
        Medium = "medium",
        Minimal = "minimal";

    /// <summary>
    /// The scale: high below 60 %, medium below 81 %, minimal from there. The weights 40, 30, 20 and 10 stand in the working
    /// as 4, 3, 2 and 1; without a source the others share its weight. Under the third policy the first source that is there
    /// leads, and the mean of the others moves its level by one step at most. A pair of sources contradicts each other when
    /// one finds a high and the other a minimal deficit.
    /// </summary>
    private static readonly Row[] Rows =
    [
        // Only the test: 50.
        new(50, null, null, null, (High, 50m), High, High, 0),
        // Only the person's own view: 90.
        new(null, null, null, 90, (Minimal, 90m), Minimal, Minimal, 0),
        // All agree: 90.
        new(90, 90, 90, 90, (Minimal, 90m), Minimal, Minimal, 0),
        // (160 + 270 + 180 + 90) / 10 = 70. The test leads with high, the others are (270 + 180 + 90) / 6 = 90: one step up.
        // Each of the three contradicts the test.
        new(40, 90, 90, 90, (Medium, 70m), High, Medium, 3),
        // (360 + 120 + 80 + 40) / 10 = 60, which belongs to medium. The test leads with minimal, the others are 40: one step down.
        new(90, 40, 40, 40, (Medium, 60m), High, Medium, 3),
        // (280 + 90) / 5 = 74. The test leads with medium, the other is 90: one step up.
        new(70, null, null, 90, (Medium, 74m), Medium, Minimal, 0),
        // (360 + 30) / 5 = 78. The test leads with minimal, the other is 30: one step down. Test high, self low.
        new(90, null, null, 30, (Medium, 78m), High, Medium, 1),
        // (240 + 150) / 7 = 55.714… The test leads with medium, the other is 50: one step down.
        new(60, 50, null, null, (High, 55.71m), High, High, 0),
        // (320 + 240 + 180) / 9 = 82.222… The test leads with medium, the others are (240 + 180) / 5 = 84: one step up.
        new(80, 80, 90, null, (Minimal, 82.22m), Medium, Minimal, 0),
        // (210 + 100 + 90) / 6 = 66.666… The observation leads with medium, the others are (100 + 90) / 3 = 63.333…: medium too.
        // The practice contradicts the person.
        new(null, 70, 50, 90, (Medium, 66.66m), High, Medium, 1),
        // (270 + 100 + 60) / 6 = 71.666… The observation leads with minimal, the others are (100 + 60) / 3 = 53.333…: one step down.
        new(null, 90, 50, 60, (Medium, 71.66m), High, Medium, 1),
        // (240 + 180 + 100) / 8 = 65. The test leads with medium, the others are (180 + 100) / 4 = 70: medium too.
        new(60, 60, null, 100, (Medium, 65m), Medium, Medium, 0),
        // (200 + 180 + 40) / 9 = 46.666… The test leads with high, the others are (180 + 40) / 5 = 44: high too.
        new(50, 60, 20, null, (High, 46.66m), High, High, 0),
        // (400 + 160) / 6 = 93.333… The test leads with minimal, the other is 80: one step down.
        new(100, null, 80, null, (Minimal, 93.33m), Medium, Medium, 0),
        // (0 + 100) / 3 = 33.333… The practice leads with high, the other is 100: one step up.
        new(null, null, 0, 100, (High, 33.33m), High, Medium, 1),
        // (360 + 120 + 0) / 7 = 68.571… The test leads with minimal, the others are (120 + 0) / 3 = 40: one step down.
        new(90, null, 60, 0, (Medium, 68.57m), High, Medium, 1),
        // (240 + 270 + 180) / 9 = 76.666… The test leads with medium, the others are 90: one step up.
        new(60, 90, 90, null, (Medium, 76.66m), Medium, Minimal, 0),
        // (90 + 90) / 4 = 45. The observation leads with high, the other is 90: one step up.
        new(null, 30, null, 90, (High, 45m), High, Medium, 1),
    ];

    private Database Database => service.Services.GetRequiredService<Database>();

    [Fact]
    public async Task Each_policy_joins_contradicting_and_missing_sources_as_worked_by_hand()
    {
        var scene = await ComplexScene.Of(service);
        var people = new List<(Guid Id, Row Row)>();
        foreach (var row in Rows)
            people.Add((await scene.Person(row.Test), row));
        await scene.Publish();
        var policies = new Dictionary<string, string>();
        foreach (var rule in (string[])["weights", "worst", "leading"])
            policies[rule] = await scene.AddPolicy(rule, 40, 30, 20, 10);
        foreach (var (person, row) in people)
        {
            if (row.Observation is { } observation)
                await scene.Observe(person, observation);
            if (row.Practice is { } practice)
                await scene.Practise(person, practice);
            if (row.Self is { } self)
                await scene.Ask(person, self);

            var weights = ComplexScene.Methodical(await scene.Make(person, policies["weights"]));
            var worst = ComplexScene.Methodical(await scene.Make(person, policies["worst"]));
            var leading = ComplexScene.Methodical(await scene.Make(person, policies["leading"]));

            (Level(weights), weights["resultPercent"]!.GetValue<decimal>()).Should().Be(row.Weights, "{0}", row);
            Level(worst).Should().Be(row.Worst, "{0}", row);
            Level(leading).Should().Be(row.Leading, "{0}", row);
            (worst["resultPercent"], leading["resultPercent"]).Should().Be((null, null), "a joint of levels has no number");
            foreach (var joint in new[] { weights, worst, leading })
            {
                joint["contradictions"]!.AsArray().Should().HaveCount(row.Contradictions, "no policy hides one: {0}", row);
                joint["sources"]!
                    .AsArray()
                    .Select(line => (int?)line!["resultPercent"]?.GetValue<decimal>())
                    .Should()
                    .Equal(row.Test, row.Observation, row.Practice, row.Self);
            }
            (await scene.Latest(person))["missing"]!.AsArray().Should().HaveCount(row.Missing, "{0}", row);
            (await scene.Versions(person)).Select(one => one["version"]!.GetValue<int>()).Should().Equal(1, 2, 3);
        }
    }

    [Fact]
    public async Task Each_source_is_named_with_its_date_weight_and_evidence_and_the_document_keeps_its_schema()
    {
        var (scene, person) = await Everything();

        var document = await scene.Make(person, "weighted");

        new SchemaCheck(JsonNode.Parse(ComplexProfilesApi.Schema)!.AsObject()).Faults(document).Should().BeEmpty();
        (await scene.Admin.GetStringAsync($"{V1}/complex-profiles/schema"))
            .Should()
            .Be(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "openapi", "complex-profile.schema.json")));
        document["findings"]!
            .AsArray()
            .Select(one =>
                (
                    one!["source"]!.GetValue<string>(),
                    one["version"]!.GetValue<int>(),
                    one["at"]!.GetValue<string>(),
                    one["use"]!.GetValue<string>()
                )
            )
            .Should()
            .Equal(
                ("practice", 1, "2026-05-20T00:00:00Z", "joined"),
                ("observation", 1, "2026-09-10T00:00:00Z", "joined"),
                ("self_diagnosis", 1, "2026-09-12T00:00:00Z", "joined"),
                ("test", document["findings"]![3]!["version"]!.GetValue<int>(), "2026-09-14T06:00:00Z", "joined")
            );
        var profile = await scene.Admin.GetAsync($"{V1}/profiles/{document["findings"]![3]!["id"]}").Json();
        (profile["status"]!.GetValue<string>(), profile["subject"]!["participantId"]!.GetValue<Guid>()).Should().Be(("final", person));
        var competency = document["blocks"]![1]!["competencies"]!
            .AsArray()
            .Single(one => one!["code"]!.GetValue<string>() == ComplexScene.Competency)!;
        competency["sources"]!
            .AsArray()
            .Select(line =>
                (
                    line!["source"]!.GetValue<string>(),
                    line["weight"]!.GetValue<int>(),
                    line["items"]!.GetValue<int>(),
                    line["earned"]!.GetValue<decimal>(),
                    line["maximum"]!.GetValue<decimal>(),
                    line["evidence"]!.GetValue<string>()
                )
            )
            .Should()
            .Equal(
                ("test", 40, 4, 90m, 100m, "enough"),
                ("observation", 30, 10, 8m, 10m, "enough"),
                ("practice", 20, 10, 7m, 10m, "enough"),
                // A single answer is too little for a level by this policy.
                ("self_diagnosis", 10, 1, 3m, 10m, "signal")
            );
        document["explanation"]!.GetValue<string>().Should().Contain("«Тест» — 40").And.Contain("усредняются");
    }

    [Fact]
    public async Task It_follows_every_change_of_a_source_and_a_withdrawal_restores_the_earlier_joint()
    {
        var (scene, person) = await Everything();
        var policy = await scene.AddPolicy("weights", 40, 30, 20, 10);
        var first = await scene.Make(person, policy);

        var observation = await scene.Observe(person, 100);
        var observed = await scene.Latest(person);
        await scene.WithdrawObservation(observation);
        var restored = await scene.Latest(person);
        var table = await scene.Practise(person, 10);
        await scene.Correct(table, 1, 20);
        await scene.WithdrawTable(table);

        observed["version"]!.GetValue<int>().Should().Be(2);
        observed["cause"]!.GetValue<string>().Should().Be("source_changed");
        ComplexScene.Methodical(observed)["sources"]![1]!["resultPercent"]!
            .GetValue<decimal>()
            .Should()
            .Be(90m, "8 and 10 of 20 on one day");
        restored["version"]!.GetValue<int>().Should().Be(3);
        Said(restored).Should().Be(Said(first));
        Said(await scene.Latest(person)).Should().Be(Said(first));
        (await scene.Versions(person)).Select(one => one["version"]!.GetValue<int>()).Should().Equal(1, 2, 3, 4, 5, 6);
        (await scene.Versions(person))
            .Select(one => one["isLatest"]!.GetValue<bool>())
            .Should()
            .Equal(false, false, false, false, false, true);
        Said(await scene.Document(first["id"]!.GetValue<Guid>())).Should().Be(Said(first), "a version never changes");
        (await scene.Ask(person, policy).Json())["version"]!.GetValue<int>().Should().Be(6, "nothing has changed since");
    }

    [Fact]
    public async Task A_published_test_its_annulment_and_the_end_of_the_annulment_are_followed()
    {
        var scene = await ComplexScene.Of(service);
        var person = await scene.Person(90);
        await scene.Observe(person, 40);
        var policy = await scene.AddPolicy("worst", 40, 30, 20, 10);
        var before = await scene.Make(person, policy);
        before["missing"]!.AsArray().Select(one => one!["source"]!.GetValue<string>()).Should().Equal("test", "practice", "self_diagnosis");

        await scene.Publish();
        var published = await scene.Latest(person);

        published["missing"]!.AsArray().Select(one => one!["source"]!.GetValue<string>()).Should().Equal("practice", "self_diagnosis");
        (published["version"]!.GetValue<int>(), Level(ComplexScene.Methodical(published))).Should().Be((2, High));
        ComplexScene.Methodical(published)["contradictions"]![0]!
            .ToJsonString()
            .Should()
            .Be("""{"weaker":"observation","stronger":"test","steps":2}""");
        var profile = await scene.Admin.GetAsync($"{V1}/profiles/{published["findings"]!.AsArray().Last()!["id"]}").Json();
        var session = profile["subject"]!["sessionId"]!.GetValue<Guid>();
        await service.Admin.PostAsJsonAsync($"{V1}/sessions/{session}/annulment", new { reason = "Работу писал другой человек" }).Json();
        Said(await scene.Latest(person)).Should().Be(Said(before));
    }

    [Fact]
    public async Task A_better_source_never_makes_a_level_worse_and_the_order_of_sources_does_not_matter()
    {
        var scene = await ComplexScene.Of(service);
        foreach (var rule in (string[])["weights", "worst", "leading"])
        {
            var policy = await scene.AddPolicy(rule, 10, 20, 50, 20);
            var (one, other) = (await scene.Person(null), await scene.Person(null));
            await scene.Observe(one, 70);
            await scene.Ask(one, 40);
            var table = await scene.Practise(one, 0);
            await scene.Make(one, policy);
            for (var percent = 10; percent <= 100; percent += 10)
                await scene.Correct(table, percent / 10, percent);
            await scene.Practise(other, 100);
            await scene.Ask(other, 40);
            await scene.Observe(other, 70);

            var levels = new List<int>();
            foreach (var version in await scene.Versions(one))
                levels.Add(Array.IndexOf([High, Medium, Minimal], Level(ComplexScene.Methodical(await scene.Document(version.Id())))));

            levels.Should().HaveCount(11).And.BeInAscendingOrder(rule);
            (await scene.Make(other, policy))["blocks"]!.ToJsonString().Should().Be((await scene.Latest(one))["blocks"]!.ToJsonString());
        }
    }

    [Fact]
    public async Task An_absent_source_changes_nothing_but_its_own_line()
    {
        var scene = await ComplexScene.Of(service);
        var person = await scene.Person(null);
        await scene.Observe(person, 80);
        await scene.Practise(person, 40);
        foreach (var rule in (string[])["weights", "worst", "leading"])
        {
            // Without the self-diagnosis, 20 : 20 : 10 and 40 : 40 : 20 are the same weights.
            var with = ComplexScene.Methodical(await scene.Make(person, await scene.AddPolicy(rule, 20, 20, 10, 50)));
            var without = ComplexScene.Methodical(await scene.Make(person, await scene.AddPolicy(rule, 40, 40, 20, 0)));

            with["sources"]!.AsArray().Should().HaveCount(4);
            with["sources"]!.AsArray().RemoveAt(3);
            foreach (var line in with["sources"]!.AsArray().Concat(without["sources"]!.AsArray()))
                line!.AsObject().Remove("weight");
            with.ToJsonString().Should().Be(without.ToJsonString());
        }
    }

    [Fact]
    public async Task Fifty_requests_at_once_leave_one_version() => await FiftyAtOnce(connection: null);

    [PostgresFact]
    public async Task Fifty_requests_at_once_leave_one_version_on_Postgres() =>
        await FiftyAtOnce(await PostgresDatabases.CreateMigrated(TestService.Start));

    private static async Task FiftyAtOnce(string? connection)
    {
        var own = new TestService { Connection = connection, More = ServerProcess.Unlimited };
        await own.InitializeAsync();
        try
        {
            await FiftyAtOnce(own);
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    private static async Task FiftyAtOnce(TestService own)
    {
        var scene = await ComplexScene.Of(own);
        var person = await scene.Person(null);
        await scene.Observe(person, 60);
        var policy = await scene.AddPolicy("leading", 40, 30, 20, 10);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => scene.Ask(person, policy)));

        answers.Select(answer => (int)answer.StatusCode).Should().AllBeEquivalentTo(200);
        (await scene.Versions(person)).Should().ContainSingle();
        await scene.Practise(person, 60);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => scene.Ask(person, policy)));
        (await scene.Versions(person)).Should().HaveCount(2, "one version for each set of sources");
    }

    [Fact]
    public async Task A_repeated_request_gets_the_first_answer_and_a_version_is_cached_by_its_tag()
    {
        var scene = await ComplexScene.Of(service);
        var person = await scene.Person(null);
        await scene.Observe(person, 60);
        var (address, key) = ($"{V1}/people/{person}/complex-profiles", Guid.NewGuid().ToString());
        var first = await CampaignScene.PostOnce(scene.Admin, address, new { }, key).Json();
        await scene.Practise(person, 10);

        (await CampaignScene.PostOnce(scene.Admin, address, new { }, key).Json()).ToJsonString().Should().Be(first.ToJsonString());
        (await CampaignScene.PostOnce(scene.Admin, address, new { policy = new { code = "worst", version = 1 } }, key).ProblemCode(422))
            .Should()
            .Be("idempotency-key-reused");
        using var document = await scene.Admin.GetAsync($"{V1}/complex-profiles/{first.Id()}");
        using var again = new HttpRequestMessage(HttpMethod.Get, $"{V1}/complex-profiles/{first.Id()}");
        again.Headers.IfNoneMatch.Add(document.Headers.ETag!);
        ((int)(await scene.Admin.SendAsync(again)).StatusCode).Should().Be(304);
        (first["policy"]!["code"]!.GetValue<string>(), first["framework"]!["code"]!.GetValue<string>()).Should().Be(("default", "teacher"));
    }

    [Fact]
    public async Task A_stranger_gets_the_same_answer_as_for_something_that_does_not_exist()
    {
        var scene = await ComplexScene.Of(service);
        var person = await scene.Person(null);
        await scene.Observe(person, 60);
        var made = (await scene.Ask(person, "default").Json()).Id();
        var own = await scene.Campaign.Taker(person);
        var stranger = await scene.Campaign.Taker(await scene.Campaign.Person());
        var foreign = await scene.Campaign.Portal("elsewhere");
        var portal = await scene.Campaign.Portal("82");
        var (list, address) = ($"{V1}/people/{person}/complex-profiles", $"{V1}/complex-profiles/{made}");

        foreach (var nobody in new[] { stranger, foreign })
        {
            (await Bare(nobody, address)).Should().Be(await Bare(nobody, $"{V1}/complex-profiles/{Guid.NewGuid()}"));
            (await Bare(nobody, list)).Should().Be(await Bare(nobody, $"{V1}/people/{Guid.NewGuid()}/complex-profiles"));
        }
        (await stranger.PostAsJsonAsync(list, new { }).ProblemCode(404)).Should().Be("person-not-found");
        (await portal.PostAsJsonAsync(list, new { }).ProblemCode(403)).Should().Be("not-allowed");
        (await portal.GetAsync(address).ProblemCode(403)).Should().Be("profile-sharing-not-consented");
        (await own.GetAsync(address).Json())["version"]!.GetValue<int>().Should().Be(1);
        (await own.PostAsJsonAsync(list, new { }).Json()).Id().Should().Be(made);
        (await Looks(person)).Should().Be(0, "people look at their own");

        await scene.Campaign.Consent(person);
        (await portal.GetAsync(address).Json())["version"]!.GetValue<int>().Should().Be(1);
        (await portal.GetAsync(list).Json()).Items().Should().ContainSingle();
        (await Looks(person)).Should().Be(2);
        var told = (await portal.GetAsync($"{V1}/profile-feed?type=complex.profile.issued&limit=500").Json()).Items();
        var last = told.Last(one => one!["participantId"]!.GetValue<Guid>() == person)!;
        (last["href"]!.GetValue<string>(), last["version"]!.GetValue<int>()).Should().Be((address, 1));
        var data = await own.GetAsync($"{V1}/people/{person}/data").Json();
        data["parts"]!.AsArray().Single(part => part!["table"]!.GetValue<string>() == "complex_profiles")!["rows"]!
            .AsArray()
            .Should()
            .ContainSingle();
    }

    [Fact]
    public async Task Wrong_requests_are_refused_by_name_and_place()
    {
        var scene = await ComplexScene.Of(service);
        var (person, silent) = (await scene.Person(null), await scene.Campaign.Person());
        var address = $"{V1}/people/{person}/complex-profiles";

        (await scene.Ask(person, "default").ProblemCode(409)).Should().Be("complex-profile-empty");
        await scene.Observe(person, 60);
        await Refused(new { policy = new { code = "mood", version = 1 } }, "complex-policy-not-found", "policy");
        await Refused(new { policy = new { code = "default", version = 9 } }, "complex-policy-not-found", "policy");
        await Refused(new { framework = new { code = "teacher", version = 9 } }, "complex-framework-not-found", "framework");
        (await scene.Admin.PostAsJsonAsync(address, new { framework = new { code = "manager", version = 1 } }).ProblemCode(409))
            .Should()
            .Be("complex-profile-empty", "what is found about a teacher says nothing about a head");
        ((int)(await scene.Admin.PostAsJsonAsync(address, new { policy = "default" })).StatusCode).Should().Be(400);
        (await scene.Ask(Guid.NewGuid(), "default").ProblemCode(404)).Should().Be("person-not-found");
        (await scene.Ask(silent, "default").ProblemCode(409)).Should().Be("participation-not-consented");

        async Task Refused(object body, string code, string field)
        {
            var problem = await scene.Admin.PostAsJsonAsync(address, body).Json(422);
            (problem["code"]!.GetValue<string>(), problem["field"]!.GetValue<string>()).Should().Be((code, field));
        }
    }

    [Theory]
    [InlineData("weight", "110", "sources: веса (weight) вместе составляют 100, а здесь 170.")]
    [InlineData("weight", "0", "sources: test: weight — от 1 до 100.")]
    [InlineData("source", "\"rumour\"", "sources: источника «rumour» нет; бывают test, observation, practice, self_diagnosis.")]
    [InlineData("source", "\"practice\"", "sources: источник practice назван дважды.")]
    [InlineData("poolDays", "-1", "sources: test: poolDays — от 0 до 1100.")]
    [InlineData(
        "enough",
        """{"minItems": 0, "minPoints": 1}""",
        "sources: test: для уровня нужно хотя бы одно свидетельство и больше нуля баллов."
    )]
    public async Task A_policy_with_a_wrong_source_is_refused_by_place(string field, string value, string fault)
    {
        var content = ComplexScene.Content("weights", 40, 30, 20, 10);
        content["sources"]![0]![field] = JsonNode.Parse(value);

        var problem = await AddPolicy(content).Json(422);

        problem["code"]!.GetValue<string>().Should().Be("policy-invalid");
        problem["faults"]!.AsArray().Select(one => one!.GetValue<string>()).Should().Contain(fault);
    }

    [Fact]
    public async Task A_policy_names_a_rule_a_scale_and_steps_that_exist_and_no_campaign_pins_it()
    {
        var content = ComplexScene.Content("weights", 40, 30, 20, 10);
        var steps = content.DeepClone();
        steps["contradictionFrom"] = 4;
        var rule = content.DeepClone();
        rule["rule"] = "best";
        var scale = content.DeepClone();
        scale["levelScale"]!["version"] = 9;

        (await AddPolicy(steps).Json(422))["faults"]![0]!.GetValue<string>().Should().Be("contradictionFrom — от 1 до 3 ступеней шкалы.");
        (await AddPolicy(rule).Json(422))["path"]!.GetValue<string>().Should().Be("$.rule");
        var lacking = await AddPolicy(scale).Json(422);
        (lacking["code"]!.GetValue<string>(), lacking["field"]!.GetValue<string>()).Should().Be(("level-scale-not-found", "content"));

        var campaign = new CampaignScene(service);
        var body = await campaign.CampaignBody(await campaign.AddSite());
        body["policies"] = new JsonArray(
            new JsonObject
            {
                ["kind"] = "complex_profile",
                ["code"] = "default",
                ["version"] = 1,
            }
        );
        (await service.Admin.PostAsJsonAsync($"{V1}/campaigns", body).ProblemCode(422)).Should().Be("policy-unfit");
        body.Remove("policies");
        var made = await service.Admin.PostAsJsonAsync($"{V1}/campaigns", body).Json(201);
        made["policies"]!
            .AsArray()
            .Select(one => one!["kind"]!.GetValue<string>())
            .Should()
            .BeEquivalentTo(["level_scale", "session", "marking", "scoring", "consent", "appeals", "calendar", "profile"]);
    }

    private Task<HttpResponseMessage> AddPolicy(JsonNode content) =>
        service.Admin.PostAsJsonAsync(
            $"{V1}/policies",
            new
            {
                kind = "complex_profile",
                code = CampaignScene.Unique("policy"),
                content,
            }
        );

    /// <summary>A person with a published test of 90 %, an observation of 80, a table of 70 and an own view of 30.</summary>
    private async Task<(ComplexScene Scene, Guid Person)> Everything()
    {
        var scene = await ComplexScene.Of(service);
        var person = await scene.Person(90);
        await scene.Publish();
        await scene.Observe(person, 80);
        await scene.Practise(person, 70);
        await scene.Ask(person, 30);
        return (scene, person);
    }

    private Task<int> Looks(Guid person) =>
        Database.Read(async db => (await AuditStore.List(db, null, "complex-profile.viewed", $"participant:{person:D}", 0, 10)).Count);

    private static string? Level(JsonNode joint) => joint["level"]?.GetValue<string>();

    /// <summary>Everything that a document says, without its id, number, cause and time.</summary>
    private static string Said(JsonNode document)
    {
        var said = document.DeepClone().AsObject();
        foreach (var member in (string[])["id", "version", "cause", "issuedAt"])
            said.Remove(member);
        return said.ToJsonString();
    }

    /// <summary>The answer without what differs from request to request.</summary>
    private static async Task<string> Bare(HttpClient client, string address)
    {
        var problem = (await client.GetAsync(address).Json(404)).AsObject();
        problem.Remove("traceId");
        problem.Remove("instance");
        return problem.ToJsonString();
    }

    /// <param name="Contradictions">Number of pairs of sources.</param>
    private sealed record Row(
        int? Test,
        int? Observation,
        int? Practice,
        int? Self,
        (string Level, decimal Percent) Weights,
        string Worst,
        string Leading,
        int Contradictions
    )
    {
        internal int Missing => new[] { Test, Observation, Practice, Self }.Count(one => one is null);
    }
}
