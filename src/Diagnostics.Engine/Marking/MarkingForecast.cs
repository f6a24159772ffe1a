using NodaTime;

namespace Diagnostics.Engine.Marking;

/// <summary>When marking will end at the pace of the last days.</summary>
public static class MarkingForecast
{
    /// <summary>Fewer complete days say nothing about the pace.</summary>
    public const int LeastDays = 3;

    private const int MostDays = 7;

    /// <summary>
    /// The day on which the last reading will be given. The pace is the mean of the last complete days, at most seven,
    /// from the first day with marks on; days without marks count, and the present day does not.
    /// </summary>
    /// <param name="marks">The number of readings given on each day; days without any may be missing.</param>
    /// <param name="left">The number of readings still due.</param>
    /// <returns>Null when there are too few days, when nobody has marked on them, or when nothing is left.</returns>
    public static LocalDate? Of(IReadOnlyDictionary<LocalDate, int> marks, LocalDate today, int left)
    {
        if (left <= 0 || marks.Count == 0)
            return null;
        var days = Math.Min(MostDays, Period.DaysBetween(marks.Keys.Min(), today));
        var given = Enumerable.Range(1, Math.Max(0, days)).Sum(back => marks.GetValueOrDefault(today.PlusDays(-back)));
        return days < LeastDays || given == 0 ? null : today.PlusDays((int)Math.Min(3650, ((long)left * days + given - 1) / given));
    }
}
