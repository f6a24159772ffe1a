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
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using NodaTime.Testing;

namespace Diagnostics.Server.Tests;

/// <summary>
/// The whole service on its own loopback port, with its own data folder and a clock that the test moves. Use it as a
/// class fixture (<c>IClassFixture&lt;TestService&gt;</c>) or create one where a test needs a fresh database.
/// </summary>
public sealed partial class TestService : IAsyncLifetime
{
    /// <summary>
    /// Set to <c>postgres</c> to run all tests of the service on the test run's own server instead of SQLite.
    /// </summary>
    public const string ProviderVariable = "DIAGNOSTICS_TEST_PROVIDER";

    private readonly TemporaryFolder folder = new();
    private WebApplication? app;
    private string? connection;

    internal const int PasswordRounds = 100;

    public static readonly Instant Start = Instant.FromUtc(2026, 9, 14, 6, 0);

    public FakeClock Clock { get; } = new(Start);

    public IServiceProvider Services => app!.Services;

    public string Url => app!.Urls.Single();

    public string DataFolder => folder.Path;

    /// <summary>Administrator and operator.</summary>
    public HttpClient Admin { get; private set; } = null!;

    internal string AdminPassword { get; private set; } = "";

    /// <summary>
    /// A database on the test run's own server, even where other tests use SQLite. It is dropped with the service.
    /// </summary>
    internal string? Connection
    {
        init => connection = value;
    }

    /// <summary>Whether the service uses SQLite even when other tests use a database server.</summary>
    internal bool OnSqlite { private get; init; }

    /// <summary>
    /// Settings in addition to the usual ones, as <c>--Name=value</c>. They take effect at the next start.
    /// </summary>
    internal string[] More { get; set; } = [];

    /// <summary>
    /// Replaces services other than the clock, which is always replaced. Takes effect at the next start.
    /// </summary>
    public Action<IServiceCollection>? Replace { get; set; }

    public async Task InitializeAsync()
    {
        if (connection is null && !OnSqlite && Environment.GetEnvironmentVariable(ProviderVariable) == "postgres")
            connection = await PostgresDatabases.CreateMigrated(Start);
        if (connection is not null)
            connection = await PostgresDatabases.SetClock(connection, now: null);
        if (connection is null && More.Length == 0)
            await BankLoaded.CopyTo(folder.Path);
        var output = await Begin();
        AdminPassword = FirstPassword().Match(output).Groups[1].Value;
        Admin = await SignIn("admin", AdminPassword);
        AdminPassword = Chosen(AdminPassword);
    }

    /// <summary>Stops the service and starts another on its data, as after an update.</summary>
    /// <param name="settings">The new settings, which replace the previous ones.</param>
    public async Task Restart(params string[] settings)
    {
        if (settings.Length > 0)
            More = settings;
        await app!.StopAsync();
        await app.DisposeAsync();
        await Begin();
        var token = Admin.DefaultRequestHeaders.Authorization;
        Admin = Anonymous();
        Admin.DefaultRequestHeaders.Authorization = token;
    }

    /// <summary>Sets the clock of the database server, if there is one.</summary>
    internal async Task SetServerClock(Instant now)
    {
        if (connection is not null)
            await PostgresDatabases.SetClock(connection, now);
    }

    /// <summary>Stops the service and starts it on a copy of its SQLite file, as docs/operations/backup.md says.</summary>
    internal async Task Restore(string copy)
    {
        await app!.StopAsync();
        await app.DisposeAsync();
        foreach (var part in Directory.EnumerateFiles(folder.Path, "diagnostics.db*"))
            File.Delete(part);
        File.Move(copy, folder.File("diagnostics.db"));
        await Begin();
    }

    /// <summary>A client with no token.</summary>
    public HttpClient Anonymous() => new() { BaseAddress = new Uri(Url) };

    /// <summary>
    /// A client with the token of an account; a one-time password is first changed to <see cref="Chosen"/>.
    /// </summary>
    public Task<HttpClient> SignIn(string userName, string password) => Choose(Url, userName, password);

    /// <inheritdoc cref="SignIn"/>
    internal static async Task<HttpClient> Choose(string url, string userName, string password)
    {
        var (client, tokens) = await WithToken(url, Password(password));
        if (!tokens.TryGetProperty("required_actions", out var actions) || actions[0].GetString() != "change_password")
            return client;
        using var change = await client.PostAsJsonAsync(
            "/api/v1/auth/password",
            new { currentPassword = password, newPassword = Chosen(password) }
        );
        change.EnsureSuccessStatusCode();
        return (await WithToken(url, Password(Chosen(password)))).Client;

        Dictionary<string, string> Password(string word) =>
            new()
            {
                ["grant_type"] = "password",
                ["username"] = userName,
                ["password"] = word,
            };
    }

    /// <summary>The password that replaces a one-time password.</summary>
    internal static string Chosen(string oneTime) => $"{oneTime}-my-own";

    /// <summary>A portal's client.</summary>
    public async Task<HttpClient> SignInClient(string clientId, string secret) =>
        (
            await WithToken(
                Url,
                new()
                {
                    ["grant_type"] = "client_credentials",
                    ["client_id"] = clientId,
                    ["client_secret"] = secret,
                }
            )
        ).Client;

    public async Task DisposeAsync()
    {
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
        if (connection is not null)
            await PostgresDatabases.Drop(connection);
        folder.Dispose();
    }

    /// <summary>Settings for another process on the data and the database of this service.</summary>
    public string[] Settings => [$"--Diagnostics:Data={folder.Path}", .. OnPostgres(connection), .. More];

    /// <summary>
    /// Settings for a service on the database of this connection string; no settings when it is null.
    /// </summary>
    internal static string[] OnPostgres(string? connection) =>
        connection is null ? [] : ["--Database:Provider=postgres", $"--Database:ConnectionString={connection}"];

    private async Task<string> Begin()
    {
        var output = new StringWriter();
        app = Service.Build(
            ["--Urls=http://127.0.0.1:0", $"--Diagnostics:Bank={Repository.Bank}", "--Logging:LogLevel:Default=Warning", .. Settings],
            services =>
            {
                services.AddSingleton<IClock>(Clock);
                // Hundreds of tests sign in: with a realistic number of rounds hashing would take most of their time.
                services.Configure<PasswordHasherOptions>(options => options.IterationCount = PasswordRounds);
                Replace?.Invoke(services);
            }
        );
        await Startup.Prepare(app.Services, output);
        await app.StartAsync();
        return output.ToString();
    }

    private static async Task<(HttpClient Client, JsonElement Tokens)> WithToken(string url, Dictionary<string, string> form)
    {
        var client = new HttpClient { BaseAddress = new Uri(url) };
        using var answer = await client.PostAsync("/api/v1/auth/token", new FormUrlEncodedContent(form));
        answer.EnsureSuccessStatusCode();
        var token = await answer.Content.ReadFromJsonAsync<JsonElement>();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("access_token").GetString());
        return (client, token);
    }

    [GeneratedRegex(@"пароль \(показывается один раз\): (\S+)")]
    private static partial Regex FirstPassword();
}

public static class HttpAnswers
{
    /// <summary>The JSON of an answer that must have this status; a failure shows the body.</summary>
    /// <summary>The entries of a page of a list.</summary>
    public static JsonArray Items(this JsonNode page) => page["items"]!.AsArray();

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
