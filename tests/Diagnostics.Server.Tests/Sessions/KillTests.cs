using Diagnostics.Load;

namespace Diagnostics.Server.Tests.Sessions;

public sealed class KillTests
{
    // The whole campaign is a command: dotnet run -c Release --project tests/Diagnostics.Load -- kill
    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_the_process_is_killed_under_concurrent_saves()
    {
        var report = await KillCampaign.Run(kills: 3, seed: Environment.TickCount64, TextWriter.Null);

        report.Acknowledged.Should().BeGreaterThan(100);
        report.Lost.Should().Be(0, string.Join('\n', report.Examples));
    }
}
