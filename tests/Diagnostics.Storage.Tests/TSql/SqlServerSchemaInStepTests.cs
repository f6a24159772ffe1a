using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace Diagnostics.Storage.Tests.TSql;

/// <summary>
/// Like <see cref="SchemaInStepTests"/>, for the scripts of SQL Server, which are read here with the server's grammar,
/// without a server. Rules are compared over all combinations of values; SQLite evaluates both its own rule and that of
/// SQL Server.
/// </summary>
public sealed partial class SqlServerSchemaInStepTests : IAsyncLifetime
{
    private const int BytesOfTable = 900;
    private const int BytesOfIndex = 1700;

    private static readonly TSqlCatalog Ours = TSqlCatalog.Ours;

    private TestDatabase sqlite = null!;
    private SqliteSchema schema = null!;

    public async Task InitializeAsync()
    {
        sqlite = await TestDatabase.Migrated(Provider.Sqlite);
        schema = new(sqlite);
    }

    public async Task DisposeAsync() => await sqlite.DisposeAsync();

    [Fact]
    public void The_scripts_are_the_servers_own_language() => Ours.Faults.Should().BeEmpty();

    [Fact]
    public async Task The_same_tables_have_the_same_columns_of_kindred_types()
    {
        var theirs = await schema.Columns();

        Sorted(
                Ours.Columns.Select(column =>
                    $"{column.Table}.{column.Name}{(column.Required ? " NOT NULL" : "")}{(column.Defaulted ? " DEFAULT" : "")}"
                )
            )
            .Should()
            .Equal(Sorted(theirs.Select(column => column.Shape)));
        theirs
            .Where(column => !Kindred(column.Type).Contains(Ours.Tables[column.TableName][column.Name].Kind))
            .Select(column => column.Shape)
            .Should()
            .BeEmpty();
    }

    [Fact]
    public async Task Keys_and_references_are_the_same()
    {
        // On SQL Server a unique key would allow only one null, so a filtered index replaces it where the column may be
        // null in many rows.
        var theirs = (await schema.Keys()).Where(key => !IsNullableKey(key));

        Sorted(Ours.Keys.Select(key => $"{key.Table}: {key.Text}").Concat(Ours.References.Select(reference => reference.ToString())))
            .Should()
            .Equal(Sorted(theirs));
    }

    [Fact]
    public async Task Indexes_are_the_same()
    {
        var theirs = (await schema.Indexes())
            .Select(index =>
                Flat(index.Sql)
                    // On SQL Server a unique index counts two nulls as equal, so it needs no COALESCE.
                    .Replace("COALESCE(scope_id, '')", "scope_id", StringComparison.Ordinal)
                    .Replace("COALESCE(commission_id, '')", "commission_id", StringComparison.Ordinal)
            )
            .Concat(
                (await schema.Keys())
                    .Where(IsNullableKey)
                    .Select(key => NullableKey().Match(key))
                    .Select(key =>
                        $"CREATE UNIQUE INDEX {key.Groups[1]}_{key.Groups[2]} ON {key.Groups[1]} ({key.Groups[2]}) WHERE {key.Groups[2]} IS NOT NULL"
                    )
            );

        Sorted(Ours.Indexes.Select(index => index.Text)).Should().Equal(Sorted(theirs));
    }

    [Fact]
    public async Task Checks_say_the_same_of_every_combination_of_values()
    {
        List<string> different = [];
        var left = Ours.Checks.ToList();
        foreach (var table in await schema.Tables())
        foreach (var rule in SqliteSchema.ChecksIn(table.Sql).Select(Flat))
        {
            var columns = ColumnsIn(table.Name, rule);
            // The type <c>bit</c> enforces this rule by itself.
            if (columns is [{ Type: "bit", Name: var flag }] && rule == $"{flag} IN (0, 1)")
                continue;
            var twin = left.FindIndex(check =>
                check.Table == table.Name
                && ColumnsIn(table.Name, check.Rule).SequenceEqual(columns)
                && SaysTheSame(rule, check.Rule, columns)
            );
            if (twin < 0)
                different.Add($"{table.Name}: {rule}");
            else
                left.RemoveAt(twin);
        }

        different.Should().BeEmpty("each has its like");
        left.Should().BeEmpty("and nothing more is asked");
    }

    [Fact]
    public async Task What_keeps_history_is_the_same()
    {
        var theirs = (await schema.Triggers()).Select(trigger => $"{trigger.Name}: {Event().Match(trigger.Sql).Groups[1].Value}");

        Sorted(
                Ours.Triggers.Select(trigger =>
                    $"{trigger.Name}: {trigger.Event}{(trigger.OnlyOf.Count == 0 ? "" : $" OF {string.Join(", ", trigger.OnlyOf)}")} ON {trigger.Table}"
                )
            )
            .Should()
            .Equal(Sorted(theirs));
        Ours.Triggers.Where(trigger => trigger.Statements != 1).Should().BeEmpty("what follows one without GO would be part of it");
    }

    [Fact]
    public void Every_text_is_compared_by_its_code_points() =>
        Ours.Columns.Where(column => column.Kind is TSqlKind.Text && column.Collation != "Latin1_General_100_BIN2").Should().BeEmpty();

    /// <summary>
    /// If a key could outgrow the limit, the server would create it with only a warning, and later refuse any row whose
    /// key is too long.
    /// </summary>
    [Fact]
    public void No_key_can_outgrow_what_the_server_allows() =>
        Ours
            .Keys.Concat(Ours.Indexes)
            .Where(key =>
                key.Columns.Select(column => Ours.Tables[key.Table][column].Bytes).Aggregate((int?)0, (sum, bytes) => sum + bytes)
                    is not { } sum
                || sum > (key.Clustered ? BytesOfTable : BytesOfIndex)
            )
            .Select(key => $"{key.Table}: {key.Text}")
            .Should()
            .BeEmpty();

    /// <summary>
    /// A different length or collation is a different type, so the server would refuse the reference.
    /// </summary>
    [Fact]
    public void A_reference_is_of_the_type_of_what_it_refers_to() =>
        Ours
            .References.SelectMany(reference =>
                reference.Columns.Zip(
                    reference.TargetColumns,
                    (own, theirs) => (Own: Ours.Tables[reference.Table][own], Theirs: Ours.Tables[reference.Target][theirs])
                )
            )
            .Where(pair => pair.Own.Type != pair.Theirs.Type)
            .Should()
            .BeEmpty();

    [Fact]
    public void A_reference_is_to_a_key() =>
        Ours
            .References.Where(reference =>
                !Ours
                    .Keys.Concat(Ours.Indexes.Where(IsUniqueForAllRows))
                    .Any(key => key.Table == reference.Target && key.Columns.SequenceEqual(reference.TargetColumns))
            )
            .Should()
            .BeEmpty();

    private static bool IsUniqueForAllRows(TSqlKey index) =>
        index.Text.StartsWith("CREATE UNIQUE INDEX", StringComparison.Ordinal) && !index.Text.Contains(" WHERE ", StringComparison.Ordinal);

    [Theory]
    [InlineData("(state = 'finished') <= (manifest IS NOT NULL)", "state <> 'finished' OR manifest IS NOT NULL", true)]
    [InlineData("(state = 'finished') <= (manifest IS NOT NULL)", "state = 'finished' OR manifest IS NOT NULL", false)]
    [InlineData("(started_at IS NULL) = (deadline IS NULL)", "started_at IS NULL AND deadline IS NULL", false)]
    [InlineData("seat >= 1", "seat > 1", false)]
    public void A_rule_that_says_something_else_is_found_out(string rule, string other, bool same) =>
        SaysTheSame(rule, other, ColumnsIn("sessions", rule)).Should().Be(same);

    private static TSqlKind[] Kindred(string type) =>
        type switch
        {
            "TEXT" => [TSqlKind.Text, TSqlKind.Id, TSqlKind.Moment],
            "INTEGER" or "REAL" => [TSqlKind.Number],
            "BLOB" => [TSqlKind.Bytes],
            _ => [],
        };

    private static bool IsNullableKey(string key) =>
        NullableKey().Match(key) is { Success: true } match && !Ours.Tables[match.Groups[1].Value][match.Groups[2].Value].Required;

    private static List<TSqlColumn> ColumnsIn(string table, string rule) =>
        Word()
            .Matches(Text().Replace(rule, "''"))
            .Select(word => word.Value)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Where(Ours.Tables[table].ContainsKey)
            .Select(name => Ours.Tables[table][name])
            .ToList();

    /// <summary>
    /// Whether two rules refuse the same combinations of values. The values tried are those that the rules name, some
    /// others, and null where the column allows it.
    /// </summary>
    private bool SaysTheSame(string rule, string other, List<TSqlColumn> columns)
    {
        var (texts, numbers) = (
            Text().Matches(rule + other).Select(text => text.Value).Append("'p'").Append("'q'").Distinct(),
            Number()
                .Matches(Text().Replace(rule + other, ""))
                .Select(number => long.Parse(number.Value, CultureInfo.InvariantCulture))
                .Append(0)
                .ToList()
        );
        var around = numbers
            .SelectMany(number => new[] { number - 1, number, number + 1 })
            .Distinct()
            .Select(number => $"{number}")
            .ToList();
        var values = columns.Select(column =>
        {
            var possible = (column.Kind is TSqlKind.Number ? around : texts).Concat(column.Required ? [] : ["NULL"]);
            return $"(SELECT column1 AS \"{column.Name}\" FROM (VALUES {string.Join(", ", possible.Select(value => $"({value})"))}))";
        });
        using var connection = sqlite.Connect();
        using var command = connection.CreateCommand();
        command.CommandText =
            $"SELECT COUNT(*) FROM {string.Join(" CROSS JOIN ", values)} WHERE (({rule}) IS FALSE) <> (({NationalText().Replace(other, "'")}) IS FALSE)";
        return (long)command.ExecuteScalar()! == 0;
    }

    private static string Flat(string sql) => Blanks().Replace(sql, " ").Trim();

    private static IEnumerable<string> Sorted(IEnumerable<string> lines) => lines.Order(StringComparer.Ordinal);

    [GeneratedRegex(@"^(\w+): UNIQUE \((\w+)\)$")]
    private static partial Regex NullableKey();

    [GeneratedRegex(@"(?:BEFORE|AFTER) (.+? ON \w+)")]
    private static partial Regex Event();

    [GeneratedRegex("'[^']*'")]
    private static partial Regex Text();

    [GeneratedRegex("N'")]
    private static partial Regex NationalText();

    [GeneratedRegex(@"[a-z_]\w*")]
    private static partial Regex Word();

    [GeneratedRegex(@"\b\d+\b")]
    private static partial Regex Number();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
