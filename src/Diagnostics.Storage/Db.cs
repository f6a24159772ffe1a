using System.Data.Common;
using Dapper;

namespace Diagnostics.Storage;

/// <summary>
/// What a unit of work may assume while others write. SQLite has one writer, so no other work can interfere.
/// </summary>
internal enum Isolation
{
    /// <summary>
    /// The work runs as if alone: what it has read still holds at its commit, or the work runs again.
    /// </summary>
    Serial,

    /// <summary>
    /// Every statement sees everything committed before it. For work that guards each change in its own statement, or
    /// that first locks the row on which its decision rests (<see cref="SqlDialect.Holding"/>); such work never has to
    /// run again.
    /// </summary>
    Guarded,
}

/// <summary>A connection inside a transaction, on which stores run their SQL.</summary>
internal sealed class Db
{
    private readonly DbTransaction? transaction;
    private readonly StatementCache? statements;
    private readonly Func<Task>? takeTurn;

    /// <param name="takeTurn">How this work gets its turn; null when the work already has its turn, or when nobody else
    /// writes.</param>
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

    /// <summary>The single value of a statement that always returns one.</summary>
    internal Task<T> Value<T>(string sql, object? parameters = null) =>
        Connection.ExecuteScalarAsync<T>(Dialect.Of(sql), parameters, transaction)!;

    /// <returns>Number of rows changed: 0 for a guarded transition that did not happen.</returns>
    internal async Task<int> Execute(string sql, object? parameters = null) =>
        // SQL Server returns −1 for a statement that it did not carry out.
        Math.Max(0, await Connection.ExecuteAsync(Dialect.Of(sql), parameters, transaction));

    /// <summary>A statement prepared once for the life of the connection, for the hot path.</summary>
    /// <param name="sql">A constant: the cache finds it by reference.</param>
    internal DbCommand Prepared(string sql, params ReadOnlySpan<string> parameters) =>
        statements is not null ? statements.Get(sql, parameters) : StatementCache.Create(Connection, transaction, sql, parameters);

    /// <summary>
    /// Takes the turn that some units of work share. They all want the same thing, such as the end of the audit trail
    /// or the next script of the queue, so if two ran at the same time, one would only have to run again. No other unit
    /// gets the turn until this one commits.
    /// </summary>
    internal Task TakeTurn() => takeTurn is null ? Task.CompletedTask : takeTurn();
}
