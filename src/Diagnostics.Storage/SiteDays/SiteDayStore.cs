using Diagnostics.Engine;
using Diagnostics.Engine.Sessions;
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
    public Instant? EndedAt { get; init; }
    public Instant? AbsentAt { get; init; }

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

/// <summary>The people at a site on a day, and the events of their sessions there.</summary>
internal static class SiteDayStore
{
    /// <summary>
    /// People who may come or have come, in the order of their seats; each seat belongs to only one person.
    /// </summary>
    /// <param name="afterSeat">0 for the first page.</param>
    internal static Task<IReadOnlyList<DaySessionRow>> Roster(Db db, DayFilter day, int afterSeat, int limit) =>
        db.Query<DaySessionRow>(
            $"""
            SELECT s.id, s.application_id, s.participant_id, p.surname, p.given_name, p.patronymic, s.seat, s.state, s.started_at, s.ended_at, s.absent_at
            FROM sessions AS s LEFT JOIN people AS p ON p.participant_id = s.participant_id
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
            SELECT s.id, s.application_id, s.participant_id, s.seat, s.state, s.started_at, s.ended_at, s.absent_at
            FROM sessions AS s
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
