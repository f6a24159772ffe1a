using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.TestKit.Server;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Tests.Jobs;

/// <summary>The service is killed without warning in the middle of bulk work; <c>tools/Load -- bulk</c> does so more often.</summary>
public sealed class BulkKillTests
{
    [Fact]
    public async Task A_node_killed_in_bulk_work_goes_on_without_doing_anything_twice_or_leaving_anything_out()
    {
        await using var database = await LoadDatabase.Open(LoadDatabase.Sqlite, null);

        var report = await new BulkRun(database, rows: 6000, approvals: 600, kills: 2, seed: 3).Run(count: 1, TextWriter.Null);

        report.Faults.Should().BeEmpty();
        report.Kills.Should().BeGreaterThanOrEqualTo(2, "otherwise nothing was tried");
    }
}
