using System.Net.Http.Json;
using AngleSharp.Dom;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Profiles;
using Diagnostics.Server.Pages.Site;
using Diagnostics.Server.Tests.Appeals;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.UseCases.Access;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Pages;

public sealed class SiteTests(TestService service) : IClassFixture<TestService>
{
    /// <summary>
    /// Input that has broken other people's pages: markup, attributes, addresses, entities, templates, scripts of other
    /// kinds.
    /// </summary>
    private static readonly string[] Hostile =
    [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "javascript:alert(1)",
        "</textarea><svg onload=alert(1)>",
        "</title><script>alert(1)</script>",
        "<!--",
        "]]><script>alert(1)</script>",
        "&lt;script&gt;",
        "{{7*7}}${7*7}",
        "<iframe srcdoc='<script>alert(1)</script>'>",
        "<a href=\"data:text/html,x\">",
        "\u202Eгнь",
        "<math><mi xlink:href=javascript:alert(1)>",
    ];

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/help")]
    [InlineData("/no-such-page")]
    public async Task A_page_has_no_code_and_no_style_inside_and_forbids_them(string path)
    {
        using var browser = new Browser(service);

        ShouldBeStrict(await browser.Open(path));
    }

    [Fact]
    public async Task Pages_of_a_person_are_as_strict_and_nothing_of_them_is_kept()
    {
        var scene = await PageScene.Make(service);
        var (browser, application, session) = await scene.Scheduled();
        var (_, fresh) = await scene.Sit();

        foreach (
            var path in new[]
            {
                "/",
                $"/applications/{application}",
                $"/sessions/{session}",
                "/results",
                "/appeals",
                $"/appeals/new?session={session}",
                "/account",
            }
        )
        {
            var page = await browser.Open(path);
            page.Status.Should().Be(200, path);
            ShouldBeStrict(page);
            page.Header("Cache-Control").Should().Contain("no-store", path);
        }
        ShouldBeStrict(await fresh.Open($"/campaigns/{scene.Region.Campaign}"));
    }

    [Fact]
    public async Task What_people_type_is_shown_as_they_typed_it_and_becomes_nothing_else()
    {
        var region = new CampaignScene(service);
        foreach (var text in Hostile)
        {
            var site = (await region.Admin.PostAsJsonAsync($"{CampaignScene.V1}/sites", CampaignScene.SiteBody(name: text)).Json(201)).Id();
            var body = await region.CampaignBody(site);
            (body["title"], body["audience"]) = (text, text);
            var campaign = (await region.Admin.PostAsJsonAsync($"{CampaignScene.V1}/campaigns", body).Json(201)).Id();
            await region.Publish(campaign).Json();
            var (_, userName, password) = await PageScene.AccountOf(service, await region.Enrol());
            using var browser = await Browser.Of(service, userName, password);

            var form = await browser.Open($"/campaigns/{campaign}");
            var filed = await browser.Submit(form, "main form", ("site", site.ToString()), ("consent", "2"), ("processing", "1"));
            await region.Decide(Guid.Parse(filed.Location!.Split('/')[^1].Split('?')[0]), "rejection", new { reason = text }).Json();
            var application = await browser.Open(filed.Location!);
            var again = await browser.Submit(
                await browser.Open("/account"),
                "form[action='/account/password']",
                ("currentPassword", text),
                ("newPassword", text)
            );

            form.Find("h1").TextContent.Should().Be(text);
            application.Find("h1").TextContent.Should().Be(text);
            application.Main.Should().Contain("Причина:");
            foreach (var page in new[] { form, application, again })
                ShouldBeStrict(page);
        }
    }

    [Fact]
    public async Task Answers_and_statements_of_appeals_are_shown_as_they_were_typed_and_become_nothing_else()
    {
        var essay = string.Join('\n', Hostile);
        var appeals = await AppealScene.Make(service, answer: slot => Answer.Right(slot) ?? new ExtendedResponse(essay));
        var account = await PageScene.AccountOf(service, appeals.Person);
        using var browser = await Browser.Of(service, account.UserName, account.Password);

        var answers = await browser.Open($"/appeals/sessions/{appeals.Session}");

        Written(answers.Document).Should().Contain(Written(essay));
        ShouldBeStrict(answers);
        foreach (var text in Hostile)
        {
            var form = await browser.Open($"/appeals/new?session={appeals.Session}&slot={appeals.Slot}");
            var refused = await browser.Submit(form, "main form", ("ground", "marks"), ("statement", text + new string('я', 4001)));
            var filed = await browser.Submit(form, "main form", ("ground", "marks"), ("statement", text));
            var appeal = await browser.Open(filed.Location!);
            var list = await browser.Open("/appeals");
            await browser.Submit(appeal, "main form[action$=withdrawal]");

            refused.Find("textarea").TextContent.Should().StartWith(text);
            Written(appeal.Document).Should().Contain(Written(text));
            foreach (var page in new[] { refused, appeal, list })
                ShouldBeStrict(page);
        }

        static string Written(object text) =>
            System.Text.RegularExpressions.Regex.Replace(
                text is IDocument page ? page.QuerySelector("main")!.TextContent : (string)text,
                @"\s+",
                " "
            );
    }

    [Fact]
    public async Task Whoever_asks_too_often_gets_a_page_that_says_so_and_a_program_a_problem()
    {
        var own = new TestService { More = ["--Diagnostics:RequestsPerSecond=1"] };
        await own.InitializeAsync();
        try
        {
            using var browser = await Browser.Of(own, "admin", own.AdminPassword);
            // A second may pass between two requests, and it allows one more.
            Shown page;
            do page = await browser.Open("/help");
            while (page.Status == 200);
            Shown problem;
            do problem = await Program();
            while (problem.Status == 200);

            (page.Status, page.Find("h1").TextContent, page.Header("Retry-After")).Should().Be((429, "Слишком часто", "1"));
            page.Main.Should().Contain("Подождите несколько секунд и обновите страницу.");
            ShouldBeStrict(page);
            (problem.Status, problem.Header("Content-Type")).Should().Be((429, "application/problem+json"));

            async Task<Shown> Program()
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/help");
                request.Headers.Add("Accept", "application/json");
                return await browser.Send(request);
            }
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Fact]
    public async Task Whoever_comes_when_too_many_sign_in_gets_a_page_that_says_when_to_come_back()
    {
        var own = new TestService
        {
            Replace = services => services.Configure<PasswordHasherOptions>(options => options.IterationCount = 50_000),
        };
        await own.InitializeAsync();
        try
        {
            using var browser = new Browser(own);
            var door = await browser.Open("/sign-in");
            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, PasswordLane.PlacesOfNetwork + 100)
                    .Select(number =>
                        browser.Submit(door, "main form", ("user-name", $"nobody-{number}"), ("password", "какой-нибудь пароль"))
                    )
            );

            answers.Should().OnlyContain(answer => answer.Status == 422 || answer.Status == 503);
            var busy = answers.First(answer => answer.Status == 503);
            (busy.Find("h1").TextContent, busy.Header("Retry-After")).Should().Be(("Служба перегружена", "5"));
            busy.Main.Should().Contain("Сейчас входит слишком много людей").And.Contain("Подождите минуту");
            ShouldBeStrict(busy);
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Fact]
    public async Task Files_are_kept_for_ever_at_an_address_that_changes_with_them()
    {
        using var browser = new Browser(service);
        var sheet = (await browser.Open("/sign-in")).Find("link[rel=stylesheet]").GetAttribute("href")!;

        var named = await browser.Open(sheet);
        var ofAnother = await browser.Open("/a/0123456789ab/" + sheet.Split('/')[^1]);

        named.Header("Cache-Control").Should().Be("public, max-age=31536000, immutable");
        ofAnother.Header("Cache-Control").Should().Be("no-store", "a page of another version gets what there is and keeps none of it");
        ofAnother.Body.Should().Equal(named.Body);
        (await browser.Open("/a/0123456789ab/no-such.css")).Status.Should().Be(404);
        (await browser.Open("/a/0123456789ab")).Status.Should().Be(404);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Files_and_pages_travel_packed(string encoding)
    {
        using var handler = new HttpClientHandler();
        using var client = new HttpClient(handler) { BaseAddress = new Uri(service.Url) };
        client.DefaultRequestHeaders.Add("Accept-Encoding", encoding);

        foreach (var path in new[] { SiteFiles.Of("site.css"), "/help" })
        {
            using var answer = await client.GetAsync(path);
            answer.Content.Headers.ContentEncoding.Should().Equal([encoding], path);
            (await answer.Content.ReadAsByteArrayAsync()).Length.Should().BeLessThan(10_000, path);
        }
    }

    [Fact]
    public async Task A_fault_is_a_page_for_a_person_and_a_problem_for_a_program()
    {
        using var browser = new Browser(service);
        var program = new HttpRequestMessage(HttpMethod.Get, "/no-such-page");
        program.Headers.Add("Accept", "application/json");

        var page = await browser.Open("/no-such-page");
        var problem = await browser.Send(program);

        (page.Status, page.Find("h1").TextContent).Should().Be((404, "Такой страницы нет"));
        (problem.Status, problem.Header("Content-Type")).Should().Be((404, "application/problem+json"));
    }

    [Fact]
    public void Help_answers_ten_questions() =>
        HelpTexts.Questions.Should().HaveCount(10).And.OnlyContain(question => question.Answer.Count > 0);

    [Theory]
    [InlineData("Asia/Yakutsk", "14 сентября 2026 г., 15:00", "по Якутску, МСК+6")]
    [InlineData("Europe/Moscow", "14 сентября 2026 г., 9:00", "по московскому времени")]
    [InlineData("Europe/Kaliningrad", "14 сентября 2026 г., 8:00", "по Калининграду, МСК−1")]
    [InlineData("Europe/Simferopol", "14 сентября 2026 г., 9:00", "по Симферополю, МСК")]
    public void A_moment_is_told_by_the_clocks_of_the_place_and_the_place_is_named(string zone, string moment, string name)
    {
        Dates.Moment(Instant.FromUtc(2026, 9, 14, 6, 0), zone).Replace('\u00A0', ' ').Should().Be(moment);
        Dates.ZoneName(zone, Instant.FromUtc(2026, 9, 14, 6, 0)).Replace('\u00A0', ' ').Should().Be(name);
    }

    [Theory]
    [InlineData("2026-09-19T21:00:00Z", "до конца дня 19 сентября 2026 г.")]
    [InlineData("2026-09-20T00:00:00Z", "до 20 сентября 2026 г., 3:00")]
    public void The_end_of_a_window_that_is_a_midnight_is_told_as_the_day_before(string to, string told) =>
        Dates.Until(NodaTime.Text.InstantPattern.ExtendedIso.Parse(to).Value, "Europe/Moscow").Replace('\u00A0', ' ').Should().Be(told);

    [Theory]
    [InlineData(45, "45 минут")]
    [InlineData(61, "61 минута")]
    [InlineData(100, "100 минут")]
    [InlineData(120, "2 часа")]
    [InlineData(235, "3 часа 55 минут")]
    public void A_length_is_counted_in_Russian(int minutes, string told) => Dates.Length(minutes).Replace('\u00A0', ' ').Should().Be(told);

    [Fact]
    public void A_percentage_is_cut_and_never_rounded_over_a_boundary()
    {
        Numbers.Whole(59.99m).Should().Be("59\u00A0%");
        Numbers.Exact(28.88m).Should().Be("28,88\u00A0%");
        Numbers.Signed(-3.5m).Should().Be("\u22123,5");
    }

    [Theory]
    [InlineData("вы разрешили это 29 ноября 2026 г.", "вы разрешили это 29 ноября 2026 г.")]
    [InlineData("до 29 ноября 2026 г., 9:00", "до 29 ноября 2026 г., 9:00.")]
    public void A_sentence_that_ends_with_a_date_has_one_stop(string sentence, string told) => Dates.Ended(sentence).Should().Be(told);

    [Fact]
    public async Task The_links_of_the_foot_stand_apart()
    {
        using var browser = await Browser.Of(service, "admin", service.AdminPassword);

        (await browser.Open("/account"))
            .Document.QuerySelectorAll(".foot li")
            .Select(item => item.TextContent)
            .Should()
            .Equal("Учётная запись", "Помощь");
    }

    /// <summary>The text names the shown level first only when it is the likeliest one.</summary>
    [Theory]
    [InlineData(0.95, 0.05, "Уровень определён надёжно.")]
    [InlineData(0.70, 0.30, "Уровень — скорее «средний» (70 из 100), чем «высокий» (30 из 100).")]
    [InlineData(0.44, 0.56, "Уровень определён не наверняка: «средний» — 44 из 100, «высокий» — 56 из 100.")]
    public void How_sure_a_level_is_is_said_in_chances(double medium, double high, string told) =>
        Words
            .HowSure(
                new Precision(10m, 40m, 80m, [new(DeficitLevel.High, (decimal)high), new(DeficitLevel.Medium, (decimal)medium)]),
                DeficitLevel.Medium,
                level => level is DeficitLevel.High ? "высокий" : "средний"
            )
            .Should()
            .Be($"{told} На других таких же заданиях результат был бы, скорее всего, от 40\u00A0% до 80\u00A0%.");

    private static void ShouldBeStrict(Shown page)
    {
        page.Header("Content-Security-Policy")
            .Should()
            .StartWith("default-src 'none'; script-src 'self'; style-src 'self'")
            .And.NotContain("unsafe");
        page.Document.QuerySelectorAll("[style], style").Should().BeEmpty();
        page.Document.QuerySelectorAll("script").Where(IsCode).Should().BeEmpty();
        foreach (var attribute in page.Document.All.SelectMany(element => element.Attributes))
        {
            attribute.Name.Should().NotStartWith("on");
            if (attribute.Name is "href" or "src" or "action" or "formaction")
                attribute.Value.Should().Match(value => value.StartsWith('/') || value.StartsWith('#'), "nothing leads to another origin");
        }
    }

    /// <summary>Data for a module are not code; the modules themselves are files.</summary>
    private static bool IsCode(IElement script) => !script.HasAttribute("src") && script.GetAttribute("type") != "application/json";
}
