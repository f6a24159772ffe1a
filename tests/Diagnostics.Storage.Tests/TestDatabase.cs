using Diagnostics.Storage.Sqlite;
using Diagnostics.TestKit;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Diagnostics.Storage.Tests;

/// <summary>
/// A database for one test, removed afterwards: a real file, or a database on the test run's own server.
/// </summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly Func<Task> remove;

    private TestDatabase(Provider provider, string source, Func<Task> remove)
    {
        (Provider, Source, this.remove) = (provider, source, remove);
        Database = Open();
    }

    internal static readonly Instant Now = Instant.FromUtc(2026, 9, 14, 6, 0);

    internal Provider Provider { get; }

    /// <summary>Path of the file, or the connection string.</summary>
    internal string Source { get; }

    internal Database Database { get; }

    internal static async Task<TestDatabase> Empty(Provider provider) =>
        provider switch
        {
            Provider.Postgres => OnPostgres(await PostgresDatabases.Create()),
            Provider.SqlServer => OnSqlServer(await SqlServerDatabases.Create()),
            _ => InFile(),
        };

    /// <summary>Creates a database with the current schema.</summary>
    internal static async Task<TestDatabase> Migrated(Provider provider)
    {
        if (provider is Provider.Postgres)
            return OnPostgres(await PostgresDatabases.CreateMigrated(Now));
        if (provider is Provider.SqlServer)
            return OnSqlServer(await SqlServerDatabases.CreateMigrated(Now));
        var made = InFile();
        await Migrator.Migrate(made.Database, Now);
        return made;
    }

    internal static Provider ProviderOf(Database database) => Enum.Parse<Provider>(database.Provider, ignoreCase: true);

    /// <summary>Opens the database as another process would.</summary>
    internal Database Open() =>
        Provider switch
        {
            Provider.Postgres => Database.OnPostgres(Source),
            Provider.SqlServer => Database.OnSqlServer(Source),
            _ => new Database(Source),
        };

    internal Task<int> Execute(string sql, object? parameters = null) =>
        Database.Write(db => db.Execute(Words.In(sql, Provider), parameters));

    internal Task<T> Value<T>(string sql, object? parameters = null) =>
        Database.Read(db => db.Value<T>(Words.In(sql, Provider), parameters));

    internal Task<IReadOnlyList<T>> Query<T>(string sql, object? parameters = null) =>
        Database.Read(db => db.Query<T>(Words.In(sql, Provider), parameters));

    /// <summary>A connection to the file that bypasses the stores and the writer.</summary>
    internal SqliteConnection Connect() => SqliteConnections.Open(SqliteConnections.ConnectionString(Source));

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await remove();
    }

    private static TestDatabase InFile()
    {
        var folder = new TemporaryFolder();
        return new(
            Provider.Sqlite,
            folder.File("diagnostics.db"),
            () =>
            {
                folder.Dispose();
                return Task.CompletedTask;
            }
        );
    }

    private static TestDatabase OnPostgres(string connectionString) =>
        new(Provider.Postgres, connectionString, () => PostgresDatabases.Drop(connectionString));

    private static TestDatabase OnSqlServer(string connectionString) =>
        new(Provider.SqlServer, connectionString, () => SqlServerDatabases.Drop(connectionString));
}
