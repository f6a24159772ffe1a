using Diagnostics.Engine;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.Server.Pages.Site;

/// <summary>Days and times as people type them, by the clocks of a place.</summary>
internal static class TypedTime
{
    private static readonly LocalDatePattern DayPattern = LocalDatePattern.CreateWithInvariantCulture("d.M.uuuu");

    private static readonly LocalTimePattern TimePattern = LocalTimePattern.CreateWithInvariantCulture("H:mm");

    private static readonly LocalDateTimePattern MomentPattern = LocalDateTimePattern.CreateWithInvariantCulture("d.M.uuuu H:mm");

    /// <summary>A day and a time in two fields, called <c>day</c> and <c>time</c>.</summary>
    internal static Result<Instant> Of(string day, string time, string zone)
    {
        if (!DayPattern.Parse(day.Trim()).TryGetValue(default, out var date))
            return Refusal.Invalid("day-invalid", "Напишите день как 18.09.2026.").With("field", "day");
        return TimePattern.Parse(time.Trim()).TryGetValue(default, out var clock)
            ? In(date + clock, zone)
            : Refusal.Invalid("time-invalid", "Напишите время как 14:30.").With("field", "time");
    }

    /// <summary>The beginning of a typed day or minute.</summary>
    /// <returns>Null when the text is neither.</returns>
    internal static Instant? From(string typed, string zone) =>
        DayPattern.Parse(typed).TryGetValue(default, out var day) ? In(day.AtMidnight(), zone)
        : MomentPattern.Parse(typed).TryGetValue(default, out var moment) ? In(moment, zone)
        : null;

    /// <summary>The end of a typed day or minute: the first instant after it.</summary>
    /// <inheritdoc cref="From"/>
    internal static Instant? To(string typed, string zone) =>
        DayPattern.Parse(typed).TryGetValue(default, out var day) ? In(day.PlusDays(1).AtMidnight(), zone)
        : MomentPattern.Parse(typed).TryGetValue(default, out var moment) ? In(moment.PlusMinutes(1), zone)
        : null;

    private static Instant In(LocalDateTime local, string zone) => local.InZoneLeniently(DateTimeZoneProviders.Tzdb[zone]).ToInstant();
}
