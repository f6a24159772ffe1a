using Diagnostics.Engine;
using Diagnostics.Engine.Marking;
using NodaTime;

namespace Diagnostics.Storage.Marking;

internal sealed record TrialRow
{
    public Guid Id { get; init; }
    public Guid BenchmarkId { get; init; }
    public Guid CampaignId { get; init; }
    public Guid ExpertId { get; init; }
    public string ItemCode { get; init; } = "";
    public int Number { get; init; }
    public string Code { get; init; } = "";

    /// <summary>ISO date.</summary>
    public string SatOn { get; init; } = "";

    public int AfterScripts { get; init; }
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

    /// <summary>Purpose of the benchmark.</summary>
    public string Purpose { get; init; } = "";

    /// <summary>Whether the marks are within tolerance; null in training, and until the benchmark is marked.</summary>
    public bool? Within { get; init; }

    public ClaimState Standing => Codes.Parse<ClaimState>(State);
}

internal sealed record TrialMarksRow
{
    public Guid TrialId { get; init; }

    /// <summary>Points as the expert gave them, before the gate; JSON.</summary>
    public string Criteria { get; init; } = "";

    public bool NoAnswer { get; init; }
    public string? Comment { get; init; }
    public Points Distance { get; init; }
    public bool? Within { get; init; }
    public Instant At { get; init; }
}

/// <summary>Number of scripts of an item ever given to an expert, whatever became of them.</summary>
internal sealed record ItemCountRow
{
    public string ItemCode { get; init; } = "";
    public int Scripts { get; init; }
}

/// <summary>
/// Benchmarks that experts hold: leases like those of <see cref="AssignmentStore"/>, and marks that never change.
/// </summary>
internal static class TrialStore
{
    private const string Select = """
        SELECT t.id, t.benchmark_id, t.campaign_id, t.expert_id, t.item_code, t.number, t.code, t.sat_on, t.after_scripts, t.state, t.claimed_at, t.lease_until,
               t.draft, t.draft_revision, t.draft_no_answer, t.held_at, t.held_alike, t.closed_at, t.reason, b.purpose, m."within"
        FROM marking_trials AS t
        JOIN marking_benchmarks AS b ON b.id = t.benchmark_id
        LEFT JOIN marking_trial_marks AS m ON m.trial_id = t.id
        """;

    internal static Task<TrialRow?> Find(Db db, Guid id) => db.Find<TrialRow>($"{Select} WHERE t.id = @id", new { id });

    /// <summary>Live trials of an expert, oldest first.</summary>
    internal static Task<IReadOnlyList<TrialRow>> Live(Db db, Guid expertId, Instant now) =>
        db.Query<TrialRow>(
            $"""
            {Select}
            WHERE t.expert_id = @expertId AND t.state = 'claimed' AND t.lease_until >= @now
            ORDER BY t.claimed_at, t.id
            """,
            new { expertId, now }
        );

    /// <summary>Live trials of an expert.</summary>
    internal static Task<IReadOnlyList<ClaimInHandRow>> InHands(Db db, Guid expertId, Instant now) =>
        db.Query<ClaimInHandRow>(
            """
            SELECT id, code, campaign_id, item_code, claimed_at, lease_until, held_at, held_alike,
                   CASE WHEN draft IS NULL THEN 0 ELSE 1 END AS has_draft
            FROM marking_trials
            WHERE expert_id = @expertId AND state = 'claimed' AND lease_until >= @now
            """,
            new { expertId, now }
        );

    /// <summary>Number of benchmarks of a campaign that an expert holds.</summary>
    internal static Task<int> InHand(Db db, Guid campaignId, Guid expertId, Instant now) =>
        db.Value<int>(
            """
            SELECT COUNT(*) FROM marking_trials
            WHERE expert_id = @expertId AND state = 'claimed' AND lease_until >= @now AND campaign_id = @campaignId
            """,
            new
            {
                campaignId,
                expertId,
                now,
            }
        );

    /// <summary>Trials by item and number.</summary>
    /// <param name="expertId">Null for all experts.</param>
    internal static Task<IReadOnlyList<TrialRow>> OfCampaign(Db db, Guid campaignId, Guid? expertId) =>
        db.Query<TrialRow>(
            $"""
            {Select}
            WHERE t.campaign_id = @campaignId {(expertId is null ? "" : "AND t.expert_id = @expertId")}
            ORDER BY t.expert_id, t.item_code, t.number
            """,
            new { campaignId, expertId }
        );

    internal static Task<IReadOnlyList<ItemCountRow>> ScriptsGiven(Db db, Guid campaignId, Guid expertId) =>
        db.Query<ItemCountRow>(
            """
            SELECT t.item_code, COUNT(*) AS scripts
            FROM marking_assignments AS a JOIN marking_tasks AS t ON t.id = a.task_id
            WHERE a.expert_id = @expertId AND t.campaign_id = @campaignId
            GROUP BY t.item_code
            """,
            new { campaignId, expertId }
        );

    /// <summary>The expert's notes on this benchmark when the lease ran out.</summary>
    internal static Task<LapsedDraftRow?> LapsedDraft(Db db, Guid benchmarkId, Guid expertId) =>
        db.Find<LapsedDraftRow>(
            """
            SELECT draft, draft_no_answer FROM marking_trials
            WHERE benchmark_id = @benchmarkId AND expert_id = @expertId AND state = 'lapsed' AND reason IS NULL
            ORDER BY number DESC LIMIT 1
            """,
            new { benchmarkId, expertId }
        );

    /// <summary>Returns false when another claim of this expert came first and took the number.</summary>
    internal static async Task<bool> Add(Db db, TrialRow trial) =>
        await db.Execute(
            """
            INSERT INTO marking_trials (id, benchmark_id, campaign_id, expert_id, item_code, number, code, sat_on, after_scripts, state, claimed_at, lease_until, draft, draft_no_answer)
            VALUES (@Id, @BenchmarkId, @CampaignId, @ExpertId, @ItemCode, @Number, @Code, @SatOn, @AfterScripts, 'claimed', @ClaimedAt, @LeaseUntil, @Draft, @DraftNoAnswer)
            ON CONFLICT DO NOTHING
            """,
            trial
        ) == 1;

    internal static Task<int> LapseOverdue(Db db, Guid expertId, Instant now) =>
        db.Execute(
            """
            UPDATE marking_trials SET state = 'lapsed', closed_at = @now WHERE expert_id = @expertId AND state = 'claimed' AND lease_until < @now
            """,
            new { expertId, now }
        );

    /// <summary>Takes back the benchmarks of an item from an expert.</summary>
    internal static Task<int> LapseOfItem(Db db, Guid campaignId, Guid expertId, string itemCode, string reason, Instant now) =>
        db.Execute(
            """
            UPDATE marking_trials SET state = 'lapsed', closed_at = @now, reason = @reason
            WHERE expert_id = @expertId AND state = 'claimed' AND campaign_id = @campaignId AND item_code = @itemCode
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

    /// <summary>
    /// Takes back the benchmarks of a campaign from an expert who is absent or whose commission has ended.
    /// </summary>
    internal static Task<int> LapseOfExpert(Db db, Guid campaignId, Guid expertId, string reason, Instant now) =>
        db.Execute(
            """
            UPDATE marking_trials SET state = 'lapsed', closed_at = @now, reason = @reason
            WHERE expert_id = @expertId AND state = 'claimed' AND campaign_id = @campaignId
            """,
            new
            {
                campaignId,
                expertId,
                reason,
                now,
            }
        );

    internal static Task<TrialMarksRow?> Marks(Db db, Guid trialId) =>
        db.Find<TrialMarksRow>(
            """
            SELECT trial_id, criteria, no_answer, comment, distance, "within", at FROM marking_trial_marks WHERE trial_id = @trialId
            """,
            new { trialId }
        );

    internal static Task AddMarks(Db db, TrialMarksRow marks) =>
        db.Execute(
            """
            INSERT INTO marking_trial_marks (trial_id, criteria, no_answer, comment, distance, "within", at)
            VALUES (@TrialId, @Criteria, @NoAnswer, @Comment, @Distance, @Within, @At)
            """,
            marks
        );
}
