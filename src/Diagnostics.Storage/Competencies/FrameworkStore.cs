using NodaTime;

namespace Diagnostics.Storage.Competencies;

internal sealed record FrameworkRow
{
    public string Code { get; init; } = "";
    public int Version { get; init; }
    public string Title { get; init; } = "";

    /// <summary>JSON of the framework.</summary>
    public string Content { get; init; } = "";

    public string Fingerprint { get; init; } = "";
    public Instant CreatedAt { get; init; }
}

internal static class FrameworkStore
{
    private const string Columns = "code, version, title, content, fingerprint, created_at";

    internal static Task<FrameworkRow?> Find(Db db, string code, int version) =>
        db.Find<FrameworkRow>($"SELECT {Columns} FROM frameworks WHERE code = @code AND version = @version", new { code, version });

    internal static Task<IReadOnlyList<FrameworkRow>> List(Db db) =>
        db.Query<FrameworkRow>($"SELECT {Columns} FROM frameworks ORDER BY code, version");

    /// <summary>All versions of one framework, in their order.</summary>
    internal static Task<IReadOnlyList<FrameworkRow>> OfCode(Db db, string code) =>
        db.Query<FrameworkRow>($"SELECT {Columns} FROM frameworks WHERE code = @code ORDER BY version", new { code });

    internal static Task<int> Add(Db db, FrameworkRow framework) =>
        db.Execute(
            """
            INSERT INTO frameworks (code, version, title, content, fingerprint, created_at)
            VALUES (@Code, @Version, @Title, @Content, @Fingerprint, @CreatedAt)
            """,
            framework
        );
}
