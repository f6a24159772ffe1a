using System.Net;
using System.Net.Http.Json;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Campaigns;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;
using static Diagnostics.Server.Tests.Campaigns.SittingScene;

/// <summary>After publication nothing is overwritten: each change is a decision with its author and reason.</summary>
public sealed class CampaignDecisionTests(TestService service) : IClassFixture<TestService>
{
    private const string Reason = "Карантин в школах города";

    [Fact]
    public async Task Every_change_of_a_published_campaign_is_a_decision_with_its_author_and_reason()
    {
        var (scene, sittings) = await WithSittings(service, 10, site => [On(site, 15, seats: 5)]);
        var me = (await scene.Admin.GetAsync($"{V1}/auth/me").Json())["accountId"]!.GetValue<string>();
        var another = await scene.AddSite();
        var revision = (await scene.Admin.GetAsync($"{V1}/campaigns/{scene.Campaign}").Json())["revision"]!.GetValue<int>();

        await scene.Decree("title", new { title = "Входная диагностика", reason = Reason }).Json();
        await scene.Decree("sites", new { siteId = another, reason = Reason }).Json();
        await scene.Decree("extension", new { applicationsTo = "2026-09-25T00:00:00Z", reason = Reason }).Json();
        var added = await scene.Decree("sittings", On(another, 16, reserve: true, reason: Reason)).Json(201);
        await scene
            .Decree(
                $"sittings/{sittings[0]}/move",
                new
                {
                    startsAt = At(17, 6),
                    endsAt = At(17, 9),
                    reason = Reason,
                }
            )
            .Json();
        await scene.Decree($"sittings/{added.Id()}/cancellation", new { reason = Reason }).Json();
        await scene.Decree("postponement", new { days = 2, reason = Reason }).Json();
        var last = await scene.Decree("cancellation", new { reason = Reason }).Json();

        var decisions = await scene.Decisions();
        decisions
            .Select(each => each["kind"]!.GetValue<string>())
            .Should()
            .Equal("retitled", "site_added", "extended", "sitting_added", "sitting_moved", "sitting_cancelled", "postponed", "cancelled");
        decisions.Select(each => each["number"]!.GetValue<int>()).Should().Equal(Enumerable.Range(1, 8));
        decisions.Should().OnlyContain(each => each["reason"]!.GetValue<string>() == Reason && each["decidedBy"]!.GetValue<string>() == me);
        decisions[0]["details"]!["from"]!.GetValue<string>().Should().Be("Входная диагностика учителей математики");
        (last["revision"]!.GetValue<int>(), last["title"]!.GetValue<string>(), last["sites"]!.AsArray().Count)
            .Should()
            .Be((revision + 8, "Входная диагностика", 2));
        (
            await service
                .Services.GetRequiredService<Database>()
                .Read(db => AuditStore.List(db, null, null, $"campaign:{scene.Campaign:D}", 0, 100))
        )
            .Select(entry => entry.Action)
            .Should()
            .Contain(["campaign.retitled", "campaign.postponed", "campaign.cancelled"]);
    }

    [Fact]
    public async Task A_published_campaign_is_not_edited_and_says_what_may_be_decided_instead()
    {
        var scene = await PublishedByAnother(service);

        var refused = await PutAt(scene.Admin, $"{V1}/campaigns/{scene.Campaign}", await scene.CampaignBody(scene.Site), 2).Json(409);

        refused["code"]!.GetValue<string>().Should().Be("campaign-published");
        refused["detail"]!.GetValue<string>().Should().Contain("решением с указанием причины");
        (await scene.Decree("title", new { title = "Другая", reason = " " }).ProblemCode(422)).Should().Be("text-missing");
        var draft = await scene.AddDraft(scene.Site);
        (await scene.Admin.PostAsJsonAsync($"{V1}/campaigns/{draft}/title", new { title = "Другая", reason = Reason }).ProblemCode(409))
            .Should()
            .Be("campaign-draft");
        var (_, foreign) = await new CampaignScene(service).Staff(
            new
            {
                role = "operator",
                scope = "campaign",
                scopeId = draft,
            }
        );
        (
            await foreign
                .PostAsJsonAsync($"{V1}/campaigns/{scene.Campaign}/title", new { title = "Другая", reason = Reason })
                .ProblemCode(403)
        )
            .Should()
            .Be("not-your-campaign");
        (await foreign.GetAsync($"{V1}/campaigns/{scene.Campaign}/decisions").ProblemCode(403)).Should().Be("not-your-campaign");
    }

    [Fact]
    public async Task A_window_ends_later_and_never_earlier()
    {
        var scene = await PublishedByAnother(service);
        Task<HttpResponseMessage> Extend(object to) => scene.Decree("extension", to);

        (await Extend(new { reason = Reason }).ProblemCode(422)).Should().Be("nothing-to-extend");
        (await Extend(new { sittingTo = "2026-09-29T00:00:00Z", reason = Reason }).ProblemCode(422)).Should().Be("only-later");
        (await Extend(new { applicationsTo = "2026-10-01T00:00:00Z", reason = Reason }).ProblemCode(422))
            .Should()
            .Be("windows-invalid", "people would apply when it is over");
        var extended = await Extend(
                new
                {
                    sittingTo = "2026-10-05T00:00:00Z",
                    applicationsTo = "2026-10-01T00:00:00Z",
                    reason = Reason,
                }
            )
            .Json();

        (
            extended["windows"]!["applicationsTo"]!.GetValue<string>(),
            extended["windows"]!["sittingTo"]!.GetValue<string>(),
            extended["windows"]!["markingTo"]!.GetValue<string>()
        )
            .Should()
            .Be(("2026-10-01T00:00:00Z", "2026-10-05T00:00:00Z", "2026-10-10T00:00:00Z"));
    }

    /// <summary>
    /// In Berlin the clocks go back on 25 October 2026: 9:00 is 7:00 UTC on the 20th and 8:00 UTC on the 27th. In
    /// Moscow it is always 6:00 UTC.
    /// </summary>
    [Fact]
    public async Task Postponed_by_days_nine_in_the_morning_stays_nine_by_the_clocks_of_each_site()
    {
        var scene = await PublishedByAnother(service);
        var berlin = (await scene.Admin.PostAsJsonAsync($"{V1}/sites", SiteBody(timeZone: "Europe/Berlin")).Json(201)).Id();
        var body = await scene.CampaignBody(scene.Site, berlin);
        body["windows"] = JsonObjectOf(
            Windows("2026-09-01T00:00:00Z", "2026-10-15T00:00:00Z", "2026-10-20T00:00:00Z", "2026-10-24T00:00:00Z", "2026-11-10T00:00:00Z")
        );
        scene.Campaign = (await scene.Admin.PostAsJsonAsync($"{V1}/campaigns", body).Json(201)).Id();
        foreach (
            var (site, from, to) in new[]
            {
                (berlin, "2026-10-20T07:00:00Z", "2026-10-20T10:00:00Z"),
                (scene.Site, "2026-10-20T06:00:00Z", "2026-10-20T09:00:00Z"),
            }
        )
            await scene
                .AddSitting(
                    scene.Campaign,
                    new
                    {
                        siteId = site,
                        startsAt = from,
                        endsAt = to,
                    }
                )
                .Json(201);
        await scene.Publish(scene.Campaign).Json();
        var (person, application) = await scene.ApprovedPerson();
        await scene.Admin.PostAsJsonAsync($"{V1}/sessions/{application.Session()}/access-code", new { }).Json();

        var postponed = await scene.Decree("postponement", new { days = 7, reason = Reason }).Json();

        (await scene.Sittings())
            .ToDictionary(
                each => each["siteId"]!.GetValue<Guid>(),
                each => (each["startsAt"]!.GetValue<string>(), each["endsAt"]!.GetValue<string>())
            )
            .Should()
            .BeEquivalentTo(
                new Dictionary<Guid, (string, string)>
                {
                    [berlin] = ("2026-10-27T08:00:00Z", "2026-10-27T11:00:00Z"),
                    [scene.Site] = ("2026-10-27T06:00:00Z", "2026-10-27T09:00:00Z"),
                }
            );
        var windows = postponed["windows"]!;
        (windows["applicationsFrom"]!.GetValue<string>(), windows["applicationsTo"]!.GetValue<string>())
            .Should()
            .Be(("2026-09-01T00:00:00Z", "2026-10-22T00:00:00Z"));
        (windows["sittingFrom"]!.GetValue<string>(), windows["sittingTo"]!.GetValue<string>())
            .Should()
            .Be(("2026-10-27T00:00:00Z", "2026-10-31T01:00:00Z"));
        (await person.GetAsync($"{V1}/sessions").Json()).Items()[0]!["sitting"]!["startsAt"]!
            .GetValue<string>()
            .Should()
            .Be("2026-10-27T06:00:00Z");
        (await scene.Admin.PostAsJsonAsync($"{V1}/campaigns/{scene.Campaign}/access-codes", new { siteId = scene.Site }).Json())["codes"]!
            .AsArray()
            .Should()
            .ContainSingle("the code that was handed out was for another day");
    }

    [Fact]
    public async Task A_cancelled_campaign_lets_nobody_in_and_its_sessions_are_annulled_for_that_cause()
    {
        var (scene, _) = await WithSittings(service, 10, site => [On(site, 15)]);
        var (person, application) = await scene.ApprovedPerson();
        var waiting = await scene.FileFor(await scene.Enrol());

        var cancelled = await scene.Decree("cancellation", new { reason = Reason }).Json();

        (cancelled["status"]!.GetValue<string>(), cancelled["cancelledAt"] is not null).Should().Be(("cancelled", true));
        (await scene.Admin.GetAsync($"{V1}/campaigns?status=cancelled&limit=500").Json())["items"]!
            .AsArray()
            .Select(each => each!.Id())
            .Should()
            .Contain(scene.Campaign);
        (await scene.Admin.GetAsync($"{V1}/campaigns?status=published&limit=500").Json())["items"]!
            .AsArray()
            .Select(each => each!.Id())
            .Should()
            .NotContain(scene.Campaign);
        (await person.GetAsync($"{V1}/sessions").Json()).Items()[0]!["state"]!.GetValue<string>().Should().Be("annulled");
        (await scene.Admin.GetAsync($"{V1}/sessions/{application.Session()}/events").Json()).Items()[0]!["details"]!
            .GetValue<string>()
            .Should()
            .Contain("campaign_cancelled");
        (await scene.Sittings()).Should().OnlyContain(each => each["cancelledAt"] != null);
        (await scene.Apply(scene.Admin, scene.ApplicationBody(await scene.Enrol())).ProblemCode(409)).Should().Be("campaign-cancelled");
        (await scene.Decide(waiting, "approval").ProblemCode(409)).Should().Be("campaign-cancelled");
        (await scene.Decide(application.Id(), "reassignment", new { reason = Reason }).ProblemCode(409)).Should().Be("campaign-cancelled");
        (await scene.Decree("extension", new { sittingTo = "2026-10-05T00:00:00Z", reason = Reason }).ProblemCode(409))
            .Should()
            .Be("campaign-cancelled");
        (await scene.Decree("cancellation", new { reason = Reason }).ProblemCode(409)).Should().Be("campaign-cancelled");
        (await scene.Admin.PostAsJsonAsync($"{V1}/campaigns/{scene.Campaign}/results/publication", new { }).ProblemCode(409))
            .Should()
            .Be("campaign-cancelled");
        var next = await scene.AddDraft(scene.Site);
        await scene.AddSitting(next, On(scene.Site, 15)).Json(201);
    }

    [Fact]
    public async Task People_of_a_cancelled_sitting_stay_approved_are_listed_and_get_another_place()
    {
        var (scene, sittings) = await WithSittings(service, 2, site => [On(site, 15), On(site, 16), On(site, 17, reserve: true)]);
        var (person, application) = await scene.ApprovedPerson(sittings[0]);
        var other = await scene.Approved(sittings[1]);
        await scene.Approved(sittings[1]);
        await scene.Admit(application.Session()).Json();

        await scene.Decree($"sittings/{sittings[0]}/cancellation", new { reason = Reason }).Json();

        var left = await scene.Admin.GetAsync($"{V1}/applications/{application.Id()}").Json();
        (left["status"]!.GetValue<string>(), left["seat"], left.Session()).Should().Be(("approved", null, application.Session()));
        (left["sitting"]!["cancelledAt"] is not null, left["sitting"]!["seat"]).Should().Be((true, null));
        (await scene.Admin.GetAsync($"{V1}/campaigns/{scene.Campaign}/applications?withoutPlace=true").Json())["items"]!
            .AsArray()
            .Select(each => each!.Id())
            .Should()
            .Equal(application.Id());
        (await person.Start(application.Session()).ProblemCode(409)).Should().Be("sitting-cancelled");
        (await scene.Admin.PostAsJsonAsync($"{V1}/sessions/{application.Session()}/access-code", new { }).ProblemCode(409))
            .Should()
            .Be("sitting-cancelled");
        var moved = await scene.Decide(application.Id(), "reassignment", new { reason = Reason }).Json();
        (moved.Sitting(), moved["seat"]!.GetValue<int>(), moved.Session())
            .Should()
            .Be((sittings[2], 1, application.Session()), "the 16th is full; the reserve day is for this");
        (await scene.Admin.GetAsync($"{V1}/campaigns/{scene.Campaign}/applications?withoutPlace=true").Json())["items"]!
            .AsArray()
            .Should()
            .BeEmpty();
        (await scene.Admin.GetAsync($"{V1}/applications/{other.Id()}").Json())
            .Sitting()
            .Should()
            .Be(sittings[1], "nobody else was touched");
    }
}

/// <summary>
/// A session that has begun is never changed. Each test has a service of its own, whose clock it moves.
/// </summary>
public sealed class DecisionAmidSessionsTests : IAsyncLifetime
{
    private readonly TestService service = new();

    public Task InitializeAsync() => service.InitializeAsync();

    public Task DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Whatever_is_decided_nobodys_answers_time_or_place_change_once_they_have_begun()
    {
        var (scene, sittings) = await WithSittings(service, 3, site => [Soon(site, 10, 25), On(site, 15)]);
        var (person, application) = await scene.ApprovedPerson(sittings[0]);
        var absent = await scene.Approved(sittings[0]);
        await scene.Admit(application.Session()).Json();
        service.Clock.Advance(Duration.FromMinutes(10));
        await person.Start(application.Session()).Json();
        await person
            .PutAsJsonAsync(
                $"{V1}/sessions/{application.Session()}/responses/1",
                new { baseRevision = 0, response = new { type = "single_choice", option = "2" } }
            )
            .Json();
        var before = await Seen();

        (
            await scene
                .Decree(
                    $"sittings/{sittings[0]}/move",
                    new
                    {
                        startsAt = At(15, 12),
                        endsAt = At(15, 15),
                        reason = "п",
                    }
                )
                .ProblemCode(409)
        ).Should().Be("sitting-begun");
        (await scene.Decree($"sittings/{sittings[0]}/cancellation", new { reason = "п" }).ProblemCode(409)).Should().Be("sitting-begun");
        var postponed = await scene.Decree("postponement", new { days = 1, reason = "п" }).Json(409);
        var cancelled = await scene.Decree("cancellation", new { reason = "п" }).Json(409);
        (await scene.Decide(application.Id(), "reassignment", new { reason = "п" }).ProblemCode(409)).Should().Be("session-started");
        await scene.Decree("extension", new { sittingTo = "2026-10-05T00:00:00Z", reason = "п" }).Json();
        await scene.Decree("title", new { title = "Другое название", reason = "п" }).Json();
        await scene
            .Decree(
                $"sittings/{sittings[1]}/move",
                new
                {
                    startsAt = At(16, 6),
                    endsAt = At(16, 9),
                    reason = "п",
                }
            )
            .Json();
        await scene.Decide(absent.Id(), "reassignment", new { reason = "п", sittingId = sittings[1] }).Json();

        (postponed["code"]!.GetValue<string>(), postponed["begun"]!.GetValue<int>()).Should().Be(("campaign-begun", 1));
        (cancelled["code"]!.GetValue<string>(), cancelled["begun"]!.GetValue<int>()).Should().Be(("campaign-begun", 1));
        cancelled["detail"]!.GetValue<string>().Should().Contain("отмените проведения, которые ещё не начались");
        (await Seen()).Should().Be(before);

        async Task<string> Seen() =>
            (await person.GetAsync($"{V1}/sessions/{application.Session()}").Json()).ToJsonString()
            + (await scene.Admin.GetAsync($"{V1}/sessions/{application.Session()}/responses").Json()).ToJsonString();
    }

    [Fact]
    public async Task Of_a_start_and_a_cancellation_at_once_only_one_happens()
    {
        var (scene, sittings) = await WithSittings(
            service,
            3,
            site =>
                Enumerable.Repeat(
                    new
                    {
                        siteId = site,
                        startsAt = Minute(10),
                        endsAt = Minute(50),
                        seats = 1,
                    },
                    3
                )
        );
        service.Clock.Advance(Duration.FromMinutes(5));
        var people = new List<(HttpClient Person, Guid Session)>();
        foreach (var sitting in sittings)
        {
            var (person, application) = await scene.ApprovedPerson(sitting);
            await scene.Admit(application.Session()).Json();
            people.Add((person, application.Session()));
        }
        service.Clock.Advance(Duration.FromMinutes(10));

        foreach (var (sitting, (person, session)) in sittings.Zip(people))
        {
            var answers = await Task.WhenAll(person.Start(session), scene.Decree($"sittings/{sitting}/cancellation", new { reason = "п" }));

            answers.Select(answer => answer.StatusCode).Should().BeEquivalentTo([HttpStatusCode.OK, HttpStatusCode.Conflict]);
        }
    }
}
