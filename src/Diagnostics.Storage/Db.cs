using System.Data.Common;
using Dapper;

namespace Diagnostics.Storage;

/// <summary>What a unit of work may rely on while others write. SQLite has one writer, and nobody comes between.</summary>
internal enum Isolation
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
internal sealed class Db
{
    private readonly DbTransaction? transaction;
    private readonly StatementCache? statements;
    private readonly Func<Task>? takeTurn;

    /// <param name="takeTurn">How this work gets its turn; null where it has it, or nobody else writes.</param>
    internal Db(DbConnection connection, DbTransaction? transaction, SqlDialect dialect, StatementCache? statements = null, Func<Task>? takeTurn = null) =>
        (Connection, this.transaction, Dialect, this.statements, this.takeTurn) = (connection, transaction, dialect, statements, takeTurn);

    internal DbConnection Connection { get; }

    internal SqlDialect Dialect { get; }

    internal async Task<IReadOnlyList<T>> Query<T>(string sql, object? parameters = null) =>
        (await Connection.QueryAsync<T>(Dialect.Of(sql), parameters, transaction)).AsList();

    internal Task<T?> Find<T>(string sql, object? parameters = null) =>
        Connection.QuerySingleOrDefaultAsync<T?>(Dialect.Of(sql), parameters, transaction);

    /// <summary>The single value of a statement that always gives one.</summary>
    internal Task<T> Value<T>(string sql, object? parameters = null) =>
        Connection.ExecuteScalarAsync<T>(Dialect.Of(sql), parameters, transaction)!;

    /// <returns>Number of rows that changed: a guarded transition that did not happen gives 0.</returns>
    internal async Task<int> Execute(string sql, object? parameters = null) =>
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
    internal Task TakeTurn() => takeTurn is null ? Task.CompletedTask : takeTurn();
}
