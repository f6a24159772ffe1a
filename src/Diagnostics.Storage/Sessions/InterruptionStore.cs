using NodaTime;

namespace Diagnostics.Storage.Sessions;

/// <summary>An interruption of a whole site, or of one sitting there, for example by a power cut or an alarm.</summary>
internal sealed record InterruptionRow
{
    public Guid Id { get; init; }
    public Guid CampaignId { get; init; }
    public Guid SiteId { get; init; }
    public Guid? SittingId { get; init; }
    public Instant BeganAt { get; init; }
    public string Reason { get; init; } = "";
    public string BeganBy { get; init; } = "";
    public Instant? EndedAt { get; init; }
    public string? EndedBy { get; init; }
}

/// <summary>Interruptions of sites and of their sittings, and the sessions that each one paused.</summary>
internal static class InterruptionStore
{
    private const string Columns = "id, campaign_id, site_id, sitting_id, began_at, reason, began_by, ended_at, ended_by";

    /// <summary>
    /// The interruption that has not ended. When a sitting is named, this is an interruption of that sitting;
    /// otherwise, of the whole site.
    /// </summary>
    internal static Task<InterruptionRow?> Lasting(Db db, Guid campaignId, Guid siteId, Guid? sittingId) =>
        db.Find<InterruptionRow>(
            $"""
            SELECT {Columns} FROM site_interruptions
            WHERE campaign_id = @campaignId AND site_id = @siteId AND ended_at IS NULL
              AND ((@sittingId IS NULL AND sitting_id IS NULL) OR sitting_id = @sittingId)
            """,
            new
            {
                campaignId,
                siteId,
                sittingId,
            }
        );

    /// <summary>The first interruption of the site, or of this sitting there, that has not ended.</summary>
    internal static Task<InterruptionRow?> OfSitting(Db db, Guid campaignId, Guid siteId, Guid? sittingId) =>
        db.Find<InterruptionRow>(
            $"""
            SELECT {Columns} FROM site_interruptions
            WHERE campaign_id = @campaignId AND site_id = @siteId AND ended_at IS NULL AND (sitting_id IS NULL OR sitting_id = @sittingId)
            ORDER BY began_at LIMIT 1
            """,
            new
            {
                campaignId,
                siteId,
                sittingId,
            }
        );

    /// <summary>Whether an interruption of the session's site, or of its sitting there, has not ended.</summary>
    internal static async Task<bool> Stands(Db db, SessionRow session) =>
        await db.Value<int>(
            """
            SELECT COUNT(*) FROM site_interruptions
            WHERE campaign_id = @CampaignId AND site_id = @SiteId AND ended_at IS NULL AND (sitting_id IS NULL OR sitting_id = @SittingId)
            """,
            new
            {
                session.CampaignId,
                session.SiteId,
                session.SittingId,
            }
        ) > 0;

    /// <summary>Interruptions of a site in a campaign, the last one first.</summary>
    internal static Task<IReadOnlyList<InterruptionRow>> OfSite(Db db, Guid campaignId, Guid siteId, int limit) =>
        db.Query<InterruptionRow>(
            $"""
            SELECT {Columns} FROM site_interruptions
            WHERE campaign_id = @campaignId AND site_id = @siteId ORDER BY began_at DESC, id DESC LIMIT @limit
            """,
            new
            {
                campaignId,
                siteId,
                limit,
            }
        );

    /// <summary>
    /// Adds an interruption. A unique index allows only one open interruption of the same site or the same sitting.
    /// </summary>
    internal static Task Begin(Db db, InterruptionRow interruption) =>
        db.Execute(
            """
            INSERT INTO site_interruptions (id, campaign_id, site_id, sitting_id, began_at, reason, began_by)
            VALUES (@Id, @CampaignId, @SiteId, @SittingId, @BeganAt, @Reason, @BeganBy)
            """,
            interruption
        );

    internal static Task AddSession(Db db, Guid interruptionId, Guid sessionId) =>
        db.Execute(
            """
            INSERT INTO site_interruption_sessions (interruption_id, session_id) VALUES (@interruptionId, @sessionId)
            """,
            new { interruptionId, sessionId }
        );

    /// <summary>
    /// Locks the sessions that this interruption paused and that have been paused ever since, in the order in which the
    /// save path locks sessions. A session that somebody resumed separately during the interruption is left out, even
    /// if it was paused again for another reason.
    /// </summary>
    internal static Task<IReadOnlyList<SessionRow>> HoldPaused(Db db, InterruptionRow interruption) =>
        db.Query<SessionRow>(
            db.Dialect.Holding(
                $"""
                SELECT {SessionStore.Columns} FROM sessions WHERE state = 'paused' AND paused_at = @BeganAt
                  AND id IN (SELECT p.session_id FROM site_interruption_sessions AS p WHERE p.interruption_id = @Id)
                ORDER BY id
                """
            ),
            interruption
        );

    /// <summary>Returns false when somebody else has already ended the interruption.</summary>
    internal static async Task<bool> End(Db db, Guid id, Instant now, string actor) =>
        await db.Execute(
            """
            UPDATE site_interruptions SET ended_at = @now, ended_by = @actor WHERE id = @id AND ended_at IS NULL
            """,
            new
            {
                id,
                now,
                actor,
            }
        ) == 1;
}
