using System.Net.Http.Json;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Tests.Appeals;
using Diagnostics.UseCases.Sessions;
using NodaTime;
using static Diagnostics.Server.Tests.Pages.CaseScene;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>Who sees what on the commission's pages, and when.</summary>
public sealed class CaseRightsTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task Nothing_of_the_person_reaches_a_member_before_or_after_the_decision()
    {
        using var scene = await Make(service);
        var appeal = await scene.File();
        var (chair, member) = (await scene.Member(0), await scene.Member(1));
        await Look("filed");
        (await Press(chair, appeal, "admission")).Status.Should().Be(303);
        (await Press(chair, appeal, "consideration")).Status.Should().Be(303);
        (await Act(chair, appeal, "earlier-marks")).Status.Should().Be(303);
        (await Act(chair, appeal, "proposal", scene.Proposal("satisfied_up", full: true))).Status.Should().Be(303);
        await Look("voting", "/vote", "/proposal", "/decision", "/hearing", "/recusal");
        foreach (var each in new[] { chair, member, await scene.Member(2) })
            (await Act(each, appeal, "vote", ("vote", "for"))).Status.Should().Be(303);
        (await Act(chair, appeal, "decision")).Status.Should().Be(303);
        await Look("decided", "/letter", "/protocol");

        async Task Look(string when, params string[] more)
        {
            foreach (
                var path in (string[])["/cases", "/cases?as=csv", $"/cases/{appeal}", .. more.Select(below => $"/cases/{appeal}{below}")]
            )
            {
                var page = await chair.Open(path);
                page.Status.Should().Be(200, $"{path}, {when}");
                foreach (
                    var secret in (string[])
                        [
                            "Тайнова",
                            "Вера",
                            "КАНАРЕЙКА",
                            "ул. Школьная",
                            "Площадка",
                            scene.Appeals.Person.ToString("D"),
                            scene.Appeals.Session.ToString("D"),
                        ]
                )
                    page.Html.Should().NotContain(secret, $"{path}, {when}");
            }
        }
    }

    [Fact]
    public async Task Others_are_refused_and_find_nothing_in_their_menu()
    {
        using var scene = await Make(service);
        using var another = await Make(service, organisation: "Другая");
        var appeal = await scene.File();
        var member = await scene.Member(1);
        var strangers = new List<(Browser Browser, string Who)>
        {
            (await scene.BrowserOf(scene.Appeals.Expert.AccountId), "expert"),
            (await scene.BrowserOf((await scene.Appeals.Scene.StaffAccount(Role.Operator)).AccountId), "operator"),
        };
        var paths = (string[])
            [
                "",
                "/refusal",
                "/hearing",
                "/recusal",
                "/earlier-marks",
                "/proposal",
                "/vote",
                "/decision",
                "/protocol",
                "/letter",
                "/picture",
            ];

        foreach (var (browser, who) in strangers)
        {
            (await browser.Open("/account")).Html.Should().NotContain("href=\"/cases\"", who);
            (await browser.Open("/cases")).Status.Should().Be(403, who);
            foreach (var path in paths)
                (await browser.Open($"/cases/{appeal}{path}")).Status.Should().Be(403, who + path);
        }
        // A member of another campaign's commission must not even learn that the appeal exists.
        var foreign = await another.Member(0);
        foreach (var path in paths)
            (await foreign.Open($"/cases/{appeal}{path}")).Status.Should().Be(404, path);
        (await foreign.Open("/cases")).Main.Should().Contain("Апелляций пока не подавали");
        (await member.Open("/account")).Html.Should().Contain("href=\"/cases\"");
        foreach (var path in new[] { "/refusal", "/hearing", "/earlier-marks", "/proposal", "/decision" })
            (await member.Open($"/cases/{appeal}{path}")).Status.Should().Be(403, path);
        var page = await member.Open($"/cases/{appeal}");
        page.Document.QuerySelectorAll("form[action$='/admission']").Should().BeEmpty("only the chair admits");
    }

    [Fact]
    public async Task How_others_voted_is_seen_after_ones_own_vote_only()
    {
        using var scene = await Make(service);
        var appeal = await scene.File();
        await scene.Appeals.Consider(appeal);
        await scene.Appeals.Propose(appeal, "rejected").Json(201);
        const string dissent = "Критерий второй выполнен полностью.";
        await AppealScene.Vote(scene.Appeals.Members[1].Client, appeal, inFavour: false, dissent: dissent).Json(201);
        var chair = await scene.Member(0);

        foreach (var path in new[] { "", "/vote", "/decision", "/protocol" })
        {
            var before = await chair.Open($"/cases/{appeal}{path}");
            before
                .Html.Should()
                .NotContain(dissent, path)
                .And.NotContain("за — 0, против — 1", path)
                .And.NotContain("За — 0, против — 1", path);
        }
        (await chair.Open($"/cases/{appeal}")).Main.Should().Contain("Подано голосов: 1").And.Contain("Ваш следующий шаг");
        var form = await chair.Open($"/cases/{appeal}/vote");
        // A second press of the button sends the same form again.
        for (var press = 0; press < 2; press++)
            (await chair.Submit(form, "form[data-written]", ("vote", "for"))).Location.Should().Be($"/cases/{appeal}?said=vote");

        (await chair.Open($"/cases/{appeal}")).Main.Should().Contain(dissent).And.Contain("За — 1, против — 1");
        (await chair.Open($"/cases/{appeal}/protocol")).Html.Should().Contain(dissent);
    }

    [Fact]
    public async Task A_member_who_steps_aside_sees_the_case_no_more()
    {
        using var scene = await Make(service, members: 4);
        var appeal = await scene.File();
        var leaving = await scene.Member(3);

        (await Act(leaving, appeal, "recusal", ("reason", ""))).Main.Should().Contain("Напишите почему");
        (await Act(leaving, appeal, "recusal", ("reason", "Узнала автора по тексту."))).Location.Should().Be("/cases?said=recused");

        var closed = await leaving.Open($"/cases/{appeal}");
        (closed.Status, closed.Main.Contains("вы заявили самоотвод", StringComparison.Ordinal)).Should().Be((403, true));
        (await leaving.Open("/cases")).Main.Should().Contain("вы заявили самоотвод");
        (await (await scene.Member(0)).Open($"/cases/{appeal}")).Main.Should().Contain("Голосуют 3 из 4");
    }

    [Fact]
    public async Task Earlier_marks_and_all_that_rests_on_them_stay_closed_until_a_logged_act_opens_them()
    {
        using var scene = await Make(service);
        var appeal = await scene.File();
        await scene.Appeals.Consider(appeal);
        await scene.Appeals.Propose(appeal, "satisfied_up", scene.Appeals.Criteria(full: true)).Json(201);
        var (chair, member) = (await scene.Member(0), await scene.Member(1));

        var closed = await member.Open($"/cases/{appeal}");
        closed.Main.Should().NotContain("Комментарий эксперта").And.NotContain("Что меняет предложение 1").And.Contain("Закрыты");
        (await chair.Open($"/cases/{appeal}/earlier-marks")).Main.Should().Contain("Закрыть их снова нельзя");
        (await member.Open($"/cases/{appeal}")).Main.Should().NotContain("Комментарий эксперта", "looking at the question opens nothing");
        (await Act(chair, appeal, "earlier-marks")).Status.Should().Be(303);

        var opened = await member.Open($"/cases/{appeal}");
        opened.Main.Should().Contain("Комментарий эксперта").And.Contain("Открыты прежние баллы");
        // The expert gave nothing, and the proposal gives the item's maximum.
        var maximum = scene.Appeals.Task.Rubric.Maximum.ToDecimal();
        Row(opened, "Балл за задание").Should().Equal("0", $"{maximum:0.###}");
    }

    /// <summary>The profile that the decision really issues says what the page foretold.</summary>
    [Fact]
    public async Task What_a_proposal_would_change_has_an_address_and_keeps_the_text_that_is_being_written()
    {
        using var scene = await Make(service);
        var appeal = await scene.File();
        var (chair, member) = (await scene.Member(0), await scene.Member(1));
        await scene.Appeals.Consider(appeal);
        (await Act(chair, appeal, "earlier-marks")).Status.Should().Be(303);
        var tried = scene.Proposal("satisfied_up", full: true);

        var preview = await Act(chair, appeal, "proposal", [.. tried, ("do", "preview")]);

        preview.Status.Should().Be(200);
        preview.Find("#reason").TextContent.Should().Be("Ответ сверен с критериями.");
        var address = preview.Find("#effect-heading ~ p a").GetAttribute("href")!;
        address.Should().NotContain("reason").And.NotContain("clause").And.NotContain("form-token");
        var opened = await chair.Open(address);
        opened.Find(".case-effect").TextContent.Should().Be(preview.Find(".case-effect").TextContent);
        opened
            .Document.QuerySelectorAll("form[data-written] input:checked")
            .Should()
            .HaveCount(1 + scene.Appeals.Task.Rubric.Criteria.Count);
        opened.Find("form[data-written]").HasAttribute("data-shown").Should().BeFalse("the device may hold a text of its own");
        (await member.Open(address)).Status.Should().Be(403);

        // What cannot be tried is said, and nothing that was typed is lost.
        var incomplete = await Act(chair, appeal, "proposal", [.. tried[..3], ("do", "preview")]);
        (incomplete.Status, incomplete.Find("#errors").TextContent.Contains("по каждому критерию", StringComparison.Ordinal))
            .Should()
            .Be((422, true));
        incomplete.Find("#reason").TextContent.Should().Be("Ответ сверен с критериями.");
        var unchosen = await Act(chair, appeal, "proposal", [.. tried[1..], ("do", "preview")]);
        (unchosen.Status, unchosen.Find("#errors a").GetAttribute("href")).Should().Be((422, "#outcome"));
        foreach (var odd in (string[])["?outcome=nothing", "?outcome=satisfied_up&m-K1=99", "?m-K1=1&m-K1=2&outcome=rejected"])
            (await chair.Open($"/cases/{appeal}/proposal{odd}")).Status.Should().Be(200, odd);
    }

    [Fact]
    public async Task What_the_page_foretells_of_the_profile_comes_true()
    {
        using var scene = await Make(service);
        var appeal = await scene.File();
        await scene.Appeals.Consider(appeal);
        await AppealScene.Do(scene.Appeals.Chair, appeal, "earlier-marks").Json();
        await scene.Appeals.Propose(appeal, "satisfied_up", scene.Appeals.Criteria(full: true)).Json(201);
        var chair = await scene.Member(0);
        var foretold = Blocks(await chair.Open($"/cases/{appeal}"));
        foreach (var member in scene.Appeals.Members)
            await AppealScene.Vote(member.Client, appeal).Json(201);
        var before = await Profile();
        await scene.Appeals.Decide(appeal).Json();
        var after = await Profile();

        foretold.Should().HaveCount(before.Count).And.HaveCountGreaterThan(1);
        foretold.Select(block => (block.Title, block.Before)).Should().BeEquivalentTo(before.Select(block => (block.Key, block.Value)));
        foretold.Select(block => (block.Title, block.After)).Should().BeEquivalentTo(after.Select(block => (block.Key, block.Value)));
        foretold.Should().Contain(block => block.Before != block.After);
        // A decided appeal, too, is compared with what was before it.
        Blocks(await chair.Open($"/cases/{appeal}")).Should().BeEquivalentTo(foretold);

        async Task<Dictionary<string, string>> Profile()
        {
            var profiles = await service.Admin.GetAsync($"/api/v1/sessions/{scene.Appeals.Session}/profiles").Json();
            var id = profiles.Items()[^1]!["id"]!.GetValue<Guid>();
            var profile = await service.Admin.GetAsync($"/api/v1/profiles/{id}").Json();
            return profile["blocks"]!
                .AsArray()
                .ToDictionary(
                    block => block!["title"]!.GetValue<string>(),
                    block =>
                    {
                        var (result, ru) = (block!["result"]!, System.Globalization.CultureInfo.GetCultureInfo("ru-RU"));
                        return $"{result["resultPercent"]!.GetValue<decimal>().ToString("0.##", ru)} % {result["levelLabel"]!.GetValue<string>()}";
                    }
                );
        }
    }

    [Fact]
    public async Task A_case_about_the_procedure_shows_the_course_of_the_session_and_asks_for_no_points()
    {
        using var scene = await Make(service);
        var appeal = (await scene.Appeals.FileProcedural().Json(201))["id"]!.GetValue<Guid>();
        var chair = await scene.Member(0);
        (await chair.Open($"/cases/{appeal}")).Main.Should().Contain("Работа открыта комиссии, когда апелляция принята");
        await scene.Appeals.Consider(appeal);

        var invigilator = Guid.NewGuid().ToString("D");
        await scene.Appeals.Scene.Database.Write(async db =>
        {
            await SessionLog.Add(
                db,
                scene.Appeals.Session,
                "pause",
                service.Clock.GetCurrentInstant(),
                invigilator,
                new { reason = "Сбой" }
            );
            return 0;
        });

        var page = await chair.Open($"/cases/{appeal}");
        page.Html.Should().NotContain(invigilator);
        page.Main.Should().Contain("Пауза").And.Contain("Сбой").And.Contain("Порядок проведения").And.NotContain("Прежние баллы");
        page.Html.Should().NotContain("Тайнова").And.NotContain(scene.Appeals.Session.ToString("D"));
        var form = await chair.Open($"/cases/{appeal}/proposal");
        form.Document.QuerySelectorAll("[name=outcome]")
            .Select(outcome => outcome.GetAttribute("value"))
            .Should()
            .Equal("rejected", "upheld");
        form.Document.QuerySelectorAll("[name^=m-]").Should().BeEmpty();
        (await Act(chair, appeal, "proposal", scene.Proposal("upheld", full: null))).Status.Should().Be(303);
        foreach (var member in scene.Appeals.Members)
            await AppealScene.Vote(member.Client, appeal).Json(201);

        var refused = await Act(chair, appeal, "decision", ("day", "вчера"), ("time", "18:00"));
        (refused.Status, refused.Find("#day").GetAttribute("value")).Should().Be((422, "вчера"));
        var late = service.Clock.GetCurrentInstant() + Duration.FromDays(3);
        var day = late.InZone(DateTimeZoneProviders.Tzdb["Asia/Kamchatka"]).Date;
        var typed = day.ToString("dd.MM.uuuu", System.Globalization.CultureInfo.InvariantCulture);
        (await Act(chair, appeal, "decision", ("day", typed), ("time", "18:00"))).Location.Should().Be($"/cases/{appeal}?said=decision");
        (await chair.Open($"/cases/{appeal}/letter")).Html.Should().Contain("Вам назначен новый сеанс");
    }

    [Fact]
    public async Task A_member_whom_the_rules_bar_has_no_step_in_the_register()
    {
        using var scene = await Make(service, organisation: "КАНАРЕЙКА-ШКОЛА");
        await scene.Appeals.Appoint(scene.Appeals.Expert.AccountId);
        var (_, colleague) = await scene.Appeals.Join(organisation: "Канарейка-школа");
        var appeal = await scene.File();
        await scene.Appeals.Consider(appeal);
        await scene.Appeals.Propose(appeal, "rejected").Json(201);

        foreach (var barred in new[] { scene.Appeals.Expert.AccountId, colleague })
        {
            var register = await (await scene.BrowserOf(barred)).Open("/cases");
            register.Main.Should().Contain("вы не участвуете: отвод по правилам").And.NotContain("ваш шаг");
            register.Document.QuerySelectorAll(".case-urgent a[href*=step]").Should().BeEmpty("nothing waits for the member");
        }
        (await (await scene.Member(1)).Open("/cases")).Main.Should().Contain("ваш шаг");
    }

    [Fact]
    public async Task A_member_sees_how_others_voted_after_the_own_vote_and_never_who_filed()
    {
        using var scene = await Make(service, organisation: "Другая школа");
        var appeal = await scene.File();
        await scene.Appeals.Consider(appeal);
        await scene.Appeals.Propose(appeal, "rejected").Json(201);
        var (first, second) = (scene.Appeals.Members[1], scene.Appeals.Members[2]);
        await AppealScene.Vote(first.Client, appeal, inFavour: false, dissent: "Балл занижен.").Json(201);
        var before = await Proceedings(second.Client);
        var own = await Proceedings(first.Client);
        var overseen = await Proceedings(service.Admin);
        var filer = Filer(overseen);
        await AppealScene.Vote(second.Client, appeal).Json(201);
        var after = await Proceedings(second.Client);

        var proposal = before["proposals"]![0]!;
        (proposal["votes"]!.AsArray().Count, proposal["votesCast"]!.GetValue<int>(), proposal["votesHidden"]!.GetValue<bool>())
            .Should()
            .Be((0, 1, true));
        before.ToJsonString().Should().NotContain("inFavour").And.NotContain("dissent").And.NotContain("занижен");
        own["proposals"]![0]!["votes"]!.AsArray().Should().ContainSingle();
        overseen.ToJsonString().Should().Contain("inFavour");
        filer.Should().MatchRegex("[0-9a-f]{8}-", "the operator sees the account");
        after["proposals"]![0]!["votes"]!.AsArray().Should().HaveCount(2);
        foreach (var seen in new[] { before, own, after })
        {
            Filer(seen).Should().Be("filer");
            seen.ToJsonString().Should().NotContain(filer);
        }

        // The clock of the test stands still, so that the order of the events is chance.
        static string Filer(System.Text.Json.Nodes.JsonNode seen) =>
            seen["events"]!.AsArray().Single(step => step!["kind"]!.GetValue<string>() == "filed")!["actor"]!.GetValue<string>();

        Task<System.Text.Json.Nodes.JsonNode> Proceedings(HttpClient by) => by.GetAsync($"/api/v1/appeals/{appeal}/proceedings").Json();
    }

    [Fact]
    public async Task The_register_says_in_working_days_what_is_due()
    {
        await using var own = await Own.Start();
        using var scene = await Make(own.Service);
        var appeal = await scene.File();
        var (name, password) = await scene.NameOf(0);
        // Filed on Monday 14 September 2026 in Petropavlovsk (UTC+12); the four working days are Tue 15 to Fri 18.
        await Says("осталось 4 рабочих дня", Instant.FromUtc(2026, 9, 14, 11, 0), "later");
        await Says("осталось 1 рабочий день", Instant.FromUtc(2026, 9, 17, 0, 0), "soon");
        await Says("сегодня последний день", Instant.FromUtc(2026, 9, 17, 13, 0), "today");
        await Says("срок прошёл", Instant.FromUtc(2026, 9, 18, 13, 0), "overdue");
        await Says("просрочено на 2 рабочих дня", Instant.FromUtc(2026, 9, 22, 0, 0), "overdue");

        async Task Says(string words, Instant at, string due)
        {
            if (at > own.Service.Clock.GetCurrentInstant())
                own.Service.Clock.Advance(at - own.Service.Clock.GetCurrentInstant());
            using var chair = await Browser.Of(own.Service, name, password);
            var page = await chair.Open($"/cases?due={due}");
            page.Main.Replace('\u00A0', ' ').Should().Contain(words).And.Contain("Найдено 1");
            page.Main.Should().Contain("принять апелляцию или отказать в приёме").And.Contain("ваш шаг");
            (await chair.Open(page.Find(".case-urgent a[href*=step]").GetAttribute("href")!)).Main.Should().Contain("Найдено 1");
            (await chair.Open($"/cases/{appeal}")).Main.Replace('\u00A0', ' ').ToLowerInvariant().Should().Contain(words);
        }
    }

    /// <summary>The cells of the row with this heading, in the first table that has it.</summary>
    private static IEnumerable<string> Row(Shown page, string heading) =>
        page
            .Document.QuerySelectorAll("tr")
            .First(row => row.QuerySelector("th[scope=row]")?.TextContent.StartsWith(heading, StringComparison.Ordinal) is true)
            .QuerySelectorAll("td")
            .Select(cell => cell.TextContent.Trim());

    private static IReadOnlyList<(string Title, string Before, string After)> Blocks(Shown page) =>
        page
            .Document.QuerySelectorAll("tr")
            .Where(row => row.QuerySelector("th[scope=row]")?.TextContent.StartsWith("Профиль: ", StringComparison.Ordinal) is true)
            .Select(row =>
            {
                var cells = row.QuerySelectorAll("td").Select(cell => Words(cell.InnerHtml)).ToList();
                return (row.QuerySelector("th")!.TextContent["Профиль: ".Length..], cells[0], cells[1]);
            })
            .ToList();

    private static string Words(string html) =>
        System
            .Text.RegularExpressions.Regex.Replace(
                System.Net.WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Replace(html, "<[^>]*>", " ")).Replace('\u00A0', ' '),
                @"\s+",
                " "
            )
            .Trim();
}
