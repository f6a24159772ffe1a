using Diagnostics.Storage;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Operations;
using Diagnostics.UseCases.Sessions;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>
/// Scores ended sessions as soon as it is woken. It also looks for them every few seconds, because a node that died may
/// have left some unscored. In addition it ends overdue claims, and finishes rescoring that a crash has interrupted.
/// </summary>
internal sealed class ScoringWorker(
    Database database,
    SessionScoring scoring,
    RescoreAnswers rescoring,
    Signal<SessionsEnded> signal,
    IClock clock,
    ILogger<ScoringWorker> log
) : Worker(log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RescoreInterval = TimeSpan.FromMinutes(1);
    private const int Batch = 50;
    private const int AtOnce = 4;

    private long? rescored;

    protected override async Task Work(CancellationToken stopping)
    {
        if (rescored is not { } last || Environment.TickCount64 - last > RescoreInterval.TotalMilliseconds)
        {
            await Attempt(RescorePending, stopping);
            rescored = Environment.TickCount64;
        }
        await Attempt(() => ScoreDue(stopping), stopping);
        await Attempt(LapseOverdue, stopping);
    }

    protected override Task Pause(CancellationToken stopping) => signal.Wait(Interval, stopping);

    /// <summary>Scores all ended sessions that are not scored yet.</summary>
    internal async Task ScoreDue(CancellationToken cancel)
    {
        // A session that is still unscored after an attempt, for example because the database was busy, waits until the
        // worker looks again.
        var tried = new HashSet<Guid>();
        while (!cancel.IsCancellationRequested)
        {
            var due = (await database.Read(db => SessionStore.Unscored(db, Batch))).Where(tried.Add).ToList();
            if (due.Count == 0)
                return;
            // Score a few at the same time, so that their commits are flushed together.
            var atOnce = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel };
            await Parallel.ForEachAsync(
                due,
                atOnce,
                async (id, _) =>
                {
                    using var work = Measures.Work.StartActivity("marking.score");
                    await scoring.Run(id);
                }
            );
        }
    }

    private async Task LapseOverdue()
    {
        var now = clock.GetCurrentInstant();
        if (await database.Read(db => AssignmentStore.AnyOverdue(db, now)))
            await database.WriteStatement(db => AssignmentStore.LapseOverdue(db, now));
    }

    private Task RescorePending() => rescoring.Run(new PendingFilter());
}
