using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Hooks;
using Diagnostics.TestKit;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.Engine.Tests.Appeals;

/// <summary>The shipped calendars, and small calendars that only one test needs.</summary>
internal static class Calendars
{
    internal static readonly CalendarDocument FederalDocument = Shipped("calendar.yaml");
    internal static readonly CalendarDocument RegionalDocument = Shipped("calendar-regional-example.yaml");
    internal static readonly ProductionCalendar Federal = ProductionCalendar.Of([FederalDocument]);
    internal static readonly ProductionCalendar Regional = ProductionCalendar.Of([RegionalDocument, FederalDocument]);
    internal static readonly ProductionCalendar SixDays = ProductionCalendar.Of([FederalDocument with { DaysAWeek = 6 }]);

    /// <summary>
    /// Autumn 2025 has a working Saturday: the Government's decree of 04.10.2024 № 1335 moved the day off from Saturday
    /// 1 November to Monday 3 November; the 4th is a holiday (ТК РФ, ст. 112).
    /// </summary>
    internal static readonly ProductionCalendar Autumn2025 = ProductionCalendar.Of([
        new CalendarDocument(
            "2025",
            5,
            [new(2025, "постановление от 04.10.2024 № 1335", [Day(2025, 11, 3), Day(2025, 11, 4)], [Day(2025, 11, 1)])]
        ),
    ]);

    internal static CalendarDay Day(int year, int month, int day, bool fiveDayWeekOnly = false) =>
        new(new DateOnly(year, month, day), "день", fiveDayWeekOnly);

    /// <summary>The instant of the given local time in the zone.</summary>
    internal static Instant At(string local, string zone = "Europe/Moscow") =>
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm").Parse(local).Value.InZoneStrictly(Zone(zone)).ToInstant();

    internal static Instant Utc(string text) => InstantPattern.ExtendedIso.Parse(text).Value;

    internal static DateTimeZone Zone(string name) => DateTimeZoneProviders.Tzdb[name];

    internal static bool Works(this ProductionCalendar calendar, int year, int month, int day) =>
        calendar.IsWorking(new LocalDate(year, month, day)).Value;

    private static CalendarDocument Shipped(string file)
    {
        var (policy, findings) = PolicyReader.Read(
            EngineHooks.Policies,
            file,
            File.ReadAllText(Path.Combine(Repository.Bank, "policies", file))
        );
        findings.Should().BeEmpty();
        return PolicyJson.Read<CalendarDocument>(policy!.Content);
    }
}
