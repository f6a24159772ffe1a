using NodaTime;

namespace Diagnostics.Storage.SiteDays;

/// <summary>An act of the day, as the site's head signed it.</summary>
internal sealed record SiteActRow
{
    public Guid Id { get; init; }
    public Guid CampaignId { get; init; }
    public Guid SiteId { get; init; }
    public Guid? SittingId { get; init; }

    /// <summary>Date at the site, ISO 8601.</summary>
    public string SatOn { get; init; } = "";

    public string Content { get; init; } = "";
    public string Fingerprint { get; init; } = "";
    public Guid SignedBy { get; init; }
    public string UserName { get; init; } = "";
    public Instant SignedAt { get; init; }
}

internal static class SiteActStore
{
    /// <param name="satOn">Distinguishes acts when there are no sittings; a sitting has only one act, on whatever day
    /// it takes place.</param>
    internal static Task<SiteActRow?> Find(Db db, DayFilter day, string satOn) =>
        db.Find<SiteActRow>(
            $"""
            SELECT t.id, t.campaign_id, t.site_id, t.sitting_id, t.sat_on, t.content, t.fingerprint, t.signed_by, a.user_name, t.signed_at
            FROM site_acts AS t JOIN access_accounts AS a ON a.id = t.signed_by
            WHERE t.campaign_id = @CampaignId AND t.site_id = @SiteId AND {day.InSitting("t")}{(
                day.SittingId is null ? " AND t.sat_on = @satOn" : ""
            )}
            """,
            new
            {
                day.CampaignId,
                day.SiteId,
                day.SittingId,
                satOn,
            }
        );

    /// <summary>Returns false when the act is already signed.</summary>
    internal static async Task<bool> Add(Db db, SiteActRow act) =>
        await db.Execute(
            """
            INSERT INTO site_acts (id, campaign_id, site_id, sitting_id, sat_on, content, fingerprint, signed_by, signed_at)
            VALUES (@Id, @CampaignId, @SiteId, @SittingId, @SatOn, @Content, @Fingerprint, @SignedBy, @SignedAt)
            ON CONFLICT DO NOTHING
            """,
            act
        ) == 1;
}
