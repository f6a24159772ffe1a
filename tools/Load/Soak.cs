using System.Globalization;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;

namespace Diagnostics.Load;

/// <summary>One minute of the soak.</summary>
internal sealed record SoakMinute(double SavesPerSecond, double P50, double P99, double Max, double ResidentMegabytes);

/// <param name="Growth">Growth of memory over the second half, in megabytes per minute, by a least-squares
/// line.</param>
/// <param name="Refused">Answers other than 200; must be 0.</param>
internal sealed record SoakReport(
    string Provider,
    int Sessions,
    double PerSecondAsked,
    IReadOnlyList<SoakMinute> Minutes,
    double MostMegabytes,
    double Growth,
    int Refused
);

/// <summary>
/// Saves at a steady pace for a long time: memory must stay constant, and the last minute must be as fast as the first.
/// </summary>
internal static class Soak
{
    private const int Connections = 64;

    internal static async Task<SoakReport> Run(
        LoadDatabase database,
        int sessions,
        int minutes,
        int seconds,
        double perSecond,
        TextWriter progress
    )
    {
        var exam = await ExamApart.Prepare(database, sessions);
        await progress.WriteLineAsync($"{sessions} sessions are open");
        using var node = await ServerProcess.Start(exam.DataFolder, Repository.Bank, [.. ServerProcess.Unlimited, .. database.Settings]);
        var takers = exam.Desks.Select(desk => new SaveBenchmark.Taker(desk)).ToList();
        var all = new List<SoakMinute>();
        for (var minute = 1; minute <= minutes; minute++)
        {
            var rate = await SaveBenchmark.Drive(node.Port, takers, Connections, seconds, check: false, perSecond);
            all.Add(new(rate.PerSecond, rate.P50, rate.P99, rate.Max, node.ResidentMegabytes()));
            await progress.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"minute {minute}/{minutes}: {rate.PerSecond:F0}/s, p50 {rate.P50:F1}, p99 {rate.P99:F1} ms, {all[^1].ResidentMegabytes:F0} MB"
                )
            );
        }
        return new(
            database.Provider,
            sessions,
            perSecond,
            all,
            all.Max(each => each.ResidentMegabytes),
            Slope([.. all.Skip(all.Count / 2).Select(each => each.ResidentMegabytes)]),
            takers.Sum(taker => taker.Refused)
        );
    }

    private static double Slope(double[] values)
    {
        if (values.Length < 2)
            return 0;
        var (middle, mean) = ((values.Length - 1) / 2.0, values.Average());
        return values.Select((value, place) => (place - middle) * (value - mean)).Sum()
            / values.Select((_, place) => (place - middle) * (place - middle)).Sum();
    }
}
