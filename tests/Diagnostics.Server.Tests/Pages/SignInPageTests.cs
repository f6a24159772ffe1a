using System.Net.Http.Json;

namespace Diagnostics.Server.Tests.Pages;

public sealed class SignInPageTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task Whoever_opens_a_page_without_having_signed_in_is_asked_to_and_comes_back_to_it()
    {
        using var browser = new Browser(service);

        var asked = await browser.Open("/results");
        var door = new Uri(asked.Location!, UriKind.RelativeOrAbsolute).IsAbsoluteUri
            ? new Uri(asked.Location!).PathAndQuery
            : asked.Location!;
        var entered = await browser.Submit(
            await browser.Open(door),
            "main form",
            ("user-name", "admin"),
            ("password", service.AdminPassword)
        );

        (asked.Status, door).Should().Be((302, "/sign-in?to=%2Fresults"));
        (entered.Status, entered.Location).Should().Be((303, "/results"));
    }

    [Fact]
    public async Task The_door_leads_back_to_a_path_with_letters_that_a_header_does_not_hold()
    {
        using var browser = new Browser(service);
        var page = await browser.Open("/sign-in?to=" + Uri.EscapeDataString("/results?q=ответ 1%"));

        var entered = await browser.Submit(page, "main form", ("user-name", "admin"), ("password", service.AdminPassword));

        (entered.Status, entered.Location).Should().Be((303, "/results?q=%D0%BE%D1%82%D0%B2%D0%B5%D1%82%201%"));
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("/sign-out")]
    [InlineData("javascript:alert(1)")]
    public async Task The_door_leads_nowhere_but_into_the_house(string to)
    {
        using var browser = new Browser(service);
        var page = await browser.Open("/sign-in?to=" + Uri.EscapeDataString(to));

        var entered = await browser.Submit(page, "main form", ("user-name", "admin"), ("password", service.AdminPassword), ("to", to));

        page.Find("input[name=to]").GetAttribute("value").Should().Be("/");
        entered.Location.Should().Be("/");
    }

    [Fact]
    public async Task A_wrong_password_says_so_first_and_keeps_the_name()
    {
        using var browser = new Browser(service);

        var page = await browser.Submit(await browser.Open("/sign-in"), "main form", ("user-name", "somebody"), ("password", "wrong"));

        page.Status.Should().Be(422);
        page.Document.Title.Should().StartWith("Ошибка: ");
        page.Find("#errors a").GetAttribute("href").Should().Be("#user-name");
        page.Find("#user-name").GetAttribute("value").Should().Be("somebody");
        page.Html.Should().NotContain("value=\"wrong\"");
        browser.Cookies.Should().NotContain(cookie => cookie.Name == "diagnostics");
    }

    /// <summary>The exam page stays open: it requests JSON and learns from the answer who has signed in.</summary>
    [Fact]
    public async Task A_code_typed_again_in_the_running_test_lets_the_same_person_in_and_leads_nowhere()
    {
        var scene = await PageScene.Make(service);
        var (_, _, session) = await scene.Scheduled();
        var code = (await service.Admin.PostAsJsonAsync($"/api/v1/sessions/{session}/access-code", new { }).Json())[
            "code"
        ]!.GetValue<string>();
        using var browser = new Browser(service);
        await scene.Admit(session);
        await browser.Submit(await browser.Open("/sign-in"), "main form[action$=code]", ("code", code));
        await browser.Submit(await browser.Open($"/sessions/{session}"), "#room-start");
        var test = await browser.Open($"/sessions/{session}/test");

        var dialog = test.Find("#sign-in-form");
        var refused = await Ask("7K2M-XQ9W-PTRR");
        var answer = await Ask(code);

        (dialog.GetAttribute("action"), dialog.QuerySelector("#password")).Should().Be(("/sign-in/code", null));
        dialog.QuerySelector("#code").Should().NotBeNull();
        (refused.Status, answer.Status, answer.Location).Should().Be((422, 200, null));
        refused.Html.Should().Contain("В коде ошибка");
        var account = System.Text.Json.Nodes.JsonNode.Parse(answer.Html)!["accountId"]!.GetValue<string>();
        test.Find("#sign-in").GetAttribute("data-account").Should().Be(account);
        test.Find("#exam").GetAttribute("data-page").Should().Contain(account);

        Task<Shown> Ask(string typed)
        {
            var request = Browser.Request(test, "#sign-in-form", ("code", typed));
            request.Headers.Add("Accept", "application/json");
            return browser.Send(request);
        }
    }

    [Fact]
    public async Task The_operators_contact_stands_where_a_person_may_be_stuck()
    {
        const string contact = "ЦНППМ, +7 8722 00-00-00, по будням с 9 до 18";
        var own = new TestService { More = [$"--Diagnostics:Contact={contact}"] };
        await own.InitializeAsync();
        using var browser = new Browser(own);

        foreach (var path in new[] { "/sign-in", "/help", "/no-such-page" })
            (await browser.Open(path)).Main.Should().Contain(contact, path);
        (await new Browser(service).Open("/help"))
            .Document.QuerySelectorAll(".contact")
            .Should()
            .BeEmpty("this service has not been told of any");
        await own.DisposeAsync();
    }

    [Fact]
    public async Task The_cookie_is_out_of_reach_of_scripts_and_of_other_sites_forms()
    {
        using var browser = new Browser(service);

        var entered = await browser.Submit(
            await browser.Open("/sign-in"),
            "main form",
            ("user-name", "admin"),
            ("password", service.AdminPassword)
        );

        entered
            .Header("Set-Cookie")
            .ToLowerInvariant()
            .Should()
            .StartWith("diagnostics=")
            .And.Contain("httponly")
            .And.Contain("samesite=lax")
            .And.NotContain("expires=");
    }

    [Fact]
    public async Task Over_TLS_the_cookie_is_bound_to_this_host_and_one_of_another_name_is_not_believed()
    {
        var own = new TestService { More = ["--Diagnostics:Proxies=127.0.0.1"] };
        await own.InitializeAsync();
        using var browser = new Browser(own);
        var form = Browser.Request(await browser.Open("/sign-in"), "main form", ("user-name", "admin"), ("password", own.AdminPassword));
        form.Headers.Add("X-Forwarded-Proto", "https");

        var set = (await browser.Send(form)).Header("Set-Cookie");

        set.Should().StartWith("__Host-diagnostics=");
        set.ToLowerInvariant().Should().Contain("; secure").And.Contain("; path=/;").And.Contain("httponly").And.NotContain("domain=");
        var token = set.Split('=', ';')[1];
        set.Length.Should().BeLessThan(4096);
        (await Look($"__Host-diagnostics={token}")).Should().Be(200);
        (await Look($"diagnostics={token}")).Should().Be(302, "anybody on an open network could have planted it");
        await own.DisposeAsync();

        async Task<int> Look(string cookie)
        {
            using var fresh = new Browser(own);
            return (
                await fresh.Send(new(HttpMethod.Get, "/account") { Headers = { { "X-Forwarded-Proto", "https" }, { "Cookie", cookie } } })
            ).Status;
        }
    }

    [Fact]
    public async Task A_sign_in_begins_anew_whatever_the_browser_brought()
    {
        using var browser = await Browser.Of(service, "admin", service.AdminPassword);
        var before = browser.Cookies.Single(cookie => cookie.Name == "diagnostics").Value;
        using var again = new HttpRequestMessage(HttpMethod.Post, "/sign-in")
        {
            Content = new FormUrlEncodedContent([new("user-name", "admin"), new("password", service.AdminPassword)]),
        };
        again.Headers.Add("Sec-Fetch-Site", "same-origin");

        (await browser.Send(again)).Status.Should().Be(303);

        browser.Cookies.Single(cookie => cookie.Name == "diagnostics").Value.Should().NotBe(before);
        (await SignIns(browser)).Count(each => each!["current"]!.GetValue<bool>()).Should().Be(1);
        (await SignIns(browser)).Count.Should().BeGreaterThanOrEqualTo(2, "the one before is another, and was not taken over");

        static async Task<System.Text.Json.Nodes.JsonArray> SignIns(Browser browser) =>
            System
                .Text.Json.Nodes.JsonNode.Parse(
                    (await browser.Send(new(HttpMethod.Get, "/api/v1/auth/sign-ins") { Headers = { { "X-Diagnostics-Page", "1" } } })).Html
                )!
                .Items();
    }

    [Theory]
    [InlineData("/sign-in", "#password", "current-password")]
    [InlineData("/account", "#currentPassword", "current-password")]
    [InlineData("/account", "#newPassword", "new-password")]
    public async Task A_password_is_typed_unseen_and_a_keeper_of_passwords_may_fill_it_in(string path, string field, string keeper)
    {
        using var browser = path == "/sign-in" ? new Browser(service) : await Browser.Of(service, "admin", service.AdminPassword);

        var input = (await browser.Open(path)).Find(field);

        (input.GetAttribute("type"), input.GetAttribute("autocomplete")).Should().Be(("password", keeper));
        input.HasAttribute("onpaste").Should().BeFalse();
    }

    [Fact]
    public async Task Whoever_signs_out_is_out()
    {
        using var browser = await Browser.Of(service, "admin", service.AdminPassword);

        var left = await browser.Submit(await browser.Open("/"), ".who form");

        (left.Status, left.Location).Should().Be((303, "/sign-in"));
        (await browser.Open("/")).Status.Should().Be(302);
    }

    /// <summary>
    /// The API accepts the cookie from our own pages, which send a header that no other site's page can send.
    /// </summary>
    [Theory]
    [InlineData(null, null, 401)]
    [InlineData("1", null, 200)]
    [InlineData("1", "same-origin", 200)]
    [InlineData("1", "same-site", 401)]
    [InlineData("1", "cross-site", 401)]
    public async Task The_cookie_opens_the_API_to_our_own_pages_only(string? header, string? site, int status)
    {
        using var browser = await Browser.Of(service, "admin", service.AdminPassword);
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/auth/me");
        if (header is not null)
            request.Headers.Add("X-Diagnostics-Page", header);
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);

        (await browser.Send(request)).Status.Should().Be(status);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", 400)]
    [InlineData("Sec-Fetch-Site", "same-site", 400)]
    [InlineData("Origin", "https://evil.example", 400)]
    [InlineData("Origin", "null", 400)]
    [InlineData("Sec-Fetch-Site", "same-origin", 303)]
    public async Task A_form_that_another_site_sends_is_not_carried_out(string header, string value, int status)
    {
        using var browser = new Browser(service);
        var request = Browser.Request(
            await browser.Open("/sign-in"),
            "main form",
            ("user-name", "admin"),
            ("password", service.AdminPassword)
        );
        request.Headers.Add(header, value);

        (await browser.Send(request)).Status.Should().Be(status);
    }

    [Fact]
    public async Task A_form_without_its_token_or_with_that_of_somebody_else_is_not_carried_out()
    {
        using var first = await Browser.Of(service, "admin", service.AdminPassword);
        var page = await first.Open("/account");
        var made = await service
            .Admin.PostAsJsonAsync("/api/v1/accounts", new { userName = "second", grants = Array.Empty<object>() })
            .Json(201);
        var chosen = TestService.Chosen(made["password"]!.GetValue<string>());
        using var changed = await service.SignIn("second", made["password"]!.GetValue<string>());

        var without = await first.Submit(page, ".who form", ("form-token", ""));
        await first.Submit(await first.Open("/account"), ".who form");
        await first.Submit(await first.Open("/sign-in"), "main form", ("user-name", "second"), ("password", chosen));
        var foreign = await first.Submit(page, ".who form");

        without.Status.Should().Be(400);
        without.Main.Should().Contain("Страница устарела");
        foreign.Status.Should().Be(400);
        (await first.Open("/")).Status.Should().Be(200, "the second is still signed in");
    }

    [Fact]
    public async Task The_page_of_a_running_test_signs_in_where_it_is_and_learns_who_did()
    {
        using var browser = new Browser(service);
        var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in")
        {
            Content = new FormUrlEncodedContent([new("user-name", "admin"), new("password", service.AdminPassword)]),
        };
        request.Headers.Add("Accept", "application/json");
        var me = await service.Admin.GetAsync("/api/v1/auth/me").Json();

        var answer = await browser.Send(request);

        answer.Status.Should().Be(200);
        answer.Html.Should().Contain(me["accountId"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_person_changes_the_password_they_were_given_and_stays_signed_in()
    {
        var scene = await PageScene.Make(service);
        var (userName, given) = await PageScene.NewAccountOf(service, await scene.Region.Enrol());
        using var browser = new Browser(service);
        await browser.Submit(await browser.Open("/sign-in"), "main form", ("user-name", userName), ("password", given));

        var anywhere = await browser.Open("/results");
        var wrong = await browser.Submit(
            await browser.Open("/account"),
            "form[action='/account/password']",
            ("currentPassword", "не тот пароль"),
            ("newPassword", "синий жираф у окна")
        );
        var changed = await browser.Submit(
            await browser.Open("/account"),
            "form[action='/account/password']",
            ("currentPassword", given),
            ("newPassword", "синий жираф у окна")
        );

        (anywhere.Status, anywhere.Location).Should().Be((302, "/account?first"), "the password was given for once");
        wrong.Status.Should().Be(422);
        wrong
            .Main.Should()
            .Contain("Сначала придумайте свой пароль")
            .And.NotContain("Роли", "nothing stands on the page but what must be done");
        wrong.Document.Title.Should().StartWith("Ошибка: Новый пароль");
        wrong.Find("#errors a").GetAttribute("href").Should().Be("#currentPassword");
        (changed.Status, changed.Location).Should().Be((303, "/account?changed"));
        var after = await browser.Open("/account?changed");
        after.Main.Should().Contain("Пароль изменён");
        after.Find("main .notice a.button").GetAttribute("href").Should().Be("/", "the person came to apply");
        (await browser.Open("/")).Status.Should().Be(200);
        using var again = await Browser.Of(service, userName, "синий жираф у окна");
        var devices = await again.Open("/account");
        devices.Document.QuerySelectorAll("#devices form").Should().ContainSingle("the other browser is signed in too");
        await again.Submit(devices, "#devices form");
        (await browser.Open("/")).Status.Should().Be(302, "its sign-in was ended from here");
    }

    [Fact]
    public async Task A_code_from_the_sheet_opens_one_session_and_nothing_else_of_the_person()
    {
        var scene = await PageScene.Make(service);
        var (_, _, session) = await scene.Scheduled();
        var code = (await service.Admin.PostAsJsonAsync($"/api/v1/sessions/{session}/access-code", new { }).Json())[
            "code"
        ]!.GetValue<string>();
        using var browser = new Browser(service);

        var wrong = await browser.Submit(await browser.Open("/sign-in"), "form[action='/sign-in/code']", ("code", "не код"));
        var entered = await browser.Submit(
            await browser.Open("/sign-in"),
            "form[action='/sign-in/code']",
            ("code", code.ToLowerInvariant())
        );
        var room = await browser.Open(entered.Location!);

        wrong.Find("#errors a").GetAttribute("href").Should().Be("#code");
        (entered.Status, entered.Location).Should().Be((303, $"/sessions/{session}"));
        room.Main.Should().Contain("Комната ожидания").And.Contain("Школа № 5");
        room.Document.QuerySelectorAll(".menu a").Select(link => link.TextContent).Should().Equal("Помощь");
        (await browser.Open("/results")).Location.Should().Be($"/sessions/{session}");
        (await browser.Open("/")).Location.Should().Be($"/sessions/{session}");
        room.Document.QuerySelectorAll("a[href='/account']").Should().BeEmpty("there is no password to change with a code");
        (await browser.Open("/account")).Document.QuerySelectorAll("input[type=password]").Should().BeEmpty();
    }

    /// <summary>
    /// A person who came with a code has no page besides the receipt to confirm that the work was handed in.
    /// </summary>
    [Fact]
    public async Task Whoever_came_with_a_code_leaves_with_the_receipt_and_is_led_nowhere_the_code_does_not_open()
    {
        var scene = await PageScene.Make(service);
        var (_, application, session) = await scene.Scheduled();
        var code = (await service.Admin.PostAsJsonAsync($"/api/v1/sessions/{session}/access-code", new { }).Json())[
            "code"
        ]!.GetValue<string>();
        using var browser = new Browser(service);
        await browser.Submit(await browser.Open("/sign-in"), "form[action='/sign-in/code']", ("code", code));
        await scene.Admit(session);
        var room = await browser.Open($"/sessions/{session}");
        await browser.Submit(room, "#room-start");
        (await browser.Send(Browser.Finish(session))).Status.Should().Be(200);

        var receipt = await browser.Open($"/sessions/{session}/receipt");

        receipt.Status.Should().Be(200, receipt.Main);
        receipt.Find("#code").TextContent.Should().MatchRegex("^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$");
        receipt.Main.Should().Contain("войдите по имени и паролю");
        foreach (var page in (Shown[])[room, receipt])
            page.Document.QuerySelectorAll($"a[href*='{application}']").Should().BeEmpty("the code does not open it");
        // The device may be shared, so the last thing that the person does on it is to sign out.
        (await browser.Submit(receipt, "main form[action='/sign-out']"))
            .Location.Should()
            .Be("/sign-in");
        (await browser.Open($"/sessions/{session}/receipt")).Status.Should().Be(302);
    }

    /// <summary>
    /// A token lasts an hour and an exam may last longer. A person who keeps viewing pages stays signed in until the
    /// sign-in itself expires after a day.
    /// </summary>
    [Fact]
    public async Task Whoever_goes_on_looking_stays_signed_in_and_whoever_looks_away_for_an_hour_does_not()
    {
        var own = new TestService();
        await own.InitializeAsync();
        using (var browser = await Browser.Of(own, "admin", own.AdminPassword))
        {
            for (var look = 0; look < 4; look++)
            {
                own.Clock.Advance(NodaTime.Duration.FromMinutes(45));
                (await browser.Open("/")).Status.Should().Be(200);
            }

            own.Clock.Advance(NodaTime.Duration.FromMinutes(61));

            (await browser.Open("/")).Status.Should().Be(302);
        }
        await own.DisposeAsync();
    }
}
