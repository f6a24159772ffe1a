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

    /// <summary>Until when it may be begun although the campaign's window is over: given after an upheld appeal.</summary>
    public Instant? SitUntil { get; init; }

    public SessionClock Clock => new(Codes.Parse<SessionState>(State), StartedAt, Deadline, PausedAt, EndedAt);

    public Duration Grace => Duration.FromSeconds(GraceSeconds);
}

/// <summary>A session with what the pages of its taker say of it besides.</summary>
internal sealed record SeatedSessionRow : SessionRow
{
    /// <summary>Of the campaign.</summary>
    public string Title { get; init; } = "";

    /// <summary>Of the site.</summary>
    public string TimeZone { get; init; } = "";
}

internal static class SessionStore
{
    private const string Columns = """
        id, application_id, campaign_id, participant_id, form_id, site_id, seat, variant, draw_seed, shuffle_seed,
        grace_seconds, state, revision, created_at, started_at, deadline, accept_until, paused_at, ended_at, manifest,
        device, scored_at, scoring_fault, sit_until
        """;

    internal static Task<SessionRow?> Find(Db db, Guid id) =>
        db.Find<SessionRow>($"SELECT {Columns} FROM sessions WHERE id = @id", new { id });

    internal static Task<SeatedSessionRow?> Seated(Db db, Guid id) => db.Find<SeatedSessionRow>($"""
        SELECT {Columns},
               (SELECT c.title FROM campaigns AS c WHERE c.id = campaign_id) AS title,
               (SELECT p.time_zone FROM sites AS p WHERE p.id = site_id) AS time_zone
        FROM sessions WHERE id = @id
        """, new { id });

    /// <summary>
    /// The session as it is and stays until this transaction ends: a save, a finish or a pause under way is waited for, and
    /// none can begin. For work of <see cref="Isolation.Guarded"/>, whose next statements see what that one has written.
    /// </summary>
    internal static Task<SessionRow?> Hold(Db db, Guid id) =>
        db.Find<SessionRow>(db.Dialect.Holding($"SELECT {Columns} FROM sessions WHERE id = @id"), new { id });

    internal static Task<IReadOnlyList<SessionRow>> OfCampaign(Db db, Guid campaignId, Guid? siteId, string? state, Guid? after, int limit) => db.Query<SessionRow>($"""
        SELECT {Columns} FROM sessions
        WHERE campaign_id = @campaignId AND (@siteId IS NULL OR site_id = @siteId) AND (@state IS NULL OR state = @state)
          AND (@after IS NULL OR id > @after)
        ORDER BY id LIMIT @limit
        """, new { campaignId, siteId, state, after, limit });

    internal static Task<IReadOnlyList<SessionRow>> OfParticipant(Db db, Guid participantId) => db.Query<SessionRow>($"""
        SELECT {Columns} FROM sessions WHERE participant_id = @participantId ORDER BY id
        """, new { participantId });

    /// <summary>Variants of this form that the person has had, oldest first; an annulled session has shown its variant too.</summary>
    internal static Task<IReadOnlyList<int>> VariantsSeen(Db db, Guid participantId, Guid formId) => db.Query<int>("""
        SELECT variant FROM sessions WHERE participant_id = @participantId AND form_id = @formId ORDER BY id
        """, new { participantId, formId });

    /// <summary>Seats taken at a site of a campaign, with their variants.</summary>
    internal static Task<IReadOnlyList<SeatRow>> Seats(Db db, Guid campaignId, Guid siteId) => db.Query<SeatRow>("""
        SELECT seat, variant FROM sessions WHERE campaign_id = @campaignId AND site_id = @siteId AND state <> 'annulled' ORDER BY seat
        """, new { campaignId, siteId });

    /// <summary>The session of an application that is not annulled.</summary>
    internal static Task<SessionRow?> LiveOf(Db db, Guid applicationId) => db.Find<SessionRow>($"""
        SELECT {Columns} FROM sessions WHERE application_id = @applicationId AND state <> 'annulled'
        """, new { applicationId });

    internal static Task Add(Db db, SessionRow session) => db.Execute("""
        INSERT INTO sessions (id, application_id, campaign_id, participant_id, form_id, site_id, seat, variant, draw_seed, shuffle_seed, grace_seconds, state, created_at, sit_until)
        VALUES (@Id, @ApplicationId, @CampaignId, @ParticipantId, @FormId, @SiteId, @Seat, @Variant, @DrawSeed, @ShuffleSeed, @GraceSeconds, 'scheduled', @CreatedAt, @SitUntil)
        """, session);

    /// <summary>
    /// Saves a session's next clock if nobody changed the session since it was read: two invigilators, two finishes or
    /// the expiry on another node cannot both happen.
    /// </summary>
    /// <returns>False when somebody was first.</returns>
    internal static Task<bool> Move(Db db, SessionRow from, SessionClock to, string? manifest = null, string? device = null) =>
        Change(db, from, to, manifest, device, only: "");

    /// <summary>
    /// As <see cref="Move"/>, if its time is over by the clock of the database's server too, where there is one: of two clocks a
    /// wrong one ends nobody's session.
    /// </summary>
    internal static Task<bool> Expire(Db db, SessionRow from, SessionClock to) =>
        Change(db, from, to, manifest: null, device: null, only: db.Dialect.Clock is { } clock ? $"AND accept_until < {clock}" : "");

    private static async Task<bool> Change(Db db, SessionRow from, SessionClock to, string? manifest, string? device, string only) => await db.Execute($"""
        UPDATE sessions
        SET state = @state, started_at = @StartedAt, deadline = @Deadline, accept_until = @acceptUntil, paused_at = @PausedAt,
            ended_at = @EndedAt, manifest = COALESCE(@manifest, manifest), device = COALESCE(@device, device),
            scored_at = CASE WHEN @EndedAt IS NULL THEN NULL ELSE scored_at END, scoring_fault = NULL, revision = revision + 1
        WHERE id = @Id AND revision = @Revision {only}
        """, new
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
    }) == 1;

    /// <summary>Sessions whose time and grace are over, by the index on what is in progress.</summary>
    /// <remarks>
    /// No row is held: two nodes may see the same ones, and <see cref="Move"/> lets one of them end each. Nor is one skipped that
    /// somebody has locked (READPAST, SKIP LOCKED): a session whose answer is just being saved ends with all the others.
    /// </remarks>
    internal static Task<IReadOnlyList<Guid>> Due(Db db, Instant now, int limit) => db.Query<Guid>("""
        SELECT id FROM sessions WHERE state = 'in_progress' AND accept_until < @now ORDER BY accept_until LIMIT @limit
        """, new { now, limit });

    /// <summary>Sessions that ended and are not scored yet; one whose scoring failed waits for a person.</summary>
    internal static Task<IReadOnlyList<Guid>> Unscored(Db db, int limit) => db.Query<Guid>("""
        SELECT id FROM sessions
        WHERE scored_at IS NULL AND state IN ('finished','expired') AND scoring_fault IS NULL
        ORDER BY ended_at LIMIT @limit
        """, new { limit });

    /// <summary>Marks as scored, once; false when another node was first or the session was taken up again.</summary>
    internal static async Task<bool> SetScored(Db db, Guid id, int revision, Instant now) => await db.Execute("""
        UPDATE sessions SET scored_at = @now WHERE id = @id AND revision = @revision AND scored_at IS NULL
        """, new { id, revision, now }) == 1;

    internal static Task SetScoringFault(Db db, Guid id, string fault) =>
        db.Execute("UPDATE sessions SET scoring_fault = @fault WHERE id = @id AND scored_at IS NULL", new { id, fault });

    internal static Task<int> SetDevice(Db db, Guid id, string device) =>
        db.Execute("UPDATE sessions SET device = @device WHERE id = @id", new { id, device });

    /// <summary>When and how long a campaign's sessions may be sat.</summary>
    internal static async Task<SittingRow> Sitting(Db db, Guid campaignId) => (await db.Find<SittingRow>("""
        SELECT time_limit_minutes, sitting_from, sitting_to FROM campaigns WHERE id = @campaignId
        """, new { campaignId }))!;

    internal static async Task<SessionCountsRow> Counts(Db db, Guid sessionId) => (await db.Find<SessionCountsRow>("""
        SELECT
            (SELECT COUNT(*) FROM session_responses AS r
             WHERE r.session_id = @sessionId AND r.content IS NOT NULL
               AND r.revision = (SELECT MAX(l.revision) FROM session_responses AS l WHERE l.session_id = r.session_id AND l.slot = r.slot)) AS answered,
            (SELECT COUNT(*) FROM session_rejected_responses WHERE session_id = @sessionId) AS rejected
        """, new { sessionId }))!;

    internal static Task AddEvent(Db db, SessionEventRow happened) => db.Execute("""
        INSERT INTO session_events (id, session_id, kind, at, actor, details) VALUES (@Id, @SessionId, @Kind, @At, @Actor, @Details)
        """, happened);

    /// <summary>Details of what happened in a session of one kind, oldest first.</summary>
    internal static Task<IReadOnlyList<string>> Details(Db db, Guid sessionId, string kind) => db.Query<string>("""
        SELECT details FROM session_events WHERE session_id = @sessionId AND kind = @kind AND details IS NOT NULL ORDER BY at, id
        """, new { sessionId, kind });

    /// <summary>What a person's own device reports: false when the session has so many events already.</summary>
    internal static async Task<bool> AddReported(Db db, SessionEventRow happened, int most) => await db.Execute("""
        INSERT INTO session_events (id, session_id, kind, at, actor, details)
        SELECT @Id, @SessionId, @Kind, @At, @Actor, @Details
        WHERE (SELECT COUNT(*) FROM session_events WHERE session_id = @SessionId) < @most
        """, new { happened.Id, happened.SessionId, happened.Kind, happened.At, happened.Actor, happened.Details, most }) == 1;

    /// <summary>Everything that happened in a session, saves included, in time order.</summary>
    internal static Task<IReadOnlyList<SessionEventRow>> Events(Db db, Guid sessionId) => db.Query<SessionEventRow>("""
        SELECT id, session_id, kind, at, actor, details FROM session_events WHERE session_id = @sessionId
        UNION ALL
        SELECT @none, session_id, 'save', saved_at, NULL, CONCAT('{"slot":', slot, ',"revision":', revision, '}')
        FROM session_responses WHERE session_id = @sessionId
        ORDER BY 4, 1
        """, new { sessionId, none = Guid.Empty });
}

internal sealed record SeatRow
{
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

internal sealed record SittingRow
{
    public int TimeLimitMinutes { get; init; }
    public Instant SittingFrom { get; init; }
    public Instant SittingTo { get; init; }
}

internal sealed record SessionCountsRow
{
    public int Answered { get; init; }
    public int Rejected { get; init; }
}
