using NodaTime;

namespace Diagnostics.Storage.Marking;

internal sealed record TaskRow
{
    public Guid Id { get; init; }
    public Guid CampaignId { get; init; }
    public Guid SessionId { get; init; }
    public int Slot { get; init; }
    public string ItemCode { get; init; } = "";
    public int ItemVersion { get; init; }

    /// <summary>Of the person, normalised as the experts' is before it is compared.</summary>
    public string Organisation { get; init; } = "";

    public string State { get; init; } = "";
}

internal sealed record ItemProgressRow
{
    public string ItemCode { get; init; } = "";
    public int ItemVersion { get; init; }
    public int Total { get; init; }
    public int Marked { get; init; }
    public int InWork { get; init; }
}

internal sealed record ExpertProgressRow
{
    public Guid ExpertId { get; init; }
    public int Marked { get; init; }
    public int InWork { get; init; }
    public int Returned { get; init; }
}

/// <summary>Open answers that wait for experts, one task for a session's slot.</summary>
internal static class TaskStore
{
    internal static Task<TaskRow?> Find(Db db, Guid id) => db.Find<TaskRow>("""
        SELECT id, campaign_id, session_id, slot, item_code, item_version, organisation, state FROM marking_tasks WHERE id = @id
        """, new { id });

    /// <summary>Puts a script into the queue; one that a session taken up again answered anew returns to it, at a new place.</summary>
    internal static Task<int> Enqueue(Db db, TaskRow task, long shuffle, Instant now) => db.Execute("""
        INSERT INTO marking_tasks (id, campaign_id, session_id, slot, item_code, item_version, organisation, shuffle, state, created_at)
        VALUES (@Id, @CampaignId, @SessionId, @Slot, @ItemCode, @ItemVersion, @Organisation, @shuffle, 'waiting', @now)
        ON CONFLICT (session_id, slot) DO UPDATE SET state = 'waiting', shuffle = excluded.shuffle, organisation = excluded.organisation
        """, new { task.Id, task.CampaignId, task.SessionId, task.Slot, task.ItemCode, task.ItemVersion, task.Organisation, shuffle, now });

    /// <summary>The answer was emptied: nothing is left to mark.</summary>
    internal static Task<int> Withdraw(Db db, Guid sessionId, int slot) =>
        db.Execute("UPDATE marking_tasks SET state = 'withdrawn' WHERE session_id = @sessionId AND slot = @slot", new { sessionId, slot });

    /// <summary>
    /// The next script for an expert: not of the own organisation, never seen before, with a place free; by item across
    /// scripts, in random order. A session taken up again or annulled shows no script.
    /// </summary>
    internal static Task<TaskRow?> Next(Db db, Guid campaignId, string? itemCode, Guid expertId, string organisation, int experts) => db.Find<TaskRow>("""
        SELECT t.id, t.campaign_id, t.session_id, t.slot, t.item_code, t.item_version, t.organisation, t.state
        FROM marking_tasks AS t JOIN sessions AS s ON s.id = t.session_id
        WHERE t.campaign_id = @campaignId AND t.state = 'waiting' AND (@itemCode IS NULL OR t.item_code = @itemCode)
          AND (@organisation = '' OR t.organisation <> @organisation)
          AND s.scored_at IS NOT NULL AND s.state IN ('finished','expired')
          AND NOT EXISTS (SELECT 1 FROM marking_assignments AS own WHERE own.task_id = t.id AND own.expert_id = @expertId AND own.state <> 'lapsed')
          AND (SELECT COUNT(*) FROM marking_assignments AS held WHERE held.task_id = t.id AND held.state IN ('claimed','marked')) < @experts
        ORDER BY t.item_code, t.shuffle LIMIT 1
        """, new { campaignId, itemCode, expertId, organisation, experts });

    /// <summary>Marked as soon as every place has its round. The list of states beside the state lets the index on holders serve.</summary>
    internal static Task<int> SetMarkedWhenComplete(Db db, Guid taskId, int experts) => db.Execute("""
        UPDATE marking_tasks SET state = 'marked'
        WHERE id = @taskId AND state = 'waiting'
          AND (SELECT COUNT(*) FROM marking_assignments WHERE task_id = @taskId AND state IN ('claimed','marked') AND state = 'marked') >= @experts
        """, new { taskId, experts });

    internal static Task<IReadOnlyList<ItemProgressRow>> ProgressOfItems(Db db, Guid campaignId, Instant now) => db.Query<ItemProgressRow>("""
        SELECT t.item_code, t.item_version, COUNT(*) AS total,
               SUM(CASE WHEN t.state = 'marked' THEN 1 ELSE 0 END) AS marked,
               SUM(CASE WHEN t.state = 'waiting' AND EXISTS (
                   SELECT 1 FROM marking_assignments AS a WHERE a.task_id = t.id AND a.state = 'claimed' AND a.lease_until >= @now) THEN 1 ELSE 0 END) AS in_work
        FROM marking_tasks AS t JOIN sessions AS s ON s.id = t.session_id
        WHERE t.campaign_id = @campaignId AND t.state <> 'withdrawn' AND s.state <> 'annulled'
        GROUP BY t.item_code, t.item_version ORDER BY t.item_code, t.item_version
        """, new { campaignId, now });

    internal static Task<IReadOnlyList<ExpertProgressRow>> ProgressOfExperts(Db db, Guid campaignId, Instant now) => db.Query<ExpertProgressRow>("""
        SELECT a.expert_id,
               SUM(CASE WHEN a.state = 'marked' THEN 1 ELSE 0 END) AS marked,
               SUM(CASE WHEN a.state = 'claimed' AND a.lease_until >= @now THEN 1 ELSE 0 END) AS in_work,
               SUM(CASE WHEN a.state = 'returned' THEN 1 ELSE 0 END) AS returned
        FROM marking_assignments AS a JOIN marking_tasks AS t ON t.id = a.task_id
        WHERE t.campaign_id = @campaignId
        GROUP BY a.expert_id ORDER BY a.expert_id
        """, new { campaignId, now });
}
