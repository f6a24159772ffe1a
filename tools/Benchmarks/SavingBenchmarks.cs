using BenchmarkDotNet.Attributes;
using Diagnostics.Load;
using Diagnostics.Storage;
using Diagnostics.Storage.Sessions;
using Diagnostics.Storage.Sessions.Saving;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using NodaTime;

namespace Diagnostics.Benchmarks;

/// <summary>
/// The storage path alone, on SQLite with <c>synchronous=FULL</c>: compares one commit for many people's saves with one
/// commit per save.
/// </summary>
public class SavingBenchmarks
{
    private const int Saves = 4096;
    private const int Writers = 128;
    private const string Content = """{"type":"single_choice","option":"a"}""";

    private readonly TemporaryFolder folder = new();
    private readonly Instant now = SystemClock.Instance.GetCurrentInstant();
    private Exam exam = null!;
    private Database database = null!;
    private SingleCommit single = null!;
    private int slot = 1000;

    [GlobalSetup]
    public async Task Open()
    {
        exam = await Exam.Prepare(folder.Path, Repository.Bank, Writers);
        database = new Database(folder.File("diagnostics.db"));
        single = SingleCommit.OnFile(folder.File("diagnostics.db"));
    }

    [GlobalCleanup]
    public async Task Close()
    {
        await single.DisposeAsync();
        await database.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>128 people at the same time; each waits for the answer before the next save.</summary>
    [Benchmark(OperationsPerInvoke = Saves)]
    public async Task GroupCommit()
    {
        slot++;
        await Task.WhenAll(
            exam.Desks.Select(desk =>
                Task.Run(async () =>
                {
                    for (var revision = 0; revision < Saves / Writers; revision++)
                        await ResponseSaves.Save(database, new(desk.SessionId, slot, revision, Content, false, now));
                })
            )
        );
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Saves)]
    public async Task OneCommitEach()
    {
        slot++;
        for (var revision = 0; revision < Saves; revision++)
            await single.Save(exam.Desks[0].SessionId, slot, revision, Content, now);
    }
}
