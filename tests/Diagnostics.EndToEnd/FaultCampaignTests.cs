using System.Globalization;
using Xunit.Abstractions;

namespace Diagnostics.EndToEnd;

/// <summary>
/// Runs five schedules of faults. To run 200, use <c>DIAGNOSTICS_FAULT_RUNS=200 dotnet test tests/Diagnostics.EndToEnd
/// --filter FaultCampaign</c>; to repeat a single one, set for example <c>DIAGNOSTICS_FAULT_SEED=17
/// DIAGNOSTICS_FAULT_RUNS=1</c>; for two nodes and PostgreSQL, set <c>DIAGNOSTICS_FAULT_NODES=2</c>.
/// </summary>
public sealed class FaultCampaignTests(ITestOutputHelper output)
{
    [BrowserFact]
    public async Task Nothing_typed_is_lost_and_nothing_said_is_false_whatever_breaks()
    {
        var (first, runs, nodes) = (Setting("SEED", 1), Setting("RUNS", 5), Setting("NODES", 1));
        await using var hall = await ExamHall.Open(runs, nodes);
        var failures = new List<string>();
        var claims = 0;
        for (var seed = first; seed < first + runs; seed++)
        {
            var run = new FaultRun(hall, seed);
            try
            {
                await run.Play();
                claims += run.Claims;
            }
            catch (Exception fault)
            {
                failures.Add($"Seed {seed}: {fault.Message}\n  {run.Story}\n{(fault is FalseStateException ? "" : fault.StackTrace)}");
                output.WriteLine(failures[^1]);
            }
        }
        output.WriteLine(
            $"{runs} schedules from seed {first} on {nodes} node(s): {failures.Count} failed, {claims} claims of the page compared."
        );
        failures.Should().BeEmpty();
        hall.Thrown.Should().BeEmpty("no program of a page stumbles");
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable($"DIAGNOSTICS_FAULT_{name}"), CultureInfo.InvariantCulture, out var number)
            ? number
            : otherwise;
}
