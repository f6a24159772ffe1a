using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Storage;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using OtpNet;

namespace Diagnostics.Server.Tests.Access;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>
/// Codes from an authenticator app (RFC 6238); each test has its own service, where auditors must have a second factor.
/// </summary>
public sealed class SecondFactorTests : IAsyncLifetime
{
    private readonly TestService service = new() { More = ["--Diagnostics:SecondFactorRoles=auditor"] };
    private SignInScene scene = null!;

    public async Task InitializeAsync()
    {
        await service.InitializeAsync();
        scene = new(service);
    }

    public Task DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task A_role_that_demands_it_opens_nothing_until_a_second_factor_is_set_up()
    {
        var tokens = await scene.Begin(await scene.Auditor());
        tokens["required_actions"]![0]!.GetValue<string>().Should().Be("set_up_second_factor");
        (await scene.With(tokens).GetAsync($"{V1}/audit").ProblemCode(403)).Should().Be("second-factor-setup-required");

        var (_, recovery) = await SetUp(tokens);

        recovery.Should().HaveCount(10).And.OnlyHaveUniqueItems();
        await scene.With(await scene.Renew(tokens)).GetAsync($"{V1}/audit").Json();
    }

    [Fact]
    public async Task Whoever_has_one_shows_a_code_with_every_sign_in_and_no_code_twice()
    {
        var account = await scene.Auditor();
        var (secret, _) = await SetUp(await scene.Begin(account));
        service.Clock.Advance(Duration.FromMinutes(1));

        var tokens = await scene.Begin(account);
        tokens["required_actions"]![0]!.GetValue<string>().Should().Be("show_second_factor");
        (await scene.With(tokens).GetAsync($"{V1}/audit").ProblemCode(403)).Should().Be("second-factor-required");
        var code = Code(secret);
        await Show(tokens, code).Json(204);
        await scene.With(await scene.Renew(tokens)).GetAsync($"{V1}/audit").Json();

        (await Show(await scene.Begin(account), code).ProblemCode(422)).Should().Be("second-factor-wrong");
    }

    [Fact]
    public async Task A_recovery_code_opens_one_sign_in()
    {
        var account = await scene.Auditor();
        var (_, recovery) = await SetUp(await scene.Begin(account));
        var tokens = await scene.Begin(account);

        await Show(tokens, recovery[3].ToLowerInvariant()).Json(204);

        await scene.With(await scene.Renew(tokens)).GetAsync($"{V1}/audit").Json();
        await Show(await scene.Begin(account), recovery[3]).ProblemCode(422);
    }

    [Fact]
    public async Task Guessing_codes_takes_longer_and_longer_whichever_sign_in_is_used()
    {
        var account = await scene.Auditor();
        await SetUp(await scene.Begin(account));
        for (var attempt = 1; attempt <= 5; attempt++)
            await Show(await scene.Begin(account), "000000").ProblemCode(422);
        await Show(await scene.Begin(account), "000000");

        (await Show(await scene.Begin(account), "000000").ProblemCode(429)).Should().Be("too-many-attempts");
    }

    [Fact]
    public async Task Whoever_guesses_codes_is_told_when_to_come_back_and_does_not_keep_a_recovery_code_out()
    {
        var account = await scene.Auditor();
        var (_, recovery) = await SetUp(await scene.Begin(account));
        var tokens = await scene.Begin(account);
        for (var attempt = 1; attempt <= 6; attempt++)
            await Show(tokens, "000000");

        var refused = await Show(tokens, "000000");
        ((int)refused.StatusCode).Should().Be(429);
        refused.Headers.RetryAfter!.Delta.Should().BePositive();
        await Show(tokens, recovery[0]).Json(204);
    }

    [Fact]
    public async Task From_the_machine_itself_a_lost_one_is_taken_away()
    {
        var account = await scene.Auditor();
        var tokens = await scene.Begin(account);
        await SetUp(tokens);
        var database = service.Services.GetRequiredService<Database>();
        var (name, output, errors) = (account["userName"]!.GetValue<string>(), new StringWriter(), new StringWriter());

        (await AccountVerbs.RemoveSecondFactor(database, name, output, errors)).Should().Be(0);
        (await AccountVerbs.RemoveSecondFactor(database, name, output, errors)).Should().Be(1, "it has none any more");
        (await AccountVerbs.RemoveSecondFactor(database, "nobody-at-all", output, errors)).Should().Be(1);

        await scene.Refresh(tokens).ProblemCode(400);
        (await scene.Begin(account))["required_actions"]![0]!.GetValue<string>().Should().Be("set_up_second_factor");
        (
            await database.Read(db =>
                db.Value<int>("SELECT COUNT(*) FROM audit_entries WHERE action = 'second-factor.removed' AND actor = 'console'")
            )
        )
            .Should()
            .Be(1);
    }

    [Fact]
    public async Task A_role_that_demands_it_ends_the_sign_ins_that_were_without_one()
    {
        var made = await service
            .Admin.PostAsJsonAsync(
                $"{V1}/accounts",
                new { userName = Unique("op"), grants = new[] { new { role = "operator", scope = "all" } } }
            )
            .Json(201);
        using var client = await service.SignIn(made["userName"]!.GetValue<string>(), made["password"]!.GetValue<string>());
        made["password"] = TestService.Chosen(made["password"]!.GetValue<string>());
        var tokens = await scene.Begin(made);
        await scene.With(tokens).GetAsync($"{V1}/auth/me").Json();

        await service.Admin.PostAsJsonAsync($"{V1}/accounts/{made["accountId"]}/grants", new { role = "auditor", scope = "all" }).Json(201);

        await scene.With(tokens).GetAsync($"{V1}/audit").ProblemCode(401);
        await scene.Refresh(tokens).ProblemCode(400);
        (await scene.Begin(made))["required_actions"]![0]!.GetValue<string>().Should().Be("set_up_second_factor");
    }

    [Fact]
    public async Task An_administrator_takes_a_lost_one_away_which_ends_the_sign_ins()
    {
        var account = await scene.Auditor();
        var tokens = await scene.Begin(account);
        await SetUp(tokens);

        await service.Admin.DeleteAsync($"{V1}/accounts/{account["accountId"]}/second-factor").Json(204);

        await scene.With(tokens).GetAsync($"{V1}/auth/me").ProblemCode(401);
        (await scene.Begin(account))["required_actions"]![0]!.GetValue<string>().Should().Be("set_up_second_factor");
    }

    private async Task<(string Secret, IReadOnlyList<string> Recovery)> SetUp(JsonNode tokens)
    {
        var begun = await scene.With(tokens).PostAsync($"{V1}/auth/second-factor", null).Json();
        var secret = begun["secret"]!.GetValue<string>();
        begun["address"]!.GetValue<string>().Should().StartWith("otpauth://totp/").And.Contain(secret);
        var confirmed = await scene
            .With(tokens)
            .PostAsJsonAsync($"{V1}/auth/second-factor/confirmation", new { code = Code(secret) })
            .Json();
        return (secret, confirmed["codes"]!.AsArray().Select(code => code!.GetValue<string>()).ToList());
    }

    private Task<HttpResponseMessage> Show(JsonNode tokens, string code) =>
        scene.With(tokens).PostAsJsonAsync($"{V1}/auth/second-factor/check", new { code });

    private string Code(string secret) =>
        new Totp(Base32Encoding.ToBytes(secret)).ComputeTotp(service.Clock.GetCurrentInstant().ToDateTimeUtc());
}
