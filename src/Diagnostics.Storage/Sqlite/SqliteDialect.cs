namespace Diagnostics.Storage.Sqlite;

/// <summary>SQLite's own words.</summary>
internal sealed class SqliteDialect : SqlDialect
{
    internal static readonly SqlDialect Instance = new SqliteDialect();

    private SqliteDialect() { }

    internal override DatabaseEngine Engine => DatabaseEngine.Sqlite;

    internal override string Name => "sqlite";

    internal override string InstantType => "TEXT";

    internal override string CountTables => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = @name";

    internal override Task<IReadOnlyList<string>> FindDamage(Db db) =>
        db.Query<string>("SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'");

    internal override Task<IReadOnlyList<string>> FindOrphans(Db db) =>
        db.Query<string>("SELECT \"table\" || ' → ' || parent || ': ' || COUNT(*) FROM pragma_foreign_key_check GROUP BY \"table\", parent ORDER BY 1");
}
