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

    /// <summary>The task of the script; null for a benchmark.</summary>
    public Guid? ScriptId { get; init; }

    /// <summary>Null while nobody has decided; so are the three fields that follow.</summary>
    public string? Decision { get; init; }

    public string? DecisionReason { get; init; }
    public Guid? DecidedBy { get; init; }
    public Instant? DecidedAt { get; init; }
}

/// <summary>Reports of one kind in one campaign on which nobody has decided, and of which the same people are told.</summary>
internal sealed record OpenFlagsRow
{
    public Guid CampaignId { get; init; }
    public string Title { get; init; } = "";
    public string Kind { get; init; } = "";
    public bool TellsChair { get; init; }
    public bool TellsOperator { get; init; }
    public int Flags { get; init; }

    /// <summary>Number of those that have waited for longer than the policy allows.</summary>
    public int Overdue { get; init; }

    /// <summary>Until when the first of them may wait; null when all may wait until the results are approved.</summary>
    public Instant? DueAt { get; init; }
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
                   t.id AS script_id, d.decision, d.reason AS decision_reason, d.decided_by, d.decided_at,
                   f.tells_chair, f.tells_operator, f.due_at
            FROM marking_tasks AS t
            JOIN marking_assignments AS a ON a.task_id = t.id
            JOIN marking_flags AS f ON f.assignment_id = a.id
            LEFT JOIN marking_flag_decisions AS d ON d.flag_id = f.id
            WHERE t.campaign_id = @campaignId AND (@after IS NULL OR f.id > @after)
              AND ((@chair = 1 AND f.tells_chair = @yes) OR (@operator = 1 AND f.tells_operator = @yes))
            UNION ALL
            SELECT f.id, f.trial_id, f.kind, f.comment, f.at, t.code, t.item_code, NULL, NULL, t.benchmark_id, t.expert_id,
                   NULL, d.decision, d.reason, d.decided_by, d.decided_at,
                   f.tells_chair, f.tells_operator, f.due_at
            FROM marking_trials AS t
            JOIN marking_trial_flags AS f ON f.trial_id = t.id
            LEFT JOIN marking_flag_decisions AS d ON d.flag_id = f.id
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

    /// <summary>The campaign of a report on a script or a benchmark; null when there is no such report.</summary>
    internal static Task<Guid?> CampaignOf(Db db, Guid flagId) =>
        db.Find<Guid?>(
            """
            SELECT t.campaign_id FROM marking_flags AS f JOIN marking_assignments AS a ON a.id = f.assignment_id JOIN marking_tasks AS t ON t.id = a.task_id
            WHERE f.id = @flagId
            UNION ALL
            SELECT t.campaign_id FROM marking_trial_flags AS f JOIN marking_trials AS t ON t.id = f.trial_id WHERE f.id = @flagId
            """,
            new { flagId }
        );

    /// <summary>Returns false when somebody has already decided on the report.</summary>
    internal static async Task<bool> Decide(Db db, Guid flagId, string decision, string reason, Guid by, Instant now) =>
        await db.Execute(
            """
            INSERT INTO marking_flag_decisions (flag_id, decision, reason, decided_by, decided_at)
            VALUES (@flagId, @decision, @reason, @by, @now)
            ON CONFLICT DO NOTHING
            """,
            new
            {
                flagId,
                decision,
                reason,
                by,
                now,
            }
        ) == 1;

    /// <summary>Reports on which nobody has decided yet, counted.</summary>
    /// <remarks>
    /// CROSS JOIN makes SQLite begin with the few reports. It would otherwise begin with all scripts of the campaign.
    /// </remarks>
    /// <param name="campaignId">Null for all campaigns.</param>
    internal static Task<IReadOnlyList<OpenFlagsRow>> Open(Db db, Guid? campaignId, Instant now) =>
        db.Query<OpenFlagsRow>(
            """
            SELECT o.campaign_id, c.title, o.kind, o.tells_chair, o.tells_operator, COUNT(*) AS flags,
                   SUM(CASE WHEN o.due_at < @now THEN 1 ELSE 0 END) AS overdue, MIN(o.due_at) AS due_at
            FROM (SELECT t.campaign_id, f.kind, f.tells_chair, f.tells_operator, f.due_at
                  FROM marking_flags AS f CROSS JOIN marking_assignments AS a CROSS JOIN marking_tasks AS t
                  WHERE a.id = f.assignment_id AND t.id = a.task_id AND NOT EXISTS (SELECT 1 FROM marking_flag_decisions AS d WHERE d.flag_id = f.id)
                  UNION ALL
                  SELECT t.campaign_id, f.kind, f.tells_chair, f.tells_operator, f.due_at
                  FROM marking_trial_flags AS f CROSS JOIN marking_trials AS t
                  WHERE t.id = f.trial_id AND NOT EXISTS (SELECT 1 FROM marking_flag_decisions AS d WHERE d.flag_id = f.id)) AS o
            JOIN campaigns AS c ON c.id = o.campaign_id
            WHERE @campaignId IS NULL OR o.campaign_id = @campaignId
            GROUP BY o.campaign_id, c.title, o.kind, o.tells_chair, o.tells_operator
            ORDER BY o.campaign_id, o.kind, o.tells_chair, o.tells_operator
            """,
            new { campaignId, now }
        );
}
