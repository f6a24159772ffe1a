using Diagnostics.Engine;
using Diagnostics.Engine.Sessions;
using NodaTime;

namespace Diagnostics.Storage.Sessions;

/// <summary>A session that has a paper package, and how far it has come on paper.</summary>
internal sealed record PaperRow
{
    public Guid SessionId { get; init; }
    public int Seat { get; init; }
    public Guid FormId { get; init; }
    public int Variant { get; init; }
    public string State { get; init; } = "";

    /// <summary>When saves end, the grace included; null before the start.</summary>
    public Instant? AcceptUntil { get; init; }

    /// <summary>Code of the package that was made for the session's present draw.</summary>
    public string Code { get; init; } = "";

    /// <summary>Number of sheets in the package.</summary>
    public int Sheets { get; init; }

    public Instant? StartedAt { get; init; }

    /// <summary>When the person stopped writing; null until the sheets are collected.</summary>
    public Instant? EndedAt { get; init; }

    /// <summary>JSON list of the numbers of the sheets that were collected.</summary>
    public string? Collected { get; init; }

    public string? Note { get; init; }

    /// <summary>Number of people who have entered the answers.</summary>
    public int Entries { get; init; }

    public SessionState SessionState => Codes.Parse<SessionState>(State);
}

internal sealed record PaperPackageRow
{
    public string Code { get; init; } = "";
    public Guid SessionId { get; init; }
    public int Variant { get; init; }
    public long ShuffleSeed { get; init; }
    public int Sheets { get; init; }
    public Instant MadeAt { get; init; }
    public Guid MadeBy { get; init; }
}

internal sealed record PaperCollectionRow
{
    public Guid SessionId { get; init; }
    public Instant EndedAt { get; init; }

    /// <summary>JSON list of the numbers of the sheets.</summary>
    public string Sheets { get; init; } = "";

    public string? Note { get; init; }
    public Instant CollectedAt { get; init; }
    public Guid CollectedBy { get; init; }
}

internal sealed record PaperEntryRow
{
    public Guid SessionId { get; init; }
    public int Number { get; init; }

    /// <summary>JSON: slot to answer in the author's ids; null is an empty answer.</summary>
    public string Content { get; init; } = "";

    public Instant EnteredAt { get; init; }
    public Guid EnteredBy { get; init; }
}

/// <summary>Sessions on paper: their packages, what was collected, and what was entered.</summary>
internal static class PaperStore
{
    private const string Works = """
        SELECT s.id AS session_id, s.seat, s.form_id, s.variant, s.state, s.accept_until, p.code, p.sheets, w.started_at, c.ended_at, c.sheets AS collected, c.note,
               (SELECT COUNT(*) FROM paper_entries AS e WHERE e.session_id = s.id) AS entries
        FROM sessions AS s
        JOIN paper_packages AS p ON p.session_id = s.id AND p.variant = s.variant AND p.shuffle_seed = s.shuffle_seed
        LEFT JOIN paper_works AS w ON w.session_id = s.id
        LEFT JOIN paper_collections AS c ON c.session_id = s.id
        """;

    /// <summary>The session's paper; null when no package is made for its present draw.</summary>
    internal static Task<PaperRow?> Find(Db db, Guid sessionId) => db.Find<PaperRow>($"{Works} WHERE s.id = @sessionId", new { sessionId });

    /// <summary>
    /// Sessions of a campaign at a site, in one sitting or in all, that have a package and have not begun on a screen, in
    /// the order of their seats.
    /// </summary>
    internal static Task<IReadOnlyList<PaperRow>> AtSite(Db db, Guid campaignId, Guid siteId, Guid? sittingId) =>
        db.Query<PaperRow>(
            $"""
            {Works}
            WHERE s.campaign_id = @campaignId AND s.site_id = @siteId AND (@sittingId IS NULL OR s.sitting_id = @sittingId)
              AND s.state <> 'annulled' AND (s.started_at IS NULL OR w.session_id IS NOT NULL)
            ORDER BY s.seat, s.id
            """,
            new
            {
                campaignId,
                siteId,
                sittingId,
            }
        );

    /// <summary>Whether a session was begun on paper.</summary>
    internal static async Task<bool> IsBegun(Db db, Guid sessionId) =>
        await db.Value<int>("SELECT COUNT(*) FROM paper_works WHERE session_id = @sessionId", new { sessionId }) > 0;

    internal static async Task<bool> HasCode(Db db, string code) =>
        await db.Value<int>("SELECT COUNT(*) FROM paper_packages WHERE code = @code", new { code }) > 0;

    internal static Task AddPackage(Db db, PaperPackageRow package) =>
        db.Execute(
            """
            INSERT INTO paper_packages (code, session_id, variant, shuffle_seed, sheets, made_at, made_by)
            VALUES (@Code, @SessionId, @Variant, @ShuffleSeed, @Sheets, @MadeAt, @MadeBy)
            """,
            package
        );

    internal static Task Begin(Db db, Guid sessionId, string code, Instant startedAt, Guid startedBy) =>
        db.Execute(
            "INSERT INTO paper_works (session_id, code, started_at, started_by) VALUES (@sessionId, @code, @startedAt, @startedBy)",
            new
            {
                sessionId,
                code,
                startedAt,
                startedBy,
            }
        );

    internal static Task Collect(Db db, PaperCollectionRow collection) =>
        db.Execute(
            """
            INSERT INTO paper_collections (session_id, ended_at, sheets, note, collected_at, collected_by)
            VALUES (@SessionId, @EndedAt, @Sheets, @Note, @CollectedAt, @CollectedBy)
            """,
            collection
        );

    /// <summary>What was entered, in order.</summary>
    internal static Task<IReadOnlyList<PaperEntryRow>> Entries(Db db, Guid sessionId) =>
        db.Query<PaperEntryRow>(
            """
            SELECT session_id, number, content, entered_at, entered_by FROM paper_entries WHERE session_id = @sessionId ORDER BY number
            """,
            new { sessionId }
        );

    internal static Task AddEntry(Db db, PaperEntryRow entry) =>
        db.Execute(
            """
            INSERT INTO paper_entries (session_id, number, content, entered_at, entered_by)
            VALUES (@SessionId, @Number, @Content, @EnteredAt, @EnteredBy)
            """,
            entry
        );
}
