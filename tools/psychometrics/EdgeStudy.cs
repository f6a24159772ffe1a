using Diagnostics.Psychometrics.Tests.Edges;
using Diagnostics.TestKit;

namespace Diagnostics.PsychometricStudies;

/// <summary>
/// Calls every statistic with awkward input: each call must give a finite number or a typed reason, within a second.
/// </summary>
internal static class EdgeStudy
{
    public static int Run(int calls)
    {
        // The first call of a method compiles it, and that time should not count.
        EdgeCampaign.Run(1_000, 1_000_000);
        var outcome = EdgeCampaign.Run(calls);
        foreach (var fault in outcome.Faults)
            Console.WriteLine(fault);
        Console.WriteLine(
            $"{outcome.Calls} calls, {outcome.Faults.Count} faults; the longest took {outcome.Longest.TotalMilliseconds:F0} ms: {outcome.LongestCall}"
        );
        return outcome.Faults.Count == 0 ? 0 : 1;
    }
}
