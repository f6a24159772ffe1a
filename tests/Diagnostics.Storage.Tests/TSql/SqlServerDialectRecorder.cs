using Diagnostics.Storage.Dialects;
using Diagnostics.Storage.Sessions;

namespace Diagnostics.Storage.Tests.TSql;

/// <summary>Lets SQLite run what the stores say, and writes down what SQL Server would have been sent.</summary>
internal sealed class SqlServerDialectRecorder : SqlDialect
{
    /// <summary>As the stores have it, and in SQL Server's words.</summary>
    internal List<(string Said, string Sent)> Statements { get; } = [];

    internal override string Name => Sqlite.Dialect.Name;

    internal override string InstantType => Sqlite.Dialect.InstantType;

    internal override string CountTables => Sqlite.Dialect.CountTables;

    internal override string Holding(string select)
    {
        Statements.Add((select, SqlServer.Dialect.Of(SqlServer.Dialect.Holding(select))));
        return select;
    }

    internal override Task<SaveOutcome?[]> Save(Db db, IReadOnlyList<ResponseToSave> saves) => Sqlite.Dialect.Save(db, saves);

    // What each engine asks of its own catalogue is asked elsewhere.
    internal override Task<IReadOnlyList<string>> FindOrphans(Db db) => Task.FromResult<IReadOnlyList<string>>([]);

    internal override string Of(string sql)
    {
        if (sql != CountTables) Statements.Add((sql, SqlServer.Dialect.Of(sql)));
        return Sqlite.Dialect.Of(sql);
    }
}
