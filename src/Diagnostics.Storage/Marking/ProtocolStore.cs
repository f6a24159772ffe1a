using NodaTime;

namespace Diagnostics.Storage.Marking;

internal sealed record ProtocolRow
{
    public Guid CampaignId { get; init; }
    public int Number { get; init; }

    /// <summary>The whole document, as JSON.</summary>
    public string Content { get; init; } = "";

    public string Fingerprint { get; init; } = "";
    public Guid ApprovedBy { get; init; }
    public Instant ApprovedAt { get; init; }
}

/// <summary>The numbers that a protocol states about a campaign's score ledger.</summary>
internal sealed record LedgerCountsRow
{
    public int Sessions { get; init; }

    /// <summary>Number of rounds, including those of annulled sessions, so that the number only rises.</summary>
    public int Rounds { get; init; }

    public int Scripts { get; init; }
    public int ScriptsWithThird { get; init; }
    public int ScriptsWithSecondLook { get; init; }
    public int Flags { get; init; }
}

/// <summary>How many times experts marked the current answers, by the kind of reading.</summary>
internal sealed record ReadingCountsRow
{
    public int Independent { get; init; }

    /// <summary>Number of third readings, which settle a discrepancy.</summary>
    public int Thirds { get; init; }

    public int SecondLooks { get; init; }
}

/// <summary>
/// Protocols by which the chair approves a campaign's results. Append-only; the last one is in force.
/// </summary>
internal static class ProtocolStore
{
    internal static Task<IReadOnlyList<ProtocolRow>> OfCampaign(Db db, Guid campaignId) =>
        db.Query<ProtocolRow>(
            """
            SELECT campaign_id, number, content, fingerprint, approved_by, approved_at FROM marking_protocols WHERE campaign_id = @campaignId ORDER BY number
            """,
            new { campaignId }
        );

    /// <summary>Returns false when another protocol already has this number.</summary>
    internal static async Task<bool> Add(Db db, ProtocolRow protocol) =>
        await db.Execute(
            """
            INSERT INTO marking_protocols (campaign_id, number, content, fingerprint, approved_by, approved_at)
            VALUES (@CampaignId, @Number, @Content, @Fingerprint, @ApprovedBy, @ApprovedAt)
            ON CONFLICT DO NOTHING
            """,
            protocol
        ) == 1;

    /// <summary>Number of rounds, as in <see cref="Counts"/>, which is all that tells whether a protocol is up to date.</summary>
    internal static Task<int> Rounds(Db db, Guid campaignId) =>
        db.Value<int>(
            """
            SELECT COUNT(*) FROM sessions AS s JOIN marking_rounds AS r ON r.session_id = s.id WHERE s.campaign_id = @campaignId
            """,
            new { campaignId }
        );

    /// <summary>
    /// The ledger of a campaign in numbers. Rounds are only ever added, so any new round changes these numbers. If a
    /// session is annulled later, its rounds still count: otherwise a new session with the same number of rounds could
    /// be mistaken for the approved one.
    /// </summary>
    internal static Task<LedgerCountsRow?> Counts(Db db, Guid campaignId) =>
        db.Find<LedgerCountsRow>(
            """
            SELECT COUNT(DISTINCT CASE WHEN s.state <> 'annulled' THEN s.id END) AS sessions, COUNT(*) AS rounds,
                   (SELECT COUNT(*) FROM marking_tasks AS t JOIN sessions AS ts ON ts.id = t.session_id
                    WHERE t.campaign_id = @campaignId AND t.state <> 'withdrawn' AND ts.state <> 'annulled') AS scripts,
                   (SELECT COUNT(*) FROM marking_tasks AS t JOIN sessions AS ts ON ts.id = t.session_id
                    WHERE t.campaign_id = @campaignId AND t.state <> 'withdrawn' AND ts.state <> 'annulled' AND t.thirds > t.second_looks) AS scripts_with_third,
                   (SELECT COUNT(*) FROM marking_tasks AS t JOIN sessions AS ts ON ts.id = t.session_id
                    WHERE t.campaign_id = @campaignId AND t.state <> 'withdrawn' AND ts.state <> 'annulled' AND t.second_looks > 0) AS scripts_with_second_look,
                   (SELECT COUNT(*) FROM marking_tasks AS t JOIN marking_assignments AS a ON a.task_id = t.id JOIN marking_flags AS f ON f.assignment_id = a.id
                    WHERE t.campaign_id = @campaignId) AS flags
            FROM sessions AS s JOIN marking_rounds AS r ON r.session_id = s.id
            WHERE s.campaign_id = @campaignId
            """,
            new { campaignId }
        );

    /// <summary>
    /// A script's readings are numbered by `place`: first the independent readings, then the additional ones. A
    /// discrepancy causes a third reading only while there is no other additional reading, so a third reading comes
    /// before every second look.
    /// </summary>
    internal static Task<ReadingCountsRow?> Readings(Db db, Guid campaignId, int experts) =>
        db.Find<ReadingCountsRow>(
            """
            SELECT COALESCE(SUM(CASE WHEN a.place <= @experts THEN 1 ELSE 0 END), 0) AS independent,
                   COALESCE(SUM(CASE WHEN a.place > @experts AND a.place <= @experts + t.thirds - t.second_looks THEN 1 ELSE 0 END), 0) AS thirds,
                   COALESCE(SUM(CASE WHEN a.place > @experts + t.thirds - t.second_looks THEN 1 ELSE 0 END), 0) AS second_looks
            FROM marking_tasks AS t
            JOIN sessions AS s ON s.id = t.session_id
            JOIN marking_assignments AS a ON a.task_id = t.id
            WHERE t.campaign_id = @campaignId AND t.state <> 'withdrawn' AND s.state <> 'annulled' AND a.state = 'marked'
            """,
            new { campaignId, experts }
        );
}
