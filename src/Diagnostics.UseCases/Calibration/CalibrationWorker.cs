using System.Data.Common;
using Diagnostics.Engine;
using Diagnostics.Engine.Calibration;
using Diagnostics.Storage;
using Diagnostics.Storage.Calibration;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Calibration;

/// <summary>
/// Takes calibrations from the queue, one at a time on each node. A worker leases a run and renews the lease while
/// computing. When the worker's node dies, another node takes the run and starts it again, or the same node does so
/// after a restart.
/// </summary>
internal sealed class CalibrationWorker(
    Database database,
    CalibrationReader reader,
    CalibrationComputation compute,
    Signal<CalibrationWorker> signal,
    IClock clock,
    ILogger<CalibrationWorker> log
) : Worker(log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    internal static readonly Duration Lease = Duration.FromSeconds(60);

    /// <summary>
    /// A run is started at most this many times, so that a run that crashes the service is not restarted for ever.
    /// </summary>
    internal const int MostAttempts = 3;

    protected override async Task Work(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested && await RunNext(stopping)) { }
    }

    protected override Task Pause(CancellationToken stopping) => signal.Wait(Interval, stopping);

    /// <returns>False when no run is waiting.</returns>
    internal async Task<bool> RunNext(CancellationToken stopping)
    {
        var now = clock.GetCurrentInstant();
        if (await database.Read(db => CalibrationQueue.Next(db, now)) is not { } run)
            return false;
        var claim = Guid.CreateVersion7(now.ToDateTimeOffset());
        // Another node may have taken this run first, but further runs may still be waiting.
        if (!await database.Write(db => CalibrationQueue.Claim(db, run, claim, now, now + Lease)))
            return true;
        if (run.CancelAskedAt is not null)
            await database.Write(db => CalibrationQueue.EndCancelled(db, run.Id, claim, now));
        else if (run.Attempts >= MostAttempts)
            await Fail(
                run.Id,
                claim,
                CalibrationFailure.Interrupted,
                $"Расчёт прерывался вместе со службой {run.Attempts} раза подряд и больше не начинается сам."
            );
        else
            await Hold(run, claim, stopping);
        return true;
    }

    private async Task Hold(CalibrationRow run, Guid claim, CancellationToken stopping)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var progress = new CalibrationProgress(CalibrationStep.Reading, 0);
        var work = Task.Run(() => Work(run, next => Volatile.Write(ref progress, next), stop.Token), CancellationToken.None);
        var asked = false;
        try
        {
            asked = await Watch(run.Id, claim, work, () => Volatile.Read(ref progress), stop);
            var worked = await work;
            if (asked)
                await database.Write(db => CalibrationQueue.EndCancelled(db, run.Id, claim, clock.GetCurrentInstant()));
            else
                await Finish(run.Id, claim, worked);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            if (asked)
                await database.Write(db => CalibrationQueue.EndCancelled(db, run.Id, claim, clock.GetCurrentInstant()));
            // The service is stopping: the next start, or another node, restarts the run immediately. If the claim was
            // lost, there is nothing to do.
            else if (stopping.IsCancellationRequested)
                await database.Write(db => CalibrationQueue.Release(db, run.Id, claim, clock.GetCurrentInstant()));
        }
        catch (Exception fault) when (fault is DbException or DatabaseBusyException or DatabaseUnavailableException)
        {
            // The run is not at fault. Its lease will expire, and then it will be started again.
            log.LogError(fault, "Calibration {CalibrationId} lost the database", run.Id);
            await stop.CancelAsync();
        }
        catch (Exception fault)
        {
            log.LogError(fault, "Calibration {CalibrationId} failed", run.Id);
            await Fail(run.Id, claim, CalibrationFailure.InternalError, "Внутренняя ошибка расчёта; подробности — в журнале службы.");
        }
    }

    /// <summary>
    /// Watches the work until it ends: reports its progress, renews the lease, and stops the work on request or when
    /// the claim is lost.
    /// </summary>
    /// <returns>Whether somebody asked the run to stop.</returns>
    private async Task<bool> Watch(Guid id, Guid claim, Task work, Func<CalibrationProgress> progress, CancellationTokenSource stop)
    {
        var told = progress();
        var renewed = clock.GetCurrentInstant();
        while (await Task.WhenAny(work, Task.Delay(Look, CancellationToken.None)) != work && !stop.IsCancellationRequested)
        {
            var asked = await database.Read(db => CalibrationQueue.IsToStop(db, id, claim));
            if (asked is not false)
            {
                await stop.CancelAsync();
                return asked is true;
            }
            var (now, next) = (clock.GetCurrentInstant(), progress());
            if (next == told && now - renewed < Lease / 3)
                continue;
            if (!await database.Write(db => CalibrationQueue.Report(db, id, claim, next, now + Lease)))
                await stop.CancelAsync();
            (told, renewed) = (next, now);
        }
        return false;
    }

    private async Task<Result<CalibrationResult>> Work(CalibrationRow run, Action<CalibrationProgress> report, CancellationToken cancel)
    {
        var campaigns = await database.Read(db => CalibrationStore.Campaigns(db, run.Id));
        if ((await reader.Read(run.FormId, campaigns, cancel)).Refused(out var refusal, out var inputs))
            return refusal;
        return compute(inputs, CalibrationView.OptionsOf(run), report, cancel);
    }

    private async Task Finish(Guid id, Guid claim, Result<CalibrationResult> worked)
    {
        var now = clock.GetCurrentInstant();
        if (worked.Refused(out var refusal, out var result))
        {
            await Fail(id, claim, Codes.Parse<CalibrationFailure>(refusal.Code), refusal.Detail);
            return;
        }
        var written = await database.Write<Result<Done>>(async db =>
        {
            var ended = result.Failure is { } failure
                ? await CalibrationQueue.Fail(db, id, claim, failure, result.FailureDetail!, result.Fingerprint, result.Form.Persons, now)
                : await CalibrationQueue.Complete(db, id, claim, result, now);
            if (!ended)
                return Refusal.Conflict("claim-lost", "Расчёт отменён или продолжается на другом узле.");
            await CalibrationResultStore.Add(db, id, result, now);
            return new Done();
        });
        // The result was not written because somebody asked to stop at the last moment: the run ends as cancelled.
        if (written.Refusal is not null)
            await database.Write(db => CalibrationQueue.EndCancelled(db, id, claim, now));
    }

    private Task Fail(Guid id, Guid claim, CalibrationFailure failure, string detail) =>
        database.Write(db => CalibrationQueue.Fail(db, id, claim, failure, detail, null, null, clock.GetCurrentInstant()));
}
