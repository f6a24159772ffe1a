using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Diagnostics.Storage.SqlServer;

/// <summary>
/// SQL for SQL Server: it has no LIMIT, no ON CONFLICT and no keywords for true and false, and ids are stored as bytes.
/// The server's own DBCC CHECKDB finds damage to files.
/// </summary>
internal sealed partial class SqlServerDialect : SqlDialect
{
    internal static readonly SqlDialect Instance = new SqlServerDialect();

    private readonly ConcurrentDictionary<string, string> known = new(StringComparer.Ordinal);

    private SqlServerDialect() { }

    internal override DatabaseEngine Engine => DatabaseEngine.SqlServer;

    internal override string Name => "sqlserver";

    internal override string NameType => "nvarchar(200) COLLATE Latin1_General_100_BIN2";

    internal override string InstantType => "datetime2(6)";

    internal override string Clock => "SYSUTCDATETIME()";

    internal override string CountTables => "SELECT COUNT(*) FROM sys.tables WHERE name = @name AND schema_id = SCHEMA_ID()";

    internal override string AnyTable => "SELECT MIN(name) FROM sys.tables WHERE schema_id = SCHEMA_ID() AND is_ms_shipped = 0";

    internal override string Savepoint => "SAVE TRANSACTION part";

    internal override string UndoToSavepoint => "ROLLBACK TRANSACTION part";

    internal override string? ReleaseSavepoint => null;

    // An update lock blocks neither readers nor new rows that refer to the locked row. It blocks everybody else who
    // wants to change or lock the row. Readers of a snapshot never wait.
    internal override string Holding(string select) =>
        select.IndexOf(" WHERE ", StringComparison.Ordinal) is > 0 and var at
            ? select.Insert(at, " WITH (UPDLOCK, ROWLOCK)")
            : throw new ArgumentException("A row is held by its key.", nameof(select));

    /// <summary>
    /// The server itself enforces references, unless somebody switched this off, as a bulk load does. This query checks
    /// every reference as the server's own catalogue describes it; a reference with a null part is valid.
    /// </summary>
    internal override async Task<IReadOnlyList<string>> FindOrphans(Db db)
    {
        var columns = await db.Query<ReferenceColumn>(
            """
            SELECT k.object_id AS id, OBJECT_NAME(k.parent_object_id) AS child, OBJECT_NAME(k.referenced_object_id) AS parent, a.name AS own, b.name AS theirs
            FROM sys.foreign_keys AS k
            JOIN sys.foreign_key_columns AS pair ON pair.constraint_object_id = k.object_id
            JOIN sys.columns AS a ON a.object_id = pair.parent_object_id AND a.column_id = pair.parent_column_id
            JOIN sys.columns AS b ON b.object_id = pair.referenced_object_id AND b.column_id = pair.referenced_column_id
            WHERE k.schema_id = SCHEMA_ID()
            ORDER BY k.object_id, pair.constraint_column_id
            """
        );
        List<string> orphans = [];
        foreach (var reference in columns.GroupBy(column => column.Id))
        {
            var (child, parent) = (reference.First().Child, reference.First().Parent);
            if (
                await db.Value<long>(CountOrphans(child, parent, reference.Select(column => (column.Own, column.Theirs)).ToList()))
                is > 0
                    and var count
            )
                orphans.Add($"{child} → {parent}: {count}");
        }
        return orphans;
    }

    internal override IEnumerable<string> Batches(string script) =>
        BatchEnd().Split(script).Where(batch => !string.IsNullOrWhiteSpace(batch));

    internal override string Of(string sql) =>
        known.GetOrAdd(
            sql,
            static text =>
                Word()
                    .Replace(
                        Undisturbed().Replace(text, Attempt),
                        static word =>
                            word.Groups["limit"] is { Success: true } limit ? $"OFFSET 0 ROWS FETCH NEXT {limit.Value} ROWS ONLY"
                            : word.Groups["flag"] is { Success: true } flag
                                ? flag.Value == "TRUE" ? "1"
                                    : "0"
                            : word.Groups["id"] is { Success: true } id ? IdText(id.Value)
                            : word.Groups["instant"] is { Success: true } instant ? HourOf(instant.Value)
                            : word.Value
                    )
        );

    /// <summary>
    /// Wraps an insert, so that a key that already exists ends neither the batch nor the transaction (XACT_ABORT is
    /// off); any other fault has its usual effect. There is no need to check which key already exists: our statements
    /// that name one key cannot violate any other.
    /// </summary>
    private static string Attempt(Match insert) =>
        $"BEGIN TRY {insert.Groups["insert"].Value.TrimEnd()}; END TRY BEGIN CATCH IF ERROR_NUMBER() NOT IN (2601, 2627) THROW; END CATCH";

    private static string IdText(string id) =>
        $"LOWER(STUFF(STUFF(STUFF(STUFF(CONVERT(varchar(36), {id}, 2), 21, 0, '-'), 17, 0, '-'), 13, 0, '-'), 9, 0, '-'))";

    // The function DATETRUNC exists only from SQL Server 2022 on.
    private static string HourOf(string instant) =>
        $"DATEADD(hour, DATEDIFF(hour, '20000101', {instant}), CAST('20000101' AS datetime2(6)))";

    [GeneratedRegex(
        @"(?<insert>\bINSERT INTO\b(?:'[^']*'|[^';])*?)\bON CONFLICT(?:\s*\([^()]*\)(?:\s+WHERE\b(?:'[^']*'|[^';])*?)?)?\s+DO NOTHING\b"
    )]
    private static partial Regex Undisturbed();

    // String literals come first in the pattern, so that nothing inside a literal is taken for a keyword.
    [GeneratedRegex(
        @"'[^']*'|\bLIMIT\s+(?<limit>@\w+|\d+)|\b(?<flag>TRUE|FALSE)\b|\bCAST\((?<id>[\w.]+) AS VARCHAR\(36\)\)"
            + @"|\bDATE_TRUNC\('hour', (?<instant>[\w.]+), 'UTC'\)"
    )]
    private static partial Regex Word();

    [GeneratedRegex(@"^GO[ \t]*\r?$", RegexOptions.Multiline)]
    private static partial Regex BatchEnd();

    internal static string CountOrphans(string child, string parent, IReadOnlyList<(string Own, string Theirs)> columns) =>
        $"""
            SELECT COUNT_BIG(*) FROM [{child}] AS c
            WHERE {string.Join(" AND ", columns.Select(column => $"c.[{column.Own}] IS NOT NULL"))}
              AND NOT EXISTS (SELECT 1 FROM [{parent}] AS p WHERE {string.Join(
                " AND ",
                columns.Select(column => $"p.[{column.Theirs}] = c.[{column.Own}]")
            )})
            """;

    private sealed record ReferenceColumn
    {
        public int Id { get; init; }
        public string Child { get; init; } = "";
        public string Parent { get; init; } = "";
        public string Own { get; init; } = "";
        public string Theirs { get; init; } = "";
    }
}
