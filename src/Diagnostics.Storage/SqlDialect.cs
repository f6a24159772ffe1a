namespace Diagnostics.Storage;

internal enum DatabaseEngine
{
    Sqlite,
    Postgres,
    SqlServer,
}

/// <summary>
/// The parts of SQL that differ between engines. All SQL that engines share is written once, in the stores.
/// </summary>
internal abstract class SqlDialect
{
    /// <summary>Which engine this is, for code that has a separate statement for each engine.</summary>
    internal abstract DatabaseEngine Engine { get; }

    /// <summary>Name of the folder that contains the engine's migrations.</summary>
    internal abstract string Name { get; }

    /// <summary>
    /// Column type for a short text in the table that lists migrations. No migration creates this table, so its column
    /// types are stated here.
    /// </summary>
    internal virtual string NameType => "TEXT";

    /// <summary>Column type for an instant in the table that lists migrations.</summary>
    internal abstract string InstantType { get; }

    /// <summary>SQL that reads the server's own clock; null where the database is part of the process.</summary>
    internal virtual string? Clock => null;

    /// <summary>SQL that counts the tables called @name, and so returns 1 or 0.</summary>
    internal abstract string CountTables { get; }

    /// <summary>SQL that finds the name of some table, if there is one that does not belong to the engine.</summary>
    internal abstract string AnyTable { get; }

    /// <summary>
    /// Extends a SELECT that finds a row of one table by its key, so that the row stays unchanged until the transaction
    /// ends. Anyone who wants to change the row, or to save an answer in a locked session, must wait. An engine with a
    /// single writer needs no lock and leaves the SELECT as it is.
    /// </summary>
    internal virtual string Holding(string select) => select;

    /// <summary>SQL that sets a savepoint in the transaction; one set again takes the place of the earlier one.</summary>
    internal virtual string Savepoint => "SAVEPOINT part";

    /// <summary>SQL that undoes everything since the savepoint.</summary>
    internal virtual string UndoToSavepoint => "ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part";

    /// <summary>SQL that gives up the savepoint and keeps what was done since; null where nothing is to be done.</summary>
    internal virtual string? ReleaseSavepoint => "RELEASE SAVEPOINT part";

    /// <summary>
    /// Checks the database's files and returns one line for each problem found; empty for an engine whose files only
    /// the server's own tools can check.
    /// </summary>
    internal virtual Task<IReadOnlyList<string>> FindDamage(Db db) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>
    /// Finds rows that refer to a missing row. For each broken reference returns one line: the two tables and the
    /// number of such rows.
    /// </summary>
    internal abstract Task<IReadOnlyList<string>> FindOrphans(Db db);

    /// <summary>Splits a migration into parts that are sent one by one.</summary>
    internal virtual IEnumerable<string> Batches(string script) => [script];

    /// <summary>Translates a shared statement into the language of this engine.</summary>
    internal virtual string Of(string sql) => sql;
}
