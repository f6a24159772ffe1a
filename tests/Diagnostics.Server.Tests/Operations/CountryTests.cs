using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using NodaTime;
using Npgsql;

namespace Diagnostics.Server.Tests.Operations;

/// <summary>One process that serves several regions (docs/operations/country.md).</summary>
public sealed class CountryTests
{
    private const string V1 = "/api/v1";

    [PostgresFact]
    public async Task Two_regions_on_two_databases_share_an_address_and_nothing_else()
    {
        var (first, second) = (await PostgresDatabases.CreateMigrated(Now()), await PostgresDatabases.CreateMigrated(Now()));
        await using (var country = await RunningCountry.Start(OnPostgres("05", first), OnPostgres("77", second)))
        {
            await country.Ready("05");
            await country.Ready("77");
            using var admin = await country.Administrator("05");
            using var other = await country.Administrator("77");

            await admin.PostAsJsonAsync($"{V1}/sites", Site("ppd-1")).Json(201);

            (await Codes(admin)).Should().Equal("ppd-1");
            (await Codes(other)).Should().BeEmpty();
            using var astray = country.Client("77");
            astray.DefaultRequestHeaders.Authorization = admin.DefaultRequestHeaders.Authorization;
            (await astray.GetAsync($"{V1}/sites").ProblemCode(401)).Should().Be("not-signed-in");
        }
        await PostgresDatabases.Drop(first);
        await PostgresDatabases.Drop(second);
    }

    [Fact]
    public async Task A_host_of_no_region_gets_a_problem_and_a_probe_of_the_process_gets_an_answer()
    {
        await using var country = await RunningCountry.Start(OnSqlite("05"));
        using var stranger = country.Client("unknown");

        (await stranger.GetAsync($"{V1}/sites").ProblemCode(421)).Should().Be("unknown-region");
        (await stranger.GetAsync("/health/ready").ProblemCode(421)).Should().Be("unknown-region");
        (await stranger.GetAsync("/health/live").Json())["status"]!.GetValue<string>().Should().Be("ok");
    }

    [PostgresFact]
    public async Task A_region_whose_database_is_away_fails_alone_and_comes_back_by_itself()
    {
        var name = $"country_{Guid.NewGuid():N}";
        var existing = await PostgresDatabases.CreateMigrated(Now());
        var missing = new NpgsqlConnectionStringBuilder(existing) { Database = name }.ToString();
        await using (var country = await RunningCountry.Start(OnPostgres("05", missing), OnPostgres("77", existing)))
        {
            await country.Ready("77");
            using (var away = country.Client("05"))
            using (var answer = await away.GetAsync($"{V1}/sites"))
            {
                answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
                answer.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(5));
                var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
                problem["code"]!.GetValue<string>().Should().Be("region-unavailable");
                PublishedLanguageTests.IsRussian(problem["detail"]!.GetValue<string>()).Should().BeTrue();
            }

            await using (var server = new NpgsqlConnection(existing + ";Pooling=false"))
            {
                await server.OpenAsync();
                await using var create = new NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE template0", server);
                await create.ExecuteNonQueryAsync();
            }
            await using (var database = Database.OnPostgres(missing))
                await Migrator.Migrate(database, Now());

            await country.Ready("05");
            country.Errors.Should().Contain($"Регион 05 не запущен").And.Contain(name);
        }
        await PostgresDatabases.Drop(missing);
        await PostgresDatabases.Drop(existing);
    }

    /// <summary>By hand, for two regions: the setting at fault, and why.</summary>
    [Theory]
    [InlineData("--Regions:77:Hosts=a.example", "Regions:77:Hosts", "--Regions:05:Hosts=A.example")]
    [InlineData("--Regions:77:Hosts=", "Regions:77:Hosts", "--Regions:05:Hosts=a.example")]
    [InlineData("--Regions:77:Hosts=b.example:5080", "Regions:77:Hosts", "--Regions:05:Hosts=a.example")]
    [InlineData("--Regions:7/7:Hosts=b.example", "Regions:7/7", "--Regions:05:Hosts=a.example")]
    [InlineData(
        "--Regions:77:Hosts=b.example",
        "Regions:77:Diagnostics:Data",
        "--Regions:05:Hosts=a.example",
        "--Regions:05:Diagnostics:Data=data/77"
    )]
    [InlineData("--Regions:77:Hosts=b.example", "Regions:77:Urls", "--Regions:05:Hosts=a.example", "--Regions:77:Urls=http://localhost")]
    [InlineData(
        "--Regions:77:Hosts=b.example",
        "Regions:77:Database:ConnectionString",
        "--Regions:05:Hosts=a.example",
        "--Regions:05:Database:ConnectionString=Host=a",
        "--Regions:77:Database:ConnectionString=Host=a"
    )]
    public void Regions_that_contradict_each_other_are_refused_by_name(string setting, string blamed, params string[] others) =>
        FluentActions
            .Invoking(() => Hosting.Region.Read(Settings([setting, .. others])))
            .Should()
            .Throw<SettingException>()
            .WithMessage($"Настройка {blamed}: *");

    [Fact]
    public void A_region_differs_from_the_process_in_its_own_settings_only()
    {
        var regions = Hosting.Region.Read(
            Settings([
                "--Diagnostics:Data=/srv",
                "--Diagnostics:Contact=8 800",
                "--Database:ConnectionString=Host=everybodys",
                "--Regions:77:Hosts=moscow.example; москва.рф",
                "--Regions:77:Database:Provider=postgres",
                "--Regions:77:Database:ConnectionString=Host=db77;Database=diagnostics",
                "--Regions:05:Hosts=dagestan.example",
                "--Regions:05:Diagnostics:Contact=8 8722",
            ])
        );

        regions.Select(region => region.Name).Should().Equal("05", "77");
        regions[0].Hosts.Should().Equal("dagestan.example");
        regions[0]
            .Settings.Should()
            .BeEquivalentTo(
                "--Diagnostics:Region=05",
                "--Diagnostics:Data=/srv/05",
                "--Diagnostics:Contact=8 8722",
                "--Database:ConnectionString="
            );
        regions[1].Hosts.Should().Equal("moscow.example", "xn--80adxhks.xn--p1ai");
        regions[1]
            .Settings.Should()
            .BeEquivalentTo(
                "--Diagnostics:Region=77",
                "--Diagnostics:Data=/srv/77",
                "--Database:Provider=postgres",
                "--Database:ConnectionString=Host=db77;Database=diagnostics"
            );
    }

    [PostgresFact]
    public async Task Verbs_work_on_every_region_or_on_the_one_that_they_name()
    {
        using var folder = new TemporaryFolder();
        var (first, second) = (await PostgresDatabases.Create(), await PostgresDatabases.Create());
        string[] settings =
        [
            $"--Diagnostics:Data={folder.Path}",
            .. OnPostgres("05", first).Settings,
            .. OnPostgres("77", second).Settings,
            .. OnSqlite("91").Settings,
        ];

        var undecided = await ServerProcess.RunVerb(["migrate", .. settings]);
        var one = await ServerProcess.RunVerb(["migrate", "--region", "05", .. settings]);
        var lacking = await ServerProcess.RunVerb(["migrate", "--check", "--all", .. settings]);
        var all = await ServerProcess.RunVerb(["migrate", "--all", .. settings]);
        var account = await ServerProcess.RunVerb(["add-account", "inspector", "--role", "auditor", "--all", .. settings]);
        var again = await ServerProcess.RunVerb(["add-account", "inspector", "--role", "auditor", "--region", "77", .. settings]);
        var verify = await ServerProcess.RunVerb(["verify", "--all", .. settings]);
        var backup = await ServerProcess.RunVerb(["backup", folder.File("copy.db"), "--region", "91", .. settings]);
        var everybody = await ServerProcess.RunVerb(["backup", folder.File("all.db"), "--all", .. settings]);
        var unknown = await ServerProcess.RunVerb(["verify", "--region", "99", .. settings]);

        undecided.Code.Should().Be(2);
        undecided.Output.Should().Contain("--region имя или --all; есть 05, 77, 91");
        (one.Code, one.Output.Contains("Регион 77")).Should().Be((0, false), one.Output);
        (lacking.Code, lacking.Output.Split("Не применено: 0001_initial.sql").Length - 1).Should().Be((2, 1), lacking.Output);
        lacking.Output.Should().Contain("91/diagnostics.db нет", "a check does not create a file");
        all.Code.Should().Be(0, all.Output);
        account.Code.Should().Be(0, account.Output);
        account.Output.Split("показывается один раз").Should().HaveCount(4, "each region has its own account and password");
        again.Code.Should().Be(1);
        again.Output.Should().Contain("уже есть");
        (verify.Code, verify.Output.Split("Нарушений нет.").Length - 1).Should().Be((0, 3), verify.Output);
        (backup.Code, File.Exists(folder.File("copy.db"))).Should().Be((0, true), backup.Output);
        (everybody.Code, File.Exists(folder.File("all-91.db"))).Should().Be((2, true), "a server has its own tools");
        unknown.Code.Should().Be(2);
        await using (var database = Database.OnPostgres(second))
            (await database.Read(db => db.Query<string>("SELECT action FROM audit_entries"))).Should().Equal("account.made");
        await PostgresDatabases.Drop(first);
        await PostgresDatabases.Drop(second);
    }

    [Fact]
    public async Task Health_is_asked_of_each_region()
    {
        await using var country = await RunningCountry.Start(OnSqlite("05"), Away("77"));
        await country.Ready("05");
        string[] settings = [$"--Diagnostics:Data={country.Folder}", .. OnSqlite("05").Settings, .. Away("77").Settings];

        var usual = await ServerProcess.RunVerb(["health", country.Url, .. settings]);
        var every = await ServerProcess.RunVerb(["health", country.Url, "--all", .. settings]);
        var ready = await ServerProcess.RunVerb(["health", country.Url, "--region", "05", .. settings]);
        var away = await ServerProcess.RunVerb(["health", country.Url, "--region", "77", .. settings]);

        usual.Output.Should().Contain("05 200").And.Contain("77 503");
        (usual.Code, every.Code, ready.Code, away.Code).Should().Be((0, 1, 0, 1), "one region must not restart the others");
    }

    [Fact]
    public async Task Measurements_name_the_region()
    {
        using var folder = new TemporaryFolder();
        var regions = new List<object?>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "diagnostics.commit.batch_size")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<int>(
            (_, _, tags, _) =>
            {
                foreach (var tag in tags)
                    if (tag.Key == "region")
                        lock (regions)
                            regions.Add(tag.Value);
            }
        );
        listener.Start();

        await using (
            var database = Databases.Open(Settings([$"--Diagnostics:Data={folder.Path}", $"--{Hosting.Region.NameSetting}=only-here"]))
        )
            await Migrator.Migrate(database, Now());

        lock (regions)
            regions.Should().NotBeEmpty().And.AllBeEquivalentTo("only-here");
    }

    private static Instant Now() => SystemClock.Instance.GetCurrentInstant();

    private static object Site(string code) =>
        new
        {
            code,
            name = "Лицей № 3",
            address = "ул. Ленина, 12",
            territory = "05",
            timeZone = "Europe/Moscow",
            seats = 30,
        };

    private static async Task<IEnumerable<string>> Codes(HttpClient client) =>
        (await client.GetAsync($"{V1}/sites").Json())["items"]!.AsArray().Select(site => site!["code"]!.GetValue<string>());

    private static IConfiguration Settings(string[] settings) => new ConfigurationBuilder().AddCommandLine(settings).Build();

    private static (string Name, string[] Settings) OnSqlite(string region) => (region, [$"--Regions:{region}:Hosts={HostOf(region)}"]);

    private static (string Name, string[] Settings) OnPostgres(string region, string connection) =>
        (
            region,
            [
                $"--Regions:{region}:Hosts={HostOf(region)}",
                $"--Regions:{region}:Database:Provider=postgres",
                $"--Regions:{region}:Database:ConnectionString={connection}",
            ]
        );

    /// <summary>Nothing listens there.</summary>
    private static (string Name, string[] Settings) Away(string region) => OnPostgres(region, "Host=127.0.0.1;Port=1;Database=none");

    private static string HostOf(string region) => $"region-{region}.example";

    private sealed class RunningCountry : IAsyncDisposable
    {
        private readonly TemporaryFolder folder = new();
        private readonly StringWriter output = new();
        private readonly StringWriter errors = new();
        private readonly CancellationTokenSource over = new();
        private WebApplication front = null!;
        private Task running = null!;

        internal string Url => front.Urls.Single();

        internal string Folder => folder.Path;

        internal string Errors => errors.ToString();

        internal static async Task<RunningCountry> Start(params (string Name, string[] Settings)[] regions)
        {
            var country = new RunningCountry();
            string[] args =
            [
                "--Urls=http://127.0.0.1:0",
                $"--Diagnostics:Data={country.folder.Path}",
                $"--Diagnostics:Bank={Repository.Bank}",
                "--Logging:LogLevel:Default=Error",
                .. regions.SelectMany(region => region.Settings),
            ];
            (country.front, var services) = Country.Build(
                args,
                Hosting.Region.Read(Settings(args)),
                TextWriter.Synchronized(country.output),
                TextWriter.Synchronized(country.errors)
            );
            var started = country.front.Lifetime.ApplicationStarted;
            country.running = Country.Run(country.front, services, country.over.Token);
            await Wait.Until("the country listens", () => started.IsCancellationRequested);
            return country;
        }

        internal Task Ready(string region) =>
            Wait.Until(
                $"region {region} is ready",
                async () =>
                {
                    using var client = Client(region);
                    using var answer = await client.GetAsync("/health/ready");
                    return answer.IsSuccessStatusCode;
                }
            );

        /// <summary>Redirects and addresses stay on loopback; only the header names the region.</summary>
        internal HttpClient Client(string region)
        {
            var client = new HttpClient { BaseAddress = new Uri(Url) };
            client.DefaultRequestHeaders.Host = HostOf(region);
            return client;
        }

        internal async Task<HttpClient> Administrator(string region)
        {
            var line = output
                .ToString()
                .Split('\n')
                .Single(line => line.StartsWith($"Регион {region}. Администратор", StringComparison.Ordinal));
            var first = line.Trim()[(line.Trim().LastIndexOf(' ') + 1)..];
            var client = Client(region);
            client.DefaultRequestHeaders.Authorization = await Token(client, first);
            await client
                .PostAsJsonAsync($"{V1}/auth/password", new { currentPassword = first, newPassword = TestService.Chosen(first) })
                .Json(204);
            client.DefaultRequestHeaders.Authorization = await Token(client, TestService.Chosen(first));
            return client;
        }

        public async ValueTask DisposeAsync()
        {
            await over.CancelAsync();
            await running;
            await front.DisposeAsync();
            over.Dispose();
            folder.Dispose();
        }

        private static async Task<AuthenticationHeaderValue> Token(HttpClient client, string password)
        {
            using var form = new FormUrlEncodedContent([
                new("grant_type", "password"),
                new("username", "admin"),
                new("password", password),
            ]);
            return new("Bearer", (await client.PostAsync($"{V1}/auth/token", form).Json())["access_token"]!.GetValue<string>());
        }
    }
}
