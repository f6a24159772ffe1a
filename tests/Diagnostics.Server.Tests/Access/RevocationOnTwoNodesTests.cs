using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Access;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>
/// Two nodes on one PostgreSQL: five seconds after one node ends a sign-in, the other node no longer accepts the tokens
/// of that sign-in.
/// </summary>
public sealed class RevocationOnTwoNodesTests : IAsyncLifetime
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder folder = new();
    private TestService first = null!;
    private WebApplication second = null!;
    private SignInScene scene = null!;

    public async Task InitializeAsync()
    {
        // The fixture is created even when its tests are skipped.
        if (PostgresServer.Missing is not null)
            return;
        var connection = await PostgresDatabases.CreateMigrated(TestService.Start);
        first = new TestService { Connection = connection };
        await first.InitializeAsync();
        scene = new(first);
        second = Service.Build(
            [
                "--Urls=http://127.0.0.1:0",
                $"--Diagnostics:Data={folder.Path}",
                $"--Diagnostics:Bank={Repository.Bank}",
                "--Logging:LogLevel:Default=Warning",
                .. TestService.OnPostgres(connection),
            ],
            services =>
            {
                services.AddSingleton<NodaTime.IClock>(first.Clock);
                services.Configure<PasswordHasherOptions>(options => options.IterationCount = TestService.PasswordRounds);
            }
        );
        await second.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (PostgresServer.Missing is not null)
            return;
        await second.StopAsync();
        await second.DisposeAsync();
        await first.DisposeAsync();
        folder.Dispose();
    }

    [PostgresFact]
    public async Task Every_way_of_ending_a_sign_in_ends_its_tokens_on_both_nodes()
    {
        var ways = new Dictionary<string, Func<JsonNode, JsonNode, Task>>
        {
            ["signing out"] = (_, tokens) => scene.With(tokens).PostAsync($"{V1}/auth/sign-out", null).Json(204),
            ["ended from another device"] = async (account, tokens) =>
            {
                var here = scene.With(await scene.Begin(account));
                var other = (await here.GetAsync($"{V1}/auth/sign-ins").Json())
                    .Items()
                    .Single(each => !each!["current"]!.GetValue<bool>())!;
                await here.DeleteAsync($"{V1}/auth/sign-ins/{other.Id()}").Json(204);
            },
            ["a changed password"] = (account, tokens) =>
                scene
                    .With(tokens)
                    .PostAsJsonAsync(
                        $"{V1}/auth/password",
                        new { currentPassword = account["password"]!.GetValue<string>(), newPassword = "снег над Каспием 7" }
                    )
                    .Json(204),
            ["a reset password"] = (account, _) =>
                first.Admin.PostAsJsonAsync($"{V1}/accounts/{account["accountId"]}/password", new { }).Json(),
            ["deactivation"] = (account, _) =>
                first.Admin.PostAsJsonAsync($"{V1}/accounts/{account["accountId"]}/deactivation", new { }).Json(204),
            ["a lost role"] = async (account, _) =>
            {
                var path = $"{V1}/accounts/{account["accountId"]}";
                var grant = (await first.Admin.GetAsync(path).Json())["grants"]![0]!.Id();
                await first.Admin.DeleteAsync($"{path}/grants/{grant}").Json(204);
            },
            ["a refresh token shown twice"] = async (_, tokens) =>
            {
                await scene.Renew(tokens);
                // By now the few seconds are over in which a client may repeat a request whose answer was lost.
                first.Clock.Advance(Duration.FromSeconds(11));
                await scene.Refresh(tokens).ProblemCode(400);
            },
        };
        foreach (var (way, end) in ways)
        {
            var account = await scene.Auditor();
            await EndsOnBoth(way, await scene.Begin(account), tokens => end(account, tokens));
        }
    }

    [PostgresFact]
    public async Task Erasing_a_person_ends_the_sign_in_on_both_nodes()
    {
        var campaign = new CampaignScene(first);
        var person = await campaign.Enrol();
        var account = await first.Admin.PostAsJsonAsync($"{V1}/people/{person}/account", new { }).Json(201);

        await EndsOnBoth("erasure", await scene.Begin(account), _ => first.Admin.DeleteAsync($"{V1}/people/{person}").Json(204));
    }

    private async Task EndsOnBoth(string way, JsonNode tokens, Func<JsonNode, Task> end)
    {
        var there = scene.With(tokens, second.Urls.Single());
        await there.GetAsync($"{V1}/auth/me").Json();

        await end(tokens);

        var watch = Stopwatch.StartNew();
        await scene.With(tokens).GetAsync($"{V1}/auth/me").ProblemCode(401);
        await Wait.Until($"the other node knows of {way}", async () => (int)(await there.GetAsync($"{V1}/auth/me")).StatusCode == 401);
        watch.Elapsed.Should().BeLessThan(AtMost, way);
        await scene.Refresh(tokens, second.Urls.Single()).ProblemCode(400);
    }
}
