using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Diagnostics.Storage;

/// <summary>Measurements of the writers for operators. When nobody listens, a measurement only checks a flag.</summary>
internal static class StorageMeters
{
    internal const string Name = "Diagnostics";

    internal static readonly Meter Meter = new(Name);

    private static readonly Histogram<int> BatchSize = Meter.CreateHistogram<int>(
        "diagnostics.commit.batch_size",
        "{work}",
        "Works committed together in one durable transaction",
        advice: new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] }
    );

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "diagnostics.commit.duration",
        "s",
        "From the beginning of a batch until it is on disk",
        advice: new() { HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5] }
    );

    /// <returns>0 when nobody listens.</returns>
    internal static long Begin() => Duration.Enabled || BatchSize.Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <param name="begun">The value that <see cref="Begin"/> returned.</param>
    /// <param name="labels">Labels of the database (<see cref="Database.Region"/>).</param>
    internal static void Committed(long begun, int works, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        if (begun == 0)
            return;
        BatchSize.Record(works, labels);
        Duration.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds, labels);
    }
}
