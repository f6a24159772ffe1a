using System.Diagnostics;
using System.Net;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Sessions;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.Configuration;

namespace Diagnostics.Server.Tests.Operations;

/// <summary>
/// A real process that gets SIGTERM answers the requests it has accepted, and ends in time with exit code 0.
/// </summary>
public sealed class DrainTests
{
    [LinuxTheory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(2)]
    public async Task No_request_that_was_taken_fails_when_the_service_is_asked_to_end_under_concurrent_saves(double seconds)
    {
        using var folder = new TemporaryFolder();
        var exam = await Exam.Prepare(folder.Path, Repository.Bank, desks: 40);
        var savers = new Savers(exam);
        int code;
        TimeSpan ended;
        var drain = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"--Diagnostics:DrainSeconds={seconds}");
        using (var server = await ServerProcess.Start(folder.Path, Repository.Bank, [.. ServerProcess.Unlimited, drain]))
        {
            var saving = savers.Run(server.Port, CancellationToken.None);
            await server.Until("1000 saves are acknowledged", () => savers.Acknowledged.Count >= 1000);
            var watch = Stopwatch.StartNew();
            server.Terminate();
            await saving;
            code = server.WaitForEnd();
            ended = watch.Elapsed;
        }

        code.Should().Be(0);
        ended.Should().BeLessThan(TimeSpan.FromSeconds(25), "it ends by itself, not because the host's 30 seconds are over");
        savers.Refused.Should().BeEmpty("every answer that was begun is a whole 200");
        if (seconds > 0)
            savers.Closing.Should().BePositive("a draining service says that it takes no further request on a connection");
        using (var again = await ServerProcess.Start(folder.Path, Repository.Bank))
        {
            var stored = await Savers.Stored(again.Port, exam);
            savers.Acknowledged.Where(save => !stored.Contains(save)).Should().BeEmpty("nothing acknowledged is lost");
            savers.Unanswered.Where(stored.Contains).Should().BeEmpty("what had no answer was not taken");
        }
        (await ServerProcess.RunVerb("verify", $"--Diagnostics:Data={folder.Path}")).Code.Should().Be(0);
    }

    [LinuxFact]
    public async Task A_draining_service_is_alive_and_not_ready_and_ends_its_connections()
    {
        using var folder = new TemporaryFolder();
        using var server = await ServerProcess.Start(folder.Path, Repository.Bank, "--Diagnostics:DrainSeconds=20");
        using var held = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Port}") };
        using var other = new HttpClient { BaseAddress = held.BaseAddress };
        (await held.GetAsync("/health/ready")).Headers.ConnectionClose.Should().NotBe(true);
        using var idle = await Wire.Connect(server.Port);
        (await idle.Send("GET", "/health/live", "none", "")).Status.Should().Be(200);

        var watch = Stopwatch.StartNew();
        server.Terminate();
        var answer = await Wait.Until(
            "a draining service is not ready",
            () => held.GetAsync("/health/ready"),
            seen => !seen.IsSuccessStatusCode
        );

        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        answer.Headers.ConnectionClose.Should().BeTrue();
        (await answer.Content.ReadAsStringAsync()).Should().Contain("\"code\":\"draining\"");
        (await other.GetAsync("/health/live")).StatusCode.Should().Be(HttpStatusCode.OK);
        server.EndsWithin(TimeSpan.FromMilliseconds(300)).Should().BeFalse("a connection is still open");
        idle.Dispose();
        server.WaitForEnd().Should().Be(0);
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(20), "nobody is left to wait for");
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1.5", 1.5)]
    [InlineData("-1", 0)]
    [InlineData("600", 20)]
    [InlineData("soon", 3)]
    [InlineData(null, 3)]
    public void The_setting_is_bounded(string? value, double seconds) =>
        Drain
            .Setting(
                new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [Drain.SettingName] = value }).Build()
            )
            .TotalSeconds.Should()
            .Be(seconds);

    private sealed class LinuxFactAttribute : FactAttribute
    {
        public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "There is no SIGTERM here.";
    }

    private sealed class LinuxTheoryAttribute : TheoryAttribute
    {
        public LinuxTheoryAttribute() => Skip = OperatingSystem.IsLinux() ? null : "There is no SIGTERM here.";
    }
}
