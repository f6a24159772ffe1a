using Diagnostics.Engine.Campaigns;

namespace Diagnostics.Engine.Tests.Campaigns;

public sealed class AccommodationsTests
{
    [Theory]
    [InlineData(25, ExtraTimeUnit.Percent, 120, 30)]
    [InlineData(50, ExtraTimeUnit.Percent, 235, 118)]
    [InlineData(1, ExtraTimeUnit.Percent, 45, 1)]
    [InlineData(90, ExtraTimeUnit.Minutes, 235, 90)]
    public void Extra_time_is_counted_in_whole_minutes_in_the_persons_favour(int amount, ExtraTimeUnit unit, int limit, int minutes) =>
        new Accommodations(new(amount, unit)).ExtraMinutes(limit).Should().Be(minutes);

    [Theory]
    [InlineData(0, ExtraTimeUnit.Minutes, "extra-time-invalid")]
    [InlineData(-30, ExtraTimeUnit.Minutes, "extra-time-invalid")]
    [InlineData(101, ExtraTimeUnit.Percent, "extra-time-invalid")]
    [InlineData(601, ExtraTimeUnit.Minutes, "extra-time-invalid")]
    [InlineData(61, ExtraTimeUnit.Minutes, "extra-time-exceeded")]
    [InlineData(51, ExtraTimeUnit.Percent, "extra-time-exceeded")]
    [InlineData(60, ExtraTimeUnit.Minutes, null)]
    [InlineData(50, ExtraTimeUnit.Percent, null)]
    public void Extra_time_keeps_to_what_the_policy_gives_in_all(int amount, ExtraTimeUnit unit, string? refused) =>
        (new Accommodations(new(amount, unit)).Check(120, 60)?.Code).Should().Be(refused);

    [Fact]
    public void Without_extra_time_no_policy_is_in_the_way()
    {
        new Accommodations(Breaks: true, Assistant: true, Paper: true).Check(120, 0).Should().BeNull();
        new Accommodations(Breaks: true).AreNone().Should().BeFalse();
        new Accommodations().AreNone().Should().BeTrue();
    }
}
