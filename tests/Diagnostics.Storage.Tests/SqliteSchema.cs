using System.Text.RegularExpressions;

namespace Diagnostics.Storage.Tests;

/// <summary>
/// The schema that SQLite's scripts made, as SQLite itself describes it. The schemas of the other engines are compared
/// with this one.
/// </summary>
internal sealed partial class SqliteSchema(TestDatabase sqlite)
{
    internal Task<IReadOnlyList<SchemaColumn>> Columns() =>
        sqlite.Query<SchemaColumn>(
            """
            SELECT m.name AS table_name, c.name, c.type, c."notnull" AS required, c.dflt_value IS NOT NULL AS defaulted
            FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'
            """
        );

    internal async Task<IEnumerable<string>> Keys() =>
        (
            await sqlite.Query<SchemaKey>(
                """
                SELECT m.name AS table_name, 'PRIMARY KEY (' || (SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_table_info(m.name) WHERE pk > 0 ORDER BY pk)) || ')' AS definition
                FROM sqlite_master AS m WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'
                UNION ALL
                SELECT m.name, 'UNIQUE (' || (SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) || ')'
                FROM sqlite_master AS m JOIN pragma_index_list(m.name) AS i WHERE m.type = 'table' AND i.origin = 'u'
                UNION ALL
                SELECT table_name, 'FOREIGN KEY (' || group_concat("from", ', ') || ') REFERENCES ' || target || '(' || group_concat("to", ', ') || ')'
                FROM (SELECT m.name AS table_name, f.id, f."table" AS target, f."from", f."to" FROM sqlite_master AS m JOIN pragma_foreign_key_list(m.name) AS f
                      WHERE m.type = 'table' ORDER BY m.name, f.id, f.seq)
                GROUP BY table_name, id, target
                """
            )
        ).Select(key => key.ToString());

    internal Task<IReadOnlyList<SchemaScript>> Tables() =>
        sqlite.Query<SchemaScript>("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");

    internal Task<IReadOnlyList<SchemaScript>> Indexes() =>
        sqlite.Query<SchemaScript>("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL");

    internal Task<IReadOnlyList<SchemaScript>> Triggers() =>
        sqlite.Query<SchemaScript>("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'");

    internal static IEnumerable<string> ChecksIn(string sql)
    {
        var text = Comment().Replace(sql, "");
        foreach (Match start in CheckStart().Matches(text))
        {
            var (at, depth) = (start.Index + start.Length, 1);
            for (; depth > 0; at++)
                depth += text[at] switch
                {
                    '(' => 1,
                    ')' => -1,
                    _ => 0,
                };
            yield return text[(start.Index + start.Length)..(at - 1)];
        }
    }

    [GeneratedRegex("--[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\bCHECK \(")]
    private static partial Regex CheckStart();
}

internal sealed record SchemaColumn
{
    public string TableName { get; init; } = "";
    public string Name { get; init; } = "";
    public string Type { get; init; } = "";
    public bool Required { get; init; }
    public bool Defaulted { get; init; }

    internal string Shape => $"{TableName}.{Name}{(Required ? " NOT NULL" : "")}{(Defaulted ? " DEFAULT" : "")}";
}

internal sealed record SchemaKey
{
    public string TableName { get; init; } = "";
    public string Definition { get; init; } = "";

    public override string ToString() => $"{TableName}: {Definition}";
}

internal sealed record SchemaScript
{
    public string Name { get; init; } = "";
    public string Sql { get; init; } = "";
}
