using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Http;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using NodaTime;

namespace Diagnostics.Server.Tests.Operations;

/// <summary>
/// The operator's settings at the network edge: proxies, the operations port, the secret that seals the keys.
/// </summary>
public sealed class EdgeSettingsTests
{
    private const string Secret = "--Diagnostics:KeySecret=Zm9yIHRlc3RzIG9ubHk6IG5vdCBhIHNlY3JldCE=";

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.0.0.0/8, 127.0.0.0/8", true)]
    [InlineData("10.0.0.0/8", false)]
    [InlineData("", false)]
    public async Task Only_a_proxy_that_is_named_is_believed_that_the_way_to_it_was_TLS(string proxies, bool believed)
    {
        await using var started = await Started.With($"--Diagnostics:Proxies={proxies}");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");

        using var answer = await started.Client.SendAsync(request);

        SecurityHeadersTests.Values(answer, "Strict-Transport-Security").Should().Be(believed ? "max-age=63072000; includeSubDomains" : "");
    }

    [Fact]
    public async Task The_description_and_health_move_to_a_port_of_their_own()
    {
        var port = FreePort();
        await using var started = await Started.With(
            $"--Urls=http://127.0.0.1:0;http://127.0.0.1:{port}",
            $"--Diagnostics:OperationsPort={port}"
        );
        using var operations = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        foreach (var path in new[] { "/openapi/v1.json", "/swagger/index.html", "/health/live" })
        {
            using var spoofed = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = $"127.0.0.1:{port}" } };
            (await started.Client.SendAsync(spoofed))
                .StatusCode.Should()
                .Be(HttpStatusCode.NotFound, "the name that is asked for moves nothing");
            (await operations.GetAsync(path)).StatusCode.Should().Be(HttpStatusCode.OK);
        }
        (await operations.GetAsync("/api/v1/auth/me")).StatusCode.Should().Be(HttpStatusCode.NotFound, "nothing else is served there");
        (await started.Client.GetAsync("/api/v1/auth/me")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public void The_verb_health_asks_the_port_of_operations() =>
        HealthVerb
            .Own(
                new ConfigurationBuilder()
                    .AddInMemoryCollection(
                        new Dictionary<string, string?>
                        {
                            ["Urls"] = "http://0.0.0.0:5080;http://0.0.0.0:5081",
                            ["Diagnostics:OperationsPort"] = "5081",
                        }
                    )
                    .Build()
            )
            .Should()
            .Be("http://localhost:5081");

    [Theory]
    [InlineData("--Diagnostics:Proxies=proxy.example.org", "Diagnostics:Proxies")]
    [InlineData("--Diagnostics:OperationsPort=70000", "Diagnostics:OperationsPort")]
    [InlineData("--Diagnostics:OperationsPort=порт", "Diagnostics:OperationsPort")]
    [InlineData("--Diagnostics:KeySecret=коротко", "Diagnostics:KeySecret")]
    public void A_setting_that_makes_no_sense_is_named(string setting, string name)
    {
        using var folder = new TemporaryFolder();

        FluentActions
            .Invoking(() => Service.Build(["--Urls=http://127.0.0.1:0", $"--Diagnostics:Data={folder.Path}", setting]))
            .Should()
            .Throw<SettingException>()
            .Which.Message.Should()
            .Contain(name);
    }

    [Theory]
    [InlineData("Diagnostics:Proxies", "10.0.0.0/99")]
    [InlineData("Diagnostics:OperationsPort", "0")]
    [InlineData("Diagnostics:KeySecret", "коротко")]
    [InlineData("Diagnostics:FeedRetentionDays", "0")]
    [InlineData("Diagnostics:FeedRetentionDays", "quarter")]
    [InlineData("Diagnostics:WebhookExceptions", "10.0.0.5, inner.example.org")]
    [InlineData("Diagnostics:WebhookTimeoutSeconds", "61")]
    [InlineData("Diagnostics:SecondFactorRoles", "administrator, wizard")]
    [InlineData("Diagnostics:RequestsPerSecond", "many")]
    [InlineData("Diagnostics:SavesPerSecond", "2.5")]
    [InlineData("Diagnostics:Outside:Authority", "http://id.region.example")]
    [InlineData("Diagnostics:DrainSeconds", "soon")]
    [InlineData("Diagnostics:MaxClockSkewSeconds", "often")]
    [InlineData("Diagnostics:PasswordGrant", "maybe")]
    [InlineData("Diagnostics:Dta", "data")]
    [InlineData("Database:Provder", "postgres")]
    [InlineData("Diagnostics:Bank", "nowhere")]
    [InlineData("Logging:LogLevel:Default", "Loud")]
    [InlineData("Urls", "nonsense")]
    [InlineData("Urls", "http://127.0.0.1:99999")]
    [InlineData("Urls", "https://127.0.0.1:5443")]
    [InlineData("Urls", "http://192.0.2.1:5080")]
    public async Task A_service_that_is_set_wrongly_ends_with_one_line_that_names_the_setting(string name, string value)
    {
        using var folder = new TemporaryFolder();

        var (code, output) = await ServerProcess.RunVerb(
            "--Urls=http://127.0.0.1:0",
            $"--Diagnostics:Data={folder.File("data")}",
            $"--Diagnostics:Bank={Repository.Bank}",
            $"--{name}={value}"
        );

        code.Should().Be(2, output);
        output.Trim().Split('\n').Should().ContainSingle().Which.Should().StartWith($"Настройка {name}: ");
        Directory.EnumerateFileSystemEntries(folder.Path).Should().BeEmpty("nothing was created before");
    }

    [Fact]
    public async Task A_port_that_another_program_has_is_named_and_nothing_is_created()
    {
        using var folder = new TemporaryFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var (code, output) = await ServerProcess.RunVerb(
            $"--Urls=http://127.0.0.1:{port}",
            $"--Diagnostics:Data={folder.File("data")}",
            $"--Diagnostics:Bank={Repository.Bank}"
        );

        (code, output.Trim()).Should().Be((2, $"Настройка Urls: порт {port} занят другой программой."));
        Directory.EnumerateFileSystemEntries(folder.Path).Should().BeEmpty();
    }

    [Fact]
    public async Task A_database_server_that_does_not_answer_is_named_and_nothing_is_created()
    {
        using var folder = new TemporaryFolder();

        var (code, output) = await ServerProcess.RunVerb(
            "--Urls=http://127.0.0.1:0",
            $"--Diagnostics:Data={folder.File("data")}",
            $"--Diagnostics:Bank={Repository.Bank}",
            "--Database:Provider=postgres",
            "--Database:ConnectionString=Host=127.0.0.1;Port=1;Database=d"
        );

        code.Should().Be(2, output);
        output.Trim().Split('\n').Should().ContainSingle().Which.Should().Contain("127.0.0.1:1");
        Directory.EnumerateFileSystemEntries(folder.Path).Should().BeEmpty();
    }

    [Fact]
    public void Every_setting_in_the_document_is_one_that_the_service_knows_and_the_other_way_round()
    {
        var documented = File.ReadLines(Path.Combine(Repository.Root, "docs", "operations", "settings.md"))
            .Where(line => line.StartsWith("| `D", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1])
            .Where(name => name != "Diagnostics:Outside:…");

        documented.Should().BeEquivalentTo(Settings.Known);
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:5071", "http://127.0.0.1:5071")]
    [InlineData("Urls", "http://127.0.0.1:5072", "http://127.0.0.1:5072")]
    [InlineData("OTHER", "http://127.0.0.1:5073", "http://localhost:5080")]
    public async Task The_address_is_set_the_way_of_ASP_NET(string variable, string value, string address)
    {
        var start = ServerProcess.Command("Diagnostics.Server.dll", "health");
        start.Environment[variable] = value;

        var (code, _, errors) = await ChildProcess.Run(start);

        (code, errors.Trim()).Should().Be((1, $"Служба {address} не отвечает."));
    }

    [Theory]
    [InlineData("10.1.2.0/24, 192.168.7.5", "192.168.7.5", true)]
    [InlineData("10.1.2.0/24, 192.168.7.5", "192.168.7.6", false)]
    [InlineData(" ", "10.1.2.3", false)]
    public void Webhooks_may_go_to_the_inner_addresses_and_networks_that_are_named_and_an_empty_time_is_the_usual_one(
        string exceptions,
        string address,
        bool allowed
    )
    {
        var policy = WebhookPolicy.Setting(exceptions, " ");

        policy.Allows(IPAddress.Parse(address), encrypted: true).Should().Be(allowed);
        policy.Timeout.Should().Be(Duration.FromSeconds(15));
    }

    [SqliteFact]
    public async Task A_service_on_copied_data_without_the_secret_issues_no_token_that_the_original_accepts()
    {
        var original = new TestService { More = [Secret] };
        await original.InitializeAsync();
        try
        {
            using var copied = new TemporaryFolder();
            foreach (var file in Directory.EnumerateFiles(original.DataFolder))
                File.Copy(file, copied.File(Path.GetFileName(file)));
            await using var copy = await Started.In(copied.Path);
            var token = await Token(copy.Client, original.AdminPassword);
            (await Me(copy.Client, token)).Should().Be(HttpStatusCode.OK, "to itself the copy is a service like any other");

            (await Me(original.Anonymous(), token)).Should().Be(HttpStatusCode.Unauthorized);
            var own = original.Admin.DefaultRequestHeaders.Authorization!.Parameter!;
            await original.Restart();
            (await Me(original.Anonymous(), own)).Should().Be(HttpStatusCode.OK, "with its secret it knows its tokens again");
        }
        finally
        {
            await original.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_key_that_once_lay_open_is_not_used_any_more_once_there_is_a_secret()
    {
        var service = new TestService();
        await service.InitializeAsync();
        try
        {
            var early = service.Admin.DefaultRequestHeaders.Authorization!.Parameter!;
            service.More = [Secret];
            await service.Restart();

            (await Me(service.Anonymous(), early))
                .Should()
                .Be(HttpStatusCode.Unauthorized, "who copied the open key could have made this token");
            (await Me(service.Anonymous(), await Token(service.Anonymous(), service.AdminPassword))).Should().Be(HttpStatusCode.OK);
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_data_folder_is_for_the_service_alone_with_every_file_in_it()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var parent = new TemporaryFolder();
        var folder = parent.File("data");
        Directory.CreateDirectory(
            folder,
            UnixFileMode.UserRead
                | UnixFileMode.UserWrite
                | UnixFileMode.UserExecute
                | UnixFileMode.GroupRead
                | UnixFileMode.OtherRead
                | UnixFileMode.OtherExecute
        );
        await File.WriteAllTextAsync(Path.Combine(folder, "audit-head.log"), "");
        File.SetUnixFileMode(
            Path.Combine(folder, "audit-head.log"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead
        );

        await using var started = await Started.In(folder);

        Others(folder).Should().Be(UnixFileMode.None);
        Directory
            .EnumerateFiles(folder)
            .Select(Path.GetFileName)
            .Should()
            .Contain(["diagnostics.db", "diagnostics.db-wal", "diagnostics.db-shm", "audit-head.log"]);
        foreach (var file in Directory.EnumerateFiles(folder))
            Others(file).Should().Be(UnixFileMode.None, file);
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static UnixFileMode Others(string path) =>
        File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    private static async Task<string> Token(HttpClient client, string password)
    {
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "password",
                ["username"] = "admin",
                ["password"] = password,
            }
        );
        return (await client.PostAsync("/api/v1/auth/token", form).Json())["access_token"]!.GetValue<string>();
    }

    private static async Task<HttpStatusCode> Me(HttpClient client, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/auth/me")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>A service with these settings, on SQLite in a folder.</summary>
    private sealed class Started(WebApplication app, TemporaryFolder? folder) : IAsyncDisposable
    {
        internal HttpClient Client { get; } = new() { BaseAddress = new Uri(app.Urls.First()) };

        internal static Task<Started> With(params string[] settings)
        {
            var folder = new TemporaryFolder();
            return Start(folder.Path, folder, settings);
        }

        internal static Task<Started> In(string folder, params string[] settings) => Start(folder, null, settings);

        private static async Task<Started> Start(string data, TemporaryFolder? folder, string[] settings)
        {
            var app = Service.Build([
                "--Urls=http://127.0.0.1:0",
                $"--Diagnostics:Data={data}",
                $"--Diagnostics:Bank={data}",
                "--Logging:LogLevel:Default=Error",
                .. settings,
            ]);
            await Startup.Prepare(app.Services, TextWriter.Null);
            await app.StartAsync();
            return new(app, folder);
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await app.StopAsync();
            await app.DisposeAsync();
            folder?.Dispose();
        }
    }
}
