using System.Net.Http.Json;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Pages;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.Server.Tests.Access;

using static Diagnostics.Server.Tests.Access.OutsideScene;
using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>The operator's settings for an outside provider; a test that needs a service starts its own.</summary>
public sealed class OutsideSettingsTests
{
    [Fact]
    public async Task Where_no_provider_is_named_there_is_no_such_door()
    {
        var service = new TestService();
        await service.InitializeAsync();
        using var browser = new Browser(service);

        (await browser.Open("/sign-in")).Document.QuerySelector("#outside").Should().BeNull();
        (await browser.Open("/sign-in/outside")).Status.Should().Be(404);
        (await browser.Open("/sign-in/outside/callback?code=1&state=2")).Status.Should().Be(404);
        await service.DisposeAsync();
    }

    [Fact]
    public async Task While_the_provider_does_not_answer_people_are_told_to_use_the_other_door()
    {
        var outside = new OutsideScene();
        await outside.InitializeAsync();
        await outside.Provider.DisposeAsync();
        using var browser = new Browser(outside.Service);

        var refused = await browser.Open("/sign-in/outside");

        (refused.Status, refused.Main.Contains("Портал региона сейчас не отвечает", StringComparison.Ordinal)).Should().Be((503, true));
        await outside.Service.DisposeAsync();
    }

    [Fact]
    public async Task An_address_for_letters_names_an_account_only_when_the_provider_has_checked_it()
    {
        await using var provider = await FakeProvider.Start();
        var service = new TestService { More = [.. provider.Settings, "--Diagnostics:Outside:LinkClaim=email"] };
        await service.InitializeAsync();
        const string address = "n.petrova@region.example";
        await service
            .Admin.PostAsJsonAsync($"{V1}/accounts", new { userName = address, grants = new[] { new { role = "auditor", scope = "all" } } })
            .Json(201);
        provider.Claims["email"] = address;
        using var browser = new Browser(service);

        (await Through(browser)).Status.Should().Be(403, "nothing is said of who checked it");
        provider.Claims["email_verified"] = false;
        (await Through(browser)).Status.Should().Be(403);
        provider.Claims["email_verified"] = true;
        (await Through(browser)).Status.Should().Be(303);
        await service.DisposeAsync();
    }

    [Theory]
    [InlineData(
        "Diagnostics:Outside:Authority",
        "--Diagnostics:Outside:Authority=http://id.region.example",
        "--Diagnostics:Outside:ClientId=x"
    )]
    [InlineData("Diagnostics:Outside:Authority", "--Diagnostics:Outside:ClientId=x")]
    [InlineData("Diagnostics:Outside:ClientId", "--Diagnostics:Outside:Authority=https://id.region.example")]
    [InlineData(
        "Diagnostics:Outside:Roles:x",
        "--Diagnostics:Outside:Authority=https://id.region.example",
        "--Diagnostics:Outside:ClientId=x",
        "--Diagnostics:Outside:Roles:x=wizard"
    )]
    [InlineData(
        "Diagnostics:Outside:Roles:x",
        "--Diagnostics:Outside:Authority=https://id.region.example",
        "--Diagnostics:Outside:ClientId=x",
        "--Diagnostics:Outside:Roles:x=participant"
    )]
    public void A_provider_that_cannot_be_is_named_at_the_start(string name, params string[] settings)
    {
        using var folder = new TemporaryFolder();

        FluentActions
            .Invoking(() => Service.Build(["--Urls=http://127.0.0.1:0", $"--Diagnostics:Data={folder.Path}", .. settings]))
            .Should()
            .Throw<SettingException>()
            .Which.Message.Should()
            .Contain(name);
    }
}
