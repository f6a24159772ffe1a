using Diagnostics.Engine.Appeals;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using static Diagnostics.Engine.Tests.Appeals.Calendars;

namespace Diagnostics.Engine.Tests.Appeals;

/// <summary>
/// Every expected instant was counted by hand on a wall calendar: from the day after the event (ГК РФ, ст. 191),
/// working days only (ст. 193), to the midnight that ends the last day (ст. 194). Moscow is UTC+3, Kamchatka UTC+12.
/// </summary>
public class DeadlineTests
{
    [Theory]
    // Friday 18 September 2026, 20:00 in Petropavlovsk, is 11:00 in Moscow. The four working days are Mon 21 to Thu 24.
    [InlineData("2026-09-18 20:00", "Asia/Kamchatka", 4, "Asia/Kamchatka", "2026-09-24T12:00:00Z")]
    [InlineData("2026-09-18 20:00", "Asia/Kamchatka", 4, "Europe/Moscow", "2026-09-24T21:00:00Z")]
    // Saturday 05:00 in Petropavlovsk is still Friday in Moscow; after the weekend both zones count the same days, Mon
    // 21 – Thu 24.
    [InlineData("2026-09-19 05:00", "Asia/Kamchatka", 4, "Asia/Kamchatka", "2026-09-24T12:00:00Z")]
    [InlineData("2026-09-19 05:00", "Asia/Kamchatka", 4, "Europe/Moscow", "2026-09-24T21:00:00Z")]
    // Monday 21 September, 08:00 in Petropavlovsk, is Sunday 23:00 in Moscow. The four working days are Tue 22 – Fri 25
    // in Petropavlovsk and Mon 21 – Thu 24 in Moscow.
    [InlineData("2026-09-21 08:00", "Asia/Kamchatka", 4, "Asia/Kamchatka", "2026-09-25T12:00:00Z")]
    [InlineData("2026-09-21 08:00", "Asia/Kamchatka", 4, "Europe/Moscow", "2026-09-24T21:00:00Z")]
    // The day of the event does not count, whether the event falls in its first minute or in its last (ГК РФ, ст. 191).
    // In both cases the period consists of Tue 15 and Wed 16 September.
    [InlineData("2026-09-14 00:00", "Europe/Moscow", 2, "Europe/Moscow", "2026-09-16T21:00:00Z")]
    [InlineData("2026-09-14 23:59", "Europe/Moscow", 2, "Europe/Moscow", "2026-09-16T21:00:00Z")]
    // After publication on Sunday 1 March the working days are Mon 2 and Tue 3.
    [InlineData("2026-03-01 12:00", "Europe/Moscow", 2, "Europe/Moscow", "2026-03-03T21:00:00Z")]
    // The long May holidays of 2026. After Wed 29 April the working days are Thu 30 and Mon 4 (off: Fri 1 – Sun 3).
    [InlineData("2026-04-29 12:00", "Europe/Moscow", 2, "Europe/Moscow", "2026-05-04T21:00:00Z")]
    // After Thu 7 May the working days are Fri 8 and Tue 12 (off: Sat 9 – Mon 11; the Monday is off in place of Sat 9).
    [InlineData("2026-05-07 12:00", "Europe/Moscow", 2, "Europe/Moscow", "2026-05-12T21:00:00Z")]
    // One period contains both May holidays. After Thu 30 April the working days are Mon 4 to Fri 8 and Tue 12.
    [InlineData("2026-04-30 12:00", "Europe/Moscow", 6, "Europe/Moscow", "2026-05-12T21:00:00Z")]
    // The long May holidays of 2027, with days off moved from Sat 1 to Mon 3 and from Sun 9 to Mon 10. After Fri 30
    // April the working days are Tue 4 to Fri 7 and Tue 11.
    [InlineData("2027-04-30 12:00", "Europe/Moscow", 5, "Europe/Moscow", "2027-05-11T21:00:00Z")]
    // The end of 2026. After Tue 29 December the working days are Wed 30 and Mon 11 to Wed 13 (off: Thu 31, moved from
    // 4 January; 1–8 January; Sat 9; Sun 10).
    [InlineData("2026-12-29 12:00", "Europe/Moscow", 4, "Europe/Moscow", "2027-01-13T21:00:00Z")]
    // The beginning of 2026. After Thu 1 January the working days are Mon 12 and Tue 13 (off until Sun 11).
    [InlineData("2026-01-01 12:00", "Europe/Moscow", 2, "Europe/Moscow", "2026-01-13T21:00:00Z")]
    public void A_period_of_working_days_ends_at_midnight_after_its_last_one(
        string local,
        string where,
        int days,
        string zone,
        string deadline
    ) => Deadlines.After(At(local, where), days, Federal, Zone(zone)).Value.Should().Be(Utc(deadline));

    [Theory]
    // The last day is Thu 24 September 2026. On Mon 21 three working days are left: Tue, Wed and Thu.
    [InlineData("2026-09-21 09:00", 3)]
    // A weekend leaves as much as the Friday before it, without the Friday itself.
    [InlineData("2026-09-18 09:00", 4)]
    [InlineData("2026-09-20 09:00", 4)]
    [InlineData("2026-09-24 00:00", 0)]
    [InlineData("2026-09-24 23:59", 0)]
    // Overdue: on Fri 25 by one working day, on Sun 27 still by one, on Mon 28 by two.
    [InlineData("2026-09-25 00:00", 1)]
    [InlineData("2026-09-27 12:00", 1)]
    [InlineData("2026-09-28 12:00", 2)]
    public void Working_days_to_the_last_day_are_counted_without_today(string now, int days) =>
        Deadlines.WorkingDaysAway(At(now), Utc("2026-09-24T21:00:00Z"), Federal, Zone("Europe/Moscow")).Value.Should().Be(days);

    [Theory]
    // After Thu 30 October 2025 the working days are Fri 31 and Sat 1 November.
    [InlineData(2, "2025-11-01T21:00:00Z")]
    // The third working day is Wed 5 (off: Sun 2, Mon 3 in place of Sat 1, Tue 4 as a holiday).
    [InlineData(3, "2025-11-05T21:00:00Z")]
    public void A_moved_working_Saturday_counts_and_its_Monday_does_not(int days, string deadline) =>
        Deadlines.After(At("2025-10-30 12:00"), days, Autumn2025, Zone("Europe/Moscow")).Value.Should().Be(Utc(deadline));

    [Theory]
    // After Mon 25 May 2026 the working days are Tue 26 and Wed 27; where Wed 27 is off for Курбан-байрам, they are Tue
    // 26 and Thu 28.
    [InlineData("2026-05-25 12:00", "2026-05-27T21:00:00Z", "2026-05-28T21:00:00Z")]
    // After Wed 18 March 2026 the working days are Thu 19 and Fri 20; where Fri 20 is off for Ураза-байрам, they are
    // Thu 19 and Mon 23.
    [InlineData("2026-03-18 12:00", "2026-03-20T21:00:00Z", "2026-03-23T21:00:00Z")]
    public void A_regional_holiday_inside_the_window_moves_its_end(string published, string federal, string regional)
    {
        Deadlines.After(At(published), 2, Federal, Zone("Europe/Moscow")).Value.Should().Be(Utc(federal));
        Deadlines.After(At(published), 2, Regional, Zone("Europe/Moscow")).Value.Should().Be(Utc(regional));
    }

    [Theory]
    // After Thu 17 September 2026 the working days of a six-day week are Fri 18 and Sat 19.
    [InlineData("2026-09-17 12:00", 2, "2026-09-19T21:00:00Z")]
    // After Thu 7 May 2026 the working days of a six-day week are Fri 8 and Mon 11 (off: Sat 9 as a holiday, Sun 10).
    [InlineData("2026-05-07 12:00", 2, "2026-05-11T21:00:00Z")]
    public void A_six_day_week_counts_its_Saturdays(string local, int days, string deadline) =>
        Deadlines.After(At(local), days, SixDays, Zone("Europe/Moscow")).Value.Should().Be(Utc(deadline));

    [Fact]
    public void A_period_that_runs_into_a_year_the_calendar_lacks_is_refused_with_that_year()
    {
        // After Thu 30 December 2027 comes Fri 31; the next day is in 2028, for which there is no calendar.
        Deadlines.After(At("2027-12-30 12:00"), 1, Federal, Zone("Europe/Moscow")).Value.Should().Be(Utc("2027-12-31T21:00:00Z"));
        Deadlines.After(At("2027-12-30 12:00"), 2, Federal, Zone("Europe/Moscow")).Refusal!.Facts["year"].Should().Be(2028);
        Deadlines.After(At("2026-12-29 12:00"), 2, Regional, Zone("Europe/Moscow")).Refusal!.Facts["year"].Should().Be(2027);
    }

    [Fact]
    public void The_last_minute_of_the_last_day_is_in_time_and_midnight_is_not()
    {
        var deadline = Deadlines.After(At("2026-09-14 12:00", "Asia/Kamchatka"), 2, Federal, Zone("Asia/Kamchatka")).Value;

        Deadlines.InTime(At("2026-09-16 23:59", "Asia/Kamchatka"), deadline).Should().BeTrue();
        Deadlines
            .InTime(At("2026-09-17 00:00", "Asia/Kamchatka") - Duration.Epsilon, deadline)
            .Should()
            .BeTrue("ГК РФ, ст. 194: до двадцати четырёх часов");
        Deadlines.InTime(At("2026-09-17 00:00", "Asia/Kamchatka"), deadline).Should().BeFalse();
    }

    [Theory]
    // The session ended at 21:30 in Petropavlovsk, so the deadline is the following midnight there, 15:00 in Moscow.
    [InlineData("2026-09-14 21:30", "Asia/Kamchatka", "2026-09-14T12:00:00Z")]
    // The event was on a Saturday: an action due on the day of an event is due that day, even if it is a day off.
    [InlineData("2026-09-19 10:00", "Europe/Moscow", "2026-09-19T21:00:00Z")]
    [InlineData("2026-09-14 00:00", "Europe/Kaliningrad", "2026-09-14T22:00:00Z")]
    public void The_same_day_is_that_of_the_site(string ended, string zone, string deadline) =>
        Deadlines.SameDay(At(ended, zone), Zone(zone)).Should().Be(Utc(deadline));

    [Theory]
    // After Tue 15 September the working days are Wed 16, Thu 17, Fri 18 and Mon 21. The reminder one working day
    // before the last is due on Friday.
    [InlineData("2026-09-15 12:00", 4, 1, "2026-09-17T21:00:00Z")]
    [InlineData("2026-09-15 12:00", 4, 0, "2026-09-20T21:00:00Z")]
    [InlineData("2026-09-15 12:00", 4, 3, "2026-09-15T21:00:00Z")]
    // A reminder that would fall before the event is due at the event itself.
    [InlineData("2026-09-15 12:00", 2, 5, "2026-09-15T09:00:00Z")]
    public void A_reminder_comes_whole_working_days_before_the_last(string filed, int days, int before, string from)
    {
        var deadline = Deadlines.After(At(filed), days, Federal, Zone("Europe/Moscow")).Value;

        Deadlines.Reminder(At(filed), deadline, before, Federal, Zone("Europe/Moscow")).Value.Should().Be(Utc(from));
    }

    [Fact]
    public void A_deadline_is_on_time_then_reminded_of_then_overdue()
    {
        var (remind, due) = (At("2026-09-18 00:00"), At("2026-09-22 00:00"));

        Deadlines.StateAt(remind - Duration.Epsilon, remind, due).Should().Be(DueState.OnTime);
        Deadlines.StateAt(remind, remind, due).Should().Be(DueState.Reminder);
        Deadlines.StateAt(due - Duration.Epsilon, remind, due).Should().Be(DueState.Reminder);
        Deadlines.StateAt(due, remind, due).Should().Be(DueState.Overdue);
    }

    [Fact]
    public void Every_deadline_is_the_midnight_after_a_working_day_with_exactly_so_many_behind_it()
    {
        var cases =
            from hours in Gen.Choose(0, 8759)
            from days in Gen.Choose(1, 30)
            from zone in Gen.Elements("Europe/Kaliningrad", "Europe/Moscow", "Asia/Yekaterinburg", "Asia/Vladivostok", "Asia/Kamchatka")
            select (Event: Utc("2026-01-01T12:00:00Z") + Duration.FromHours(hours), Days: days, Zone: Zone(zone));

        Prop.ForAll(
                cases.ToArbitrary(),
                each =>
                {
                    var end = Deadlines.After(each.Event, each.Days, Federal, each.Zone).Value.InZone(each.Zone);
                    var first = each.Event.InZone(each.Zone).Date;
                    var counted = Enumerable
                        .Range(1, Period.DaysBetween(first, end.Date) - 1)
                        .Select(first.PlusDays)
                        .Count(day => Federal.IsWorking(day).Value);
                    return end.TimeOfDay == LocalTime.Midnight && counted == each.Days && Federal.IsWorking(end.Date.PlusDays(-1)).Value;
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_later_event_never_has_an_earlier_deadline()
    {
        var cases =
            from hours in Gen.Choose(0, 8000)
            from later in Gen.Choose(0, 500)
            from days in Gen.Choose(1, 10)
            select (Event: Utc("2026-01-01T12:00:00Z") + Duration.FromHours(hours), Later: Duration.FromHours(later), Days: days);

        Prop.ForAll(
                cases.ToArbitrary(),
                each =>
                    Deadlines.After(each.Event, each.Days, Federal, Zone("Asia/Omsk")).Value
                    <= Deadlines.After(each.Event + each.Later, each.Days, Federal, Zone("Asia/Omsk")).Value
            )
            .QuickCheckThrowOnFailure();
    }
}
