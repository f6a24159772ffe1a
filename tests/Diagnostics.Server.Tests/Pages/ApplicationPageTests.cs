using System.Net.Http.Json;
using System.Text;
using Diagnostics.Server.Tests.Campaigns;
using Ical.Net;

namespace Diagnostics.Server.Tests.Pages;

public sealed class ApplicationPageTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_person_finds_a_campaign_applies_and_sees_where_it_stands()
    {
        var scene = await PageScene.Make(service);
        var (_, browser) = await scene.Sit();

        var home = await browser.Open("/");
        var form = await browser.Open($"/campaigns/{scene.Region.Campaign}");
        var filed = await browser.Submit(
            form,
            "main form",
            ("site", scene.Region.Site.ToString()),
            ("consent", "2"),
            ("processing", "1"),
            ("sharing", "1")
        );
        var application = await browser.Open(filed.Location!);

        home.Find($"a[href='/campaigns/{scene.Region.Campaign}']").TextContent.Should().Contain("Входная диагностика учителей математики");
        form.Find("main .prose ul li").TextContent.Should().StartWith("диагностика проводится", "lines with a dash are a list");
        form.Main.Should().Contain("Согласие на участие").And.Contain("до 20 сентября 2026 г., 3:00 (по московскому времени)");
        application.Main.Should().Contain("Заявление отправлено").And.Contain("Заявление на рассмотрении");
        (await browser.Open("/")).Main.Should().NotContain("Сейчас заявления не принимаются", "the campaign applied to takes them still");
        (await browser.Open("/results")).Main.Should().Contain("Портал и методисты могут видеть ваш профиль");
    }

    [Fact]
    public async Task What_is_missing_is_named_at_its_field_and_what_was_chosen_stays()
    {
        var scene = await PageScene.Make(service);
        var (_, browser) = await scene.Sit();
        var form = await browser.Open($"/campaigns/{scene.Region.Campaign}");

        var page = await browser.Submit(form, "main form", ("site", scene.Region.Site.ToString()));

        page.Status.Should().Be(422);
        page.Document.Title.Should().StartWith("Ошибка: ");
        page.Find("#errors a[href='#consent']").TextContent.Should().Contain("Без согласия");
        page.Find("#consent").GetAttribute("aria-describedby").Should().Be("consent-wrong");
        page.Find("input[name=site]").HasAttribute("checked").Should().BeTrue();
    }

    [Fact]
    public async Task Special_conditions_are_asked_for_on_the_form_and_told_with_the_decision()
    {
        var scene = await PageScene.Make(service);
        var (_, browser) = await scene.Sit();
        var form = await browser.Open($"/campaigns/{scene.Region.Campaign}");
        (string, string)[] typed =
        [
            ("site", scene.Region.Site.ToString()),
            ("consent", "2"),
            ("processing", "1"),
            ("extraUnit", "minutes"),
            ("breaks", "yes"),
        ];

        var refused = await browser.Submit(form, "main form", [.. typed, ("extra", "полчаса")]);
        var tooMuch = await browser.Submit(refused, "main form", [.. typed, ("extra", "300")]);
        var filed = await browser.Submit(tooMuch, "main form", [.. typed, ("extra", "30")]);
        var asked = await browser.Open(filed.Location!);
        var application = Guid.Parse(filed.Location!.Split('/')[^1].Split('?')[0]);
        var approved = await scene
            .Region.Decide(application, "approval", new { accommodations = new { extraTime = new { amount = 30, unit = "minutes" } } })
            .Json();
        var granted = await browser.Open($"/applications/{application}");
        var room = await browser.Open($"/sessions/{approved["sessionId"]}");

        refused.Find("#errors a[href='#extra']").TextContent.Should().Contain("целое число");
        (refused.Find("#extra").GetAttribute("value"), refused.Find("input[name=breaks]").HasAttribute("checked"))
            .Should()
            .Be(("полчаса", true));
        tooMuch.Find("#extra-wrong").TextContent.Should().Contain("не больше 240 мин");
        asked.Find("#conditions").TextContent.Should().Contain("оператор решит").And.Contain("30").And.Contain("перерывы");
        granted
            .Find("#conditions")
            .TextContent.Should()
            .Contain("Вам одобрены")
            .And.Contain("дополнительное время")
            .And.NotContain("перерывы");
        var usual = (await scene.Region.Admin.GetAsync($"/api/v1/campaigns/{scene.Region.Campaign}").Json())[
            "timeLimitMinutes"
        ]!.GetValue<int>();
        room.Main.Replace('\u00A0', ' ').Should().Contain(Server.Pages.Site.Dates.Length(usual + 30).Replace('\u00A0', ' '));
    }

    [Fact]
    public async Task The_same_form_sent_twice_at_once_files_one_application_and_both_see_it()
    {
        var scene = await PageScene.Make(service);
        var (person, browser) = await scene.Sit();
        var form = await browser.Open($"/campaigns/{scene.Region.Campaign}");
        (string, string)[] typed = [("site", scene.Region.Site.ToString()), ("consent", "2"), ("processing", "1")];

        var answers = await Task.WhenAll(browser.Submit(form, "main form", typed), browser.Submit(form, "main form", typed));
        var later = await browser.Submit(form, "main form", typed);

        answers.Append(later).Should().OnlyContain(answer => answer.Status == 303);
        answers.Append(later).Select(answer => answer.Location).Distinct().Should().ContainSingle();
        (await service.Admin.GetAsync($"/api/v1/people/{person}/applications").Json()).Items().Should().ContainSingle();
    }

    [Fact]
    public async Task Who_has_a_sitting_sees_its_hours_and_takes_them_into_the_calendar()
    {
        var scene = await PageScene.Make(service);
        var sitting = (
            await service
                .Admin.PostAsJsonAsync(
                    $"/api/v1/campaigns/{scene.Region.Campaign}/sittings",
                    new
                    {
                        siteId = scene.Region.Site,
                        startsAt = "2026-09-15T06:00:00Z",
                        endsAt = "2026-09-15T09:00:00Z",
                        reason = "Смены",
                    }
                )
                .Json(201)
        ).Id();
        var (browser, application, _) = await scene.Scheduled();

        var page = await browser.Open($"/applications/{application}");
        var file = await browser.Open($"/applications/{application}/calendar.ics");
        await service
            .Admin.PostAsJsonAsync($"/api/v1/campaigns/{scene.Region.Campaign}/sittings/{sitting}/cancellation", new { reason = "Авария" })
            .Json();
        var without = await browser.Open("/");

        page.Main.Should().Contain("15 сентября 2026 г., с 9:00 до 12:00").And.Contain("Вы записаны");
        var read = Calendar.Load(Encoding.UTF8.GetString(file.Body))!.Events.Single();
        read.Transparency.Should().Be("OPAQUE");
        (read.Start!.AsUtc, read.End!.AsUtc)
            .Should()
            .Be((new DateTime(2026, 9, 15, 6, 0, 0, DateTimeKind.Utc), new DateTime(2026, 9, 15, 9, 0, 0, DateTimeKind.Utc)));
        without.Main.Should().Contain("Время меняется").And.Contain("оператор назначит другие");
        (await browser.Open($"/applications/{application}/calendar.ics")).Status.Should().Be(404);
    }

    [Fact]
    public async Task Who_is_approved_sees_when_where_and_at_which_seat_and_takes_it_into_the_calendar()
    {
        var scene = await PageScene.Make(service);
        var (browser, application, session) = await scene.Scheduled();

        var page = await browser.Open($"/applications/{application}");
        var file = await browser.Open($"/applications/{application}/calendar.ics");

        page.Main.Should()
            .Contain("Школа № 5")
            .And.Contain("Махачкала, ул. Ленина, 1")
            .And.Contain("Место№ 1")
            .And.Contain("с 14 сентября 2026 г., 9:00")
            .And.Contain("Документ, удостоверяющий личность")
            .And.Contain("В какой из этих дней и к какому часу прийти", "the window is longer than a day");
        page.Find($"a[href='/sessions/{session}']").TextContent.Should().Be("В комнату ожидания");
        file.Header("Content-Type").Should().StartWith("text/calendar");
        var lines = Encoding.UTF8.GetString(file.Body).Split("\r\n");
        lines.Should().OnlyContain(line => Encoding.UTF8.GetByteCount(line) <= 75);
        var read = Calendar.Load(Encoding.UTF8.GetString(file.Body))!.Events.Single();
        read.Uid.Should().Be($"{application:D}@diagnostics");
        read.Summary.Should().Be("Входная диагностика учителей математики");
        read.Location.Should().Be("Школа № 5, Махачкала, ул. Ленина, 1");
        // The window runs from 14 to 30 September, and its limits are at 3:00 in Moscow, so the entry covers whole
        // days, including the last one.
        read.Transparency.Should().Be("TRANSPARENT", "the person is not busy on all of these days");
        (read.Start!.Date, read.End!.Date, read.IsAllDay).Should().Be((new DateOnly(2026, 9, 14), new DateOnly(2026, 10, 1), true));
        read.Description.Should().Contain("Место № 1").And.Contain("по московскому времени").And.Contain("Возьмите с собой:");
    }

    [Fact]
    public async Task After_the_test_the_page_says_on_which_day_it_was()
    {
        var scene = await PageScene.Make(service);
        var (browser, application, session) = await scene.Scheduled();
        await scene.Admit(session);
        await browser.Submit(await browser.Open($"/sessions/{session}"), "#room-start");
        var before = await browser.Open($"/applications/{application}");
        (await browser.Send(Browser.Finish(session))).Status.Should().Be(200);

        var after = await browser.Open($"/applications/{application}");

        When(before).Should().Contain("с 14 сентября 2026 г., 9:00");
        When(after).Should().Be("14 сентября 2026 г.");

        static string When(Shown page) => page.Find(".facts .big").TextContent.Replace('\u00A0', ' ');
    }

    [Fact]
    public async Task An_application_is_withdrawn_without_a_reason_and_may_be_filed_again()
    {
        var scene = await PageScene.Make(service);
        var (browser, application, _) = await scene.Scheduled();

        var withdrawn = await browser.Submit(await browser.Open($"/applications/{application}"), "form[action$=withdrawal]");

        withdrawn.Location.Should().Be($"/applications/{application}");
        (await browser.Open(withdrawn.Location!)).Main.Should().Contain("Заявление отозвано");
        (await scene.Region.Status(application)).Should().Be("withdrawn");
        (await browser.Open($"/campaigns/{scene.Region.Campaign}")).Find("button[type=submit]").Should().NotBeNull();
    }

    [Fact]
    public async Task Nobody_sees_what_belongs_to_somebody_else()
    {
        var scene = await PageScene.Make(service);
        var (_, application, session) = await scene.Scheduled();
        var (_, other) = await scene.Sit();

        foreach (
            var path in new[]
            {
                $"/applications/{application}",
                $"/applications/{application}/calendar.ics",
                $"/sessions/{session}",
                $"/appeals/sessions/{session}",
                $"/appeals/new?session={session}",
            }
        )
        {
            var page = await other.Open(path);
            page.Status.Should().Be(404, path);
            page.Find("h1").TextContent.Should().Be("Такой страницы нет");
        }
    }

    [Fact]
    public async Task Somebody_who_takes_no_diagnostics_is_told_so_and_has_no_menu_of_them()
    {
        using var browser = await Browser.Of(service, "admin", service.AdminPassword);

        var home = await browser.Open("/");

        home.Main.Should().Contain("служебная").And.Contain("оператор диагностики");
        home.Document.QuerySelectorAll(".menu a")
            .Select(link => link.TextContent)
            .Should()
            .Equal("Проверка работ", "Площадка", "Неотправленные ответы", "Проверка журнала", "Помощь");
        (await browser.Open("/results")).Status.Should().Be(403);
    }

    [Fact]
    public async Task The_waiting_room_sends_each_to_where_the_session_stands()
    {
        var scene = await PageScene.Make(service);
        var (browser, _, session) = await scene.Scheduled();

        var waits = await browser.Open($"/sessions/{session}");
        await scene.Admit(session);
        var open = await browser.Open($"/sessions/{session}");
        var started = await browser.Submit(open, "#room-start");
        var again = await browser.Submit(open, "#room-start");

        waits.Find("#room-start").HasAttribute("hidden").Should().BeTrue();
        waits.Main.Should().Contain("Комната ожидания");
        open.Main.Should().Contain("Вас допустили");
        open.Find("#room-start").HasAttribute("hidden").Should().BeFalse();
        new[] { started, again }.Should().OnlyContain(answer => answer.Status == 303 && answer.Location == $"/sessions/{session}/test");
        (await browser.Open($"/sessions/{session}")).Location.Should().Be($"/sessions/{session}/test");
    }
}
