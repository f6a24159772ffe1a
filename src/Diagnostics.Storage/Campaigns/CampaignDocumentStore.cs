using NodaTime;

namespace Diagnostics.Storage.Campaigns;

/// <summary>A version of a document of a campaign.</summary>
internal sealed record CampaignDocumentRow
{
    public Guid CampaignId { get; init; }
    public string Kind { get; init; } = "";
    public int Version { get; init; }
    public string Title { get; init; } = "";

    /// <summary>Markdown.</summary>
    public string Content { get; init; } = "";

    /// <summary>JSON list; null except in the protocol of a commission.</summary>
    public string? Members { get; init; }

    public Instant InForceAt { get; init; }
    public Instant CreatedAt { get; init; }
    public string CreatedBy { get; init; } = "";
}

internal static class CampaignDocumentStore
{
    private const string Columns = "campaign_id, kind, version, title, content, members, in_force_at, created_at, created_by";

    internal static Task<CampaignDocumentRow?> Find(Db db, Guid campaignId, string kind, int version) =>
        db.Find<CampaignDocumentRow>(
            $"""
            SELECT {Columns} FROM campaign_documents WHERE campaign_id = @campaignId AND kind = @kind AND version = @version
            """,
            new
            {
                campaignId,
                kind,
                version,
            }
        );

    /// <summary>The valid version: the newest of those in force.</summary>
    internal static Task<CampaignDocumentRow?> InForce(Db db, Guid campaignId, string kind, Instant now) =>
        db.Find<CampaignDocumentRow>(
            $"""
            SELECT {Columns} FROM campaign_documents
            WHERE campaign_id = @campaignId AND kind = @kind AND in_force_at <= @now
            ORDER BY version DESC LIMIT 1
            """,
            new
            {
                campaignId,
                kind,
                now,
            }
        );

    /// <summary>All versions of all kinds, without their texts, ordered by kind and version.</summary>
    internal static Task<IReadOnlyList<CampaignDocumentRow>> OfCampaign(Db db, Guid campaignId) =>
        db.Query<CampaignDocumentRow>(
            """
            SELECT campaign_id, kind, version, title, in_force_at, created_at, created_by FROM campaign_documents
            WHERE campaign_id = @campaignId ORDER BY kind, version
            """,
            new { campaignId }
        );

    /// <summary>The campaigns that a person has applied to and that have a valid document of this kind.</summary>
    internal static async Task<HashSet<Guid>> CampaignsOf(Db db, Guid participantId, string kind, Instant now) =>
        (
            await db.Query<Guid>(
                """
                SELECT DISTINCT d.campaign_id FROM applications AS a JOIN campaign_documents AS d ON d.campaign_id = a.campaign_id
                WHERE a.participant_id = @participantId AND d.kind = @kind AND d.in_force_at <= @now
                """,
                new
                {
                    participantId,
                    kind,
                    now,
                }
            )
        ).ToHashSet();

    /// <summary>The last version of a document of this kind; 0 when there is none.</summary>
    internal static Task<int> LastVersion(Db db, Guid campaignId, string kind) =>
        db.Value<int>(
            """
            SELECT COALESCE(MAX(version), 0) FROM campaign_documents WHERE campaign_id = @campaignId AND kind = @kind
            """,
            new { campaignId, kind }
        );

    /// <summary>Returns false when somebody else has already added this version.</summary>
    internal static async Task<bool> Add(Db db, CampaignDocumentRow document) =>
        await db.Execute(
            """
            INSERT INTO campaign_documents (campaign_id, kind, version, title, content, members, in_force_at, created_at, created_by)
            VALUES (@CampaignId, @Kind, @Version, @Title, @Content, @Members, @InForceAt, @CreatedAt, @CreatedBy)
            ON CONFLICT DO NOTHING
            """,
            document
        ) == 1;
}
