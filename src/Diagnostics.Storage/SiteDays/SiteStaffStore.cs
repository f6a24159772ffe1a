using NodaTime;

namespace Diagnostics.Storage.SiteDays;

/// <summary>A person appointed to a duty at a site, for one sitting or for all of the campaign's days there.</summary>
internal sealed record SiteStaffRow
{
    public Guid Id { get; init; }
    public Guid CampaignId { get; init; }
    public Guid SiteId { get; init; }

    /// <summary>
    /// Null when the campaign has no sittings at the site; the appointment is then for all the campaign's days there.
    /// </summary>
    public Guid? SittingId { get; init; }

    public Guid AccountId { get; init; }
    public string UserName { get; init; } = "";
    public string Duty { get; init; } = "";
    public Instant AppointedAt { get; init; }
    public string AppointedBy { get; init; } = "";
    public Instant? EndedAt { get; init; }
    public string? EndReason { get; init; }
}

internal static class SiteStaffStore
{
    private const string Columns = """
        t.id, t.campaign_id, t.site_id, t.sitting_id, t.account_id, a.user_name, t.duty, t.appointed_at, t.appointed_by, t.ended_at, t.end_reason
        """;

    internal static Task<SiteStaffRow?> Find(Db db, Guid id) =>
        db.Find<SiteStaffRow>(
            $"""
            SELECT {Columns} FROM site_staff AS t JOIN access_accounts AS a ON a.id = t.account_id WHERE t.id = @id
            """,
            new { id }
        );

    /// <summary>Appointments for all days of a campaign at a site, or for one sitting, including ended ones.</summary>
    internal static Task<IReadOnlyList<SiteStaffRow>> OfSite(
        Db db,
        Guid campaignId,
        Guid siteId,
        Guid? sittingId,
        Guid? after,
        int limit
    ) =>
        db.Query<SiteStaffRow>(
            $"""
            SELECT {Columns}
            FROM site_staff AS t JOIN access_accounts AS a ON a.id = t.account_id
            WHERE t.campaign_id = @campaignId AND t.site_id = @siteId AND (@sittingId IS NULL OR t.sitting_id = @sittingId) AND (@after IS NULL OR t.id > @after)
            ORDER BY t.id LIMIT @limit
            """,
            new
            {
                campaignId,
                siteId,
                sittingId,
                after,
                limit,
            }
        );

    /// <summary>Appointments for one sitting, or for a site without sittings, including ended ones.</summary>
    internal static Task<IReadOnlyList<SiteStaffRow>> OfDay(Db db, DayFilter day) =>
        db.Query<SiteStaffRow>(
            $"""
            SELECT {Columns}
            FROM site_staff AS t JOIN access_accounts AS a ON a.id = t.account_id
            WHERE t.campaign_id = @CampaignId AND t.site_id = @SiteId AND {day.InSitting("t")}
            ORDER BY t.id
            """,
            day
        );

    /// <summary>Returns false when the account already has this duty there, or the site already has a head.</summary>
    internal static async Task<bool> Add(Db db, SiteStaffRow appointment) =>
        await db.Execute(
            """
            INSERT INTO site_staff (id, campaign_id, site_id, sitting_id, account_id, duty, appointed_at, appointed_by)
            VALUES (@Id, @CampaignId, @SiteId, @SittingId, @AccountId, @Duty, @AppointedAt, @AppointedBy)
            ON CONFLICT DO NOTHING
            """,
            appointment
        ) == 1;

    /// <summary>
    /// Returns false when the appointment had already ended, so of two simultaneous calls only one succeeds.
    /// </summary>
    internal static async Task<bool> End(Db db, Guid id, string reason, string by, Instant now) =>
        await db.Execute(
            """
            UPDATE site_staff SET ended_at = @now, ended_by = @by, end_reason = @reason WHERE id = @id AND ended_at IS NULL
            """,
            new
            {
                id,
                reason,
                by,
                now,
            }
        ) == 1;
}
