using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.SiteDays;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;
using Diagnostics.UseCases.SiteDays;

namespace Diagnostics.Server.Pages.SiteDays;

/// <summary>Reads what the pages of a day at a site show, and carries an act out for several people.</summary>
internal sealed class SiteDesk(
    LiveBoard board,
    GetRoster roster,
    SuperviseSession supervise,
    ListSessionEvents events,
    ListJournal journal,
    ListSiteStaff staff,
    GetDayAct act
)
{
    /// <summary>The day as it is now, without names.</summary>
    internal async Task<Result<Board>> Board(SiteDayAddress day, HttpContext http, bool fresh = true)
    {
        // A refused form keeps its key for the next try; what showing a page writes must not use it up.
        http.Caller().Repeat = null;
        return await board.Run(day.Day, http.Caller(), fresh);
    }

    /// <summary>Everybody on the roster; the audit trail records each look.</summary>
    internal async Task<Result<Roster>> Roster(SiteDayAddress day, HttpContext http)
    {
        http.Caller().Repeat = null;
        if ((await roster.Run(new(day.Day, null, Page<RosterPlace>.MaxLimit), http.Caller())).Refused(out var refusal, out var first))
            return refusal;
        var places = first.Items.ToList();
        for (var next = first.Next; next is not null; )
        {
            var after = int.Parse(next, System.Globalization.CultureInfo.InvariantCulture);
            if ((await roster.Run(new(day.Day, after, Page<RosterPlace>.MaxLimit), http.Caller())).Refused(out refusal, out var more))
                return refusal;
            places.AddRange(more.Items);
            next = more.Next;
        }
        return first with { Items = places };
    }

    /// <summary>
    /// Runs an act for each of these sessions that belongs to the day. Each has a key of its own, so that a form sent
    /// twice is carried out once for each.
    /// </summary>
    /// <returns>For how many it was done, and why not for the others.</returns>
    internal static async Task<(int Done, IReadOnlyList<string> Refused)> Each(
        HttpContext http,
        Board board,
        IEnumerable<Guid> sessions,
        Repeat? sent,
        Func<Guid, Task<Refusal?>> act
    )
    {
        var (done, refused) = (0, new List<string>());
        var places = board.Places.ToDictionary(place => place.SessionId);
        foreach (var session in sessions.Distinct())
        {
            if (!places.TryGetValue(session, out var place))
            {
                refused.Add(SessionRefusals.NotFound.Detail);
                continue;
            }
            http.Caller().Repeat = Of(sent, session.ToString("N"));
            var refusal = await act(session);
            if (refusal is null || refusal == Executor.AlreadyDone)
                done++;
            else
                refused.Add($"Место {place.Seat}: {refusal.Detail}");
        }
        http.Caller().Repeat = null;
        return (done, refused);
    }

    /// <summary>The key of one of the works that a form asks for.</summary>
    internal static Repeat? Of(Repeat? sent, string work) => sent is null ? null : new($"{sent.Key}-{work}", sent.RequestHash);

    internal async Task<Result<PlacePage.Facts>> Place(SiteDayAddress day, Guid sessionId, HttpContext http)
    {
        if ((await Board(day, http)).Refused(out var refusal, out var now))
            return refusal;
        if (now.Places.FirstOrDefault(place => place.SessionId == sessionId) is not { } seat)
            return SessionRefusals.NotFound;
        var caller = http.Caller();
        // Only this one person is looked at, and so the audit trail says.
        if ((await roster.Run(new(day.Day, seat.Seat - 1, 1), caller)).Refused(out refusal, out var one))
            return refusal;
        if (one.Items.FirstOrDefault(place => place.SessionId == sessionId) is not { } place)
            return SessionRefusals.NotFound;
        if ((await supervise.Run(sessionId, caller)).Refused(out refusal, out var session))
            return refusal;
        if ((await events.Run(sessionId, caller)).Refused(out refusal, out var log))
            return refusal;
        return new PlacePage.Facts(
            now.Head,
            place,
            session,
            EntriesOf(log),
            http.Request.Host.Value ?? "",
            Said: null,
            Refused: [],
            Failed: null,
            Typed: null
        );
    }

    /// <summary>Saves are counted on the page; of the log only what somebody decided or noticed is shown.</summary>
    private static IReadOnlyList<PlacePage.Entry> EntriesOf(IEnumerable<SessionEvent> log) =>
        log.Where(happened => happened.Kind is not ("save" or "focus_gained"))
            .Reverse()
            .Take(100)
            .Select(happened => new PlacePage.Entry(happened.At, Words.SessionEventOf(happened.Kind), NoteOf(happened.Details)))
            .ToList();

    /// <summary>Where the details of an event have words for people.</summary>
    private static readonly string[] Notes = ["reason", "description", "act", "note"];

    private static string? NoteOf(string? details)
    {
        if (details is null || JsonNode.Parse(details) is not JsonObject said)
            return null;
        var minutes = said["minutes"]?.ToString() is { } number ? $"{number} мин" : null;
        var text = Notes.Select(name => said[name]?.ToString()).FirstOrDefault(found => found is not null);
        return string.Join(", ", new[] { minutes, text }.OfType<string>()) is { Length: > 0 } note ? note : null;
    }

    internal async Task<Result<JournalPage.Facts>> Journal(SiteDayAddress day, HttpContext http)
    {
        if ((await Board(day, http)).Refused(out var refusal, out var now))
            return refusal;
        var caller = http.Caller();
        if ((await act.Run(day.Day, caller)).Refused(out refusal, out var today))
            return refusal;
        if ((await Entries(day, now.Head, caller)).Refused(out refusal, out var entries))
            return refusal;
        var ofDay = new ListSiteStaff.Request(day.Campaign, day.Site, day.Sitting, null, Page<SiteAppointment>.MaxLimit);
        if ((await staff.Run(ofDay, caller)).Refused(out refusal, out var appointed))
            return refusal;
        var present = entries
            .Where(entry => entry is { Kind: JournalKind.Presence, IsCorrected: false, AppointmentId: not null })
            .DistinctBy(entry => entry.AppointmentId)
            .ToDictionary(entry => entry.AppointmentId!.Value, entry => entry.At);
        return new JournalPage.Facts(
            now.Head,
            entries.Reverse().Take(Shown).ToList(),
            appointed
                .Items.Where(member => member.EndedAt is null)
                .Select(member => new JournalPage.Member(
                    member.Id,
                    member.UserName,
                    member.Duty,
                    present.TryGetValue(member.Id, out var at) ? at : null
                ))
                .ToList(),
            now.Places.Where(place => place.PlacePassed is not true).Select(place => place.Seat).ToList(),
            now.Places.ToDictionary(place => place.SessionId, place => place.Seat),
            null,
            [],
            null
        );
    }

    /// <summary>The number of entries that the page of the journal shows.</summary>
    private const int Shown = 200;

    /// <summary>The entries of the day, oldest first.</summary>
    private async Task<Result<IReadOnlyList<JournalEntry>>> Entries(SiteDayAddress day, SiteDayHead head, Caller caller)
    {
        var entries = new List<JournalEntry>();
        Guid? after = null;
        do
        {
            var request = new ListJournal.Request(day.Campaign, day.Site, day.Sitting, after, Page<JournalEntry>.MaxLimit);
            if ((await journal.Run(request, caller)).Refused(out var refusal, out var page))
                return refusal;
            entries.AddRange(
                page.Items.Where(entry => day.Sitting is not null || Dates.Local(entry.At, head.TimeZone).Date.ToDateOnly() == head.Date)
            );
            after = page.Next is { } next ? Guid.Parse(next) : null;
        } while (after is not null);
        return entries;
    }
}
