namespace Diagnostics.Storage;

internal enum DatabaseEngine { Sqlite, Postgres, SqlServer }

/// <summary>What the SQL of one engine says differently. Everything that can be said alike is said once, in the stores.</summary>
internal abstract class SqlDialect
{
    /// <summary>For a stage that has statements of its own for each engine.</summary>
    internal abstract DatabaseEngine Engine { get; }

    /// <summary>Folder of its migrations.</summary>
    internal abstract string Name { get; }

    /// <summary>Type of a short text in the table of migrations, which no migration makes.</summary>
    internal virtual string NameType => "TEXT";

    /// <summary>Type of an instant there.</summary>
    internal abstract string InstantType { get; }

    /// <summary>The server's own clock; null where the database is part of the process.</summary>
    internal virtual string? Clock => null;

    /// <summary>Counts the tables called @name: 1 or 0.</summary>
    internal abstract string CountTables { get; }

    /// <summary>
    /// A SELECT of one table by its key, whose row then stays as it is until the transaction ends; whoever changes it or saves
    /// an answer to it waits. The SELECT itself where there is one writer.
    /// </summary>
    internal virtual string Holding(string select) => select;

    /// <summary>What of the database itself is not as the engine wrote it, one line each; empty where only the server's own tools can tell.</summary>
    internal virtual Task<IReadOnlyList<string>> FindDamage(Db db) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Rows that refer to one that is not there: the table, and how many.</summary>
    internal abstract Task<IReadOnlyList<string>> FindOrphans(Db db);

    /// <summary>The parts of a migration that are sent one by one.</summary>
    internal virtual IEnumerable<string> Batches(string script) => [script];

    /// <summary>A shared statement in this engine's words.</summary>
    internal virtual string Of(string sql) => sql;
}
