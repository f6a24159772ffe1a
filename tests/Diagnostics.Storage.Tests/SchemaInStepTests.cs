using System.Text.RegularExpressions;

namespace Diagnostics.Storage.Tests;

/// <summary>
/// The scripts of all dialects make the same tables. A schema change is one script with the same name in each folder of
/// <c>Migrations/</c>; when a script is forgotten, this test names it.
/// </summary>
[NeedsPostgres]
public sealed partial class SchemaInStepTests : IAsyncLifetime
{
    /// <summary>Tables that only a server with many writers needs.</summary>
    private static readonly string[] OnlyOnPostgres = ["turn"];

    private TestDatabase sqlite = null!;
    private TestDatabase postgres = null!;
    private SqliteSchema schema = null!;

    public async Task InitializeAsync()
    {
        sqlite = await TestDatabase.Migrated(Provider.Sqlite);
        schema = new(sqlite);
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
        var ours = await schema.Columns();
        var theirs = await postgres.Query<SchemaColumn>(
            """
            SELECT c.relname::text AS table_name, a.attname::text AS name, format_type(a.atttypid, NULL) AS type, a.attnotnull AS required, a.atthasdef AS defaulted
            FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
            """
        );

        Sorted(theirs.Select(column => column.Shape)).Should().Equal(Sorted(ours.Select(column => column.Shape)));
        var types = theirs.ToDictionary(column => (column.TableName, column.Name), column => column.Type);
        ours.Where(column => !Kindred(column.Type).Contains(types[(column.TableName, column.Name)]))
            .Select(column => column.Shape)
            .Should()
            .BeEmpty();
        (await postgres.Query<string>("SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"))
            .Except(ours.Select(column => column.TableName))
            .Should()
            .BeEquivalentTo(OnlyOnPostgres);
    }

    [ContractFact]
    public async Task Keys_and_references_are_the_same()
    {
        var ours = await schema.Keys();
        var theirs = (
            await postgres.Query<SchemaKey>(
                """
                SELECT c.relname::text AS table_name, pg_get_constraintdef(k.oid) AS definition
                FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid
                WHERE c.relnamespace = 'public'::regnamespace AND k.contype IN ('p', 'u', 'f')
                """
            )
        ).Select(key => key.ToString());

        Sorted(theirs).Should().Equal(Sorted(ours));
    }

    /// <summary>
    /// PostgreSQL itself decides whether two rules are equal: a twin of each table gets SQLite's rules, and the rules
    /// of both tables are read back.
    /// </summary>
    [ContractFact]
    public async Task Checks_are_the_same()
    {
        await MakeTwins();
        foreach (var table in await schema.Tables())
        foreach (var rule in SqliteSchema.ChecksIn(table.Sql))
            if (await InPostgresWords(table.Name, rule) is { } said)
                await postgres.Execute($"ALTER TABLE twin.{table.Name} ADD CHECK ({said})");

        Sorted(await Checks("public")).Should().Equal(Sorted(await Checks("twin")));
    }

    [ContractFact]
    public async Task Indexes_are_the_same()
    {
        await MakeTwins();
        foreach (var index in await schema.Indexes())
            await postgres.Execute(
                index
                    .Sql.Replace(" ON ", " ON twin.", StringComparison.Ordinal)
                    .Replace("COALESCE(commission_id, '')", $"COALESCE(commission_id, '{Guid.Empty}')", StringComparison.Ordinal)
            );

        Sorted(await Indexes("public")).Should().Equal(Sorted(await Indexes("twin")));
    }

    [ContractFact]
    public async Task What_keeps_history_is_the_same()
    {
        var ours = (await schema.Triggers()).Select(trigger => $"{trigger.Name}: {Event().Match(trigger.Sql).Value}");
        var theirs = (
            await postgres.Query<SchemaScript>(
                "SELECT tgname::text AS name, pg_get_triggerdef(oid) AS sql FROM pg_trigger WHERE NOT tgisinternal"
            )
        )
            .Where(trigger => !trigger.Name.EndsWith("_keep_truncate", StringComparison.Ordinal))
            .Select(trigger => $"{trigger.Name}: {Event().Match(trigger.Sql.Replace("public.", "", StringComparison.Ordinal)).Value}");

        Sorted(theirs).Should().Equal(Sorted(ours));
    }

    /// <summary>
    /// By default the servers in this run compare texts by Russian rules; codes must be compared byte by byte.
    /// </summary>
    [ContractFact]
    public async Task Every_text_is_compared_byte_by_byte() => (
            await postgres.Query<string>(
                """
                SELECT c.relname || '.' || a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
                WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'schema_migrations'
                  AND a.atttypid = 'text'::regtype AND a.attcollation <> '"C"'::regcollation
                """
            )
        ).Should().BeEmpty();

    private static string[] Kindred(string type) =>
        type switch
        {
            "TEXT" => ["text", "uuid", "timestamp with time zone"],
            "INTEGER" => ["integer", "bigint", "boolean"],
            "REAL" => ["double precision"],
            "BLOB" => ["bytea"],
            _ => [],
        };

    private static IEnumerable<string> Sorted(IEnumerable<string> lines) => lines.Order(StringComparer.Ordinal);

    private async Task MakeTwins()
    {
        await postgres.Execute("CREATE SCHEMA twin");
        foreach (
            var table in await postgres.Query<string>(
                "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            )
        )
            await postgres.Execute($"CREATE TABLE twin.{table} (LIKE public.{table})");
    }

    /// <summary>The rule as PostgreSQL writes it; null for a rule that the boolean type already enforces.</summary>
    private async Task<string?> InPostgresWords(string table, string rule)
    {
        foreach (
            var flag in await postgres.Query<string>(
                "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass(@table) AND atttypid = 'boolean'::regtype",
                new { table }
            )
        )
        {
            if (rule == $"{flag} IN (0, 1)")
                return null;
            rule = rule.Replace($"{flag} = 0", $"{flag} = FALSE", StringComparison.Ordinal);
        }
        return rule;
    }

    private async Task<IEnumerable<string>> Checks(string schema) =>
        (
            await postgres.Query<SchemaKey>(
                """
                SELECT c.relname::text AS table_name, pg_get_constraintdef(k.oid) AS definition
                FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
                WHERE n.nspname = @schema AND k.contype = 'c'
                """,
                new { schema }
            )
        ).Select(key => key.ToString());

    private async Task<IEnumerable<string>> Indexes(string schema) =>
        (
            await postgres.Query<string>(
                """
                SELECT pg_get_indexdef(i.indexrelid)
                FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
                WHERE n.nspname = @schema AND NOT EXISTS (SELECT 1 FROM pg_constraint AS k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u'))
                """,
                new { schema }
            )
        ).Select(definition => definition.Replace($"{schema}.", "", StringComparison.Ordinal));

    [GeneratedRegex(@"BEFORE .+? ON \w+")]
    private static partial Regex Event();
}

/// <summary>The checks of migration scripts that need no server.</summary>
public sealed class MigrationNamesTests
{
    /// <summary>Scripts about SQLite's own layout of a table, which do not affect the service.</summary>
    private static readonly string[] OnlyOnSqlite = ["0010_responses_by_arrival.sql"];

    [Theory]
    [InlineData("postgres")]
    [InlineData("sqlserver")]
    public void Every_dialect_has_a_script_for_every_change(string dialect) =>
        Migrator
            .Scripts(dialect)
            .Select(script => script.Name)
            .Should()
            .NotBeEmpty()
            .And.Equal(Migrator.Scripts("sqlite").Select(script => script.Name).Except(OnlyOnSqlite));
}
