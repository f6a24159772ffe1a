using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Diagnostics.Storage.Sqlite;

/// <summary>
/// One file, one process. All writes go through one thread that commits the work of many people together
/// (<see cref="GroupCommit"/>).
/// </summary>
internal sealed class SqliteBackend : Backend
{
    private const int Attempts = 40;

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(250);

    private readonly string path;
    private readonly string connectionString;
    private readonly GroupCommit writer;
    private readonly Lazy<bool> made;

    internal SqliteBackend(string path, bool gatherLog)
    {
        this.path = Path.GetFullPath(path);
        SqliteConnections.Initialise();
        connectionString = SqliteConnections.ConnectionString(this.path);
        made = new(() => SqliteConnections.MakePrivate(this.path));
        writer = new GroupCommit(Open, gatherLog, (begun, works) => StorageMeters.Committed(begun, works, Labels));
    }

    internal override SqlDialect Dialect => SqliteDialect.Instance;

    internal override bool MigratesItself => true;

    internal override string? File => path;

    internal override int QueueLength => writer.QueueLength;

    internal override async Task<T> Read<T>(Func<Db, Task<T>> work)
    {
        await using var connection = Open();
        await using var transaction = connection.BeginTransaction(deferred: true);
        try
        {
            return await work(new Db(connection, transaction, Dialect));
        }
        catch (SqliteException fault) when (SqliteConnections.Explain(fault, path) is DatabaseUnavailableException unavailable)
        {
            throw unavailable;
        }
    }

    internal override Task<T> Write<T>(Func<Db, Task<T>> work, Isolation isolation, Func<Db, Task>? first) =>
        writer.Enqueue(
            first is null
                ? work
                : async db =>
                {
                    await first(db);
                    return await work(db);
                },
            isolated: true
        );

    internal override Task<T> WriteStatement<T>(Func<Db, Task<T>> statement) => writer.Enqueue(statement, isolated: false);

    // The writer commits the items together anyway, and on one connection a statement for each item is the fastest way.
    internal override Task<TResult> WriteBatched<TItem, TResult>(BatchedWrite<TItem, TResult> kind, TItem item) =>
        writer.Enqueue(db => kind.Alone(db, item), isolated: false);

    internal override Task<T> ChangeSchema<T>(Func<Db, Task<T>> work) => writer.Enqueue(work, isolated: true);

    /// <summary>
    /// Copies the log into the file and cuts it to nothing. A reader of an older snapshot holds this up; then the log
    /// keeps the erased rows until it is written over.
    /// </summary>
    internal override async Task ForgetLog()
    {
        await using var connection = Open();
        await using var copy = connection.CreateCommand();
        // The first copy works beside the writer; only the rest is copied while the writer waits.
        copy.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
        await copy.ExecuteNonQueryAsync();
        copy.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (Convert.ToInt64(await copy.ExecuteScalarAsync(), CultureInfo.InvariantCulture) == 0)
                return;
            await Task.Delay(BetweenAttempts);
        }
    }

    private SqliteConnection Open()
    {
        _ = made.Value;
        return SqliteConnections.Open(connectionString);
    }

    public override async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
    }
}
