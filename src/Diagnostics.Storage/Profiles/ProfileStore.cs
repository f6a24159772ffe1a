using NodaTime;

namespace Diagnostics.Storage.Profiles;

internal sealed record ProfileRow
{
    public Guid Id { get; init; }
    public Guid SessionId { get; init; }
    public Guid ParticipantId { get; init; }
    public Guid CampaignId { get; init; }
    public int Version { get; init; }
    public string Status { get; init; } = "";
    public string Cause { get; init; } = "";

    /// <summary>The whole document, JSON.</summary>
    public string Content { get; init; } = "";

    public string Fingerprint { get; init; } = "";
    public Instant IssuedAt { get; init; }

    /// <summary>
    /// The person's result of this campaign: the last version of the session that stands. One at most: a campaign is sat again
    /// only after the session before was annulled, and an application with a session begun is not withdrawn.
    /// </summary>
    public bool IsLatest { get; init; }

    /// <summary>When the session was annulled; null while it stands.</summary>
    public Instant? AnnulledAt { get; init; }

    /// <summary>The session given instead, after an upheld appeal.</summary>
    public Guid? NewSessionId { get; init; }
}

/// <summary>What a next version follows.</summary>
internal sealed record ProfileVersionRow
{
    public Guid Id { get; init; }
    public int Version { get; init; }
    public string Status { get; init; } = "";
}

/// <summary>A published profile with the specification of its form.</summary>
internal sealed record EarlierProfileRow
{
    public Guid CampaignId { get; init; }
    public string Content { get; init; } = "";
    public string BlueprintCode { get; init; } = "";
    public int BlueprintVersion { get; init; }
}

/// <summary>Which profiles a portal asks for; null leaves a question out.</summary>
/// <param name="Since">Issued then or later.</param>
internal sealed record SharedProfiles(string? Territory, string? ExternalId, Guid? CampaignId, Instant? Since);

/// <summary>Versions of profiles; a later one supersedes, none is overwritten.</summary>
internal static class ProfileStore
{
    private const string Columns = """
        p.id, p.session_id, p.participant_id, p.campaign_id, p.version, p.status, p.cause, p.content, p.fingerprint, p.issued_at,
        CASE WHEN s.state <> 'annulled' AND p.version = (SELECT MAX(l.version) FROM profiles AS l WHERE l.session_id = p.session_id)
             THEN 1 ELSE 0 END AS is_latest,
        CASE WHEN s.state = 'annulled' THEN s.ended_at END AS annulled_at,
        CASE WHEN s.state = 'annulled' THEN (SELECT a.new_session_id FROM appeals AS a WHERE a.session_id = p.session_id AND a.outcome = 'upheld') END AS new_session_id
        """;

    private const string Profiles = "profiles AS p JOIN sessions AS s ON s.id = p.session_id";

    internal static Task<ProfileRow?> Find(Db db, Guid id) =>
        db.Find<ProfileRow>($"SELECT {Columns} FROM {Profiles} WHERE p.id = @id", new { id });

    internal static Task<ProfileRow?> Latest(Db db, Guid sessionId) =>
        db.Find<ProfileRow>($"SELECT {Columns} FROM {Profiles} WHERE p.session_id = @sessionId ORDER BY p.version DESC LIMIT 1", new { sessionId });

    /// <summary>Name, number and status of the last version; its text is long and mostly not asked for.</summary>
    internal static Task<ProfileVersionRow?> LatestVersion(Db db, Guid sessionId) => db.Find<ProfileVersionRow>("""
        SELECT id, version, status FROM profiles WHERE session_id = @sessionId ORDER BY version DESC LIMIT 1
        """, new { sessionId });

    /// <summary>Has this session's result been published?</summary>
    internal static Task<bool> HasFinal(Db db, Guid sessionId) =>
        db.Value<bool>("SELECT CASE WHEN EXISTS (SELECT 1 FROM profiles WHERE session_id = @sessionId AND status = 'final') THEN 1 ELSE 0 END", new { sessionId });

    internal static Task<IReadOnlyList<ProfileRow>> OfSession(Db db, Guid sessionId) =>
        db.Query<ProfileRow>($"SELECT {Columns} FROM {Profiles} WHERE p.session_id = @sessionId ORDER BY p.version", new { sessionId });

    internal static Task<IReadOnlyList<ProfileRow>> OfParticipant(Db db, Guid participantId, Guid? after, int limit) => db.Query<ProfileRow>($"""
        SELECT {Columns} FROM {Profiles}
        WHERE p.participant_id = @participantId AND (@after IS NULL OR p.id > @after)
        ORDER BY p.id LIMIT @limit
        """, new { participantId, after, limit });

    /// <summary>The last version of every session's profile.</summary>
    internal static Task<IReadOnlyList<ProfileRow>> LatestOfCampaign(Db db, Guid campaignId, Guid? after, int limit) => db.Query<ProfileRow>($"""
        SELECT {Columns} FROM {Profiles}
        WHERE p.campaign_id = @campaignId AND (@after IS NULL OR p.id > @after)
          AND p.version = (SELECT MAX(l.version) FROM profiles AS l WHERE l.session_id = p.session_id)
        ORDER BY p.id LIMIT @limit
        """, new { campaignId, after, limit });

    /// <summary>
    /// Published profiles that are the person's result of their campaign now, of people whose consent to show them stands, in
    /// the order they were issued.
    /// </summary>
    internal static Task<IReadOnlyList<ProfileRow>> Shared(Db db, SharedProfiles wanted, Guid? after, int limit) => db.Query<ProfileRow>($"""
        SELECT {Columns} FROM {Profiles} JOIN people AS q ON q.participant_id = p.participant_id
        WHERE p.status = 'final' AND s.state <> 'annulled' AND (@after IS NULL OR p.id > @after)
          AND (@Territory IS NULL OR q.territory = @Territory) AND (@ExternalId IS NULL OR q.external_id = @ExternalId)
          AND (@CampaignId IS NULL OR p.campaign_id = @CampaignId) AND (@Since IS NULL OR p.issued_at >= @Since)
          AND EXISTS (SELECT 1 FROM consents AS c
                      WHERE c.participant_id = p.participant_id AND c.kind = 'profile_sharing' AND c.withdrawn_at IS NULL)
          AND p.version = (SELECT MAX(l.version) FROM profiles AS l WHERE l.session_id = p.session_id)
        ORDER BY p.id LIMIT @limit
        """, new { wanted.Territory, wanted.ExternalId, wanted.CampaignId, wanted.Since, after, limit });

    /// <summary>The last session with a published profile that the person sat on a form at an entry diagnostic; null when there is none.</summary>
    internal static async Task<Guid?> EntrySession(Db db, Guid participantId, Guid formId, Guid exceptSessionId) => (await db.Query<Guid>("""
        SELECT s.id
        FROM sessions AS s JOIN campaigns AS c ON c.id = s.campaign_id
        WHERE s.participant_id = @participantId AND s.form_id = @formId AND s.id <> @exceptSessionId AND s.state <> 'annulled' AND c.stage = 'entry'
          AND EXISTS (SELECT 1 FROM profiles AS p WHERE p.session_id = s.id AND p.status = 'final')
        ORDER BY CASE WHEN s.campaign_id = (
            SELECT own.entry_campaign_id FROM sessions AS this JOIN campaigns AS own ON own.id = this.campaign_id WHERE this.id = @exceptSessionId
        ) THEN 0 ELSE 1 END, s.id DESC LIMIT 1
        """, new { participantId, formId, exceptSessionId })) is [var id] ? id : null;

    /// <summary>
    /// The person's published profiles of entry and intermediate sessions begun before this one, the last version of each, in
    /// the order they were sat.
    /// </summary>
    internal static Task<IReadOnlyList<EarlierProfileRow>> Earlier(Db db, Guid participantId, Guid exceptSessionId, Instant before) =>
        db.Query<EarlierProfileRow>("""
        SELECT s.campaign_id, p.content, f.blueprint_code, f.blueprint_version
        FROM sessions AS s
          JOIN campaigns AS c ON c.id = s.campaign_id
          JOIN forms AS f ON f.id = s.form_id
          JOIN profiles AS p ON p.session_id = s.id
        WHERE s.participant_id = @participantId AND s.id <> @exceptSessionId AND s.state <> 'annulled' AND s.started_at < @before
          AND c.stage IN ('entry','intermediate') AND p.status = 'final'
          AND p.version = (SELECT MAX(l.version) FROM profiles AS l WHERE l.session_id = s.id)
        ORDER BY s.started_at, s.id
        """, new { participantId, exceptSessionId, before });

    /// <summary>
    /// The person's sessions of later stages begun after this one and published: what their profiles say of the change since
    /// this one rests on it. In the order they were sat.
    /// </summary>
    internal static Task<IReadOnlyList<Guid>> SessionsAfter(Db db, Guid sessionId) => db.Query<Guid>("""
        SELECT s.id
        FROM sessions AS this
          JOIN campaigns AS own ON own.id = this.campaign_id
          JOIN sessions AS s ON s.participant_id = this.participant_id AND s.started_at > this.started_at AND s.state <> 'annulled'
          JOIN campaigns AS c ON c.id = s.campaign_id
        WHERE this.id = @sessionId AND own.stage IN ('entry','intermediate') AND c.stage IN ('intermediate','final')
          AND EXISTS (SELECT 1 FROM profiles AS p WHERE p.session_id = s.id AND p.status = 'final')
        ORDER BY s.started_at, s.id
        """, new { sessionId });

    /// <summary>The unique (session, version) refuses two next versions from two nodes.</summary>
    internal static Task Add(Db db, ProfileRow profile) => db.Execute("""
        INSERT INTO profiles (id, session_id, participant_id, campaign_id, version, status, cause, content, fingerprint, issued_at)
        VALUES (@Id, @SessionId, @ParticipantId, @CampaignId, @Version, @Status, @Cause, @Content, @Fingerprint, @IssuedAt)
        """, profile);
}
