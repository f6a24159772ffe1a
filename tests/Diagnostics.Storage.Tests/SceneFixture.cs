using Diagnostics.TestKit;

namespace Diagnostics.Storage.Tests;

/// <summary>One database for tests that leave nothing behind in it.</summary>
public abstract class SceneFixture(Provider provider) : IAsyncLifetime
{
    public sealed class OnSqlite() : SceneFixture(Provider.Sqlite);

    public sealed class OnPostgres() : SceneFixture(Provider.Postgres);

    public sealed class OnSqlServer() : SceneFixture(Provider.SqlServer);

    internal TestDatabase Test { get; private set; } = null!;

    // A fixture is created even for skipped tests.
    private bool Possible =>
        provider switch
        {
            Provider.Postgres => PostgresServer.Missing,
            Provider.SqlServer => SqlServerDatabases.Missing,
            _ => null,
        }
            is null;

    public async Task InitializeAsync()
    {
        if (Possible)
            Test = await Scene.Make(provider);
    }

    public async Task DisposeAsync()
    {
        if (Possible)
            await Test.DisposeAsync();
    }
}
