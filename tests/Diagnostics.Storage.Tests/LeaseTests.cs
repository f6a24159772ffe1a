using Diagnostics.Storage.Marking;
using NodaTime;

namespace Diagnostics.Storage.Tests;

/// <summary>The moves of a claim, on scripts and on benchmarks, are understood by every engine.</summary>
public abstract class LeaseTests(SceneFixture scene)
{
    public sealed class OnSqlite(SceneFixture.OnSqlite scene) : LeaseTests(scene), IClassFixture<SceneFixture.OnSqlite>;

    [NeedsPostgres]
    public sealed class OnPostgres(SceneFixture.OnPostgres scene) : LeaseTests(scene), IClassFixture<SceneFixture.OnPostgres>;

    [NeedsSqlServer]
    public sealed class OnSqlServer(SceneFixture.OnSqlServer scene) : LeaseTests(scene), IClassFixture<SceneFixture.OnSqlServer>;

    [ContractFact]
    public async Task Every_move_of_an_unknown_claim_changes_nothing()
    {
        var (id, now) = (Guid.CreateVersion7(), Instant.FromUtc(2026, 9, 14, 6, 0));
        foreach (var leases in new[] { LeaseStore.Scripts, LeaseStore.Benchmarks })
        {
            var moved = await scene.Test.Database.Write(
                async db =>
                    (bool[])
                        [
                            await leases.Renew(db, id, now, now),
                            await leases.SaveDraft(db, id, "{}", true, null, now),
                            await leases.SaveDraft(db, id, "{}", false, 3, now),
                            await leases.Hold(db, id, "{}", true, true, null, now),
                            await leases.Hold(db, id, "{}", false, false, 3, now),
                            await leases.TakeBack(db, id, now),
                            await leases.Return(db, id, "Нет времени", now),
                            await leases.SetMarked(db, id, now),
                        ],
                Isolation.Guarded
            );
            moved.Should().NotContain(true);
            (await scene.Test.Database.Read(db => leases.Held(db, id, now))).Should().BeEmpty();
            (await scene.Test.Database.Read(db => leases.HeldUntil(db, now + Duration.FromMinutes(1), now, 10))).Should().BeEmpty();
        }
    }
}
