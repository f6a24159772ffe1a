namespace Diagnostics.Storage.Campaigns;

internal sealed record SiteRow
{
    public Guid Id { get; init; }

    /// <summary>The operator's own number for the site; unique.</summary>
    public string Code { get; init; } = "";

    public string Name { get; init; } = "";
    public string Address { get; init; } = "";
    public string Territory { get; init; } = "";

    /// <summary>IANA name.</summary>
    public string TimeZone { get; init; } = "";

    public int Seats { get; init; }
    public int Revision { get; init; }
}

/// <summary>Places where people take diagnostics (ППД).</summary>
internal static class SiteStore
{
    private const string Columns = "id, code, name, address, territory, time_zone, seats, revision";

    internal static Task<SiteRow?> Find(Db db, Guid id) => db.Find<SiteRow>($"SELECT {Columns} FROM sites WHERE id = @id", new { id });

    internal static Task<IReadOnlyList<SiteRow>> List(Db db, string? territory, Guid? after, int limit) =>
        db.Query<SiteRow>(
            $"""
            SELECT {Columns} FROM sites
            WHERE (@territory IS NULL OR territory = @territory) AND (@after IS NULL OR id > @after)
            ORDER BY id LIMIT @limit
            """,
            new
            {
                territory,
                after,
                limit,
            }
        );

    /// <summary>Returns false when the code is taken.</summary>
    /// <summary>Sites of a campaign by their codes, of those that these codes name.</summary>
    internal static async Task<IReadOnlyDictionary<string, Guid>> OfCampaign(Db db, Guid campaignId, IReadOnlyCollection<string> codes) =>
        (
            await db.Query<SiteRow>(
                """
                SELECT s.id, s.code FROM sites AS s JOIN campaign_sites AS c ON c.site_id = s.id
                WHERE c.campaign_id = @campaignId AND s.code IN @codes
                """,
                new { campaignId, codes = codes.ToArray() }
            )
        ).ToDictionary(site => site.Code, site => site.Id, StringComparer.Ordinal);

    internal static async Task<bool> Add(Db db, SiteRow site) =>
        await db.Execute(
            """
            INSERT INTO sites (id, code, name, address, territory, time_zone, seats, revision)
            VALUES (@Id, @Code, @Name, @Address, @Territory, @TimeZone, @Seats, 1)
            ON CONFLICT (code) DO NOTHING
            """,
            site
        ) == 1;

    internal static Task<bool> CodeTaken(Db db, string code, Guid besides) =>
        db.Value<bool>(
            "SELECT CASE WHEN EXISTS (SELECT 1 FROM sites WHERE code = @code AND id <> @besides) THEN 1 ELSE 0 END",
            new { code, besides }
        );

    /// <summary>
    /// The highest seat number in use at this site in published campaigns that are not cancelled; null when no seat is
    /// in use.
    /// </summary>
    internal static Task<int?> HighestSeatTaken(Db db, Guid id) =>
        db.Value<int?>(
            """
            SELECT MAX(s.seat)
            FROM campaign_sites AS cs
            JOIN campaigns AS c ON c.id = cs.campaign_id
            JOIN sessions AS s ON s.campaign_id = c.id AND s.site_id = cs.site_id
            WHERE cs.site_id = @id AND c.status = 'published' AND c.cancelled_at IS NULL AND s.state <> 'annulled'
            """,
            new { id }
        );

    /// <summary>
    /// Whether a published campaign uses this site, so that people have already been told times in the site's time
    /// zone.
    /// </summary>
    internal static Task<bool> IsInLiveCampaign(Db db, Guid id) =>
        db.Value<bool>(
            """
            SELECT CASE WHEN EXISTS (
                SELECT 1 FROM campaign_sites AS cs JOIN campaigns AS c ON c.id = cs.campaign_id
                WHERE cs.site_id = @id AND c.status = 'published' AND c.cancelled_at IS NULL) THEN 1 ELSE 0 END
            """,
            new { id }
        );

    /// <summary>Returns false when somebody else has changed the site in the meantime.</summary>
    internal static async Task<bool> Update(Db db, SiteRow site, int revision) =>
        await db.Execute(
            """
            UPDATE sites
            SET code = @Code, name = @Name, address = @Address, territory = @Territory, time_zone = @TimeZone, seats = @Seats, revision = revision + 1
            WHERE id = @Id AND revision = @revision
            """,
            new
            {
                site.Id,
                site.Code,
                site.Name,
                site.Address,
                site.Territory,
                site.TimeZone,
                site.Seats,
                revision,
            }
        ) == 1;

    /// <summary>Returns false when a campaign has begun to use the site in the meantime.</summary>
    internal static async Task<bool> Delete(Db db, Guid id) =>
        await db.Execute(
            """
            DELETE FROM sites WHERE id = @id AND NOT EXISTS (SELECT 1 FROM campaign_sites WHERE site_id = @id)
            """,
            new { id }
        ) == 1;
}
