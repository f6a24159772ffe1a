using Diagnostics.Engine;
using Diagnostics.Engine.Marking;
using NodaTime;

namespace Diagnostics.Storage.Marking;

internal sealed record AssignmentRow
{
    public Guid Id { get; init; }
    public Guid TaskId { get; init; }
    public int Place { get; init; }
    public Guid ExpertId { get; init; }

    /// <summary>The code that the expert sees instead of the person.</summary>
    public string Code { get; init; } = "";

    public string State { get; init; } = "";
    public Instant ClaimedAt { get; init; }
    public Instant LeaseUntil { get; init; }
    public string? Draft { get; init; }

    /// <summary>Rises with every change of the draft.</summary>
    public int DraftRevision { get; init; }

    /// <summary>The draft says that the item was not attempted.</summary>
    public bool DraftNoAnswer { get; init; }

    /// <summary>When the expert gave the marks that are still held as a draft.</summary>
    public Instant? HeldAt { get; init; }

    /// <summary>The held marks also go to answers with the same wording.</summary>
    public bool HeldAlike { get; init; }

    public Instant? ClosedAt { get; init; }
    public string? Reason { get; init; }

    public ClaimState Standing => Codes.Parse<ClaimState>(State);
}

/// <summary>A live claim, without the answer and the marks.</summary>
internal sealed record ClaimInHandRow
{
    public Guid Id { get; init; }
    public string Code { get; init; } = "";
    public Guid CampaignId { get; init; }
    public string ItemCode { get; init; } = "";
    public Instant ClaimedAt { get; init; }
    public Instant LeaseUntil { get; init; }
    public Instant? HeldAt { get; init; }
    public bool HeldAlike { get; init; }
    public bool HasDraft { get; init; }
}

/// <summary>An expert's notes on a script whose lease ran out.</summary>
internal sealed record LapsedDraftRow
{
    public string? Draft { get; init; }
    public bool DraftNoAnswer { get; init; }
}

/// <summary>A script of an item that an expert has marked, and how long it took.</summary>
internal sealed record OwnMarkRow
{
    public string ItemCode { get; init; } = "";
    public Instant ClaimedAt { get; init; }
    public Instant ClosedAt { get; init; }
}

/// <summary>How long an expert held a script.</summary>
internal sealed record MarkingTimeRow
{
    public Guid ExpertId { get; init; }
    public Instant ClaimedAt { get; init; }
    public Instant ClosedAt { get; init; }
    public int Place { get; init; }

    /// <summary>Number of readings called to settle a discrepancy.</summary>
    public int Thirds { get; init; }

    public int SecondLooks { get; init; }
}

/// <summary>
/// Who holds which script, and until when. A claim is a lease: without renewal the script goes back to the queue.
/// </summary>
internal static class AssignmentStore
{
    private const string Columns =
        "id, task_id, place, expert_id, code, state, claimed_at, lease_until, draft, closed_at, reason, "
        + "draft_revision, draft_no_answer, held_at, held_alike";

    internal static Task<AssignmentRow?> Find(Db db, Guid id) =>
        db.Find<AssignmentRow>($"SELECT {Columns} FROM marking_assignments WHERE id = @id", new { id });

    /// <summary>Live claims of an expert, oldest first.</summary>
    internal static Task<IReadOnlyList<AssignmentRow>> Live(Db db, Guid expertId, Instant now) =>
        db.Query<AssignmentRow>(
            $"""
            SELECT {Columns} FROM marking_assignments
            WHERE expert_id = @expertId AND state = 'claimed' AND lease_until >= @now
            ORDER BY claimed_at, id
            """,
            new { expertId, now }
        );

    /// <summary>Live claims of an expert on scripts that may still be marked.</summary>
    internal static Task<IReadOnlyList<ClaimInHandRow>> InHands(Db db, Guid expertId, Instant now) =>
        db.Query<ClaimInHandRow>(
            """
            SELECT a.id, a.code, t.campaign_id, t.item_code, a.claimed_at, a.lease_until, a.held_at, a.held_alike,
                   CASE WHEN a.draft IS NULL THEN 0 ELSE 1 END AS has_draft
            FROM marking_assignments AS a
            JOIN marking_tasks AS t ON t.id = a.task_id
            JOIN sessions AS s ON s.id = t.session_id
            WHERE a.expert_id = @expertId AND a.state = 'claimed' AND a.lease_until >= @now
              AND t.state = 'waiting' AND s.scored_at IS NOT NULL AND s.state <> 'annulled'
            """,
            new { expertId, now }
        );

    /// <summary>Number of scripts of a campaign that an expert holds.</summary>
    internal static Task<int> InHand(Db db, Guid campaignId, Guid expertId, Instant now) =>
        db.Value<int>(
            """
            SELECT COUNT(*) FROM marking_assignments AS a JOIN marking_tasks AS t ON t.id = a.task_id
            WHERE a.expert_id = @expertId AND a.state = 'claimed' AND a.lease_until >= @now AND t.campaign_id = @campaignId
            """,
            new
            {
                campaignId,
                expertId,
                now,
            }
        );

    /// <summary>The places of a task that some expert holds or has marked.</summary>
    internal static Task<IReadOnlyList<int>> PlacesTaken(Db db, Guid taskId) =>
        db.Query<int>(
            """
            SELECT place FROM marking_assignments WHERE task_id = @taskId AND state IN ('claimed','marked')
            """,
            new { taskId }
        );

    /// <summary>The expert's notes on this script when the lease ran out.</summary>
    internal static Task<LapsedDraftRow?> LapsedDraft(Db db, Guid taskId, Guid expertId) =>
        db.Find<LapsedDraftRow>(
            """
            SELECT draft, draft_no_answer FROM marking_assignments
            WHERE task_id = @taskId AND expert_id = @expertId AND state = 'lapsed' AND reason IS NULL
            ORDER BY closed_at DESC, id DESC LIMIT 1
            """,
            new { taskId, expertId }
        );

    /// <summary>
    /// Returns false when another claim came first. The unique indexes keep two claims from taking the same place of a
    /// script, and an expert from getting a script twice, whichever nodes the claims come from.
    /// </summary>
    internal static async Task<bool> Add(Db db, AssignmentRow assignment) =>
        await db.Execute(
            """
            INSERT INTO marking_assignments (id, task_id, place, expert_id, code, state, claimed_at, lease_until, draft, draft_no_answer)
            VALUES (@Id, @TaskId, @Place, @ExpertId, @Code, 'claimed', @ClaimedAt, @LeaseUntil, @Draft, @DraftNoAnswer)
            ON CONFLICT DO NOTHING
            """,
            assignment
        ) == 1;

    internal static Task<bool> AnyOverdue(Db db, Instant now) =>
        db.Value<bool>(
            "SELECT CASE WHEN EXISTS (SELECT 1 FROM marking_assignments WHERE state = 'claimed' AND lease_until < @now) THEN 1 ELSE 0 END",
            new { now }
        );

    /// <summary>Marked scripts of a campaign, one row for each expert and script.</summary>
    internal static Task<IReadOnlyList<MarkingTimeRow>> Times(Db db, Guid campaignId) =>
        db.Query<MarkingTimeRow>(
            """
            SELECT a.expert_id, a.claimed_at, a.closed_at, a.place, t.thirds - t.second_looks AS thirds, t.second_looks
            FROM marking_tasks AS t JOIN marking_assignments AS a ON a.task_id = t.id
            WHERE t.campaign_id = @campaignId AND a.state = 'marked'
            ORDER BY a.expert_id, a.closed_at
            """,
            new { campaignId }
        );

    /// <summary>The scripts that an expert has marked.</summary>
    internal static Task<IReadOnlyList<OwnMarkRow>> MarkedBy(Db db, Guid campaignId, Guid expertId) =>
        db.Query<OwnMarkRow>(
            """
            SELECT t.item_code, a.claimed_at, a.closed_at
            FROM marking_assignments AS a JOIN marking_tasks AS t ON t.id = a.task_id
            WHERE a.expert_id = @expertId AND a.state = 'marked' AND t.campaign_id = @campaignId
            """,
            new { campaignId, expertId }
        );

    /// <summary>
    /// Returns scripts with an expired lease to the queue. The single statement requires the state that it changes, so
    /// a second node waits for the first one's rows and finds them already lapsed.
    /// </summary>
    internal static Task<int> LapseOverdue(Db db, Instant now) =>
        db.Execute(
            """
            UPDATE marking_assignments SET state = 'lapsed', closed_at = @now WHERE state = 'claimed' AND lease_until < @now
            """,
            new { now }
        );

    /// <summary>
    /// Ends claims on an old answer when the script has a new one, whether the old one was only held or already marked.
    /// The rounds already given stay in the ledger.
    /// </summary>
    internal static Task<int> LapseOfSlot(Db db, Guid sessionId, int slot, string reason, Instant now) =>
        db.Execute(
            """
            UPDATE marking_assignments SET state = 'lapsed', closed_at = COALESCE(closed_at, @now), reason = @reason
            WHERE state IN ('claimed','marked') AND task_id IN (SELECT id FROM marking_tasks WHERE session_id = @sessionId AND slot = @slot)
            """,
            new
            {
                sessionId,
                slot,
                reason,
                now,
            }
        );

    /// <summary>
    /// Returns an expert's scripts of a campaign to the queue immediately, because the expert is absent or the
    /// commission has ended.
    /// </summary>
    internal static Task<int> LapseOfExpert(Db db, Guid campaignId, Guid expertId, string reason, Instant now) =>
        db.Execute(
            """
            UPDATE marking_assignments SET state = 'lapsed', closed_at = @now, reason = @reason
            WHERE expert_id = @expertId AND state = 'claimed' AND task_id IN (SELECT id FROM marking_tasks WHERE campaign_id = @campaignId)
            """,
            new
            {
                campaignId,
                expertId,
                reason,
                now,
            }
        );

    /// <summary>
    /// Returns an expert's scripts of one item to the queue immediately, because the expert was paused.
    /// </summary>
    internal static Task<int> LapseOfItem(Db db, Guid campaignId, Guid expertId, string itemCode, string reason, Instant now) =>
        db.Execute(
            """
            UPDATE marking_assignments SET state = 'lapsed', closed_at = @now, reason = @reason
            WHERE expert_id = @expertId AND state = 'claimed'
              AND task_id IN (SELECT id FROM marking_tasks WHERE campaign_id = @campaignId AND item_code = @itemCode)
            """,
            new
            {
                campaignId,
                expertId,
                itemCode,
                reason,
                now,
            }
        );
}
