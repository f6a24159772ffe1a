using NodaTime;

namespace Diagnostics.Storage.Campaigns;

internal sealed record CampaignDecisionRow
{
    public Guid CampaignId { get; init; }
    public int Number { get; init; }
    public string Kind { get; init; } = "";

    /// <summary>JSON with the old and the new values.</summary>
    public string Details { get; init; } = "";

    public string Reason { get; init; } = "";
    public string DecidedBy { get; init; } = "";
    public Instant DecidedAt { get; init; }
}

/// <summary>Decisions on a campaign after its publication. Append-only.</summary>
internal static class CampaignDecisionStore
{
    /// <summary>Appends the decision with the next number in its campaign.</summary>
    internal static Task<int> Append(Db db, CampaignDecisionRow decision) =>
        db.Execute(
            """
            INSERT INTO campaign_decisions (campaign_id, number, kind, details, reason, decided_by, decided_at)
            SELECT @CampaignId, COALESCE(MAX(number), 0) + 1, @Kind, @Details, @Reason, @DecidedBy, @DecidedAt
            FROM campaign_decisions WHERE campaign_id = @CampaignId
            """,
            decision
        );

    internal static Task<IReadOnlyList<CampaignDecisionRow>> OfCampaign(Db db, Guid campaignId) =>
        db.Query<CampaignDecisionRow>(
            """
            SELECT campaign_id, number, kind, details, reason, decided_by, decided_at
            FROM campaign_decisions WHERE campaign_id = @campaignId ORDER BY number
            """,
            new { campaignId }
        );
}
