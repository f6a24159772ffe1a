using System.Globalization;
using Diagnostics.Storage.Sqlite;
using Diagnostics.Storage.Sqlite.LogGathering;
using Microsoft.Data.Sqlite;

namespace Diagnostics.Storage.Tests.Sqlite;

public sealed class LogGathererTests : IAsyncLifetime
{
    // This file shows how often the current thread has written.
    private const string Calls = "/proc/thread-self/io";

    // So many rows take several times the size of the gathering buffer, and more than a connection's cache.
    private const int Rows = 4000;

    private TestDatabase test = null!;

    public async Task InitializeAsync() => test = await TestDatabase.Empty(Provider.Sqlite);

    public async Task DisposeAsync() => await test.DisposeAsync();

    [Fact]
    public void What_is_committed_is_in_the_log_before_the_commit_returns()
    {
        using var writer = Writer();
        using var other = test.Connect();
        Insert(writer, "small", rows: 1);
        Count(other, "small").Should().Be(1);
        Insert(writer, "large", Rows);
        Count(other, "large").Should().Be(Rows);

        // The files are copied as they are, as kill -9 would leave them, and another connection reads the log.
        foreach (var end in (string[])["", "-wal"])
            File.Copy(test.Source + end, test.Source + ".killed" + end);
        using var killed = SqliteConnections.Open(SqliteConnections.ConnectionString(test.Source + ".killed"));
        Count(killed, "small").Should().Be(1);
        Count(killed, "large").Should().Be(Rows);
        Scalar(killed, "PRAGMA integrity_check").Should().Be("ok");
    }

    [Fact]
    public void What_is_undone_leaves_nothing_that_reaches_the_log_after_anothers_commit()
    {
        using var writer = Writer();
        using var other = test.Connect();
        Execute(writer, "BEGIN IMMEDIATE");
        Insert(writer, "undone", Rows);
        Execute(writer, "ROLLBACK");
        Insert(other, "theirs", Rows);
        Insert(writer, "ours", Rows);

        Count(other, "undone").Should().Be(0);
        Count(other, "theirs").Should().Be(Rows);
        Count(other, "ours").Should().Be(Rows);
        Scalar(other, "PRAGMA integrity_check").Should().Be("ok");
    }

    [CallsFact]
    public void Many_pages_are_written_in_few_calls()
    {
        using var writer = Writer();
        Insert(writer, "large", Rows);
        Execute(writer, "BEGIN IMMEDIATE");
        Execute(writer, "UPDATE large SET text = text || '!'");
        var before = Written();
        Execute(writer, "COMMIT");

        // A row fills most of a page, and without gathering SQLite writes each page in two calls, so it makes more
        // calls than there are rows.
        (Written() - before)
            .Should()
            .BeGreaterThan(0)
            .And.BeLessThan(Rows / 10);
    }

    [CallsFact]
    public async Task The_writer_of_a_database_gathers_unless_it_is_turned_off()
    {
        using (var connection = test.Connect())
            Execute(connection, "CREATE TABLE large (number INTEGER PRIMARY KEY, text TEXT NOT NULL)");

        // The case without gathering comes first, because a pooled connection keeps the setting that was made for its
        // last use.
        (await CallsOfACommit(gatherLog: false))
            .Should()
            .BeGreaterThan(Rows);
        (await CallsOfACommit(gatherLog: true)).Should().BeLessThan(Rows / 10);
    }

    /// <summary>
    /// Counts the write calls of the writer's thread from the start of a unit of work, and not only during its commit,
    /// because a full cache writes pages before the commit.
    /// </summary>
    private async Task<long> CallsOfACommit(bool gatherLog)
    {
        await using var writer = new GroupCommit(test.Connect, gatherLog);
        var before = await writer.Enqueue(
            async db =>
            {
                var calls = Written();
                await db.Execute($"INSERT INTO large (text) SELECT hex(zeroblob(1500)) FROM {Numbers(Rows)}", new { });
                return calls;
            },
            isolated: false
        );
        return await writer.Enqueue(_ => Task.FromResult(Written()), isolated: false) - before;
    }

    private static long Written() =>
        long.Parse(
            File.ReadLines(Calls).Single(line => line.StartsWith("syscw: ", StringComparison.Ordinal))["syscw: ".Length..],
            CultureInfo.InvariantCulture
        );

    private SqliteConnection Writer()
    {
        var writer = test.Connect();
        foreach (var table in (string[])["small", "large", "undone", "theirs", "ours"])
            Execute(writer, $"CREATE TABLE {table} (number INTEGER PRIMARY KEY, text TEXT NOT NULL)");
        Execute(writer, "BEGIN");
        Execute(writer, "SELECT COUNT(*) FROM small");
        LogGatherer.Attach(writer);
        Execute(writer, "COMMIT");
        return writer;
    }

    private static void Insert(SqliteConnection connection, string table, int rows) =>
        Execute(connection, $"INSERT INTO {table} (text) SELECT hex(zeroblob(1500)) FROM {Numbers(rows)}");

    private static string Numbers(int rows) =>
        $"(WITH RECURSIVE counted (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM counted WHERE number < {rows}) SELECT number FROM counted)";

    private static long Count(SqliteConnection connection, string table) => (long)Scalar(connection, $"SELECT COUNT(*) FROM {table}");

    private static object Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private sealed class CallsFactAttribute : FactAttribute
    {
        public CallsFactAttribute()
        {
            if (!File.Exists(Calls))
                Skip = "The calls of a thread are counted on Linux only.";
        }
    }
}
