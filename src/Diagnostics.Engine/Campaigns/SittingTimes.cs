using NodaTime;

namespace Diagnostics.Engine.Campaigns;

/// <summary>When so many places of a site are taken. «From» is inside, «to» is not.</summary>
public readonly record struct TakenPlaces(Instant From, Instant To, int Seats);

/// <summary>What holds of sittings wherever they are kept.</summary>
public static class SittingTimes
{
    /// <summary>The most places that are taken at one time.</summary>
    public static int Peak(IReadOnlyCollection<TakenPlaces> taken) => taken
        // It can only grow where one of them begins.
        .Select(start => taken.Where(each => each.From <= start.From && start.From < each.To).Sum(each => each.Seats))
        .DefaultIfEmpty(0).Max();

    /// <summary>So many days later by the clocks of the site: 9:00 stays 9:00 when the clocks change in between.</summary>
    public static Instant DaysLater(this Instant at, int days, DateTimeZone zone) =>
        at.InZone(zone).LocalDateTime.PlusDays(days).InZoneLeniently(zone).ToInstant();
}
