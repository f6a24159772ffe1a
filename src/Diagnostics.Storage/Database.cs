using System.Data.Common;
using Dapper;
using Diagnostics.Engine;
using Diagnostics.Storage.Postgres;
using Diagnostics.Storage.SqlServer;
using Diagnostics.Storage.Sqlite;

namespace Diagnostics.Storage;

/// <summary>
/// The one door to the database: read on a connection, write in a transaction. A write is answered only after its
/// transaction is committed and flushed to disk (G1); a write that ends in a <see cref="Refusal"/> or an exception
/// leaves nothing behind.
/// </summary>
/// <remarks>
/// A work must await nothing but its <see cref="Db"/>, because it holds up others, and change nothing but the database,
/// because it runs again when another one came between.
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
    public Task<T> Read<T>(Func<Db, Task<T>> work) => backend.Read(work);

    /// <summary>Runs a unit of work; the task ends when it is durable, or has left nothing behind.</summary>
    /// <param name="first">Runs before it in the same transaction.</param>
    /// <exception cref="DatabaseBusyException">Too much is waiting: try again a little later.</exception>
    public Task<T> Write<T>(Func<Db, Task<T>> work, Isolation isolation = Isolation.Serial, Func<Db, Task>? first = null) =>
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

/// <summary>What a unit of work may rely on while others write. SQLite has one writer, and nobody comes between.</summary>
public enum Isolation
{
    /// <summary>As if it ran alone: what it has read still holds when it commits, or it runs again.</summary>
    Serial,

    /// <summary>
    /// Every statement sees what is committed by then. For work that guards each change in its own statement, or that
    /// first holds the row it decides on (<see cref="SqlDialect.Holding"/>); it never runs in vain.
    /// </summary>
    Guarded,
}

/// <summary>A connection inside a transaction, for stores to run their SQL on.</summary>
public sealed class Db
{
    private readonly DbTransaction? transaction;
    private readonly StatementCache? statements;
    private readonly Func<Task>? takeTurn;

    /// <param name="takeTurn">How this work gets its turn; null where it has it, or nobody else writes.</param>
    internal Db(DbConnection connection, DbTransaction? transaction, SqlDialect dialect, StatementCache? statements = null, Func<Task>? takeTurn = null) =>
        (Connection, this.transaction, Dialect, this.statements, this.takeTurn) = (connection, transaction, dialect, statements, takeTurn);

    internal DbConnection Connection { get; }

    internal SqlDialect Dialect { get; }

    public async Task<IReadOnlyList<T>> Query<T>(string sql, object? parameters = null) =>
        (await Connection.QueryAsync<T>(Dialect.Of(sql), parameters, transaction)).AsList();

    public Task<T?> Find<T>(string sql, object? parameters = null) =>
        Connection.QuerySingleOrDefaultAsync<T?>(Dialect.Of(sql), parameters, transaction);

    /// <summary>The single value of a statement that always gives one.</summary>
    public Task<T> Value<T>(string sql, object? parameters = null) =>
        Connection.ExecuteScalarAsync<T>(Dialect.Of(sql), parameters, transaction)!;

    /// <returns>Number of rows that changed: a guarded transition that did not happen gives 0.</returns>
    public async Task<int> Execute(string sql, object? parameters = null) =>
        // SQL Server does not count what it left undone: −1.
        Math.Max(0, await Connection.ExecuteAsync(Dialect.Of(sql), parameters, transaction));

    /// <summary>A statement prepared once for the life of the connection, for the hot path.</summary>
    /// <param name="sql">A constant: it is found again by reference.</param>
    internal DbCommand Prepared(string sql, params ReadOnlySpan<string> parameters) => statements is not null
        ? statements.Get(sql, parameters)
        : StatementCache.Create(Connection, transaction, sql, parameters);

    /// <summary>
    /// For works that all want the same thing, so that any two of them at once would only make one of them run in vain: the
    /// end of the audit trail, the next script of the queue. Until this work commits no other has its turn.
    /// </summary>
    public Task TakeTurn() => takeTurn is null ? Task.CompletedTask : takeTurn();
}

/// <summary>The database cannot be opened or used as it is; the message is for an operator.</summary>
public sealed class DatabaseUnavailableException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>A text that this database cannot hold or compare, such as one with U+0000.</summary>
public sealed class UnstorableTextException(Exception cause) : Exception("The database cannot hold a text of this request.", cause);

/// <summary>More writes are waiting than the queue takes: the caller should retry after a moment.</summary>
public sealed class DatabaseBusyException(Exception? cause = null) : Exception("Too many works are waiting for the database.", cause);
