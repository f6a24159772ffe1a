using System.Text.RegularExpressions;
using Diagnostics.Storage.SqlServer;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Diagnostics.Storage.Tests.TSql;

internal sealed record TSqlColumn(string Table, string Name, string Type, bool Required, bool Defaulted, string? Collation)
{
    internal TSqlKind Kind => TSqlKinds.Of(Type);

    /// <summary>
    /// The largest number of bytes that the column takes in a key; null when the column's type sets no limit.
    /// </summary>
    internal int? Bytes =>
        Type switch
        {
            "int" => 4,
            "bigint" or "float" or "datetime2(6)" => 8,
            "bit" => 1,
            "binary(16)" => 16,
            _ => Type.StartsWith("nvarchar(", StringComparison.Ordinal) && int.TryParse(Type["nvarchar(".Length..^1], out var length)
                ? 2 * length
                : null,
        };
}

/// <param name="Clustered">Whether the table itself is stored in the order of this key; such a key may have at most 900
/// bytes, and any other key 1700.</param>
/// <param name="Text">The whole statement of an index; for a key, its kind.</param>
/// <param name="Name">The name by which a later script may drop it; null where the server chooses the name.</param>
internal sealed record TSqlKey(string Table, IReadOnlyList<string> Columns, bool Clustered, string Text, string? Name = null);

internal sealed record TSqlReference(string Table, IReadOnlyList<string> Columns, string Target, IReadOnlyList<string> TargetColumns)
{
    public override string ToString() =>
        $"{Table}: FOREIGN KEY ({string.Join(", ", Columns)}) REFERENCES {Target}({string.Join(", ", TargetColumns)})";
}

/// <param name="OnlyOf">Columns whose update fires the trigger; empty when an update of any column does.</param>
/// <param name="Statements">Number of statements in the trigger's body. More than one means that the parser took the
/// statements after the trigger as part of its body.</param>
internal sealed record TSqlTrigger(string Name, string Table, string Event, IReadOnlyList<string> OnlyOf, int Statements);

/// <summary>The schema that the scripts of <c>Migrations/sqlserver</c> make, read with the server's grammar.</summary>
internal sealed partial class TSqlCatalog : TSqlFragmentVisitor
{
    internal static readonly TSqlCatalog Ours = Read();

    internal Dictionary<string, Dictionary<string, TSqlColumn>> Tables { get; } = new(StringComparer.Ordinal);

    internal List<TSqlKey> Keys { get; } = [];

    internal List<TSqlKey> Indexes { get; } = [];

    internal List<TSqlReference> References { get; } = [];

    internal List<(string Table, string Rule)> Checks { get; } = [];

    internal List<TSqlTrigger> Triggers { get; } = [];

    /// <summary>
    /// Grammar faults, and column checks that name another column, because the server does not accept such checks.
    /// </summary>
    internal List<string> Faults { get; } = [];

    internal IEnumerable<TSqlColumn> Columns => Tables.Values.SelectMany(table => table.Values);

    private static TSqlCatalog Read()
    {
        var catalog = new TSqlCatalog();
        foreach (
            var (name, text) in Migrator
                .Scripts("sqlserver")
                .Prepend(("schema_migrations", Migrator.TableOfMigrations(SqlServerDialect.Instance)))
        )
        foreach (var batch in SqlServerDialect.Instance.Batches(text))
        {
            var (script, faults) = TSqlText.Parse(batch);
            catalog.Faults.AddRange(faults.Select(fault => $"{name}: {fault}"));
            script?.Accept(catalog);
        }
        return catalog;
    }

    public override void ExplicitVisit(CreateTableStatement node)
    {
        var table = node.SchemaObjectName.BaseIdentifier.Value;
        Tables[table] = new(StringComparer.Ordinal);
        Add(table, node.Definition);
    }

    public override void ExplicitVisit(AlterTableAddTableElementStatement node) =>
        Add(node.SchemaObjectName.BaseIdentifier.Value, node.Definition);

    public override void ExplicitVisit(AlterTableAlterColumnStatement node)
    {
        var table = Tables[node.SchemaObjectName.BaseIdentifier.Value];
        var name = node.ColumnIdentifier.Value;
        table[name] = table[name] with
        {
            Type = TSqlText.Of(node.DataType),
            Required = node.AlterTableAlterColumnOption is AlterTableAlterColumnOption.NotNull,
            Collation = node.Collation?.Value,
        };
    }

    public override void ExplicitVisit(AlterTableDropTableElementStatement node)
    {
        var table = node.SchemaObjectName.BaseIdentifier.Value;
        foreach (var element in node.AlterTableDropTableElements)
            if (Keys.RemoveAll(key => key.Table == table && key.Name == element.Name.Value) != 1)
                Faults.Add($"{table} has no key {element.Name.Value}");
    }

    /// <summary>
    /// To drop a rule whose name the server has chosen, a script builds a statement from <c>sys.check_constraints</c>.
    /// The script finds the rule by its table and by a word in the rule, and exactly one rule must match.
    /// </summary>
    public override void ExplicitVisit(QuerySpecification node)
    {
        var text = TSqlText.Of(node);
        if (DroppedRule().Match(text) is { Success: true } rule)
        {
            var (table, word) = (rule.Groups["table"].Value, rule.Groups["word"].Value);
            if (Checks.RemoveAll(check => check.Table == table && check.Rule.Contains(word, StringComparison.Ordinal)) != 1)
                Faults.Add($"{table} has no rule on {word}, or several");
        }
        base.ExplicitVisit(node);
    }

    public override void ExplicitVisit(CreateIndexStatement node)
    {
        var table = node.OnName.BaseIdentifier.Value;
        var columns = NamesOf(node.Columns);
        Indexes.Add(new(table, columns, Clustered: false, TSqlText.Of(node).TrimEnd(';')));
        if (
            columns
                .Concat(node.FilterPredicate is null ? [] : NamesIn(node.FilterPredicate))
                .FirstOrDefault(column => !Tables[table].ContainsKey(column)) is
            { } unknown
        )
            Faults.Add($"{node.Name.Value}: {table} has no {unknown}");
    }

    public override void ExplicitVisit(DropIndexStatement node)
    {
        foreach (var clause in node.DropIndexClauses.OfType<DropIndexClause>())
        {
            var (name, table) = (clause.Index.Value, clause.Object.BaseIdentifier.Value);
            if (Indexes.RemoveAll(index => index.Table == table && index.Text.Contains($"INDEX {name} ON", StringComparison.Ordinal)) != 1)
                Faults.Add($"{table} has no index {name}");
        }
    }

    public override void ExplicitVisit(CreateTriggerStatement node)
    {
        var updated = new UpdatedColumns();
        node.StatementList.Accept(updated);
        var table = node.TriggerObject.Name.BaseIdentifier.Value;
        if (!Tables.ContainsKey(table))
            Faults.Add($"{node.Name.BaseIdentifier.Value}: no table {table}");
        Triggers.Add(
            new(
                node.Name.BaseIdentifier.Value,
                table,
                node.TriggerActions.Single().TriggerActionType.ToString().ToUpperInvariant(),
                updated.Names,
                node.StatementList.Statements.Count
            )
        );
    }

    private void Add(string table, TableDefinition definition)
    {
        foreach (var column in definition.ColumnDefinitions)
        {
            var name = column.ColumnIdentifier.Value;
            var keys = column.Constraints.OfType<UniqueConstraintDefinition>().ToList();
            Tables[table]
                .Add(
                    name,
                    new(
                        table,
                        name,
                        TSqlText.Of(column.DataType),
                        keys.Exists(key => key.IsPrimaryKey)
                            || column.Constraints.OfType<NullableConstraintDefinition>().Any(rule => !rule.Nullable),
                        column.DefaultConstraint is not null,
                        column.Collation?.Value
                    )
                );
            foreach (var rule in column.Constraints)
                Add(table, rule, name);
        }
        foreach (var rule in definition.TableConstraints)
            Add(table, rule, column: null);
    }

    private void Add(string table, ConstraintDefinition rule, string? column)
    {
        switch (rule)
        {
            case UniqueConstraintDefinition key:
                var columns = column is null ? NamesOf(key.Columns) : [column];
                Keys.Add(
                    new(
                        table,
                        columns,
                        key.IsPrimaryKey && key.Clustered is not false,
                        $"{(key.IsPrimaryKey ? "PRIMARY KEY" : "UNIQUE")} ({string.Join(", ", columns)})",
                        key.ConstraintIdentifier?.Value
                    )
                );
                break;
            case ForeignKeyConstraintDefinition reference:
                References.Add(
                    new(
                        table,
                        column is null ? [.. reference.Columns.Select(each => each.Value)] : [column],
                        reference.ReferenceTableName.BaseIdentifier.Value,
                        [.. reference.ReferencedTableColumns.Select(each => each.Value)]
                    )
                );
                break;
            case CheckConstraintDefinition check:
                Checks.Add((table, TSqlText.Of(check.CheckCondition)));
                if (column is not null && NamesIn(check.CheckCondition).Any(each => each != column))
                    Faults.Add($"{table}.{column}: its check speaks of another column");
                break;
        }
    }

    [GeneratedRegex(
        @"'ALTER TABLE (?<table>\w+) DROP CONSTRAINT '.+FROM\s+sys\.check_constraints.+OBJECT_ID\(N'\k<table>'\).+definition LIKE N'%(?<word>\w+)%'",
        RegexOptions.Singleline
    )]
    private static partial Regex DroppedRule();

    private static List<string> NamesOf(IEnumerable<ColumnWithSortOrder> columns) =>
        columns.Select(column => column.Column.MultiPartIdentifier.Identifiers.Single().Value).ToList();

    private static List<string> NamesIn(TSqlFragment expression)
    {
        var names = new ColumnNames();
        expression.Accept(names);
        return names.Names;
    }

    private sealed class ColumnNames : TSqlFragmentVisitor
    {
        internal List<string> Names { get; } = [];

        public override void Visit(ColumnReferenceExpression node) => Names.Add(node.MultiPartIdentifier.Identifiers[^1].Value);
    }

    private sealed class UpdatedColumns : TSqlFragmentVisitor
    {
        internal List<string> Names { get; } = [];

        public override void Visit(UpdateCall node) => Names.Add(node.Identifier.Value);
    }
}

/// <summary>
/// The kinds of values. Only values of the same kind may be compared, except that a text may stand for a time.
/// </summary>
internal enum TSqlKind
{
    Unknown,
    Id,
    Text,
    Number,
    Moment,
    Bytes,
}

internal static class TSqlKinds
{
    internal static TSqlKind Of(string type) =>
        type.Split('(')[0] switch
        {
            "binary" => TSqlKind.Id,
            "varbinary" => TSqlKind.Bytes,
            "nvarchar" or "varchar" or "char" or "nchar" => TSqlKind.Text,
            "int" or "bigint" or "bit" or "float" => TSqlKind.Number,
            "datetime2" => TSqlKind.Moment,
            _ => TSqlKind.Unknown,
        };
}
