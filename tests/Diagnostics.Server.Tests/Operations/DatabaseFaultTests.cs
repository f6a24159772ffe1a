using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Sessions;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Npgsql;

namespace Diagnostics.Server.Tests.Operations;

/// <summary>
/// When a database server cannot do its work, people and proxies are told in time to try again later, and nothing is
/// lost.
/// </summary>
public sealed class DatabaseFaultTests : IAsyncLifetime
{
    private TestService service = null!;
    private string connection = "";
    private SessionScene scene = null!;

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is not null)
            return;
        connection = new NpgsqlConnectionStringBuilder(await PostgresDatabases.CreateMigrated(TestService.Start))
        {
            Options = "-c lock_timeout=500ms",
        }.ToString();
        service = new TestService { Connection = connection };
        await service.InitializeAsync();
        scene = await SessionScene.At(service, desks: 1);
        (await Save(0)).Status.Should().Be(200);
    }

    public async Task DisposeAsync()
    {
        if (service is not null)
            await service.DisposeAsync();
    }

    [PostgresFact]
    public async Task A_locked_table_answers_503_in_time_and_the_same_save_goes_through_afterwards()
    {
        await using (var holder = new NpgsqlConnection(connection + ";Pooling=false"))
        {
            await holder.OpenAsync();
            await using var transaction = await holder.BeginTransactionAsync();
            await using (var hold = new NpgsqlCommand("LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE", holder))
                await hold.ExecuteNonQueryAsync();
            var watch = Stopwatch.StartNew();

            var refused = await Save(1);

            refused.Should().Be((503, "busy", 1));
            watch
                .Elapsed.Should()
                .BeLessThan(TimeSpan.FromSeconds(25), "the limit of the lock ended it, not the 30 seconds of a statement");
        }

        (await Save(1)).Status.Should().Be(200);
        (await Save(2)).Status.Should().Be(200, "revisions have no gap");
    }

    [PostgresFact]
    public async Task A_server_that_may_only_be_read_is_not_ready_and_everything_goes_on_when_it_may_be_written_again()
    {
        await Administer("ALTER DATABASE \"{0}\" SET default_transaction_read_only = on");

        var refused = await Until(503);
        refused.Should().Be((503, "database-unavailable", 5));
        (await service.Anonymous().GetAsync("/health/ready").ProblemCode(503)).Should().Be("not-ready");

        await Administer("ALTER DATABASE \"{0}\" SET default_transaction_read_only = off");

        (await Until(200)).Status.Should().Be(200);
        // The result of a readiness check is reused for one second, so the check may report the recovery late.
        await Wait.Until(
            "the service is ready again",
            async () => (await service.Anonymous().GetAsync("/health/ready")).IsSuccessStatusCode
        );
    }

    /// <summary>
    /// Saves again and again until the answer has the expected status, because the pool discovers the connections that
    /// the server has ended only one at a time.
    /// </summary>
    private Task<(int Status, string? Code, int? RetryAfter)> Until(int status) =>
        Wait.Until(
            $"a save is answered {status}",
            () => Save(1),
            answer =>
            {
                answer.Status.Should().BeOneOf(200, 503);
                return answer.Status == status;
            }
        );

    private async Task<(int Status, string? Code, int? RetryAfter)> Save(int baseRevision)
    {
        using var answer = await scene.Save(
            SessionScene.Text,
            SessionScene.Write(baseRevision, string.Create(CultureInfo.InvariantCulture, $"ответ {baseRevision}"))
        );
        return (
            (int)answer.StatusCode,
            JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]?.GetValue<string>(),
            (int?)answer.Headers.RetryAfter?.Delta?.TotalSeconds
        );
    }

    /// <summary>Runs a statement that ends all open connections.</summary>
    private async Task Administer(string sql)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection);
        var database = settings.Database!;
        settings.Database = "postgres";
        settings.Pooling = false;
        await using var administrator = new NpgsqlConnection(settings.ToString());
        await administrator.OpenAsync();
        foreach (
            var statement in (string[])
                [
                    string.Format(CultureInfo.InvariantCulture, sql, database),
                    $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'",
                ]
        )
        {
            await using var command = new NpgsqlCommand(statement, administrator);
            await command.ExecuteNonQueryAsync();
        }
    }
}
