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

/// <summary>Experts' reports to the chair on scripts and benchmarks. Append-only.</summary>
internal static class FlagStore
{
    internal static Task Add(Db db, FlagRow flag) =>
        db.Execute(
            """
            INSERT INTO marking_flags (id, assignment_id, kind, comment, at) VALUES (@Id, @AssignmentId, @Kind, @Comment, @At)
            """,
            flag
        );

    internal static Task AddOnTrial(Db db, FlagRow flag) =>
        db.Execute(
            """
            INSERT INTO marking_trial_flags (id, trial_id, kind, comment, at) VALUES (@Id, @AssignmentId, @Kind, @Comment, @At)
            """,
            flag
        );

    /// <summary>Reports on scripts and on benchmarks, in the order in which they were raised.</summary>
    internal static Task<IReadOnlyList<FlagRow>> OfCampaign(Db db, Guid campaignId, Guid? after, int limit) =>
        db.Query<FlagRow>(
            """
            SELECT f.id, f.assignment_id, f.kind, f.comment, f.at, a.code, t.item_code, t.session_id, t.slot, NULL AS benchmark_id, a.expert_id
            FROM marking_tasks AS t
            JOIN marking_assignments AS a ON a.task_id = t.id
            JOIN marking_flags AS f ON f.assignment_id = a.id
            WHERE t.campaign_id = @campaignId AND (@after IS NULL OR f.id > @after)
            UNION ALL
            SELECT f.id, f.trial_id, f.kind, f.comment, f.at, t.code, t.item_code, NULL, NULL, t.benchmark_id, t.expert_id
            FROM marking_trials AS t
            JOIN marking_trial_flags AS f ON f.trial_id = t.id
            WHERE t.campaign_id = @campaignId AND (@after IS NULL OR f.id > @after)
            ORDER BY 1 LIMIT @limit
            """,
            new
            {
                campaignId,
                after,
                limit,
            }
        );
}
