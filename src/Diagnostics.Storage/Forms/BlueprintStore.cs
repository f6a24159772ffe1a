using NodaTime;

namespace Diagnostics.Storage.Forms;

internal sealed record BlueprintRow
{
    public string Code { get; init; } = "";
    public int Version { get; init; }
    public string Title { get; init; } = "";

    /// <summary>JSON of the blueprint.</summary>
    public string Content { get; init; } = "";

    public string Fingerprint { get; init; } = "";
    public Instant CreatedAt { get; init; }
}

internal static class BlueprintStore
{
    private const string Columns = "b.code, b.version, b.title, b.content, b.fingerprint, b.created_at";

    internal static Task<BlueprintRow?> Find(Db db, string code, int version) =>
        db.Find<BlueprintRow>(
            $"SELECT {Columns} FROM blueprints AS b WHERE b.code = @code AND b.version = @version",
            new { code, version }
        );

    internal static Task<IReadOnlyList<BlueprintRow>> List(Db db) =>
        db.Query<BlueprintRow>($"SELECT {Columns} FROM blueprints AS b ORDER BY b.code, b.version");

    /// <summary>The latest version of each blueprint.</summary>
    internal static Task<IReadOnlyList<BlueprintRow>> Latest(Db db) =>
        db.Query<BlueprintRow>(
            $"""
            SELECT {Columns} FROM blueprints AS b WHERE b.version = (SELECT MAX(l.version) FROM blueprints AS l WHERE l.code = b.code) ORDER BY b.code
            """
        );

    internal static Task<int> Add(Db db, BlueprintRow blueprint) =>
        db.Execute(
            """
            INSERT INTO blueprints (code, version, title, content, fingerprint, created_at)
            VALUES (@Code, @Version, @Title, @Content, @Fingerprint, @CreatedAt)
            """,
            blueprint
        );
}
