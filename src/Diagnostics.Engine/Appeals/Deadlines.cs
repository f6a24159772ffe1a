using NodaTime;

namespace Diagnostics.Engine.Appeals;

/// <summary>How close a deadline is.</summary>
public enum DueState
{
    OnTime,
    Reminder,
    Overdue,
}

/// <summary>
/// Legal periods in working days. The regulation leaves the procedure of appeals to the operator (clause 7.1.3) and
/// does not say how to count, so the general law is applied by analogy. The period runs from the day after the event
/// (ГК РФ, ст. 191; ТК РФ, ст. 14, ч. 1). Days off do not count in a period of working days, and a period never ends on
/// one (ГК РФ, ст. 193; ТК РФ, ст. 14, ч. 4). An action is in time until 24:00 of the last day (ГК РФ, ст. 194, п. 1).
/// </summary>
/// <remarks>
/// A deadline is an exclusive instant: the midnight that ends the last day in the time zone used. The filing period is
/// counted in the zone of the site, where the person is. So is the period of consideration, unless the policy names the
/// commission's zone.
/// </remarks>
public static class Deadlines
{
    /// <summary>Returns the midnight that ends a period of working days after an event.</summary>
    /// <param name="workingDays">At least 1.</param>
    /// <returns>The first instant that is too late, or a refusal that names the year missing from the
    /// calendar.</returns>
    public static Result<Instant> After(Instant happened, int workingDays, ProductionCalendar calendar, DateTimeZone zone)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(workingDays);
        var date = happened.InZone(zone).Date;
        for (var left = workingDays; left > 0; )
        {
            date = date.PlusDays(1);
            if (calendar.IsWorking(date).Refused(out var refusal, out var working))
                return refusal;
            if (working)
                left--;
        }
        return EndOf(date, zone);
    }

    /// <summary>
    /// The end of the day on which an event happened, whether or not it is a working day. Used for actions that are due
    /// on that same day.
    /// </summary>
    public static Instant SameDay(Instant happened, DateTimeZone zone) => EndOf(happened.InZone(zone).Date, zone);

    /// <summary>
    /// When reminders start: at the beginning of the day that lies the given number of working days before the last
    /// day, but never before the event.
    /// </summary>
    /// <param name="workingDays">With 0, reminders start on the last day itself.</param>
    /// <param name="deadline">The result of <see cref="After"/>.</param>
    public static Result<Instant> Reminder(
        Instant happened,
        Instant deadline,
        int workingDays,
        ProductionCalendar calendar,
        DateTimeZone zone
    )
    {
        var first = happened.InZone(zone).Date;
        var date = (deadline - Duration.Epsilon).InZone(zone).Date;
        for (var left = workingDays; left > 0 && date > first; )
        {
            date = date.PlusDays(-1);
            // The calendar need not cover the day of the event, because the deadline was counted from the next day.
            if (date == first)
                break;
            if (calendar.IsWorking(date).Refused(out var refusal, out var working))
                return refusal;
            if (working)
                left--;
        }
        return Instant.Max(happened, zone.AtStartOfDay(date).ToInstant());
    }

    /// <summary>
    /// Number of working days between today and the last day of a period, without counting today: 0 on the last day
    /// itself, 1 on the working day before. Once the last day is over, the working days since then, today included.
    /// </summary>
    /// <param name="deadline">The result of <see cref="After"/>.</param>
    public static Result<int> WorkingDaysAway(Instant now, Instant deadline, ProductionCalendar calendar, DateTimeZone zone)
    {
        var today = now.InZone(zone).Date;
        var last = (deadline - Duration.Epsilon).InZone(zone).Date;
        var (date, end) = today < last ? (today, last) : (last, today);
        var count = 0;
        while (date < end)
        {
            date = date.PlusDays(1);
            if (calendar.IsWorking(date).Refused(out var refusal, out var working))
                return refusal;
            if (working)
                count++;
        }
        return count;
    }

    /// <summary>Whether an action comes before the deadline; an action exactly at the deadline is too late.</summary>
    public static bool InTime(Instant now, Instant deadline) => now < deadline;

    public static DueState StateAt(Instant now, Instant remindAt, Instant deadline) =>
        !InTime(now, deadline) ? DueState.Overdue
        : now >= remindAt ? DueState.Reminder
        : DueState.OnTime;

    private static Instant EndOf(LocalDate date, DateTimeZone zone) => zone.AtStartOfDay(date.PlusDays(1)).ToInstant();
}
