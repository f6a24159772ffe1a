using System.Diagnostics;
using System.Diagnostics.Metrics;
using Diagnostics.Storage;
using Diagnostics.Storage.Operations;

namespace Diagnostics.UseCases.Operations;

/// <summary>The service's measurements for an operator; <see cref="StorageMeters"/> has those of the writers.</summary>
internal static class Measures
{
    /// <summary>Name of the meters and of the activity source.</summary>
    internal const string Name = StorageMeters.Name;

    /// <summary>
    /// Source of the activities of background work: each run is an activity and begins its own trace. It creates none
    /// when nobody listens.
    /// </summary>
    internal static readonly ActivitySource Work = new(StorageMeters.Name);

    private static readonly Histogram<double> SaveLatency = StorageMeters.Meter.CreateHistogram<double>(
        "diagnostics.save.duration",
        "s",
        "From a response that has been read until it is on disk or refused",
        advice: new() { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.5, 1, 2, 5] }
    );

    /// <returns>The start time; 0 when nobody listens, so that measuring then only checks a flag.</returns>
    internal static long BeginSave() => SaveLatency.Enabled ? Stopwatch.GetTimestamp() : 0;

    internal static void Saved(long begun, Database database)
    {
        if (begun != 0)
            SaveLatency.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds, database.Labels);
    }
}

/// <summary>
/// Counts open sessions and waiting scripts at an interval of its own, so that a scrape of the metrics never runs SQL.
/// It reports these counts and the length of the writer's queue. It runs only where telemetry is exported.
/// </summary>
internal sealed class WorkloadReader : Worker
{
    private readonly Database database;
    private readonly TimeSpan interval;
    private readonly Meter meter = new(StorageMeters.Name);
    private long sessions = -1;
    private long scripts = -1;

    public WorkloadReader(Database database, TimeSpan interval, ILogger<WorkloadReader> log)
        : base(log)
    {
        (this.database, this.interval) = (database, interval);
        meter.CreateObservableGauge(
            "diagnostics.write.queue",
            () => Labelled(database.QueueLength),
            "{work}",
            "Works waiting for the database"
        );
        meter.CreateObservableGauge("diagnostics.sessions.open", () => Known(ref sessions), "{session}", "Sessions in progress");
        meter.CreateObservableGauge("diagnostics.marks.waiting", () => Known(ref scripts), "{script}", "Scripts that wait for an expert");
    }

    protected override async Task Work(CancellationToken stopping)
    {
        var (open, waiting) = (-1L, -1L);
        try
        {
            (open, waiting) = await database.Read(async db =>
                ((long)await WorkloadStore.SessionsInProgress(db), (long)await WorkloadStore.ScriptsWaiting(db))
            );
        }
        finally
        {
            // When a reading fails, the old numbers may be wrong, so nothing is reported until the next reading.
            Volatile.Write(ref sessions, open);
            Volatile.Write(ref scripts, waiting);
        }
    }

    protected override Task Pause(CancellationToken stopping) => Task.Delay(interval, stopping);

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    private IEnumerable<Measurement<long>> Known(ref long number) =>
        Volatile.Read(ref number) is >= 0 and var known ? [Labelled(known)] : [];

    private Measurement<long> Labelled(long number) => new(number, database.Labels);
}
