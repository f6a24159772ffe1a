using Diagnostics.Engine;
using Diagnostics.Storage.Postgres;
using Diagnostics.Storage.SqlServer;
using Diagnostics.Storage.Sqlite;

namespace Diagnostics.Storage;

/// <summary>
/// The one door to the database: read on a connection, write in a transaction. A write is answered only after its
/// transaction is committed and flushed to disk (docs/promises.md, G1); a write that ends in a <see cref="Refusal"/> or an exception
/// leaves nothing behind.
/// </summary>
/// <remarks>
/// <para>Anybody may open it; only those whom the project names (<c>InternalsVisibleTo</c>) may run SQL.</para>
/// <para>
/// A work must await nothing but its <see cref="Db"/>, because it holds up others, and change nothing but the database,
/// because it runs again when another one came between.
/// </para>
/// </remarks>
public sealed class Database : IAsyncDisposable
{
    private readonly Backend backend;

    private Database(Backend backend) => this.backend = backend;

    /// <param name="path">The SQLite file; made when missing.</param>
    /// <exception cref="DatabaseUnavailableException">The file cannot be opened.</exception>
    public Database(string path) : this(new SqliteBackend(path)) { }

    /// <summary>A PostgreSQL server, which several processes may share. Nothing is opened yet.</summary>
    /// <exception cref="DatabaseUnavailableException">The connection string does not read.</exception>
    public static Database OnPostgres(string connectionString) => new(new PostgresBackend(connectionString));

    /// <summary>As <see cref="OnPostgres"/>, on SQL Server.</summary>
    /// <exception cref="DatabaseUnavailableException">The connection string does not read.</exception>
    public static Database OnSqlServer(string connectionString) => new(new SqlServerBackend(connectionString));

    /// <summary>The file that a SQLite connection string names.</summary>
    /// <exception cref="DatabaseUnavailableException">It does not read.</exception>
    public static string FileOf(string connectionString) => SqliteConnections.FileOf(connectionString);

    /// <summary>Is the schema this process's own affair? On a server it is the operator's, who runs the verb <c>migrate</c>.</summary>
    public bool MigratesItself => backend.MigratesItself;

    /// <summary>The file that holds everything; null on a server.</summary>
    public string? File => backend.File;

    /// <summary><c>sqlite</c>, <c>postgres</c> or <c>sqlserver</c>.</summary>
    public string Provider => backend.Dialect.Name;

    /// <summary>Works waiting for their turn.</summary>
    public int QueueLength => backend.QueueLength;

    internal SqlDialect Dialect => backend.Dialect;

    /// <summary>Reads a consistent snapshot.</summary>
    /// <exception cref="DatabaseUnavailableException">The database is damaged, gone, or does not answer.</exception>
    internal Task<T> Read<T>(Func<Db, Task<T>> work) => backend.Read(work);

    /// <summary>Runs a unit of work; the task ends when it is durable, or has left nothing behind.</summary>
    /// <param name="first">Runs before it in the same transaction.</param>
    /// <exception cref="DatabaseBusyException">Too much is waiting: try again a little later.</exception>
    internal Task<T> Write<T>(Func<Db, Task<T>> work, Isolation isolation = Isolation.Serial, Func<Db, Task>? first = null) =>
        backend.Write(work, isolation, first);

    /// <summary>As <see cref="Write{T}"/>, for work of a single statement, which by itself is done wholly or not at all.</summary>
    internal Task<T> WriteStatement<T>(Func<Db, Task<T>> statement) => backend.WriteStatement(statement);

    /// <summary>Writes one of many like things, committed together with those of other callers.</summary>
    internal Task<TResult> WriteBatched<TItem, TResult>(BatchedWrite<TItem, TResult> kind, TItem item) where TResult : class =>
        backend.WriteBatched(kind, item);

    /// <summary>Changes the schema, while no other process does.</summary>
    internal Task<T> ChangeSchema<T>(Func<Db, Task<T>> work) => backend.ChangeSchema(work);

    public ValueTask DisposeAsync() => backend.DisposeAsync();
}
