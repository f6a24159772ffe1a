using System.Globalization;
using System.Text.Json.Nodes;
using Diagnostics.Storage;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using NodaTime;
using Xunit.Abstractions;

namespace Diagnostics.Server.Tests.Sessions;

/// <summary>
/// The node is killed while a whole site of fifty people is paused, given extra time, or resumed. Only a few kills run
/// here; for more use <c>DIAGNOSTICS_SITE_KILLS=30 dotnet test tests/Diagnostics.Server.Tests --filter
/// WholeSiteKill</c>.
/// </summary>
public sealed class WholeSiteKillTests(ITestOutputHelper output)
{
    private const int Desks = 50;

    /// <summary>
    /// The moves are made again and again. Extra time is refused once all of it is used up; the other moves still
    /// succeed.
    /// </summary>
    private static readonly (string Name, string Body)[] Moves =
    [
        ("pause", """{"reason":"свет"}"""),
        ("extra-time", """{"minutes":1,"reason":"свет"}"""),
        ("resumption", "{}"),
    ];

    [Fact]
    public Task A_node_killed_amid_a_move_of_a_whole_site_leaves_it_done_for_all_or_for_nobody() => Run(LoadDatabase.Sqlite);

    [PostgresFact]
    public Task So_it_is_on_a_server() => Run(LoadDatabase.Postgres);

    private async Task Run(string provider)
    {
        var kills = int.TryParse(Environment.GetEnvironmentVariable("DIAGNOSTICS_SITE_KILLS"), CultureInfo.InvariantCulture, out var asked)
            ? asked
            : 3;
        await using var database = await LoadDatabase.Open(provider, connectionString: null);
        var exam = await Exam.Prepare(database.Folder, Repository.Bank, Desks, started: true, experts: 0, database.Settings);
        using var nodes = await Nodes.Start(database, 1);
        var (answered, cut, unanswered) = (0, 0, 0);
        var random = new Random(20260914);
        for (var kill = 0; kill < kills; kill++)
        {
            var before = answered;
            var moving = Task.Run(async () =>
            {
                while (true)
                {
                    foreach (var (move, body) in Moves)
                    {
                        try
                        {
                            using var wire = await Wire.Connect(nodes.Ports[0]);
                            var (status, _) = await wire.Send(
                                "POST",
                                $"/api/v1/campaigns/{exam.CampaignId}/sites/{exam.SiteId}/{move}",
                                exam.OperatorToken,
                                body
                            );
                            if (status == 200)
                                Interlocked.Increment(ref answered);
                        }
                        catch (Exception gone) when (gone is IOException or System.Net.Sockets.SocketException)
                        {
                            unanswered++;
                            return;
                        }
                    }
                }
            });
            // A node that has just started is slow at first, so wait for some answers: a kill must interrupt something.
            await Wait.Until("the site is moved", () => Volatile.Read(ref answered) >= before + 4);
            await Task.Delay(random.Next(150));
            nodes.Kill(0);
            await moving;
            await using (var door = database.Connect())
            {
                var state = await door.Read(db => Look(db, exam.CampaignId));
                state.Kinds.Should().Be(1, "all fifty are in one state, with one deadline and one pause: {0}", state);
                state.Lasting.Should().Be(state.Paused > 0 ? 1 : 0, "an interruption lasts exactly while they are paused: {0}", state);
                state.PausedByInterruptions.Should().Be(state.Interruptions * Desks);
                if (state.Paused > 0)
                    cut++;
            }
            await nodes.Start(0);
        }
        nodes.Stop().Should().Be(0);
        (await nodes.Verify()).Should().BeEmpty();
        answered.Should().BePositive();
        output.WriteLine(
            $"{provider}: {kills} kills, {answered} moves of {Desks} sessions answered, {unanswered} cut off, {cut} times killed while the site was paused."
        );
    }

    private static async Task<SiteState> Look(Db db, Guid campaignId) =>
        (
            await db.Find<SiteState>(
                """
                SELECT
                    (SELECT COUNT(*) FROM (SELECT DISTINCT state, deadline, paused_at, revision FROM sessions WHERE campaign_id = @campaignId) AS kinds) AS kinds,
                    (SELECT COUNT(*) FROM sessions WHERE campaign_id = @campaignId AND state = 'paused') AS paused,
                    (SELECT COUNT(*) FROM site_interruptions WHERE campaign_id = @campaignId AND ended_at IS NULL) AS lasting,
                    (SELECT COUNT(*) FROM site_interruptions WHERE campaign_id = @campaignId) AS interruptions,
                    (SELECT COUNT(*) FROM site_interruption_sessions) AS paused_by_interruptions
                """,
                new { campaignId }
            )
        )!;

    private sealed record SiteState
    {
        public int Kinds { get; init; }
        public int Paused { get; init; }
        public int Lasting { get; init; }
        public int Interruptions { get; init; }
        public int PausedByInterruptions { get; init; }
    }
}
