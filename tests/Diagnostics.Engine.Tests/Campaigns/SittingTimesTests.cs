using Diagnostics.Engine.Campaigns;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.Engine.Tests.Campaigns;

public class SittingTimesTests
{
    private static readonly DateTimeZone Berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];
    private static readonly DateTimeZone Moscow = DateTimeZoneProviders.Tzdb["Europe/Moscow"];
    private static readonly DateTimeZone Kamchatka = DateTimeZoneProviders.Tzdb["Asia/Kamchatka"];

    /// <summary>
    /// Summer time ends in Berlin on 25 October 2026 at 3:00, so 9:00 is 7:00 UTC before the change and 8:00 UTC after
    /// it.
    /// </summary>
    [Fact]
    public void Nine_in_the_morning_stays_nine_when_the_clocks_change_in_between()
    {
        At("2026-10-20T07:00:00Z").DaysLater(7, Berlin).Should().Be(At("2026-10-27T08:00:00Z"));
        At("2026-10-20T06:00:00Z").DaysLater(7, Moscow).Should().Be(At("2026-10-27T06:00:00Z"), "nobody changes clocks in Moscow");
        At("2026-03-20T08:00:00Z").DaysLater(14, Berlin).Should().Be(At("2026-04-03T07:00:00Z"));
    }

    /// <summary>2:30 on 29 March 2026 does not exist in Berlin: the clocks go from 2:00 to 3:00.</summary>
    [Fact]
    public void An_hour_that_a_day_has_not_is_the_one_after_it() =>
        At("2026-03-28T01:30:00Z").DaysLater(1, Berlin).Should().Be(At("2026-03-29T01:30:00Z"));

    [Fact]
    public void As_many_places_are_needed_as_are_taken_at_once()
    {
        var morning = Taken("2026-10-20T06:00:00Z", "2026-10-20T09:00:00Z", 15);
        var noon = Taken("2026-10-20T08:00:00Z", "2026-10-20T11:00:00Z", 10);
        var evening = Taken("2026-10-20T09:00:00Z", "2026-10-20T12:00:00Z", 8);

        SittingTimes.Peak([]).Should().Be(0);
        SittingTimes.Peak([morning, evening]).Should().Be(15, "the places of the morning are free when the evening begins");
        SittingTimes.Peak([morning, noon, evening]).Should().Be(25);
        SittingTimes.Peak([noon, evening, morning, evening]).Should().Be(26, "10 of noon and twice 8");
    }

    /// <summary>
    /// In Berlin the same local times are an hour later in UTC from 25 October; in Kamchatka nothing changes.
    /// </summary>
    [Fact]
    public void A_window_of_several_zones_reaches_from_the_first_site_to_the_last()
    {
        var windows = new CampaignWindows(
            At("2026-10-01T00:00:00Z"),
            At("2026-10-15T00:00:00Z"),
            At("2026-10-20T00:00:00Z"),
            At("2026-10-24T00:00:00Z"),
            At("2026-11-10T00:00:00Z")
        );

        var later = windows.Postpone(7, [Berlin, Kamchatka], now: At("2026-09-01T00:00:00Z"));

        later
            .Should()
            .Be(
                new CampaignWindows(
                    At("2026-10-08T00:00:00Z"),
                    At("2026-10-22T00:00:00Z"),
                    At("2026-10-27T00:00:00Z"),
                    At("2026-10-31T01:00:00Z"),
                    At("2026-11-17T00:00:00Z")
                )
            );
        later.Faults().Should().BeEmpty();
    }

    [Fact]
    public void Taking_applications_that_has_begun_is_not_broken_off()
    {
        var windows = new CampaignWindows(
            At("2026-09-01T00:00:00Z"),
            At("2026-09-10T00:00:00Z"),
            At("2026-09-14T00:00:00Z"),
            At("2026-09-20T00:00:00Z"),
            At("2026-10-01T00:00:00Z")
        );

        var later = windows.Postpone(30, [Moscow], now: At("2026-09-05T00:00:00Z"));

        later.ApplicationsFrom.Should().Be(At("2026-09-01T00:00:00Z"));
        later.ApplicationsTo.Should().Be(At("2026-10-10T00:00:00Z"));
    }

    private static TakenPlaces Taken(string from, string to, int seats) => new(At(from), At(to), seats);

    private static Instant At(string text) => InstantPattern.ExtendedIso.Parse(text).Value;
}
