using NodaTime;

namespace Diagnostics.Storage.Profiles;

/// <summary>A session that prevents publication.</summary>
internal sealed record OpenSessionRow
{
    public Guid Id { get; init; }

    /// <summary>
    /// Why the session prevents publication: <c>not_over</c>, <c>not_scored</c>, <c>scoring_fault</c>, <c>marking</c>
    /// or <c>undecided</c>.
    /// </summary>
    public string What { get; init; } = "";
}

/// <summary>A session of a closed campaign whose final profile must be issued.</summary>
internal sealed record SessionToPublishRow
{
    public Guid Id { get; init; }
    public Guid FormId { get; init; }

    /// <summary>When the session's campaign was closed; this time never changes.</summary>
    public Instant ClosedAt { get; init; }
}

/// <summary>Queries for publishing a campaign's results.</summary>
internal static class PublicationStore
{
    /// <summary>
    /// Sessions that have no result yet. A session that was never begun prevents publication only as long as it can
    /// still begin. It can begin in its sitting, or in the campaign's window when it has no sitting or the sitting was
    /// cancelled. A session whose taker did not come gets no result and prevents nothing.
    /// </summary>
    internal static Task<IReadOnlyList<OpenSessionRow>> Open(Db db, Guid campaignId, Instant now) =>
        db.Query<OpenSessionRow>(
            """
            SELECT s.id, CASE
                WHEN s.state NOT IN ('finished','expired') THEN 'not_over'
                WHEN s.scoring_fault IS NOT NULL THEN 'scoring_fault'
                WHEN s.scored_at IS NULL THEN 'not_scored'
                WHEN EXISTS (SELECT 1 FROM marking_tasks AS t WHERE t.session_id = s.id AND t.state = 'waiting') THEN 'marking'
                ELSE 'undecided' END AS what
            FROM sessions AS s JOIN campaigns AS c ON c.id = s.campaign_id
              LEFT JOIN campaign_sittings AS g ON g.id = s.sitting_id AND g.cancelled_at IS NULL
            WHERE s.campaign_id = @campaignId AND s.state <> 'annulled'
              AND NOT (COALESCE(g.ends_at, c.sitting_to) <= @now AND s.state IN ('scheduled','open'))
              AND (s.scored_at IS NULL
                   OR EXISTS (SELECT 1 FROM marking_tasks AS t WHERE t.session_id = s.id AND t.state = 'waiting')
                   OR NOT EXISTS (SELECT 1 FROM profiles AS p WHERE p.session_id = s.id))
            ORDER BY s.id
            """,
            new { campaignId, now }
        );

    /// <summary>
    /// Returns false when the campaign is already closed, so when two people publish at the same time, only one closes
    /// it.
    /// </summary>
    internal static async Task<bool> Close(Db db, Guid campaignId, Instant now) =>
        await db.Execute(
            """
            UPDATE campaigns SET status = 'closed', closed_at = @now, revision = revision + 1
            WHERE id = @campaignId AND status = 'published' AND cancelled_at IS NULL
            """,
            new { campaignId, now }
        ) == 1;

    /// <summary>
    /// Sessions that are marked but not published, although the results of their campaign are published. These are new
    /// sessions given after an upheld appeal, and sessions whose annulment was undone. The query starts from these two
    /// kinds, of which there are few, because it is run every few seconds.
    /// </summary>
    internal static async Task<IReadOnlyList<SessionToPublishRow>> Late(Db db) =>
        [
            .. await db.Query<SessionToPublishRow>(
                $"""
                SELECT s.id, s.form_id, c.closed_at
                FROM appeals AS a JOIN sessions AS s ON s.id = a.new_session_id JOIN campaigns AS c ON c.id = s.campaign_id
                WHERE a.new_session_id IS NOT NULL AND {IsLate}
                ORDER BY a.new_session_id
                """
            ),
            .. await db.Query<SessionToPublishRow>(
                $"""
                SELECT s.id, s.form_id, c.closed_at
                FROM sessions AS s JOIN campaigns AS c ON c.id = s.campaign_id
                WHERE s.restored_at IS NOT NULL AND {IsLate}
                ORDER BY s.restored_at
                """
            ),
        ];

    // The session is marked, and the results of its campaign are published.
    private const string IsLate = """
        c.status = 'closed' AND s.scored_at IS NOT NULL AND s.state IN ('finished','expired')
          AND NOT EXISTS (SELECT 1 FROM marking_tasks AS t WHERE t.session_id = s.id AND t.state = 'waiting')
          AND NOT EXISTS (SELECT 1 FROM profiles AS p WHERE p.session_id = s.id AND p.status = 'final')
        """;

    /// <summary>Whether an answer of this session waits for an expert.</summary>
    internal static Task<bool> IsMarking(Db db, Guid sessionId) =>
        db.Value<bool>(
            "SELECT CASE WHEN EXISTS (SELECT 1 FROM marking_tasks WHERE session_id = @sessionId AND state = 'waiting') THEN 1 ELSE 0 END",
            new { sessionId }
        );

    /// <summary>
    /// Scored sessions without a final profile, in closed campaigns, ordered by id. There is no paging: a publication
    /// looks for them only once, and each further page would have to search through the sessions that the earlier pages
    /// had published.
    /// </summary>
    internal static Task<IReadOnlyList<SessionToPublishRow>> Unpublished(Db db, Guid? campaignId) =>
        db.Query<SessionToPublishRow>(
            """
            SELECT s.id, s.form_id, c.closed_at
            FROM campaigns AS c JOIN sessions AS s ON s.campaign_id = c.id
            WHERE c.status = 'closed' AND (@campaignId IS NULL OR c.id = @campaignId)
              AND s.scored_at IS NOT NULL AND s.state IN ('finished','expired')
              AND NOT EXISTS (SELECT 1 FROM profiles AS p WHERE p.session_id = s.id AND p.status = 'final')
            ORDER BY s.id
            """,
            new { campaignId }
        );

    /// <summary>
    /// Published sessions that have changed since the last version of their profile, ordered by id and without paging.
    /// Only closed campaigns that got a protocol after closing are searched.
    /// </summary>
    internal static Task<IReadOnlyList<SessionToPublishRow>> Held(Db db, Guid? campaignId) =>
        db.Query<SessionToPublishRow>(
            """
            SELECT s.id, s.form_id, c.closed_at
            FROM campaigns AS c JOIN sessions AS s ON s.campaign_id = c.id
            WHERE c.status = 'closed' AND (@campaignId IS NULL OR c.id = @campaignId)
              AND EXISTS (SELECT 1 FROM marking_protocols AS m WHERE m.campaign_id = c.id AND m.approved_at >= c.closed_at)
              AND s.state IN ('finished','expired')
              AND EXISTS (SELECT 1 FROM profiles AS p WHERE p.session_id = s.id AND p.status = 'final')
              AND (SELECT MAX(r.at) FROM marking_rounds AS r WHERE r.session_id = s.id AND r.kind <> 'appeal')
                  >= (SELECT MAX(p.issued_at) FROM profiles AS p WHERE p.session_id = s.id)
            ORDER BY s.id
            """,
            new { campaignId }
        );

    /// <summary>Number of sessions of a campaign with a valid final profile.</summary>
    internal static Task<int> Published(Db db, Guid campaignId) =>
        db.Value<int>(
            """
            SELECT COUNT(DISTINCT p.session_id)
            FROM profiles AS p JOIN sessions AS s ON s.id = p.session_id
            WHERE p.campaign_id = @campaignId AND p.status = 'final' AND s.state <> 'annulled'
            """,
            new { campaignId }
        );
}
