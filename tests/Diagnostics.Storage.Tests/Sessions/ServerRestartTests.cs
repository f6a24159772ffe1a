using System.Collections.Concurrent;
using Diagnostics.Storage.Sessions;
using Diagnostics.Storage.Sessions.Saving;
using Diagnostics.TestKit;
using NodaTime;

namespace Diagnostics.Storage.Tests.Sessions;

/// <summary>The database server goes down in the middle of an exam and comes back, ten times.</summary>
[NeedsPostgres]
public sealed class ServerRestartTests : IAsyncLifetime
{
    private const int Restarts = 10;
    private const int People = 20;

    private PostgresServer server = null!;
    private Database database = null!;

    public async Task InitializeAsync()
    {
        server = await PostgresServer.Start();
        database = Database.OnPostgres(server.ConnectionString("postgres"));
        await Migrator.Migrate(database, TestDatabase.Now);
        await database.Write(db => db.Execute(Words.In(Scene.Rows, Provider.Postgres)));
    }

    public async Task DisposeAsync()
    {
        await database.DisposeAsync();
        server.Dispose();
    }

    [ContractFact]
    public async Task Saves_go_on_by_themselves_nothing_acknowledged_is_lost_and_who_is_refused_may_come_again()
    {
        var sessions = new List<Guid>();
        for (var seat = 1; seat <= People; seat++)
            sessions.Add(await Scene.AddSession(database, seat, TestDatabase.Now + Duration.FromHours(3)));
        var acknowledged = new ConcurrentDictionary<Guid, int>();
        var refused = 0;
        using var over = new CancellationTokenSource();

        var people = sessions
            .Select(session =>
                Task.Run(async () =>
                {
                    for (var revision = 0; !over.IsCancellationRequested; )
                    {
                        try
                        {
                            // After a refusal, send the same save again: it may have been committed before its answer
                            // was lost.
                            (await ResponseSaves.Save(database, new(session, 1, revision, $"{revision}", false, TestDatabase.Now)))
                                .Should()
                                .BeOfType<SaveOutcome.Saved>()
                                .Which.Revision.Should()
                                .Be(revision + 1);
                            acknowledged[session] = ++revision;
                        }
                        catch (Exception fault) when (fault is DatabaseUnavailableException or DatabaseBusyException)
                        {
                            Interlocked.Increment(ref refused);
                            await Task.Delay(50);
                        }
                    }
                })
            )
            .ToList();
        for (var restart = 0; restart < Restarts; restart++)
        {
            var before = acknowledged.Values.Sum();
            server.Restart();
            await Wait.Until(
                "saves have gone on by themselves and everybody is well under way again",
                () => acknowledged.Values.Sum() >= before + 10 * People
            );
        }
        await over.CancelAsync();
        await Task.WhenAll(people);

        refused.Should().BePositive("a server that is down takes nothing");
        foreach (var session in sessions)
        {
            var saved = await database.Read(db => ResponseStore.History(db, session));
            saved
                .Select(row => (row.Revision, row.Content))
                .Should()
                .Equal(Enumerable.Range(0, acknowledged[session]).Select(revision => (revision + 1, (string?)$"{revision}")));
        }
    }
}
