using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using NodaTime;

namespace Diagnostics.Storage.Campaigns;

internal sealed record ApplicationRow
{
    public Guid Id { get; init; }
    public Guid CampaignId { get; init; }
    public Guid ParticipantId { get; init; }
    public Guid SiteId { get; init; }

    /// <summary>
    /// The sitting that the person asked for or, if the person was moved, the sitting after the move.
    /// </summary>
    public Guid? SittingId { get; init; }

    public string Status { get; init; } = "";
    public Guid ConsentId { get; init; }
    public Instant SubmittedAt { get; init; }
    public Instant? DecidedAt { get; init; }
    public string? DecidedBy { get; init; }
    public string? Reason { get; init; }

    public ApplicationStatus State => Codes.Parse<ApplicationStatus>(Status);
}

/// <summary>Filters for a campaign's applications; null means no filter.</summary>
/// <param name="WithoutPlace">Only people whose sitting was cancelled and who have no other sitting yet.</param>
internal sealed record ApplicationFilter(string? Status, Guid? SiteId, Guid? SittingId, bool WithoutPlace, string? EntryResult);

/// <summary>Which of the applications that wait for a decision are meant; null means no condition.</summary>
/// <param name="SittingId">Only applications that ask for this sitting.</param>
/// <param name="Territory">Only people of this territory.</param>
/// <param name="WithAccommodations">Whether those are included who ask for special conditions.</param>
/// <param name="SubmittedBy">Only applications that were submitted by this time.</param>
internal sealed record WaitingRule(Guid? SiteId, Guid? SittingId, string? Territory, bool WithAccommodations, Instant SubmittedBy)
{
    internal object With(Guid campaignId, Guid? after, int limit) =>
        new
        {
            campaignId,
            SubmittedBy,
            SiteId,
            SittingId,
            Territory,
            accommodated = WithAccommodations ? 1 : 0,
            after,
            limit,
        };
}

internal static class ApplicationStore
{
    private const string Columns = """
        id, campaign_id, participant_id, site_id, sitting_id, status, consent_id, submitted_at, decided_at, decided_by, reason
        """;

    internal static Task<ApplicationRow?> Find(Db db, Guid id) =>
        db.Find<ApplicationRow>($"SELECT {Columns} FROM applications WHERE id = @id", new { id });

    /// <summary>
    /// Whether the person has taken the entry diagnostic, so that its results are or will be available for comparison.
    /// </summary>
    private const string SatEntry = """
        EXISTS (SELECT 1 FROM sessions AS e
                WHERE e.participant_id = a.participant_id AND e.campaign_id = c.entry_campaign_id AND e.state IN ('finished','expired'))
        """;

    internal static Task<IReadOnlyList<ApplicationRow>> OfCampaign(
        Db db,
        Guid campaignId,
        ApplicationFilter filter,
        Guid? after,
        int limit
    ) =>
        db.Query<ApplicationRow>(
            $"""
            SELECT {Columns} FROM applications
            WHERE campaign_id = @campaignId AND (@Status IS NULL OR status = @Status) AND (@SiteId IS NULL OR site_id = @SiteId)
              AND (@after IS NULL OR id > @after)
              AND (@SittingId IS NULL OR EXISTS (
                   SELECT 1 FROM sessions AS s WHERE s.application_id = applications.id AND s.sitting_id = @SittingId AND s.state <> 'annulled'))
              AND (@withoutPlace = 0 OR EXISTS (
                   SELECT 1 FROM sessions AS s JOIN campaign_sittings AS g ON g.id = s.sitting_id
                   WHERE s.application_id = applications.id AND s.state <> 'annulled' AND g.cancelled_at IS NOT NULL))
              AND (@EntryResult IS NULL OR id IN (
                   SELECT a.id FROM applications AS a JOIN campaigns AS c ON c.id = a.campaign_id
                   WHERE a.campaign_id = @campaignId AND c.entry_campaign_id IS NOT NULL
                     AND @EntryResult = CASE WHEN {SatEntry} THEN 'present' ELSE 'absent' END))
            ORDER BY id LIMIT @limit
            """,
            new
            {
                campaignId,
                filter.Status,
                filter.SiteId,
                filter.SittingId,
                withoutPlace = filter.WithoutPlace ? 1 : 0,
                filter.EntryResult,
                after,
                limit,
            }
        );

    /// <summary>The person's application to a campaign that is neither rejected nor withdrawn.</summary>
    internal static Task<ApplicationRow?> LiveOf(Db db, Guid campaignId, Guid participantId) =>
        db.Find<ApplicationRow>(
            $"""
            SELECT {Columns} FROM applications
            WHERE campaign_id = @campaignId AND participant_id = @participantId AND status IN ('submitted','approved')
            """,
            new { campaignId, participantId }
        );

    /// <summary>The applications of a campaign that wait for a decision and match a rule, oldest first.</summary>
    internal static Task<IReadOnlyList<Guid>> Waiting(Db db, Guid campaignId, WaitingRule rule, Guid? after, int limit) =>
        db.Query<Guid>(
            $"""
            SELECT a.id FROM applications AS a
            WHERE a.campaign_id = @campaignId AND {WaitingByRule} AND (@after IS NULL OR a.id > @after)
            ORDER BY a.id LIMIT @limit
            """,
            rule.With(campaignId, after, limit)
        );

    internal static Task<int> CountWaiting(Db db, Guid campaignId, WaitingRule rule) =>
        db.Value<int>(
            $"SELECT COUNT(*) FROM applications AS a WHERE a.campaign_id = @campaignId AND {WaitingByRule}",
            rule.With(campaignId, null, 0)
        );

    private const string WaitingByRule = """
        a.status = 'submitted' AND a.submitted_at <= @SubmittedBy
        AND (@SiteId IS NULL OR a.site_id = @SiteId) AND (@SittingId IS NULL OR a.sitting_id = @SittingId)
        AND (@Territory IS NULL OR EXISTS (SELECT 1 FROM people AS p WHERE p.participant_id = a.participant_id AND p.territory = @Territory))
        AND (@accommodated = 1 OR NOT EXISTS (SELECT 1 FROM application_accommodations AS n WHERE n.application_id = a.id))
        """;

    /// <summary>
    /// Whether there are results of the entry diagnostic: <c>present</c> or <c>absent</c>; null when the campaign names
    /// no entry diagnostic.
    /// </summary>
    internal static Task<string?> EntryResult(Db db, Guid id) =>
        db.Value<string?>(
            $"""
            SELECT CASE WHEN c.entry_campaign_id IS NULL THEN NULL WHEN {SatEntry} THEN 'present' ELSE 'absent' END
            FROM applications AS a JOIN campaigns AS c ON c.id = a.campaign_id
            WHERE a.id = @id
            """,
            new { id }
        );

    /// <summary>
    /// The same as <see cref="EntryResult"/>, but for all of a person's applications whose campaign names an entry
    /// diagnostic.
    /// </summary>
    internal static async Task<IReadOnlyDictionary<Guid, string>> EntryResults(Db db, Guid participantId) =>
        (
            await db.Query<EntryResultRow>(
                $"""
                SELECT a.id, CASE WHEN {SatEntry} THEN 'present' ELSE 'absent' END AS result
                FROM applications AS a JOIN campaigns AS c ON c.id = a.campaign_id
                WHERE a.participant_id = @participantId AND c.entry_campaign_id IS NOT NULL
                """,
                new { participantId }
            )
        ).ToDictionary(row => row.Id, row => row.Result);

    internal static Task<IReadOnlyList<ApplicationRow>> OfParticipant(Db db, Guid participantId) =>
        db.Query<ApplicationRow>(
            $"""
            SELECT {Columns} FROM applications WHERE participant_id = @participantId ORDER BY id
            """,
            new { participantId }
        );

    /// <summary>
    /// Returns false when the person already has an application to this campaign that is neither rejected nor
    /// withdrawn. Even when the person files fifty at the same time, only one succeeds.
    /// </summary>
    internal static async Task<bool> Add(Db db, ApplicationRow application) =>
        await db.Execute(
            """
            INSERT INTO applications (id, campaign_id, participant_id, site_id, sitting_id, status, consent_id, submitted_at)
            VALUES (@Id, @CampaignId, @ParticipantId, @SiteId, @SittingId, 'submitted', @ConsentId, @SubmittedAt)
            ON CONFLICT (campaign_id, participant_id) WHERE status IN ('submitted','approved') DO NOTHING
            """,
            application
        ) == 1;

    /// <summary>Stores the site and the sitting to which the person is moved.</summary>
    internal static Task<int> Move(Db db, Guid id, Guid siteId, Guid? sittingId) =>
        db.Execute(
            "UPDATE applications SET site_id = @siteId, sitting_id = @sittingId WHERE id = @id",
            new
            {
                id,
                siteId,
                sittingId,
            }
        );

    /// <summary>
    /// Returns false when the state has changed since it was read, so a simultaneous approval and withdrawal cannot
    /// both happen.
    /// </summary>
    internal static async Task<bool> Decide(
        Db db,
        Guid id,
        ApplicationStatus from,
        ApplicationStatus to,
        Instant now,
        string decidedBy,
        string? reason
    ) =>
        await db.Execute(
            """
            UPDATE applications SET status = @to, decided_at = @now, decided_by = @decidedBy, reason = @reason
            WHERE id = @id AND status = @from
            """,
            new
            {
                id,
                from = Codes.Of(from),
                to = Codes.Of(to),
                now,
                decidedBy,
                reason,
            }
        ) == 1;

    private sealed record EntryResultRow
    {
        public Guid Id { get; init; }
        public string Result { get; init; } = "";
    }
}
