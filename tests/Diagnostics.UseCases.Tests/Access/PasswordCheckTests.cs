using Diagnostics.Storage;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Access;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NodaTime;
using NodaTime.Testing;

namespace Diagnostics.UseCases.Tests.Access;

public sealed class PasswordCheckTests
{
    private static readonly Attempt School = new("203.0.113.7");

    [Fact]
    public async Task Whoever_a_full_lane_has_turned_away_ten_times_has_failed_at_nothing()
    {
        var clock = new FakeClock(Instant.FromUtc(2026, 9, 14, 6, 0));
        using var folder = new TemporaryFolder();
        await using var database = new Database(Path.Combine(folder.Path, "diagnostics.db"));
        await Migrator.Migrate(database, clock.GetCurrentInstant());
        var hasher = new HeldHasher();
        using var lane = new PasswordLane(hasher, Options.Create(new PasswordHasherOptions { IterationCount = 1 }));
        using var attempts = new Attempts(clock);
        var check = new PasswordCheck(database, lane, attempts, new SignInLog(NullLogger<SignInLog>.Instance));
        var others = hasher.Occupy(lane);
        // All places in the queue for the school's network are taken as well.
        for (var place = 0; place < PasswordLane.PlacesOfNetwork; place++)
            others.Add(lane.Verify(null, "пароль", new Waiter(School.Site, Known: false)));

        for (var attempt = 1; attempt <= 10; attempt++)
            await FluentActions
                .Awaiting(() => check.Of("ivanova", "три тихих озера", School))
                .Should()
                .ThrowAsync<PasswordLaneFullException>();

        using (var next = attempts.WithPassword("IVANOVA", School, known: false, null))
            (next.RefusedFor, next.Hold, next.Late).Should().Be((null, TimeSpan.Zero, false));
        hasher.Go.Set();
        await Task.WhenAll(others);
    }
}
