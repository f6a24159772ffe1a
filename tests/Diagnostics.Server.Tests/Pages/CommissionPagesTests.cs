using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using AngleSharp.Dom;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.Storage.Marking;
using NodaTime;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>The pages of those who lead marking.</summary>
public sealed class CommissionPagesTests(TestService service) : IClassFixture<TestService>
{
    private static readonly string[] Parts = ["", "/scripts", "/experts", "/flags", "/answers", "/criteria", "/protocol", "/publication"];

    [Fact]
    public async Task Only_those_who_lead_marking_get_in_and_see_the_line_of_the_menu()
    {
        var scene = await CommissionScene.Make(service, 1);
        var other = await Marking.Scene.Make(service);
        var (_, stranger) = await other.StaffAccount(Role.Chair);
        var strangerName = await scene.Scene.Database.Read(db =>
            db.Find<string>("SELECT user_name FROM access_accounts WHERE id = @stranger", new { stranger })
        );
        using var expert = await scene.Desk(scene.First);
        using var elsewhere = await Browser.Of(service, strangerName!, "long-enough-1");
        using var chair = await scene.Desk(scene.Chair);
        using var admin = await Browser.Of(service, "admin", service.AdminPassword);

        foreach (var part in Parts)
        {
            (await expert.Open(scene.Path + part)).Status.Should().Be(403, part);
            (await elsewhere.Open(scene.Path + part)).Status.Should().Be(403, part);
            (await admin.Open(scene.Path + part)).Status.Should().Be(200, part);
            var page = await chair.Open(scene.Path + part);
            page.Status.Should().Be(200, part);
            page.Html.Should().NotContain("Тайнова").And.NotContain("СОШ № 5");
            page.Document.QuerySelectorAll("[style], script:not([src]), style").Should().BeEmpty(part);
            page.Header("Cache-Control").Should().Contain("no-store");
        }
        var script = (await scene.Scene.Database.Read(db => ScriptStore.OfCampaign(db, scene.Scene.Id, null, 1)))[0].Id;
        (await elsewhere.Open($"{scene.Path}/scripts/{script}")).Status.Should().Be(404);
        // The script is of another campaign than the address says.
        (await admin.Open($"/commission/{other.Id}/scripts/{script}"))
            .Status.Should()
            .Be(404);
        (await chair.Open($"{scene.Path}/scripts/{script}")).Html.Should().Contain("Ответ 1").And.NotContain("Тайнова");
        (await expert.Open("/marking")).Document.QuerySelectorAll(".menu a[href='/commission']").Should().BeEmpty();
        (await chair.Open("/")).Document.QuerySelectorAll(".menu a[href='/commission']").Should().ContainSingle();
        (await chair.Open("/commission")).Location.Should().Be(scene.Path, "the chair leads a single campaign");
    }

    [Fact]
    public async Task Every_number_of_the_overview_opens_a_list_with_as_many_rows()
    {
        var scene = await CommissionScene.Make(service, 4);
        var held = await Marks.Claim(scene.First.Client, scene.Scene);
        var flagged = await Marks.Claim(scene.Second.Client, scene.Scene);
        await scene.Second.Client.PostAsJsonAsync(Marks.Path(flagged, "flags"), new { kind = "unreadable", comment = "Не читается" });
        await Marks.Give(scene.Senior.Client, scene.Scene, full: true);
        held.Should().NotBeNull();
        using var chair = await scene.Desk(scene.Chair);

        var overview = await chair.Open(scene.Path);

        Numbers(overview, ".tallies dd").Should().Equal(4, 0, 1, 3);
        var links = overview.Document.QuerySelectorAll(".tallies a, .awaited a, tbody a").ToList();
        links.Should().HaveCountGreaterThan(8);
        foreach (var link in links)
        {
            var number = int.Parse(link.ChildNodes[0].TextContent, System.Globalization.CultureInfo.InvariantCulture);
            var list = await chair.Open(link.GetAttribute("href")!);
            var rows = list.Document.QuerySelector(".table-found") is { } found
                ? int.Parse(found.TextContent.Split(' ', ',')[1], System.Globalization.CultureInfo.InvariantCulture)
                : list.Document.QuerySelectorAll("input[name=answer]").Length;
            rows.Should().Be(number, link.GetAttribute("href"));
        }
        using (var workbook = new ZipArchive(new MemoryStream((await chair.Open($"{scene.Path}/scripts?as=xlsx")).Body)))
            workbook.GetEntry("xl/worksheets/sheet1.xml").Should().NotBeNull();
        overview.Main.Should().Contain("Прогноз появится, когда наберётся три полных дня проверки.");
        overview.Document.QuerySelectorAll(".awaited .none").Should().HaveCount(4, "there are only a flag and two groups of short answers");
    }

    [Fact]
    public async Task A_script_is_taken_back_and_given_to_another_and_never_comes_to_the_first_again()
    {
        var scene = await CommissionScene.Make(service, 1);
        var claim = await Marks.Claim(scene.First.Client, scene.Scene);
        await scene.First.Client.PostAsJsonAsync(Marks.Path(claim, "hold"), new { criteria = Marks.Of(claim, full: true) }).Json();
        var script = (await scene.Scene.Database.Read(db => ScriptStore.OfCampaign(db, scene.Scene.Id, null, 1)))[0].Id;
        using var chair = await scene.Desk(scene.Chair);
        var page = await chair.Open($"{scene.Path}/scripts/{script}");
        page.Main.Should().Contain($"Сейчас у эксперта {scene.First.UserName}").And.Contain("ещё не окончательны");
        page.Document.QuerySelectorAll("select[name=expert] option")
            .Select(option => option.GetAttribute("value"))
            .Should()
            .BeEquivalentTo("", scene.Chair.Id.ToString(), scene.Second.Id.ToString(), scene.Senior.Id.ToString());

        var refused = await chair.Submit(page, "form[action$=reassignment]", ("expert", scene.Second.Id.ToString()), ("reason", " "));
        var given = await chair.Submit(page, "form[action$=reassignment]", ("expert", scene.Second.Id.ToString()), ("reason", "Заболел"));
        var again = await chair.Submit(page, "form[action$=reassignment]", ("expert", scene.Second.Id.ToString()), ("reason", "Заболел"));

        refused.Status.Should().Be(422);
        (given.Status, again.Status).Should().Be((303, 303), "a form sent twice is carried out once");
        (
            await scene
                .First.Client.PostAsJsonAsync(Marks.Path(claim, "marks"), new { criteria = Marks.Of(claim, full: true) })
                .ProblemCode(409)
        )
            .Should()
            .Be("assignment-closed");
        (await Marks.TryClaim(scene.First.Client, scene.Scene)).Should().BeNull();
        var claims = (await scene.Second.Client.GetAsync("/api/v1/marking/claims").Json()).Items();
        claims.Should().ContainSingle();
        await Marks.Award(scene.Second.Client, claims[0]!, full: true).Json();
        // The held marks of the first never became a round.
        (await scene.Scene.Database.Read(db => RoundStore.ByExperts(db, scene.Scene.Id)))
            .Should()
            .ContainSingle();
        var seen = await chair.Open(given.Location!);
        seen.Main.Should().Contain("Работа отдана эксперту").And.Contain("Заболел");
    }

    [Fact]
    public async Task A_script_is_given_only_to_an_expert_to_whom_the_queue_would_give_it()
    {
        var scene = await CommissionScene.Make(service, 1);
        var colleague = await scene.Join("member", "main", organisation: "СОШ №5, МБОУ");
        var sameSchool = await scene.Join("member", "main", organisation: "МБОУ «СОШ № 5»");
        var outsider = await scene.Scene.Newcomer();
        var script = (await scene.Scene.Database.Read(db => ScriptStore.OfCampaign(db, scene.Scene.Id, null, 1)))[0].Id;

        (await Give(sameSchool.Id).ProblemCode(409)).Should().Be("script-withheld");
        (await Give(outsider.AccountId).ProblemCode(409)).Should().Be("not-an-expert");
        (await Give(null).ProblemCode(422)).Should().Be("reassignment-empty");
        var given = await Give(scene.First.Id).Json();
        (await Give(scene.First.Id).ProblemCode(409)).Should().Be("script-withheld", "the expert has it already");

        given["claims"]!.AsArray().Should().ContainSingle()!.Which!["userName"]!.GetValue<string>().Should().Be(scene.First.UserName);
        (await scene.First.Client.PostAsJsonAsync($"/api/v1/marking/scripts/{script}/reassignment", new { reason = "п" }))
            .StatusCode.Should()
            .Be(HttpStatusCode.Forbidden);
        colleague.Should().NotBeNull();

        Task<HttpResponseMessage> Give(Guid? expert) =>
            scene.Chair.Client.PostAsJsonAsync(
                $"/api/v1/marking/scripts/{script}/reassignment",
                new { reason = "Нужна проверка сегодня", expertId = expert }
            );
    }

    [Fact]
    public async Task Points_of_a_script_that_may_still_come_to_the_chair_are_hidden_on_every_page()
    {
        var scene = await CommissionScene.Make(service, 1);
        await Marks.Give(scene.First.Client, scene.Scene, full: true);
        var script = (await scene.Scene.Database.Read(db => ScriptStore.OfCampaign(db, scene.Scene.Id, null, 1)))[0].Id;
        using var chair = await scene.Desk(scene.Chair);
        using var admin = await Browser.Of(service, "admin", service.AdminPassword);
        var points = $"{scene.Open.Item.MaxPoints.ToDecimal():0} из";

        (await chair.Open($"{scene.Path}/scripts/{script}")).Main.Should().Contain("Баллы скрыты").And.NotContain("Всего");
        (await chair.Open($"{scene.Path}/scripts")).Main.Should().Contain("работа может достаться вам").And.NotContain(points);
        Encoding.UTF8.GetString((await chair.Open($"{scene.Path}/scripts?as=csv")).Body).Should().NotContain(points);
        (await admin.Open($"{scene.Path}/scripts")).Main.Should().Contain(points);
        await Marks.Give(scene.Second.Client, scene.Scene, full: true);
        (await chair.Open($"{scene.Path}/scripts/{script}")).Main.Should().Contain("Всего").And.NotContain("Баллы скрыты");
    }

    [Fact]
    public async Task A_flag_is_decided_once_and_the_script_stays_with_the_others()
    {
        var scene = await CommissionScene.Make(service, 1);
        var claim = await Marks.Claim(scene.First.Client, scene.Scene);
        await scene.First.Client.PostAsJsonAsync(Marks.Path(claim, "flags"), new { kind = "author_revealed", comment = "Назвала школу" });
        using var chair = await scene.Desk(scene.Chair);
        var list = await chair.Open($"{scene.Path}/flags?state=open");
        var page = await chair.Open(list.Find("tbody th a").GetAttribute("href")!);
        page.Main.Should().Contain("Назвала школу").And.Contain(scene.First.UserName);

        var undecided = await chair.Submit(page, "main form.card", ("reason", "Передано другому"));
        var decided = await chair.Submit(undecided, "main form.card", ("decision", "confirmed"), ("reason", "Передано другому"));
        var late = await chair.Submit(page, "main form.card", ("decision", "dismissed"), ("reason", "Показалось"));

        (undecided.Status, undecided.Document.Title![..8]).Should().Be((422, "Ошибка: "));
        undecided.Find("textarea").TextContent.Should().Be("Передано другому");
        decided.Status.Should().Be(303);
        (late.Status, late.Main.Contains("По этой пометке уже решено", StringComparison.Ordinal)).Should().Be((409, true));
        (await chair.Open($"{scene.Path}/flags?state=open")).Main.Should().Contain("Найдено 0");
        (await chair.Open($"{scene.Path}/flags?state=confirmed")).Main.Should().Contain("подтверждена");
        var flag = (await scene.Chair.Client.GetAsync($"/api/v1/marking/flags?campaignId={scene.Scene.Id}").Json())["items"]![0]!;
        (flag["decided"]!["decision"]!.GetValue<string>(), flag["decided"]!["reason"]!.GetValue<string>())
            .Should()
            .Be(("confirmed", "Передано другому"));
        (
            await scene.First.Client.PostAsJsonAsync(
                $"/api/v1/marking/flags/{flag["id"]}/decision",
                new { decision = "dismissed", reason = "п" }
            )
        )
            .StatusCode.Should()
            .Be(HttpStatusCode.Forbidden);
        (
            await scene
                .Chair.Client.PostAsJsonAsync(
                    $"/api/v1/marking/flags/{Guid.NewGuid()}/decision",
                    new { decision = "dismissed", reason = "п" }
                )
                .ProblemCode(404)
        )
            .Should()
            .Be("flag-not-found");
    }

    [Fact]
    public async Task Similar_short_answers_are_accepted_together_after_a_look_at_the_effect_and_taken_back()
    {
        var scene = await CommissionScene.Make(service, 2);
        using var chair = await scene.Desk(scene.Chair);
        var page = await chair.Open($"{scene.Path}/answers");
        page.Find("fieldset.answers legend").TextContent.Should().Be("Похожие");
        var cluster = page.Find("input[name=cluster]").GetAttribute("value")!;
        var maximum = scene.Short.Item.MaxPoints.ToDecimal();

        var empty = await chair.Submit(page, "form#answers", ("decision", "accept"));
        var preview = await chair.Submit(page, "form#answers", ("cluster", cluster), ("decision", "accept"));
        preview = await chair.Open(preview.Location!);
        var unchanged = await chair.Open($"{scene.Path}/answers");
        var decided = await chair.Submit(preview, "main form.card", ("reason", "Верно"));
        var again = await chair.Submit(preview, "main form.card", ("reason", "Верно"));

        (empty.Status, empty.Main.Contains("Отметьте хотя бы один ответ", StringComparison.Ordinal)).Should().Be((422, true));
        preview.Main.Should().Contain("Баллы изменятся в 2 работах");
        preview.Document.QuerySelectorAll("tbody tr").Should().HaveCount(2);
        unchanged.Document.QuerySelectorAll("input[name=answer]").Should().HaveCount(2, "a preview changes nothing");
        (decided.Status, again.Status).Should().Be((303, 303));
        var standing = await chair.Open(decided.Location!);
        standing.Main.Should().Contain("Решено ответов: 2").And.Contain("принят");
        (await Given()).Should().Equal(maximum, maximum);

        var undo = await chair.Submit(
            await chair.Open((await chair.Submit(standing, "form#answers", ("cluster", cluster), ("decision", "revert"))).Location!),
            "main form.card",
            ("reason", "Ошиблись")
        );
        (await chair.Open(undo.Location!)).Main.Should().Contain("Отменено решений: 2");
        (await Given()).Should().Equal(0m, 0m);

        async Task<IEnumerable<decimal>> Given()
        {
            var points = new List<decimal>();
            foreach (
                var session in await scene.Scene.Database.Read(db =>
                    db.Query<Guid>("SELECT id FROM sessions WHERE campaign_id = @Id ORDER BY id", new { scene.Scene.Id })
                )
            )
                points.Add(
                    (await scene.Scene.Database.Read(db => RoundStore.OfSession(db, session)))
                        .Last(round => round.Slot == scene.Short.Slot)
                        .Points.ToDecimal()
                );
            return points;
        }
    }

    [Fact]
    public async Task The_protocol_is_read_before_it_is_approved_and_publication_lists_what_is_in_its_way()
    {
        var scene = await CommissionScene.Make(service, 2);
        using var chair = await scene.Desk(scene.Chair);
        var before = await chair.Open($"{scene.Path}/publication");
        before.Find("a[href$='/open/marking']").TextContent.Should().Be("2 — Ждут проверки экспертом работы сеансов");
        before.Main.Should().Contain("не утвердил результаты протоколом");
        foreach (var link in before.Document.QuerySelectorAll(".awaited a"))
            (await chair.Open(link.GetAttribute("href")!)).Status.Should().Be(200);
        (await chair.Open($"{scene.Path}/protocol")).Document.QuerySelectorAll("main form").Should().BeEmpty("two scripts are open");
        await scene.MarkAll(apart: true);
        await scene.RejectAnswers();

        var form = await chair.Open($"{scene.Path}/protocol");
        var nothing = await chair.Submit(form, "main form", ("remarks", "Без замечаний"));
        var preview = await chair.Submit(
            form,
            "main form",
            ("checked", "Согласие и строгость экспертов рассмотрены"),
            ("also", "Работы наугад"),
            ("remarks", "Без замечаний")
        );
        preview = await chair.Open(preview.Location!);
        preview.Main.Should().Contain("ещё не утверждён").And.Contain("Работы наугад");
        var approved = await chair.Submit(preview, "form[action$='/protocol']");
        var sheet = await chair.Open(approved.Location!);

        nothing.Status.Should().Be(422);
        nothing.Find("textarea").TextContent.Should().Be("Без замечаний");
        var rows = sheet
            .Document.QuerySelectorAll(".sheet tbody tr:has(> th)")
            .ToDictionary(row => row.Children[0].TextContent, row => row.Children[1].TextContent);
        (
            rows["Сеансов участников"],
            rows["Независимых проверок"],
            rows["Проверок третьим экспертом"],
            rows["Работ, где расхождение потребовало третьего эксперта"]
        )
            .Should()
            .Be(("2", "4", "2", "2"));
        sheet.Main.Should().Contain(scene.Chair.UserName).And.Contain("Работы наугад").And.Contain("Без замечаний");

        var ready = await chair.Open($"{scene.Path}/publication");
        ready.Main.Should().Contain("Ничто не мешает");
        (await chair.Submit(ready, "main form")).Status.Should().Be(303);
        (await chair.Open($"{scene.Path}/publication")).Main.Should().Contain("Окончательных профилей: 2.");
        foreach (var decision in new[] { "revert", "accept" })
            await service
                .Admin.PostAsJsonAsync(
                    "/api/v1/key-reviews/decisions",
                    new
                    {
                        itemCode = scene.Short.Item.Code,
                        itemVersion = scene.Short.ItemVersion,
                        normalised = scene.Unmatched,
                        decision,
                        reason = "Разобрано снова",
                    }
                )
                .Json();
        (await chair.Open(scene.Path)).Main.Should().Contain("Нужен новый протокол");
        (await chair.Open(approved.Location!)).Main.Should().Contain("Нужен новый протокол");
    }

    [Fact]
    public async Task Experts_are_compared_only_from_ten_shared_scripts_on()
    {
        var scene = await CommissionScene.Make(service, 10, CommissionScene.Policy with { Discrepancies = null });
        for (var script = 0; script < 9; script++)
        {
            await Marks.Give(scene.First.Client, scene.Scene, full: true);
            await Marks.Give(scene.Second.Client, scene.Scene, full: script % 3 == 0);
        }
        using var chair = await scene.Desk(scene.Chair);
        var few = await Line();
        // Each expert has an own order of scripts; when both have marked all ten, all ten are shared.
        await Marks.Give(scene.First.Client, scene.Scene, full: true);
        await Marks.Give(scene.Second.Client, scene.Scene, full: true);
        var enough = await Line();

        few.Should().Contain("мало данных");
        // By hand: equal on 3 of the first 9 scripts at the second's side and on the tenth, so on 4 of 10.
        enough.Should().NotContain("мало данных").And.Contain("40").And.Contain("строже прочих");
        (await chair.Open($"{scene.Path}/experts?attention=idle"))
            .Main.Should()
            .Contain(scene.Senior.UserName)
            .And.NotContain(scene.First.UserName);
        var own = await chair.Open($"{scene.Path}/experts/{scene.Second.Id}");
        own.Main.Should().Contain("строже прочих").And.Contain("совпало 40");

        async Task<string> Line() =>
            (await chair.Open($"{scene.Path}/experts"))
                .Document.QuerySelectorAll("tbody tr")
                .Single(row => row.TextContent.Contains(scene.Second.UserName, StringComparison.Ordinal))
                .TextContent;
    }

    [Fact]
    public async Task The_forecast_stands_where_three_days_of_marking_are_complete()
    {
        var own = new TestService();
        await own.InitializeAsync();
        try
        {
            var scene = await CommissionScene.Make(own, 3);
            for (var day = 0; day < 3; day++)
            {
                await Marks.Give(scene.First.Client, scene.Scene, full: true);
                own.Clock.Advance(Duration.FromDays(1));
                await scene.SignInAgain();
            }
            using var chair = await scene.Desk(scene.Chair);

            // One reading a day, and three of six are left: on the fourth day, 17 September, the last one is three days away.
            (await chair.Open(scene.Path))
                .Main.Replace('\u00A0', ' ')
                .Should()
                .Contain("Осталось проверок: 3.")
                .And.Contain("последняя будет 20 сентября 2026 г.");
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    private static IEnumerable<int> Numbers(Shown page, string selector) =>
        page
            .Document.QuerySelectorAll(selector)
            .Select(cell => int.Parse(cell.TextContent, System.Globalization.CultureInfo.InvariantCulture));
}
