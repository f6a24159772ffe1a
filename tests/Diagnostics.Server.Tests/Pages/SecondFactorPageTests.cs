using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.Access;
using NodaTime;
using OtpNet;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>
/// A service where auditors sign in only with a second factor; each test has its own service, because its clock moves
/// on.
/// </summary>
public sealed class SecondFactorPageTests : IAsyncLifetime
{
    private readonly TestService service = new() { More = ["--Diagnostics:SecondFactorRoles=auditor"] };

    public Task InitializeAsync() => service.InitializeAsync();

    public Task DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task A_role_that_demands_it_is_led_to_the_page_and_from_there_into_the_house()
    {
        using var browser = await Auditor();

        var anywhere = await browser.Open("/");
        var offered = await browser.Open(anywhere.Location!);
        var begun = await browser.Submit(offered, "main form");
        var page = await browser.Open(begun.Location!);
        var codes = await Confirm(browser, page, Code(Secret(page)));

        (anywhere.Status, anywhere.Location).Should().Be((302, "/account/second-factor"));
        offered.Main.Should().Contain("Для вашей роли это обязательно");
        (begun.Status, begun.Location).Should().Be((303, "/account/second-factor"));
        codes.Document.QuerySelectorAll(".codes code").Select(code => code.TextContent).Should().HaveCount(10).And.OnlyHaveUniqueItems();
        codes.Header("Cache-Control").Should().Contain("no-store");
        (await browser.Open("/")).Location.Should().Be("/audit", "what was asked for is done");
        var after = await browser.Open("/account/second-factor");
        after.Main.Should().Contain("Второй шаг подключён").And.NotContain(Secret(page), "the secret is told no more");
        (await browser.Submit(codes, ".who form")).Location.Should().Be("/sign-in", "the page of codes is no dead end");
    }

    [Fact]
    public async Task A_wrong_code_says_so_and_the_drawing_and_the_key_are_still_there()
    {
        using var browser = await Auditor();
        await browser.Submit(await browser.Open("/account/second-factor"), "main form");
        var page = await browser.Open("/account/second-factor");

        var wrong = await Confirm(browser, page, "000000");

        wrong.Status.Should().Be(422);
        wrong.Document.Title.Should().StartWith("Ошибка: ");
        wrong.Find("#errors a").GetAttribute("href").Should().Be("#code");
        Secret(wrong).Should().Be(Secret(page));
        wrong.Find(".qr svg").GetAttribute("viewBox").Should().NotBeNull();
        wrong.Document.QuerySelectorAll("[style], style").Should().BeEmpty();
        (await Confirm(browser, wrong, Code(Secret(page)))).Find(".codes");
    }

    [Fact]
    public async Task A_new_beginning_makes_a_new_key_and_the_old_one_opens_nothing()
    {
        using var browser = await Auditor();
        await browser.Submit(await browser.Open("/account/second-factor"), "main form");
        var first = await browser.Open("/account/second-factor");

        await browser.Submit(first, "main form[action='/account/second-factor']");
        var second = await browser.Open("/account/second-factor");

        Secret(second).Should().NotBe(Secret(first));
        (await Confirm(browser, second, Code(Secret(first)))).Status.Should().Be(422);
    }

    [Fact]
    public async Task Whoever_has_one_is_asked_for_a_code_at_sign_in_and_a_recovery_code_will_do()
    {
        var account = await new SignInScene(service).Auditor();
        var (secret, recovery) = await SetUp(account);
        service.Clock.Advance(Duration.FromMinutes(1));

        using var browser = await Entered(account);
        var asked = await browser.Open("/account");
        var step = await browser.Open("/sign-in/second-factor");
        var wrong = await browser.Submit(step, "main form", ("code", "000000"));
        var shown = await browser.Submit(step, "main form", ("code", Code(secret)));
        using var other = await Entered(account);
        var byRecovery = await other.Submit(
            await other.Open("/sign-in/second-factor"),
            "main form",
            ("code", recovery[3].ToLowerInvariant())
        );
        using var third = await Entered(account);
        var again = await third.Submit(await third.Open("/sign-in/second-factor"), "main form", ("code", recovery[3]));

        asked.Document.QuerySelectorAll("#devices").Should().BeEmpty("who has shown only the password sees nothing of the account");
        (await third.Open("/")).Location.Should().Be("/sign-in/second-factor");
        (wrong.Status, wrong.Find("#errors a").GetAttribute("href")).Should().Be((422, "#code"));
        (shown.Status, shown.Location).Should().Be((303, "/"));
        (await browser.Open("/")).Location.Should().Be("/audit");
        (await browser.Open("/account")).Find("#factor-heading ~ p .tag").TextContent.Should().Be("Подключён");
        byRecovery.Status.Should().Be(303);
        again.Status.Should().Be(422, "each opens one sign-in");
    }

    [Fact]
    public async Task Before_the_first_password_is_changed_no_factor_is_set_up()
    {
        var scene = await PageScene.Make(service);
        var (userName, given) = await PageScene.NewAccountOf(service, await scene.Region.Enrol());
        using var browser = await Browser.Of(service, userName, given);

        (await browser.Open("/account/second-factor")).Location.Should().Be("/account?first");
        (await browser.Open("/account")).Main.Should().NotContain("Второй шаг входа");
    }

    [Fact]
    public async Task Whoever_wants_one_may_have_one_though_no_role_demands_it()
    {
        var scene = await PageScene.Make(service);
        var (_, browser) = await scene.Sit();

        var link = (await browser.Open("/account")).Find("a[href='/account/second-factor']");

        link.TextContent.Should().Be("Подключить");
        (await browser.Open("/account/second-factor")).Main.Should().NotContain("обязательно");
    }

    private async Task<Browser> Auditor() => await Entered(await new SignInScene(service).Auditor());

    private Task<Browser> Entered(JsonNode account) =>
        Browser.Of(service, account["userName"]!.GetValue<string>(), account["password"]!.GetValue<string>());

    private async Task<(string Secret, IReadOnlyList<string> Recovery)> SetUp(JsonNode account)
    {
        using var browser = await Entered(account);
        await browser.Submit(await browser.Open("/account/second-factor"), "main form");
        var page = await browser.Open("/account/second-factor");
        var codes = await Confirm(browser, page, Code(Secret(page)));
        return (Secret(page), codes.Document.QuerySelectorAll(".codes code").Select(code => code.TextContent).ToList());
    }

    private static Task<Shown> Confirm(Browser browser, Shown page, string code) =>
        browser.Submit(page, "main form[action='/account/second-factor/confirmation']", ("code", code));

    /// <summary>The secret as typed by a person without a camera.</summary>
    private static string Secret(Shown page) => page.Find(".secret").TextContent.Replace(" ", "");

    private string Code(string secret) =>
        new Totp(Base32Encoding.ToBytes(secret)).ComputeTotp(service.Clock.GetCurrentInstant().ToDateTimeUtc());
}
