using Diagnostics.Engine;
using NodaTime;

namespace Diagnostics.Storage.Marking;

internal sealed record AdmissionRow
{
    public Guid CampaignId { get; init; }
    public Guid ExpertId { get; init; }
    public string ItemCode { get; init; } = "";
    public int Number { get; init; }
    public string Act { get; init; } = "";
    public int AfterTrials { get; init; }

    /// <summary>The trial script whose result caused the act; null when a person decided.</summary>
    public Guid? TrialId { get; init; }

    public Guid? DecidedBy { get; init; }
    public string? Reason { get; init; }
    public int SecondLooks { get; init; }
    public Instant At { get; init; }
}

/// <summary>An expert's pause from marking, with the control script that caused it.</summary>
internal sealed record AlertRow
{
    public Guid TrialId { get; init; }
    public Guid ExpertId { get; init; }
    public string ItemCode { get; init; } = "";
    public Instant At { get; init; }
    public Guid BenchmarkId { get; init; }
    public string Given { get; init; } = "";
    public bool NoAnswer { get; init; }
    public string? Comment { get; init; }
    public string Agreed { get; init; } = "";
    public Points Distance { get; init; }
    public int SecondLooks { get; init; }

    /// <summary>Whether a later act on the same expert and item has followed.</summary>
    public bool Answered { get; init; }
}

/// <summary>Experts' rights to mark items, kept as an append-only list of the acts that give and take them.</summary>
internal static class AdmissionStore
{
    private const string Columns =
        "campaign_id, expert_id, item_code, number, act, after_trials, trial_id, decided_by, reason, second_looks, at";

    /// <summary>The acts of a campaign, ordered by expert, item and number.</summary>
    /// <param name="expertId">Null for all experts.</param>
    internal static Task<IReadOnlyList<AdmissionRow>> OfCampaign(Db db, Guid campaignId, Guid? expertId) =>
        db.Query<AdmissionRow>(
            $"""
            SELECT {Columns} FROM marking_admissions
            WHERE campaign_id = @campaignId {(expertId is null ? "" : "AND expert_id = @expertId")}
            ORDER BY expert_id, item_code, number
            """,
            new { campaignId, expertId }
        );

    /// <summary>Returns false when another act on this expert and item has already taken the number.</summary>
    internal static async Task<bool> Add(Db db, AdmissionRow act) =>
        await db.Execute(
            """
            INSERT INTO marking_admissions (campaign_id, expert_id, item_code, number, act, after_trials, trial_id, decided_by, reason, second_looks, at)
            VALUES (@CampaignId, @ExpertId, @ItemCode, @Number, @Act, @AfterTrials, @TrialId, @DecidedBy, @Reason, @SecondLooks, @At)
            ON CONFLICT DO NOTHING
            """,
            act
        ) == 1;

    /// <summary>The pauses of a campaign's experts, in the order of the control scripts that caused them.</summary>
    internal static Task<IReadOnlyList<AlertRow>> Alerts(Db db, Guid campaignId, Guid? after, int limit) =>
        db.Query<AlertRow>(
            """
            SELECT a.trial_id, a.expert_id, a.item_code, a.at, t.benchmark_id, m.criteria AS given, m.no_answer, m.comment, b.criteria AS agreed, m.distance, a.second_looks,
                   CASE WHEN EXISTS (SELECT 1 FROM marking_admissions AS later WHERE later.campaign_id = a.campaign_id AND later.expert_id = a.expert_id
                           AND later.item_code = a.item_code AND later.number > a.number) THEN 1 ELSE 0 END AS answered
            FROM marking_admissions AS a
            JOIN marking_trials AS t ON t.id = a.trial_id
            JOIN marking_benchmarks AS b ON b.id = t.benchmark_id
            JOIN marking_trial_marks AS m ON m.trial_id = t.id
            WHERE a.campaign_id = @campaignId AND a.act = 'paused' AND (@after IS NULL OR a.trial_id > @after)
            ORDER BY a.trial_id LIMIT @limit
            """,
            new
            {
                campaignId,
                after,
                limit,
            }
        );

    /// <summary>Number of experts with a pause that no later act on the same expert and item has followed.</summary>
    internal static Task<int> Paused(Db db, Guid campaignId) =>
        db.Value<int>(
            """
            SELECT COUNT(DISTINCT a.expert_id) FROM marking_admissions AS a
            WHERE a.campaign_id = @campaignId AND a.act = 'paused'
              AND NOT EXISTS (SELECT 1 FROM marking_admissions AS later WHERE later.campaign_id = a.campaign_id AND later.expert_id = a.expert_id
                              AND later.item_code = a.item_code AND later.number > a.number)
            """,
            new { campaignId }
        );
}
