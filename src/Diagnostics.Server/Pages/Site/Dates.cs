using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.Server.Pages.Site;

/// <summary>Dates and times as Russian text, in the local time of the place where the event happens.</summary>
internal static class Dates
{
    internal const string Moscow = "Europe/Moscow";

    private static readonly CultureInfo Culture = CultureInfo.GetCultureInfo("ru-RU");

    private static readonly LocalDatePattern DayPattern = LocalDatePattern.Create("d MMMM yyyy 'г.'", Culture);

    private static readonly LocalTimePattern TimePattern = LocalTimePattern.Create("H:mm", CultureInfo.InvariantCulture);

    /// <summary>The capital of each zone, in the dative: «по Якутску».</summary>
    private static readonly Dictionary<string, string> Capitals = new(StringComparer.Ordinal)
    {
        ["Europe/Kaliningrad"] = "Калининграду",
        [Moscow] = "Москве",
        ["Europe/Simferopol"] = "Симферополю",
        ["Europe/Kirov"] = "Кирову",
        ["Europe/Volgograd"] = "Волгограду",
        ["Europe/Astrakhan"] = "Астрахани",
        ["Europe/Saratov"] = "Саратову",
        ["Europe/Ulyanovsk"] = "Ульяновску",
        ["Europe/Samara"] = "Самаре",
        ["Asia/Yekaterinburg"] = "Екатеринбургу",
        ["Asia/Omsk"] = "Омску",
        ["Asia/Novosibirsk"] = "Новосибирску",
        ["Asia/Barnaul"] = "Барнаулу",
        ["Asia/Tomsk"] = "Томску",
        ["Asia/Novokuznetsk"] = "Новокузнецку",
        ["Asia/Krasnoyarsk"] = "Красноярску",
        ["Asia/Irkutsk"] = "Иркутску",
        ["Asia/Chita"] = "Чите",
        ["Asia/Yakutsk"] = "Якутску",
        ["Asia/Khandyga"] = "Хандыге",
        ["Asia/Vladivostok"] = "Владивостоку",
        ["Asia/Ust-Nera"] = "Усть-Нере",
        ["Asia/Magadan"] = "Магадану",
        ["Asia/Sakhalin"] = "Южно-Сахалинску",
        ["Asia/Srednekolymsk"] = "Среднеколымску",
        ["Asia/Kamchatka"] = "Петропавловску-Камчатскому",
        ["Asia/Anadyr"] = "Анадырю",
    };

    /// <summary>«14 сентября 2026 г., 9:00».</summary>
    internal static string Moment(Instant at, string zone) => $"{Day(at, zone)}, {Time(at, zone)}";

    /// <summary>«14 сентября 2026 г.»</summary>
    internal static string Day(Instant at, string zone) => Joined(DayPattern.Format(Local(at, zone).Date));

    /// <summary>The day by Moscow time, as an address names it: <c>2026-09-14</c>.</summary>
    internal static string IsoDay(Instant at) => LocalDatePattern.Iso.Format(Local(at, Moscow).Date);

    /// <summary>Ends a sentence with a full stop, unless «г.» has already ended it with one.</summary>
    internal static string Ended(string sentence) => sentence.EndsWith('.') ? sentence : sentence + ".";

    /// <summary>A calendar day, which has no time zone.</summary>
    internal static string Of(DateOnly day) => Joined(DayPattern.Format(LocalDate.FromDateOnly(day)));

    /// <summary>«9:00».</summary>
    internal static string Time(Instant at, string zone) => TimePattern.Format(Local(at, zone).TimeOfDay);

    /// <summary>
    /// The second half of a text such as «с 14 сентября 2026 г., 9:00 до …». The end of a window is the first instant
    /// outside it; an end at midnight is shown as the day before.
    /// </summary>
    internal static string Until(Instant to, string zone) =>
        Local(to, zone) is { TimeOfDay: var time } && time == LocalTime.Midnight
            ? $"до{Nbsp}конца дня {Day(to - Duration.FromSeconds(1), zone)}"
            : $"до{Nbsp}{Moment(to, zone)}";

    /// <summary>A text such as «по Якутску, МСК+6»; the zone's id is shown when its capital is unknown.</summary>
    internal static string ZoneName(string zone, Instant at)
    {
        var hours = (Zone(zone).GetUtcOffset(at) - Zone(Moscow).GetUtcOffset(at)).ToTimeSpan();
        var name = Capitals.TryGetValue(zone, out var capital) ? $"по{Nbsp}{capital}" : zone;
        if (hours == TimeSpan.Zero)
            return zone == Moscow ? "по московскому времени" : $"{name}, МСК";
        var sign = hours < TimeSpan.Zero ? '−' : '+';
        var shift = hours.Duration();
        return $"{name}, МСК{sign}{shift.Hours}{(shift.Minutes == 0 ? "" : $":{shift.Minutes:00}")}";
    }

    /// <summary>«90 минут», «2 часа», «3 часа 55 минут».</summary>
    internal static string Length(int minutes) =>
        (minutes / 60, minutes % 60) switch
        {
            (< 2, _) => Counted(minutes, "минута", "минуты", "минут"),
            (var hours, 0) => Counted(hours, "час", "часа", "часов"),
            var (hours, rest) => $"{Counted(hours, "час", "часа", "часов")} {Counted(rest, "минута", "минуты", "минут")}",
        };

    private const char Nbsp = '\u00A0';

    private static string Counted(int number, string one, string few, string many) =>
        Joined(UseCases.Execution.Russian.Count(number, one, few, many));

    private static string Joined(string text) => text.Replace(' ', Nbsp);

    internal static LocalDateTime Local(Instant at, string zone) => at.InZone(Zone(zone)).LocalDateTime;

    private static DateTimeZone Zone(string id) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(id) ?? DateTimeZoneProviders.Tzdb[Moscow];
}
