using Diagnostics.Engine.Events;
using Diagnostics.Storage.Events;
using Diagnostics.Storage.Feed;
using NodaTime;

namespace Diagnostics.Storage.Tests.Feed;

/// <summary>
/// A reader that uses positions receives everything that is committed, in an order that never changes.
/// </summary>
public abstract class FeedStoreTests(Provider provider) : IAsyncLifetime
{
    public sealed class OnSqlite() : FeedStoreTests(Provider.Sqlite);

    [NeedsPostgres]
    public sealed class OnPostgres() : FeedStoreTests(Provider.Postgres)
    {
        /// <summary>
        /// Shows why positions are assigned after the commit. A row takes its number when it is written. Of two
        /// transactions the one with the smaller number may commit later, and a reader that has passed that number
        /// never returns to it.
        /// </summary>
        [ContractFact]
        public async Task A_reader_that_goes_by_the_number_of_the_writing_loses_what_commits_late_and_one_by_positions_does_not()
        {
            var (slowWrote, slowMayCommit) = (new TaskCompletionSource(), new TaskCompletionSource());
            var (slow, quick) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            var committing = test.Database.Write(
                async db =>
                {
                    await Tell(db, slow);
                    slowWrote.SetResult();
                    await slowMayCommit.Task;
                    return 0;
                },
                Isolation.Guarded
            );
            await slowWrote.Task;
            await test.Database.Write(db => Tell(db, quick), Isolation.Guarded);

            var byNumber = await ReadByNumber(after: 0);
            await Place(test.Database);
            var byPosition = await Read(test.Database, after: 1);
            slowMayCommit.SetResult();
            await committing;
            byNumber.AddRange(await ReadByNumber(byNumber[^1].Number));
            await Place(test.Database);
            byPosition.AddRange(await Read(test.Database, byPosition[^1].Position));

            byNumber.Select(row => row.SessionId).Should().Equal([quick], "the slow one is lost for good");
            byPosition.Select(row => row.SessionId).Should().Equal(quick, slow);
        }

        private async Task<List<Numbered>> ReadByNumber(long after) =>
            [
                .. await test.Query<Numbered>(
                    "SELECT number, session_id FROM events WHERE number > @after AND id <> '#happened' ORDER BY number",
                    new { after }
                ),
            ];

        private sealed record Numbered
        {
            public long Number { get; init; }
            public Guid SessionId { get; init; }
        }
    }

    [NeedsSqlServer]
    public sealed class OnSqlServer() : FeedStoreTests(Provider.SqlServer);

    private TestDatabase test = null!;

    public async Task InitializeAsync()
    {
        test = await Scene.Make(provider);
        await Place(test.Database);
    }

    public async Task DisposeAsync() => await test.DisposeAsync();

    /// <summary>
    /// Eight writers pause inside their transactions, two nodes assign positions, and one reader continues from the
    /// last position that it saw.
    /// </summary>
    [ContractTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_missed_while_eight_publishers_pause_inside_their_transactions(bool guarded)
    {
        const int publishers = 8;
        const int transactions = 25;
        var pauses = new Random(20_261_130);
        await using var other = test.Open();
        // A SQLite file has only one node. Two nodes that wrote to the same file would block each other in turns, and
        // on a slow machine the waits would exceed the time limit.
        Database[] nodes = provider is Provider.Sqlite ? [test.Database] : [test.Database, other];
        var publishing = Task.WhenAll(
            Enumerable
                .Range(0, publishers)
                .Select(publisher =>
                    Task.Run(async () =>
                    {
                        for (var number = 1; number <= transactions; number++)
                        {
                            var (version, pause) = (number, Pause());
                            await nodes[publisher % nodes.Length]
                                .Write(
                                    async db =>
                                    {
                                        await Tell(db, Words.Id($"publisher {publisher}"), 2 * version - 1);
                                        await Task.Delay(pause);
                                        return await Tell(db, Words.Id($"publisher {publisher}"), 2 * version);
                                    },
                                    guarded ? Isolation.Guarded : Isolation.Serial
                                );
                        }
                    })
                )
        );
        var placing = Task.Run(async () =>
        {
            for (var turn = 0; !publishing.IsCompleted; turn++)
                await Place(nodes[turn % nodes.Length]);
        });

        List<PlacedEvent> read = [];
        while (!publishing.IsCompleted)
            await Continue();
        await publishing;
        await placing;
        await Place(nodes[^1]);
        await Continue();

        read.Select(each => each.Position).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        read.GroupBy(each => each.SessionId)
            .Should()
            .HaveCount(publishers)
            .And.AllSatisfy(told => told.Select(each => each.Version!.Value).Should().Equal(Enumerable.Range(1, 2 * transactions)));

        async Task Continue()
        {
            var next = await Read(other, read.Count == 0 ? 1 : read[^1].Position);
            read.AddRange(next);
        }

        int Pause()
        {
            lock (pauses)
                return pauses.Next(4);
        }
    }

    [ContractFact]
    public async Task A_node_that_dies_between_a_commit_and_its_position_loses_nothing()
    {
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        // A node commits an event and then dies.
        await using (var dead = test.Open())
            await dead.Write(db => Tell(db, first));
        // Another node dies while it assigns positions.
        await using (var dying = test.Open())
        {
            var placing = () =>
                dying.Write<int>(
                    async db =>
                    {
                        (await EventStore.Place(db, 100)).Should().Be(1);
                        throw new InvalidOperationException("killed");
                    },
                    Isolation.Guarded
                );
            await placing.Should().ThrowAsync<InvalidOperationException>();
        }
        (await Read(test.Database, after: 1)).Should().BeEmpty();
        await test.Database.Write(db => Tell(db, second));

        await Place(test.Database);

        (await Read(test.Database, after: 1)).Select(each => (each.Position, each.SessionId)).Should().Equal((2, first), (3, second));
    }

    [ContractFact]
    public async Task An_event_keeps_its_position_and_everything_else()
    {
        await test.Database.Write(db => Tell(db, Guid.CreateVersion7()));
        var again = () => test.Execute("UPDATE events SET position = 9 WHERE id = '#happened'");
        var besides = () => test.Execute("UPDATE events SET position = 9, version = 77 WHERE position IS NULL");
        var removed = () => test.Execute("UPDATE events SET position = NULL WHERE id = '#happened'");

        foreach (var rewriting in new[] { again, besides, removed })
            (await rewriting.Should().ThrowAsync<Exception>()).Which.Message.Should().Contain("is append-only");
        (await Place(test.Database)).Should().Be(1);
    }

    [ContractFact]
    public async Task What_was_written_before_the_feed_is_read_in_the_order_it_was_written()
    {
        for (var number = 1; number <= 7; number++)
        {
            var version = number;
            await test.Database.Write(db => Tell(db, Words.Id("session"), version));
        }

        // Positions are assigned in small steps, as in a database with many events.
        while (await test.Database.Write(db => EventStore.Place(db, 3), Isolation.Guarded) > 0) { }

        (await Read(test.Database, after: 1)).Select(each => each.Version).Should().Equal(1, 2, 3, 4, 5, 6, 7);
        (await test.Database.Read(EventStore.LastPosition)).Should().Be(8);
        (await test.Database.Read(EventStore.HasUnplaced)).Should().BeFalse();
    }

    [ContractTheory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(1, 3)]
    [InlineData(5, 7)]
    [InlineData(6, 8)]
    public async Task The_place_before_a_moment_is_found_without_reading_what_is_before_it(int hours, long expected)
    {
        // Two events in the first hour, which also contains the scene's own events, and one event in each of the next
        // five hours.
        foreach (var hour in new[] { 0, 0, 1, 2, 3, 4, 5 })
            await test.Database.Write(async db =>
            {
                await EventStore.Append(
                    db,
                    TestDatabase.Now + Duration.FromHours(hour),
                    EventKind.SessionFinished,
                    new() { ParticipantId = Words.Id("vera") }
                );
                return 0;
            });
        await test.Database.Write(db => EventStore.Place(db, 1000), Isolation.Guarded);

        var place = await test.Database.Read(db => FeedStore.Before(db, TestDatabase.Now + Duration.FromHours(hours), end: 8));

        place.Should().Be(expected);
    }

    /// <summary>
    /// An event is read together with the data that decide who may receive it: the territory, the consent, whether the
    /// profile is published.
    /// </summary>
    [ContractFact]
    public async Task An_event_comes_with_what_holds_of_its_person_now()
    {
        await test.Execute(
            """
            INSERT INTO profiles (id, session_id, participant_id, campaign_id, version, status, cause, content, fingerprint, issued_at)
                VALUES ('#final', '#finished', '#vera', '#c', 2, 'final', 'published', '{}', 'x', 't')
            """
        );
        await test.Database.Write(async db =>
        {
            foreach (var profile in new[] { "profile", "final" })
                await EventStore.Append(
                    db,
                    TestDatabase.Now,
                    EventKind.ProfileIssued,
                    new()
                    {
                        CampaignId = Words.Id("c"),
                        ParticipantId = Words.Id("vera"),
                        ProfileId = Words.Id(profile),
                    }
                );
            return 0;
        });
        await Place(test.Database);

        var told = await Read(test.Database, after: 1);

        told.Select(each => each.Published).Should().Equal(false, true);
        var territory = (await test.Query<string>("SELECT territory FROM people WHERE participant_id = '#vera'")).SingleOrDefault();
        told.Should().OnlyContain(each => each.Territory == territory && !each.Shared && each.FrameworkCode != null);
    }

    private static async Task<int> Tell(Db db, Guid session, int? version = null)
    {
        await EventStore.Append(
            db,
            TestDatabase.Now,
            EventKind.SessionFinished,
            new()
            {
                SessionId = session,
                ParticipantId = session,
                Version = version,
            }
        );
        return 1;
    }

    private static Task<int> Place(Database database) => database.Write(db => EventStore.Place(db, 1000), Isolation.Guarded);

    private static async Task<List<PlacedEvent>> Read(Database database, long after) =>
        [.. await database.Read(db => FeedStore.After(db, after, 1000))];
}
