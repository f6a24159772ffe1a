using NodaTime;

namespace Diagnostics.Storage.Campaigns;

/// <summary>A sitting: the time at which some of a campaign's people take the test at one of its sites.</summary>
internal sealed record SittingRow
{
    public Guid Id { get; init; }
    public Guid CampaignId { get; init; }
    public Guid SiteId { get; init; }
    public Instant StartsAt { get; init; }

    /// <summary>From this time on, nobody may begin, and other sittings may use the seats.</summary>
    public Instant EndsAt { get; init; }

    /// <summary>Number of the shift on that day at the site, from 1.</summary>
    public int Shift { get; init; }

    public int Seats { get; init; }

    /// <summary>Whether the sitting is for people who could not come to the sitting they were assigned.</summary>
    public bool Reserve { get; init; }

    /// <summary>When the sitting was cancelled. The people who had seats in it then wait for another sitting.</summary>
    public Instant? CancelledAt { get; init; }

    public Instant CreatedAt { get; init; }

    /// <summary>Number of seats that have been given out.</summary>
    public int Taken { get; init; }

    public int Free => CancelledAt is null ? Math.Max(Seats - Taken, 0) : 0;
}

/// <summary>Sittings («в день проведения») of campaigns.</summary>
internal static class SittingStore
{
    private const string Columns = """
        g.id, g.campaign_id, g.site_id, g.starts_at, g.ends_at, g.shift, g.seats, g.reserve, g.cancelled_at, g.created_at,
        (SELECT COUNT(*) FROM sessions AS s WHERE s.sitting_id = g.id AND s.state <> 'annulled') AS taken
        """;

    internal static Task<SittingRow?> Find(Db db, Guid id) =>
        db.Find<SittingRow>($"SELECT {Columns} FROM campaign_sittings AS g WHERE g.id = @id", new { id });

    /// <summary>
    /// All sittings of a campaign in order of time, including cancelled ones; if a site is given, only those at this
    /// site.
    /// </summary>
    internal static Task<IReadOnlyList<SittingRow>> OfCampaign(Db db, Guid campaignId, Guid? siteId) =>
        db.Query<SittingRow>(
            $"""
            SELECT {Columns} FROM campaign_sittings AS g
            WHERE g.campaign_id = @campaignId AND (@siteId IS NULL OR g.site_id = @siteId)
            ORDER BY g.starts_at, g.site_id, g.shift, g.id
            """,
            new { campaignId, siteId }
        );

    /// <summary>The sittings of all campaigns at a site that overlap a time interval, except cancelled ones.</summary>
    internal static Task<IReadOnlyList<SittingRow>> Overlapping(Db db, Guid siteId, Instant from, Instant to) =>
        db.Query<SittingRow>(
            $"""
            SELECT {Columns} FROM campaign_sittings AS g
            WHERE g.site_id = @siteId AND g.cancelled_at IS NULL AND g.ends_at > @from AND g.starts_at < @to
            ORDER BY g.starts_at, g.id
            """,
            new
            {
                siteId,
                from,
                to,
            }
        );

    /// <summary>The current and future sittings of all campaigns at a site, except cancelled ones.</summary>
    internal static Task<IReadOnlyList<SittingRow>> Ahead(Db db, Guid siteId, Instant now) =>
        db.Query<SittingRow>(
            $"""
            SELECT {Columns} FROM campaign_sittings AS g
            WHERE g.site_id = @siteId AND g.cancelled_at IS NULL AND g.ends_at > @now
            ORDER BY g.starts_at, g.id
            """,
            new { siteId, now }
        );

    internal static Task Add(Db db, SittingRow sitting) =>
        db.Execute(
            """
            INSERT INTO campaign_sittings (id, campaign_id, site_id, starts_at, ends_at, shift, seats, reserve, created_at)
            VALUES (@Id, @CampaignId, @SiteId, @StartsAt, @EndsAt, @Shift, @Seats, @Reserve, @CreatedAt)
            """,
            sitting
        );

    /// <summary>Returns false when the sitting has been cancelled or moved since it was read.</summary>
    internal static async Task<bool> Move(Db db, SittingRow from, Instant startsAt, Instant endsAt) =>
        await db.Execute(
            """
            UPDATE campaign_sittings SET starts_at = @startsAt, ends_at = @endsAt
            WHERE id = @Id AND cancelled_at IS NULL AND starts_at = @wasFrom AND ends_at = @wasTo
            """,
            new
            {
                from.Id,
                startsAt,
                endsAt,
                wasFrom = from.StartsAt,
                wasTo = from.EndsAt,
            }
        ) == 1;

    /// <summary>Returns false when the sitting was already cancelled.</summary>
    internal static async Task<bool> Cancel(Db db, Guid id, Instant now) =>
        await db.Execute(
            """
            UPDATE campaign_sittings SET cancelled_at = @now WHERE id = @id AND cancelled_at IS NULL
            """,
            new { id, now }
        ) == 1;

    internal static Task<int> CancelAll(Db db, Guid campaignId, Instant now) =>
        db.Execute(
            """
            UPDATE campaign_sittings SET cancelled_at = @now WHERE campaign_id = @campaignId AND cancelled_at IS NULL
            """,
            new { campaignId, now }
        );

    /// <summary>
    /// Deletes a sitting of a draft. A published sitting is never deleted, because people have already been told about
    /// it.
    /// </summary>
    internal static async Task<bool> DeleteFromDraft(Db db, Guid id) =>
        await db.Execute(
            """
            DELETE FROM campaign_sittings
            WHERE id = @id AND EXISTS (SELECT 1 FROM campaigns AS c WHERE c.id = campaign_sittings.campaign_id AND c.status = 'draft')
            """,
            new { id }
        ) == 1;
}
