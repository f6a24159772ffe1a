using NodaTime;

namespace Diagnostics.Storage.Marking;

internal sealed record FlagRow
{
    public Guid Id { get; init; }

    /// <summary>The expert's claim on the script or benchmark that the report is about.</summary>
    public Guid AssignmentId { get; init; }

    public string Kind { get; init; } = "";
    public string Comment { get; init; } = "";
    public Instant At { get; init; }

    /// <summary>What the policy said when the flag was raised: who is told, and until when the flag may wait.</summary>
    public bool TellsChair { get; init; }

    public bool TellsOperator { get; init; }
    public Instant? DueAt { get; init; }
    public string Code { get; init; } = "";
    public string ItemCode { get; init; } = "";

    /// <summary>
    /// The session to which the script belongs; null for a benchmark. The script is the answer in <see cref="Slot"/>.
    /// </summary>
    public Guid? SessionId { get; init; }

    public int? Slot { get; init; }

    /// <summary>The benchmark that the report is about; null for a script.</summary>
    public Guid? BenchmarkId { get; init; }

    public Guid ExpertId { get; init; }
}

/// <summary>Experts' reports on scripts and benchmarks. Append-only.</summary>
internal static class FlagStore
{
    internal static Task Add(Db db, FlagRow flag) =>
        db.Execute(
            """
            INSERT INTO marking_flags (id, assignment_id, kind, comment, at, tells_chair, tells_operator, due_at)
            VALUES (@Id, @AssignmentId, @Kind, @Comment, @At, @TellsChair, @TellsOperator, @DueAt)
            """,
            flag
        );

    internal static Task AddOnTrial(Db db, FlagRow flag) =>
        db.Execute(
            """
            INSERT INTO marking_trial_flags (id, trial_id, kind, comment, at, tells_chair, tells_operator, due_at)
            VALUES (@Id, @AssignmentId, @Kind, @Comment, @At, @TellsChair, @TellsOperator, @DueAt)
            """,
            flag
        );

    /// <summary>Reports on scripts and on benchmarks, in the order in which they were raised.</summary>
    /// <param name="tellsChair">Whether flags of which the chair is told are wanted, and <paramref name="tellsOperator"/> those of
    /// which the operator is told.</param>
    internal static Task<IReadOnlyList<FlagRow>> OfCampaign(
        Db db,
        Guid campaignId,
        bool tellsChair,
        bool tellsOperator,
        Guid? after,
        int limit
    ) =>
        db.Query<FlagRow>(
            """
            SELECT f.id, f.assignment_id, f.kind, f.comment, f.at, a.code, t.item_code, t.session_id, t.slot, NULL AS benchmark_id, a.expert_id,
                   f.tells_chair, f.tells_operator, f.due_at
            FROM marking_tasks AS t
            JOIN marking_assignments AS a ON a.task_id = t.id
            JOIN marking_flags AS f ON f.assignment_id = a.id
            WHERE t.campaign_id = @campaignId AND (@after IS NULL OR f.id > @after)
              AND ((@chair = 1 AND f.tells_chair = @yes) OR (@operator = 1 AND f.tells_operator = @yes))
            UNION ALL
            SELECT f.id, f.trial_id, f.kind, f.comment, f.at, t.code, t.item_code, NULL, NULL, t.benchmark_id, t.expert_id,
                   f.tells_chair, f.tells_operator, f.due_at
            FROM marking_trials AS t
            JOIN marking_trial_flags AS f ON f.trial_id = t.id
            WHERE t.campaign_id = @campaignId AND (@after IS NULL OR f.id > @after)
              AND ((@chair = 1 AND f.tells_chair = @yes) OR (@operator = 1 AND f.tells_operator = @yes))
            ORDER BY 1 LIMIT @limit
            """,
            new
            {
                campaignId,
                chair = tellsChair ? 1 : 0,
                @operator = tellsOperator ? 1 : 0,
                yes = true,
                after,
                limit,
            }
        );
}
