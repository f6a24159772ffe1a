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

    /// <summary>The whole document, as JSON.</summary>
    public string Content { get; init; } = "";

    public string Fingerprint { get; init; } = "";
    public Instant IssuedAt { get; init; }

    /// <summary>
    /// Whether this version is the person's result of the campaign, that is, the last version of the profile for a
    /// session that was not annulled. A person has at most one result of a campaign: a person takes the test of a
    /// campaign again only after the earlier session was annulled, and an application with a started session cannot be
    /// withdrawn.
    /// </summary>
    public bool IsLatest { get; init; }

    /// <summary>When the session was annulled; null for a valid session.</summary>
    public Instant? AnnulledAt { get; init; }

    /// <summary>The new session that the person was given in place of this one, after an upheld appeal.</summary>
    public Guid? NewSessionId { get; init; }
}

/// <summary>The last version of a profile, as far as it is needed to number the next version.</summary>
internal sealed record ProfileVersionRow
{
    public Guid Id { get; init; }
    public int Version { get; init; }
    public string Status { get; init; } = "";
}

/// <summary>A published profile with the blueprint of its form.</summary>
internal sealed record EarlierProfileRow
{
    public Guid CampaignId { get; init; }
    public string Content { get; init; } = "";
    public string BlueprintCode { get; init; } = "";
    public int BlueprintVersion { get; init; }
}

/// <summary>A filter for profiles that people share; a null field does not filter.</summary>
/// <param name="Since">Selects profiles issued at this time or later.</param>
internal sealed record SharedProfiles(string? Territory, string? ExternalId, Guid? CampaignId, Instant? Since)
{
    internal static readonly SharedProfiles Any = new(null, null, null, null);

    /// <summary>The territories and organisations to which the reader is limited; null in both when there is no such limit.</summary>
    public IReadOnlyCollection<string>? Territories { get; init; }

    /// <inheritdoc cref="Territories"/>
    public IReadOnlyCollection<string>? Organisations { get; init; }
}

/// <summary>Versions of profiles; a later version supersedes an earlier one, and no version is overwritten.</summary>
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
        db.Find<ProfileRow>(
            $"SELECT {Columns} FROM {Profiles} WHERE p.session_id = @sessionId ORDER BY p.version DESC LIMIT 1",
            new { sessionId }
        );

    /// <summary>
    /// Id, number and status of the last version. The text is left out, because it is long and rarely needed.
    /// </summary>
    internal static Task<ProfileVersionRow?> LatestVersion(Db db, Guid sessionId) =>
        db.Find<ProfileVersionRow>(
            """
            SELECT id, version, status FROM profiles WHERE session_id = @sessionId ORDER BY version DESC LIMIT 1
            """,
            new { sessionId }
        );

    /// <summary>Whether this session's result has been published.</summary>
    internal static Task<bool> HasFinal(Db db, Guid sessionId) =>
        db.Value<bool>(
            "SELECT CASE WHEN EXISTS (SELECT 1 FROM profiles WHERE session_id = @sessionId AND status = 'final') THEN 1 ELSE 0 END",
            new { sessionId }
        );

    internal static Task<IReadOnlyList<ProfileRow>> OfSession(Db db, Guid sessionId) =>
        db.Query<ProfileRow>($"SELECT {Columns} FROM {Profiles} WHERE p.session_id = @sessionId ORDER BY p.version", new { sessionId });

    internal static Task<IReadOnlyList<ProfileRow>> OfParticipant(Db db, Guid participantId, Guid? after, int limit) =>
        db.Query<ProfileRow>(
            $"""
            SELECT {Columns} FROM {Profiles}
            WHERE p.participant_id = @participantId AND (@after IS NULL OR p.id > @after)
            ORDER BY p.id LIMIT @limit
            """,
            new
            {
                participantId,
                after,
                limit,
            }
        );

    /// <summary>The person's valid results: the last version of each published profile that was not annulled.</summary>
    internal static Task<IReadOnlyList<ProfileRow>> ResultsOf(Db db, Guid participantId) =>
        db.Query<ProfileRow>(
            $"""
            SELECT {Columns} FROM {Profiles}
            WHERE p.participant_id = @participantId AND p.status = 'final' AND s.state <> 'annulled'
              AND p.version = (SELECT MAX(l.version) FROM profiles AS l WHERE l.session_id = p.session_id)
            ORDER BY p.id
            """,
            new { participantId }
        );

    /// <summary>For every session of a campaign, the last version of its profile.</summary>
    internal static Task<IReadOnlyList<ProfileRow>> LatestOfCampaign(Db db, Guid campaignId, Guid? after, int limit) =>
        db.Query<ProfileRow>(
            $"""
            SELECT {Columns} FROM {Profiles}
            WHERE p.campaign_id = @campaignId AND (@after IS NULL OR p.id > @after)
              AND p.version = (SELECT MAX(l.version) FROM profiles AS l WHERE l.session_id = p.session_id)
            ORDER BY p.id LIMIT @limit
            """,
            new
            {
                campaignId,
                after,
                limit,
            }
        );

    /// <summary>
    /// Published profiles, in the order of issue. A profile is included only if it is now the person's result of the
    /// campaign and the person consents to its being shown.
    /// </summary>
    internal static Task<IReadOnlyList<ProfileRow>> Shared(Db db, SharedProfiles wanted, Guid? after, int limit) =>
        db.Query<ProfileRow>(
            $"""
            SELECT {Columns} FROM {Profiles} JOIN people AS q ON q.participant_id = p.participant_id
            WHERE p.status = 'final' AND s.state <> 'annulled' AND (@after IS NULL OR p.id > @after)
              AND (@Territory IS NULL OR q.territory = @Territory) AND (@ExternalId IS NULL OR q.external_id = @ExternalId)
              AND (@everywhere = 1 OR q.territory IN @territories OR q.organisation IN @organisations)
              AND (@CampaignId IS NULL OR p.campaign_id = @CampaignId) AND (@Since IS NULL OR p.issued_at >= @Since)
              AND EXISTS (SELECT 1 FROM consents AS c
                          WHERE c.participant_id = p.participant_id AND c.kind = 'profile_sharing' AND c.withdrawn_at IS NULL)
              AND p.version = (SELECT MAX(l.version) FROM profiles AS l WHERE l.session_id = p.session_id)
            ORDER BY p.id LIMIT @limit
            """,
            new
            {
                wanted.Territory,
                wanted.ExternalId,
                wanted.CampaignId,
                wanted.Since,
                everywhere = wanted.Territories is null && wanted.Organisations is null ? 1 : 0,
                territories = wanted.Territories?.ToArray() ?? [],
                organisations = wanted.Organisations?.ToArray() ?? [],
                after,
                limit,
            }
        );

    /// <summary>
    /// The person's last session on this form that belongs to an entry diagnostic and has a published profile; null
    /// when there is no such session.
    /// </summary>
    internal static async Task<Guid?> EntrySession(Db db, Guid participantId, Guid formId, Guid exceptSessionId) =>
        (
            await db.Query<Guid>(
                """
                SELECT s.id
                FROM sessions AS s JOIN campaigns AS c ON c.id = s.campaign_id
                WHERE s.participant_id = @participantId AND s.form_id = @formId AND s.id <> @exceptSessionId AND s.state <> 'annulled' AND c.stage = 'entry'
                  AND EXISTS (SELECT 1 FROM profiles AS p WHERE p.session_id = s.id AND p.status = 'final')
                ORDER BY CASE WHEN s.campaign_id = (
                    SELECT own.entry_campaign_id FROM sessions AS this JOIN campaigns AS own ON own.id = this.campaign_id WHERE this.id = @exceptSessionId
                ) THEN 0 ELSE 1 END, s.id DESC LIMIT 1
                """,
                new
                {
                    participantId,
                    formId,
                    exceptSessionId,
                }
            )
        )
            is [var id]
            ? id
            : null;

    /// <summary>
    /// The person's published profiles of earlier entry and intermediate sessions, the last version of each, in the
    /// order of the sessions.
    /// </summary>
    internal static Task<IReadOnlyList<EarlierProfileRow>> Earlier(Db db, Guid participantId, Guid exceptSessionId, Instant before) =>
        db.Query<EarlierProfileRow>(
            """
            SELECT s.campaign_id, p.content, f.blueprint_code, f.blueprint_version
            FROM sessions AS s
              JOIN campaigns AS c ON c.id = s.campaign_id
              JOIN forms AS f ON f.id = s.form_id
              JOIN profiles AS p ON p.session_id = s.id
            WHERE s.participant_id = @participantId AND s.id <> @exceptSessionId AND s.state <> 'annulled' AND s.started_at < @before
              AND c.stage IN ('entry','intermediate') AND p.status = 'final'
              AND p.version = (SELECT MAX(l.version) FROM profiles AS l WHERE l.session_id = s.id)
            ORDER BY s.started_at, s.id
            """,
            new
            {
                participantId,
                exceptSessionId,
                before,
            }
        );

    /// <summary>
    /// The person's published sessions that came after this one and belong to later stages, in the order of the
    /// sessions. The profiles of these sessions state the change since this session, and so depend on its result.
    /// </summary>
    internal static Task<IReadOnlyList<Guid>> SessionsAfter(Db db, Guid sessionId) =>
        db.Query<Guid>(
            """
            SELECT s.id
            FROM sessions AS this
              JOIN campaigns AS own ON own.id = this.campaign_id
              JOIN sessions AS s ON s.participant_id = this.participant_id AND s.started_at > this.started_at AND s.state <> 'annulled'
              JOIN campaigns AS c ON c.id = s.campaign_id
            WHERE this.id = @sessionId AND own.stage IN ('entry','intermediate') AND c.stage IN ('intermediate','final')
              AND EXISTS (SELECT 1 FROM profiles AS p WHERE p.session_id = s.id AND p.status = 'final')
            ORDER BY s.started_at, s.id
            """,
            new { sessionId }
        );

    /// <summary>The unique key (session, version) lets only one of two nodes add the next version.</summary>
    internal static Task Add(Db db, ProfileRow profile) =>
        db.Execute(
            """
            INSERT INTO profiles (id, session_id, participant_id, campaign_id, version, status, cause, content, fingerprint, issued_at)
            VALUES (@Id, @SessionId, @ParticipantId, @CampaignId, @Version, @Status, @Cause, @Content, @Fingerprint, @IssuedAt)
            """,
            profile
        );
}
