using NodaTime;

namespace Diagnostics.Storage.Marking;

internal sealed record BenchmarkRow
{
    public Guid Id { get; init; }
    public Guid CampaignId { get; init; }
    public string ItemCode { get; init; } = "";
    public int ItemVersion { get; init; }
    public string Purpose { get; init; } = "";
    public string Answer { get; init; } = "";

    /// <summary>Agreed points per criterion, as JSON, before the rubric's gate is applied.</summary>
    public string Criteria { get; init; } = "";

    public string Comment { get; init; } = "";
    public Instant CreatedAt { get; init; }
    public Guid CreatedBy { get; init; }
    public Instant? RetiredAt { get; init; }
    public string? RetiredWhy { get; init; }
}

/// <summary>
/// Answers with agreed marks. The content of a benchmark never changes; a benchmark can only be retired.
/// </summary>
internal static class BenchmarkStore
{
    private const string Columns =
        "id, campaign_id, item_code, item_version, purpose, answer, criteria, comment, created_at, created_by, retired_at, retired_why";

    internal static Task<BenchmarkRow?> Find(Db db, Guid id) =>
        db.Find<BenchmarkRow>($"SELECT {Columns} FROM marking_benchmarks WHERE id = @id", new { id });

    /// <param name="limit">Size of the page; null = all benchmarks.</param>
    internal static Task<IReadOnlyList<BenchmarkRow>> OfCampaign(Db db, Guid campaignId, Guid? after = null, int? limit = null) =>
        db.Query<BenchmarkRow>(
            $"""
            SELECT {Columns} FROM marking_benchmarks
            WHERE campaign_id = @campaignId AND (@after IS NULL OR id > @after)
            ORDER BY id LIMIT @limit
            """,
            new
            {
                campaignId,
                after,
                limit = limit ?? int.MaxValue,
            }
        );

    internal static Task Add(Db db, BenchmarkRow benchmark) =>
        db.Execute(
            """
            INSERT INTO marking_benchmarks (id, campaign_id, item_code, item_version, purpose, answer, criteria, comment, created_at, created_by)
            VALUES (@Id, @CampaignId, @ItemCode, @ItemVersion, @Purpose, @Answer, @Criteria, @Comment, @CreatedAt, @CreatedBy)
            """,
            benchmark
        );

    /// <summary>Returns false when the benchmark was already retired.</summary>
    internal static async Task<bool> Retire(Db db, Guid id, Guid by, string why, Instant now) =>
        await db.Execute(
            """
            UPDATE marking_benchmarks SET retired_at = @now, retired_by = @by, retired_why = @why WHERE id = @id AND retired_at IS NULL
            """,
            new
            {
                id,
                by,
                why,
                now,
            }
        ) == 1;
}
