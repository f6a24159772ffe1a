using NodaTime;

namespace Diagnostics.Storage.ItemBank;

internal sealed record ItemVersionRow
{
    public string Code { get; init; } = "";
    public int Version { get; init; }
    public string Facet { get; init; } = "";
    public int Variant { get; init; }

    /// <summary>Canonical JSON.</summary>
    public string Content { get; init; } = "";

    public string Fingerprint { get; init; } = "";
    public Instant CreatedAt { get; init; }
}

internal sealed record ItemFingerprintRow
{
    public string Code { get; init; } = "";
    public int Version { get; init; }
    public string Fingerprint { get; init; } = "";
}

/// <summary>An item from the latest version of its facet.</summary>
internal sealed record CurrentItemRow
{
    public string Code { get; init; } = "";
    public int Version { get; init; }
    public string Facet { get; init; } = "";
    public int FacetVersion { get; init; }
    public int Variant { get; init; }
    public string Status { get; init; } = "";
    public string Content { get; init; } = "";
}

/// <summary>Filters for a list of items; null = no filter.</summary>
internal sealed record ItemFilter(string? Type, string? Block, string? Element, int? Difficulty, string? Status);

internal static class ItemStore
{
    private const string Columns = "code, version, facet, variant, content, fingerprint, created_at";

    internal static Task<ItemVersionRow?> Find(Db db, string code, int version) =>
        db.Find<ItemVersionRow>($"SELECT {Columns} FROM item_versions WHERE code = @code AND version = @version", new { code, version });

    internal static Task<IReadOnlyList<ItemVersionRow>> Versions(Db db, string code) =>
        db.Query<ItemVersionRow>($"SELECT {Columns} FROM item_versions WHERE code = @code ORDER BY version", new { code });

    internal static Task<IReadOnlyList<ItemFingerprintRow>> Fingerprints(Db db) =>
        db.Query<ItemFingerprintRow>("SELECT code, version, fingerprint FROM item_versions");

    internal static Task<int> Add(Db db, ItemVersionRow item) =>
        db.Execute(
            """
            INSERT INTO item_versions (code, version, facet, variant, content, fingerprint, created_at)
            VALUES (@Code, @Version, @Facet, @Variant, @Content, @Fingerprint, @CreatedAt)
            """,
            item
        );

    internal static Task<int> Link(Db db, string facetCode, int facetVersion, int variant, string itemCode, int itemVersion) =>
        db.Execute(
            """
            INSERT INTO item_facet_items (facet_code, facet_version, variant, item_code, item_version)
            VALUES (@facetCode, @facetVersion, @variant, @itemCode, @itemVersion)
            """,
            new
            {
                facetCode,
                facetVersion,
                variant,
                itemCode,
                itemVersion,
            }
        );

    /// <summary>The items of a version of a facet, ordered by variant.</summary>
    internal static Task<IReadOnlyList<ItemVersionRow>> OfFacet(Db db, string facetCode, int facetVersion) =>
        db.Query<ItemVersionRow>(
            """
            SELECT v.code, v.version, v.facet, v.variant, v.content, v.fingerprint, v.created_at
            FROM item_facet_items AS i JOIN item_versions AS v ON v.code = i.item_code AND v.version = i.item_version
            WHERE i.facet_code = @facetCode AND i.facet_version = @facetVersion
            ORDER BY i.variant
            """,
            new { facetCode, facetVersion }
        );

    /// <summary>
    /// A page of the items of the latest versions of the facets, ordered by code; <paramref name="after"/> is null for
    /// the first page.
    /// </summary>
    internal static Task<IReadOnlyList<CurrentItemRow>> Current(Db db, ItemFilter filter, string? after, int limit) =>
        db.Query<CurrentItemRow>(
            """
            SELECT v.code, v.version, f.code AS facet, f.version AS facet_version, v.variant, f.status, v.content
            FROM item_facets AS f
            JOIN item_facet_items AS i ON i.facet_code = f.code AND i.facet_version = f.version
            JOIN item_versions AS v ON v.code = i.item_code AND v.version = i.item_version
            WHERE f.version = (SELECT MAX(l.version) FROM item_facets AS l WHERE l.code = f.code)
              AND (@Type IS NULL OR f.type = @Type) AND (@Block IS NULL OR f.block = @Block) AND (@Element IS NULL OR f.element = @Element)
              AND (@Difficulty IS NULL OR f.difficulty = @Difficulty) AND (@Status IS NULL OR f.status = @Status)
              AND (@after IS NULL OR v.code > @after)
            ORDER BY v.code LIMIT @limit
            """,
            new
            {
                filter.Type,
                filter.Block,
                filter.Element,
                filter.Difficulty,
                filter.Status,
                after,
                limit,
            }
        );

    /// <summary>The item in the latest version of its facet.</summary>
    internal static Task<CurrentItemRow?> FindCurrent(Db db, string code) =>
        db.Find<CurrentItemRow>(
            """
            SELECT v.code, v.version, f.code AS facet, f.version AS facet_version, v.variant, f.status, v.content
            FROM item_facet_items AS i
            JOIN item_facets AS f ON f.code = i.facet_code AND f.version = i.facet_version
            JOIN item_versions AS v ON v.code = i.item_code AND v.version = i.item_version
            WHERE i.item_code = @code AND f.version = (SELECT MAX(l.version) FROM item_facets AS l WHERE l.code = f.code)
            """,
            new { code }
        );
}
