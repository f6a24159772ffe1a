using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Diagnostics.Storage.Sessions.Saving;
using Diagnostics.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using NodaTime;
using Npgsql;
using SQLitePCL;

namespace Diagnostics.Storage.Tests.Sessions;

/// <summary>
/// The statements that the database runs for a save, as the database itself reports them. The save path is the hot
/// path: a developer who adds a statement, an event or an audit entry to it makes an exam slower for everybody, and
/// these tests fail.
/// </summary>
public abstract partial class SaveStatementsTests(Provider provider) : IAsyncLifetime
{
    private const int Saves = 20;

    private TestDatabase test = null!;
    private Database node = null!;

    public async Task InitializeAsync()
    {
        test = await Scene.Make(provider);
        node = await Observed(test);
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        await test.DisposeAsync();
    }

    /// <summary>The statements in order, each identified by its beginning.</summary>
    protected abstract IReadOnlyList<string> OfOneSave { get; }

    protected abstract IReadOnlyList<string> OfABatch { get; }

    [ContractFact]
    public async Task A_save_runs_no_more_statements_than_before()
    {
        var session = await Warm();
        var others = await RowsOfOthers();

        var ran = await Ran(async () => (await Save(session, 1, 1)).Should().BeOfType<SaveOutcome.Saved>().Which.Revision.Should().Be(2));

        ran.Should().Equal(OfOneSave);
        (await RowsOfOthers()).Should().Be(others, "a save writes its answer and nothing else");
    }

    [ContractFact]
    public async Task A_batch_of_saves_runs_no_more_statements_than_before()
    {
        var session = await Warm();
        var others = await RowsOfOthers();

        var ran = await RanTogether(session, () => Enumerable.Range(2, Saves).Select(slot => Save(session, slot, 0)).ToList());

        ran.Should().Equal(OfABatch);
        (await RowsOfOthers()).Should().Be(others, "a save writes its answer and nothing else");
    }

    /// <summary>Opens the database as another process would, and records the statements that it then runs.</summary>
    private protected abstract Task<Database> Observed(TestDatabase test);

    /// <summary>The statements that this node runs during an action.</summary>
    private protected abstract Task<IReadOnlyList<string>> Ran(Func<Task> act);

    /// <summary>The statements for saves that were all waiting when the writer became free.</summary>
    private protected abstract Task<IReadOnlyList<string>> RanTogether(Guid session, Func<List<Task<SaveOutcome>>> saves);

    /// <summary>A session on a node that has done the extra work of its first saves.</summary>
    private async Task<Guid> Warm()
    {
        var session = await Scene.AddSession(test, 1, TestDatabase.Now + Duration.FromHours(3));
        (await Save(session, 1, 0)).Should().BeOfType<SaveOutcome.Saved>().Which.Revision.Should().Be(1);
        return session;
    }

    private Task<SaveOutcome> Save(Guid session, int slot, int baseRevision) =>
        ResponseSaves.Save(node, new(session, slot, baseRevision, "{}", false, TestDatabase.Now));

    private Task<long> RowsOfOthers() =>
        test.Value<long>(
            """
            SELECT (SELECT COUNT(*) FROM session_events) + (SELECT COUNT(*) FROM session_rejected_responses) + (SELECT COUNT(*) FROM audit_entries)
            """
        );

    public sealed class OnSqlite() : SaveStatementsTests(Provider.Sqlite)
    {
        private const string Begin = "BEGIN IMMEDIATE";
        private const string Insert = "INSERT OR IGNORE INTO session_responses";
        private const string Commit = "COMMIT";

        private readonly List<string> told = [];

        protected override IReadOnlyList<string> OfOneSave => [Begin, Insert, Commit];

        // One transaction, and one prepared statement per save.
        protected override IReadOnlyList<string> OfABatch => [Begin, .. Enumerable.Repeat(Insert, Saves), Commit];

        /// <remarks>
        /// The node's writer gets the connection that was last returned to the pool, and SQLite keeps reporting its
        /// statements.
        /// </remarks>
        private protected override Task<Database> Observed(TestDatabase test)
        {
            using var connection = test.Connect();
            raw.sqlite3_trace(
                connection.Handle,
                (_, statement) =>
                {
                    lock (told)
                        told.Add(Start(statement, Begin, Insert, Commit));
                },
                null
            );
            return Task.FromResult(test.Open());
        }

        private protected override async Task<IReadOnlyList<string>> Ran(Func<Task> act)
        {
            lock (told)
                told.Clear();
            await act();
            lock (told)
                return [.. told];
        }

        private protected override async Task<IReadOnlyList<string>> RanTogether(Guid session, Func<List<Task<SaveOutcome>>> saves)
        {
            using var free = new ManualResetEventSlim();
            var busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var before = node.Write(_ =>
            {
                busy.SetResult();
                free.Wait();
                return Task.FromResult(0);
            });
            await busy.Task;
            lock (told)
                told.Clear();
            var waiting = saves();
            free.Set();
            await before;
            await Task.WhenAll(waiting);
            // The work that kept the writer busy ends first.
            lock (told)
                return [.. told.SkipWhile(statement => statement != Commit).Skip(1)];
        }
    }

    [NeedsPostgres]
    public sealed partial class OnPostgres() : SaveStatementsTests(Provider.Postgres)
    {
        private const string Hold = "SELECT id, deadline FROM sessions";
        private const string Insert = "INSERT INTO session_responses";

        private string source = "";

        // One message, which is a transaction by itself.
        protected override IReadOnlyList<string> OfOneSave => [Hold, Insert];

        // All saves are one statement.
        protected override IReadOnlyList<string> OfABatch => [Hold, Insert];

        private protected override Task<Database> Observed(TestDatabase test)
        {
            source = test.Source;
            return Task.FromResult(
                Database.OnPostgres(new NpgsqlConnectionStringBuilder(test.Source) { Options = "-c log_statement=all" }.ToString())
            );
        }

        private protected override async Task<IReadOnlyList<string>> Ran(Func<Task> act)
        {
            var from = await Ask<long>("SELECT size FROM pg_stat_file(current_setting('data_directory') || '/../server.log')");
            await act();
            var log = await Ask<byte[]>(
                $"SELECT pg_read_binary_file(current_setting('data_directory') || '/../server.log', {from}, 10000000)"
            );
            return Logged().Matches(Encoding.UTF8.GetString(log)).Select(match => Start(match.Groups["sql"].Value, Hold, Insert)).ToList();
        }

        /// <remarks>
        /// Each of the two writers gets a save that waits for its session; then one of them is released.
        /// </remarks>
        private protected override async Task<IReadOnlyList<string>> RanTogether(Guid session, Func<List<Task<SaveOutcome>>> saves)
        {
            var first = await Scene.AddSession(test, 2, TestDatabase.Now + Duration.FromHours(3));
            var second = await Scene.AddSession(test, 3, TestDatabase.Now + Duration.FromHours(3));
            await using var freesFirst = await Held(first);
            await using var freesSecond = await Held(second);
            var busy = Save(first, 1, 0);
            await Waiting(1);
            var busyToTheEnd = Save(second, 1, 0);
            await Waiting(2);

            var ran = await Ran(async () =>
            {
                var waiting = saves();
                await freesFirst.DisposeAsync();
                await busy;
                await Task.WhenAll(waiting);
            });

            await freesSecond.DisposeAsync();
            await busyToTheEnd;
            // The released save was waiting in its first statement; its second one comes first.
            ran.Should().StartWith(Insert);
            return [.. ran.Skip(1)];
        }

        private async Task<NpgsqlConnection> Held(Guid session)
        {
            var connection = new NpgsqlConnection($"{source};Pooling=false");
            await connection.OpenAsync();
            await using var hold = new NpgsqlCommand($"BEGIN; SELECT id FROM sessions WHERE id = '{session}' FOR UPDATE", connection);
            await hold.ExecuteNonQueryAsync();
            return connection;
        }

        private async Task Waiting(int writers)
        {
            const string Waits = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
            for (var watch = Stopwatch.StartNew(); await Ask<long>(Waits) < writers; await Task.Delay(20))
                if (watch.Elapsed > TimeSpan.FromMinutes(2))
                    throw new TimeoutException($"{writers} writers should wait for a session that is held.");
        }

        private async Task<T> Ask<T>(string sql)
        {
            await using var connection = new NpgsqlConnection($"{source};Pooling=false");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            return (T)(await command.ExecuteScalarAsync())!;
        }

        [GeneratedRegex(@"LOG:  (?:statement|execute [^:]+): (?<sql>.*)")]
        private static partial Regex Logged();
    }

    /// <summary>Returns the known beginning of a statement; the whole statement when none matches.</summary>
    private static string Start(string statement, params string[] known) =>
        known.FirstOrDefault(each => statement.TrimStart().StartsWith(each, StringComparison.Ordinal)) ?? statement;
}
