using NodaTime;

namespace Diagnostics.Storage.SiteDays;

/// <summary>An entry in the journal of the day.</summary>
internal sealed record JournalRow
{
    public Guid Id { get; init; }
    public Guid CampaignId { get; init; }
    public Guid SiteId { get; init; }
    public Guid? SittingId { get; init; }
    public string Kind { get; init; } = "";
    public Guid? StaffId { get; init; }
    public Guid? SessionId { get; init; }
    public int? Seat { get; init; }
    public bool? Passed { get; init; }
    public int? Quantity { get; init; }

    /// <summary>The entry that this one declares invalid.</summary>
    public Guid? CorrectsId { get; init; }

    public string? Note { get; init; }
    public Instant At { get; init; }
    public string Actor { get; init; } = "";

    /// <summary>Whether another entry declares this one invalid.</summary>
    public bool Corrected { get; init; }
}

internal static class SiteJournalStore
{
    private const string Columns = """
        j.id, j.campaign_id, j.site_id, j.sitting_id, j.kind, j.staff_id, j.session_id, j.seat, j.passed, j.quantity, j.corrects_id, j.note, j.at, j.actor,
        CASE WHEN EXISTS (SELECT 1 FROM site_journal AS c WHERE c.corrects_id = j.id) THEN 1 ELSE 0 END AS corrected
        """;

    internal static Task<JournalRow?> Find(Db db, Guid id) =>
        db.Find<JournalRow>($"SELECT {Columns} FROM site_journal AS j WHERE j.id = @id", new { id });

    /// <summary>Entries of a campaign at a site, of all sittings or of one, oldest first.</summary>
    internal static Task<IReadOnlyList<JournalRow>> OfSite(Db db, Guid campaignId, Guid siteId, Guid? sittingId, Guid? after, int limit) =>
        db.Query<JournalRow>(
            $"""
            SELECT {Columns} FROM site_journal AS j
            WHERE j.campaign_id = @campaignId AND j.site_id = @siteId AND (@sittingId IS NULL OR j.sitting_id = @sittingId) AND (@after IS NULL OR j.id > @after)
            ORDER BY j.id LIMIT @limit
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

    /// <summary>Entries of a day, oldest first.</summary>
    internal static Task<IReadOnlyList<JournalRow>> OfDay(Db db, DayFilter day) =>
        db.Query<JournalRow>(
            $"""
            SELECT {Columns} FROM site_journal AS j
            WHERE j.campaign_id = @CampaignId AND j.site_id = @SiteId AND {day.InSitting("j")} AND {day.Happened("j.at")}
            ORDER BY j.id
            """,
            day
        );

    /// <summary>Returns false when the entry that this one corrects has already been corrected.</summary>
    internal static async Task<bool> Add(Db db, JournalRow entry) =>
        await db.Execute(
            """
            INSERT INTO site_journal (id, campaign_id, site_id, sitting_id, kind, staff_id, session_id, seat, passed, quantity, corrects_id, note, at, actor)
            VALUES (@Id, @CampaignId, @SiteId, @SittingId, @Kind, @StaffId, @SessionId, @Seat, @Passed, @Quantity, @CorrectsId, @Note, @At, @Actor)
            ON CONFLICT DO NOTHING
            """,
            entry
        ) == 1;
}
