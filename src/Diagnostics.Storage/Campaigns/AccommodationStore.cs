using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;

namespace Diagnostics.Storage.Campaigns;

internal sealed record AccommodationsRow
{
    public Guid ApplicationId { get; init; }
    public string Standing { get; init; } = "";
    public int? ExtraAmount { get; init; }
    public string? ExtraUnit { get; init; }
    public bool Breaks { get; init; }
    public bool Assistant { get; init; }
    public bool Paper { get; init; }

    public Accommodations Value =>
        new(
            ExtraAmount is { } amount && ExtraUnit is { } unit ? new ExtraTime(amount, Codes.Parse<ExtraTimeUnit>(unit)) : null,
            Breaks,
            Assistant,
            Paper
        );
}

/// <summary>
/// Special conditions of applications. Those requested and those granted are separate rows, and each row is written
/// only once; an application without special conditions has no row.
/// </summary>
internal static class AccommodationStore
{
    private const string Columns = "application_id, standing, extra_amount, extra_unit, breaks, assistant, paper";
    private const string WasAsked = "asked";
    private const string WasGranted = "granted";

    internal static Task Ask(Db db, Guid applicationId, Accommodations what) => Add(db, applicationId, WasAsked, what);

    internal static Task Grant(Db db, Guid applicationId, Accommodations what) => Add(db, applicationId, WasGranted, what);

    internal static async Task<(Accommodations? Asked, Accommodations? Granted)> Of(Db db, Guid applicationId) =>
        Sorted(
            await db.Query<AccommodationsRow>(
                $"SELECT {Columns} FROM application_accommodations WHERE application_id = @applicationId",
                new { applicationId }
            )
        );

    /// <summary>
    /// Special conditions, keyed by application; applications without special conditions are left out.
    /// </summary>
    internal static async Task<IReadOnlyDictionary<Guid, (Accommodations? Asked, Accommodations? Granted)>> OfParticipant(
        Db db,
        Guid participantId
    ) => (
            await db.Query<AccommodationsRow>(
                """
                SELECT g.application_id, g.standing, g.extra_amount, g.extra_unit, g.breaks, g.assistant, g.paper
                FROM application_accommodations AS g JOIN applications AS a ON a.id = g.application_id
                WHERE a.participant_id = @participantId
                """,
                new { participantId }
            )
        ).GroupBy(row => row.ApplicationId).ToDictionary(rows => rows.Key, rows => Sorted(rows.ToList()));

    internal static async Task<Accommodations?> Granted(Db db, Guid applicationId) =>
        (
            await db.Find<AccommodationsRow>(
                $"""
                SELECT {Columns} FROM application_accommodations WHERE application_id = @applicationId AND standing = 'granted'
                """,
                new { applicationId }
            )
        )?.Value;

    /// <summary>
    /// The conditions that have been granted in a campaign, at one of its sites or at all of them, keyed by
    /// application.
    /// </summary>
    internal static async Task<IReadOnlyDictionary<Guid, Accommodations>> GrantedIn(Db db, Guid campaignId, Guid? siteId) =>
        (
            await db.Query<AccommodationsRow>(
                """
                SELECT g.application_id, g.standing, g.extra_amount, g.extra_unit, g.breaks, g.assistant, g.paper
                FROM application_accommodations AS g JOIN applications AS a ON a.id = g.application_id
                WHERE a.campaign_id = @campaignId AND (@siteId IS NULL OR a.site_id = @siteId) AND g.standing = 'granted'
                """,
                new { campaignId, siteId }
            )
        ).ToDictionary(row => row.ApplicationId, row => row.Value);

    /// <summary>Deletes the conditions of an erased person, because they reveal the person's health.</summary>
    internal static Task<int> Forget(Db db, Guid participantId) =>
        db.Execute(
            """
            DELETE FROM application_accommodations
            WHERE application_id IN (SELECT id FROM applications WHERE participant_id = @participantId)
            """,
            new { participantId }
        );

    private static (Accommodations? Asked, Accommodations? Granted) Sorted(IReadOnlyList<AccommodationsRow> rows)
    {
        return (Value(WasAsked), Value(WasGranted));

        Accommodations? Value(string standing) => rows.FirstOrDefault(row => row.Standing == standing)?.Value;
    }

    private static Task Add(Db db, Guid applicationId, string standing, Accommodations what) =>
        db.Execute(
            """
            INSERT INTO application_accommodations (application_id, standing, extra_amount, extra_unit, breaks, assistant, paper)
            VALUES (@applicationId, @standing, @amount, @unit, @Breaks, @Assistant, @Paper)
            """,
            new
            {
                applicationId,
                standing,
                amount = what.ExtraTime?.Amount,
                unit = what.ExtraTime is { } time ? Codes.Of(time.Unit) : null,
                what.Breaks,
                what.Assistant,
                what.Paper,
            }
        );
}
