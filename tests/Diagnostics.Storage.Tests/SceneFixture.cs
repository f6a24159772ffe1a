using Diagnostics.TestKit;

namespace Diagnostics.Storage.Tests;

/// <summary>One database for tests that leave nothing behind in it.</summary>
public abstract class SceneFixture(Provider provider) : IAsyncLifetime
{
    public sealed class OnSqlite() : SceneFixture(Provider.Sqlite);

    public sealed class OnPostgres() : SceneFixture(Provider.Postgres);

    internal TestDatabase Test { get; private set; } = null!;

    // A fixture is made for skipped tests too.
    private bool Possible => provider is Provider.Sqlite || PostgresServer.Missing is null;

    public async Task InitializeAsync()
    {
        if (Possible) Test = await Scene.Make(provider);
    }

    public async Task DisposeAsync()
    {
        if (Possible) await Test.DisposeAsync();
    }
}
