using Diagnostics.Engine;
using Diagnostics.Storage.Sqlite;
using Diagnostics.TestKit;
using Microsoft.Data.Sqlite;

namespace Diagnostics.Storage.Tests.Sqlite;

public sealed class GroupCommitTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly string connectionString;
    private readonly GroupCommit writer;
    private int pageLimit = int.MaxValue;
    private bool unopenable;

    public GroupCommitTests()
    {
        SqliteConnections.Initialise();
        connectionString = SqliteConnections.ConnectionString(folder.File("notes.db"));
        using (var connection = Open())
        {
            using var schema = connection.CreateCommand();
            // A violation of a deferred foreign key is reported only at commit.
            schema.CommandText = """
                CREATE TABLE owners (name TEXT NOT NULL PRIMARY KEY);
                CREATE TABLE notes (text TEXT NOT NULL UNIQUE, owner TEXT REFERENCES owners (name) DEFERRABLE INITIALLY DEFERRED, body BLOB);
                """;
            schema.ExecuteNonQuery();
        }
        writer = new GroupCommit(Open);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await writer.DisposeAsync();
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
        folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_unit_that_throws_leaves_nothing_while_its_neighbours_stay(bool isolated)
    {
        var (before, bug, after) = await InOneBatch(
            () => Note("before", isolated),
            () => writer.Enqueue<int>(_ => throw new InvalidOperationException("a bug"), isolated),
            () => Note("after", isolated)
        );

        await before;
        await after;
        (await bug.Awaiting(task => task).Should().ThrowAsync<InvalidOperationException>()).WithMessage("a bug");
        Notes().Should().Equal("after", "before");
    }

    [Fact]
    public async Task What_a_unit_wrote_before_it_threw_is_undone_while_its_neighbours_stay()
    {
        var (before, bug, after) = await InOneBatch(
            () => Note("before"),
            () =>
                writer.Enqueue<int>(
                    async db =>
                    {
                        await Insert(db, "half");
                        throw new InvalidOperationException("a bug");
                    },
                    isolated: true
                ),
            () => Note("after")
        );

        await before;
        await after;
        await bug.Awaiting(task => task).Should().ThrowAsync<InvalidOperationException>();
        Notes().Should().Equal("after", "before");
    }

    [Fact]
    public async Task What_a_unit_wrote_before_it_was_refused_is_undone_while_its_neighbours_stay()
    {
        var (before, refused, after) = await InOneBatch(
            () => Note("before"),
            () =>
                writer.Enqueue<Result<int>>(
                    async db =>
                    {
                        await Insert(db, "half");
                        return Refusal.Conflict("no", "Нет.");
                    },
                    isolated: true
                ),
            () => Note("after")
        );

        await before;
        await after;
        (await refused).Refusal!.Code.Should().Be("no");
        Notes().Should().Equal("after", "before");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_statement_that_breaks_a_rule_of_the_schema_leaves_none_of_its_rows_while_its_neighbours_stay(bool isolated)
    {
        var (before, bad, after) = await InOneBatch(
            () => Note("before", isolated),
            () => writer.Enqueue(db => db.Execute("INSERT INTO notes (text) VALUES ('one'), ('two'), ('before')"), isolated),
            () => Note("after", isolated)
        );

        await before;
        await after;
        (await bad.Awaiting(task => task).Should().ThrowAsync<SqliteException>())
            .Which.SqliteErrorCode.Should()
            .Be(SQLitePCL.raw.SQLITE_CONSTRAINT);
        Notes().Should().Equal("after", "before");
    }

    [Fact]
    public async Task A_statement_that_was_written_and_then_failed_takes_its_whole_batch_back_because_it_has_no_savepoint()
    {
        var (before, bug, after) = await InOneBatch(
            () => Note("before", isolated: false),
            () =>
                writer.Enqueue<int>(
                    async db =>
                    {
                        await Insert(db, "half");
                        throw new InvalidOperationException("a bug");
                    },
                    isolated: false
                ),
            () => Note("after", isolated: false)
        );

        foreach (var unit in new[] { before, bug, after })
            (await unit.Awaiting(task => task).Should().ThrowAsync<InvalidOperationException>())
                .WithInnerException<InvalidOperationException>()
                .WithMessage("a bug");
        await Note("next");
        Notes().Should().Equal("next");
    }

    [Fact]
    public async Task Nothing_is_answered_or_seen_before_it_is_committed()
    {
        using var running = new ManualResetEventSlim();
        using var gate = new ManualResetEventSlim();
        var (early, late, _) = await InOneBatch(
            () => Note("early"),
            () =>
                writer.Enqueue(
                    _ =>
                    {
                        running.Set();
                        gate.Wait();
                        return Task.FromResult(0);
                    },
                    isolated: true
                ),
            () => Note("last")
        );

        running.Wait();
        early.IsCompleted.Should().BeFalse();
        Notes().Should().BeEmpty();
        gate.Set();
        await early;
        Notes().Should().Equal("early", "last");
        await late;
    }

    [Fact]
    public async Task Another_connection_sees_every_acknowledged_row_at_once()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(place =>
                    Task.Run(async () =>
                    {
                        for (var turn = 0; turn < 25; turn++)
                        {
                            var text = $"{place}-{turn}";
                            await Note(text, isolated: turn % 2 == 0);
                            Notes().Should().Contain(text);
                        }
                    })
                )
        );

        Notes().Should().HaveCount(200);
    }

    [Fact]
    public async Task A_batch_whose_commit_fails_fails_every_unit_and_the_next_batch_works()
    {
        var (before, orphan, after) = await InOneBatch(
            () => Note("before"),
            () => writer.Enqueue(db => db.Execute("INSERT INTO notes (text, owner) VALUES ('orphan', 'nobody')"), isolated: true),
            () => Note("after", isolated: false)
        );

        foreach (var unit in new[] { before, orphan, after })
            (await unit.Awaiting(task => task).Should().ThrowAsync<SqliteException>()).WithMessage("*FOREIGN KEY constraint failed*");
        Notes().Should().BeEmpty();
        await Note("next");
        Notes().Should().Equal("next");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_full_disk_fails_the_batch_and_says_so_and_room_lets_the_next_one_pass(bool isolated)
    {
        // The limit takes effect on the writer's connection, which the first unit of work opens.
        pageLimit = 20;

        var (before, large, after) = await InOneBatch(
            () => Note("before", isolated),
            () => writer.Enqueue(db => db.Execute("INSERT INTO notes (text, body) VALUES ('large', zeroblob(1000000))"), isolated),
            () => Note("after", isolated)
        );

        foreach (var unit in new[] { before, large, after })
            (await unit.Awaiting(task => task).Should().ThrowAsync<DatabaseUnavailableException>()).WithMessage(
                "*notes.db*на диске нет места*"
            );
        Notes().Should().BeEmpty();
        await Note("next", isolated);
        Notes().Should().Equal("next");
    }

    /// <summary>
    /// A unit of work runs on the writer's thread. If it waited for another write, it would wait for its own thread.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_follows_a_failed_batch_never_runs_on_the_writers_thread(bool isolated)
    {
        using var gate = new ManualResetEventSlim();
        await Block(gate);
        var followed = writer
            .Enqueue(db => db.Execute("INSERT INTO notes (text, owner) VALUES ('orphan', 'nobody')"), isolated)
            .ContinueWith(
                failed => (failed.IsFaulted, Followed: Note("next").Wait(TimeSpan.FromSeconds(30))),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        gate.Set();

        (await followed).Should().Be((true, true));
        Notes().Should().Equal("next");
    }

    [Fact]
    public async Task Units_fail_while_the_file_cannot_be_opened_and_work_as_soon_as_it_can()
    {
        unopenable = true;
        await FluentActions.Awaiting(() => Note("lost")).Should().ThrowAsync<DatabaseUnavailableException>();

        unopenable = false;
        await Note("next");

        Notes().Should().Equal("next");
    }

    [Fact]
    public async Task A_full_queue_refuses_at_once_and_everything_it_took_is_done()
    {
        using var gate = new ManualResetEventSlim();
        await Block(gate);
        var taken = new List<Task<int>>();
        var refused = false;
        while (!refused && taken.Count < 100_000)
        {
            try
            {
                taken.Add(writer.Enqueue(_ => Task.FromResult(1), isolated: false));
            }
            catch (DatabaseBusyException)
            {
                refused = true;
            }
        }

        refused.Should().BeTrue();
        writer.QueueLength.Should().Be(taken.Count).And.BeGreaterThan(1000);
        gate.Set();
        (await Task.WhenAll(taken)).Sum().Should().Be(taken.Count);
        await Note("next");
    }

    [Fact]
    public async Task Disposal_waits_for_queued_work_and_takes_no_more()
    {
        using var gate = new ManualResetEventSlim();
        await Block(gate);
        var queued = Enumerable.Range(0, 100).Select(number => Note($"{number}")).ToList();

        var disposal = writer.DisposeAsync().AsTask();
        disposal.IsCompleted.Should().BeFalse();
        FluentActions
            .Invoking(() =>
            {
                _ = Note("late");
            })
            .Should()
            .Throw<DatabaseBusyException>();
        gate.Set();
        await disposal;

        Notes().Should().HaveCount(100);
        (await Task.WhenAll(queued)).Sum().Should().Be(100);
    }

    private SqliteConnection Open()
    {
        if (unopenable)
            throw new DatabaseUnavailableException("Нет.");
        var connection = SqliteConnections.Open(connectionString);
        using var pragma = connection.CreateCommand();
        pragma.CommandText = $"PRAGMA max_page_count = {pageLimit}";
        pragma.ExecuteNonQuery();
        return connection;
    }

    private Task<int> Note(string text, bool isolated = true) => writer.Enqueue(db => Insert(db, text), isolated);

    private static Task<int> Insert(Db db, string text) => db.Execute("INSERT INTO notes (text) VALUES (@text)", new { text });

    /// <summary>The rows that a separate reading connection sees.</summary>
    private List<string> Notes()
    {
        using var connection = SqliteConnections.Open(connectionString);
        using var query = connection.CreateCommand();
        query.CommandText = "SELECT text FROM notes ORDER BY text";
        using var reader = query.ExecuteReader();
        var notes = new List<string>();
        while (reader.Read())
            notes.Add(reader.GetString(0));
        return notes;
    }

    /// <summary>The three units gather while the writer is busy, and so form one batch.</summary>
    private async Task<(Task<TOne>, Task<TTwo>, Task<TThree>)> InOneBatch<TOne, TTwo, TThree>(
        Func<Task<TOne>> one,
        Func<Task<TTwo>> two,
        Func<Task<TThree>> three
    )
    {
        using var gate = new ManualResetEventSlim();
        var busy = await Block(gate);
        var units = (one(), two(), three());
        gate.Set();
        await busy;
        return units;
    }

    /// <summary>Keeps the writer busy until the gate opens; the outer task ends when the writer is busy.</summary>
    private async Task<Task> Block(ManualResetEventSlim gate)
    {
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var unit = writer.Enqueue(
            _ =>
            {
                running.SetResult();
                gate.Wait();
                return Task.FromResult(0);
            },
            isolated: false
        );
        await running.Task;
        return unit;
    }
}
