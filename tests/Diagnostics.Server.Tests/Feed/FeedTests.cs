using System.Net.Http.Json;
using System.Net.Mime;
using System.Text.Json.Nodes;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.Extensions;
using CloudNative.CloudEvents.SystemTextJson;
using Diagnostics.Engine.Events;
using Diagnostics.Server.Tests.Appeals;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Events;
using Diagnostics.Storage.People;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Feed;

/// <summary>The events that a portal receives, and the events that it must not receive.</summary>
public sealed class FeedTests(TestService service) : IClassFixture<TestService>
{
    private const string Feed = "/api/v1/profile-feed";

    [Fact]
    public async Task A_portal_is_told_of_published_profiles_of_its_people_who_consent_and_of_no_others()
    {
        var scene = await Scene.Make(service);
        var (here, elsewhere, silent) = (await scene.Person(), await scene.Person(territory: "05"), await scene.Person());
        await scene.Consent(here);
        await scene.Consent(elsewhere);
        foreach (var person in new[] { here, elsewhere, silent })
            await scene.Scored(Answer.Right, person: person);
        using var portal = await scene.Portal("82");
        using var everywhere = await scene.Portal();
        (await People(portal, "profile.issued")).Should().NotContain([here, elsewhere, silent], "their results are not published");

        await Publish(scene);

        (await People(portal, "profile.issued")).Should().Contain(here).And.NotContain([elsewhere, silent]);
        (await People(everywhere, "profile.issued")).Should().Contain([here, elsewhere]).And.NotContain(silent);
        var told = (await All(portal)).Last(item => Is(item, here) && TypeOf(item) == "profile.issued");
        (await portal.GetAsync(told["href"]!.GetValue<string>()).Json())["id"]!
            .GetValue<Guid>()
            .Should()
            .Be(told["profileId"]!.GetValue<Guid>());
        (told["subject"]!.GetValue<string>(), told["framework"]!["code"]!.GetValue<string>()).Should().Be(($"people/{here}", "teacher"));
        (await portal.GetAsync($"/api/v1/frameworks/teacher/{told["framework"]!["version"]}").Json())["blocks"]!
            .AsArray()
            .Should()
            .NotBeEmpty();
        (await All(portal))
            .Where(item => TypeOf(item) == "results.published")
            .Select(item => item["campaignId"]!.GetValue<Guid>())
            .Should()
            .Contain(scene.Id);
        (await portal.GetAsync($"{Feed}?territory=05").ProblemCode(403)).Should().Be("not-your-territory");
        (await People(everywhere, "profile.issued", "&territory=05")).Should().Contain(elsewhere).And.NotContain(here);
    }

    [Fact]
    public async Task A_withdrawal_is_told_without_data_and_the_person_is_gone_from_feed_list_and_profiles()
    {
        var scene = await Scene.Make(service);
        var person = await scene.Person();
        var taker = await scene.Taker(person);
        await GiveConsent(taker, person);
        await scene.Scored(Answer.Right, person: person);
        await Publish(scene);
        using var portal = await scene.Portal("82");
        using var other = await scene.Portal("05");
        var profile = (await All(portal)).Last(item => Is(item, person) && TypeOf(item) == "profile.issued")["profileId"]!.GetValue<Guid>();
        (await Listed(portal)).Should().Contain(profile);
        var place = (await portal.GetAsync($"{Feed}?after=latest").Json())["next"]!.GetValue<string>();

        await taker.DeleteAsync($"/api/v1/people/{person}/consents/profile-sharing").Json(204);

        var told = (await portal.GetAsync($"{Feed}?after={place}").Json())["items"]!
            .AsArray()
            .Single(item => Is(item!, person))!
            .AsObject();
        told.Select(member => member.Key).Should().BeEquivalentTo("id", "type", "subject", "at", "cursor", "participantId");
        TypeOf(told).Should().Be("consent.withdrawn");
        (await All(portal)).Where(item => Is(item, person)).Select(TypeOf).Should().OnlyContain(type => type == "consent.withdrawn");
        (await All(other)).Where(item => Is(item, person)).Should().BeEmpty("it is of another territory");
        (await Listed(portal)).Should().NotContain(profile);
        (await portal.GetAsync($"/api/v1/profiles/{profile}").ProblemCode(403)).Should().Be("profile-sharing-not-consented");

        await GiveConsent(taker, person);
        (await All(portal))
            .Where(item => Is(item, person))
            .Select(TypeOf)
            .Should()
            .EndWith(["consent.withdrawn", "consent.given"])
            .And.Contain("profile.issued", "it may be shown again");
    }

    [Fact]
    public async Task An_erased_person_is_told_of_once_more_and_only_where_the_person_was()
    {
        var scene = await Scene.Make(service);
        var person = await scene.Person();
        await GiveConsent(await scene.Taker(person), person);
        using var portal = await scene.Portal("82");
        using var other = await scene.Portal("05");

        await service.Admin.DeleteAsync($"/api/v1/people/{person}").Json(204);

        (await All(portal)).Where(item => Is(item, person)).Select(TypeOf).Should().Equal("consent.withdrawn");
        (await All(other)).Where(item => Is(item, person)).Should().BeEmpty();
    }

    [Fact]
    public async Task Whoever_moves_is_told_to_both_territories_and_is_the_new_ones_from_then_on()
    {
        var scene = await Scene.Make(service);
        var person = await scene.Person();
        await GiveConsent(await scene.Taker(person), person);
        using var left = await scene.Portal("82");
        using var joined = await scene.Portal("05");

        await Move(person, "05");

        (await All(left)).Where(item => Is(item, person)).Select(TypeOf).Should().Equal("person.moved");
        (await All(joined)).Where(item => Is(item, person)).Select(TypeOf).Should().Equal("consent.given", "person.moved");
    }

    [Fact]
    public async Task Whoever_has_never_agreed_moves_unseen_and_whoever_has_withdrawn_is_told_to_the_territory_that_is_left()
    {
        var scene = await Scene.Make(service);
        var (silent, former) = (await scene.Person(), await scene.Person());
        var taker = await scene.Taker(former);
        await GiveConsent(taker, former);
        await taker.DeleteAsync($"/api/v1/people/{former}/consents/profile-sharing").Json(204);
        using var left = await scene.Portal("82");
        using var joined = await scene.Portal("05");

        await Move(silent, "05");
        await Move(former, "05");

        foreach (var portal in new[] { left, joined })
            (await All(portal)).Where(item => Is(item, silent)).Should().BeEmpty();
        (await All(left)).Where(item => Is(item, former)).Select(TypeOf).Should().Equal("consent.withdrawn", "person.moved");
        (await All(joined)).Where(item => Is(item, former)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_version_is_superseded_before_the_next_is_issued_and_an_annulled_session_annuls_the_last()
    {
        var scene = await AppealScene.Make(service);
        await scene.Scene.Consent(scene.Person);
        using var portal = await scene.Scene.Portal("82");
        await scene.Decided(await scene.Considered(), "satisfied_up", scene.Criteria(full: true));
        var order = (await scene.FileProcedural().Json(201))["id"]!.GetValue<Guid>();
        await scene.Consider(order);
        await scene.Decided(order, "upheld", resitUntil: "2026-09-20T06:00:00Z");

        var told = (await All(portal))
            .Where(item => Is(item, scene.Person) && TypeOf(item).StartsWith("profile.", StringComparison.Ordinal))
            .ToList();

        var first = told[0]["version"]!.GetValue<int>();
        told.Select(item => (TypeOf(item), item["version"]!.GetValue<int>()))
            .Should()
            .Equal(
                ("profile.issued", first),
                ("profile.superseded", first),
                ("profile.issued", first + 1),
                ("profile.annulled", first + 1)
            );
        var annulled = await portal.GetAsync(told[^1]["href"]!.GetValue<string>()).Json();
        annulled["annulled"]!["cause"]!.GetValue<string>().Should().Be("appeal_upheld");
        (await Listed(portal)).Should().NotContain(told[^1]["profileId"]!.GetValue<Guid>());
    }

    [Fact]
    public async Task Whoever_waits_is_answered_when_something_happens_and_not_before()
    {
        var scene = await Scene.Make(service);
        var person = await scene.Person();
        var taker = await scene.Taker(person);
        using var portal = await scene.Portal("82");
        var place = (await portal.GetAsync($"{Feed}?after=latest").Json())["next"]!.GetValue<string>();
        (await portal.GetAsync($"{Feed}?after={place}&wait=1").Json())["items"]!.AsArray().Should().BeEmpty();

        var waiting = portal.GetAsync($"{Feed}?after={place}&wait=30").Json();
        await Task.Delay(300);
        waiting.IsCompleted.Should().BeFalse();
        await GiveConsent(taker, person);

        var answer = await waiting.WaitAsync(TimeSpan.FromSeconds(20));
        answer["items"]!.AsArray().Select(item => TypeOf(item!)).Should().Equal("consent.given");
    }

    [Fact]
    public async Task A_place_that_is_not_kept_any_more_is_refused_and_the_way_back_is_named()
    {
        await using var own = await Own.Start();
        var scene = await Scene.Make(own.Service);
        var person = await scene.Person();
        await GiveConsent(await scene.Taker(person), person);
        await scene.Scored(Answer.Right, person: person);
        await own.Service.Admin.PostAsync($"/api/v1/campaigns/{scene.Id}/results/publication", null).Json();
        using var portal = await scene.Portal("82");
        var first = (await portal.GetAsync($"{Feed}?limit=1").Json())["items"]![0]!["cursor"]!.GetValue<string>();
        (await portal.GetAsync($"{Feed}?after={first}").Json())["items"]!.AsArray().Should().NotBeEmpty();
        own.Service.Clock.Advance(Duration.FromDays(91));
        using var later = await scene.Portal("82");

        foreach (var gone in new[] { first, "99999999" })
        {
            var problem = await later.GetAsync($"{Feed}?after={gone}").Json(410);
            problem["code"]!.GetValue<string>().Should().Be("feed-cursor-expired");
            problem["detail"]!.GetValue<string>().Should().Contain("after=latest").And.Contain("/api/v1/profiles");
        }
        (await later.GetAsync($"{Feed}?after=soon").ProblemCode(422)).Should().Be("feed-cursor-invalid");
        (await later.GetAsync(Feed).Json())["items"]!.AsArray().Should().BeEmpty("nothing is kept that long");
    }

    [Fact]
    public async Task Whoever_begins_with_the_oldest_is_not_refused_because_it_grew_too_old_while_it_was_read()
    {
        await using var own = await Own.Start();
        var scene = await Scene.Make(own.Service);
        using var portal = await scene.Portal("82");
        // The events are one second apart, and their ages are around the limit beyond which events are dropped. Every
        // reading of the clock moves it by a second, so some events become too old during the request.
        var oldest = own.Service.Clock.GetCurrentInstant() - Duration.FromDays(90);
        await Happen(scene, 120, number => oldest + Duration.FromSeconds(number));
        own.Service.Clock.AutoAdvance = Duration.FromSeconds(1);

        (await portal.GetAsync(Feed).Json())["items"]!.AsArray().Should().NotBeEmpty();
    }

    /// <summary>
    /// The service is restored from an earlier copy of its database. Positions that were assigned after the copy was
    /// made are then given to other events.
    /// </summary>
    [Fact]
    public async Task After_a_restore_a_place_that_other_events_have_now_is_refused_and_one_from_before_it_goes_on()
    {
        await using var own = new TestService { OnSqlite = true };
        await own.InitializeAsync();
        var scene = await Scene.Make(own);
        using var portal = await scene.Portal("82");
        await Happen(scene, 3);
        var before = await Next(portal, "after=latest");
        var database = own.Services.GetRequiredService<Database>();
        using var folder = new TemporaryFolder();
        (await BackupDatabase.Run(database, folder.File("copy.db"))).Refusal.Should().BeNull();
        await Happen(scene, 2);
        var after = await Next(portal, "");
        after.Should().Be(await Next(portal, "after=latest"));
        (await portal.GetAsync($"{Feed}?after={after}").Json())["items"]!.AsArray().Should().BeEmpty();
        await own.Restore(folder.File("copy.db"));
        using var again = await scene.Portal("82");

        (await again.GetAsync($"{Feed}?after={after}").ProblemCode(410)).Should().Be("feed-cursor-expired", "the feed has not come so far");
        await Happen(scene, 4);
        (await again.GetAsync($"{Feed}?after={after}").ProblemCode(410))
            .Should()
            .Be("feed-cursor-expired", "it has gone past it with other events");
        (await again.GetAsync($"{Feed}?after={before}").Json())["items"]!.AsArray().Should().HaveCount(4);
        (await again.GetAsync($"{Feed}?after={before.Split('-')[0]}").Json())["items"]!
            .AsArray()
            .Should()
            .HaveCount(4, "places had no mark once");
    }

    [Fact]
    public async Task A_copy_made_from_the_list_and_the_feed_behind_a_place_taken_before_is_whole()
    {
        var scene = await Scene.Make(service);
        using var portal = await scene.Portal("82");
        var people = new List<Guid>();
        for (var number = 0; number < 3; number++)
        {
            people.Add(await scene.Person());
            await scene.Consent(people[^1]);
            await scene.Scored(Answer.Right, person: people[^1]);
        }
        var place = (await portal.GetAsync($"{Feed}?after=latest").Json())["next"]!.GetValue<string>();
        await Publish(scene);

        var copy = (await Listed(portal, $"campaignId={scene.Id}")).ToHashSet();
        foreach (var item in (await portal.GetAsync($"{Feed}?after={place}&type=profile.issued").Json())["items"]!.AsArray())
            copy.Add(item!["profileId"]!.GetValue<Guid>());

        copy.Should().HaveCount(3).And.BeEquivalentTo(await Listed(portal, $"campaignId={scene.Id}"));
    }

    [Fact]
    public async Task With_the_profile_inside_every_look_is_in_the_audit()
    {
        var scene = await Scene.Make(service);
        var person = await scene.Person();
        await scene.Consent(person);
        await scene.Scored(Answer.Right, person: person);
        await Publish(scene);
        using var portal = await scene.Portal("82");

        var told = (await All(portal, "&include=profile&type=profile.issued")).Last(item => Is(item, person));

        var id = told["profileId"]!.GetValue<Guid>();
        JsonNode.DeepEquals(told["profile"], await portal.GetAsync($"/api/v1/profiles/{id}").Json()).Should().BeTrue();
        (await scene.Database.Read(db => db.Query<string>("SELECT details FROM audit_entries WHERE action = 'profiles.viewed'")))
            .Should()
            .Contain(details => details.Contains(id.ToString("D"), StringComparison.Ordinal));
    }

    /// <summary>The CNCF's own CloudEvents library reads the answer.</summary>
    [Fact]
    public async Task As_cloud_events_a_part_of_the_feed_is_a_batch_of_version_1_and_goes_on_by_its_link()
    {
        var scene = await Scene.Make(service);
        var person = await scene.Person();
        await GiveConsent(await scene.Taker(person), person);
        using var portal = await scene.Portal("82");
        using var asked = new HttpRequestMessage(HttpMethod.Get, $"{Feed}?limit=2");
        asked.Headers.Accept.ParseAdd("application/cloudevents-batch+json");

        using var answer = await portal.SendAsync(asked);

        var type = answer.Content.Headers.ContentType!;
        type.MediaType.Should().Be("application/cloudevents-batch+json");
        var batch = new JsonEventFormatter().DecodeBatchModeMessage(
            await answer.Content.ReadAsStreamAsync(),
            new ContentType(type.ToString()),
            Sequence.AllAttributes
        );
        batch
            .Should()
            .NotBeEmpty()
            .And.AllSatisfy(told =>
            {
                told.IsValid.Should().BeTrue();
                told.SpecVersion.Should().Be(CloudEventsSpecVersion.V1_0);
            });
        var plain = (await portal.GetAsync($"{Feed}?limit=2").Json())["items"]!.AsArray();
        batch
            .Select(told => (told.Id, told.Type, told.Subject))
            .Should()
            .Equal(
                plain.Select(item =>
                    ((string?)item!["id"]!.GetValue<string>(), (string?)TypeOf(item), (string?)item["subject"]!.GetValue<string>())
                )
            );
        answer.Headers.GetValues("Link").Single().Should().Be($"<{Feed}?limit=2&after={plain[^1]!["cursor"]}>; rel=\"next\"");
    }

    [Theory]
    [InlineData("wait=31", "wait-invalid")]
    [InlineData("type=profile.lost", "event-type-unknown")]
    [InlineData("include=everything", "include-unknown")]
    public async Task What_is_not_understood_is_refused(string query, string code)
    {
        var scene = await Scene.Make(service);
        using var portal = await scene.Portal("82");

        (await portal.GetAsync($"{Feed}?{query}").ProblemCode(422)).Should().Be(code);
    }

    [Fact]
    public async Task Nobody_but_a_portal_with_the_right_reads_the_feed()
    {
        var scene = await Scene.Make(service);
        using var enroller = await scene.Portal("82", scopes: "people.enrol");
        (await service.Admin.GetAsync(Feed).ProblemCode(403)).Should().Be("not-allowed");
        (await enroller.GetAsync(Feed).ProblemCode(403)).Should().Be("not-allowed");
    }

    private static Task Happen(Scene scene, int times, Func<int, Instant>? at = null) =>
        scene.Database.Write(async db =>
        {
            for (var number = 0; number < times; number++)
                await EventStore.Append(
                    db,
                    at?.Invoke(number) ?? TestService.Start,
                    EventKind.ResultsPublished,
                    new() { CampaignId = scene.Id }
                );
            return 0;
        });

    private static async Task<string> Next(HttpClient portal, string query) =>
        (await portal.GetAsync($"{Feed}?{query}").Json())["next"]!.GetValue<string>();

    private static async Task<List<JsonNode>> All(HttpClient portal, string query = "")
    {
        List<JsonNode> all = [];
        for (var after = ""; ; )
        {
            var page = await portal.GetAsync($"{Feed}?limit=100{query}{after}").Json();
            all.AddRange(page["items"]!.AsArray().Select(item => item!));
            if (!page["more"]!.GetValue<bool>())
                return all;
            after = $"&after={page["next"]}";
        }
    }

    private static async Task<List<Guid>> People(HttpClient portal, string type, string query = "") =>
        (await All(portal, $"&type={type}{query}")).Select(item => item["participantId"]!.GetValue<Guid>()).ToList();

    private static async Task<List<Guid>> Listed(HttpClient portal, string query = "") =>
        (await portal.GetAsync($"/api/v1/profiles?limit=500&{query}").Json())["items"]!
            .AsArray()
            .Select(item => item!["id"]!.GetValue<Guid>())
            .ToList();

    private static string TypeOf(JsonNode item) => item["type"]!.GetValue<string>();

    private static bool Is(JsonNode item, Guid person) => item["participantId"] is { } id && id.GetValue<Guid>() == person;

    private async Task Move(Guid person, string territory)
    {
        var view = await service.Admin.GetAsync($"/api/v1/people/{person}").Json();
        var body = new
        {
            surname = "Тайнова",
            givenName = "Вера",
            organisation = "МБОУ «СОШ № 1»",
            territory,
        };
        await CampaignScene.PutAt(service.Admin, $"/api/v1/people/{person}", body, view["revision"]!.GetValue<int>()).Json();
    }

    private static Task GiveConsent(HttpClient taker, Guid person) =>
        taker
            .PostAsJsonAsync(
                $"/api/v1/people/{person}/consents/profile-sharing",
                new
                {
                    code = "profile-sharing",
                    version = 1,
                    accepted = true,
                }
            )
            .Json(204);

    private Task Publish(Scene scene) => service.Admin.PostAsync($"/api/v1/campaigns/{scene.Id}/results/publication", null).Json();
}
