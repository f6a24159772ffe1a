using Diagnostics.Engine;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Sessions;
using Diagnostics.Storage.SiteDays;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;
using Microsoft.Extensions.Caching.Memory;
using NodaTime;

namespace Diagnostics.UseCases.SiteDays;

/// <summary>A day at a site, as the heads of its pages show it.</summary>
/// <param name="SittingId">The sitting; absent when the campaign has no sittings at the site.</param>
/// <param name="EndsAt">The first moment at which nobody may begin any more.</param>
public sealed record SiteDayHead(
    Guid CampaignId,
    string Campaign,
    int TimeLimitMinutes,
    Guid SiteId,
    string Site,
    string Address,
    string TimeZone,
    int Seats,
    DateOnly Date,
    Guid? SittingId,
    int? Shift,
    bool Reserve,
    Instant StartsAt,
    Instant EndsAt
);

/// <summary>A seat on the board. Nothing on it names the person, so reading it is no look at personal data.</summary>
/// <param name="Answered">Number of slots that have an answer.</param>
/// <param name="Rejected">Number of saves that were not accepted but kept.</param>
/// <param name="LastSavedAt">When an answer was last saved; absent before the first save.</param>
/// <param name="LastSeenAt">When the person's device was last heard of, by this node or by a save; absent before the
/// start. Where several nodes serve a site, another one may have heard of it later.</param>
/// <param name="OnPaper">Whether the person writes on paper: then the session stands paused, and the time runs.</param>
public sealed record BoardPlace(
    Guid SessionId,
    int Seat,
    SessionState State,
    bool Absent,
    bool IdentityChecked,
    bool? PlacePassed,
    Instant? StartedAt,
    Instant? Deadline,
    long? SecondsLeft,
    Instant? EndedAt,
    int Answered,
    int Rejected,
    int Incidents,
    Instant? LastSavedAt,
    Instant? LastSeenAt,
    bool OnPaper
);

/// <summary>Everybody's state at one moment of the day.</summary>
/// <param name="StandsSince">When the interruption of the sitting or the site began; absent when there is none.</param>
public sealed record Board(SiteDayHead Head, Instant At, Instant? StandsSince, IReadOnlyList<BoardPlace> Places);

/// <summary>
/// Reads the board of a day. A board asks every ten seconds, so only the sessions themselves are read every time; what
/// takes longer to count is read again after a while, for all boards of the same day together.
/// </summary>
internal sealed class LiveBoard(Executor executor, SessionDirectory directory) : IDisposable
{
    /// <summary>How old the counts of answers, incidents and checks on a board may be.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(20);

    private const int Capacity = 2_000;

    private readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = Capacity });

    private sealed record Counted(SiteDay Day, DayRecord Record, IReadOnlyDictionary<Guid, DayProgressRow> Progress);

    /// <param name="fresh">Whether everything is counted now, as when the page is opened.</param>
    internal async Task<Result<Board>> Run(DayAsked asked, Caller caller, bool fresh)
    {
        if (await executor.Refuses(SessionRights.Staff, caller) is { } refusal)
            return refusal;
        if (!SessionRights.Staff.Covers(caller, new Target { Campaign = asked.Campaign, Site = asked.Site }))
            return CampaignRefusals.NoSite;
        return await executor.Read(async db =>
        {
            var now = executor.Now;
            if ((await Count(db, asked, now, fresh)).Refused(out var unknown, out var counted))
                return unknown;
            var sessions = await SiteDayStore.Sessions(db, counted.Day.Filter);
            var interruption = await InterruptionStore.OfSitting(db, asked.Campaign, asked.Site, asked.Sitting);
            return (Result<Board>)
                new Board(
                    HeadOf(counted.Day),
                    now,
                    interruption?.BeganAt,
                    sessions
                        .Where(session => session.SessionState is not SessionState.Annulled)
                        .Select(session => Place(session, counted, now))
                        .ToList()
                );
        });
    }

    private async Task<Result<Counted>> Count(Db db, DayAsked asked, Instant now, bool fresh)
    {
        if (!fresh && known.TryGetValue(asked, out Counted? counted))
            return counted!;
        if ((await SiteDay.Find(db, asked, now)).Refused(out var refusal, out var day))
            return refusal;
        counted = new(
            day,
            await DayRecord.Read(db, day),
            (await SiteDayStore.Progress(db, day.Filter)).ToDictionary(progress => progress.SessionId)
        );
        return known.Set(asked, counted, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Age });
    }

    private BoardPlace Place(DaySessionRow row, Counted counted, Instant now)
    {
        var progress = counted.Progress.GetValueOrDefault(row.Id);
        var clock = new SessionClock(row.SessionState, row.StartedAt, row.Deadline, row.PausedAt, row.EndedAt);
        return new(
            SessionId: row.Id,
            Seat: row.Seat,
            State: row.SessionState,
            Absent: row.AbsentAt is not null,
            IdentityChecked: counted.Record.IsIdentified(row.Id),
            PlacePassed: counted.Record.PlacePassed(row.Seat),
            StartedAt: row.StartedAt,
            Deadline: row.Deadline,
            SecondsLeft: clock.SecondsLeft(now),
            EndedAt: row.EndedAt,
            Answered: progress?.Answered ?? 0,
            Rejected: progress?.Rejected ?? 0,
            Incidents: progress?.Incidents ?? 0,
            LastSavedAt: progress?.LastSavedAt,
            LastSeenAt: SessionSupervision.Latest(row.StartedAt, progress?.LastSavedAt, progress?.ReportedAt, directory.SeenAt(row.Id)),
            OnPaper: row is { PaperAt: not null, SessionState: SessionState.Paused }
        );
    }

    private static SiteDayHead HeadOf(SiteDay day) =>
        new(
            CampaignId: day.Campaign.Id,
            Campaign: day.Campaign.Title,
            TimeLimitMinutes: day.Campaign.TimeLimitMinutes,
            SiteId: day.Site.Id,
            Site: day.Site.Name,
            Address: day.Site.Address,
            TimeZone: day.Site.TimeZone,
            Seats: day.Site.Seats,
            Date: day.Date.ToDateOnly(),
            SittingId: day.Sitting?.Id,
            Shift: day.Sitting?.Shift,
            Reserve: day.Sitting?.Reserve is true,
            StartsAt: day.Begin,
            EndsAt: day.End
        );

    public void Dispose() => known.Dispose();
}
