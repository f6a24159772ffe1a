using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Diagnostics.Storage.Sqlite;

/// <summary>
/// SQL for SQLite. SQLite has no sequences. The next number is the highest row id plus one, which is safe because there
/// is only one writer and rows are never removed.
/// </summary>
internal sealed partial class SqliteDialect : SqlDialect
{
    internal static readonly SqlDialect Instance = new SqliteDialect();

    private readonly ConcurrentDictionary<string, string> known = new(StringComparer.Ordinal);

    private SqliteDialect() { }

    internal override DatabaseEngine Engine => DatabaseEngine.Sqlite;

    internal override string Name => "sqlite";

    internal override string InstantType => "TEXT";

    internal override string CountTables => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = @name";

    internal override string AnyTable => "SELECT MIN(name) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'";

    internal override Task<IReadOnlyList<string>> FindDamage(Db db) =>
        db.Query<string>("SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'");

    internal override Task<IReadOnlyList<string>> FindOrphans(Db db) =>
        db.Query<string>(
            "SELECT \"table\" || ' → ' || parent || ': ' || COUNT(*) FROM pragma_foreign_key_check GROUP BY \"table\", parent ORDER BY 1"
        );

    internal override string Of(string sql) =>
        sql.Contains("NEXT VALUE FOR", StringComparison.Ordinal) || sql.Contains("DATE_TRUNC", StringComparison.Ordinal)
            ? known.GetOrAdd(
                sql,
                static text =>
                    Hours()
                        .Replace(
                            Numbers().Replace(text, "(SELECT COALESCE(MAX(rowid), 0) + 1 FROM $1)"),
                            "SUBSTR($1, 1, 13) || ':00:00.000000Z'"
                        )
            )
            : sql;

    /// <summary>An instant is a text, whose first thirteen signs are the day and the hour.</summary>
    [GeneratedRegex(@"\bDATE_TRUNC\('hour', ([\w.]+), 'UTC'\)")]
    private static partial Regex Hours();

    /// <summary>A sequence is named after its table.</summary>
    [GeneratedRegex(@"\bNEXT VALUE FOR (\w+)_numbers\b")]
    private static partial Regex Numbers();
}
