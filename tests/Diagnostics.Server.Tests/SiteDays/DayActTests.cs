using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.Campaigns;
using NodaTime;

namespace Diagnostics.Server.Tests.SiteDays;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>
/// The act, the site's report on an exam day, is compiled from the logs, signed once, and never rewritten. Each test
/// has a clock of its own.
/// </summary>
public sealed class DayActTests : IAsyncLifetime
{
    private TestService service = new();
    private SiteDayScene scene = null!;

    public async Task InitializeAsync()
    {
        await service.InitializeAsync();
        scene = await SiteDayScene.Make(service);
    }

    public Task DisposeAsync() => service.DisposeAsync();

    /// <summary>
    /// Every time and number here is calculated by hand from 09:00 in Moscow, when the test begins; each journal entry
    /// is made one second after the preceding event.
    /// </summary>
    [Fact]
    public async Task The_act_tells_the_day_as_it_went()
    {
        var (appointment, head) = await scene.Head();
        await scene.Note("presence", new { appointmentId = appointment }, head).Json();
        var whole = await scene.Taker();
        var left = await scene.Taker();
        var out1 = await scene.Taker();
        var never = await scene.Taker();
        await scene
            .Note(
                "materials",
                new
                {
                    move = "received",
                    count = 4,
                    note = "пакеты",
                }
            )
            .Json();
        await scene.Note("materials", new { move = "handed_out", count = 3 }).Json();
        await scene.Note("identity-checks", new { sessionId = whole.Session }).Json();
        foreach (var taker in new[] { whole, left, out1 })
            await scene.Start(taker);
        After(10);
        await scene.Move(whole.Session, "pause", new { reason = "Отключили свет" });
        After(11);
        await scene.Move(whole.Session, "resumption");
        await scene.Move(whole.Session, "extra-time", new { minutes = 15, reason = "Перезапуск" });
        await scene.Note("incidents", new { description = "Отключение света" }).Json();
        await scene.Admin.PostAsJsonAsync($"{V1}/sessions/{left.Session}/incidents", new { description = "Стало плохо" }).Json(204);
        After(4);
        await scene.Move(left.Session, "finish-by-site", new { act = "Ушёл и не вернулся" });
        await scene.Move(out1.Session, "annulment", new { reason = "Телефон" });
        After(20);
        await scene.Finish(whole);

        var act = await scene.Act();

        var content = act["content"]!;
        content["counts"]!
            .ToJsonString()
            .Should()
            .Be("""{"expected":3,"notCome":1,"absent":0,"admitted":0,"started":0,"finished":2,"annulled":1}""");
        (content["firstStart"]!.GetValue<string>(), content["lastEnd"]!.GetValue<string>())
            .Should()
            .Be(("2026-09-14T06:00:04Z", "2026-09-14T06:45:05Z"));
        content["site"]!["name"]!.GetValue<string>().Should().Be("Школа № 5");
        content["staff"]!.AsArray().Single()!["presentAt"]!.GetValue<string>().Should().Be("2026-09-14T06:00:01Z");
        content["missing"]!
            .AsArray()
            .Select(missing => missing!["duty"]!.GetValue<string>())
            .Should()
            .Equal("organiser", "technician", "commission_member");
        var place = content["places"]!
            .AsArray()
            .Single(each => each!["seat"]!.GetValue<int>() == whole.Seat && each["state"]!.GetValue<string>() == "finished")!;
        place["pauses"]!
            .AsArray()
            .Select(pause => $"{pause!["from"]} {pause["to"]} {pause["reason"]}")
            .Should()
            .Equal("2026-09-14T06:10:04Z 2026-09-14T06:21:04Z Отключили свет");
        (place["extraMinutes"]!.GetValue<int>(), place["identityChecked"]!.GetValue<bool>()).Should().Be((15, true));
        Entries("incidents").Should().BeEquivalentTo(["06:21 — Отключение света", $"06:21 {left.Seat} Стало плохо"]);
        Entries("finishedBySite").Should().Equal($"06:25 {left.Seat} Ушёл и не вернулся");
        Entries("annulments").Should().Equal($"06:25 {out1.Seat} Телефон");
        content["materials"]!
            .AsArray()
            .Select(each => $"{each!["move"]} {each["count"]} {each["note"]}")
            .Should()
            .Equal("received 4 пакеты", "handed_out 3 ");
        act.ToJsonString().Should().NotContain("Магомедова", "the act names nobody").And.NotContain(never.Person.ToString());

        IEnumerable<string> Entries(string part) =>
            content[part]!
                .AsArray()
                .Select(entry => $"{entry!["at"]!.GetValue<string>()[11..16]} {entry["seat"]?.ToString() ?? "—"} {entry["text"]}");
    }

    [Fact]
    public async Task An_annulment_that_was_taken_back_is_not_in_the_act()
    {
        var taker = await scene.Taker();
        await scene.Start(taker);
        await scene.Finish(taker);
        await scene.Move(taker.Session, "annulment", new { reason = "Ошибка" });
        (await scene.Act())["content"]!["annulments"]!.AsArray().Should().ContainSingle();

        await scene.Move(taker.Session, "annulment/withdrawal", new { reason = "Не тот сеанс" });

        var content = (await scene.Act())["content"]!;
        content["annulments"]!.AsArray().Should().BeEmpty();
        content["counts"]!["finished"]!.GetValue<int>().Should().Be(1);
    }

    [Fact]
    public async Task The_appointed_head_signs_once_exactly_what_was_read()
    {
        var (_, head) = await scene.Head();
        var (_, another) = await scene.Staff("site_head");
        var taker = await scene.Taker();
        await scene.Start(taker);
        var early = await scene.Act();
        (await scene.Sign(head, early).ProblemCode(409)).Should().Be("day-not-over", "somebody is writing");
        await scene.Finish(taker);
        (await scene.Sign(head, early).ProblemCode(409)).Should().Be("act-changed");
        var act = await scene.Act();
        (await scene.Sign(another, act).ProblemCode(403)).Should().Be("act-not-head");

        var statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => (await scene.Sign(head, act)).StatusCode));

        statuses.Count(status => status is HttpStatusCode.OK).Should().Be(1);
        statuses
            .Where(status => status is not HttpStatusCode.OK)
            .Should()
            .OnlyContain(status => status == HttpStatusCode.Conflict || status == HttpStatusCode.TooManyRequests);
        var signed = await scene.Act();
        signed["signature"]!["at"]!.GetValue<string>().Should().Be("2026-09-14T06:00:00Z");
        signed["fingerprint"]!.GetValue<string>().Should().Be(act["fingerprint"]!.GetValue<string>());
        signed["changed"]!.AsArray().Should().BeEmpty();
        Convert
            .ToHexStringLower(
                SHA256.HashData(Encoding.UTF8.GetBytes(await scene.Database.Read(db => db.Value<string>("SELECT content FROM site_acts"))))
            )
            .Should()
            .Be(act["fingerprint"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_changes_after_the_signature_is_shown_and_what_was_signed_stays()
    {
        var (_, head) = await scene.Head();
        var taker = await scene.Taker();
        await scene.Start(taker);
        await scene.Finish(taker);
        var act = await scene.Act();
        await scene.Sign(head, act).Json();
        After(20);

        await scene.Move(taker.Session, "annulment", new { reason = "Подлог" });
        await scene.Note("materials", new { move = "destroyed", count = 1 }).Json();

        var later = await scene.Act();
        later["content"]!.ToJsonString().Should().Be(act["content"]!.ToJsonString());
        later["changed"]!
            .AsArray()
            .Select(part => part!.GetValue<string>())
            .Should()
            .Contain(["counts", "places", "annulments", "materials"])
            .And.NotContain(["site", "staff", "incidents"]);
        later["now"]!["counts"]!["annulled"]!.GetValue<int>().Should().Be(1);
        (await scene.Sign(head, later).ProblemCode(409)).Should().Be("act-signed");
        (await Sheet())
            .Should()
            .Contain("После подписания изменилось: ")
            .And.Contain("аннулированные сеансы")
            .And.Contain("материалы")
            .And.NotContain("Подлог");
    }

    [Fact]
    public async Task A_sittings_act_waits_until_nobody_can_come_any_more()
    {
        var taker = await scene.Taker();
        // The sitting has half an hour left.
        var sitting = await scene.AddSitting(startsAt: TestService.Start - Duration.FromMinutes(150));
        await scene.Seat(taker.Session, sitting);
        var (_, head) = await scene.Head(sitting);

        (await scene.Sign(head, await scene.Act($"?sittingId={sitting}"), sitting).ProblemCode(409)).Should().Be("day-not-over");
        After(30);
        var signed = await scene.Sign(head, await scene.Act($"?sittingId={sitting}"), sitting).Json();

        signed["content"]!["counts"]!["notCome"]!.GetValue<int>().Should().Be(1);
        (signed["content"]!["sitting"]!["startsAt"]!.GetValue<string>(), signed["content"]!["sitting"]!["endsAt"]!.GetValue<string>())
            .Should()
            .Be(("2026-09-14T03:30:00Z", "2026-09-14T06:30:00Z"));
    }

    [Fact]
    public async Task Without_sittings_each_day_by_the_sites_clocks_has_its_own_act()
    {
        await service.DisposeAsync();
        service = new TestService();
        // It is 23:30 in Moscow.
        After(14 * 60 + 30);
        await InitializeAsync();
        var (_, head) = await scene.Head();
        var (first, second) = (await scene.Taker(), await scene.Taker());
        await scene.Start(first);
        await scene.Finish(first);
        await scene.Note("incidents", new { description = "Первый день" }).Json();
        await scene.Sign(head, await scene.Act()).Json();
        // It is 00:15 of the next day in Moscow, but still the first day by UTC.
        After(45);
        await scene.Start(second);
        await scene.Finish(second);

        var next = await scene.Act();
        var before = await scene.Act("?date=2026-09-14");

        next["content"]!["date"]!.GetValue<string>().Should().Be("2026-09-15");
        next["signature"].Should().BeNull();
        next["content"]!["counts"]!["finished"]!.GetValue<int>().Should().Be(1);
        next["content"]!["incidents"]!.AsArray().Should().BeEmpty();
        before["signature"].Should().NotBeNull();
        before["content"]!["incidents"]!.AsArray().Should().ContainSingle();
        before["content"]!["counts"]!["finished"]!.GetValue<int>().Should().Be(1);
    }

    [Fact]
    public async Task The_sheet_is_a_page_for_paper_that_runs_and_fetches_nothing()
    {
        var taker = await scene.Taker();
        await scene.Start(taker);
        await scene.Note("incidents", new { description = "<script>alert(1)</script>" }).Json();

        using var answer = await scene.Admin.GetAsync(scene.Path("/act/sheet"));
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());

        answer.Content.Headers.ContentType!.MediaType.Should().Be("text/html");
        answer.Headers.GetValues("Content-Security-Policy").Single().Should().Contain("default-src 'none'");
        page.Should()
            .Contain("Акт дня проведения диагностики")
            .And.Contain("14\u00A0сентября\u00A02026")
            .And.Contain("Школа № 5")
            .And.Contain("Не подписан")
            .And.Contain("По п. 7.1.3 Положения не хватало: руководитель (не назначен)")
            .And.NotContain("Магомедова");
        answer.Headers.GetValues("Content-Security-Policy").Single().Should().NotContain("script-src");
        (await scene.Admin.GetStringAsync(scene.Path("/act/sheet"))).Should().NotContain("<script").And.Contain("&lt;script&gt;");
        var style = System.Text.RegularExpressions.Regex.Match(page, "href=\"(?<path>[^\"]+)\"").Groups["path"].Value;
        (await scene.Admin.GetAsync(new Uri(answer.RequestMessage!.RequestUri!, style))).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    private async Task<string> Sheet() => WebUtility.HtmlDecode(await scene.Admin.GetStringAsync(scene.Path("/act/sheet")));

    private void After(int minutes) => service.Clock.Advance(Duration.FromMinutes(minutes));
}
