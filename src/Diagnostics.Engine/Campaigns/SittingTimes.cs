using NodaTime;

namespace Diagnostics.Engine.Campaigns;

/// <summary>
/// The number of a site's seats that are taken in an interval. <c>From</c> is included, <c>To</c> is not.
/// </summary>
public readonly record struct TakenPlaces(Instant From, Instant To, int Seats);

/// <summary>Rules for sittings; they do not depend on how the sittings are stored.</summary>
public static class SittingTimes
{
    /// <summary>The largest number of seats taken at any one time.</summary>
    public static int Peak(IReadOnlyCollection<TakenPlaces> taken) =>
        taken
            // The sum of seats can grow only where an interval begins.
            .Select(start => taken.Where(each => each.From <= start.From && start.From < each.To).Sum(each => each.Seats))
            .DefaultIfEmpty(0)
            .Max();

    /// <summary>The same local time some days later: 9:00 stays 9:00 even when the clocks change in between.</summary>
    public static Instant DaysLater(this Instant at, int days, DateTimeZone zone) =>
        at.InZone(zone).LocalDateTime.PlusDays(days).InZoneLeniently(zone).ToInstant();
}
