using Diagnostics.Engine;
using NodaTime;

namespace Diagnostics.Storage.ItemBank;

internal sealed record FacetRow
{
    public string Code { get; init; } = "";
    public int Version { get; init; }

    /// <summary>The bank's folder to which the facet belongs.</summary>
    public string Diagnostic { get; init; } = "";

    public string Title { get; init; } = "";
    public string Block { get; init; } = "";
    public string Element { get; init; } = "";
    public string Type { get; init; } = "";
    public int Difficulty { get; init; }
    public Points Points { get; init; }
    public string Status { get; init; } = "";
    public string Author { get; init; } = "";
    public string? Reviewer { get; init; }
    public string Fingerprint { get; init; } = "";
    public Instant CreatedAt { get; init; }
}

internal sealed record FacetTransitionRow
{
    public Guid Id { get; init; }
    public string FacetCode { get; init; } = "";
    public int FacetVersion { get; init; }
    public string FromStatus { get; init; } = "";
    public string ToStatus { get; init; } = "";
    public string Actor { get; init; } = "";
    public string? Reason { get; init; }
    public Instant At { get; init; }
}

internal sealed record BankCounts
{
    public int Items { get; init; }
    public int Facets { get; init; }
    public int Blueprints { get; init; }
}

internal static class FacetStore
{
    private const string Columns = """
        f.code, f.version, f.diagnostic, f.title, f.block, f.element, f.type, f.difficulty, f.points, f.status, f.author, f.reviewer,
        f.fingerprint, f.created_at
        """;

    private const string IsLatest = "f.version = (SELECT MAX(l.version) FROM item_facets AS l WHERE l.code = f.code)";

    internal static Task<FacetRow?> Find(Db db, string code, int version) =>
        db.Find<FacetRow>($"SELECT {Columns} FROM item_facets AS f WHERE f.code = @code AND f.version = @version", new { code, version });

    internal static Task<FacetRow?> FindLatest(Db db, string code) =>
        db.Find<FacetRow>($"SELECT {Columns} FROM item_facets AS f WHERE f.code = @code AND {IsLatest}", new { code });

    /// <summary>The latest version that a form may use.</summary>
    internal static Task<FacetRow?> FindUsable(Db db, string code) =>
        db.Find<FacetRow>(
            $"""
            SELECT {Columns} FROM item_facets AS f
            WHERE f.code = @code AND f.version = (SELECT MAX(u.version) FROM item_facets AS u WHERE u.code = @code AND u.status IN ('approved','active'))
            """,
            new { code }
        );

    internal static Task<IReadOnlyList<FacetRow>> Versions(Db db, string code) =>
        db.Query<FacetRow>($"SELECT {Columns} FROM item_facets AS f WHERE f.code = @code ORDER BY f.version", new { code });

    /// <summary>The latest versions of the facets, ordered by code.</summary>
    internal static Task<IReadOnlyList<FacetRow>> Latest(Db db, string? status, string? after, int limit) =>
        db.Query<FacetRow>(
            $"""
            SELECT {Columns} FROM item_facets AS f
            WHERE {IsLatest} AND (@status IS NULL OR f.status = @status) AND (@after IS NULL OR f.code > @after)
            ORDER BY f.code LIMIT @limit
            """,
            new
            {
                status,
                after,
                limit,
            }
        );

    internal static Task<IReadOnlyList<FacetRow>> AllLatest(Db db) =>
        db.Query<FacetRow>($"SELECT {Columns} FROM item_facets AS f WHERE {IsLatest} ORDER BY f.code");

    internal static Task<int> Add(Db db, FacetRow facet) =>
        db.Execute(
            """
            INSERT INTO item_facets (code, version, diagnostic, title, block, element, type, difficulty, points, status, author, reviewer, fingerprint, created_at)
            VALUES (@Code, @Version, @Diagnostic, @Title, @Block, @Element, @Type, @Difficulty, @Points, @Status, @Author, @Reviewer, @Fingerprint, @CreatedAt)
            """,
            facet
        );

    /// <summary>
    /// Returns false when the status is no longer <paramref name="from"/>, so when two people decide at the same time,
    /// only one succeeds.
    /// </summary>
    internal static async Task<bool> Move(Db db, string code, int version, string from, string to, string? reviewer) =>
        await db.Execute(
            """
            UPDATE item_facets SET status = @to, reviewer = @reviewer WHERE code = @code AND version = @version AND status = @from
            """,
            new
            {
                code,
                version,
                from,
                to,
                reviewer,
            }
        ) == 1;

    internal static Task<int> AddTransition(Db db, FacetTransitionRow transition) =>
        db.Execute(
            """
            INSERT INTO item_transitions (id, facet_code, facet_version, from_status, to_status, actor, reason, at)
            VALUES (@Id, @FacetCode, @FacetVersion, @FromStatus, @ToStatus, @Actor, @Reason, @At)
            """,
            transition
        );

    internal static Task<IReadOnlyList<FacetTransitionRow>> Transitions(Db db, string code) =>
        db.Query<FacetTransitionRow>(
            """
            SELECT id, facet_code, facet_version, from_status, to_status, actor, reason, at FROM item_transitions WHERE facet_code = @code ORDER BY at, id
            """,
            new { code }
        );

    /// <summary>
    /// Whether a form contains this version. A version that a form contains may never become a draft again
    /// (docs/promises.md, items).
    /// </summary>
    internal static Task<bool> IsUsed(Db db, string code, int version) =>
        db.Value<bool>(
            """
            SELECT CASE WHEN EXISTS (SELECT 1 FROM form_slots WHERE facet_code = @code AND facet_version = @version) THEN 1 ELSE 0 END
            """,
            new { code, version }
        );

    /// <summary>Codes of facets whose latest version is in a form.</summary>
    internal static Task<IReadOnlyList<string>> UsedLatest(Db db) =>
        db.Query<string>(
            $"""
            SELECT f.code FROM item_facets AS f
            WHERE {IsLatest} AND EXISTS (SELECT 1 FROM form_slots AS s WHERE s.facet_code = f.code AND s.facet_version = f.version)
            """
        );

    internal static async Task<BankCounts> Count(Db db) =>
        (
            await db.Find<BankCounts>(
                $"""
                SELECT (SELECT COUNT(*) FROM item_facets AS f JOIN item_facet_items AS i ON i.facet_code = f.code AND i.facet_version = f.version WHERE {IsLatest}) AS items,
                       (SELECT COUNT(DISTINCT code) FROM item_facets) AS facets,
                       (SELECT COUNT(DISTINCT code) FROM blueprints) AS blueprints
                """
            )
        )!;
}
