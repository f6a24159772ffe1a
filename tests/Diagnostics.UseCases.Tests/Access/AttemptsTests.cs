using Diagnostics.TestKit;
using Diagnostics.UseCases.Access;
using NodaTime;
using NodaTime.Testing;

namespace Diagnostics.UseCases.Tests.Access;

public sealed class AttemptsTests : IDisposable
{
    private readonly FakeClock clock = new(Instant.FromUtc(2026, 9, 14, 6, 0));
    private readonly Attempts attempts;

    public AttemptsTests() => attempts = new(clock);

    public void Dispose() => attempts.Dispose();

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:12:34:56:78:9a:bc", "2001:db8:12:34::/64", "2001:db8:12::/48")]
    [InlineData("2001:DB8:12:34::1", "2001:db8:12:34::/64", "2001:db8:12::/48")]
    [InlineData("", "", "")]
    public void Of_IPv6_the_network_counts_and_not_the_address(string address, string network, string site)
    {
        var from = new Attempt(address);

        from.Network.Should().Be(network);
        from.Site.Should().Be(site);
    }

    [Fact]
    public void Whoever_changes_the_address_inside_a_network_waits_for_what_has_failed_with_the_name_before()
    {
        for (var host = 1; host <= 8; host++)
            Fail("IVANOV", $"2001:db8:0:1::{host:x}");

        Hold("IVANOV", "2001:db8:0:1::ffff").Should().BeGreaterThan(TimeSpan.FromSeconds(2));
        Hold("IVANOV", "2001:db8:0:2::1").Should().Be(TimeSpan.Zero, "the owner comes from elsewhere");
    }

    [Fact]
    public void Whoever_changes_the_network_inside_a_site_waits_after_a_thousand_failures()
    {
        for (var network = 1; network <= 1001; network++)
            Fail($"NAME-{network}", $"2001:db8:7:{network:x}::1");

        Hold("PETROV", "2001:db8:7:ffff::1").Should().BePositive();
        Hold("PETROV", "2001:db8:8:1::1").Should().Be(TimeSpan.Zero, "it is another's");
    }

    [Fact]
    public void After_many_failures_of_others_behind_the_same_address_a_name_is_neither_late_nor_held_up()
    {
        for (var slip = 1; slip <= 36; slip++)
            Fail($"PUPIL-{slip % 12}", "203.0.113.7");

        using var turn = attempts.WithPassword("SIDOROVA", new Attempt("203.0.113.7"), known: false, null);
        (turn.RefusedFor, turn.Hold, turn.Late).Should().Be((null, TimeSpan.Zero, false));
        using var failing = attempts.WithPassword("PUPIL-1", new Attempt("203.0.113.7"), known: false, null);
        failing.Late.Should().BeTrue("it has failed three times");
    }

    [Fact]
    public void A_name_that_fails_from_everywhere_waits_seconds_and_a_device_of_its_owner_does_not()
    {
        for (var number = 1; number <= 200; number++)
            Fail("DIRECTOR", $"203.0.{number}.7");

        Hold("DIRECTOR", "198.51.100.1").Should().Be(TimeSpan.FromSeconds(10));
        using var turn = attempts.WithPassword("DIRECTOR", new Attempt("198.51.100.1", KnownSignIn: Guid.NewGuid()), known: true, null);
        (turn.RefusedFor, turn.Hold).Should().Be((null, TimeSpan.Zero));
    }

    [Fact]
    public void After_an_unlock_the_first_attempt_is_neither_late_nor_held_up()
    {
        for (var slip = 1; slip <= 6; slip++)
            Fail("SIDOROVA", "203.0.113.7");
        clock.Advance(Duration.FromSeconds(1));
        var unlocked = clock.GetCurrentInstant();

        using var turn = attempts.WithPassword("SIDOROVA", new Attempt("203.0.113.7"), known: false, unlocked);

        (turn.RefusedFor, turn.Hold, turn.Late).Should().Be((null, TimeSpan.Zero, false));
    }

    private void Fail(string name, string address) => attempts.WithPassword(name, new Attempt(address), known: false, null).Dispose();

    private TimeSpan Hold(string name, string address)
    {
        using var turn = attempts.WithPassword(name, new Attempt(address), known: false, null);
        turn.RefusedFor.Should().BeNull();
        return turn.Hold;
    }
}
