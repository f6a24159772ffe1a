using System.Data.Common;
using Dapper;
using Diagnostics.Engine;

namespace Diagnostics.Storage;

/// <summary>
/// What a unit of work may assume while others write. SQLite has one writer, so no other work can interfere.
/// </summary>
internal enum Isolation
{
    /// <summary>
    /// The work runs as if nobody else wrote. Everything that it has read is still true when it commits; otherwise the
    /// work runs again.
    /// </summary>
    Serial,

    /// <summary>
    /// Every statement sees everything committed before it. This is for work that states a condition in every change,
    /// or that first locks the row on which its decision rests (<see cref="SqlDialect.Holding"/>). Such work never has
    /// to run again.
    /// </summary>
    Guarded,
}

/// <summary>A connection inside a transaction, on which stores run their SQL.</summary>
internal sealed class Db
{
    private readonly DbTransaction? transaction;
    private readonly StatementCache? statements;
    private readonly Func<Task>? takeTurn;

    /// <param name="takeTurn">How this work waits for its turn; null when the work already has its turn, or when nobody
    /// else writes.</param>
    internal Db(
        DbConnection connection,
        DbTransaction? transaction,
        SqlDialect dialect,
        StatementCache? statements = null,
        Func<Task>? takeTurn = null
    ) => (Connection, this.transaction, Dialect, this.statements, this.takeTurn) = (connection, transaction, dialect, statements, takeTurn);

    internal DbConnection Connection { get; }

    internal SqlDialect Dialect { get; }

    internal async Task<IReadOnlyList<T>> Query<T>(string sql, object? parameters = null) =>
        (await Connection.QueryAsync<T>(Dialect.Of(sql), parameters, transaction)).AsList();

    internal Task<T?> Find<T>(string sql, object? parameters = null) =>
        Connection.QuerySingleOrDefaultAsync<T?>(Dialect.Of(sql), parameters, transaction);

    /// <summary>
    /// Returns the value that a statement selects. The statement must always select exactly one value.
    /// </summary>
    internal Task<T> Value<T>(string sql, object? parameters = null) =>
        Connection.ExecuteScalarAsync<T>(Dialect.Of(sql), parameters, transaction)!;

    /// <returns>Number of rows changed; 0 when the statement's condition did not hold, so that the change did not
    /// happen.</returns>
    internal async Task<int> Execute(string sql, object? parameters = null) =>
        // SQL Server returns −1 for a statement that it did not carry out; this counts as no row.
        Math.Max(0, await Connection.ExecuteAsync(Dialect.Of(sql), parameters, transaction));

    /// <summary>
    /// Returns a statement that is prepared only once in the life of the connection; the save path uses it.
    /// </summary>
    /// <param name="sql">Must be a constant, because the cache finds the statement by the text's reference.</param>
    internal DbCommand Prepared(string sql, params ReadOnlySpan<string> parameters) =>
        statements is not null ? statements.Get(sql, parameters) : StatementCache.Create(Connection, transaction, sql, parameters);

    /// <summary>
    /// Runs a part of a unit of work: a refusal undoes what the part has written, and the rest of the unit goes on. An
    /// exception ends the whole unit. A part contains no other part.
    /// </summary>
    internal async Task<Result<T>> Part<T>(Func<Task<Result<T>>> part)
    {
        await Connection.ExecuteAsync(Dialect.Savepoint, transaction: transaction);
        var result = await part();
        if ((result.Refusal is null ? Dialect.ReleaseSavepoint : Dialect.UndoToSavepoint) is { } end)
            await Connection.ExecuteAsync(end, transaction: transaction);
        return result;
    }

    /// <summary>
    /// Waits for this unit's turn among those that want the same thing, such as the end of the audit trail or the next
    /// script of the queue. If two such units ran at the same time, one would have to run again. No other unit gets its
    /// turn until this one commits.
    /// </summary>
    internal Task TakeTurn() => takeTurn is null ? Task.CompletedTask : takeTurn();
}
