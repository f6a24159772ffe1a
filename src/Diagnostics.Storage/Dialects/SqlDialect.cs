namespace Diagnostics.Storage.Dialects;

/// <summary>What the SQL of one engine says differently. Everything that can be said alike is said once, in the stores.</summary>
internal abstract class SqlDialect
{
    /// <summary>Folder of its migrations.</summary>
    internal abstract string Name { get; }

    /// <summary>
    /// Ends a SELECT whose row must stay as it is until the transaction ends; whoever changes it or saves an answer to it
    /// waits. Empty where there is one writer.
    /// </summary>
    internal abstract string Hold { get; }

    /// <summary>Type of an instant in the table of migrations, which no migration makes.</summary>
    internal abstract string InstantType { get; }

    /// <summary>The server's own clock; null where the database is part of the process.</summary>
    internal virtual string? Clock => null;

    /// <summary>Counts the tables called @name: 1 or 0.</summary>
    internal abstract string CountTables { get; }

    /// <summary>What of the database itself is not as the engine wrote it, one line each; empty where only the server's own tools can tell.</summary>
    internal abstract Task<IReadOnlyList<string>> FindDamage(Db db);

    /// <summary>Rows that refer to one that is not there: the table, and how many.</summary>
    internal abstract Task<IReadOnlyList<string>> FindOrphans(Db db);

    /// <summary>A shared statement in this engine's words.</summary>
    internal virtual string Of(string sql) => sql;
}
