using Diagnostics.Engine;
using Diagnostics.Storage.Postgres;
using Diagnostics.Storage.Sqlite;
using Diagnostics.Storage.SqlServer;

namespace Diagnostics.Storage;

/// <summary>
/// The only way to the database: a read uses a connection, and a write uses a transaction. A write is answered only
/// after its transaction is committed and flushed to disk (docs/promises.md, G1); a write that ends in a
/// <see cref="Refusal"/> or an exception leaves nothing behind.
/// </summary>
/// <remarks>
/// <para>Any code may open the database; only assemblies named in the project (<c>InternalsVisibleTo</c>) may run
/// SQL.</para>
/// <para>
/// A unit of work must await nothing but its <see cref="Db"/>, because others wait for it. It must change nothing but
/// the database, because it runs again after a conflict with another unit.
/// </para>
/// </remarks>
public sealed class Database : IAsyncDisposable
{
    private readonly Backend backend;

    private Database(Backend backend) => this.backend = backend;

    /// <param name="path">The SQLite file; created when missing.</param>
    /// <param name="gatherLog">
    /// Whether the writer's log is written in long pieces (docs/decisions/log-gatherer.md). Otherwise everything is
    /// equally durable, only slower.
    /// </param>
    /// <exception cref="DatabaseUnavailableException">The file cannot be opened.</exception>
    public Database(string path, bool gatherLog = true)
        : this(new SqliteBackend(path, gatherLog)) { }

    /// <summary>A PostgreSQL server, which several processes may share. This method does not connect yet.</summary>
    /// <exception cref="DatabaseUnavailableException">The connection string is invalid.</exception>
    public static Database OnPostgres(string connectionString, string? region = null) =>
        new(new PostgresBackend(connectionString)) { Region = region };

    /// <summary>Like <see cref="OnPostgres"/>, on SQL Server.</summary>
    /// <exception cref="DatabaseUnavailableException">The connection string is invalid.</exception>
    public static Database OnSqlServer(string connectionString, string? region = null) =>
        new(new SqlServerBackend(connectionString)) { Region = region };

    /// <summary>The file named in a SQLite connection string.</summary>
    /// <exception cref="DatabaseUnavailableException">The connection string is invalid.</exception>
    public static string FileOf(string connectionString) => SqliteConnections.FileOf(connectionString);

    /// <summary>
    /// Whether this process migrates the schema itself. On a server the operator does so, with the verb <c>migrate</c>.
    /// </summary>
    public bool MigratesItself => backend.MigratesItself;

    /// <summary>The file that holds everything; null on a server.</summary>
    public string? File => backend.File;

    /// <summary><c>sqlite</c>, <c>postgres</c> or <c>sqlserver</c>.</summary>
    public string Provider => backend.Dialect.Name;

    /// <summary>Number of units of work that wait for their turn.</summary>
    public int QueueLength => backend.QueueLength;

    /// <summary>The region that measurements of this database name; null names none.</summary>
    public string? Region
    {
        init => backend.Labels = value is null ? [] : [new("region", value)];
    }

    internal KeyValuePair<string, object?>[] Labels => backend.Labels;

    internal SqlDialect Dialect => backend.Dialect;

    /// <summary>Reads a consistent snapshot.</summary>
    /// <exception cref="DatabaseUnavailableException">The database is damaged, gone, or does not answer.</exception>
    internal Task<T> Read<T>(Func<Db, Task<T>> work) => backend.Read(work);

    /// <summary>Runs a unit of work; the task ends when the work is durable or has left nothing behind.</summary>
    /// <param name="first">Runs before the work in the same transaction.</param>
    /// <exception cref="DatabaseBusyException">Too many units of work are waiting: try again a little
    /// later.</exception>
    internal Task<T> Write<T>(Func<Db, Task<T>> work, Isolation isolation = Isolation.Serial, Func<Db, Task>? first = null) =>
        backend.Write(work, isolation, first);

    /// <summary>Like <see cref="Write{T}"/>, for work of a single statement, which is atomic by itself.</summary>
    internal Task<T> WriteStatement<T>(Func<Db, Task<T>> statement) => backend.WriteStatement(statement);

    /// <summary>Writes one of many similar items, in one commit with the items of other callers.</summary>
    internal Task<TResult> WriteBatched<TItem, TResult>(BatchedWrite<TItem, TResult> kind, TItem item)
        where TResult : class => backend.WriteBatched(kind, item);

    /// <summary>Changes the schema, while no other process changes it.</summary>
    internal Task<T> ChangeSchema<T>(Func<Db, Task<T>> work) => backend.ChangeSchema(work);

    /// <summary>
    /// Removes from the log beside a SQLite file what was erased from the file. A server manages its log itself.
    /// </summary>
    internal Task ForgetLog() => backend.ForgetLog();

    public ValueTask DisposeAsync() => backend.DisposeAsync();
}
