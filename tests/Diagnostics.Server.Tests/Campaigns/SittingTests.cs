using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NodaTime;

namespace Diagnostics.Server.Tests.Campaigns;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;
using static Diagnostics.Server.Tests.Campaigns.SittingScene;

/// <summary>
/// People take the test in shifts: each person has a day, a seat, and a variant drawn among the people of the same
/// sitting.
/// </summary>
public sealed class SittingTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task Two_seats_for_fifteen_days_hold_two_people_a_shift()
    {
        var (scene, sittings) = await WithSittings(service, 2, site => Enumerable.Range(15, 15).Select(day => On(site, day)));

        var approved = new List<JsonNode>();
        foreach (var person in await scene.Enrol(30))
            approved.Add(await scene.Decide(await scene.FileFor(person), "approval").Json());
        var over = await scene.Decide(await scene.FileFor(await scene.Enrol()), "approval").Json(409);

        approved
            .Select(each => each.Sitting()!.Value)
            .Should()
            .Equal(sittings.SelectMany(each => new[] { each, each }), "the earliest that has a place");
        approved
            .Select(each => each["seat"]!.GetValue<int>())
            .Should()
            .Equal(Enumerable.Repeat(new[] { 1, 2 }, 15).SelectMany(pair => pair));
        over["code"]!.GetValue<string>().Should().Be("sitting-full");
        over["free"]!.AsArray().Should().BeEmpty();
        (await scene.Sittings()).Select(each => each["free"]!.GetValue<int>()).Should().AllBeEquivalentTo(0);
    }

    /// <summary>The 25 people of a sitting get four variants: 7 + 6 + 6 + 6.</summary>
    [Fact]
    public async Task Variants_of_a_sitting_are_even_and_neighbours_differ()
    {
        var (scene, sittings) = await WithSittings(service, 25, site => [On(site, 15), On(site, 16)]);

        foreach (var person in await scene.Enrol(50))
            await scene.Decide(await scene.FileFor(person), "approval").Json();

        foreach (var sitting in sittings)
        {
            var variants = (await scene.Sessions())
                .Where(each => each["sittingId"]!.GetValue<Guid>() == sitting)
                .OrderBy(each => each["seat"]!.GetValue<int>())
                .Select(each => each["variant"]!.GetValue<int>())
                .ToList();
            variants.CountBy(variant => variant).Select(each => each.Value).OrderDescending().Should().Equal(7, 6, 6, 6);
            variants.Zip(variants.Skip(1)).Should().OnlyContain(pair => pair.First != pair.Second);
        }
    }

    [Fact]
    public async Task Of_fifty_approvals_at_once_for_the_last_seat_of_a_sitting_one_gets_it()
    {
        var (scene, sittings) = await WithSittings(service, 5, site => [On(site, 15, seats: 1)]);
        var applications = await Task.WhenAll((await scene.Enrol(50)).Select(person => scene.FileFor(person)));

        var answers = await Task.WhenAll(applications.Select(each => scene.Decide(each, "approval")));

        answers.Count(answer => answer.StatusCode is HttpStatusCode.OK).Should().Be(1);
        foreach (var answer in answers.Where(each => each.StatusCode is not HttpStatusCode.OK))
            (await Task.FromResult(answer).ProblemCode(409)).Should().Be("sitting-full");
        (await scene.Sessions()).Should().ContainSingle().Which["sittingId"]!.GetValue<Guid>().Should().Be(sittings[0]);
    }

    [Fact]
    public async Task A_person_gets_the_sitting_asked_for_unless_the_operator_names_another_and_nobody_a_reserve_one_unasked()
    {
        var (scene, sittings) = await WithSittings(
            service,
            2,
            site => [On(site, 15, reserve: true), On(site, 16), On(site, 17), On(site, 18)]
        );
        async Task<Guid> Asks(Guid sitting)
        {
            var body = JsonObjectOf(scene.ApplicationBody(await scene.Enrol()));
            body["sittingId"] = sitting;
            return (await scene.Apply(scene.Admin, body).Json(201)).Id();
        }

        (await scene.Approved()).Sitting().Should().Be(sittings[1], "the 15th is a reserve day");
        (await scene.Decide(await Asks(sittings[2]), "approval").Json()).Sitting().Should().Be(sittings[2]);
        (await scene.Decide(await Asks(sittings[2]), "approval", new { sittingId = sittings[3] }).Json())
            .Sitting()
            .Should()
            .Be(sittings[3]);
        (await scene.Approved(sittings[0])).Sitting().Should().Be(sittings[0]);
        var elsewhere = JsonObjectOf(scene.ApplicationBody(await scene.Enrol()));
        elsewhere["sittingId"] = Guid.NewGuid();
        (await scene.Apply(scene.Admin, elsewhere).ProblemCode(422)).Should().Be("sitting-not-at-site");
    }

    [Fact]
    public async Task A_full_sitting_is_refused_with_those_that_have_places()
    {
        var (scene, sittings) = await WithSittings(
            service,
            3,
            site => [On(site, 15, seats: 1), On(site, 16, seats: 2), On(site, 17, reserve: true)]
        );
        await scene.Approved(sittings[0]);

        var full = await scene.Decide(await scene.FileFor(await scene.Enrol()), "approval", new { sittingId = sittings[0] }).Json(409);

        full["code"]!.GetValue<string>().Should().Be("sitting-full");
        full["free"]!
            .AsArray()
            .Select(each => (each!["sittingId"]!.GetValue<Guid>(), each["free"]!.GetValue<int>()))
            .Should()
            .Equal((sittings[1], 2), (sittings[2], 3));
    }

    [Fact]
    public async Task The_person_sees_the_day_the_place_and_the_clocks_of_the_site()
    {
        var (scene, sittings) = await WithSittings(service, 2, site => [On(site, 15), On(site, 15, hourUtc: 10)]);

        var (person, application) = await scene.ApprovedPerson(sittings[1]);
        var mine = (await person.GetAsync($"{V1}/sessions").Json()).Items().Single()!["sitting"]!;

        mine.ToJsonString().Should().Be(application["sitting"]!.ToJsonString());
        (mine["startsAt"]!.GetValue<string>(), mine["endsAt"]!.GetValue<string>())
            .Should()
            .Be(("2026-09-15T10:00:00Z", "2026-09-15T13:00:00Z"));
        (
            mine["shift"]!.GetValue<int>(),
            mine["seat"]!.GetValue<int>(),
            mine["timeZone"]!.GetValue<string>(),
            mine["site"]!.GetValue<string>()
        )
            .Should()
            .Be((2, 1, "Europe/Moscow", "Школа № 5"));
        (await scene.Admin.GetAsync($"{V1}/sessions/{application.Session()}/supervision").Json())["sittingId"]!
            .GetValue<Guid>()
            .Should()
            .Be(sittings[1]);
        (await scene.Admin.GetAsync($"{V1}/campaigns/{scene.Campaign}/sessions?sittingId={sittings[0]}").Json())["items"]!
            .AsArray()
            .Should()
            .BeEmpty();
    }

    [Fact]
    public async Task Sittings_at_one_time_never_need_more_places_than_the_site_has_in_whatever_campaigns()
    {
        var (scene, _) = await WithSittings(service, 30, site => [On(site, 15, seats: 20)]);
        var other = await scene.AddDraft(scene.Site);

        var occupied = await scene.AddSitting(other, On(scene.Site, 15, seats: 11, hourUtc: 8)).Json(409);
        await scene.AddSitting(other, On(scene.Site, 15, seats: 10, hourUtc: 8)).Json(201);
        var next = await scene.AddSitting(other, On(scene.Site, 15, seats: 20, hourUtc: 11)).Json(201);

        (occupied["code"]!.GetValue<string>(), occupied["needed"]!.GetValue<int>()).Should().Be(("site-occupied", 31));
        (await scene.Decree($"sittings/{next.Id()}/move", new { startsAt = At(15, 8), endsAt = At(15, 9) }).ProblemCode(422))
            .Should()
            .Be("text-missing", "this campaign is published: why?");
        (
            await scene
                .Admin.PostAsJsonAsync(
                    $"{V1}/campaigns/{other}/sittings/{next.Id()}/move",
                    new { startsAt = At(15, 8), endsAt = At(15, 12) }
                )
                .ProblemCode(409)
        )
            .Should()
            .Be("site-occupied");
        var site = await scene.Admin.GetAsync($"{V1}/sites/{scene.Site}").Json();
        (await PutAt(scene.Admin, $"{V1}/sites/{scene.Site}", SiteBody(site["code"]!.GetValue<string>(), seats: 25), 1).ProblemCode(409))
            .Should()
            .Be("seats-planned");
    }

    [Fact]
    public async Task A_sitting_stands_inside_the_campaigns_window_with_the_seats_of_the_site()
    {
        var scene = await Published(service, seats: 10);
        var draft = await scene.AddDraft(scene.Site);

        (await scene.AddSitting(draft, On(scene.Site, 30)).ProblemCode(422)).Should().Be("sitting-outside-window");
        (await scene.AddSitting(draft, On(scene.Site, 15, seats: 11)).ProblemCode(422)).Should().Be("seats-invalid");
        (
            await scene
                .AddSitting(
                    draft,
                    new
                    {
                        siteId = scene.Site,
                        startsAt = At(15, 9),
                        endsAt = At(15, 9),
                    }
                )
                .ProblemCode(422)
        ).Should().Be("sitting-times-invalid");
        (await scene.AddSitting(draft, On(await scene.AddSite(), 15)).ProblemCode(422)).Should().Be("site-not-in-campaign");
        var sitting = (await scene.AddSitting(draft, On(scene.Site, 29)).Json(201)).Id();
        var body = await scene.CampaignBody();
        (await PutAt(scene.Admin, $"{V1}/campaigns/{draft}", body, 2).ProblemCode(422)).Should().Be("site-has-sittings");
        body["siteIds"] = new JsonArray(scene.Site);
        body["windows"] = JsonObjectOf(Windows(sittingTo: "2026-09-28T00:00:00Z"));
        (await PutAt(scene.Admin, $"{V1}/campaigns/{draft}", body, 2).ProblemCode(422)).Should().Be("sitting-outside-window");
        await scene.Admin.DeleteAsync($"{V1}/campaigns/{draft}/sittings/{sitting}").Json(204);
        await PutAt(scene.Admin, $"{V1}/campaigns/{draft}", body, 3).Json();
    }

    [Fact]
    public async Task A_draft_is_deleted_with_its_sittings_and_a_published_campaign_never()
    {
        var scene = await Published(service);
        var draft = await scene.AddDraft(scene.Site);
        var sitting = (await scene.AddSitting(draft, On(scene.Site, 15)).Json(201)).Id();

        (await scene.Admin.DeleteAsync($"{V1}/campaigns/{scene.Campaign}").ProblemCode(409)).Should().Be("campaign-published");
        await scene.Admin.DeleteAsync($"{V1}/campaigns/{draft}").Json(204);

        (await scene.Admin.GetAsync($"{V1}/campaigns/{draft}").ProblemCode(404)).Should().Be("campaign-not-found");
        (await scene.Admin.DeleteAsync($"{V1}/campaigns/{draft}/sittings/{sitting}").ProblemCode(404)).Should().Be("campaign-not-found");
    }
}

/// <summary>Rules that depend on the time of day. Each test has a service of its own, whose clock it moves.</summary>
public sealed class SittingHourTests : IAsyncLifetime
{
    private readonly TestService service = new();

    public Task InitializeAsync() => service.InitializeAsync();

    public Task DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task A_session_is_begun_in_its_own_sitting_and_in_no_other_hour_of_the_campaign()
    {
        var (scene, sittings) = await WithSittings(service, 2, site => [Soon(site, 10, 25), Soon(site, 25, 40)]);
        var (early, first) = await scene.ApprovedPerson(sittings[0]);
        var (late, second) = await scene.ApprovedPerson(sittings[0]);
        await scene.Admit(first.Session()).Json();
        await scene.Admit(second.Session()).Json();

        (await early.Start(first.Session()).ProblemCode(409))
            .Should()
            .Be("outside-sitting-window", "the campaign's window has begun, the sitting has not");
        service.Clock.Advance(Duration.FromMinutes(10));
        await early.Start(first.Session()).Json();
        service.Clock.Advance(Duration.FromMinutes(15));
        var refused = await late.Start(second.Session()).Json(409);

        refused["code"]!.GetValue<string>().Should().Be("outside-sitting-window");
        (refused["from"]!.GetValue<string>(), refused["to"]!.GetValue<string>())
            .Should()
            .Be(("2026-09-14T06:10:00Z", "2026-09-14T06:25:00Z"));
        (await early.GetAsync($"{V1}/sessions/{first.Session()}").Json())["state"]!
            .GetValue<string>()
            .Should()
            .Be("in_progress", "whoever has begun sits to the end");
    }

    [Fact]
    public async Task A_code_is_valid_from_an_hour_before_the_persons_own_sitting_to_its_end()
    {
        var (scene, sittings) = await WithSittings(service, 2, site => [Soon(site, 10, 25), On(site, 15)]);
        await scene.Approved(sittings[0]);
        await scene.Approved(sittings[1]);

        var morrow = await scene
            .Admin.PostAsJsonAsync($"{V1}/campaigns/{scene.Campaign}/access-codes", new { siteId = scene.Site, sittingId = sittings[1] })
            .Json();
        service.Clock.Advance(Duration.FromMinutes(25));
        var rest = await scene.Admin.PostAsJsonAsync($"{V1}/campaigns/{scene.Campaign}/access-codes", new { siteId = scene.Site }).Json();

        var code = morrow["codes"]!.AsArray().Should().ContainSingle().Subject!;
        (code["validFrom"]!.GetValue<string>(), code["validTo"]!.GetValue<string>())
            .Should()
            .Be(("2026-09-15T05:00:00Z", "2026-09-15T09:00:00Z"));
        rest["codes"]!.AsArray().Should().BeEmpty("the first sitting is over: its people wait for another");
    }

    /// <summary>
    /// Nobody can begin after the end of a sitting. A person who has begun by then and has lost the sheet can get
    /// another code.
    /// </summary>
    [Fact]
    public async Task Who_sits_on_after_the_end_of_the_sitting_can_have_another_code()
    {
        var (scene, sittings) = await WithSittings(service, 2, site => [Soon(site, 5, 15)]);
        var (person, application) = await scene.ApprovedPerson(sittings[0]);
        await scene.Admit(application.Session()).Json();
        service.Clock.Advance(Duration.FromMinutes(10));
        await person.Start(application.Session()).Json();
        service.Clock.Advance(Duration.FromMinutes(10));

        var code = await scene.Admin.PostAsJsonAsync($"{V1}/sessions/{application.Session()}/access-code", new { }).Json();

        await service.Anonymous().PostAsJsonAsync($"{V1}/auth/code", new { code = code["code"]!.GetValue<string>() }).Json();
    }

    [Fact]
    public async Task A_sitting_that_has_begun_is_given_only_when_it_is_named_and_one_that_is_over_never()
    {
        var (scene, sittings) = await WithSittings(service, 3, site => [Soon(site, 10, 25), On(site, 15)]);
        service.Clock.Advance(Duration.FromMinutes(15));

        (await scene.Approved()).Sitting().Should().Be(sittings[1]);
        (await scene.Approved(sittings[0])).Sitting().Should().Be(sittings[0]);
        service.Clock.Advance(Duration.FromMinutes(10));
        (await scene.Decide(await scene.FileFor(await scene.Enrol()), "approval", new { sittingId = sittings[0] }).ProblemCode(409))
            .Should()
            .Be("no-sitting");
    }
}
