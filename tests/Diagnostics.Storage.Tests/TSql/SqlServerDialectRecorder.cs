using Diagnostics.Storage.Sessions;
using Diagnostics.Storage.Sqlite;
using Diagnostics.Storage.SqlServer;

namespace Diagnostics.Storage.Tests.TSql;

/// <summary>Lets SQLite run the statements of the stores, and records what SQL Server would have received.</summary>
internal sealed class SqlServerDialectRecorder : SqlDialect
{
    /// <summary>Statements as the stores have them, and as SQL Server would receive them.</summary>
    internal List<(string Said, string Sent)> Statements { get; } = [];

    internal override DatabaseEngine Engine => SqliteDialect.Instance.Engine;

    internal override string Name => SqliteDialect.Instance.Name;

    internal override string InstantType => SqliteDialect.Instance.InstantType;

    internal override string CountTables => SqliteDialect.Instance.CountTables;

    internal override string AnyTable => SqliteDialect.Instance.AnyTable;

    internal override string Holding(string select)
    {
        Statements.Add((select, SqlServerDialect.Instance.Of(SqlServerDialect.Instance.Holding(select))));
        return select;
    }

    // Queries of an engine's own catalogue are tested elsewhere.
    internal override Task<IReadOnlyList<string>> FindOrphans(Db db) => Task.FromResult<IReadOnlyList<string>>([]);

    internal override string Of(string sql)
    {
        if (sql != CountTables && sql != AnyTable)
            Statements.Add((sql, SqlServerDialect.Instance.Of(sql)));
        return SqliteDialect.Instance.Of(sql);
    }
}
