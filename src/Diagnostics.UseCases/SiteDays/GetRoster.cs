using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.SiteDays;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.SiteDays;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;
using NodaTime;

namespace Diagnostics.UseCases.SiteDays;

/// <summary>How many people on the roster are in each state.</summary>
/// <param name="Expected">People who have a seat: the sum of the other numbers except <c>annulled</c>.</param>
public sealed record DayCounts(int Expected, int NotCome, int Absent, int Admitted, int Started, int Finished, int Annulled)
{
    internal static DayCounts Of(IReadOnlyList<DaySessionRow> sessions)
    {
        var states = sessions
            .CountBy(session => RosterStates.Of(session.SessionState, session.AbsentAt is not null))
            .ToDictionary(state => state.Key, state => state.Value);
        return new(
            Expected: sessions.Count - Count(RosterState.Annulled),
            NotCome: Count(RosterState.NotCome),
            Absent: Count(RosterState.Absent),
            Admitted: Count(RosterState.Admitted),
            Started: Count(RosterState.Started),
            Finished: Count(RosterState.Finished),
            Annulled: Count(RosterState.Annulled)
        );

        int Count(RosterState state) => states.GetValueOrDefault(state);
    }
}

/// <summary>A person on the roster.</summary>
/// <param name="Person">Surname and names; absent when the person's data have been erased.</param>
/// <param name="Accommodations">Special conditions that were granted; absent when there are none.</param>
/// <param name="IdentityChecked">Whether it was recorded that the person's document was checked.</param>
/// <param name="PlaceChecked">Whether the last check of the seat's device and connection was passed.</param>
public sealed record RosterPlace(
    int Seat,
    Guid SessionId,
    Guid ParticipantId,
    string? Person,
    RosterState State,
    bool IdentityChecked,
    bool PlaceChecked,
    Accommodations? Accommodations,
    Instant? StartedAt,
    Instant? EndedAt
);

/// <summary>Who takes the test, when and where; for the staff at the door.</summary>
/// <param name="Date">The date in the site's time zone.</param>
/// <param name="SittingId">The sitting; absent when the campaign has no sittings at the site.</param>
/// <param name="Missing">Duties that clause 7.1.3 requires at a site but that nobody has. A missing duty keeps nobody
/// from taking the test.</param>
/// <param name="UncheckedSeats">People's seats that nobody has checked, or that failed the last check.</param>
/// <param name="Next">The value of <c>after</c> for the next page; absent on the last page.</param>
public sealed record Roster(
    DateOnly Date,
    Guid? SittingId,
    DayCounts Counts,
    IReadOnlyList<MissingDuty> Missing,
    IReadOnlyList<int> UncheckedSeats,
    IReadOnlyList<RosterPlace> Items,
    string? Next
);

/// <summary>
/// Shows who is expected, for the staff at the door.
/// </summary>
internal sealed class GetRoster(Executor executor) : UseCase<GetRoster.Request, Roster>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetRoster),
        SessionRights.Staff,
        Trail.Look<GetRoster.Request, Roster>(
            "roster.read",
            (asked, roster) => Looked.List($"site:{asked.Day.Site:D}", roster.Items.Select(each => (Guid?)each.ParticipantId))
        )
    );

    /// <param name="After">The seat after which the page begins.</param>
    internal sealed record Request(DayAsked Day, int? After, int? Limit);

    protected override Task<Result<Roster>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            var (asked, after, limit) = request;
            if (!Reaches(caller, new Target { Campaign = asked.Campaign, Site = asked.Site }))
                return CampaignRefusals.NoSite;
            var now = Now;
            if ((await SiteDay.Find(db, asked, now)).Refused(out var refusal, out var day))
                return refusal;
            if (SessionRights.CheckNames(caller, asked.Campaign, day.Date, day.DateOf(now)) is { } another)
                return another;
            var record = await DayRecord.Read(db, day);
            var all = await SiteDayStore.Sessions(db, day.Filter);
            var rows = await SiteDayStore.Roster(db, day.Filter, Math.Max(after ?? 0, 0), Page<RosterPlace>.Take(limit));
            var granted = await AccommodationStore.GrantedIn(db, asked.Campaign, asked.Site);
            var places = rows.Select(row => Place(row, record, granted.GetValueOrDefault(row.ApplicationId))).ToList();
            var page = Page<RosterPlace>.Of(places, limit, place => place.Seat.ToString(CultureInfo.InvariantCulture));
            return new Roster(
                day.Date.ToDateOnly(),
                day.Sitting?.Id,
                DayCounts.Of(all),
                record.Missing,
                all.Where(session =>
                        session.SessionState is not Engine.Sessions.SessionState.Annulled && !record.IsPlaceChecked(session.Seat)
                    )
                    .Select(session => session.Seat)
                    .ToList(),
                page.Items,
                page.Next
            );
        });

    private static RosterPlace Place(DaySessionRow row, DayRecord record, Accommodations? granted) =>
        new(
            Seat: row.Seat,
            SessionId: row.Id,
            ParticipantId: row.ParticipantId,
            Person: row.Surname is null ? null : string.Join(' ', new[] { row.Surname, row.GivenName, row.Patronymic }.OfType<string>()),
            State: RosterStates.Of(row.SessionState, row.AbsentAt is not null),
            IdentityChecked: record.IsIdentified(row.Id),
            PlaceChecked: record.IsPlaceChecked(row.Seat),
            Accommodations: granted,
            StartedAt: row.StartedAt,
            EndedAt: row.EndedAt
        );
}
