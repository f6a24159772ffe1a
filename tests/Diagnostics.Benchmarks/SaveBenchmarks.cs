using BenchmarkDotNet.Attributes;
using Diagnostics.Load;
using Diagnostics.Storage;
using Diagnostics.Storage.Sessions;
using Diagnostics.TestKit;
using NodaTime;

namespace Diagnostics.Benchmarks;

/// <summary>One durable save with 64 people writing, in process: committed together, or each in a transaction of its own.</summary>
[MemoryDiagnoser]
public class SaveBenchmarks
{
    private const int Writers = 64;
    private const int SavesEach = 50;
    private const string Content = """{"type":"single_choice","option":"a"}""";

    private readonly int[] revisions = new int[Writers];
    private TemporaryFolder folder = null!;
    private Exam exam = null!;
    private Database database = null!;
    private SingleCommit alone = null!;
    private Instant now;
    private int single;

    [GlobalSetup]
    public async Task Prepare()
    {
        folder = new TemporaryFolder();
        exam = await Exam.Prepare(folder.Path, Repository.Bank, Writers);
        var path = Path.Combine(folder.Path, "diagnostics.db");
        database = new Database(path);
        alone = new SingleCommit(path);
        now = SystemClock.Instance.GetCurrentInstant();
    }

    [GlobalCleanup]
    public async Task CleanUp()
    {
        await alone.DisposeAsync();
        await database.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>The floor: writers take turns on one connection, so nobody waits for a lock either.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Writers * SavesEach)]
    public void OneTransactionEach()
    {
        for (var turn = 0; turn < Writers * SavesEach; turn++)
            alone.Save(exam.Desks[turn % Writers].SessionId, 2000, single + turn / Writers, Content, now);
        single += SavesEach;
    }

    /// <summary>The product's own path: state, time and base are checked, and every save is answered after its commit.</summary>
    [Benchmark(OperationsPerInvoke = Writers * SavesEach)]
    public Task CommittedTogether() => Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
    {
        for (var turn = 0; turn < SavesEach; turn++)
        {
            var outcome = await ResponseStore.Save(database, new(exam.Desks[writer].SessionId, 1000, revisions[writer]++, Content, false, now));
            if (outcome is not SaveOutcome.Saved) throw new InvalidOperationException($"Not saved: {outcome}");
        }
    })));
}
