using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.SiteDays;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.SiteDays;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;
using NodaTime;

namespace Diagnostics.UseCases.SiteDays;

/// <summary>How many stand where on the day.</summary>
/// <param name="Expected">Those who have a place; the others are parts of it, but for the annulled.</param>
public sealed record DayCounts(int Expected, int NotCome, int Absent, int Admitted, int Started, int Finished, int Annulled)
{
    internal static DayCounts Of(IReadOnlyList<DaySessionRow> sessions)
    {
        var states = sessions.CountBy(session => RosterStates.Of(session.SessionState, session.AbsentAt is not null))
            .ToDictionary(state => state.Key, state => state.Value);
        return new(
            Expected: sessions.Count - Count(RosterState.Annulled), NotCome: Count(RosterState.NotCome), Absent: Count(RosterState.Absent),
            Admitted: Count(RosterState.Admitted), Started: Count(RosterState.Started), Finished: Count(RosterState.Finished),
            Annulled: Count(RosterState.Annulled));

        int Count(RosterState state) => states.GetValueOrDefault(state);
    }
}

/// <summary>Somebody who has a place on the day.</summary>
/// <param name="Person">Surname and names; absent when the person's data have been erased.</param>
/// <param name="Accommodations">Special conditions that were granted; absent where none.</param>
/// <param name="IdentityChecked">It was written down that the person's document was looked at.</param>
/// <param name="PlaceChecked">The last try of the place was good.</param>
public sealed record RosterPlace(
    int Seat, Guid SessionId, Guid ParticipantId, string? Person, RosterState State, bool IdentityChecked, bool PlaceChecked,
    Accommodations? Accommodations, Instant? StartedAt, Instant? EndedAt);

/// <summary>Who sits when and where, for those at the door.</summary>
/// <param name="Date">By the site's clocks.</param>
/// <param name="SittingId">Absent where the campaign has no sittings at the site.</param>
/// <param name="Missing">Whom clause 7.1.3 wants there and who is not; it keeps nobody from the test.</param>
/// <param name="UncheckedSeats">Places of people whose last check was bad, or that nobody has tried.</param>
/// <param name="Next">Pass it as <c>after</c> to get the next page; absent on the last one.</param>
public sealed record Roster(
    DateOnly Date, Guid? SittingId, DayCounts Counts, IReadOnlyList<MissingDuty> Missing, IReadOnlyList<int> UncheckedSeats,
    IReadOnlyList<RosterPlace> Items, string? Next);

/// <summary>Names at the door: every call is a look at personal data, and the audit has it.</summary>
internal sealed class GetRoster(Executor executor) : UseCase<GetRoster.Request, Roster>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetRoster), SessionRights.Staff);

    /// <param name="After">A seat.</param>
    internal sealed record Request(DayAsked Day, int? After, int? Limit);

    protected override Task<Result<Roster>> Handle(Request request, Caller caller) => Write(caller, async db =>
    {
        var (asked, after, limit) = request;
        if (!Reaches(caller, new Target { Campaign = asked.Campaign, Site = asked.Site })) return CampaignRefusals.NoSite;
        var now = Now;
        if ((await SiteDay.Find(db, asked, now)).Refused(out var refusal, out var day)) return refusal;
        var record = await DayRecord.Read(db, day);
        var all = await SiteDayStore.Sessions(db, day.Filter);
        var rows = await SiteDayStore.Roster(db, day.Filter, Math.Max(after ?? 0, 0), Page<RosterPlace>.Take(limit));
        var granted = await AccommodationStore.GrantedIn(db, asked.Campaign, asked.Site);
        var places = rows.Select(row => Place(row, record, granted.GetValueOrDefault(row.ApplicationId))).ToList();
        var page = Page<RosterPlace>.Of(places, limit, place => place.Seat.ToString(CultureInfo.InvariantCulture));
        if (page.Items.Count > 0)
        {
            var people = page.Items.Select(place => place.ParticipantId);
            await AuditStore.Append(
                db, now, caller.Id, "roster.read", $"site:{asked.Site:D}", new { campaignId = asked.Campaign, sittingId = day.Sitting?.Id, day.SatOn, people });
        }
        return new Roster(
            day.Date.ToDateOnly(), day.Sitting?.Id, DayCounts.Of(all), record.Missing,
            all.Where(session => session.SessionState is not Engine.Sessions.SessionState.Annulled && !record.IsPlaceChecked(session.Seat))
                .Select(session => session.Seat).ToList(),
            page.Items, page.Next);
    });

    private static RosterPlace Place(DaySessionRow row, DayRecord record, Accommodations? granted) => new(
        Seat: row.Seat, SessionId: row.Id, ParticipantId: row.ParticipantId,
        Person: row.Surname is null ? null : string.Join(' ', new[] { row.Surname, row.GivenName, row.Patronymic }.OfType<string>()),
        State: RosterStates.Of(row.SessionState, row.AbsentAt is not null), IdentityChecked: record.IsIdentified(row.Id),
        PlaceChecked: record.IsPlaceChecked(row.Seat), Accommodations: granted, StartedAt: row.StartedAt, EndedAt: row.EndedAt);
}
