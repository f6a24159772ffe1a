using System.Text.RegularExpressions;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.Server.Tests;

public sealed partial class WalkthroughTests
{
    [Fact]
    public Task The_walkthrough_goes_from_application_to_profile_on_an_empty_service() => Walk();

    [PostgresFact]
    public async Task The_walkthrough_goes_the_same_way_on_PostgreSQL()
    {
        var connection = await PostgresDatabases.CreateMigrated(SystemClock.Instance.GetCurrentInstant());
        await Walk(TestService.OnPostgres(connection));
        await PostgresDatabases.Drop(connection);
    }

    [SqlServerFact]
    public async Task The_walkthrough_goes_the_same_way_on_SQL_Server()
    {
        var connection = await SqlServerDatabases.CreateMigrated(SystemClock.Instance.GetCurrentInstant());
        await Walk("--Database:Provider=sqlserver", $"--Database:ConnectionString={connection}");
        await SqlServerDatabases.Drop(connection);
    }

    private static async Task Walk(params string[] settings)
    {
        using var folder = new TemporaryFolder();
        await using var app = Service.Build([
            "--Urls=http://127.0.0.1:0",
            $"--Diagnostics:Data={folder.Path}",
            $"--Diagnostics:Bank={Repository.Bank}",
            "--Logging:LogLevel:Default=Warning",
            .. settings,
        ]);
        var output = new StringWriter();
        await Startup.Prepare(app.Services, output);
        await app.StartAsync();
        var file = HttpFile.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "openapi", "walkthrough.http")));
        var ran = 0;

        await TestService.Choose(app.Urls.Single(), "admin", Password().Match(output.ToString()).Groups[1].Value);

        await file.Run(
            new Dictionary<string, string>
            {
                ["host"] = app.Urls.Single(),
                ["password"] = TestService.Chosen(Password().Match(output.ToString()).Groups[1].Value),
            },
            SystemClock.Instance,
            (_, _) => ran++
        );

        ran.Should().Be(file.Requests.Count).And.BeGreaterThan(160);
        await app.StopAsync();
    }

    [GeneratedRegex(@"пароль \(показывается один раз\): (\S+)")]
    private static partial Regex Password();
}

/// <summary>A test that needs a PostgreSQL server; without one it is shown as skipped, with the reason.</summary>
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.Missing;
}

/// <summary>A test about SQLite, skipped when the run's services use another database.</summary>
internal sealed class SqliteFactAttribute : FactAttribute
{
    public SqliteFactAttribute() => Skip = Elsewhere;

    internal static string? Elsewhere =>
        Environment.GetEnvironmentVariable(TestService.ProviderVariable) is { } other ? $"About SQLite; this run is on {other}." : null;
}

/// <inheritdoc cref="SqliteFactAttribute"/>
internal sealed class SqliteTheoryAttribute : TheoryAttribute
{
    public SqliteTheoryAttribute() => Skip = SqliteFactAttribute.Elsewhere;
}

/// <summary>A test that needs a SQL Server; without one it is shown as skipped, with the reason.</summary>
internal sealed class SqlServerFactAttribute : FactAttribute
{
    public SqlServerFactAttribute() => Skip = SqlServerDatabases.Missing;
}

/// <inheritdoc cref="PostgresFactAttribute"/>
internal sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = PostgresServer.Missing;
}
