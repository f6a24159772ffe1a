using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests;

/// <summary>
/// The whole service on a loopback port of its own, with its own data folder and a clock that the test moves.
/// Use it as a class fixture (<c>IClassFixture&lt;TestService&gt;</c>) or make one where a test needs a fresh database.
/// </summary>
public sealed partial class TestService : IAsyncLifetime
{
    /// <summary>Set to <c>postgres</c>, all tests of the service run on the test run's own server instead of on SQLite.</summary>
    public const string ProviderVariable = "DIAGNOSTICS_TEST_PROVIDER";

    private readonly TemporaryFolder folder = new();
    private WebApplication? app;
    private string? connection;

    public static readonly Instant Start = Instant.FromUtc(2026, 9, 14, 6, 0);

    public FakeClock Clock { get; } = new(Start);

    public IServiceProvider Services => app!.Services;

    public string Url => app!.Urls.Single();

    public string DataFolder => folder.Path;

    /// <summary>Administrator and operator.</summary>
    public HttpClient Admin { get; private set; } = null!;

    internal string AdminPassword { get; private set; } = "";

    /// <summary>A database on the test run's own server, whatever the others use; dropped with the service.</summary>
    internal string? Connection { init => connection = value; }

    /// <summary>Settings besides the usual ones, as <c>--Name=value</c>, from the next start on.</summary>
    internal string[] More { get; set; } = [];

    /// <summary>Replaces services besides the clock, from the next start on.</summary>
    public Action<IServiceCollection>? Replace { get; set; }

    public async Task InitializeAsync()
    {
        if (connection is null && Environment.GetEnvironmentVariable(ProviderVariable) == "postgres") connection = await PostgresDatabases.CreateMigrated(Start);
        if (connection is not null) connection = await PostgresDatabases.SetClock(connection, now: null);
        var output = await Begin();
        AdminPassword = Password().Match(output).Groups[1].Value;
        Admin = await SignIn("admin", AdminPassword);
    }

    /// <summary>Stops the service and starts another on the same data, as after an update.</summary>
    public async Task Restart()
    {
        await app!.StopAsync();
        await app.DisposeAsync();
        await Begin();
        var token = Admin.DefaultRequestHeaders.Authorization;
        Admin = Anonymous();
        Admin.DefaultRequestHeaders.Authorization = token;
    }

    /// <summary>Sets the clock of the database's server, where there is one.</summary>
    internal async Task SetServerClock(Instant now)
    {
        if (connection is not null) await PostgresDatabases.SetClock(connection, now);
    }

    /// <summary>A client with no token.</summary>
    public HttpClient Anonymous() => new() { BaseAddress = new Uri(Url) };

    /// <summary>A client with the token of an account.</summary>
    public Task<HttpClient> SignIn(string userName, string password) =>
        WithToken(new() { ["grant_type"] = "password", ["username"] = userName, ["password"] = password });

    /// <summary>A portal's client.</summary>
    public Task<HttpClient> SignInClient(string clientId, string secret) =>
        WithToken(new() { ["grant_type"] = "client_credentials", ["client_id"] = clientId, ["client_secret"] = secret });

    public async Task DisposeAsync()
    {
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
        if (connection is not null) await PostgresDatabases.Drop(connection);
        folder.Dispose();
    }

    /// <summary>Settings of another process on the data and the database of this service.</summary>
    public string[] Settings => [$"--Diagnostics:Data={folder.Path}", .. OnPostgres(connection), .. More];

    /// <summary>Settings of a service on a database of this connection string; none for null.</summary>
    internal static string[] OnPostgres(string? connection) => connection is null ? [] : ["--Database:Provider=postgres", $"--Database:ConnectionString={connection}"];

    private async Task<string> Begin()
    {
        var output = new StringWriter();
        app = Service.Build(
            ["--Urls=http://127.0.0.1:0", $"--Diagnostics:Bank={Repository.Bank}", "--Logging:LogLevel:Default=Warning", .. Settings],
            services =>
            {
                services.AddSingleton<IClock>(Clock);
                Replace?.Invoke(services);
            });
        await Startup.Prepare(app.Services, output);
        await app.StartAsync();
        return output.ToString();
    }

    private async Task<HttpClient> WithToken(Dictionary<string, string> form)
    {
        var client = Anonymous();
        using var answer = await client.PostAsync("/api/v1/auth/token", new FormUrlEncodedContent(form));
        answer.EnsureSuccessStatusCode();
        var token = await answer.Content.ReadFromJsonAsync<JsonElement>();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("access_token").GetString());
        return client;
    }

    [GeneratedRegex(@"пароль \(показывается один раз\): (\S+)")]
    private static partial Regex Password();
}

public static class HttpAnswers
{
    /// <summary>The JSON of an answer that must have this status; the failure shows the body.</summary>
    public static async Task<JsonNode> Json(this Task<HttpResponseMessage> sending, int status = 200)
    {
        using var answer = await sending;
        var body = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).Should().Be(status, body);
        return JsonNode.Parse(body.Length == 0 ? "{}" : body)!;
    }

    /// <summary>The code of a problem that must have this status.</summary>
    public static async Task<string> ProblemCode(this Task<HttpResponseMessage> sending, int status)
    {
        var problem = await sending.Json(status);
        problem["type"]!.GetValue<string>().Should().Be("urn:diagnostics:problem:" + problem["code"]!.GetValue<string>());
        return problem["code"]!.GetValue<string>();
    }
}
