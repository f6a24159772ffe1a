using Diagnostics.Storage.Dialects;
using Diagnostics.TestKit;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Diagnostics.Storage.Tests;

/// <summary>A database in a real file of its own, gone afterwards.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();

    internal TestDatabase() => Database = new Database(folder.File("diagnostics.db"));

    internal static readonly Instant Now = Instant.FromUtc(2026, 9, 14, 6, 0);

    internal Database Database { get; }

    /// <summary>With the schema of today.</summary>
    internal static async Task<TestDatabase> Migrated()
    {
        var made = new TestDatabase();
        await Migrator.Migrate(made.Database, Now);
        return made;
    }

    internal Task<int> Execute(string sql, object? parameters = null) => Database.Write(db => db.Execute(sql, parameters));

    internal Task<T> Value<T>(string sql, object? parameters = null) => Database.Read(db => db.Value<T>(sql, parameters));

    internal Task<IReadOnlyList<T>> Query<T>(string sql, object? parameters = null) => Database.Read(db => db.Query<T>(sql, parameters));

    /// <summary>A connection past the stores and the writer.</summary>
    internal SqliteConnection Connect() => Sqlite.Open(Sqlite.ConnectionString(Database.Path));

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        folder.Dispose();
    }
}
