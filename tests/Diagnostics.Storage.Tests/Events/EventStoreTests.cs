using Diagnostics.Engine;
using Diagnostics.Engine.Events;
using Diagnostics.Storage.Events;
using NodaTime;

namespace Diagnostics.Storage.Tests.Events;

/// <summary>Every change that is stored has its event, and every event has its change.</summary>
public abstract class EventStoreTests(Provider provider) : IAsyncLifetime
{
    public sealed class OnSqlite() : EventStoreTests(Provider.Sqlite);

    [NeedsPostgres]
    public sealed class OnPostgres() : EventStoreTests(Provider.Postgres);

    [NeedsSqlServer]
    public sealed class OnSqlServer() : EventStoreTests(Provider.SqlServer);

    private static readonly Instant Now = TestDatabase.Now;

    private TestDatabase test = null!;

    public async Task InitializeAsync() => test = await Scene.Make(provider);

    public async Task DisposeAsync() => await test.DisposeAsync();

    [ContractFact]
    public async Task Of_every_kind_the_event_is_stored_with_all_that_it_is_about()
    {
        var about = new EventSubject
        {
            CampaignId = Guid.CreateVersion7(),
            ParticipantId = Guid.CreateVersion7(),
            ApplicationId = Guid.CreateVersion7(),
            SessionId = Guid.CreateVersion7(),
            AppealId = Guid.CreateVersion7(),
            ProfileId = Guid.CreateVersion7(),
            ConsentKind = "profile_sharing",
            Version = 3,
            Territory = "82-701",
        };

        foreach (var kind in Enum.GetValues<EventKind>())
            await test.Database.Write(db => Append(db, kind, about));

        var stored = await Stored();
        stored.Select(row => Codes.Parse<EventKind>(row.Kind)).Should().BeEquivalentTo(Enum.GetValues<EventKind>());
        stored.Should().OnlyContain(row => row.At == Now && row.About == about);
        stored
            .Select(row => row.Id)
            .Should()
            .OnlyHaveUniqueItems()
            .And.OnlyContain(id => id.Version == 7 && MillisecondOf(id) == Now.ToUnixTimeMilliseconds());
    }

    [ContractTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_event_is_there_exactly_when_its_transaction_committed(bool guarded)
    {
        var isolation = guarded ? Isolation.Guarded : Isolation.Serial;
        var (done, failed) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        await test.Database.Write(
            async db =>
            {
                await db.Execute("UPDATE sites SET seats = 7");
                return await Append(db, EventKind.SessionFinished, new() { SessionId = done, ParticipantId = done });
            },
            isolation
        );
        var failing = () =>
            test.Database.Write<int>(
                async db =>
                {
                    await db.Execute("UPDATE sites SET seats = 8");
                    await Append(db, EventKind.SessionFinished, new() { SessionId = failed, ParticipantId = failed });
                    throw new InvalidOperationException("after its event");
                },
                isolation
            );

        await failing.Should().ThrowAsync<InvalidOperationException>();
        (await Stored()).Select(row => row.SessionId).Should().Equal(done);
        (await test.Query<int>("SELECT DISTINCT seats FROM sites")).Should().Equal(7);
    }

    [ContractFact]
    public async Task A_refused_work_leaves_no_event()
    {
        var result = await test.Database.Write<Result<int>>(async db =>
        {
            await Append(db, EventKind.ConsentGiven, new() { ParticipantId = Guid.CreateVersion7() });
            return Refusal.Conflict("refused", "Нет.");
        });

        result.Refused(out _, out _).Should().BeTrue();
        (await Stored()).Should().BeEmpty();
    }

    /// <summary>
    /// When one writer changes what a second writer has read, the second one runs again; each of them leaves exactly
    /// one event.
    /// </summary>
    [ContractFact]
    public async Task Work_that_has_to_run_again_leaves_one_event()
    {
        const int writers = 6;
        var runs = 0;
        var before = await test.Value<int>("SELECT seats FROM sites WHERE id = '#s'");

        await Task.WhenAll(
            Enumerable
                .Range(1, writers)
                .Select(writer =>
                    test.Database.Write(async db =>
                    {
                        Interlocked.Increment(ref runs);
                        var seats = await db.Value<int>(Words.In("SELECT seats FROM sites WHERE id = '#s'", provider));
                        await db.Execute(Words.In("UPDATE sites SET seats = @seats WHERE id = '#s'", provider), new { seats = seats + 1 });
                        return await Append(db, EventKind.ProfileIssued, new() { CampaignId = Guid.CreateVersion7(), Version = writer });
                    })
                )
        );

        (await Stored()).Select(row => row.Version).Should().BeEquivalentTo(Enumerable.Range(1, writers), $"{runs} runs");
        (await test.Value<int>("SELECT seats FROM sites WHERE id = '#s'")).Should().Be(before + writers);
    }

    private static async Task<int> Append(Db db, EventKind kind, EventSubject about)
    {
        await EventStore.Append(db, Now, kind, about);
        return 1;
    }

    /// <summary>The first 48 bits of a UUIDv7 (RFC 9562, section 5.7).</summary>
    private static long MillisecondOf(Guid id) => Convert.ToInt64(id.ToString("N")[..12], 16);

    /// <summary>Stored events, except for those of the scene.</summary>
    private Task<IReadOnlyList<StoredEvent>> Stored() =>
        test.Query<StoredEvent>(
            """
            SELECT id, kind, at, campaign_id, participant_id, application_id, session_id, appeal_id, profile_id, consent_kind, version, territory
            FROM events WHERE id <> '#happened'
            """
        );

    private sealed record StoredEvent
    {
        public Guid Id { get; init; }
        public string Kind { get; init; } = "";
        public Instant At { get; init; }
        public Guid? CampaignId { get; init; }
        public Guid? ParticipantId { get; init; }
        public Guid? ApplicationId { get; init; }
        public Guid? SessionId { get; init; }
        public Guid? AppealId { get; init; }
        public Guid? ProfileId { get; init; }
        public string? ConsentKind { get; init; }
        public int? Version { get; init; }
        public string? Territory { get; init; }

        internal EventSubject About =>
            new()
            {
                CampaignId = CampaignId,
                ParticipantId = ParticipantId,
                ApplicationId = ApplicationId,
                SessionId = SessionId,
                AppealId = AppealId,
                ProfileId = ProfileId,
                ConsentKind = ConsentKind,
                Version = Version,
                Territory = Territory,
            };
    }
}
