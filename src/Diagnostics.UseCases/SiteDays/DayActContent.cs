using System.Text.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Sessions;
using Diagnostics.Engine.SiteDays;
using Diagnostics.Storage;
using Diagnostics.Storage.SiteDays;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.SiteDays;

/// <param name="TimeZone">The time zone of the times in the act, by its IANA name.</param>
public sealed record ActSite(string Code, string Name, string Address, string TimeZone);

public sealed record ActSitting(Instant StartsAt, Instant EndsAt, int Shift, bool Reserve);

/// <param name="PresentAt">When presence was recorded; absent when it was not.</param>
/// <param name="EndedAt">When the appointment ended; absent while it lasts.</param>
public sealed record ActStaff(SiteDuty Duty, string UserName, Instant? PresentAt, Instant? EndedAt, string? EndReason);

/// <param name="To">When the pause ended; absent when it had not ended.</param>
public sealed record ActPause(Instant From, Instant? To, string? Reason);

/// <summary>A seat at which somebody was expected; the act contains no names of participants.</summary>
/// <param name="ExtraMinutes">Number of minutes added to the person's time through special conditions and by the
/// site.</param>
public sealed record ActPlace(
    int Seat,
    RosterState State,
    bool IdentityChecked,
    bool PlaceChecked,
    Instant? StartedAt,
    Instant? EndedAt,
    int ExtraMinutes,
    IReadOnlyList<ActPause> Pauses
);

/// <param name="Seat">The seat concerned; absent for an event that concerns the whole site.</param>
public sealed record ActEntry(Instant At, int? Seat, string Text);

/// <param name="Note">Which materials, and to whom or where they went.</param>
public sealed record ActMaterials(Instant At, MaterialsMove Move, int Count, string? Note);

/// <summary>The day at a site, compiled from the sessions' logs and the journal.</summary>
/// <param name="Date">The date by the site's clocks.</param>
/// <param name="Sitting">The sitting; absent when the campaign has no sittings at the site.</param>
/// <param name="Missing">Duties that clause 7.1.3 requires there but that nobody had.</param>
/// <param name="Incidents">Incidents of the site and of sessions.</param>
/// <param name="FinishedBySite">Sessions that the site finished for people who had left.</param>
public sealed record DayActContent(
    string Campaign,
    ActSite Site,
    DateOnly Date,
    ActSitting? Sitting,
    DayCounts Counts,
    IReadOnlyList<ActStaff> Staff,
    IReadOnlyList<MissingDuty> Missing,
    Instant? FirstStart,
    Instant? LastEnd,
    IReadOnlyList<ActPlace> Places,
    IReadOnlyList<ActEntry> Incidents,
    IReadOnlyList<ActEntry> Annulments,
    IReadOnlyList<ActEntry> FinishedBySite,
    IReadOnlyList<ActMaterials> Materials
)
{
    private const string Pause = "pause";
    private const string Resume = "resume";
    private const string Incident = "incident";
    private const string Annul = "annul";
    private const string BySite = "finish_by_site";
    private const string ExtraTime = "extra_time";

    private static readonly string[] Kinds = [Pause, Resume, Incident, Annul, BySite, ExtraTime];

    internal static async Task<DayActContent> Read(Db db, SiteDay day)
    {
        var record = await DayRecord.Read(db, day);
        var sessions = await SiteDayStore.Sessions(db, day.Filter);
        var events = await SiteDayStore.Events(db, day.Filter, Kinds);
        var bySession = events.ToLookup(happened => happened.SessionId);
        var annulled = sessions.Where(session => session.SessionState is SessionState.Annulled).ToList();
        return new(
            Campaign: day.Campaign.Title,
            Site: new(day.Site.Code, day.Site.Name, day.Site.Address, day.Site.TimeZone),
            Date: day.Date.ToDateOnly(),
            Sitting: day.Sitting is { } sitting ? new(sitting.StartsAt, sitting.EndsAt, sitting.Shift, sitting.Reserve) : null,
            Counts: DayCounts.Of(sessions),
            Staff: record
                .Staff.Select(member => new ActStaff(
                    member.Duty,
                    member.Row.UserName,
                    member.PresentAt,
                    member.Row.EndedAt,
                    member.Row.EndReason
                ))
                .ToList(),
            Missing: record.Missing,
            FirstStart: sessions.Min(session => session.StartedAt),
            LastEnd: sessions.Where(session => session.StartedAt is not null).Max(session => session.EndedAt),
            Places: sessions.Select(session => Place(session, record, bySession[session.Id])).ToList(),
            Incidents: Entries(events, Incident, "description")
                .Concat(record.Of(JournalKind.Incident).Select(entry => new ActEntry(entry.At, null, entry.Note!)))
                .OrderBy(entry => entry.At)
                .ToList(),
            // Take only the last annulment of sessions that are annulled now: the log also contains annulments that
            // were undone.
            Annulments: annulled
                .SelectMany(session => Entries(bySession[session.Id], Annul, "reason").TakeLast(1))
                .OrderBy(entry => entry.At)
                .ToList(),
            FinishedBySite: Entries(events, BySite, "act").ToList(),
            Materials: record
                .Materials.Select(each => new ActMaterials(each.Entry.At, each.Move, each.Entry.Quantity!.Value, each.Entry.Note))
                .ToList()
        );
    }

    /// <summary>The content as the text that is signed and compared.</summary>
    internal string ToText() => JsonSerializer.Serialize(this, Json.Options);

    internal static DayActContent Of(string text) => JsonSerializer.Deserialize<DayActContent>(text, Json.Stored)!;

    /// <summary>Names the parts of a signed act that are different in the present content.</summary>
    internal static IReadOnlyList<string> Changes(string signed, string now)
    {
        var (then, present) = (JsonNode.Parse(signed)!.AsObject(), JsonNode.Parse(now)!.AsObject());
        return then.Concat(present)
            .Select(part => part.Key)
            .Distinct()
            .Where(part => !JsonNode.DeepEquals(then[part], present[part]))
            .ToList();
    }

    private static ActPlace Place(DaySessionRow session, DayRecord record, IEnumerable<DayEventRow> events)
    {
        var pauses = new List<ActPause>();
        var extra = 0;
        foreach (var happened in events)
        {
            if (happened.Kind == Pause)
                pauses.Add(new(happened.At, session.EndedAt, Said(happened, "reason")));
            else if (happened.Kind == Resume && pauses.Count > 0)
                pauses[^1] = pauses[^1] with { To = happened.At };
            else if (happened.Kind == ExtraTime)
                extra += Minutes(happened);
        }
        return new(
            session.Seat,
            RosterStates.Of(session.SessionState, session.AbsentAt is not null),
            record.IsIdentified(session.Id),
            record.IsPlaceChecked(session.Seat),
            session.StartedAt,
            session.EndedAt,
            extra,
            pauses
        );
    }

    private static IEnumerable<ActEntry> Entries(IEnumerable<DayEventRow> events, string kind, string member) =>
        events
            .Where(happened => happened.Kind == kind)
            .Select(happened => new ActEntry(happened.At, happened.Seat, Said(happened, member) ?? ""));

    private static string? Said(DayEventRow happened, string member) =>
        happened.Details is { } details ? (string?)JsonNode.Parse(details)?[member] : null;

    private static int Minutes(DayEventRow happened) =>
        happened.Details is { } details ? (int?)JsonNode.Parse(details)?["minutes"] ?? 0 : 0;
}
