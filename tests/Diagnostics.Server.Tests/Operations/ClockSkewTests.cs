using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Sessions;
using Diagnostics.Storage;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Operations;

public sealed class ClockSkewTests
{
    private static readonly Duration Bound = Duration.FromSeconds(2);

    [PostgresFact]
    public async Task A_node_whose_clock_is_wrong_does_not_start_is_not_ready_and_ends_nobodys_session_until_it_is_right_again()
    {
        var service = new TestService { Connection = await PostgresDatabases.CreateMigrated(TestService.Start) };
        await service.InitializeAsync();
        try
        {
            SetClock(service, Duration.Zero);
            var scene = await SessionScene.At(service, desks: 1);
            var skew = service.Services.GetRequiredService<ClockSkew>();
            skew.AtMost = Bound;

            SetClock(service, Duration.FromHours(5));
            (await FluentActions.Awaiting(skew.Check).Should().ThrowAsync<DatabaseUnavailableException>()).WithMessage("*спешат на *допустимо 2 с*Diagnostics:MaxClockSkewSeconds*NTP*");
            var problem = await service.Anonymous().GetAsync("/health/ready").Json(503);
            await scene.Expire();
            SetClock(service, Duration.FromHours(-5));
            (await FluentActions.Awaiting(skew.Check).Should().ThrowAsync<DatabaseUnavailableException>()).WithMessage("*отстают*");

            SetClock(service, Duration.Zero);
            await skew.Check();
            var ready = await service.Anonymous().GetAsync("/health/ready").Json();

            problem["code"]!.GetValue<string>().Should().Be("clock-skew");
            problem["clockAheadSeconds"]!.GetValue<double>().Should().BeApproximately(18000, 60);
            (await scene.State()).Should().Be("in_progress", "three hours were not over by any other clock");
            Math.Abs(ready["clockAheadSeconds"]!.GetValue<double>()).Should().BeLessThan(Bound.TotalSeconds);
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    [Fact]
    public async Task SQLite_has_no_clock_of_its_own()
    {
        using var folder = new TemporaryFolder();
        await using var app = Service.Build(["--Urls=http://127.0.0.1:0", $"--Diagnostics:Data={folder.Path}", "--Logging:LogLevel:Default=Error"]);
        var skew = app.Services.GetRequiredService<ClockSkew>();
        skew.AtMost = Bound;

        await skew.Check();

        (skew.Ahead, skew.TooFar).Should().Be((null, false));
    }

    [Theory]
    [InlineData(null, 2)]
    [InlineData("0.5", 0.5)]
    [InlineData("0", 0.1)]
    [InlineData("3600", 60)]
    [InlineData("often", 2)]
    public void The_bound_is_bounded(string? value, double seconds) =>
        ClockSkew.Setting(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [ClockSkew.SettingName] = value }).Build()).TotalSeconds.Should().Be(seconds);

    private static void SetClock(TestService service, Duration ahead) =>
        service.Clock.Advance(SystemClock.Instance.GetCurrentInstant() + ahead - service.Clock.GetCurrentInstant());
}
