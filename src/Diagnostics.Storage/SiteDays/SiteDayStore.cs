using Diagnostics.Engine;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage.Sessions;
using NodaTime;

namespace Diagnostics.Storage.SiteDays;

/// <summary>A session at a site on a day, with the person's name unless the person has been erased.</summary>
internal sealed record DaySessionRow
{
    public Guid Id { get; init; }
    public Guid ApplicationId { get; init; }
    public Guid ParticipantId { get; init; }
    public Guid? SittingId { get; init; }
    public string? Surname { get; init; }
    public string? GivenName { get; init; }
    public string? Patronymic { get; init; }
    public int Seat { get; init; }
    public string State { get; init; } = "";
    public Instant? StartedAt { get; init; }
    public Instant? Deadline { get; init; }
    public Instant? PausedAt { get; init; }
    public Instant? EndedAt { get; init; }
    public Instant? AbsentAt { get; init; }

    /// <summary>When the person began to write on paper; null on a screen.</summary>
    public Instant? PaperAt { get; init; }

    public SessionState SessionState => Codes.Parse<SessionState>(State);
}

/// <summary>An event in a session at a site on a day.</summary>
internal sealed record DayEventRow
{
    public Guid SessionId { get; init; }
    public int Seat { get; init; }
    public string Kind { get; init; } = "";
    public Instant At { get; init; }

    /// <summary>JSON.</summary>
    public string? Details { get; init; }
}

/// <summary>What a session's answers and events say of its progress.</summary>
internal sealed record DayProgressRow
{
    public Guid SessionId { get; init; }

    /// <summary>Number of slots that have an answer.</summary>
    public int Answered { get; init; }

    public Instant? LastSavedAt { get; init; }

    /// <summary>Number of saves that were not accepted but kept.</summary>
    public int Rejected { get; init; }

    public int Incidents { get; init; }

    /// <summary>When the person's page last reported something.</summary>
    public Instant? ReportedAt { get; init; }
}

/// <summary>A sitting, or the window of a campaign at a site where it has no sittings.</summary>
internal sealed record OwnDayRow
{
    public Guid CampaignId { get; init; }
    public string Title { get; init; } = "";
    public Guid SiteId { get; init; }
    public string SiteName { get; init; } = "";
    public string TimeZone { get; init; } = "";
    public Guid? SittingId { get; init; }
    public int? Shift { get; init; }
    public bool? Reserve { get; init; }
    public Instant StartsAt { get; init; }
    public Instant EndsAt { get; init; }

    /// <summary>Number of people who have a seat.</summary>
    public int Taken { get; init; }
}

/// <summary>The people at a site on a day, and the events of their sessions there.</summary>
internal static class SiteDayStore
{
    // For the site, a session on paper is over when its sheets are back, though the answers are entered days later.
    private const string Paper =
        "LEFT JOIN paper_works AS w ON w.session_id = s.id LEFT JOIN paper_collections AS c ON c.session_id = s.id";
    private const string State = "CASE WHEN s.state = 'paused' AND c.session_id IS NOT NULL THEN 'finished' ELSE s.state END AS state";
    private const string EndedAt = "COALESCE(s.ended_at, c.ended_at) AS ended_at";

    /// <summary>
    /// People who may come or have come, in the order of their seats; each seat belongs to only one person.
    /// </summary>
    /// <param name="afterSeat">0 for the first page.</param>
    internal static Task<IReadOnlyList<DaySessionRow>> Roster(Db db, DayFilter day, int afterSeat, int limit) =>
        db.Query<DaySessionRow>(
            $"""
            SELECT s.id, s.application_id, s.participant_id, p.surname, p.given_name, p.patronymic, s.seat, {State}, s.started_at, {EndedAt}, s.absent_at
            FROM sessions AS s LEFT JOIN people AS p ON p.participant_id = s.participant_id {Paper}
            WHERE s.campaign_id = @CampaignId AND s.site_id = @SiteId AND {day.Sessions(
                "s"
            )} AND s.state <> 'annulled' AND s.seat > @afterSeat
            ORDER BY s.seat LIMIT @limit
            """,
            new
            {
                day.CampaignId,
                day.SiteId,
                day.SittingId,
                day.From,
                day.To,
                afterSeat,
                limit,
            }
        );

    /// <summary>
    /// All sessions of the day, including annulled ones, ordered by seat; people's names are left out.
    /// </summary>
    internal static Task<IReadOnlyList<DaySessionRow>> Sessions(Db db, DayFilter day) =>
        db.Query<DaySessionRow>(
            $"""
            SELECT s.id, s.application_id, s.participant_id, s.seat, {State}, s.started_at, s.deadline, s.paused_at, {EndedAt}, s.absent_at,
              w.started_at AS paper_at
            FROM sessions AS s {Paper}
            WHERE s.campaign_id = @CampaignId AND s.site_id = @SiteId AND {day.Sessions("s")}
            ORDER BY s.seat, s.id
            """,
            day
        );

    /// <summary>Events of the given kinds in the sessions of the day, oldest first.</summary>
    internal static Task<IReadOnlyList<DayEventRow>> Events(Db db, DayFilter day, IReadOnlyCollection<string> kinds) =>
        db.Query<DayEventRow>(
            $"""
            SELECT e.session_id, s.seat, e.kind, e.at, e.details
            FROM sessions AS s JOIN session_events AS e ON e.session_id = s.id
            WHERE s.campaign_id = @CampaignId AND s.site_id = @SiteId AND {day.Sessions("s")} AND e.kind IN @kinds AND {day.Happened(
                "e.at"
            )}
            ORDER BY e.at, e.id
            """,
            new
            {
                day.CampaignId,
                day.SiteId,
                day.SittingId,
                day.From,
                day.To,
                kinds = kinds.ToArray(),
            }
        );

    /// <summary>The progress of every session of the day that has begun.</summary>
    internal static Task<IReadOnlyList<DayProgressRow>> Progress(Db db, DayFilter day) =>
        db.Query<DayProgressRow>(
            $"""
            SELECT s.id AS session_id,
              (SELECT COUNT(*) FROM session_responses AS r WHERE r.session_id = s.id AND r.content IS NOT NULL
                 AND r.revision = (SELECT MAX(l.revision) FROM session_responses AS l WHERE l.session_id = r.session_id AND l.slot = r.slot)) AS answered,
              (SELECT MAX(r.saved_at) FROM session_responses AS r WHERE r.session_id = s.id) AS last_saved_at,
              (SELECT COUNT(*) FROM session_rejected_responses AS x WHERE x.session_id = s.id) AS rejected,
              (SELECT COUNT(*) FROM session_events AS e WHERE e.session_id = s.id AND e.kind = 'incident') AS incidents,
              (SELECT MAX(e.at) FROM session_events AS e WHERE e.session_id = s.id AND e.kind IN @reported) AS reported_at
            FROM sessions AS s
            WHERE s.campaign_id = @CampaignId AND s.site_id = @SiteId AND {day.Sessions("s")} AND s.state <> 'annulled'
            """,
            new
            {
                day.CampaignId,
                day.SiteId,
                day.SittingId,
                day.From,
                day.To,
                reported = SessionStore.Reported,
            }
        );

    /// <summary>
    /// The sittings and, where a campaign has none, the campaigns at sites, that overlap a time interval; if a site or a
    /// campaign is given, only those of it.
    /// </summary>
    internal static Task<IReadOnlyList<OwnDayRow>> Overlapping(
        Db db,
        Guid? siteId,
        Guid? campaignId,
        Instant from,
        Instant to,
        int limit
    ) =>
        db.Query<OwnDayRow>(
            """
            SELECT c.id AS campaign_id, c.title, p.id AS site_id, p.name AS site_name, p.time_zone, g.id AS sitting_id, g.shift, g.reserve,
              COALESCE(g.starts_at, c.sitting_from) AS starts_at, COALESCE(g.ends_at, c.sitting_to) AS ends_at,
              (SELECT COUNT(*) FROM sessions AS s WHERE s.campaign_id = c.id AND s.site_id = p.id
                 AND (s.sitting_id = g.id OR (g.id IS NULL AND s.sitting_id IS NULL)) AND s.state <> 'annulled') AS taken
            FROM campaign_sites AS cs
            JOIN campaigns AS c ON c.id = cs.campaign_id
            JOIN sites AS p ON p.id = cs.site_id
            LEFT JOIN campaign_sittings AS g ON g.campaign_id = cs.campaign_id AND g.site_id = cs.site_id AND g.cancelled_at IS NULL
            WHERE c.status <> 'draft' AND c.cancelled_at IS NULL
              AND (@siteId IS NULL OR p.id = @siteId) AND (@campaignId IS NULL OR c.id = @campaignId)
              AND COALESCE(g.ends_at, c.sitting_to) > @from AND COALESCE(g.starts_at, c.sitting_from) < @to
            ORDER BY starts_at, c.id, p.id, g.id LIMIT @limit
            """,
            new
            {
                siteId,
                campaignId,
                from,
                to,
                limit,
            }
        );

    /// <summary>A session, if it belongs to this campaign at this site.</summary>
    internal static Task<DaySessionRow?> Session(Db db, Guid id, Guid campaignId, Guid siteId) =>
        db.Find<DaySessionRow>(
            """
            SELECT id, application_id, participant_id, sitting_id, seat, state, started_at, ended_at, absent_at
            FROM sessions WHERE id = @id AND campaign_id = @campaignId AND site_id = @siteId
            """,
            new
            {
                id,
                campaignId,
                siteId,
            }
        );
}
