using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Diagnostics.Storage.Tests.TSql;

/// <summary>
/// Checks a statement as the server would before running it: the grammar, then every name against the schema, then
/// rules that the grammar accepts and the server does not. It sees only the text, not plans, rights or data.
/// </summary>
internal sealed class TSqlReader : TSqlFragmentVisitor
{
    private static readonly HashSet<string> Aggregates = new(
        ["COUNT", "COUNT_BIG", "SUM", "MIN", "MAX", "AVG", "STRING_AGG"],
        StringComparer.OrdinalIgnoreCase
    );

    private readonly TSqlCatalog catalog;
    private readonly List<string> faults = [];
    private readonly Stack<Scope> scopes = new();
    private readonly Dictionary<string, Source> named = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> variables = new(StringComparer.OrdinalIgnoreCase);

    private TSqlReader(TSqlCatalog catalog) => this.catalog = catalog;

    /// <summary>The server's objections; empty when it would run the statement.</summary>
    internal static IReadOnlyList<string> Faults(string sql, TSqlCatalog? catalog = null)
    {
        var (script, faults) = TSqlText.Parse(sql);
        if (script is null)
            return faults;
        var reader = new TSqlReader(catalog ?? TSqlCatalog.Ours);
        script.Accept(reader);
        return reader.faults;
    }

    public override void ExplicitVisit(SelectStatement node)
    {
        foreach (var table in node.WithCtesAndXmlNamespaces?.CommonTableExpressions ?? [])
            named[table.ExpressionName.Value] = new(table.ExpressionName.Value, Read(table.QueryExpression));
        Read(node.QueryExpression);
        named.Clear();
    }

    public override void ExplicitVisit(InsertSpecification node)
    {
        var target = TargetOf(node.Target);
        var columns = node.Columns.Select(column => column.MultiPartIdentifier.Identifiers.Single().Value).ToList();
        foreach (var unknown in columns.Where(column => !target.Has(column)))
            Fault(node, $"{target.Name} has no {unknown}");
        foreach (
            var left in target.Columns.Where(column => column is { Required: true, Defaulted: false } && !columns.Contains(column.Name))
        )
            Fault(node, $"{target.Name}.{left.Name} must be given");
        var kinds = columns.Select(target.KindOf).ToList();
        switch (node.InsertSource)
        {
            case ValuesInsertSource values:
                foreach (var row in values.RowValues)
                {
                    foreach (var value in row.ColumnValues)
                        value.Accept(this);
                    Fit(node, kinds, row.ColumnValues.Select(KindOf).ToList());
                }
                break;
            case SelectInsertSource select:
                Fit(node, kinds, Read(select.Select).Select(column => column.Kind).ToList());
                break;
        }
        if (node.OutputClause is not { } output)
            return;
        if (catalog.Triggers.Exists(trigger => trigger.Table == target.Name && trigger.Event == "INSERT"))
            Fault(node, "OUTPUT from a table with a trigger of its action");
        InScope([new("inserted", target.Columns)], () => output.Accept(this));
    }

    public override void ExplicitVisit(UpdateSpecification node)
    {
        var target = TargetOf(node.Target);
        InScope(
            [target, .. node.FromClause?.TableReferences.SelectMany(SourcesOf) ?? []],
            () =>
            {
                foreach (var set in node.SetClauses.OfType<AssignmentSetClause>())
                {
                    set.Accept(this);
                    Match(set, KindOf(set.Column), KindOf(set.NewValue));
                }
                node.WhereClause?.Accept(this);
            }
        );
    }

    public override void ExplicitVisit(DeleteSpecification node) => InScope([TargetOf(node.Target)], () => node.WhereClause?.Accept(this));

    public override void ExplicitVisit(ScalarSubquery node) => Read(node.QueryExpression);

    public override void ExplicitVisit(ColumnReferenceExpression node)
    {
        if (node.ColumnType is ColumnType.Wildcard)
            return;
        if (Find(node) is null)
            Fault(node, $"unknown or ambiguous: {TSqlText.Of(node)}");
    }

    /// <summary>
    /// Some servers distinguish variables by case and others do not, so the name of a variable must always be spelled
    /// in the same way.
    /// </summary>
    public override void ExplicitVisit(VariableReference node)
    {
        if (variables.TryAdd(node.Name, node.Name) || variables[node.Name] == node.Name)
            return;
        Fault(node, $"spelled in two ways: {node.Name}");
    }

    public override void ExplicitVisit(FunctionCall node)
    {
        if (Aggregates.Contains(node.FunctionName.Value) && Holds<ScalarSubquery>(node))
            Fault(node, $"an aggregate of a subquery: {TSqlText.Of(node)}");
        base.ExplicitVisit(node);
    }

    public override void ExplicitVisit(BooleanComparisonExpression node)
    {
        base.ExplicitVisit(node);
        Match(node, KindOf(node.FirstExpression), KindOf(node.SecondExpression));
    }

    public override void ExplicitVisit(InPredicate node)
    {
        base.ExplicitVisit(node);
        foreach (var value in node.Values)
            Match(node, KindOf(node.Expression), KindOf(value));
    }

    public override void ExplicitVisit(CoalesceExpression node)
    {
        base.ExplicitVisit(node);
        foreach (var value in node.Expressions)
            Match(node, KindOf(node.Expressions[0]), KindOf(value));
    }

    /// <summary>The columns of a query.</summary>
    private List<TSqlColumn> Read(QueryExpression query)
    {
        switch (query)
        {
            case QueryParenthesisExpression inner:
                return Read(inner.QueryExpression);
            case BinaryQueryExpression both:
                var (first, second) = (Read(both.FirstQueryExpression), Read(both.SecondQueryExpression));
                Fit(both, first.Select(column => column.Kind).ToList(), second.Select(column => column.Kind).ToList());
                foreach (var by in both.OrderByClause?.OrderByElements ?? [])
                    if (
                        by.Expression is not IntegerLiteral
                        && !(
                            by.Expression is ColumnReferenceExpression { MultiPartIdentifier.Identifiers: [{ Value: var name }] }
                            && first.Exists(column => column.Name == name)
                        )
                    )
                        Fault(by, "the order of a union is by its own columns");
                return first.Zip(second, (one, other) => one.Kind is TSqlKind.Unknown ? one with { Type = other.Type } : one).ToList();
            case QuerySpecification one:
                List<TSqlColumn> columns = [];
                InScope(one.FromClause?.TableReferences.SelectMany(SourcesOf).ToList() ?? [], () => columns = ReadInScope(one));
                return columns;
            default:
                Fault(query, "a query of an unknown form");
                return [];
        }
    }

    private List<TSqlColumn> ReadInScope(QuerySpecification query)
    {
        foreach (var table in query.FromClause?.TableReferences ?? [])
            VisitConditions(table);
        query.WhereClause?.Accept(this);
        query.GroupByClause?.Accept(this);
        query.HavingClause?.Accept(this);
        foreach (var element in query.SelectElements)
            element.Accept(this);
        var given = query.SelectElements.SelectMany(ColumnsOf).ToList();
        foreach (var by in query.OrderByClause?.OrderByElements ?? [])
        {
            if (
                !(
                    by.Expression is ColumnReferenceExpression { MultiPartIdentifier.Identifiers: [{ Value: var name }] }
                    && given.Exists(column => column.Name == name)
                )
            )
                by.Accept(this);
            if (
                query.UniqueRowFilter is UniqueRowFilter.Distinct
                && by.Expression is not IntegerLiteral
                && !query
                    .SelectElements.Select(TSqlText.Of)
                    .Any(text => text.StartsWith(TSqlText.Of(by.Expression), StringComparison.Ordinal))
            )
                Fault(by, "the order of distinct rows is by what they show");
        }
        CheckGroups(query);
        return given;
    }

    /// <summary>
    /// Checks that a query with an aggregate otherwise selects only values that are constant within a group.
    /// </summary>
    private void CheckGroups(QuerySpecification query)
    {
        var parts = query
            .SelectElements.Cast<TSqlFragment>()
            .Concat(query.HavingClause is null ? [] : [query.HavingClause])
            .Concat(query.OrderByClause?.OrderByElements ?? [])
            .ToList();
        if (query.GroupByClause is null && !parts.Exists(part => Loose.In(part).Aggregates))
            return;
        var groups = query.GroupByClause?.GroupingSpecifications.Select(TSqlText.Of).ToHashSet(StringComparer.Ordinal) ?? [];
        var names = query.SelectElements.OfType<SelectScalarExpression>().Select(element => element.ColumnName?.Value).ToHashSet();
        foreach (var loose in parts.SelectMany(part => Loose.In(part).Columns).Select(TSqlText.Of))
            if (!groups.Contains(loose) && !names.Contains(loose))
                Fault(query, $"neither grouped nor an aggregate: {loose}");
    }

    private IEnumerable<TSqlColumn> ColumnsOf(SelectElement element)
    {
        switch (element)
        {
            case SelectScalarExpression { Expression: var expression, ColumnName: var alias }:
                var kind = KindOf(expression);
                var name = alias?.Value ?? (expression as ColumnReferenceExpression)?.MultiPartIdentifier.Identifiers[^1].Value ?? "";
                return [new("", name, TypeOf(kind), Required: false, Defaulted: false, Collation: null)];
            case SelectStarExpression:
                return scopes.Peek().Sources.SelectMany(source => source.Columns);
            default:
                return [];
        }
    }

    private IEnumerable<Source> SourcesOf(TableReference table)
    {
        switch (table)
        {
            case NamedTableReference { SchemaObject: var name, Alias: var alias }:
                if (name.SchemaIdentifier?.Value == "sys")
                    return [Source.OfServer((alias ?? name.BaseIdentifier).Value)];
                var source = named.GetValueOrDefault(name.BaseIdentifier.Value) ?? Table(name);
                return [source with { Alias = (alias ?? name.BaseIdentifier).Value }];
            case QueryDerivedTable derived:
                return [new(derived.Alias.Value, Read(derived.QueryExpression))];
            case OpenJsonTableReference json:
                json.Variable.Accept(this);
                return
                [
                    new(
                        json.Alias.Value,
                        json.SchemaDeclarationItems.Select(item => item.ColumnDefinition)
                            .Select(column => new TSqlColumn(
                                "",
                                column.ColumnIdentifier.Value,
                                TSqlText.Of(column.DataType),
                                false,
                                false,
                                null
                            ))
                            .ToList()
                    ),
                ];
            case JoinTableReference join:
                return SourcesOf(join.FirstTableReference).Concat(SourcesOf(join.SecondTableReference)).ToList();
            default:
                Fault(table, $"a source of an unknown form: {TSqlText.Of(table)}");
                return [];
        }
    }

    private void VisitConditions(TableReference table)
    {
        if (table is not JoinTableReference join)
            return;
        VisitConditions(join.FirstTableReference);
        VisitConditions(join.SecondTableReference);
        (join as QualifiedJoin)?.SearchCondition.Accept(this);
    }

    private Source TargetOf(TableReference target) =>
        target is NamedTableReference { SchemaObject: var name } ? Table(name) : throw new NotSupportedException(TSqlText.Of(target));

    private Source Table(SchemaObjectName name)
    {
        if (catalog.Tables.TryGetValue(name.BaseIdentifier.Value, out var columns))
            return new(name.BaseIdentifier.Value, [.. columns.Values]);
        Fault(name, $"no table {name.BaseIdentifier.Value}");
        return Source.OfServer(name.BaseIdentifier.Value);
    }

    private void InScope(IReadOnlyList<Source> sources, Action act)
    {
        scopes.Push(new(sources));
        act();
        scopes.Pop();
    }

    /// <summary>
    /// Finds a column in the innermost query that has it; null when no query has the column, or when two sources of the
    /// same query have it.
    /// </summary>
    private TSqlColumn? Find(ColumnReferenceExpression reference)
    {
        var parts = reference.MultiPartIdentifier.Identifiers;
        var name = parts[^1].Value;
        foreach (var scope in scopes)
        {
            var found = scope
                .Sources.Where(source => parts.Count == 1 || source.Alias == parts[^2].Value)
                .Select(source => source.Find(name))
                .OfType<TSqlColumn>()
                .ToList();
            if (found.Count > 0)
                return found.Count == 1 ? found[0] : null;
        }
        return null;
    }

    private TSqlKind KindOf(ScalarExpression? expression) =>
        expression switch
        {
            ColumnReferenceExpression { ColumnType: not ColumnType.Wildcard } column => Find(column)?.Kind ?? TSqlKind.Unknown,
            StringLiteral => TSqlKind.Text,
            IntegerLiteral or NumericLiteral => TSqlKind.Number,
            BinaryLiteral => TSqlKind.Id,
            BinaryExpression sum => KindOf(sum.FirstExpression) is var kind and not TSqlKind.Unknown ? kind : KindOf(sum.SecondExpression),
            ParenthesisExpression inner => KindOf(inner.Expression),
            ConvertCall convert => TSqlKinds.Of(TSqlText.Of(convert.DataType)),
            CastCall cast => TSqlKinds.Of(TSqlText.Of(cast.DataType)),
            CoalesceExpression first => first.Expressions.Select(KindOf).FirstOrDefault(kind => kind is not TSqlKind.Unknown),
            CaseExpression choice => ChoicesOf(choice).Select(KindOf).FirstOrDefault(kind => kind is not TSqlKind.Unknown),
            FunctionCall call => call.FunctionName.Value.ToUpperInvariant() switch
            {
                "COUNT" or "COUNT_BIG" or "ERROR_NUMBER" => TSqlKind.Number,
                "CONCAT" or "LOWER" or "STUFF" or "DB_NAME" or "OBJECT_NAME" => TSqlKind.Text,
                "MIN" or "MAX" or "SUM" => KindOf(call.Parameters[0]),
                _ => TSqlKind.Unknown,
            },
            _ => TSqlKind.Unknown,
        };

    private static IEnumerable<ScalarExpression?> ChoicesOf(CaseExpression choice) =>
        choice switch
        {
            SearchedCaseExpression searched => searched
                .WhenClauses.Select(when => (ScalarExpression?)when.ThenExpression)
                .Append(choice.ElseExpression),
            SimpleCaseExpression simple => simple
                .WhenClauses.Select(when => (ScalarExpression?)when.ThenExpression)
                .Append(choice.ElseExpression),
            _ => [],
        };

    private static string TypeOf(TSqlKind kind) =>
        kind switch
        {
            TSqlKind.Id => "binary",
            TSqlKind.Text => "nvarchar",
            TSqlKind.Number => "int",
            TSqlKind.Moment => "datetime2",
            _ => "",
        };

    private void Fit(TSqlFragment place, List<TSqlKind> wanted, List<TSqlKind> given)
    {
        if (wanted.Count != given.Count)
            Fault(place, $"{given.Count} values for {wanted.Count} columns");
        foreach (var (one, other) in wanted.Zip(given))
            Match(place, one, other);
    }

    /// <summary>
    /// Checks that two kinds may be compared: a text may stand for a time, but bytes never match a text.
    /// </summary>
    private void Match(TSqlFragment place, TSqlKind one, TSqlKind other)
    {
        if (one == other || one is TSqlKind.Unknown || other is TSqlKind.Unknown)
            return;
        if ((one, other) is (TSqlKind.Moment, TSqlKind.Text) or (TSqlKind.Text, TSqlKind.Moment))
            return;
        Fault(place, $"{one} against {other}: {TSqlText.Of(place)}");
    }

    private void Fault(TSqlFragment place, string what) => faults.Add($"{place.StartLine}:{place.StartColumn} {what}");

    private static bool Holds<T>(TSqlFragment fragment)
        where T : TSqlFragment
    {
        var finder = new Finder<T>();
        fragment.Accept(finder);
        return finder.Found;
    }

    private sealed record Scope(IReadOnlyList<Source> Sources);

    private sealed record Source(string Alias, IReadOnlyList<TSqlColumn> Columns)
    {
        private bool IsServers { get; init; }

        internal string Name => Alias;

        /// <summary>
        /// One of the server's own system views. Our scripts do not define its columns, so any column name is accepted.
        /// </summary>
        internal static Source OfServer(string alias) => new(alias, []) { IsServers = true };

        internal bool Has(string column) => Find(column) is not null;

        internal TSqlKind KindOf(string column) => Find(column)?.Kind ?? TSqlKind.Unknown;

        internal TSqlColumn? Find(string column) =>
            Columns.FirstOrDefault(each => each.Name == column) ?? (IsServers ? new(Alias, column, "", false, false, null) : null);
    }

    private sealed class Finder<T> : TSqlFragmentVisitor
        where T : TSqlFragment
    {
        internal bool Found { get; private set; }

        public override void Visit(TSqlFragment fragment) => Found |= fragment is T;
    }

    /// <summary>Columns outside every aggregate and every subquery.</summary>
    private sealed class Loose : TSqlFragmentVisitor
    {
        internal List<ColumnReferenceExpression> Columns { get; } = [];

        internal bool Aggregates { get; private set; }

        internal static Loose In(TSqlFragment fragment)
        {
            var loose = new Loose();
            fragment.Accept(loose);
            return loose;
        }

        public override void ExplicitVisit(ColumnReferenceExpression node) => Columns.Add(node);

        public override void ExplicitVisit(ScalarSubquery node) { }

        public override void ExplicitVisit(FunctionCall node)
        {
            if (TSqlReader.Aggregates.Contains(node.FunctionName.Value))
                Aggregates = true;
            else
                base.ExplicitVisit(node);
        }
    }
}
