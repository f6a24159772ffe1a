using System.Text.RegularExpressions;

namespace Diagnostics.Storage.Tests;

/// <summary>
/// The scripts of all dialects make the same tables. A change of the schema is one script of the same name in each folder
/// of <c>Migrations/</c>; whoever forgets one is told here what is missing.
/// </summary>
[NeedsPostgres]
public sealed partial class SchemaInStepTests : IAsyncLifetime
{
    /// <summary>What only a server with many writers needs.</summary>
    private static readonly string[] OnlyOnPostgres = ["turn"];

    private TestDatabase sqlite = null!;
    private TestDatabase postgres = null!;

    public async Task InitializeAsync()
    {
        sqlite = await TestDatabase.Migrated(Provider.Sqlite);
        postgres = await TestDatabase.Migrated(Provider.Postgres);
    }

    public async Task DisposeAsync()
    {
        await sqlite.DisposeAsync();
        await postgres.DisposeAsync();
    }

    [ContractFact]
    public async Task The_same_tables_have_the_same_columns_of_kindred_types()
    {
        var ours = await sqlite.Query<ColumnRow>("""
            SELECT m.name AS table_name, c.name, c.type, c."notnull" AS required, c.dflt_value IS NOT NULL AS defaulted
            FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'
            """);
        var theirs = await postgres.Query<ColumnRow>("""
            SELECT c.relname::text AS table_name, a.attname::text AS name, format_type(a.atttypid, NULL) AS type, a.attnotnull AS required, a.atthasdef AS defaulted
            FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
            """);

        Sorted(theirs.Select(column => column.Shape)).Should().Equal(Sorted(ours.Select(column => column.Shape)));
        var types = theirs.ToDictionary(column => (column.TableName, column.Name), column => column.Type);
        ours.Where(column => !Kindred(column.Type).Contains(types[(column.TableName, column.Name)])).Select(column => column.Shape).Should().BeEmpty();
        (await postgres.Query<string>("SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"))
            .Except(ours.Select(column => column.TableName)).Should().BeEquivalentTo(OnlyOnPostgres);
    }

    [ContractFact]
    public async Task Keys_and_references_are_the_same()
    {
        var ours = (await sqlite.Query<KeyRow>("""
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
            """)).Select(key => key.ToString());
        var theirs = (await postgres.Query<KeyRow>("""
            SELECT c.relname::text AS table_name, pg_get_constraintdef(k.oid) AS definition
            FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid
            WHERE c.relnamespace = 'public'::regnamespace AND k.contype IN ('p', 'u', 'f')
            """)).Select(key => key.ToString());

        Sorted(theirs).Should().Equal(Sorted(ours));
    }

    /// <summary>PostgreSQL itself says whether two rules are one: SQLite's are given to a twin of each table, and both read back.</summary>
    [ContractFact]
    public async Task Checks_are_the_same()
    {
        await MakeTwins();
        foreach (var table in await sqlite.Query<ScriptRow>("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"))
            foreach (var rule in ChecksIn(table.Sql))
                if (await InPostgresWords(table.Name, rule) is { } said) await postgres.Execute($"ALTER TABLE twin.{table.Name} ADD CHECK ({said})");

        Sorted(await Checks("public")).Should().Equal(Sorted(await Checks("twin")));
    }

    [ContractFact]
    public async Task Indexes_are_the_same()
    {
        await MakeTwins();
        foreach (var index in await sqlite.Query<ScriptRow>("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"))
            await postgres.Execute(index.Sql
                .Replace(" ON ", " ON twin.", StringComparison.Ordinal)
                .Replace("COALESCE(commission_id, '')", $"COALESCE(commission_id, '{Guid.Empty}')", StringComparison.Ordinal));

        Sorted(await Indexes("public")).Should().Equal(Sorted(await Indexes("twin")));
    }

    [ContractFact]
    public async Task What_keeps_history_is_the_same()
    {
        var ours = (await sqlite.Query<ScriptRow>("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).Select(trigger => $"{trigger.Name}: {Event().Match(trigger.Sql).Value}");
        var theirs = (await postgres.Query<ScriptRow>("SELECT tgname::text AS name, pg_get_triggerdef(oid) AS sql FROM pg_trigger WHERE NOT tgisinternal"))
            .Where(trigger => !trigger.Name.EndsWith("_keep_truncate", StringComparison.Ordinal))
            .Select(trigger => $"{trigger.Name}: {Event().Match(trigger.Sql.Replace("public.", "", StringComparison.Ordinal)).Value}");

        Sorted(theirs).Should().Equal(Sorted(ours));
    }

    /// <summary>The servers of this run compare by the rules of Russian; a code must not.</summary>
    [ContractFact]
    public async Task Every_text_is_compared_byte_by_byte() => (await postgres.Query<string>("""
        SELECT c.relname || '.' || a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'schema_migrations'
          AND a.atttypid = 'text'::regtype AND a.attcollation <> '"C"'::regcollation
        """)).Should().BeEmpty();

    private static string[] Kindred(string type) => type switch
    {
        "TEXT" => ["text", "uuid", "timestamp with time zone"],
        "INTEGER" => ["integer", "bigint", "boolean"],
        "REAL" => ["double precision"],
        _ => [],
    };

    private static IEnumerable<string> Sorted(IEnumerable<string> lines) => lines.Order(StringComparer.Ordinal);

    private async Task MakeTwins()
    {
        await postgres.Execute("CREATE SCHEMA twin");
        foreach (var table in await postgres.Query<string>("SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"))
            await postgres.Execute($"CREATE TABLE twin.{table} (LIKE public.{table})");
    }

    private static IEnumerable<string> ChecksIn(string sql)
    {
        var text = Comment().Replace(sql, "");
        foreach (Match start in CheckStart().Matches(text))
        {
            var (at, depth) = (start.Index + start.Length, 1);
            for (; depth > 0; at++) depth += text[at] switch { '(' => 1, ')' => -1, _ => 0 };
            yield return text[(start.Index + start.Length)..(at - 1)];
        }
    }

    /// <summary>Null for a rule that the type boolean keeps by itself.</summary>
    private async Task<string?> InPostgresWords(string table, string rule)
    {
        foreach (var flag in await postgres.Query<string>("SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass(@table) AND atttypid = 'boolean'::regtype", new { table }))
        {
            if (rule == $"{flag} IN (0, 1)") return null;
            rule = rule.Replace($"{flag} = 0", $"{flag} = FALSE", StringComparison.Ordinal);
        }
        return rule;
    }

    private async Task<IEnumerable<string>> Checks(string schema) => (await postgres.Query<KeyRow>("""
        SELECT c.relname::text AS table_name, pg_get_constraintdef(k.oid) AS definition
        FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = @schema AND k.contype = 'c'
        """, new { schema })).Select(key => key.ToString());

    private async Task<IEnumerable<string>> Indexes(string schema) => (await postgres.Query<string>("""
        SELECT pg_get_indexdef(i.indexrelid)
        FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = @schema AND NOT EXISTS (SELECT 1 FROM pg_constraint AS k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u'))
        """, new { schema })).Select(definition => definition.Replace($"{schema}.", "", StringComparison.Ordinal));

    [GeneratedRegex("--[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\bCHECK \(")]
    private static partial Regex CheckStart();

    [GeneratedRegex(@"BEFORE .+? ON \w+")]
    private static partial Regex Event();

    private sealed record ColumnRow
    {
        public string TableName { get; init; } = "";
        public string Name { get; init; } = "";
        public string Type { get; init; } = "";
        public bool Required { get; init; }
        public bool Defaulted { get; init; }

        internal string Shape => $"{TableName}.{Name}{(Required ? " NOT NULL" : "")}{(Defaulted ? " DEFAULT" : "")}";
    }

    private sealed record KeyRow
    {
        public string TableName { get; init; } = "";
        public string Definition { get; init; } = "";

        public override string ToString() => $"{TableName}: {Definition}";
    }

    private sealed record ScriptRow
    {
        public string Name { get; init; } = "";
        public string Sql { get; init; } = "";
    }
}

/// <summary>The part that needs no server.</summary>
public sealed class MigrationNamesTests
{
    [Fact]
    public void Every_dialect_has_a_script_for_every_change() =>
        Migrator.Scripts("postgres").Select(script => script.Name).Should().Equal(Migrator.Scripts("sqlite").Select(script => script.Name));
}
