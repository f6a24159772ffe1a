using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Hooks;
using NodaTime;
using static Diagnostics.Engine.Tests.Appeals.Calendars;

namespace Diagnostics.Engine.Tests.Appeals;

public class ProductionCalendarTests
{
    /// <summary>
    /// Working days in each month of 2026 with a five-day week, from the published production calendar (247 in the
    /// year).
    /// </summary>
    [Fact]
    public void The_shipped_2026_has_the_working_days_of_the_published_production_calendar()
    {
        var months = Enumerable
            .Range(1, 12)
            .Select(month => Enumerable.Range(1, DateTime.DaysInMonth(2026, month)).Count(day => Federal.Works(2026, month, day)));

        months.Should().Equal(15, 19, 21, 22, 19, 21, 23, 21, 22, 22, 20, 22);
    }

    /// <summary>
    /// Part 1 of article 112 lists fourteen dates; when one of those outside January falls on a day off, part 2 moves
    /// that day off to the next working day.
    /// </summary>
    [Fact]
    public void The_shipped_2027_follows_article_112_where_no_decree_is_needed()
    {
        var holidays = Enumerable
            .Range(1, 8)
            .Select(day => new LocalDate(2027, 1, day))
            .Concat([new(2027, 2, 23), new(2027, 3, 8), new(2027, 5, 1), new(2027, 5, 9), new(2027, 6, 12), new(2027, 11, 4)])
            .ToList();
        var off = holidays.ToHashSet();
        foreach (var holiday in holidays.Where(day => day.Month != 1 && day.DayOfWeek >= IsoDayOfWeek.Saturday))
        {
            var next = holiday;
            while (off.Contains(next) || next.DayOfWeek >= IsoDayOfWeek.Saturday)
                next = next.PlusDays(1);
            off.Add(next);
        }

        FederalDocument
            .Years.Single(year => year.Year == 2027)
            .DaysOff.Select(day => LocalDate.FromDateOnly(day.Date))
            .Should()
            .BeEquivalentTo(off);
        FederalDocument.Years.Single(year => year.Year == 2027).Note.Should().Contain("постановление Правительства");
    }

    [Fact]
    public void A_year_that_is_not_stated_is_refused_by_name_and_never_guessed()
    {
        var refusal = Federal.IsWorking(new LocalDate(2028, 3, 15)).Refusal!;

        (refusal.Code, refusal.Facts["year"]).Should().Be(("calendar-year-missing", 2028));
        refusal.Detail.Should().Contain("2028").And.Contain(FederalDocument.Title);
        Federal.IsWorking(new LocalDate(2025, 12, 31)).Refusal!.Facts["year"].Should().Be(2025);
        Federal.Years.Should().BeEquivalentTo([2026, 2027]);
    }

    [Fact]
    public void Regional_days_are_added_to_federal_ones_and_cover_only_their_own_years()
    {
        (Federal.Works(2026, 3, 20), Federal.Works(2026, 5, 27)).Should().Be((true, true));
        (Regional.Works(2026, 3, 20), Regional.Works(2026, 5, 27), Regional.Works(2026, 5, 28)).Should().Be((false, false, true));
        Regional.Works(2026, 5, 11).Should().BeFalse("federal days hold too");
        Regional.IsWorking(new LocalDate(2027, 6, 1)).Refusal!.Facts["year"].Should().Be(2027);
    }

    [Fact]
    public void A_regional_calendar_may_overrule_a_federal_day()
    {
        var works = ProductionCalendar.Of([new CalendarDocument("регион", 5, [new(2026, "акт", [], [Day(2026, 5, 11)])]), FederalDocument]);

        works.Works(2026, 5, 11).Should().BeTrue();
    }

    [Fact]
    public void A_six_day_week_works_on_Saturdays_and_takes_no_part_in_their_transfers()
    {
        (SixDays.Works(2026, 9, 19), SixDays.Works(2026, 9, 20)).Should().Be((true, false));
        (SixDays.Works(2026, 5, 9), SixDays.Works(2026, 5, 11))
            .Should()
            .Be((false, true), "Saturday 9 May is a holiday, and no day off was moved");
        SixDays.Works(2026, 3, 9).Should().BeFalse("Sunday 8 March was moved for everybody");
    }

    [Fact]
    public void A_moved_working_Saturday_is_worked_and_its_Monday_is_not() =>
        (Autumn2025.Works(2025, 11, 1), Autumn2025.Works(2025, 11, 3), Autumn2025.Works(2025, 11, 8)).Should().Be((true, false, false));

    [Theory]
    [InlineData("""{"title":"К","daysAWeek":7,"years":[{"year":2026,"source":"с","daysOff":[],"workingDays":[]}]}""", "daysAWeek")]
    [InlineData("""{"title":"К","daysAWeek":5,"years":[]}""", "years")]
    [InlineData(
        """{"title":"К","daysAWeek":5,"years":[{"year":2026,"source":"с","daysOff":[{"date":"2027-01-01","title":"т"}],"workingDays":[]}]}""",
        "2027-01-01 стоит в 2026 году"
    )]
    [InlineData(
        """{"title":"К","daysAWeek":5,"years":[{"year":2026,"source":"с","daysOff":[{"date":"2026-01-01","title":"т"}],"workingDays":[{"date":"2026-01-01","title":"т"}]}]}""",
        "дважды"
    )]
    [InlineData("""{"title":"К","daysAWeek":5,"years":[{"year":2026,"source":" ","daysOff":[],"workingDays":[]}]}""", "source")]
    [InlineData(
        """{"title":"К","daysAWeek":5,"years":[{"year":2026,"source":"с","daysOff":[],"workingDays":[]}],"extends":{"code":"A B","version":1}}""",
        "extends"
    )]
    [InlineData(
        """{"title":"К","daysAWeek":5,"years":[{"year":2026,"source":"с","daysOff":[{"date":"2026-02-30","title":"т"}],"workingDays":[]}]}""",
        "daysOff"
    )]
    [InlineData("""{"title":"К","daysAWeek":5,"years":[{"year":1999,"source":"с","daysOff":[],"workingDays":[]}]}""", "1999")]
    public void A_calendar_that_cannot_be_right_is_refused_with_the_place(string content, string place)
    {
        var refusal = EngineHooks.Policies.Check(PolicyKind.Calendar, content).Refusal!;

        refusal.Code.Should().Be("policy-invalid");
        refusal.Detail.Should().Contain(place);
    }
}
