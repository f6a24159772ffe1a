using NodaTime;

namespace Diagnostics.Engine.Appeals;

/// <summary>
/// Working days and days off, as data (docs/promises.md, appeals). The calendar covers whole years and says nothing
/// about other years.
/// </summary>
/// <param name="Title">For people, e.g. «Россия, пятидневная неделя».</param>
/// <param name="DaysAWeek">With 5, Saturdays and Sundays are days off; with 6, only Sundays are.</param>
/// <param name="Years">Days that differ from the usual week, by year.</param>
/// <param name="Extends">A calendar whose days also apply here, e.g. the federal one. This calendar adds days of its
/// own, which may overrule the inherited ones.</param>
public sealed record CalendarDocument(string Title, int DaysAWeek, IReadOnlyList<CalendarYear> Years, CalendarReference? Extends = null)
{
    /// <summary>Faults of the document; empty when there are none.</summary>
    internal IEnumerable<string> Faults()
    {
        if (DocumentText.Fault("title", Title, 200) is { } title)
            yield return title;
        if (DaysAWeek is not (5 or 6))
            yield return "daysAWeek — 5 или 6.";
        if (Years.Count is 0 or > 50)
            yield return "years — от 1 до 50 лет.";
        if (Years.Select(year => year.Year).Distinct().Count() != Years.Count)
            yield return "Годы повторяются.";
        if (Extends is { } extended && (!Codes.IsCode(extended.Code) || extended.Version < 1))
            yield return "extends — code и version другого календаря.";
        foreach (var fault in Years.SelectMany(year => year.Faults()))
            yield return fault;
    }
}

/// <param name="Version">From 1.</param>
public sealed record CalendarReference(string Code, int Version);

/// <param name="Source">The legal acts that fix the days.</param>
/// <param name="DaysOff">Holidays, and days off moved onto working days.</param>
/// <param name="WorkingDays">Saturdays and Sundays that the legal acts turn into working days.</param>
/// <param name="Note">A note on the year, for people.</param>
public sealed record CalendarYear(
    int Year,
    string Source,
    IReadOnlyList<CalendarDay> DaysOff,
    IReadOnlyList<CalendarDay> WorkingDays,
    string? Note = null
)
{
    internal IEnumerable<string> Faults()
    {
        if (Year is < 2000 or > 2100)
            yield return $"Год {Year} — не от 2000 до 2100.";
        if (DocumentText.Fault("source", Source) is { } source)
            yield return source;
        if (Note is { } note && DocumentText.Fault("note", note) is { } noteFault)
            yield return noteFault;
        var days = DaysOff.Concat(WorkingDays).ToList();
        foreach (var stray in days.Where(day => day.Date.Year != Year))
            yield return $"{stray.Date:yyyy-MM-dd} стоит в {Year} году.";
        foreach (var twice in days.CountBy(day => day.Date).Where(count => count.Value > 1))
            yield return $"{twice.Key:yyyy-MM-dd} названо дважды.";
        foreach (var day in days)
            if (DocumentText.Fault("title", day.Title, 200) is { } title)
                yield return $"{day.Date:yyyy-MM-dd}: {title}";
    }
}

/// <param name="FiveDayWeekOnly">Whether the day is listed only because a Saturday's day off was moved. A six-day week
/// ignores such a day, because its Saturdays are not days off.</param>
public sealed record CalendarDay(DateOnly Date, string Title, bool FiveDayWeekOnly = false);

/// <summary>A calendar combined with those that it extends.</summary>
public sealed class ProductionCalendar
{
    private readonly string title;
    private readonly int daysAWeek;
    private readonly HashSet<int> years;
    private readonly Dictionary<LocalDate, bool> worked = [];

    private ProductionCalendar(IReadOnlyList<CalendarDocument> chain)
    {
        (title, daysAWeek) = (chain[0].Title, chain[0].DaysAWeek);
        // A year is known only when every calendar of the chain covers it, because the regional days of a missing year
        // are unknown, not absent.
        years = chain
            .Select(document => document.Years.Select(year => year.Year).ToHashSet())
            .Aggregate((known, next) => [.. known.Intersect(next)]);
        foreach (var year in chain.Reverse().SelectMany(document => document.Years))
        {
            foreach (var day in Kept(year.DaysOff))
                worked[LocalDate.FromDateOnly(day.Date)] = false;
            foreach (var day in Kept(year.WorkingDays))
                worked[LocalDate.FromDateOnly(day.Date)] = true;
        }
    }

    /// <summary>The years that the calendar covers.</summary>
    public IReadOnlyCollection<int> Years => years;

    /// <param name="chain">The calendar itself, then the calendar that it extends, and so on to the last; never empty.
    /// The week of the first calendar applies.</param>
    public static ProductionCalendar Of(IReadOnlyList<CalendarDocument> chain) => new(chain);

    /// <summary>
    /// Whether a date is a working day. The calendar never guesses, so it refuses a date in a year that it does not
    /// cover.
    /// </summary>
    public Result<bool> IsWorking(LocalDate date)
    {
        if (!years.Contains(date.Year))
            return Refusal
                .Conflict(
                    "calendar-year-missing",
                    $"В производственном календаре «{title}» нет {date.Year} года: срок посчитать нельзя. Оператор должен "
                        + "добавить версию календаря с этим годом."
                )
                .With("year", date.Year);
        return worked.TryGetValue(date, out var known)
            ? known
            : date.DayOfWeek is not IsoDayOfWeek.Sunday && (daysAWeek == 6 || date.DayOfWeek is not IsoDayOfWeek.Saturday);
    }

    private IEnumerable<CalendarDay> Kept(IEnumerable<CalendarDay> days) => days.Where(day => daysAWeek == 5 || !day.FiveDayWeekOnly);
}
