using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Storage;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using NodaTime.Text;
using static Diagnostics.Server.Tests.Sessions.SessionScene;

namespace Diagnostics.Server.Tests.Sessions;

/// <summary>A power cut: all sessions of a site stop at the same moment and continue at the same moment.</summary>
public sealed class WholeSiteTests : IAsyncLifetime
{
    private const string V1 = CampaignScene.V1;

    private readonly TestService service = new();

    public Task InitializeAsync() => service.InitializeAsync();

    public Task DisposeAsync() => service.DisposeAsync();

    /// <summary>
    /// Everybody has three hours. In Moscow (UTC+3) A begins at 9:00:00.000001 and B at 9:07:30.000002; in Krasnoyarsk
    /// (UTC+7) C begins at 13:00:00.000003. The power fails in Moscow at 9:20:00.000005 and returns at 9:31:15.000009,
    /// so 11:15.000004 are given back. Then everybody in Moscow gets 10 more minutes. In Krasnoyarsk the power fails
    /// from 13:40:00.5 to 13:40:00.500001.
    /// </summary>
    [Fact]
    public async Task In_two_time_zones_every_deadline_is_moved_by_what_its_own_site_lost_to_the_microsecond()
    {
        var hall = await Hall.Open(service, "Europe/Moscow", "Asia/Krasnoyarsk");
        var (moscow, krasnoyarsk) = (hall.Sites[0], hall.Sites[1]);
        var (a, b, c) = (await hall.Admit(moscow), await hall.Admit(moscow), await hall.Admit(krasnoyarsk));
        await Start(hall, a, "2026-09-14T09:00:00.000001+03");
        await Start(hall, c, "2026-09-14T13:00:00.000003+07");
        await Start(hall, b, "2026-09-14T09:07:30.000002+03");

        TurnTo("2026-09-14T09:20:00.000005+03");
        var paused = await hall.Do(moscow, "pause", new { reason = "отключили свет" }).Json();
        paused["sessions"]!.AsArray().Select(one => one!["state"]!.GetValue<string>()).Should().Equal("paused", "paused");
        (await hall.State(c)).Should().Be("in_progress");
        TurnTo("2026-09-14T09:31:15.000009+03");
        var resumed = await hall.Do(moscow, "resumption", new { }).Json();

        Deadline(resumed, a).Should().Be(Local("2026-09-14T12:11:15.000005+03"));
        Deadline(resumed, b).Should().Be(Local("2026-09-14T12:18:45.000006+03"));
        var extended = await hall.Do(moscow, "extra-time", new { minutes = 10, reason = "перезапуск" }).Json();
        Deadline(extended, a).Should().Be(Local("2026-09-14T12:21:15.000005+03"));
        Deadline(extended, b).Should().Be(Local("2026-09-14T12:28:45.000006+03"));

        TurnTo("2026-09-14T13:40:00.500000+07");
        await hall.Do(krasnoyarsk, "pause", new { reason = "мигнуло" }).Json();
        TurnTo("2026-09-14T13:40:00.500001+07");
        Deadline(await hall.Do(krasnoyarsk, "resumption", new { }).Json(), c).Should().Be(Local("2026-09-14T16:00:00.000004+07"));
        (await hall.Seen(a))["deadline"]!.GetValue<string>().Should().Be(Local("2026-09-14T12:21:15.000005+03"));
    }

    /// <summary>
    /// The power fails in Moscow at 9:20; A is at work, B is at the door. B begins at 9:31:16.000011, a second after
    /// the power is back, and has the whole three hours from then.
    /// </summary>
    [Fact]
    public async Task Nobody_begins_at_a_site_that_stands_still_and_loses_the_time_of_the_interruption()
    {
        var hall = await Hall.Open(service, "Europe/Moscow", "Asia/Krasnoyarsk");
        var (a, b, elsewhere) = (await hall.Admit(hall.Sites[0]), await hall.Admit(hall.Sites[0]), await hall.Admit(hall.Sites[1]));
        await Start(hall, a, "2026-09-14T09:00:00.000001+03");
        TurnTo("2026-09-14T09:20:00.000000+03");
        await hall.Do(hall.Sites[0], "pause", new { reason = "отключили свет" }).Json();
        TurnTo("2026-09-14T09:25:00.000000+03");

        var refused = await hall.Taker(b).PostAsJsonAsync($"{V1}/sessions/{b}/start", new { }).Json(409);

        refused["code"]!.GetValue<string>().Should().Be("site-interrupted");
        (await hall.State(b)).Should().Be("open");
        await hall.Taker(elsewhere).PostAsJsonAsync($"{V1}/sessions/{elsewhere}/start", new { }).Json();
        TurnTo("2026-09-14T09:31:15.000009+03");
        await hall.Do(hall.Sites[0], "resumption", new { }).Json();
        await Start(hall, b, "2026-09-14T09:31:16.000011+03");
        (await hall.Seen(b))["deadline"]!.GetValue<string>().Should().Be(Local("2026-09-14T12:31:16.000011+03"));
    }

    /// <summary>The power fails at 9:00, when A is admitted; it is back at 9:10, and A begins at 9:10:00.000001.</summary>
    [Fact]
    public async Task Who_is_admitted_waits_at_a_site_that_stands_still_before_anybody_has_begun()
    {
        var hall = await Hall.Open(service, "Europe/Moscow");
        var a = await hall.Admit(hall.Sites[0]);
        var paused = await hall.Do(hall.Sites[0], "pause", new { reason = "отключили свет" }).Json();
        (await hall.Taker(a).PostAsJsonAsync($"{V1}/sessions/{a}/start", new { }).ProblemCode(409)).Should().Be("site-interrupted");
        TurnTo("2026-09-14T09:10:00.000000+03");
        await hall.Do(hall.Sites[0], "resumption", new { }).Json();
        await Start(hall, a, "2026-09-14T09:10:00.000001+03");

        paused["sessions"]!.AsArray().Should().BeEmpty("nobody's time had to be stopped");
        (await hall.Seen(a))["deadline"]!.GetValue<string>().Should().Be(Local("2026-09-14T12:10:00.000001+03"));
    }

    /// <summary>
    /// Before the cut, A was paused individually. During the cut, B is resumed individually and paused again for
    /// another reason. C has finished, and D works all the time.
    /// </summary>
    [Fact]
    public async Task Only_those_whom_the_interruption_has_paused_are_resumed_with_it()
    {
        var scene = await At(service, 4);
        await scene.Do("/pause", new { reason = "врач" }, desk: 0).Json();
        await scene.Finish([], desk: 2).Json();
        service.Clock.Advance(Duration.FromMinutes(1));

        var paused = await Site(scene, "pause", new { reason = "свет" }).Json();
        Sessions(paused).Should().BeEquivalentTo([scene.Session(1), scene.Session(3)]);
        (await Site(scene, "pause", new { reason = "ещё раз" }).ProblemCode(409)).Should().Be("site-interrupted");
        service.Clock.Advance(Duration.FromMinutes(2));
        await scene.Do("/resumption", desk: 1).Json();
        service.Clock.Advance(Duration.FromMinutes(3));
        await scene.Do("/pause", new { reason = "врач" }, desk: 1).Json();
        service.Clock.Advance(Duration.FromMinutes(4));
        var resumed = await Site(scene, "resumption", new { }).Json();

        Sessions(resumed).Should().Equal(scene.Session(3));
        (await scene.State(0), await scene.State(1), await scene.State(2), await scene.State(3))
            .Should()
            .Be(("paused", "paused", "finished", "in_progress"));
        (await Site(scene, "resumption", new { }).ProblemCode(409)).Should().Be("site-not-interrupted");
        var interruption = (
            await scene.Operator().GetAsync($"{V1}/campaigns/{scene.Exam.CampaignId}/sites/{scene.Exam.SiteId}/interruptions").Json()
        )
            .Items()
            .Should()
            .ContainSingle()
            .Subject!;
        (
            interruption["beganAt"]!.GetValue<string>(),
            interruption["endedAt"]!.GetValue<string>(),
            interruption["reason"]!.GetValue<string>()
        )
            .Should()
            .Be(("2026-09-14T06:01:00Z", "2026-09-14T06:10:00Z", "свет"));
    }

    [Fact]
    public async Task Whoever_has_had_all_the_extra_time_that_the_policy_gives_holds_up_none_of_the_others()
    {
        var scene = await At(service, 2);
        await scene.Do("/extra-time", new { minutes = 235, reason = "сбой" }).Json();

        var extended = await Site(scene, "extra-time", new { minutes = 10, reason = "перезапуск" }).Json();

        Of(extended, scene.Session())["code"]!.GetValue<string>().Should().Be("extra-time-exceeded");
        Of(extended, scene.Session(1))["deadline"]!.GetValue<string>().Should().Be("2026-09-14T09:10:00Z");
        (await Site(scene, "extra-time", new { minutes = 0, reason = "нет" }).ProblemCode(422)).Should().Be("minutes-invalid");
    }

    [Fact]
    public async Task Only_the_staff_of_the_site_and_the_campaigns_operator_move_it_and_only_a_site_of_the_campaign()
    {
        var hall = await Hall.Open(service, "Europe/Moscow", "Asia/Krasnoyarsk");
        var (_, own) = await hall.Scene.Staff(
            new
            {
                role = "invigilator",
                scope = "site",
                scopeId = hall.Sites[0],
            }
        );
        var (_, taker) = await hall.Scene.Person();

        (await own.PostAsJsonAsync(hall.Path(hall.Sites[0], "pause"), new { reason = "свет" }).ProblemCode(409))
            .Should()
            .Be("nobody-at-work");
        (await own.PostAsJsonAsync(hall.Path(hall.Sites[1], "pause"), new { reason = "свет" }).ProblemCode(404))
            .Should()
            .Be("site-not-found");
        (await taker.PostAsJsonAsync(hall.Path(hall.Sites[0], "pause"), new { reason = "свет" }).ProblemCode(403))
            .Should()
            .Be("not-allowed");
        (await hall.Do(Guid.NewGuid(), "pause", new { reason = "свет" }).ProblemCode(404)).Should().Be("site-not-found");
        (await hall.Do(hall.Sites[0], "pause", new { reason = "свет", sittingId = Guid.NewGuid() }).ProblemCode(404))
            .Should()
            .Be("site-not-found");
    }

    /// <summary>The power fails while twenty people save, ten finish, and twenty do nothing.</summary>
    [Fact]
    public async Task While_fifty_people_save_and_finish_a_site_is_paused_at_one_moment_for_all_who_are_still_at_work()
    {
        const int Desks = 50,
            Saving = 20,
            Finishing = 10;
        var scene = await At(service, Desks);
        var acknowledged = new int[Desks];
        var started = 0;
        var people = Enumerable
            .Range(0, Saving + Finishing)
            .Select(desk =>
                Task.Run(async () =>
                {
                    using var tab = scene.Taker(desk);
                    for (var revision = 0; revision < 15; revision++)
                    {
                        using var answer = await scene.Save(Text, Write(revision, $"{revision}"), desk, tab);
                        if (!answer.IsSuccessStatusCode)
                            return;
                        acknowledged[desk] = revision + 1;
                        Interlocked.Increment(ref started);
                        if (desk >= Saving && revision == 3 + desk % 5)
                            (await scene.Finish(new() { ["2"] = revision + 1 }, desk)).Dispose();
                    }
                })
            )
            .ToList();
        while (Volatile.Read(ref started) < 60)
            await Task.Delay(1);
        service.Clock.Advance(Duration.FromMilliseconds(1));
        var paused = await Site(scene, "pause", new { reason = "свет" }).Json();
        var still = Sessions(paused);
        await Task.WhenAll(people);
        service.Clock.Advance(Duration.FromMinutes(7) + Duration.FromTicks(10));

        for (var desk = 0; desk < Desks; desk++)
        {
            var seen = await scene.Operator().GetAsync(scene.Path("/supervision", desk)).Json();
            seen["state"]!.GetValue<string>().Should().Be(still.Contains(scene.Session(desk)) ? "paused" : "finished");
            if (!still.Contains(scene.Session(desk)))
                (await scene.Operator().GetAsync(scene.Path("/receipt", desk)).Json())["manifest"]!["2"]!
                    .GetValue<int>()
                    .Should()
                    .Be(acknowledged[desk]);
        }
        var resumed = await Site(scene, "resumption", new { }).Json();
        Sessions(resumed).Should().Equal(still);
        resumed["sessions"]!
            .AsArray()
            .Select(one => one!["deadline"]!.GetValue<string>())
            .Distinct()
            .Should()
            .Equal("2026-09-14T09:07:00.000001Z");
        for (var desk = 0; desk < Saving; desk++)
        {
            (await scene.Operator().GetAsync(scene.Path("/responses?limit=500", desk)).Json())["saved"]!
                .AsArray()
                .Should()
                .HaveCount(acknowledged[desk]);
            await scene.Save(Text, Write(acknowledged[desk], "после"), desk).Json();
        }
    }

    [Fact]
    public async Task Of_twenty_pauses_and_twenty_resumptions_at_once_each_happens_once()
    {
        var scene = await At(service, 10);

        var pauses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Site(scene, "pause", new { reason = "свет" })));
        service.Clock.Advance(Duration.FromMinutes(3));
        var resumptions = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Site(scene, "resumption", new { })));

        pauses.Count(answer => answer.IsSuccessStatusCode).Should().Be(1);
        resumptions.Count(answer => answer.IsSuccessStatusCode).Should().Be(1);
        for (var desk = 0; desk < 10; desk++)
            (await scene.Operator().GetAsync(scene.Path("/supervision", desk)).Json())["deadline"]!
                .GetValue<string>()
                .Should()
                .Be("2026-09-14T09:03:00Z");
    }

    private Task<HttpResponseMessage> Site(SessionScene scene, string move, object body) =>
        scene.Operator().PostAsJsonAsync($"{V1}/campaigns/{scene.Exam.CampaignId}/sites/{scene.Exam.SiteId}/{move}", body);

    private static List<Guid> Sessions(JsonNode moved) =>
        [.. moved["sessions"]!.AsArray().Where(one => one!["moved"]!.GetValue<bool>()).Select(one => one!["sessionId"]!.GetValue<Guid>())];

    private static JsonNode Of(JsonNode moved, Guid session) =>
        moved["sessions"]!.AsArray().Single(one => one!["sessionId"]!.GetValue<Guid>() == session)!;

    private static string Deadline(JsonNode moved, Guid session) => Of(moved, session)["deadline"]!.GetValue<string>();

    private async Task Start(Hall hall, Guid session, string local)
    {
        TurnTo(local);
        await hall.Taker(session).PostAsJsonAsync($"{V1}/sessions/{session}/start", new { }).Json();
    }

    private void TurnTo(string local) => service.Clock.Advance(InstantOf(local) - service.Clock.GetCurrentInstant());

    /// <summary>A local time at the site, as the service writes it.</summary>
    private static string Local(string local) => InstantPattern.ExtendedIso.Format(InstantOf(local));

    private static Instant InstantOf(string local) =>
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.ffffffo<+HH>").Parse(local).GetValueOrThrow().ToInstant();

    /// <summary>A campaign at several sites, with people who sign in.</summary>
    private sealed class Hall(CampaignScene scene, Guid campaign, IReadOnlyList<Guid> sites)
    {
        private readonly Dictionary<Guid, HttpClient> takers = [];

        internal CampaignScene Scene => scene;

        internal IReadOnlyList<Guid> Sites => sites;

        internal static async Task<Hall> Open(TestService service, params string[] timeZones)
        {
            var scene = new CampaignScene(service);
            var sites = new List<Guid>();
            foreach (var zone in timeZones)
                sites.Add(
                    (await scene.Admin.PostAsJsonAsync($"{V1}/sites", CampaignScene.SiteBody(timeZone: zone)).Json(201))[
                        "id"
                    ]!.GetValue<Guid>()
                );
            var draft = await scene.CampaignBody([.. sites]);
            draft["timeLimitMinutes"] = 180;
            var campaign = (await scene.Admin.PostAsJsonAsync($"{V1}/campaigns", draft).Json(201))["id"]!.GetValue<Guid>();
            await scene.Publish(campaign).Json();
            return new(scene, campaign, sites);
        }

        /// <returns>The session of a new person who has been admitted.</returns>
        internal async Task<Guid> Admit(Guid site)
        {
            var (id, client) = await scene.Person();
            var application = await scene.FileFor(id, campaign, site);
            var session = (await scene.Decide(application, "approval").Json())["sessionId"]!.GetValue<Guid>();
            takers[session] = client;
            await scene.Admin.PostAsJsonAsync($"{V1}/sessions/{session}/admission", new { }).Json();
            return session;
        }

        internal HttpClient Taker(Guid session) => takers[session];

        internal string Path(Guid site, string move) =>
            string.Create(CultureInfo.InvariantCulture, $"{V1}/campaigns/{campaign}/sites/{site}/{move}");

        internal Task<HttpResponseMessage> Do(Guid site, string move, object body) => scene.Admin.PostAsJsonAsync(Path(site, move), body);

        internal Task<JsonNode> Seen(Guid session) => scene.Admin.GetAsync($"{V1}/sessions/{session}/supervision").Json();

        internal async Task<string> State(Guid session) => (await Seen(session))["state"]!.GetValue<string>();
    }
}
