using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.TestKit.Server;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Tests.Sessions;

/// <summary>
/// Short versions of the kill campaigns in docs/performance.md. To run the full ones, use <c>dotnet run -c Release
/// --project tools/Load</c> with the arguments <c>-- kill</c>, <c>-- kill --nodes 2 --provider postgres</c> or <c>--
/// restart</c>.
/// </summary>
public sealed class KillTests
{
    [Fact]
    public Task Nothing_acknowledged_is_lost_and_nothing_is_done_twice_when_the_only_node_is_killed() =>
        Run(LoadDatabase.Sqlite, new(FaultPlan.Kill, 3, Nodes: 1, Environment.TickCount64, Calibrate: false, RoundSeconds: 2));

    [PostgresFact]
    public Task One_node_goes_on_when_the_other_is_killed() =>
        Run(LoadDatabase.Postgres, new(FaultPlan.Kill, 2, Nodes: 2, Environment.TickCount64, Calibrate: false, RoundSeconds: 2));

    [PostgresFact]
    public Task Nodes_recover_by_themselves_when_the_database_server_goes_down() =>
        Run(LoadDatabase.Postgres, new(FaultPlan.Restart, 2, Nodes: 2, Environment.TickCount64, Calibrate: false, RoundSeconds: 2));

    private static async Task Run(string provider, FaultPlan plan)
    {
        await using var database = await LoadDatabase.Open(provider, connectionString: null);

        var report = await FaultCampaign.Run(plan, database, TextWriter.Null);

        report.Clean.Should().BeTrue("{0}\n{1}", report, string.Join('\n', report.Examples));
        report.Saves.Should().BeGreaterThan(100);
        report.Finishes.Should().BePositive();
        report.Expired.Should().BePositive();
    }
}
