using NodaTime;

namespace Diagnostics.Storage.Marking;

internal sealed record FlagRow
{
    public Guid Id { get; init; }
    public Guid AssignmentId { get; init; }
    public string Kind { get; init; } = "";
    public string Comment { get; init; } = "";
    public Instant At { get; init; }
    public string Code { get; init; } = "";
    public string ItemCode { get; init; } = "";
    public Guid SessionId { get; init; }
    public int Slot { get; init; }
    public Guid ExpertId { get; init; }
}

/// <summary>What experts told the chair of scripts. Append-only.</summary>
internal static class FlagStore
{
    internal static Task Add(Db db, FlagRow flag) => db.Execute("""
        INSERT INTO marking_flags (id, assignment_id, kind, comment, at) VALUES (@Id, @AssignmentId, @Kind, @Comment, @At)
        """, flag);

    internal static Task<IReadOnlyList<FlagRow>> OfCampaign(Db db, Guid campaignId, Guid? after, int limit) => db.Query<FlagRow>("""
        SELECT f.id, f.assignment_id, f.kind, f.comment, f.at, a.code, t.item_code, t.session_id, t.slot, a.expert_id
        FROM marking_tasks AS t
        JOIN marking_assignments AS a ON a.task_id = t.id
        JOIN marking_flags AS f ON f.assignment_id = a.id
        WHERE t.campaign_id = @campaignId AND (@after IS NULL OR f.id > @after)
        ORDER BY f.id LIMIT @limit
        """, new { campaignId, after, limit });
}
