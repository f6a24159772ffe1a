using Diagnostics.TestKit.Server;

namespace Diagnostics.Server.Tests.Webhooks;

/// <summary>
/// A short version of the kill campaign, without the sample portal. For the whole campaign, with fifty kills, use
/// <c>dotnet run -c Release --project tools/Load -- webhooks-kill</c>, optionally with <c>--nodes 2 --provider
/// postgres</c>.
/// </summary>
public sealed class WebhookKillTests
{
    [Fact]
    public Task A_receiver_ends_with_what_stands_when_the_only_node_is_killed() => Run(LoadDatabase.Sqlite, nodes: 1);

    [PostgresFact]
    public Task A_receiver_ends_with_what_stands_when_one_of_two_nodes_is_killed() => Run(LoadDatabase.Postgres, nodes: 2);

    private static async Task Run(string provider, int nodes)
    {
        await using var database = await LoadDatabase.Open(provider, connectionString: null);

        var report = await WebhookCampaign.Run(kills: 3, nodes, Environment.TickCount64, database, withPortals: false, TextWriter.Null);

        report.Clean.Should().BeTrue("{0}", report);
        report.Current.Should().BePositive();
    }
}
