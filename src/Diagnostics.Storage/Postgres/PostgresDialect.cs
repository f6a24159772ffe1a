using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Diagnostics.Storage.Postgres;

/// <summary>
/// SQL for PostgreSQL. The driver passes a list as one array, which <c>IN</c> does not accept. Damage to files is found
/// by the server's own means: page checksums and pg_amcheck.
/// </summary>
internal sealed partial class PostgresDialect : SqlDialect
{
    internal static readonly SqlDialect Instance = new PostgresDialect();

    private readonly ConcurrentDictionary<string, string> known = new(StringComparer.Ordinal);

    private PostgresDialect() { }

    internal override DatabaseEngine Engine => DatabaseEngine.Postgres;

    internal override string Name => "postgres";

    internal override string InstantType => "timestamptz";

    internal override string Clock => "clock_timestamp()";

    internal override string CountTables => "SELECT COUNT(*) FROM pg_catalog.pg_class WHERE oid = to_regclass(@name)";

    // An extension may bring tables of its own.
    internal override string AnyTable =>
        """
            SELECT MIN(relname::text) FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p') AND relnamespace = to_regnamespace(current_schema())
                AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
            """;

    // Keys never change, so a weaker lock is enough, under which others can still add rows that refer to the locked
    // row.
    internal override string Holding(string select) => $"{select} FOR NO KEY UPDATE";

    /// <summary>
    /// The server itself enforces references, unless its triggers were switched off, as in a data-only restore. This
    /// query checks every reference as the server's own catalogue describes it; a reference with a null part is valid.
    /// </summary>
    internal override async Task<IReadOnlyList<string>> FindOrphans(Db db)
    {
        var questions = await db.Query<string>(
            """
            SELECT format('SELECT %L || COUNT(*) FROM %s AS c WHERE %s AND NOT EXISTS (SELECT 1 FROM %s AS p WHERE %s) HAVING COUNT(*) > 0',
                          k.conrelid::regclass || ' → ' || k.confrelid::regclass || ': ', k.conrelid::regclass,
                          string_agg(format('c.%I IS NOT NULL', a.attname), ' AND '), k.confrelid::regclass,
                          string_agg(format('p.%I = c.%I', b.attname, a.attname), ' AND '))
            FROM pg_constraint AS k
            CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS pair (own, theirs)
            JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = pair.own
            JOIN pg_attribute AS b ON b.attrelid = k.confrelid AND b.attnum = pair.theirs
            WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace
            GROUP BY k.oid, k.conrelid, k.confrelid ORDER BY k.oid
            """
        );
        List<string> orphans = [];
        foreach (var question in questions)
            orphans.AddRange(await db.Query<string>(question));
        return orphans;
    }

    internal override string Of(string sql) =>
        sql.Contains(" IN @", StringComparison.Ordinal) || sql.Contains("NEXT VALUE FOR", StringComparison.Ordinal)
            ? known.GetOrAdd(
                sql,
                static text => Numbers().Replace(InList().Replace(NotInList().Replace(text, "<> ALL(@$1)"), "= ANY(@$1)"), "nextval('$1')")
            )
            : sql;

    [GeneratedRegex(@"\bNEXT VALUE FOR (\w+)")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"\bNOT IN @(\w+)")]
    private static partial Regex NotInList();

    [GeneratedRegex(@"\bIN @(\w+)")]
    private static partial Regex InList();
}
