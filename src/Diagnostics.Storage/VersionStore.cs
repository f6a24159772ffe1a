using NodaTime;

namespace Diagnostics.Storage;

/// <summary>A version of a document that never changes once it is stored.</summary>
internal sealed record VersionRow
{
    public string Code { get; init; } = "";
    public int Version { get; init; }
    public string Title { get; init; } = "";

    /// <summary>The document as JSON.</summary>
    public string Content { get; init; } = "";

    public string Fingerprint { get; init; } = "";
    public Instant CreatedAt { get; init; }
}

/// <summary>Documents with a code and numbered versions.</summary>
internal sealed class VersionStore
{
    internal static readonly VersionStore Frameworks = new("frameworks"),
        Blueprints = new("blueprints");

    private const string Columns = "d.code, d.version, d.title, d.content, d.fingerprint, d.created_at";

    private readonly string table;

    private VersionStore(string table) => this.table = table;

    internal Task<VersionRow?> Find(Db db, string code, int version) =>
        db.Find<VersionRow>($"SELECT {Columns} FROM {table} AS d WHERE d.code = @code AND d.version = @version", new { code, version });

    internal Task<IReadOnlyList<VersionRow>> List(Db db) =>
        db.Query<VersionRow>($"SELECT {Columns} FROM {table} AS d ORDER BY d.code, d.version");

    /// <summary>All versions of one document, in the order of their numbers.</summary>
    internal Task<IReadOnlyList<VersionRow>> OfCode(Db db, string code) =>
        db.Query<VersionRow>($"SELECT {Columns} FROM {table} AS d WHERE d.code = @code ORDER BY d.version", new { code });

    /// <summary>The latest version of each document.</summary>
    internal Task<IReadOnlyList<VersionRow>> Latest(Db db) =>
        db.Query<VersionRow>(
            $"""
            SELECT {Columns} FROM {table} AS d
            WHERE d.version = (SELECT MAX(l.version) FROM {table} AS l WHERE l.code = d.code) ORDER BY d.code
            """
        );

    internal Task<int> Add(Db db, VersionRow version) =>
        db.Execute(
            $"""
            INSERT INTO {table} (code, version, title, content, fingerprint, created_at)
            VALUES (@Code, @Version, @Title, @Content, @Fingerprint, @CreatedAt)
            """,
            version
        );
}
