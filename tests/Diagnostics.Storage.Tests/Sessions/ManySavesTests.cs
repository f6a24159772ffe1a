using System.Collections.Concurrent;
using Diagnostics.Storage.Sessions;
using Diagnostics.Storage.Sessions.Saving;
using NodaTime;

namespace Diagnostics.Storage.Tests.Sessions;

/// <summary>Fifty people at the same time, two hundred saves each.</summary>
public abstract class ManySavesTests(Provider provider) : IAsyncLifetime
{
    public sealed class OnSqlite() : ManySavesTests(Provider.Sqlite);

    [NeedsPostgres]
    public sealed class OnPostgres() : ManySavesTests(Provider.Postgres);

    [NeedsSqlServer]
    public sealed class OnSqlServer() : ManySavesTests(Provider.SqlServer);

    private const int Writers = 50;
    private const int SavesEach = 200;

    private TestDatabase test = null!;

    // On a database server there are two nodes, and a person's saves may go to either.
    private Database[] nodes = [];
    private int turn;

    public async Task InitializeAsync()
    {
        test = await Scene.Make(provider);
        nodes = provider is Provider.Sqlite ? [test.Database] : [test.Database, test.Open()];
    }

    public async Task DisposeAsync()
    {
        foreach (var node in nodes.Skip(1))
            await node.DisposeAsync();
        await test.DisposeAsync();
    }

    [ContractFact]
    public async Task Each_alone_on_a_slot_finds_every_acknowledged_save_under_its_own_revision()
    {
        var sessions = await Sessions(Writers / 5);
        var model = new ConcurrentDictionary<(Guid Session, int Slot, int Revision), string>();

        await Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(writer =>
                    Task.Run(async () =>
                    {
                        var (session, slot) = (sessions[writer % sessions.Count], 1 + writer / sessions.Count);
                        for (var turn = 0; turn < SavesEach; turn++)
                        {
                            var content = $"{writer}-{turn}";
                            var saved = await Save(session, slot, turn, content);
                            saved.Should().BeOfType<SaveOutcome.Saved>().Which.Revision.Should().Be(turn + 1);
                            model[(session, slot, turn + 1)] = content;
                        }
                    })
                )
        );

        model.Should().HaveCount(Writers * SavesEach);
        (await Stored(sessions)).Should().Equal(Sorted(model));
        foreach (var session in sessions)
            (await test.Database.Read(db => ResponseStore.Rejected(db, session))).Should().BeEmpty();
    }

    [ContractFact]
    public async Task Five_tabs_on_one_slot_lose_no_acknowledged_save_and_no_refused_one()
    {
        var sessions = await Sessions(Writers / 5);
        var acknowledged = new ConcurrentDictionary<(Guid Session, int Slot, int Revision), string>();
        var refused = new ConcurrentBag<(Guid Session, string Content)>();
        var notKept = new ConcurrentDictionary<Guid, int>();

        await Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(writer =>
                    Task.Run(async () =>
                    {
                        var session = sessions[writer % sessions.Count];
                        var known = 0;
                        for (var turn = 0; turn < SavesEach; turn++)
                        {
                            var content = $"{writer}-{turn}";
                            switch (await Save(session, 1, known, content))
                            {
                                case SaveOutcome.Saved saved:
                                    saved.Revision.Should().Be(known + 1);
                                    acknowledged
                                        .TryAdd((session, 1, saved.Revision), content)
                                        .Should()
                                        .BeTrue("no revision is given out twice");
                                    known = saved.Revision;
                                    break;
                                case SaveOutcome.Stale stale:
                                    stale.CurrentRevision.Should().BeGreaterThan(known);
                                    refused.Add((session, content));
                                    known = stale.CurrentRevision;
                                    break;
                                case SaveOutcome.NotKept { Why: SaveOutcome.Stale stale }:
                                    notKept.AddOrUpdate(session, 1, (_, count) => count + 1);
                                    known = stale.CurrentRevision;
                                    break;
                                case var other:
                                    throw new InvalidOperationException($"Nothing but these may happen: {other}");
                            }
                        }
                    })
                )
        );

        (acknowledged.Count + refused.Count + notKept.Values.Sum()).Should().Be(Writers * SavesEach);
        refused.Should().NotBeEmpty("tabs that race must sometimes lose");
        (await Stored(sessions)).Should().Equal(Sorted(acknowledged));
        foreach (var session in sessions)
        {
            (await test.Database.Read(db => ResponseStore.Rejected(db, session)))
                .Select(kept => kept.Content)
                .Order(StringComparer.Ordinal)
                .Should()
                .Equal(refused.Where(each => each.Session == session).Select(each => each.Content).Order(StringComparer.Ordinal));
            if (notKept.ContainsKey(session))
                refused
                    .Count(each => each.Session == session)
                    .Should()
                    .BeGreaterThanOrEqualTo(ResponseSaves.MostKept, "one that was not kept is told so, after many that were");
            acknowledged
                .Keys.Where(key => key.Session == session)
                .Select(key => key.Revision)
                .Order()
                .Should()
                .Equal(Enumerable.Range(1, acknowledged.Keys.Count(key => key.Session == session)));
        }
    }

    private Task<SaveOutcome> Save(Guid session, int slot, int baseRevision, string content) =>
        ResponseSaves.Save(
            nodes[(Interlocked.Increment(ref turn) & int.MaxValue) % nodes.Length],
            new(session, slot, baseRevision, content, false, TestDatabase.Now)
        );

    private async Task<List<Guid>> Sessions(int count)
    {
        var sessions = new List<Guid>();
        for (var seat = 1; seat <= count; seat++)
            sessions.Add(await Scene.AddSession(test, seat, TestDatabase.Now + Duration.FromHours(3)));
        return sessions;
    }

    private async Task<List<(Guid Session, int Slot, int Revision, string? Content)>> Stored(List<Guid> sessions)
    {
        var stored = new List<(Guid Session, int Slot, int Revision, string? Content)>();
        foreach (var session in sessions)
            stored.AddRange(
                (await test.Database.Read(db => ResponseStore.History(db, session))).Select(row =>
                    (session, row.Slot, row.Revision, row.Content)
                )
            );
        return [.. stored.Order()];
    }

    private static IEnumerable<(Guid Session, int Slot, int Revision, string? Content)> Sorted(
        ConcurrentDictionary<(Guid Session, int Slot, int Revision), string> model
    ) => model.Select(save => (save.Key.Session, save.Key.Slot, save.Key.Revision, (string?)save.Value)).Order();
}
