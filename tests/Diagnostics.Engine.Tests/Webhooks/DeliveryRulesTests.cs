using Diagnostics.Engine.Webhooks;
using NodaTime;

namespace Diagnostics.Engine.Tests.Webhooks;

public sealed class DeliveryRulesTests
{
    private static readonly Instant Began = Instant.FromUtc(2026, 9, 14, 6, 0);

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void A_message_is_tried_for_three_days_and_then_given_up(double draw)
    {
        var (now, attempts) = (Began, 1);
        while (DeliveryRules.NextAttempt(Began, now, draw) is { } next)
        {
            next.Should().BeGreaterThan(now);
            (next - now).Should().BeLessThanOrEqualTo(Duration.FromHours(7.2), "the pause grows to six hours, a fifth more at most");
            (now, attempts) = (next, attempts + 1);
        }

        (now - Began).Should().BeGreaterThanOrEqualTo(Duration.FromDays(3)).And.BeLessThan(Duration.FromHours(80));
        attempts.Should().BeInRange(20, 45);
    }

    [Fact]
    public void The_first_pause_is_seconds_and_differs_from_message_to_message()
    {
        var (soonest, latest) = (DeliveryRules.NextAttempt(Began, Began, 0), DeliveryRules.NextAttempt(Began, Began, 1));

        (soonest, latest).Should().Be((Began + Duration.FromSeconds(4), Began + Duration.FromSeconds(6)));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(4, null)]
    [InlineData(5, 5)]
    [InlineData(6, 10)]
    [InlineData(8, 40)]
    [InlineData(11, 300)]
    [InlineData(1_000_000, 300)]
    public void Failures_in_a_row_open_the_circuit_for_longer_and_longer(int failures, int? seconds) =>
        DeliveryRules.Opens(failures).Should().Be(seconds is { } open ? Duration.FromSeconds(open) : null);

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(0, 3, 3)]
    [InlineData(0, 32, 5)]
    [InlineData(3, 32, 2)]
    [InlineData(5, 1, 1)]
    [InlineData(7, 32, 1)]
    public void Messages_that_fail_together_open_the_circuit_once(int before, int together, int counted) =>
        DeliveryRules.Counted(before, together).Should().Be(counted);
}
