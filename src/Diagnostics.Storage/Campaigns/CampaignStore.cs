using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using NodaTime;

namespace Diagnostics.Storage.Campaigns;

internal sealed record CampaignRow
{
    public Guid Id { get; init; }
    public string Title { get; init; } = "";
    public string Audience { get; init; } = "";
    public Guid FormId { get; init; }
    public string Stage { get; init; } = "";
    public string? Programme { get; init; }
    public string Status { get; init; } = "";
    public int TimeLimitMinutes { get; init; }
    public Instant ApplicationsFrom { get; init; }
    public Instant ApplicationsTo { get; init; }
    public Instant SittingFrom { get; init; }
    public Instant SittingTo { get; init; }
    public Instant MarkingTo { get; init; }
    public int Revision { get; init; }
    public Instant CreatedAt { get; init; }
    public Instant? PublishedAt { get; init; }
    public Instant? ClosedAt { get; init; }

    /// <summary>
    /// When the campaign was cancelled; a separate field, because the status of a closed campaign no longer changes.
    /// </summary>
    public Instant? CancelledAt { get; init; }

    /// <summary>The entry diagnostic with which the results of this later diagnostic are compared.</summary>
    public Guid? EntryCampaignId { get; init; }

    public CampaignStatus State => CancelledAt is null ? Codes.Parse<CampaignStatus>(Status) : CampaignStatus.Cancelled;

    public CampaignWindows Windows => new(ApplicationsFrom, ApplicationsTo, SittingFrom, SittingTo, MarkingTo);
}

/// <summary>A site of a campaign.</summary>
internal sealed record CampaignSiteRow
{
    public Guid CampaignId { get; init; }
    public Guid Id { get; init; }
    public string Code { get; init; } = "";
    public string Name { get; init; } = "";
    public string Address { get; init; } = "";
    public string Territory { get; init; } = "";
    public string TimeZone { get; init; } = "";
}

internal static class CampaignStore
{
    private const string Columns = """
        id, title, audience, form_id, stage, programme, status, time_limit_minutes, applications_from, applications_to,
        sitting_from, sitting_to, marking_to, revision, created_at, published_at, closed_at,
        cancelled_at, entry_campaign_id
        """;

    internal static Task<CampaignRow?> Find(Db db, Guid id) =>
        db.Find<CampaignRow>($"SELECT {Columns} FROM campaigns WHERE id = @id", new { id });

    /// <summary>The campaigns that a person has applied to, ordered by id.</summary>
    internal static Task<IReadOnlyList<CampaignRow>> OfParticipant(Db db, Guid participantId) =>
        db.Query<CampaignRow>(
            $"""
            SELECT {Columns} FROM campaigns
            WHERE id IN (SELECT campaign_id FROM applications WHERE participant_id = @participantId)
            ORDER BY id
            """,
            new { participantId }
        );

    /// <param name="allDrafts">True = list all drafts; false = list only those in <paramref name="ownDrafts"/>.
    /// Campaigns past the draft are listed in either case.</param>
    internal static Task<IReadOnlyList<CampaignRow>> List(
        Db db,
        bool allDrafts,
        IReadOnlyCollection<string> ownDrafts,
        string? status,
        Guid? after,
        int limit
    ) =>
        db.Query<CampaignRow>(
            $"""
            SELECT {Columns} FROM campaigns
            WHERE (status <> 'draft' OR @allDrafts = 1 OR CAST(id AS VARCHAR(36)) IN @ownDrafts) 
              AND (@status IS NULL OR (status = @status AND cancelled_at IS NULL) OR (@status = 'cancelled' AND cancelled_at IS NOT NULL)) AND (@after IS NULL OR id > @after)
            ORDER BY id LIMIT @limit
            """,
            new
            {
                allDrafts = allDrafts ? 1 : 0,
                ownDrafts = ownDrafts.ToArray(),
                status,
                after,
                limit,
            }
        );

    /// <summary>
    /// Whether the campaign is no longer a draft, and either has a site in the territory or has an applicant from
    /// there.
    /// </summary>
    internal static Task<bool> Serves(Db db, Guid id, string territory) =>
        db.Value<bool>(
            """
            SELECT CASE WHEN EXISTS (SELECT 1 FROM campaigns WHERE id = @id AND status <> 'draft') AND (
                      EXISTS (SELECT 1 FROM campaign_sites AS cs JOIN sites AS s ON s.id = cs.site_id
                              WHERE cs.campaign_id = @id AND s.territory = @territory)
                      OR EXISTS (SELECT 1 FROM applications AS a JOIN people AS p ON p.participant_id = a.participant_id
                                 WHERE a.campaign_id = @id AND a.status IN ('submitted','approved') AND p.territory = @territory)) THEN 1 ELSE 0 END
            """,
            new { id, territory }
        );

    internal static Task Add(Db db, CampaignRow campaign) =>
        db.Execute(
            """
            INSERT INTO campaigns (id, title, audience, form_id, stage, programme, status, time_limit_minutes, applications_from, applications_to, sitting_from, sitting_to, marking_to, revision, created_at, entry_campaign_id)
            VALUES (@Id, @Title, @Audience, @FormId, @Stage, @Programme, 'draft', @TimeLimitMinutes, @ApplicationsFrom, @ApplicationsTo, @SittingFrom, @SittingTo, @MarkingTo, 1, @CreatedAt, @EntryCampaignId)
            """,
            campaign
        );

    /// <summary>
    /// Returns false when the campaign is no longer a draft, or when somebody else has changed it in the meantime.
    /// </summary>
    internal static async Task<bool> UpdateDraft(Db db, CampaignRow campaign, int revision) =>
        await db.Execute(
            """
            UPDATE campaigns
            SET title = @Title, audience = @Audience, form_id = @FormId, stage = @Stage, programme = @Programme,
                time_limit_minutes = @TimeLimitMinutes, applications_from = @ApplicationsFrom, applications_to = @ApplicationsTo,
                sitting_from = @SittingFrom, sitting_to = @SittingTo, marking_to = @MarkingTo,
                entry_campaign_id = @EntryCampaignId, revision = revision + 1
            WHERE id = @Id AND status = 'draft' AND revision = @revision
            """,
            new
            {
                campaign.Id,
                campaign.Title,
                campaign.Audience,
                campaign.FormId,
                campaign.Stage,
                campaign.Programme,
                campaign.TimeLimitMinutes,
                campaign.ApplicationsFrom,
                campaign.ApplicationsTo,
                campaign.SittingFrom,
                campaign.SittingTo,
                campaign.MarkingTo,
                campaign.EntryCampaignId,
                revision,
            }
        ) == 1;

    /// <summary>
    /// Returns false when the campaign has changed since it was checked, so only a campaign that was checked in its
    /// present form is published.
    /// </summary>
    internal static async Task<bool> Publish(Db db, Guid id, int revision, Instant now) =>
        await db.Execute(
            """
            UPDATE campaigns SET status = 'published', published_at = @now, revision = revision + 1
            WHERE id = @id AND status = 'draft' AND revision = @revision
            """,
            new
            {
                id,
                revision,
                now,
            }
        ) == 1;

    internal static Task<IReadOnlyList<SiteRow>> Sites(Db db, Guid campaignId) =>
        db.Query<SiteRow>(
            """
            SELECT s.id, s.code, s.name, s.address, s.territory, s.time_zone, s.seats, s.revision
            FROM campaign_sites AS c JOIN sites AS s ON s.id = c.site_id
            WHERE c.campaign_id = @campaignId
            ORDER BY s.code
            """,
            new { campaignId }
        );

    /// <summary>
    /// The sites of all campaigns whose ids lie between the two given ids, ordered by campaign and code.
    /// </summary>
    internal static Task<IReadOnlyList<CampaignSiteRow>> Sites(Db db, Guid first, Guid last) =>
        db.Query<CampaignSiteRow>(
            """
            SELECT c.campaign_id, s.id, s.code, s.name, s.address, s.territory, s.time_zone
            FROM campaign_sites AS c JOIN sites AS s ON s.id = c.site_id
            WHERE c.campaign_id >= @first AND c.campaign_id <= @last
            ORDER BY c.campaign_id, s.code
            """,
            new { first, last }
        );

    internal static Task<bool> HasSite(Db db, Guid campaignId, Guid siteId) =>
        db.Value<bool>(
            """
            SELECT CASE WHEN EXISTS (SELECT 1 FROM campaign_sites WHERE campaign_id = @campaignId AND site_id = @siteId) THEN 1 ELSE 0 END
            """,
            new { campaignId, siteId }
        );

    internal static async Task SetSites(Db db, Guid campaignId, IEnumerable<Guid> sites)
    {
        // The new list must contain every site that has sittings: to remove a site from a draft, remove the sittings
        // there first.
        await db.Execute(
            """
            DELETE FROM campaign_sites
            WHERE campaign_id = @campaignId AND NOT EXISTS (
                SELECT 1 FROM campaign_sittings AS g WHERE g.campaign_id = campaign_sites.campaign_id AND g.site_id = campaign_sites.site_id)
            """,
            new { campaignId }
        );
        foreach (var siteId in sites)
            await AddSite(db, campaignId, siteId);
    }

    internal static Task AddSite(Db db, Guid campaignId, Guid siteId) =>
        db.Execute(
            """
            INSERT INTO campaign_sites (campaign_id, site_id) VALUES (@campaignId, @siteId) ON CONFLICT (campaign_id, site_id) DO NOTHING
            """,
            new { campaignId, siteId }
        );

    /// <summary>
    /// Changes the fields that may change after publication: the title, and the windows, which only a decision may
    /// change. Returns false when the campaign is no longer published.
    /// </summary>
    internal static async Task<bool> ChangePublished(Db db, CampaignRow campaign) =>
        await db.Execute(
            """
            UPDATE campaigns
            SET title = @Title, applications_from = @ApplicationsFrom, applications_to = @ApplicationsTo, sitting_from = @SittingFrom,
                sitting_to = @SittingTo, marking_to = @MarkingTo, revision = revision + 1
            WHERE id = @Id AND status = 'published' AND cancelled_at IS NULL AND revision = @Revision
            """,
            new
            {
                campaign.Id,
                campaign.Title,
                campaign.ApplicationsFrom,
                campaign.ApplicationsTo,
                campaign.SittingFrom,
                campaign.SittingTo,
                campaign.MarkingTo,
                campaign.Revision,
            }
        ) == 1;

    /// <summary>
    /// Gives the campaign its next revision, after a change of something that belongs to the campaign but is stored
    /// elsewhere. Returns false when somebody else has changed the campaign in the meantime.
    /// </summary>
    internal static async Task<bool> Touch(Db db, CampaignRow campaign) =>
        await db.Execute(
            """
            UPDATE campaigns SET revision = revision + 1 WHERE id = @Id AND revision = @Revision AND status = @Status AND cancelled_at IS NULL
            """,
            new
            {
                campaign.Id,
                campaign.Revision,
                campaign.Status,
            }
        ) == 1;

    /// <summary>Returns false when the campaign is no longer published.</summary>
    internal static async Task<bool> Cancel(Db db, CampaignRow campaign, Instant now) =>
        await db.Execute(
            """
            UPDATE campaigns SET cancelled_at = @now, revision = revision + 1
            WHERE id = @Id AND status = 'published' AND cancelled_at IS NULL AND revision = @Revision
            """,
            new
            {
                campaign.Id,
                campaign.Revision,
                now,
            }
        ) == 1;

    /// <summary>
    /// Deletes a draft with everything that belongs only to it. Returns false when the draft has been published in the
    /// meantime, or when something else already refers to it.
    /// </summary>
    internal static async Task<bool> DeleteDraft(Db db, Guid id)
    {
        if (
            await db.Value<bool>(
                """
                SELECT CASE WHEN EXISTS (SELECT 1 FROM campaigns WHERE id = @id AND status <> 'draft')
                    OR EXISTS (SELECT 1 FROM commissions WHERE campaign_id = @id)
                    OR EXISTS (SELECT 1 FROM marking_benchmarks WHERE campaign_id = @id) THEN 1 ELSE 0 END
                """,
                new { id }
            )
        )
            return false;
        await db.Execute("DELETE FROM campaign_sittings WHERE campaign_id = @id", new { id });
        await db.Execute("DELETE FROM campaign_policies WHERE campaign_id = @id", new { id });
        await db.Execute("DELETE FROM campaign_sites WHERE campaign_id = @id", new { id });
        return await db.Execute("DELETE FROM campaigns WHERE id = @id AND status = 'draft'", new { id }) == 1;
    }
}
