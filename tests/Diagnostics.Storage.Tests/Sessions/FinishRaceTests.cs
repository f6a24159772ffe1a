using System.Collections.Concurrent;
using System.Text.Json;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage.Sessions;
using Diagnostics.Storage.Sessions.Saving;
using NodaTime;

namespace Diagnostics.Storage.Tests.Sessions;

public abstract class FinishRaceTests(Provider provider) : IAsyncLifetime
{
    public sealed class OnSqlite() : FinishRaceTests(Provider.Sqlite);

    [NeedsPostgres]
    public sealed class OnPostgres() : FinishRaceTests(Provider.Postgres);

    [NeedsSqlServer]
    public sealed class OnSqlServer() : FinishRaceTests(Provider.SqlServer);

    private TestDatabase test = null!;

    // On a server the finish and the saves go to different nodes.
    private Database finishing = null!;

    public async Task InitializeAsync()
    {
        test = await Scene.Make(provider);
        finishing = provider is Provider.Sqlite ? test.Database : test.Open();
    }

    public async Task DisposeAsync()
    {
        if (finishing != test.Database)
            await finishing.DisposeAsync();
        await test.DisposeAsync();
    }

    [ContractFact]
    public async Task A_finish_amid_saves_counts_exactly_what_was_acknowledged_before_it_and_what_came_after_is_kept()
    {
        var finishedBetween = 0;
        for (var round = 1; round <= 20; round++)
        {
            var session = await Scene.AddSession(test, round, TestDatabase.Now + Duration.FromHours(3));
            var (acknowledged, refused) = (new ConcurrentDictionary<int, int>(), new ConcurrentBag<string>());
            var midway = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            // The finish comes early in the first round, and late in the last round.
            var (count, finishAfter) = (0, round * 5);

            var tabs = Enumerable
                .Range(1, 6)
                .Select(slot =>
                    Task.Run(async () =>
                    {
                        for (var turn = 0; turn < 20; turn++)
                        {
                            var content = $"{slot}-{turn}";
                            switch (
                                await ResponseSaves.Save(
                                    test.Database,
                                    new(session, slot, acknowledged.GetValueOrDefault(slot), content, false, TestDatabase.Now)
                                )
                            )
                            {
                                case SaveOutcome.Saved saved:
                                    acknowledged[slot] = saved.Revision;
                                    break;
                                case SaveOutcome.NotTaking { State: SessionState.Finished, Late: false }:
                                    refused.Add(content);
                                    break;
                                case var other:
                                    throw new InvalidOperationException($"Nothing but these may happen: {other}");
                            }
                            if (Interlocked.Increment(ref count) == finishAfter)
                                midway.SetResult();
                        }
                    })
                )
                .ToList();
            await midway.Task;
            var finishes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Finish(session))));
            await Task.WhenAll(tabs);

            finishes.Count(done => done).Should().Be(1);
            var row = (await test.Database.Read(db => SessionStore.Find(db, session)))!;
            JsonSerializer.Deserialize<Dictionary<int, int>>(row.Manifest!).Should().BeEquivalentTo(acknowledged);
            (await test.Database.Read(db => ResponseStore.Rejected(db, session)))
                .Select(kept => kept.Content)
                .Should()
                .BeEquivalentTo(refused);
            if (!refused.IsEmpty)
                finishedBetween++;
        }

        finishedBetween.Should().BePositive("some finishes must have come before the last save");
    }

    private Task<bool> Finish(Guid session) =>
        finishing.Write(
            async db =>
            {
                var row = (await SessionStore.Hold(db, session))!;
                if (row.Clock.Finish(TestDatabase.Now, row.Grace).Refused(out _, out var finished))
                    return false;
                var latest = (await ResponseStore.Latest(db, session)).ToDictionary(answer => answer.Slot, answer => answer.Revision);
                return await SessionStore.Move(db, row, finished, JsonSerializer.Serialize(latest));
            },
            Isolation.Guarded
        );
}
