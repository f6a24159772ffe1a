using System.Diagnostics;
using System.Security.Cryptography;
using Diagnostics.Storage.Operations;
using Diagnostics.Storage.Sessions;
using Diagnostics.Storage.Sessions.Saving;
using Diagnostics.TestKit;
using NodaTime;
using Npgsql;

namespace Diagnostics.Storage.Tests;

/// <summary>A server that answers but cannot do what it is asked.</summary>
[NeedsPostgres]
public sealed class PostgresFaultTests : IAsyncLifetime
{
    private TestDatabase test = null!;

    public async Task InitializeAsync() => test = await Scene.Make(Provider.Postgres);

    public async Task DisposeAsync() => await test.DisposeAsync();

    /// <summary>The lock may belong to a schema change, or to a client that somebody left open over lunch.</summary>
    [ContractFact]
    public async Task Whoever_meets_a_table_that_another_holds_is_told_to_come_again_in_time_and_loses_nothing()
    {
        var session = await Scene.AddSession(test, 1, TestDatabase.Now + Duration.FromHours(3));
        await using var node = Database.OnPostgres(With("-c lock_timeout=300ms"));
        Task<SaveOutcome> Save(int revision) => ResponseSaves.Save(node, new(session, 1, revision, $"{revision}", false, TestDatabase.Now));
        (await Save(0)).Should().BeOfType<SaveOutcome.Saved>().Which.Revision.Should().Be(1);

        await using (var holder = await Connect())
        await using (var transaction = await holder.BeginTransactionAsync())
        {
            await using (var hold = new NpgsqlCommand("LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE", holder))
                await hold.ExecuteNonQueryAsync();
            var watch = Stopwatch.StartNew();

            await FluentActions.Awaiting(() => Save(1)).Should().ThrowAsync<DatabaseBusyException>();
            await FluentActions
                .Awaiting(() => node.Read(db => SessionStore.Find(db, session)))
                .Should()
                .ThrowAsync<DatabaseBusyException>();
            await FluentActions
                .Awaiting(() => node.Write(db => SessionStore.Hold(db, session)))
                .Should()
                .ThrowAsync<DatabaseBusyException>();

            watch
                .Elapsed.Should()
                .BeLessThan(TimeSpan.FromSeconds(25), "the limit of the lock ended all three, not the 30 seconds of a statement");
        }

        (await Save(1)).Should().BeOfType<SaveOutcome.Saved>().Which.Revision.Should().Be(2, "what was refused may come again");
        (await node.Read(db => ResponseStore.History(db, session))).Should().HaveCount(2);
    }

    [ContractFact]
    public async Task A_change_of_the_schema_gives_way_to_a_table_in_use()
    {
        await using var holder = await Connect();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var dump = new NpgsqlCommand("SELECT COUNT(*) FROM sites", holder))
            await dump.ExecuteScalarAsync();
        var watch = Stopwatch.StartNew();

        await FluentActions
            .Awaiting(() => test.Database.ChangeSchema(db => db.Execute("ALTER TABLE sites ADD COLUMN later integer")))
            .Should()
            .ThrowAsync<DatabaseBusyException>();

        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(25), "everybody else waits behind it");
        await transaction.RollbackAsync();
        await test.Database.ChangeSchema(db => db.Execute("ALTER TABLE sites ADD COLUMN later integer"));
    }

    /// <summary>Both units of work lock the same two tables, one after the other, in opposite order.</summary>
    [ContractFact]
    public async Task A_read_and_a_change_of_the_schema_that_want_each_others_tables_both_come_through()
    {
        using var held = new Barrier(2);
        async Task<int> Both(Db db, string first, string then)
        {
            await db.Execute(first);
            // Each unit of work waits for the other only in its first run.
            if (held.CurrentPhaseNumber == 0)
                await Task.Run(() => held.SignalAndWait(Wait.AtMost));
            return await db.Execute(then);
        }

        var read = Task.Run(() => test.Database.Read(db => Both(db, "SELECT id FROM sites LIMIT 1", "SELECT id FROM campaigns LIMIT 1")));
        var change = Task.Run(() =>
            test.Database.ChangeSchema(db =>
                Both(db, "ALTER TABLE campaigns ADD COLUMN later integer", "ALTER TABLE sites ADD COLUMN later integer")
            )
        );

        await FluentActions.Awaiting(() => Task.WhenAll(read, change)).Should().NotThrowAsync();
        (await test.Value<int>("SELECT COUNT(*) FROM pg_attribute WHERE attname = 'later' AND NOT attisdropped")).Should().Be(2);
    }

    /// <summary>The transactions are read-only here; a standby server refuses writes with the same error.</summary>
    [ContractFact]
    public async Task A_server_that_may_only_be_read_is_named_and_not_called_ready()
    {
        var session = await Scene.AddSession(test, 1, TestDatabase.Now + Duration.FromHours(3));
        await using var node = Database.OnPostgres(With("-c default_transaction_read_only=on"));

        foreach (
            var write in (Func<Task>[])
                [
                    () => ResponseSaves.Save(node, new(session, 1, 0, "a", false, TestDatabase.Now)),
                    () => node.Write(db => db.Execute("DELETE FROM sites")),
                    () => node.Write(Migrator.Ready),
                ]
        )
            await FluentActions
                .Awaiting(write)
                .Should()
                .ThrowAsync<DatabaseUnavailableException>()
                .WithMessage("*только для чтения: укажите ведущий сервер*");

        (await node.Read(db => SessionStore.Find(db, session))).Should().NotBeNull("it may be read");
    }

    [ContractFact]
    public async Task What_a_node_asks_of_every_connection_the_connection_string_may_ask_otherwise()
    {
        await using var other = Database.OnPostgres(With("-c lock_timeout=7s"));

        (await test.Database.Read(Asked)).Should().Be("on 10s 1min read committed");
        (await other.Read(Asked)).Should().Be("on 7s 1min read committed");

        static Task<string> Asked(Db db) =>
            db.Value<string>(
                "SELECT current_setting('synchronous_commit') || ' ' || current_setting('lock_timeout') || ' ' || "
                    + "current_setting('idle_in_transaction_session_timeout') || ' ' || "
                    + "current_setting('default_transaction_isolation')"
            );
    }

    [ContractFact]
    public async Task A_clock_is_compared_with_the_servers()
    {
        (await DatabaseClock.Difference(test.Database, () => SystemClock.Instance.GetCurrentInstant() + Duration.FromHours(1)))!
            .Value.TotalSeconds.Should()
            .BeInRange(3590, 3600);
        (await DatabaseClock.Difference(test.Database, () => SystemClock.Instance.GetCurrentInstant() - Duration.FromHours(1)))!
            .Value.TotalSeconds.Should()
            .BeInRange(-3600, -3590);
        (await DatabaseClock.Difference(test.Database, SystemClock.Instance.GetCurrentInstant))
            .Should()
            .Be(Duration.Zero, "it is the same clock");
        await using var sqlite = await TestDatabase.Empty(Provider.Sqlite);
        (await DatabaseClock.Difference(sqlite.Database, SystemClock.Instance.GetCurrentInstant)).Should().BeNull();
    }

    /// <summary>
    /// The server had already returned the row of the save, but an uncommitted save is not acknowledged
    /// (docs/promises.md, G1).
    /// </summary>
    [ContractFact]
    public async Task A_save_whose_commit_fails_is_not_acknowledged()
    {
        var session = await Scene.AddSession(test, 1, TestDatabase.Now + Duration.FromHours(3));
        await test.Execute(
            """
            CREATE FUNCTION fail_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'at commit'; END $$;
            CREATE CONSTRAINT TRIGGER fail_at_commit AFTER INSERT ON session_responses DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail_at_commit()
            """
        );

        await FluentActions
            .Awaiting(() => ResponseSaves.Save(test.Database, new(session, 1, 0, "a", false, TestDatabase.Now)))
            .Should()
            .ThrowAsync<PostgresException>()
            .WithMessage("*at commit*");

        (await test.Database.Read(db => ResponseStore.History(db, session))).Should().BeEmpty();
    }

    /// <summary>The table of answers is on a disk of two megabytes, which fills up and is then enlarged.</summary>
    [SmallDiskFact]
    public async Task A_full_disk_is_named_what_was_acknowledged_stays_and_saves_go_on_when_there_is_room()
    {
        using var disk = new SmallDisk(megabytes: 2);
        using var server = await PostgresServer.Start();
        await using var database = Database.OnPostgres(server.ConnectionString("postgres"));
        await Migrator.Migrate(database, TestDatabase.Now);
        await database.Write(db => db.Execute(Words.In(Scene.Rows, Provider.Postgres)));
        var session = await Scene.AddSession(database, 1, TestDatabase.Now + Duration.FromHours(3));
        await server.Administer($"CREATE TABLESPACE small LOCATION '{disk.Path}'");
        await server.Administer("ALTER TABLE session_responses SET TABLESPACE small");
        // Two kilobytes that do not compress.
        static string Text(int revision) =>
            string.Concat(
                Enumerable.Range(0, 16).Select(part => Convert.ToHexString(SHA512.HashData(BitConverter.GetBytes(revision * 16 + part))))
            );
        Task<SaveOutcome> Save(int revision) =>
            ResponseSaves.Save(database, new(session, 1, revision, Text(revision), false, TestDatabase.Now));

        var saved = 0;
        var refusal = await FluentActions
            .Awaiting(async () =>
            {
                while (saved < 5000)
                {
                    (await Save(saved)).Should().BeOfType<SaveOutcome.Saved>().Which.Revision.Should().Be(saved + 1);
                    saved++;
                }
            })
            .Should()
            .ThrowAsync<DatabaseUnavailableException>();

        refusal.WithMessage("*не может писать: на диске нет места*");
        saved.Should().BePositive();
        (await database.Read(db => ResponseStore.History(db, session)))
            .Select(row => row.Content)
            .Should()
            .Equal(Enumerable.Range(0, saved).Select(Text));
        disk.Grow(megabytes: 16);
        (await Save(saved)).Should().BeOfType<SaveOutcome.Saved>().Which.Revision.Should().Be(saved + 1);
    }

    private string With(string options) => new NpgsqlConnectionStringBuilder(test.Source) { Options = options }.ToString();

    private async Task<NpgsqlConnection> Connect()
    {
        var connection = new NpgsqlConnection(test.Source + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>A file system in memory to which the tests' server may write.</summary>
    private sealed class SmallDisk : IDisposable
    {
        private readonly TemporaryFolder folder = new();

        internal SmallDisk(int megabytes) =>
            Run($"mount -t tmpfs -o size={megabytes}m,mode=700,uid=$(id -u postgres) diagnostics-test '{Path}'").Should().Be(0);

        internal string Path => folder.Path;

        internal void Grow(int megabytes) => Run($"mount -o remount,size={megabytes}m '{Path}'").Should().Be(0);

        /// <summary>Why such a file system cannot be made; null when it can.</summary>
        internal static string? Missing()
        {
            if (PostgresServer.Missing is { } reason)
                return reason;
            if (!Environment.IsPrivilegedProcess)
                return "Only root may mount a small disk.";
            using var folder = new TemporaryFolder();
            return Run($"mount -t tmpfs -o size=1m diagnostics-test '{folder.Path}' && umount '{folder.Path}'") == 0
                ? null
                : "A small disk cannot be mounted here.";
        }

        // Unmount lazily, because the server that has files there may still be shutting down.
        public void Dispose()
        {
            Run($"umount -l '{Path}'");
            folder.Dispose();
        }

        private static int Run(string command)
        {
            using var shell = ChildProcess.Start(new ProcessStartInfo("sh", ["-c", command]));
            return shell.WaitForEnd();
        }
    }

    private sealed class SmallDiskFactAttribute : FactAttribute
    {
        private static readonly Lazy<string?> Missing = new(SmallDisk.Missing);

        public SmallDiskFactAttribute() => Skip = Missing.Value;
    }
}

public sealed class DatabaseClockTests
{
    private static readonly Instant Then = TestDatabase.Now;

    /// <summary>Our clock was read before and after the server's clock was read; all times are in seconds.</summary>
    [Theory]
    [InlineData(0, 5, 1, -4)]
    [InlineData(0, 1, 5, 0)]
    [InlineData(5, 1, 9, 4)]
    public void A_slow_answer_proves_nothing(int before, int theirs, int after, int ahead) =>
        DatabaseClock
            .Least(Then + Duration.FromSeconds(before), Then + Duration.FromSeconds(theirs), Then + Duration.FromSeconds(after))
            .Should()
            .Be(Duration.FromSeconds(ahead));
}
