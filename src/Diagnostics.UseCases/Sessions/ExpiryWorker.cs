using Diagnostics.Storage;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Sessions;

/// <summary>
/// Ends sessions whose time is over, even when every browser is closed. Any node may do it, and each session is ended
/// only once. The time must be over by the node's clock and, if the database has a clock of its own, also by the
/// database's clock.
/// </summary>
internal sealed class ExpiryWorker(Database database, Signal<SessionsEnded> ended, ClockSkew skew, IClock clock, ILogger<ExpiryWorker> log)
    : Worker(log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private const int Batch = 200;

    protected override async Task Work(CancellationToken stopping)
    {
        while (await ExpireDue() && !stopping.IsCancellationRequested) { }
    }

    protected override Task Pause(CancellationToken stopping) => Task.Delay(Interval, stopping);

    /// <returns>Whether more sessions may be due; false when none of them may end yet by the database's
    /// clock.</returns>
    internal async Task<bool> ExpireDue()
    {
        // Either this node's clock or its reference clock is wrong, so this node ends no session until they agree
        // again; another node may do so.
        if (skew.TooFar)
            return false;
        var now = clock.GetCurrentInstant();
        var due = await database.Read(db => SessionStore.Due(db, now, Batch));
        if (due.Count == 0)
            return false;
        using var work = Measures.Work.StartActivity("sessions.expire");
        work?.SetTag("diagnostics.sessions", due.Count);
        var moved = await database.Write(
            async db =>
            {
                var count = 0;
                // Process the sessions in the order in which saves lock them, so that this work and the saves never
                // deadlock.
                foreach (var id in due.Order())
                {
                    // Read again inside the transaction, because an invigilator may have added time, or another node
                    // may already have ended the session. A change between this read and the write is detected by the
                    // write itself.
                    if (await SessionStore.Find(db, id) is not { } row || row.Clock.Expire(now, row.Grace).Refused(out _, out var expired))
                        continue;
                    if (!await SessionStore.Expire(db, row, expired))
                        continue;
                    count++;
                    await SessionLog.Add(db, id, "expire", now, null);
                    await SessionLog.TellFinished(db, row, now);
                }
                return count;
            },
            Isolation.Guarded
        );
        if (moved > 0)
            ended.Wake();
        return moved > 0 && due.Count == Batch;
    }
}
