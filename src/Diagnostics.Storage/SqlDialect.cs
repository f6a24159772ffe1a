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
    /// <summary>Selects the statements where each engine has its own.</summary>
    internal abstract DatabaseEngine Engine { get; }

    /// <summary>Folder of the engine's migrations.</summary>
    internal abstract string Name { get; }

    /// <summary>Type of a short text in the table of migrations, a table that no migration makes.</summary>
    internal virtual string NameType => "TEXT";

    /// <summary>Type of an instant in the table of migrations.</summary>
    internal abstract string InstantType { get; }

    /// <summary>SQL that reads the server's own clock; null where the database is part of the process.</summary>
    internal virtual string? Clock => null;

    /// <summary>Counts the tables called @name: 1 or 0.</summary>
    internal abstract string CountTables { get; }

    /// <summary>
    /// Extends a SELECT that finds a row of one table by its key, so that the row stays unchanged until the transaction
    /// ends: anyone who wants to change it, or to save an answer in a locked session, waits. With a single writer the
    /// SELECT stays as it is.
    /// </summary>
    internal virtual string Holding(string select) => select;

    /// <summary>
    /// Finds damage to the database's files, one line each; empty where only the server's own tools can find it.
    /// </summary>
    internal virtual Task<IReadOnlyList<string>> FindDamage(Db db) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Rows that refer to a missing row: the table and the number of rows.</summary>
    internal abstract Task<IReadOnlyList<string>> FindOrphans(Db db);

    /// <summary>Splits a migration into parts that are sent one by one.</summary>
    internal virtual IEnumerable<string> Batches(string script) => [script];

    /// <summary>Translates a shared statement into the language of this engine.</summary>
    internal virtual string Of(string sql) => sql;
}
