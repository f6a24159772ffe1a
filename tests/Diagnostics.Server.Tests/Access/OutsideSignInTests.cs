using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Server.Tests.Pages;

namespace Diagnostics.Server.Tests.Access;

using static Diagnostics.Server.Tests.Access.OutsideScene;
using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>A service with a provider that it trusts.</summary>
public sealed class OutsideScene : IAsyncLifetime
{
    public TestService Service { get; } = new();

    internal FakeProvider Provider { get; private set; } = null!;

    internal SignInScene SignIns => new(Service);

    public async Task InitializeAsync()
    {
        Provider = await FakeProvider.Start();
        Service.More =
        [
            .. Provider.Settings,
            "--Diagnostics:Outside:LinkClaim=employee",
            "--Diagnostics:Outside:Roles:watch=auditor",
            "--Diagnostics:Outside:Roles:centre=operator:territory:05",
        ];
        await Service.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await Provider.DisposeAsync();
    }

    /// <summary>Goes from our sign-in page to the provider and back.</summary>
    internal static async Task<Shown> Through(Browser browser, string door = "/sign-in/outside")
    {
        var away = await browser.Open(door);
        away.Status.Should().Be(302);
        var back = await browser.Open(away.Location!);
        back.Status.Should().Be(302);
        return await browser.Open(back.Location!);
    }
}

/// <summary>People who sign in at an outside provider (OpenID Connect).</summary>
public sealed class OutsideSignInTests : IClassFixture<OutsideScene>
{
    private readonly TestService service;
    private readonly FakeProvider provider;
    private readonly SignInScene scene;

    public OutsideSignInTests(OutsideScene outside)
    {
        (service, provider, scene) = (outside.Service, outside.Provider, outside.SignIns);
        provider.Begin(Unique("person"));
    }

    [Fact]
    public async Task Somebody_who_is_known_there_signs_in_with_one_press_and_comes_back_to_the_page_they_asked_for()
    {
        var account = await Linked();
        using var browser = new Browser(service);

        var door = await browser.Open("/sign-in?to=%2Faccount");
        door.Find("#outside").TextContent.Should().Be("Войти через Портал региона");
        var entered = await Through(browser, door.Find("#outside").GetAttribute("href")!);

        (entered.Status, entered.Location).Should().Be((303, "/account"));
        provider.Exchanged.Should().Be(1, "the code was exchanged with the right verifier");
        (await browser.Open("/account")).Main.Should().Contain(account["userName"]!.GetValue<string>());
        var signIn = (await OwnSignIns(browser)).Single()!;
        signIn["method"]!.GetValue<string>().Should().Be("outside");
    }

    [Fact]
    public async Task The_cookies_of_the_way_and_of_the_sign_in_are_out_of_reach_of_scripts_and_of_other_sites()
    {
        await Linked();
        using var browser = new Browser(service);

        var away = await browser.Open("/sign-in/outside");
        var entered = await browser.Open((await browser.Open(away.Location!)).Location!);

        foreach (var answer in new[] { away, entered })
        {
            foreach (var cookie in answer.Answer.Headers.GetValues("Set-Cookie"))
                cookie.ToLowerInvariant().Should().StartWith("diagnostics").And.Contain("httponly").And.Contain("samesite=lax");
        }
    }

    [Fact]
    public async Task Signing_out_ends_the_sign_in_here()
    {
        await Linked();
        using var browser = new Browser(service);
        await Through(browser);
        var account = await browser.Open("/account");
        var token = browser.Cookies.Single(cookie => cookie.Name == "diagnostics").Value;

        await browser.Submit(account, "form[action='/sign-out']");

        using var copied = new HttpRequestMessage(HttpMethod.Get, "/account") { Headers = { { "Cookie", $"diagnostics={token}" } } };
        using var fresh = new Browser(service);
        (await fresh.Send(copied)).Status.Should().Be(302, "a copy of the cookie is no good either");
    }

    public static TheoryData<string> Lies() =>
        ["nonce", "no nonce", "audience", "issuer", "expired", "not yet", "no subject", "key", "secret", "unsigned", "tampered"];

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_token_that_is_not_the_providers_word_for_this_sign_in_lets_nobody_in(string lie)
    {
        await Linked();
        using var other = RSA.Create(2048);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        (provider.Spoil, provider.Sign) = lie switch
        {
            "nonce" => (claims => claims["nonce"] = "of another sign-in", null),
            "no nonce" => (claims => claims.Remove("nonce"), null),
            "audience" => (claims => claims["aud"] = "another-client", null),
            "issuer" => (claims => claims["iss"] = "https://elsewhere.example", null),
            "expired" => (claims => (claims["iat"], claims["exp"]) = (now - 600, now - 120), null),
            "not yet" => (claims => (claims["nbf"], claims["exp"]) = (now + 600, now + 900), null),
            "no subject" => (claims => claims.Remove("sub"), null),
            "key" => (null, claims => FakeProvider.Signed(claims, other)),
            "secret" => (null, FakeProvider.SignedWithSecret),
            "unsigned" => (null, FakeProvider.Unsigned),
            "tampered" => (null, Tampered),
            _ => ((Action<JsonObject>?)null, (Func<JsonObject, string>?)null),
        };
        using var browser = new Browser(service);

        var refused = await Through(browser);

        refused.Status.Should().Be(400);
        refused.Main.Should().Contain("Ответ, с которым вы вернулись от Портал региона, не подходит");
        browser.Cookies.Should().NotContain(cookie => cookie.Name == "diagnostics");
    }

    [Fact]
    public async Task A_way_back_that_another_window_or_nobody_began_leads_nowhere()
    {
        await Linked();
        using var victim = new Browser(service);
        using var attacker = new Browser(service);
        var back = (await attacker.Open((await attacker.Open("/sign-in/outside")).Location!)).Location!;

        var planted = await victim.Open(back);
        var forged = await attacker.Open(System.Text.RegularExpressions.Regex.Replace(back, "state=.*", "state=forged"));
        var bare = await attacker.Open(back.Split('?')[0]);

        foreach (var refused in new[] { planted, forged, bare })
            refused.Status.Should().Be(400);
        foreach (var browser in new[] { victim, attacker })
            browser.Cookies.Should().NotContain(cookie => cookie.Name == "diagnostics");
    }

    [Fact]
    public async Task A_way_back_is_good_once()
    {
        await Linked();
        using var browser = new Browser(service);
        var back = (await browser.Open((await browser.Open("/sign-in/outside")).Location!)).Location!;

        (await browser.Open(back)).Status.Should().Be(303);
        (await browser.Open(back)).Status.Should().Be(400);
    }

    [Fact]
    public async Task Whoever_has_no_account_here_is_told_what_to_ask_for()
    {
        using var browser = new Browser(service);

        var refused = await Through(browser);

        refused.Status.Should().Be(403);
        refused.Main.Should().Contain("не связано").And.Contain(provider.Subject);
        browser.Cookies.Should().NotContain(cookie => cookie.Name == "diagnostics");
    }

    [Fact]
    public async Task Whose_account_is_shut_does_not_get_in()
    {
        var account = await Linked();
        await service.Admin.PostAsJsonAsync($"{V1}/accounts/{account["accountId"]}/deactivation", new { }).Json(204);
        using var browser = new Browser(service);

        (await Through(browser)).Status.Should().Be(403);
    }

    [Fact]
    public async Task Whoever_the_provider_does_not_let_in_is_told_so()
    {
        provider.Denies = true;
        using var browser = new Browser(service);

        var refused = await Through(browser);

        (refused.Status, refused.Main.Contains("Портал региона вас не впустил", StringComparison.Ordinal)).Should().Be((403, true));
    }

    [Fact]
    public async Task By_the_administrators_rule_a_person_takes_the_account_that_the_claim_names_once()
    {
        var account = await scene.Auditor();
        provider.Claims["employee"] = account["userName"]!.GetValue<string>().ToUpperInvariant();
        var person = provider.Subject;
        using var browser = new Browser(service);
        (await Through(browser)).Status.Should().Be(303);

        provider.Subject = Unique("somebody-else");
        using var second = new Browser(service);
        (await Through(second)).Status.Should().Be(403, "the account is another person's of the same provider");

        (await View(account))["outsideIdentities"]!.AsArray().Should().ContainSingle().Which!["subject"]!
            .GetValue<string>()
            .Should()
            .Be(person);
        (await Trail("outside-identity.linked", account)).Should().ContainSingle().Which!["actor"]!
            .GetValue<string>()
            .Should()
            .Be($"outside:{provider.Issuer}");
    }

    [Fact]
    public async Task By_the_rule_nobody_becomes_an_administrator()
    {
        provider.Claims["employee"] = "admin";
        using var browser = new Browser(service);

        (await Through(browser)).Status.Should().Be(403);
    }

    [Fact]
    public async Task A_role_of_the_provider_is_a_grant_here_and_ends_with_it()
    {
        var account = await Linked();
        provider.Claims["roles"] = new JsonArray("watch", "centre", "of no meaning here");
        using var before = new Browser(service);
        await Through(before);
        (await Live(account)).Should().BeEquivalentTo("auditor all ", "operator territory 05");
        (await Trail("grant.added", account))
            .Should()
            .Contain(entry => entry!["actor"]!.GetValue<string>() == $"outside:{provider.Issuer}");

        provider.Claims["roles"] = "watch";
        using var after = new Browser(service);
        await Through(after);

        (await Live(account)).Should().BeEquivalentTo("auditor all ");
        (await Trail("grant.ended", account)).Should().ContainSingle().Which!["actor"]!
            .GetValue<string>()
            .Should()
            .Be($"outside:{provider.Issuer}");
        (await OwnSignIns(after)).Should().ContainSingle("the sign-in with the role that was lost has ended");
    }

    [Fact]
    public async Task A_role_of_the_provider_does_not_reach_a_participant_s_account()
    {
        var region = new CampaignScene(service);
        var made = await service.Admin.PostAsJsonAsync($"{V1}/people/{await region.Enrol()}/account", new { }).Json(201);
        await Link(made, provider.Subject).Json(201);
        provider.Claims["roles"] = new JsonArray("watch", "centre");
        using var browser = new Browser(service);

        (await Through(browser)).Status.Should().Be(303);

        (await Live(made)).Should().Equal("participant all ");
        (await Trail("grant.added", made)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_role_that_was_given_here_is_taken_here()
    {
        var account = await Linked();
        provider.Claims["roles"] = new JsonArray("watch");
        using var browser = new Browser(service);
        await Through(browser);
        provider.Claims.Remove("roles");
        using var again = new Browser(service);
        await Through(again);

        (await Live(account)).Should().Equal(["auditor all "], "the account was made with it, and the provider gave nothing new");
    }

    [Fact]
    public async Task Whoever_comes_by_password_has_no_roles_of_the_provider()
    {
        var account = await Linked();
        provider.Claims["roles"] = new JsonArray("centre");
        using var browser = new Browser(service);
        await Through(browser);
        (await Live(account)).Should().Contain("operator territory 05");

        await scene.Begin(account);

        (await Live(account)).Should().BeEquivalentTo("auditor all ");
    }

    [Fact]
    public async Task Without_its_link_an_account_loses_the_door_the_roles_and_the_sign_ins()
    {
        var account = await Linked();
        provider.Claims["roles"] = new JsonArray("centre");
        using var browser = new Browser(service);
        await Through(browser);

        await service.Admin.DeleteAsync($"{V1}/accounts/{account["accountId"]}/outside-identities").Json(204);

        (await browser.Open("/account")).Status.Should().Be(302);
        (await Live(account)).Should().BeEquivalentTo("auditor all ");
        using var again = new Browser(service);
        (await Through(again)).Status.Should().Be(403);
        (await service.Admin.DeleteAsync($"{V1}/accounts/{account["accountId"]}/outside-identities").ProblemCode(404))
            .Should()
            .Be("outside-identity-not-found");
    }

    [Fact]
    public async Task One_person_of_the_provider_opens_one_account_and_an_account_knows_one()
    {
        var (first, second) = (await Linked(), await scene.Auditor());

        (await Link(second, provider.Subject).ProblemCode(409)).Should().Be("outside-identity-taken");
        (await Link(first, "another").ProblemCode(409)).Should().Be("outside-identity-taken");
    }

    [Fact]
    public async Task Nothing_of_the_provider_stays_of_a_person_who_is_erased()
    {
        var region = new CampaignScene(service);
        var person = await region.Enrol();
        var made = await region.Admin.PostAsJsonAsync($"{V1}/people/{person}/account", new { }).Json(201);
        await Link(made, provider.Subject).Json(201);

        await region.Admin.DeleteAsync($"{V1}/people/{person}").Json(204);

        (await View(made))["outsideIdentities"]!.AsArray().Should().BeEmpty();
    }

    /// <summary>A token with the provider's signature and somebody else's name.</summary>
    private string Tampered(JsonObject claims)
    {
        var signed = provider.Signed(claims).Split('.');
        claims["sub"] = "somebody-else";
        return $"{signed[0]}.{provider.Signed(claims).Split('.')[1]}.{signed[2]}";
    }

    private async Task<JsonNode> Linked()
    {
        var account = await scene.Auditor();
        await Link(account, provider.Subject).Json(201);
        return account;
    }

    private Task<HttpResponseMessage> Link(JsonNode account, string subject) =>
        service.Admin.PostAsJsonAsync(
            $"{V1}/accounts/{account["accountId"]}/outside-identities",
            new { issuer = provider.Issuer, subject }
        );

    private Task<JsonNode> View(JsonNode account) => service.Admin.GetAsync($"{V1}/accounts/{account["accountId"]}").Json();

    private async Task<IEnumerable<string>> Live(JsonNode account) =>
        (await View(account))["grants"]!
            .AsArray()
            .Where(grant => grant!["endedAt"] is null)
            .Select(grant => $"{grant!["role"]} {grant["scope"]} {grant["scopeId"]}")
            .ToList();

    private async Task<IReadOnlyList<JsonNode?>> Trail(string action, JsonNode account)
    {
        using var auditor = scene.With(await scene.Begin(await scene.Auditor()));
        return (await auditor.GetAsync($"{V1}/audit?subject=account:{account["accountId"]}").Json())["items"]!
            .AsArray()
            .Where(entry => entry!["action"]!.GetValue<string>() == action)
            .ToList();
    }

    private static async Task<JsonArray> OwnSignIns(Browser browser)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"{V1}/auth/sign-ins") { Headers = { { "X-Diagnostics-Page", "1" } } };
        return JsonNode.Parse((await browser.Send(request)).Html)!.Items();
    }
}
