using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.Campaigns;
using NodaTime;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>The pages of those who look after a day at a site.</summary>
public sealed class SitePagesTests(TestService service) : IClassFixture<TestService>
{
    private static readonly string[] Parts =
    [
        "",
        "/board",
        "/board/state",
        "/codes",
        "/journal",
        "/act",
        "/act/sheet",
        "/offline",
        "/paper",
    ];

    private static readonly string[] Forms = ["/admission", "/moves", "/codes", "/journal", "/places", "/paper"];

    [Fact]
    public async Task Staff_of_another_site_are_answered_as_if_the_day_did_not_exist()
    {
        var scene = await SiteScene.Make(service, 1);
        var elsewhere = await scene.Day.Region.AddSite();
        using var own = await scene.Desk();
        using var stranger = await scene.Desk("site_head", elsewhere);
        using var operators = await Browser.Of(service, "admin", service.AdminPassword);
        var place = $"/places/{scene.Takers[0].Session}";
        var unknown = scene.Path.Replace(scene.Day.Region.Site.ToString("D"), Guid.NewGuid().ToString("D"), StringComparison.Ordinal);

        foreach (var part in Parts.Append(place))
        {
            (await own.Open(scene.Path + part)).Status.Should().Be(200, part);
            (await operators.Open(scene.Path + part)).Status.Should().Be(200, part);
            var refused = await stranger.Open(scene.Path + part);
            var missing = await stranger.Open(unknown + part);
            refused.Status.Should().Be(404, part);
            (refused.Status, refused.Main).Should().Be((missing.Status, missing.Main), part);
        }
        // A form of one's own day, sent to the address of somebody else's.
        var mine = await own.Open(scene.Path);
        var days = await stranger.Open("/site");
        foreach (var form in Forms.Append("/act"))
        {
            var path = form == "/places" ? place : form;
            var request = Browser.Request(days, "form[action='/sign-out']", ("do", "all"), ("who", "all"), ("reason", "Проба"));
            request.RequestUri = new Uri(scene.Path + path, UriKind.Relative);
            (await stranger.Send(request)).Status.Should().Be(404, form);
        }
        (await scene.StateOf(scene.Takers[0])).Should().Be("scheduled");
        days.Main.Should().Contain("Дней пока нет");
        mine.Main.Should().Contain("Абдуллаева");
        (await own.Open($"{scene.Path[..^36]}{Guid.NewGuid():D}")).Status.Should().Be(404, "the sitting is unknown");
        (await own.Open($"{scene.Path}/places/{Guid.NewGuid():D}")).Status.Should().Be(404);

        using var author = await Author();
        foreach (var part in Parts.Append(place))
            (await author.Open(scene.Path + part)).Status.Should().Be(403, part);
        (await author.Open("/")).Html.Should().NotContain("href=\"/site\"");

        async Task<Browser> Author()
        {
            var (userName, password) = await PageScene.Staff(service, "author");
            return await Browser.Of(service, userName, password);
        }
    }

    /// <summary>
    /// An operator of another campaign, the head of another site, and an organiser of this site are tried on every page and
    /// form of somebody who writes on paper; a page that exists is answered like one that does not.
    /// </summary>
    [Fact]
    public async Task Paper_and_its_scans_are_shown_to_nobody_from_elsewhere()
    {
        var scene = await SiteScene.Make(service, 1);
        var session = scene.Takers[0].Session;
        await scene.Day.Admin.PostAsJsonAsync(scene.Day.Path("/paper"), new { sessions = new[] { session } }).Json();
        await scene.Day.Move(session, "admission");
        var begun = await scene.Day.Admin.PostAsJsonAsync($"/api/v1/sessions/{session}/paper/start", new { }).Json();
        var sheets = begun["sheets"]!.AsArray().Select(sheet => sheet!["code"]!.GetValue<string>()).ToArray();
        await scene.Day.Admin.PostAsJsonAsync($"/api/v1/sessions/{session}/paper/collection", new { sheets }).Json();
        using var scan = new ByteArrayContent(Diagnostics.TestKit.ScanFiles.PlainPng);
        var added = await scene.Day.Admin.PostAsync($"/api/v1/sessions/{session}/paper/scans?sheet={sheets[2]}", scan).Json(201);
        var other = await scene.Day.Region.AddDraft(scene.Day.Region.Site);
        var (_, userName, password) = await scene.Operator(other);
        using var elsewhere = await Browser.Of(service, userName, password);
        using var stranger = await scene.Desk("site_head", await scene.Day.Region.AddSite());
        using var own = await scene.Desk();
        using var admin = await Browser.Of(service, "admin", service.AdminPassword);
        var image = $"/paper/{session}/scans/{added["slot"]}/1";

        foreach (var part in new[] { "/paper", $"/paper/{session}", $"/paper/{session}/scans", image, "/paper/sheets", "/board", "" })
        {
            // There is nothing to print any more, because the package was handed out.
            (await admin.Open(scene.Path + part))
                .Status.Should()
                .Be(part == "/paper/sheets" ? 404 : 200, part);
            var forOperators = part == "/paper/sheets" || part == $"/paper/{session}";
            (await own.Open(scene.Path + part)).Status.Should().Be(forOperators ? 403 : 200, part);
            (await elsewhere.Open(scene.Path + part)).Status.Should().Be(404, part);
            (await stranger.Open(scene.Path + part)).Status.Should().Be(forOperators ? 403 : 404, part);
        }
        var seen = await own.Open(scene.Path + image);
        (seen.Header("Content-Security-Policy"), seen.Header("X-Content-Type-Options"))
            .Should()
            .Be(("default-src 'none'; frame-ancestors 'none'; sandbox", "nosniff"));
        foreach (var somebody in new[] { elsewhere, stranger })
        {
            var days = await somebody.Open("/site");
            foreach (var form in new[] { "/paper", $"/paper/{session}", $"/paper/{session}/scans" })
            {
                var request = Browser.Request(days, "form[action='/sign-out']", ("slot", added["slot"]!.ToString()), ("number", "1"));
                request.RequestUri = new Uri(scene.Path + form, UriKind.Relative);
                (await somebody.Send(request)).Status.Should().BeOneOf([403, 404], form);
            }
        }
        (await own.Open($"{scene.Path}/paper/{session}/scans")).Document.QuerySelectorAll(".scans img").Should().ContainSingle();
    }

    /// <summary>On paper the session stands paused and the time runs; nobody must be sent to help there for nothing.</summary>
    [Fact]
    public async Task The_board_says_who_writes_on_paper_and_when_the_sheets_must_be_taken_back()
    {
        var scene = await SiteScene.Make(service, 2, clients: true);
        var (paper, screen) = (scene.Takers[1], scene.Takers[0]);
        await scene.Day.Admin.PostAsJsonAsync(scene.Day.Path("/paper"), new { sessions = new[] { paper.Session } }).Json();
        foreach (var taker in scene.Takers)
            await scene.Day.Move(taker.Session, "admission");
        await scene.Day.Admin.PostAsJsonAsync($"/api/v1/sessions/{paper.Session}/paper/start", new { }).Json();
        await scene.Start(screen);
        using var desk = await scene.Desk();

        var first = (await Rows())[0];
        (first["seat"]!.GetValue<int>(), first["state"]!.GetValue<string>()).Should().Be((paper.Seat, "на бумаге"));
        first["marks"]!.AsArray().Should().BeEmpty();
        var until = first["until"]!.GetValue<long>();
        until.Should().BeGreaterThan(service.Clock.GetCurrentInstant().ToUnixTimeMilliseconds());

        await scene.Day.Database.Write(db =>
            db.Execute("UPDATE sessions SET deadline = started_at, accept_until = started_at WHERE id = @Session", new { paper.Session })
        );
        var mark = (await Rows()).Single(row => row["seat"]!.GetValue<int>() == paper.Seat)["marks"]![0]!;
        mark["text"]!.GetValue<string>().Should().Be("время вышло, примите бланки");

        async Task<List<JsonNode>> Rows() =>
            JsonNode.Parse((await desk.Open($"{scene.Path}/board/state?by=need")).Body)!["rows"]!.AsArray().Select(row => row!).ToList();
    }

    [Fact]
    public async Task People_are_found_admitted_and_sent_back_one_by_one_and_together()
    {
        var scene = await SiteScene.Make(service, 6);
        using var desk = await scene.Desk();
        var (first, second, third) = (scene.Takers[0], scene.Takers[1], scene.Takers[2]);

        (await desk.Open("/site")).Main.Should().Contain("Сегодня").And.Contain("Записано: 6");
        var found = await desk.Open($"{scene.Path}?q=белов");
        found.Main.Should().Contain("Белова").And.NotContain("Алиев").And.Contain("1 человек");
        (await desk.Open($"{scene.Path}?q={second.Seat}")).Main.Should().Contain("Алиев").And.NotContain("Белова");
        (await desk.Open(scene.Path)).Main.Should().Contain("дополнительное время: 30");

        var page = await desk.Open(scene.Path);
        for (var press = 0; press < 2; press++)
            (await desk.Submit(page, ".day-form", ("do", $"come:{first.Session}"))).Location.Should().EndWith("said=come&n=1");
        var several = await desk.Submit(
            await desk.Open(scene.Path),
            ".day-form",
            ("session", $"{second.Session}"),
            ("session", $"{third.Session}"),
            ("do", "come")
        );
        (await desk.Open(several.Location!)).Main.Should().Contain("Допущено: 2 человека");
        (await scene.StateOf(third)).Should().Be("open");
        var again = await desk.Submit(await desk.Open(scene.Path), ".day-form", ("session", $"{third.Session}"), ("do", "come"));
        (again.Status, again.Main.Contains($"Место {third.Seat}:", StringComparison.Ordinal)).Should().Be((409, true));
        (await desk.Submit(await desk.Open(scene.Path), ".day-form", ("do", $"undo:{third.Session}"))).Status.Should().Be(303);
        (await scene.StateOf(third)).Should().Be("scheduled");
        (await desk.Submit(await desk.Open(scene.Path), ".day-form", ("do", "come"))).Main.Should().Contain("Отметьте хотя бы одного");
        (await desk.Submit(await desk.Open(scene.Path), ".day-form", ("do", "all"))).Location.Should().EndWith("said=all&n=4");

        var roster = await scene.Day.Roster($"?sittingId={scene.Sitting}");
        roster["items"]!.AsArray().Select(place => place!["state"]!.GetValue<string>()).Should().OnlyContain(state => state == "admitted");
        roster["items"]!
            .AsArray()
            .Where(place => place!["identityChecked"]!.GetValue<bool>())
            .Select(place => place!["seat"]!.GetValue<int>())
            .Should()
            .BeEquivalentTo([first.Seat, second.Seat, third.Seat], "all others were admitted without a look at a document here");
    }

    [Fact]
    public async Task The_board_puts_first_those_who_need_somebody_and_names_nobody_when_it_asks_again()
    {
        var scene = await SiteScene.Make(service, 4, clients: true);
        using var desk = await scene.Desk();
        var (silent, works, waits, paused) = (scene.Takers[0], scene.Takers[1], scene.Takers[2], scene.Takers[3]);
        foreach (var taker in scene.Takers)
            await scene.Day.Move(taker.Session, "admission");
        foreach (var taker in (SiteScene.Taker[])[silent, works, paused])
            await scene.Start(taker);
        await SiteScene.Answer(works);
        await scene.Day.Move(paused.Session, "pause", new { reason = "Врач" });
        scene.Pass(Duration.FromMinutes(3));
        await SiteScene.See(works);

        var page = await desk.Open($"{scene.Path}/board");
        var state = await desk.Open(page.Find("#board").GetAttribute("data-state")!);

        page.Document.QuerySelectorAll("#board-rows .seat").Select(Seat).Should().Equal(silent.Seat, paused.Seat, waits.Seat, works.Seat);
        page.Main.Should().Contain("нет связи с 9:00").And.Contain("допущен, не начал").And.Contain("на паузе");
        var rows = JsonNode.Parse(state.Body)!["rows"]!.AsArray();
        rows.Select(row => row!["seat"]!.GetValue<int>()).Should().Equal(silent.Seat, paused.Seat, waits.Seat, works.Seat);
        rows[3]!["answered"]!.GetValue<string>().Should().Be("1");
        rows[3]!["marks"]!.AsArray().Should().BeEmpty();
        state.Html.Should().NotContain("Алиев").And.NotContain("Патимат");
        var supervised = await scene.Supervised(works);
        supervised["lastSavedAt"]!.GetValue<string>().Should().StartWith("2026-09-14T06:00");
        supervised["lastSeenAt"]!.GetValue<string>().Should().StartWith("2026-09-14T06:03");
        (await scene.Supervised(silent))["lastSeenAt"]!.GetValue<string>().Should().StartWith("2026-09-14T06:00");

        var looks = await Looks();
        using var same = new HttpRequestMessage(HttpMethod.Get, page.Find("#board").GetAttribute("data-state"));
        same.Headers.Add("If-None-Match", state.Header("ETag"));
        (await desk.Send(same)).Status.Should().Be(304);
        (await Looks()).Should().Be(looks, "asking again looks at nobody's name");
        (await desk.Open($"{scene.Path}/board?by=seat"))
            .Document.QuerySelectorAll("#board-rows .seat")
            .Select(Seat)
            .Should()
            .BeInAscendingOrder();

        static int Seat(AngleSharp.Dom.IElement cell) =>
            int.Parse(cell.TextContent.Replace("Место", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture);

        Task<int> Looks() =>
            scene.Day.Database.Read(db => db.Value<int>("SELECT COUNT(*) FROM audit_entries WHERE action = 'roster.read'"));
    }

    [Fact]
    public async Task Pauses_time_and_incidents_reach_those_who_are_ticked_or_all()
    {
        var scene = await SiteScene.Make(service, 3, clients: true);
        using var desk = await scene.Desk();
        foreach (var taker in scene.Takers)
        {
            await scene.Day.Move(taker.Session, "admission");
            await scene.Start(taker);
        }
        var one = scene.Takers[1];
        var left = await Left(one);

        (await Do(("do", "pause"), ("who", "ticked"), ("session", $"{one.Session}"))).Main.Should().Contain("Напишите, что случилось");
        (await Do(("do", "pause"), ("who", "ticked"), ("reason", "Врач"))).Main.Should().Contain("Отметьте людей");
        (await Do(("do", "pause"), ("who", "ticked"), ("reason", "Врач"), ("session", $"{one.Session}"))).Status.Should().Be(303);
        (await scene.StateOf(one)).Should().Be("paused");
        (await scene.StateOf(scene.Takers[0])).Should().Be("in_progress");
        (await Do(("do", "resume"), ("who", "ticked"), ("session", $"{one.Session}"))).Status.Should().Be(303);
        var extra = await desk.Open($"{scene.Path}/board");
        for (var press = 0; press < 2; press++)
        {
            var fields = (("do", "extra"), ("who", "ticked"), ("reason", "Сбой"), ("minutes", "10"), ("session", $"{one.Session}"));
            (await desk.Submit(extra, "#board-form", fields.Item1, fields.Item2, fields.Item3, fields.Item4, fields.Item5))
                .Status.Should()
                .Be(303);
        }
        (await Left(one) - left).Should().BeCloseTo(600, 5, "a form sent twice adds time once");
        (await Do(("do", "pause"), ("who", "all"), ("reason", "Свет"))).Status.Should().Be(303);
        (await desk.Open($"{scene.Path}/board")).Main.Should().Contain("Перерыв с");
        (await Do(("do", "resume"), ("who", "all"))).Status.Should().Be(303);
        (await Do(("do", "incident"), ("who", "all"), ("reason", "Отключали свет"))).Status.Should().Be(303);
        (await Do(("do", "incident"), ("who", "ticked"), ("reason", "Вышел"), ("session", $"{one.Session}"))).Status.Should().Be(303);
        var act = await desk.Open($"{scene.Path}/act");
        act.Main.Should().Contain("Отключали свет").And.Contain($"место {one.Seat}: Вышел").And.Contain("Подписывает руководитель");

        async Task<Shown> Do(params (string, string)[] fields) =>
            await desk.Submit(await desk.Open($"{scene.Path}/board"), "#board-form", fields);

        async Task<long> Left(SiteScene.Taker taker) => (await scene.Supervised(taker))["secondsLeft"]!.GetValue<long>();
    }

    [Fact]
    public async Task Codes_are_shown_once_and_open_the_session()
    {
        var scene = await SiteScene.Make(service, 2);
        using var desk = await scene.Desk();
        var page = await desk.Open($"{scene.Path}/codes");

        var sheet = await desk.Submit(page, "section.now form", ("do", "all"));
        var again = await desk.Submit(page, "section.now form", ("do", "all"));

        var codes = sheet.Document.QuerySelectorAll(".slip-code").Select(code => code.TextContent.Trim()).ToList();
        codes.Should().HaveCount(2).And.OnlyHaveUniqueItems();
        (again.Status, again.Document.QuerySelectorAll(".slip-code").Length).Should().Be((409, 0));
        (await service.Anonymous().PostAsJsonAsync("/api/v1/auth/code", new { code = codes[0] })).EnsureSuccessStatusCode();
        var place = $"{scene.Path}/places/{scene.Takers[0].Session}";
        var fresh = await desk.Submit(await desk.Open(place), "form:has([value=code])", ("do", "code"));
        var anew = fresh.Find(".slip-code").TextContent.Trim();
        codes.Should().NotContain(anew);
        (await service.Anonymous().PostAsJsonAsync("/api/v1/auth/code", new { code = anew })).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task The_head_signs_the_act_that_fills_itself()
    {
        var scene = await SiteScene.Make(service, 2);
        var (id, userName, password) = await scene.Staff("site_head");
        await scene.Day.Appoint(id, "head", scene.Sitting).Json(201);
        using var head = await Browser.Of(service, userName, password);
        var journal = await head.Open($"{scene.Path}/journal");
        (await head.Submit(journal, "form:has([value=presence])", ("do", "presence"))).Status.Should().Be(303);
        var wrong = await Note("#move", ("do", "materials"), ("move", "handed_out"), ("count", "много"));
        (wrong.Status, wrong.Main.Contains("целое число", StringComparison.Ordinal)).Should().Be((422, true));
        await Note("#move", ("do", "materials"), ("move", "handed_out"), ("count", "2"), ("note", "Черновики"));
        await Note("#description", ("do", "incident"), ("description", "Сработала сигнализация"));
        var early = await head.Submit(await head.Open($"{scene.Path}/act"), "form:has([name=read])", ("read", "yes"));
        (early.Status, early.Main.Contains("никто больше не пишет", StringComparison.Ordinal)).Should().Be((409, true));
        foreach (var taker in scene.Takers)
            await scene.Day.Move(taker.Session, "absence", new { reason = "Не пришёл", excused = false });

        var signed = await head.Submit(await head.Open($"{scene.Path}/act"), "form:has([name=read])", ("read", "yes"));

        signed.Location.Should().EndWith("/act");
        var act = await head.Open(signed.Location!);
        act.Main.Should().Contain("Акт подписан").And.Contain("Черновики").And.Contain("Сработала сигнализация");
        (await head.Open($"{scene.Path}/act/sheet")).Html.Should().Contain("Подписал руководитель").And.Contain("profile-sheet.css");

        async Task<Shown> Note(string field, params (string, string)[] typed) =>
            await head.Submit(await head.Open($"{scene.Path}/journal"), $"form:has({field})", typed);
    }

    [Fact]
    public async Task One_person_is_helped_on_a_page_of_their_own()
    {
        var scene = await SiteScene.Make(service, 1, clients: true);
        using var desk = await scene.Desk();
        var taker = scene.Takers[0];
        var path = $"{scene.Path}/places/{taker.Session}";

        await Do("absence", ("reason", "Позвонили: болеет"), ("excused", "yes"));
        await Do("present");
        await Do("come");
        await scene.Start(taker);
        await Do("place-bad", ("reason", "Не работает мышь"));
        (await desk.Open(path)).Main.Should().Contain("не проверено");
        await Do("place-good");
        await Do("pause", ("reason", "Врач"));
        await Do("resume");
        await Do("extra", ("minutes", "5"), ("reason", "Врач"));
        await Do("finish", ("reason", "Ушёл и не вернулся"));

        (await scene.StateOf(taker)).Should().Be("finished");
        var page = await desk.Open(path);
        page.Main.Should().Contain("Ушёл и не вернулся").And.Contain("5 мин, Врач").And.Contain("Сеанс завершён площадкой");
        page.Document.QuerySelectorAll("[value=pause], [value=finish]").Should().BeEmpty();
        page.Document.QuerySelector("title")!.TextContent.Should().NotContain("Абдуллаева");

        async Task Do(string act, params (string, string)[] fields)
        {
            var done = await desk.Submit(await desk.Open(path), $"form:has(button[value={act}])", [("do", act), .. fields]);
            done.Status.Should().Be(303, $"{act}: {done.Main}");
        }
    }
}
