using System.Diagnostics;
using System.Globalization;

namespace Diagnostics.Psychometrics.Tests.Edges;

/// <summary>
/// Makes awkward calls one after another, and reports the calls that return NaN or infinity, fail without a typed
/// reason, or take longer than a second.
/// </summary>
public static class EdgeCampaign
{
    public sealed record Outcome(int Calls, IReadOnlyList<string> Faults, TimeSpan Longest, string LongestCall);

    /// <param name="from">The seed of the first call; later calls have the following seeds.</param>
    public static Outcome Run(int calls, int from = 0)
    {
        var faults = new List<string>();
        var (longest, longestCall) = (TimeSpan.Zero, "");
        for (var seed = from; seed < from + calls; seed++)
        {
            var (name, call) = AwkwardCalls.All[seed % AwkwardCalls.All.Count];
            var watch = Stopwatch.StartNew();
            var fault = Fault(call, seed);
            if (watch.Elapsed > longest)
                (longest, longestCall) = (watch.Elapsed, string.Create(CultureInfo.InvariantCulture, $"{name}, seed {seed}"));
            if (fault is not null)
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name}, seed {seed}: {fault}"));
        }
        return new(calls, faults, longest, longestCall);
    }

    private static string? Fault(Func<Random, object?> call, int seed)
    {
        try
        {
            return Finite.Fault(call(new Random(seed)));
        }
        catch (Exception refusal) when (refusal is BadDataException or ArgumentException)
        {
            // The method refuses the input before any computation.
            return null;
        }
#pragma warning disable CA1031 // Any other exception is a finding.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return $"{error.GetType().Name}: {error.Message} {error.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}";
        }
    }
}
