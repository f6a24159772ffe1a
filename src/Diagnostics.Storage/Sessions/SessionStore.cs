using Diagnostics.Engine;
using Diagnostics.Engine.Sessions;
using NodaTime;

namespace Diagnostics.Storage.Sessions;

internal record SessionRow
{
    public Guid Id { get; init; }
    public Guid ApplicationId { get; init; }
    public Guid CampaignId { get; init; }
    public Guid ParticipantId { get; init; }
    public Guid FormId { get; init; }
    public Guid SiteId { get; init; }
    public Guid? SittingId { get; init; }
    public int Seat { get; init; }
    public int Variant { get; init; }
    public long DrawSeed { get; init; }
    public long ShuffleSeed { get; init; }
    public int GraceSeconds { get; init; }
    public string State { get; init; } = "";
    public int Revision { get; init; }
    public Instant CreatedAt { get; init; }
    public Instant? StartedAt { get; init; }
    public Instant? Deadline { get; init; }
    public Instant? AcceptUntil { get; init; }
    public Instant? PausedAt { get; init; }
    public Instant? EndedAt { get; init; }
    public string? Manifest { get; init; }
    public string? Device { get; init; }
    public Instant? ScoredAt { get; init; }
    public string? ScoringFault { get; init; }

    /// <summary>
    /// Until this time the session may begin, although the campaign's window is over. The time is set after an upheld
    /// appeal.
    /// </summary>
    public Instant? SitUntil { get; init; }

    /// <summary>When it was recorded that the person did not come; null when this was not recorded.</summary>
    public Instant? AbsentAt { get; init; }

    public SessionClock Clock => new(Codes.Parse<SessionState>(State), StartedAt, Deadline, PausedAt, EndedAt);

    public Duration Grace => Duration.FromSeconds(GraceSeconds);
}

/// <summary>A session with the additional data that its taker's pages show.</summary>
internal sealed record SeatedSessionRow : SessionRow
{
    /// <summary>Title of the campaign.</summary>
    public string Title { get; init; } = "";

    /// <summary>Time zone of the site.</summary>
    public string TimeZone { get; init; } = "";
}

internal static class SessionStore
{
    /// <summary>Kinds of the events that the person's own page reports.</summary>
    internal static readonly string[] Reported = ["focus_lost", "focus_gained", "offline", "online", "reloaded", "device_checked"];

    internal const string Columns = """
        id, application_id, campaign_id, participant_id, form_id, site_id, sitting_id, seat, variant, draw_seed, shuffle_seed,
        grace_seconds, state, revision, created_at, started_at, deadline, accept_until, paused_at, ended_at, manifest,
        device, scored_at, scoring_fault, sit_until, absent_at
        """;

    internal static Task<SessionRow?> Find(Db db, Guid id) =>
        db.Find<SessionRow>($"SELECT {Columns} FROM sessions WHERE id = @id", new { id });

    internal static Task<SeatedSessionRow?> Seated(Db db, Guid id) =>
        db.Find<SeatedSessionRow>(
            $"""
            SELECT {Columns},
                   (SELECT c.title FROM campaigns AS c WHERE c.id = campaign_id) AS title,
                   (SELECT p.time_zone FROM sites AS p WHERE p.id = site_id) AS time_zone
            FROM sessions WHERE id = @id
            """,
            new { id }
        );

    /// <summary>
    /// Returns the session and locks it until this transaction ends: the call waits for a running save, finish or
    /// pause, and no other save, finish or pause can begin until then. It is for work with
    /// <see cref="Isolation.Guarded"/>: the next statements of such work see the result of the change that the call
    /// waited for.
    /// </summary>
    internal static Task<SessionRow?> Hold(Db db, Guid id) =>
        db.Find<SessionRow>(db.Dialect.Holding($"SELECT {Columns} FROM sessions WHERE id = @id"), new { id });

    /// <summary>
    /// Locks the sessions of a campaign at a site that are in one of these states, in one sitting or in all. Each
    /// session is locked as in <see cref="Hold"/>, in the order in which the save path locks sessions.
    /// </summary>
    internal static Task<IReadOnlyList<SessionRow>> HoldAtSite(
        Db db,
        Guid campaignId,
        Guid siteId,
        Guid? sittingId,
        IEnumerable<string> states
    ) =>
        db.Query<SessionRow>(
            db.Dialect.Holding(
                $"""
                SELECT {Columns} FROM sessions WHERE campaign_id = @campaignId AND site_id = @siteId
                  AND (@sittingId IS NULL OR sitting_id = @sittingId) AND state IN @states
                ORDER BY id
                """
            ),
            new
            {
                campaignId,
                siteId,
                sittingId,
                states = states.ToArray(),
            }
        );

    internal static Task<IReadOnlyList<SessionRow>> OfCampaign(Db db, Guid campaignId, SessionFilter filter, Guid? after, int limit) =>
        db.Query<SessionRow>(
            $"""
            SELECT {Columns} FROM sessions
            WHERE campaign_id = @campaignId AND (@SiteId IS NULL OR site_id = @SiteId) AND (@SittingId IS NULL OR sitting_id = @SittingId)
              AND (@State IS NULL OR state = @State) AND (@after IS NULL OR id > @after)
            ORDER BY id LIMIT @limit
            """,
            new
            {
                campaignId,
                filter.SiteId,
                filter.SittingId,
                filter.State,
                after,
                limit,
            }
        );

    internal static Task<IReadOnlyList<SessionRow>> OfParticipant(Db db, Guid participantId) =>
        db.Query<SessionRow>(
            $"""
            SELECT {Columns} FROM sessions WHERE participant_id = @participantId ORDER BY id
            """,
            new { participantId }
        );

    /// <summary>
    /// Variants of this form that the person has seen or will see, oldest first; variants of annulled sessions count
    /// too. A session that was never begun and can no longer begin does not count, because the person has seen nothing
    /// of its variant.
    /// </summary>
    internal static Task<IReadOnlyList<int>> VariantsSeen(Db db, Guid participantId, Guid formId, Guid? besides) =>
        db.Query<int>(
            """
            SELECT s.variant FROM sessions AS s
            WHERE s.participant_id = @participantId AND s.form_id = @formId AND (@besides IS NULL OR s.id <> @besides)
              AND (s.started_at IS NOT NULL
                   OR (s.state <> 'annulled'
                       AND (s.sit_until IS NOT NULL OR EXISTS (SELECT 1 FROM campaigns AS c WHERE c.id = s.campaign_id AND c.status = 'published'))))
            ORDER BY s.id
            """,
            new
            {
                participantId,
                formId,
                besides,
            }
        );

    /// <summary>Seats taken at a site of a campaign by sessions that have no sitting, with their variants.</summary>
    internal static Task<IReadOnlyList<SeatRow>> Seats(Db db, Guid campaignId, Guid siteId) =>
        db.Query<SeatRow>(
            """
            SELECT id, seat, variant FROM sessions
            WHERE campaign_id = @campaignId AND site_id = @siteId AND sitting_id IS NULL AND state <> 'annulled'
            ORDER BY seat
            """,
            new { campaignId, siteId }
        );

    /// <summary>Seats taken in a sitting, with their variants.</summary>
    internal static Task<IReadOnlyList<SeatRow>> SeatsOfSitting(Db db, Guid sittingId) =>
        db.Query<SeatRow>(
            """
            SELECT id, seat, variant FROM sessions WHERE sitting_id = @sittingId AND state <> 'annulled' ORDER BY seat
            """,
            new { sittingId }
        );

    /// <summary>Number of sessions that have begun in a campaign, or in one of its sittings.</summary>
    internal static Task<int> Begun(Db db, Guid campaignId, Guid? sittingId) =>
        db.Value<int>(
            """
            SELECT COUNT(*) FROM sessions
            WHERE campaign_id = @campaignId AND (@sittingId IS NULL OR sitting_id = @sittingId) AND started_at IS NOT NULL
            """,
            new { campaignId, sittingId }
        );

    /// <summary>
    /// Locks the sessions that have not begun, so that a decision about their time cannot miss a start. The lock waits
    /// for a start that is under way, and then sees it; a start that comes later reads the decision.
    /// </summary>
    internal static Task<int> HoldUnbegun(Db db, Guid campaignId, Guid? sittingId) =>
        db.Execute(
            """
            UPDATE sessions SET revision = revision + 1
            WHERE campaign_id = @campaignId AND (@sittingId IS NULL OR sitting_id = @sittingId) AND started_at IS NULL AND state <> 'annulled'
            """,
            new { campaignId, sittingId }
        );

    /// <summary>
    /// Annuls all sessions of a campaign that nobody has begun, tens of thousands in one statement, and adds an event
    /// for each. The session's id also serves as the id of the event, because this event can happen to a session only
    /// once.
    /// </summary>
    /// <returns>Number of annulled sessions.</returns>
    internal static async Task<int> AnnulUnbegun(Db db, Guid campaignId, Instant now, string actor, string details)
    {
        await db.Execute(
            """
            INSERT INTO session_events (id, session_id, kind, at, actor, details)
            SELECT id, id, 'annul', @now, @actor, @details FROM sessions
            WHERE campaign_id = @campaignId AND started_at IS NULL AND state <> 'annulled'
            """,
            new
            {
                campaignId,
                now,
                actor,
                details,
            }
        );
        return await db.Execute(
            """
            UPDATE sessions SET state = 'annulled', ended_at = @now, revision = revision + 1
            WHERE campaign_id = @campaignId AND started_at IS NULL AND state <> 'annulled'
            """,
            new { campaignId, now }
        );
    }

    /// <summary>
    /// Moves a session that has not begun to another seat, sitting or site; the person must be admitted again there.
    /// Returns false when somebody else has changed the session in the meantime.
    /// </summary>
    internal static async Task<bool> MovePlace(Db db, SessionRow from, SessionPlaceRow to) =>
        await db.Execute(
            """
            UPDATE sessions
            SET site_id = @SiteId, sitting_id = @SittingId, seat = @Seat, variant = @Variant, draw_seed = @DrawSeed, shuffle_seed = @ShuffleSeed,
                state = 'scheduled', absent_at = NULL, revision = revision + 1
            WHERE id = @Id AND revision = @Revision AND started_at IS NULL AND state IN @states
            """,
            new
            {
                to.SiteId,
                to.SittingId,
                to.Seat,
                to.Variant,
                to.DrawSeed,
                to.ShuffleSeed,
                from.Id,
                from.Revision,
                states = SessionMoves.Reassign.AllowedCodes,
            }
        ) == 1;

    /// <summary>The application's session that is not annulled; null when there is no such session.</summary>
    internal static Task<SessionRow?> LiveOf(Db db, Guid applicationId) =>
        db.Find<SessionRow>(
            $"""
            SELECT {Columns} FROM sessions WHERE application_id = @applicationId AND state <> 'annulled'
            """,
            new { applicationId }
        );

    internal static Task Add(Db db, SessionRow session) =>
        db.Execute(
            """
            INSERT INTO sessions (id, application_id, campaign_id, participant_id, form_id, site_id, sitting_id, seat, variant, draw_seed, shuffle_seed, grace_seconds, state, created_at, sit_until)
            VALUES (@Id, @ApplicationId, @CampaignId, @ParticipantId, @FormId, @SiteId, @SittingId, @Seat, @Variant, @DrawSeed, @ShuffleSeed, @GraceSeconds, 'scheduled', @CreatedAt, @SitUntil)
            """,
            session
        );

    /// <summary>
    /// Saves the new state of a session's clock if nobody has changed the session since it was read. Competing changes
    /// cannot both happen, such as actions of two invigilators, two finishes, or an expiry on another node.
    /// </summary>
    /// <returns>False when somebody else has changed the session in the meantime.</returns>
    internal static Task<bool> Move(Db db, SessionRow from, SessionClock to, string? manifest = null, string? device = null) =>
        Change(db, from, to, manifest, device, only: "");

    /// <summary>
    /// Like <see cref="Move"/>, but only if the time is also over by the database server's clock, where there is a
    /// database server. So the wrong clock of a single node ends nobody's session.
    /// </summary>
    internal static Task<bool> Expire(Db db, SessionRow from, SessionClock to) =>
        Change(db, from, to, manifest: null, device: null, only: db.Dialect.Clock is { } clock ? $"AND accept_until < {clock}" : "");

    /// <summary>
    /// Records that the person did not come, or removes the record; returns false when somebody else has changed the
    /// session in the meantime.
    /// </summary>
    internal static async Task<bool> SetAbsent(Db db, SessionRow from, Instant? absentAt) =>
        await db.Execute(
            """
            UPDATE sessions SET absent_at = @absentAt, revision = revision + 1
            WHERE id = @Id AND revision = @Revision AND state IN @states
            """,
            new
            {
                absentAt,
                from.Id,
                from.Revision,
                states = SessionMoves.MarkAbsent.AllowedCodes,
            }
        ) == 1;

    /// <summary>Restores an annulled session, on a free seat.</summary>
    /// <returns>The restored row; null when somebody else has changed the session in the meantime.</returns>
    internal static async Task<SessionRow?> Restore(Db db, SessionRow annulled, SessionClock to, int seat, Instant now) =>
        await db.Execute(
            """
            UPDATE sessions SET seat = @seat, restored_at = @now, revision = revision + 1
            WHERE id = @Id AND revision = @Revision AND state = 'annulled'
            """,
            new
            {
                seat,
                now,
                annulled.Id,
                annulled.Revision,
            }
        ) == 1
        && await Move(db, annulled with { Revision = annulled.Revision + 1 }, to)
            ? await Find(db, annulled.Id)
            : null;

    private static async Task<bool> Change(Db db, SessionRow from, SessionClock to, string? manifest, string? device, string only) =>
        await db.Execute(
            $"""
            UPDATE sessions
            SET state = @state, started_at = @StartedAt, deadline = @Deadline, accept_until = @acceptUntil, paused_at = @PausedAt,
                ended_at = @EndedAt, manifest = CASE WHEN @EndedAt IS NULL THEN NULL ELSE COALESCE(@manifest, manifest) END, device = COALESCE(@device, device),
                scored_at = CASE WHEN @EndedAt IS NULL THEN NULL ELSE scored_at END, scoring_fault = NULL, revision = revision + 1
            WHERE id = @Id AND revision = @Revision {only}
            """,
            new
            {
                state = Codes.Of(to.State),
                to.StartedAt,
                to.Deadline,
                acceptUntil = to.Deadline + from.Grace,
                to.PausedAt,
                to.EndedAt,
                manifest,
                device,
                from.Id,
                from.Revision,
            }
        ) == 1;

    /// <summary>
    /// Sessions in progress whose time and grace period are over. An index on the sessions in progress makes the query
    /// fast.
    /// </summary>
    /// <remarks>
    /// No row is locked: two nodes may see the same sessions, and <see cref="Move"/> lets only one node end each
    /// session. Locked sessions are not skipped (READPAST, SKIP LOCKED), so a session in which an answer is just being
    /// saved also ends, like all the others.
    /// </remarks>
    internal static Task<IReadOnlyList<Guid>> Due(Db db, Instant now, int limit) =>
        db.Query<Guid>(
            """
            SELECT id FROM sessions WHERE state = 'in_progress' AND accept_until < @now ORDER BY accept_until LIMIT @limit
            """,
            new { now, limit }
        );

    /// <summary>
    /// Sessions that ended and are not scored yet, except those whose scoring failed, because these wait for a person.
    /// </summary>
    internal static Task<IReadOnlyList<Guid>> Unscored(Db db, int limit) =>
        db.Query<Guid>(
            """
            SELECT id FROM sessions
            WHERE scored_at IS NULL AND state IN ('finished','expired') AND scoring_fault IS NULL
            ORDER BY ended_at LIMIT @limit
            """,
            new { limit }
        );

    /// <summary>
    /// Marks a session as scored; returns false when another node has already done so, or when the session was resumed.
    /// </summary>
    internal static async Task<bool> SetScored(Db db, Guid id, int revision, Instant now) =>
        await db.Execute(
            """
            UPDATE sessions SET scored_at = @now WHERE id = @id AND revision = @revision AND scored_at IS NULL
            """,
            new
            {
                id,
                revision,
                now,
            }
        ) == 1;

    internal static Task SetScoringFault(Db db, Guid id, string fault) =>
        db.Execute("UPDATE sessions SET scoring_fault = @fault WHERE id = @id AND scored_at IS NULL", new { id, fault });

    internal static Task<int> SetDevice(Db db, Guid id, string device) =>
        db.Execute("UPDATE sessions SET device = @device WHERE id = @id", new { id, device });

    /// <summary>
    /// When a session may take place, and how long it may last. A session that has a sitting takes place within it; any
    /// other session takes place within its campaign's window.
    /// </summary>
    internal static async Task<SessionWindowRow> Window(Db db, SessionRow session) =>
        (
            (
                await db.Find<SessionWindowRow>(
                    """
                    SELECT c.time_limit_minutes, COALESCE(g.starts_at, c.sitting_from) AS begins, COALESCE(g.ends_at, c.sitting_to) AS ends, g.cancelled_at
                    FROM campaigns AS c LEFT JOIN campaign_sittings AS g ON g.id = @SittingId
                    WHERE c.id = @CampaignId
                    """,
                    new { session.CampaignId, session.SittingId }
                )
            ) ?? new()
        ) with
        {
            SitUntil = session.SitUntil,
        };

    internal static async Task<SessionCountsRow> Counts(Db db, Guid sessionId) =>
        (
            await db.Find<SessionCountsRow>(
                """
                SELECT
                    (SELECT COUNT(*) FROM session_responses AS r
                     WHERE r.session_id = @sessionId AND r.content IS NOT NULL
                       AND r.revision = (SELECT MAX(l.revision) FROM session_responses AS l WHERE l.session_id = r.session_id AND l.slot = r.slot)) AS answered,
                    (SELECT COUNT(*) FROM session_rejected_responses WHERE session_id = @sessionId) AS rejected,
                    (SELECT MAX(saved_at) FROM session_responses WHERE session_id = @sessionId) AS last_saved_at,
                    (SELECT MAX(at) FROM session_events WHERE session_id = @sessionId AND kind IN @reported) AS reported_at
                """,
                new { sessionId, reported = Reported }
            )
        )!;

    internal static Task AddEvent(Db db, SessionEventRow happened) =>
        db.Execute(
            """
            INSERT INTO session_events (id, session_id, kind, at, actor, details) VALUES (@Id, @SessionId, @Kind, @At, @Actor, @Details)
            """,
            happened
        );

    /// <summary>Details of a session's events of one kind, oldest first.</summary>
    internal static Task<IReadOnlyList<string>> Details(Db db, Guid sessionId, string kind) =>
        db.Query<string>(
            """
            SELECT details FROM session_events WHERE session_id = @sessionId AND kind = @kind AND details IS NOT NULL ORDER BY at, id
            """,
            new { sessionId, kind }
        );

    /// <summary>When an event of this kind last happened in a session; null when it never did.</summary>
    internal static Task<Instant?> LastAt(Db db, Guid sessionId, string kind) =>
        db.Value<Instant?>("SELECT MAX(at) FROM session_events WHERE session_id = @sessionId AND kind = @kind", new { sessionId, kind });

    /// <summary>
    /// The note that was written when the last session of an application was annulled. It is read only while the
    /// application has no live session.
    /// </summary>
    internal static async Task<string?> LastAnnulment(Db db, Guid applicationId) =>
        (
            await db.Query<string>(
                """
                SELECT e.details FROM sessions AS s JOIN session_events AS e ON e.session_id = s.id
                WHERE s.application_id = @applicationId AND e.kind = 'annul' AND e.details IS NOT NULL
                  AND NOT EXISTS (SELECT 1 FROM sessions AS l WHERE l.application_id = @applicationId AND l.state <> 'annulled')
                ORDER BY e.at DESC, e.id DESC LIMIT 1
                """,
                new { applicationId }
            )
        )
            is [var details]
            ? details
            : null;

    /// <summary>
    /// Adds an event that a person's own device reports; returns false when the session has too many events already.
    /// </summary>
    internal static async Task<bool> AddReported(Db db, SessionEventRow happened, int most) =>
        await db.Execute(
            """
            INSERT INTO session_events (id, session_id, kind, at, actor, details)
            SELECT @Id, @SessionId, @Kind, @At, @Actor, @Details
            WHERE (SELECT COUNT(*) FROM session_events WHERE session_id = @SessionId) < @most
            """,
            new
            {
                happened.Id,
                happened.SessionId,
                happened.Kind,
                happened.At,
                happened.Actor,
                happened.Details,
                most,
            }
        ) == 1;

    /// <summary>Everything that happened in a session, including saves, in time order.</summary>
    internal static Task<IReadOnlyList<SessionEventRow>> Events(Db db, Guid sessionId) =>
        db.Query<SessionEventRow>(
            """
            SELECT id, session_id, kind, at, actor, details FROM session_events WHERE session_id = @sessionId
            UNION ALL
            SELECT @none, session_id, 'save', saved_at, NULL, CONCAT('{"slot":', slot, ',"revision":', revision, '}')
            FROM session_responses WHERE session_id = @sessionId
            ORDER BY 4, 1
            """,
            new { sessionId, none = Guid.Empty }
        );
}

/// <summary>Filters for a campaign's sessions; null means no filter.</summary>
internal sealed record SessionFilter(Guid? SiteId = null, Guid? SittingId = null, string? State = null);

/// <summary>Where a session takes place, and the variant that was drawn for this place.</summary>
internal sealed record SessionPlaceRow
{
    public Guid SiteId { get; init; }
    public Guid? SittingId { get; init; }
    public int Seat { get; init; }
    public int Variant { get; init; }
    public long DrawSeed { get; init; }
    public long ShuffleSeed { get; init; }
}

internal sealed record SeatRow
{
    public Guid Id { get; init; }
    public int Seat { get; init; }
    public int Variant { get; init; }
}

internal sealed record SessionEventRow
{
    public Guid Id { get; init; }
    public Guid SessionId { get; init; }
    public string Kind { get; init; } = "";
    public Instant At { get; init; }
    public string? Actor { get; init; }
    public string? Details { get; init; }
}

internal sealed record SessionWindowRow
{
    public int TimeLimitMinutes { get; init; }
    public Instant Begins { get; init; }
    public Instant Ends { get; init; }

    /// <summary>When the sitting was cancelled; the session then waits to be moved to another sitting.</summary>
    public Instant? CancelledAt { get; init; }

    /// <summary>As <see cref="SessionRow.SitUntil"/>.</summary>
    public Instant? SitUntil { get; init; }

    /// <summary>From this time on, nobody may begin.</summary>
    public Instant LastEnd => SitUntil is { } until && until > Ends ? until : Ends;

    public bool Takes(Instant now) => CancelledAt is null && now >= Begins && now < LastEnd;
}

internal sealed record SessionCountsRow
{
    public int Answered { get; init; }
    public int Rejected { get; init; }
    public Instant? LastSavedAt { get; init; }

    /// <summary>When the person's page last reported something.</summary>
    public Instant? ReportedAt { get; init; }
}
