using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Diagnostics.TestKit;
using Microsoft.AspNetCore.Builder;
using NodaTime;

namespace Diagnostics.Server.Tests;

/// <summary>Two nodes of the service on one PostgreSQL.</summary>
public sealed partial class TwoNodesTests
{
    [PostgresFact]
    public async Task Nodes_that_start_at_once_on_an_empty_database_agree_on_one_administrator_and_know_each_others_tokens()
    {
        var connection = await PostgresServer.CreateMigratedDatabase(SystemClock.Instance.GetCurrentInstant());
        using var folder = new TemporaryFolder();
        var nodes = Enumerable.Range(1, 2).Select(number => (App: Node(connection, folder.File($"node{number}")), Output: new StringWriter())).ToList();

        await Task.WhenAll(nodes.Select(node => Task.Run(() => Startup.Prepare(node.App.Services, node.Output))));
        foreach (var (app, _) in nodes) await app.StartAsync();

        var password = nodes.Select(node => Password().Match(node.Output.ToString())).Single(match => match.Success).Groups[1].Value;
        nodes.Should().OnlyContain(node => node.Output.ToString().Contains("Банк заданий: 176 заданий", StringComparison.Ordinal));
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await Token(client, nodes[0].App.Urls.Single(), password));
        foreach (var (app, _) in nodes) (await client.GetAsync($"{app.Urls.Single()}/api/v1/accounts").Json())["items"]!.AsArray().Should().ContainSingle();

        foreach (var (app, _) in nodes)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
        await PostgresServer.DropDatabase(connection);
    }

    private static WebApplication Node(string connection, string data) => Service.Build(
        ["--Urls=http://127.0.0.1:0", $"--Diagnostics:Data={data}", $"--Diagnostics:Bank={Repository.Bank}", "--Logging:LogLevel:Default=Warning", .. TestService.OnPostgres(connection)]);

    private static async Task<string> Token(HttpClient client, string url, string password)
    {
        using var answer = await client.PostAsync($"{url}/api/v1/auth/token", new FormUrlEncodedContent(
            new Dictionary<string, string> { ["grant_type"] = "password", ["username"] = "admin", ["password"] = password }));
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    [GeneratedRegex(@"пароль \(показывается один раз\): (\S+)")]
    private static partial Regex Password();
}
