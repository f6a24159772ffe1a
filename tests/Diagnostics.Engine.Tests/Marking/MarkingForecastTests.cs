using Diagnostics.Engine.Marking;
using NodaTime;

namespace Diagnostics.Engine.Tests.Marking;

public sealed class MarkingForecastTests
{
    private static readonly LocalDate Monday = new(2026, 9, 14);

    [Fact]
    public void Three_complete_days_tell_the_day_of_the_last_reading() =>
        // 30, 0 and 15 readings are 15 a day, so 31 readings take three days; the 40 of the present day do not count.
        MarkingForecast.Of(Marks((0, 30), (2, 15), (3, 40)), Monday.PlusDays(3), left: 31).Should().Be(Monday.PlusDays(6));

    [Fact]
    public void Only_the_last_seven_days_count() =>
        // 700 readings on the first day are too long ago; 7 readings on the last seven days are 1 a day.
        MarkingForecast.Of(Marks((0, 700), (9, 7)), Monday.PlusDays(10), left: 5).Should().Be(Monday.PlusDays(15));

    [Fact]
    public void Too_few_days_no_readings_lately_and_nothing_left_tell_nothing()
    {
        MarkingForecast.Of(Marks((0, 30), (1, 30)), Monday.PlusDays(2), left: 10).Should().BeNull();
        MarkingForecast.Of(Marks((0, 30)), Monday.PlusDays(20), left: 10).Should().BeNull();
        MarkingForecast.Of(Marks((0, 30), (1, 30), (2, 30)), Monday.PlusDays(3), left: 0).Should().BeNull();
        MarkingForecast.Of(Marks(), Monday, left: 10).Should().BeNull();
    }

    private static Dictionary<LocalDate, int> Marks(params (int Day, int Count)[] days) =>
        days.ToDictionary(day => Monday.PlusDays(day.Day), day => day.Count);
}
