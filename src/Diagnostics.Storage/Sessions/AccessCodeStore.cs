using NodaTime;

namespace Diagnostics.Storage.Sessions;

internal sealed record AccessCodeRow
{
    public Guid Id { get; init; }
    public Guid SessionId { get; init; }

    /// <summary>
    /// The site that handed out the code. A session that is moved to another site needs another code.
    /// </summary>
    public Guid SiteId { get; init; }

    public Guid AccountId { get; init; }
    public string CodeHash { get; init; } = "";
    public Instant ValidFrom { get; init; }
    public Instant ValidTo { get; init; }
    public Instant IssuedAt { get; init; }
    public string IssuedBy { get; init; } = "";
    public Instant? EndedAt { get; init; }
}

internal static class AccessCodeStore
{
    private const string Columns = "id, session_id, site_id, account_id, code_hash, valid_from, valid_to, issued_at, issued_by, ended_at";

    internal static Task Add(Db db, AccessCodeRow code) =>
        db.Execute(
            """
            INSERT INTO session_access_codes (id, session_id, site_id, account_id, code_hash, valid_from, valid_to, issued_at, issued_by)
            VALUES (@Id, @SessionId, @SiteId, @AccountId, @CodeHash, @ValidFrom, @ValidTo, @IssuedAt, @IssuedBy)
            """,
            code
        );

    internal static Task<bool> Exists(Db db, string codeHash) =>
        db.Value<bool>(
            """
            SELECT CASE WHEN EXISTS (SELECT 1 FROM session_access_codes WHERE code_hash = @codeHash) THEN 1 ELSE 0 END
            """,
            new { codeHash }
        );

    /// <summary>Whether the session has a code that works now or will work.</summary>
    internal static Task<bool> IsLive(Db db, Guid sessionId, Instant now) =>
        db.Value<bool>(
            """
            SELECT CASE WHEN EXISTS (SELECT 1 FROM session_access_codes WHERE session_id = @sessionId AND ended_at IS NULL AND valid_to > @now)
                   THEN 1 ELSE 0 END
            """,
            new { sessionId, now }
        );

    /// <summary>
    /// Returns the code and locks its row until this transaction ends, so that nobody can sign in with a code while it
    /// is being replaced.
    /// </summary>
    internal static Task<AccessCodeRow?> Hold(Db db, string codeHash) =>
        db.Find<AccessCodeRow>(
            db.Dialect.Holding($"SELECT {Columns} FROM session_access_codes WHERE code_hash = @codeHash"),
            new { codeHash }
        );

    /// <summary>Ends the code of a session, and the sign-ins that were made with it.</summary>
    internal static async Task End(Db db, Guid sessionId, Instant now)
    {
        var ended = await db.Execute(
            """
            UPDATE session_access_codes SET ended_at = @now WHERE session_id = @sessionId AND ended_at IS NULL
            """,
            new { sessionId, now }
        );
        if (ended == 0)
            return;
        await db.Execute(
            """
            UPDATE access_sign_ins SET ended_at = @now, ended_because = 'code'
            WHERE ended_at IS NULL AND session_id = @sessionId
              AND account_id IN (SELECT account_id FROM session_access_codes WHERE session_id = @sessionId)
            """,
            new { sessionId, now }
        );
    }

    /// <summary>
    /// Ends the codes of sessions that have not begun, and the sign-ins made with these codes, because the time of the
    /// sessions has changed.
    /// </summary>
    internal static async Task EndUnbegun(Db db, Guid campaignId, Guid? sittingId, Instant now)
    {
        var ended = await db.Execute(
            """
            UPDATE session_access_codes SET ended_at = @now
            WHERE ended_at IS NULL AND session_id IN (
                SELECT id FROM sessions WHERE campaign_id = @campaignId AND (@sittingId IS NULL OR sitting_id = @sittingId) AND started_at IS NULL)
            """,
            new
            {
                campaignId,
                sittingId,
                now,
            }
        );
        if (ended == 0)
            return;
        await db.Execute(
            """
            UPDATE access_sign_ins SET ended_at = @now, ended_because = 'code'
            WHERE ended_at IS NULL
              AND session_id IN (
                SELECT id FROM sessions WHERE campaign_id = @campaignId AND (@sittingId IS NULL OR sitting_id = @sittingId) AND started_at IS NULL)
              AND account_id IN (SELECT account_id FROM session_access_codes WHERE session_id = access_sign_ins.session_id)
            """,
            new
            {
                campaignId,
                sittingId,
                now,
            }
        );
    }

    /// <summary>
    /// Sessions of a site that can still take place and have no code, ordered by sitting and seat. Sessions whose
    /// sitting is over or cancelled are left out: they wait for another sitting.
    /// </summary>
    /// <param name="beginsBefore">Leaves out sessions that begin at this time or later; null = none.</param>
    internal static Task<IReadOnlyList<Guid>> Without(
        Db db,
        Guid campaignId,
        Guid siteId,
        Guid? sittingId,
        Instant? beginsBefore,
        Instant now,
        int limit
    ) =>
        db.Query<Guid>(
            """
            SELECT s.id FROM sessions AS s JOIN campaigns AS m ON m.id = s.campaign_id LEFT JOIN campaign_sittings AS g ON g.id = s.sitting_id
            WHERE s.campaign_id = @campaignId AND s.site_id = @siteId AND (@sittingId IS NULL OR s.sitting_id = @sittingId)
              AND (@beginsBefore IS NULL OR COALESCE(g.starts_at, m.sitting_from) < @beginsBefore)
              AND s.state IN ('scheduled','open','in_progress','paused')
              AND (s.state IN ('in_progress','paused') OR g.id IS NULL OR (g.cancelled_at IS NULL AND (g.ends_at > @now OR s.sit_until > @now)))
              AND NOT EXISTS (SELECT 1 FROM session_access_codes AS c WHERE c.session_id = s.id AND c.ended_at IS NULL)
            ORDER BY g.starts_at, g.shift, s.seat LIMIT @limit
            """,
            new
            {
                campaignId,
                siteId,
                sittingId,
                beginsBefore,
                now,
                limit,
            }
        );
}
