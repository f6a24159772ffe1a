using Diagnostics.Engine.Sessions;
using Diagnostics.Storage.Sessions;
using Diagnostics.Storage.Sessions.Saving;
using NodaTime;

namespace Diagnostics.Storage.Tests.Sessions;

public abstract class ResponseStoreTests(Provider provider) : IAsyncLifetime
{
    public sealed class OnSqlite() : ResponseStoreTests(Provider.Sqlite);

    [NeedsPostgres]
    public sealed class OnPostgres() : ResponseStoreTests(Provider.Postgres);

    [NeedsSqlServer]
    public sealed class OnSqlServer() : ResponseStoreTests(Provider.SqlServer);

    private static readonly Instant Deadline = TestDatabase.Now + Duration.FromMinutes(10);

    private TestDatabase test = null!;
    private Guid session;

    public async Task InitializeAsync()
    {
        test = await Scene.Make(provider);
        session = await Scene.AddSession(test, 1, Deadline);
    }

    public async Task DisposeAsync() => await test.DisposeAsync();

    /// <summary>G4 of docs/promises.md: saves are accepted until deadline + grace, here 30 seconds.</summary>
    [ContractFact]
    public async Task A_save_at_the_last_moment_of_grace_is_taken_and_a_microsecond_later_is_late_but_kept()
    {
        var last = Deadline + Duration.FromSeconds(30);

        (await Save("in time", 0, last)).Should().BeOfType<SaveOutcome.Saved>().Which.Revision.Should().Be(1);
        (await Save("too late", 1, last + Duration.FromNanoseconds(1000)))
            .Should()
            .Be(new SaveOutcome.NotTaking(SessionState.InProgress, Late: true));

        var kept = (await test.Database.Read(db => ResponseStore.Rejected(db, session))).Single();
        (kept.Content, kept.Reason, kept.BaseRevision).Should().Be(("too late", "late", 1));
    }

    [ContractFact]
    public async Task A_blank_replaces_an_answer_only_when_it_was_cleared()
    {
        await Save("answer", 0, TestDatabase.Now);

        (await Save(null, 1, TestDatabase.Now)).Should().Be(new SaveOutcome.BlankRefused(1));
        (await Save(null, 1, TestDatabase.Now, cleared: true)).Should().BeOfType<SaveOutcome.Saved>().Which.Revision.Should().Be(2);
        (await Save(null, 2, TestDatabase.Now))
            .Should()
            .BeOfType<SaveOutcome.Saved>()
            .Which.Revision.Should()
            .Be(3, "a blank after a blank replaces nothing");
        (await test.Database.Read(db => ResponseStore.Latest(db, session))).Single().Content.Should().BeNull();
    }

    [ContractFact]
    public async Task A_save_for_a_session_that_does_not_exist_leaves_nothing()
    {
        var outcome = await ResponseSaves.Save(test.Database, new(Guid.CreateVersion7(), 1, 0, "{}", false, TestDatabase.Now));

        outcome.Should().Be(new SaveOutcome.NoSession());
        (await test.Value<int>("SELECT COUNT(*) FROM session_rejected_responses WHERE reason <> 'stale'")).Should().Be(0);
    }

    [ContractFact]
    public async Task Of_the_saves_of_a_slot_that_are_refused_only_so_many_are_kept()
    {
        await Save("answer", 0, TestDatabase.Now);

        for (var count = 0; count < ResponseSaves.MostKept; count++)
            (await Save($"stale {count}", 0, TestDatabase.Now)).Should().BeOfType<SaveOutcome.Stale>();
        (await Save("one more", 0, TestDatabase.Now))
            .Should()
            .Be(new SaveOutcome.NotKept(new SaveOutcome.Stale(1, "answer", TestDatabase.Now)));

        (await test.Database.Read(db => ResponseStore.Rejected(db, session))).Should().HaveCount(ResponseSaves.MostKept);
        (await Save("next", 1, TestDatabase.Now))
            .Should()
            .BeOfType<SaveOutcome.Saved>("what is taken is not counted")
            .Which.Revision.Should()
            .Be(2);
        (await Save("other slot", 7, TestDatabase.Now, slot: 2)).Should().BeOfType<SaveOutcome.Stale>("each slot has its own");
    }

    [ContractFact]
    public async Task Nothing_is_kept_for_a_session_that_nobody_has_begun()
    {
        await test.Execute(
            "UPDATE sessions SET state = 'open', started_at = NULL, deadline = NULL, accept_until = NULL WHERE id = @session",
            new { session }
        );

        (await Save("early", 0, TestDatabase.Now)).Should().Be(new SaveOutcome.NotBegun(SessionState.Open));

        (await test.Database.Read(db => ResponseStore.Rejected(db, session))).Should().BeEmpty();
    }

    /// <summary>A sitting of four hours, usually the longest that a time limit and extra time together allow.</summary>
    [ContractFact]
    public async Task A_revision_a_second_is_taken_for_a_whole_sitting()
    {
        const int Seconds = 4 * 60 * 60;
        session = await Scene.AddSession(test, 2, TestDatabase.Now + Duration.FromHours(5));

        var taken = await test.Database.Write(async db =>
        {
            var second = 0;
            while (second < Seconds && await ResponseSaves.Save(db, At(second)) is SaveOutcome.Saved saved && saved.Revision == second + 1)
                second++;
            return second;
        });

        taken.Should().Be(Seconds);

        ResponseToSave At(int second) => new(session, 1, second, "answer", false, TestDatabase.Now + Duration.FromSeconds(second));
    }

    private Task<SaveOutcome> Save(string? content, int baseRevision, Instant at, bool cleared = false, int slot = 1) =>
        ResponseSaves.Save(test.Database, new(session, slot, baseRevision, content, cleared, at));
}
