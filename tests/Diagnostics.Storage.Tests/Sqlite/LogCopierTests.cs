using Diagnostics.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Diagnostics.Storage.Tests.Sqlite;

public sealed class LogCopierTests : IAsyncLifetime
{
    private const int EnoughPages = 100;
    private const int Commits = 2000;

    private TestDatabase test = null!;

    public async Task InitializeAsync() => test = await TestDatabase.Empty(Provider.Sqlite);

    public async Task DisposeAsync() => await test.DisposeAsync();

    [Fact]
    public void The_log_starts_anew_while_commits_go_on_and_the_file_holds_what_was_copied()
    {
        using var writer = test.Connect();
        Execute(writer, "CREATE TABLE copied (number INTEGER PRIMARY KEY, text TEXT NOT NULL)");
        using (var log = new LogCopier(test.Connect, EnoughPages))
        {
            for (var number = 1; number <= Commits; number++)
            {
                Execute(writer, $"INSERT INTO copied VALUES ({number}, '{new string('x', 3000)}')");
                log.AfterCommit(writer);
            }
        }

        // A commit writes at least two pages. Without copying, the log would contain the pages of all commits.
        new FileInfo(test.Source + "-wal")
            .Length.Should()
            .BeLessThan(Commits * 2 * 4096 / 2);
        Count(writer).Should().Be(Commits);
        CopiedAlone().Should().BeGreaterThan(0).And.BeLessThanOrEqualTo(Commits);
    }

    /// <summary>The number of rows in the database file without its log.</summary>
    private long CopiedAlone()
    {
        var alone = test.Source + ".alone";
        File.Copy(test.Source, alone);
        using var connection = SqliteConnections.Open(SqliteConnections.ConnectionString(alone));
        return Count(connection);
    }

    private static long Count(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM copied";
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
