using System.Data.Common;
using Dapper;
using Diagnostics.Engine;
using Diagnostics.Storage.Dialects;
using Microsoft.Data.Sqlite;

namespace Diagnostics.Storage;

/// <summary>
/// The one door to the database: read on a connection, write in a transaction. A write is answered only after its
/// transaction is committed and flushed to disk (G1); a write that ends in a <see cref="Refusal"/> or an exception
/// leaves nothing behind.
/// </summary>
/// <remarks>
/// On SQLite all writes go through one thread that commits many people's work together (<see cref="GroupCommit"/>).
/// A work must await nothing but its <see cref="Db"/>: it holds up everybody's commit.
/// </remarks>
public sealed class Database : IAsyncDisposable
{
    private readonly string connectionString;
    private readonly GroupCommit writer;

    /// <param name="path">The SQLite file; made when missing.</param>
    /// <exception cref="DatabaseUnavailableException">The file cannot be opened.</exception>
    public Database(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        Sqlite.Initialise();
        connectionString = Sqlite.ConnectionString(Path);
        writer = new GroupCommit(() => Sqlite.Open(connectionString));
    }

    public string Path { get; }

    /// <summary>Reads a consistent snapshot.</summary>
    /// <exception cref="DatabaseUnavailableException">The file is damaged, gone, or on a disk that fails.</exception>
    public async Task<T> Read<T>(Func<Db, Task<T>> work)
    {
        await using var connection = Sqlite.Open(connectionString);
        await using var transaction = connection.BeginTransaction(deferred: true);
        try
        {
            return await work(new Db(connection, transaction));
        }
        catch (SqliteException fault) when (Sqlite.Explain(fault, Path) is DatabaseUnavailableException unavailable)
        {
            throw unavailable;
        }
    }

    /// <summary>Runs a unit of work; the task ends when it is durable, or has left nothing behind.</summary>
    /// <exception cref="DatabaseBusyException">The queue is full: try again a little later.</exception>
    public Task<T> Write<T>(Func<Db, Task<T>> work) => writer.Enqueue(work, isolated: true);

    /// <summary>As <see cref="Write{T}"/>, for work of a single statement, which needs no savepoint to leave nothing behind.</summary>
    internal Task<T> WriteStatement<T>(Func<Db, Task<T>> statement) => writer.Enqueue(statement, isolated: false);

    /// <summary>Works waiting to be committed.</summary>
    public int QueueLength => writer.QueueLength;

    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
    }
}

/// <summary>A connection inside a transaction, for stores to run their SQL on.</summary>
public sealed class Db
{
    private readonly DbConnection connection;
    private readonly DbTransaction? transaction;
    private readonly StatementCache? statements;

    internal Db(DbConnection connection, DbTransaction? transaction, StatementCache? statements = null) =>
        (this.connection, this.transaction, this.statements) = (connection, transaction, statements);

    public async Task<IReadOnlyList<T>> Query<T>(string sql, object? parameters = null) =>
        (await connection.QueryAsync<T>(sql, parameters, transaction)).AsList();

    public Task<T?> Find<T>(string sql, object? parameters = null) =>
        connection.QuerySingleOrDefaultAsync<T?>(sql, parameters, transaction);

    /// <summary>The single value of a statement that always gives one.</summary>
    public Task<T> Value<T>(string sql, object? parameters = null) =>
        connection.ExecuteScalarAsync<T>(sql, parameters, transaction)!;

    /// <returns>Number of rows that changed: a guarded transition that did not happen gives 0.</returns>
    public Task<int> Execute(string sql, object? parameters = null) =>
        connection.ExecuteAsync(sql, parameters, transaction);

    /// <summary>A statement prepared once for the life of the connection, for the hot path.</summary>
    internal DbCommand Prepared(string sql, params ReadOnlySpan<string> parameters) => statements is not null
        ? statements.Get(sql, parameters)
        : StatementCache.Create(connection, transaction, sql, parameters);
}

/// <summary>The database cannot be opened or used as it is; the message is for an operator.</summary>
public sealed class DatabaseUnavailableException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>More writes are waiting than the queue takes: the caller should retry after a moment.</summary>
public sealed class DatabaseBusyException() : Exception("The write queue is full.");
