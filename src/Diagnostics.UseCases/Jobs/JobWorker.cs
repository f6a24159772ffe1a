using System.Data.Common;
using System.Diagnostics;
using Diagnostics.Engine;
using Diagnostics.Engine.Jobs;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Jobs;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Jobs;

/// <summary>
/// Does the jobs, one at a time; each node runs a few of these workers. A worker leases a job, and each slice of the work
/// renews the lease in its own transaction. When the worker's node dies, another node goes on from the last slice that was
/// committed, or the same node does so after a restart.
/// </summary>
internal sealed class JobWorker(
    Database database,
    Gate gate,
    JobKinds kinds,
    Signal<JobWorker> signal,
    JobRecovery recovery,
    IClock clock,
    ILogger<JobWorker> log
) : Worker(log)
{
    /// <summary>
    /// How many jobs a node does at the same time, so that a long one does not keep the short ones waiting.
    /// </summary>
    internal const int OnNode = 2;

    internal static readonly Duration Lease = Duration.FromSeconds(20);

    /// <summary>How long the report of a job is kept.</summary>
    internal static readonly Duration Kept = Duration.FromDays(30);

    /// <summary>
    /// A job is taken at most this many times without getting a slice further, so that one that crashes the service is
    /// not begun for ever.
    /// </summary>
    internal const int MostAttempts = 3;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private static readonly Refusal ClaimLost = Refusal.Conflict("claim-lost", "Работа отменена или продолжается на другом узле.");

    private static readonly Refusal Rehearsal = Refusal.Conflict("rehearsal", "Это проба: записанное отменяется.");

    protected override Task Ready(CancellationToken stopping) => Attempt(() => recovery.Done, stopping);

    protected override async Task Work(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested && await RunNext(stopping)) { }
        if (await database.Read(db => JobStore.Outdated(db, clock.GetCurrentInstant())) is { } outdated)
            await database.Write(async db =>
            {
                await JobStore.Forget(db, outdated);
                return default(Done);
            });
    }

    protected override Task Pause(CancellationToken stopping) => signal.Wait(Interval, stopping);

    /// <returns>False when no job is waiting.</returns>
    internal async Task<bool> RunNext(CancellationToken stopping)
    {
        var now = clock.GetCurrentInstant();
        // A node of another version may not know every kind; it leaves those jobs to other nodes.
        if (await database.Read(db => JobQueue.Next(db, kinds.Codes, now)) is not { } job)
            return false;
        var claim = Guid.CreateVersion7(now.ToDateTimeOffset());
        // Another worker may have taken this job first, but further jobs may still be waiting.
        if (!await database.Write(db => JobQueue.Claim(db, job, claim, now, now + Lease), Isolation.Guarded))
            return true;
        if (job.CancelAskedAt is not null)
            await EndCancelled(job.Id, claim);
        else if (job.Attempts >= MostAttempts)
            await Fail(
                job.Id,
                claim,
                JobFailure.Interrupted,
                $"Работа прерывалась вместе со службой {job.Attempts} раза подряд на одном месте и больше не начинается сама."
            );
        else
            await Hold(kinds.ByCode[job.Kind], job.Id, claim, stopping);
        return true;
    }

    private async Task Hold(JobKind kind, Guid id, Guid claim, CancellationToken stopping)
    {
        try
        {
            var size = JobPace.First;
            while (await Slice(kind, id, claim, size, stopping) is { } took)
            {
                if (took.Over)
                    return;
                size = JobPace.Next(size, took.Time);
                if (!stopping.IsCancellationRequested)
                    continue;
                // The next start, or another node, goes on at once.
                await database.Write(db => JobQueue.Release(db, id, claim), Isolation.Guarded);
                return;
            }
            // The slice was not committed: somebody has asked to stop, or the claim is lost, and then this changes nothing.
            await EndCancelled(id, claim);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await database.Write(db => JobQueue.Release(db, id, claim), Isolation.Guarded);
        }
        catch (Exception fault) when (fault is DbException or DatabaseBusyException or DatabaseUnavailableException)
        {
            // The job is not at fault. Its lease will expire, and then it goes on.
            log.LogWarning(fault, "Job {JobId} lost the database", id);
        }
        catch (Exception fault)
        {
            log.LogError(fault, "Job {JobId} failed", id);
            await Fail(id, claim, JobFailure.InternalError, "Внутренняя ошибка; подробности — в журнале службы.");
        }
    }

    /// <summary>Does one slice.</summary>
    /// <returns>How long it took and whether the job is over; null when the slice was undone because the claim is lost or
    /// somebody has asked to stop.</returns>
    private async Task<(TimeSpan Time, bool Over)?> Slice(JobKind kind, Guid id, Guid claim, int size, CancellationToken stopping)
    {
        if (await database.Read(db => JobStore.Find(db, id)) is not { } job || job.Claim != claim)
            return null;
        if (await Requester(job) is not { } caller || await gate.Check(kind.Access, caller) is not null)
        {
            await Fail(id, claim, JobFailure.NotAllowed, "У того, кто начал эту работу, больше нет права на неё.");
            return (TimeSpan.Zero, true);
        }
        var (prepared, lost) = await Prepare(kind, job, claim, size, stopping);
        if (lost)
            return null;
        var began = Stopwatch.GetTimestamp();
        JobStep? step = null;
        var written = await database.Write<Result<Done>>(async db =>
        {
            var now = clock.GetCurrentInstant();
            if ((await kind.Run(db, new(job, caller, prepared, size, now))).Refused(out var refusal, out step))
                return refusal;
            return step.Rehearsed ? Rehearsal : await Move(db, job, claim, step, now);
        });
        if (written.Refusal == Rehearsal)
            written = await database.Write(db => Move(db, job, claim, step!, clock.GetCurrentInstant()));
        if (written.Refusal is null)
            return (Stopwatch.GetElapsedTime(began), step!.Over);
        if (written.Refusal == ClaimLost)
            return null;
        await Fail(id, claim, JobFailure.Refused, written.Refusal.Detail);
        return (TimeSpan.Zero, true);
    }

    /// <summary>Moves the job past a slice and writes the report, in the transaction of the slice.</summary>
    private static async Task<Result<Done>> Move(Db db, JobRow job, Guid claim, JobStep step, Instant now)
    {
        // This refusal is the fence: it undoes what a worker did that no longer holds the job.
        if (!await JobQueue.Advance(db, job.Id, claim, step.Place, step.Done, step.Faults, now + Lease))
            return ClaimLost;
        await JobStore.AddLines(db, job.Id, step.Lines);
        if (step.Over)
        {
            var result = JobResult.Of(await JobStore.Outcomes(db, job.Id));
            if (!await JobQueue.Finish(db, job.Id, claim, CanonicalJson.Of(result), now, now + Kept))
                return ClaimLost;
        }
        return default(Done);
    }

    /// <summary>Prepares a slice and meanwhile renews the lease and looks whether somebody asks to stop.</summary>
    private async Task<(object? Prepared, bool Lost)> Prepare(JobKind kind, JobRow job, Guid claim, int size, CancellationToken stopping)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var preparing = kind.Prepare(job, size, stop.Token);
        var renewed = clock.GetCurrentInstant();
        while (await Task.WhenAny(preparing, Task.Delay(Look, CancellationToken.None)) != preparing)
        {
            if (stopping.IsCancellationRequested)
                break;
            var lost = await database.Read(db => JobQueue.IsToStop(db, job.Id, claim)) is not false;
            var now = clock.GetCurrentInstant();
            if (!lost && now - renewed > Lease / 3)
            {
                lost = !await database.Write(db => JobQueue.Renew(db, job.Id, claim, now + Lease), Isolation.Guarded);
                renewed = now;
            }
            if (!lost)
                continue;
            await stop.CancelAsync();
            await preparing.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return (null, true);
        }
        return (await preparing, false);
    }

    /// <summary>Whoever asked for the job, as a caller of now; null when the account or the client is no longer active.</summary>
    private async Task<Caller?> Requester(JobRow job)
    {
        if (Caller.ClientOf(job.RequestedBy) is { } clientId)
            return await database.Read(db => ClientStore.Find(db, clientId)) is { Disabled: false } client
                ? Caller.Client(new(client.Id, client.Territory, client.Scopes.Split(' ')))
                : null;
        return await database.Read(db => AccountStore.Find(db, Guid.Parse(job.RequestedBy))) is { Disabled: false } account
            ? Caller.Account(job.RequestedBy, account.ParticipantId)
            : null;
    }

    private async Task EndCancelled(Guid id, Guid claim)
    {
        var now = clock.GetCurrentInstant();
        await database.Write(db => JobQueue.EndCancelled(db, id, claim, now, now + Kept));
    }

    private async Task Fail(Guid id, Guid claim, JobFailure failure, string detail)
    {
        var now = clock.GetCurrentInstant();
        await database.Write(db => JobQueue.Fail(db, id, claim, failure, detail, now, now + Kept));
    }
}

/// <summary>
/// Takes jobs from a process that is gone, at once instead of when their leases expire. That is certain only where a single
/// process owns the database, as with SQLite.
/// </summary>
internal sealed class JobRecovery(Database database)
{
    private readonly Lazy<Task> released = new(() =>
        database.File is null ? Task.CompletedTask : database.WriteStatement(JobQueue.ReleaseAll)
    );

    internal Task Done => released.Value;
}
