using Diagnostics.Storage;

namespace Diagnostics.UseCases.Operations;

/// <summary>
/// What every background service is. A service that lets a fault out ends the whole process, and everybody's exam with it:
/// whatever its work throws, only the stop of the service ends it.
/// </summary>
internal abstract class Worker(ILogger log) : BackgroundService
{
    /// <summary>Done again and again.</summary>
    protected abstract Task Work(CancellationToken stopping);

    /// <summary>Until the next time.</summary>
    protected abstract Task Pause(CancellationToken stopping);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Attempt(() => Work(stoppingToken), stoppingToken);
            await Pause(stoppingToken);
        }
    }

    /// <summary>For a part of the work that must not keep the next part from being done.</summary>
    protected async Task Attempt(Func<Task> part, CancellationToken stopping)
    {
        try
        {
            await part();
        }
        // A cancellation that is not ours is a fault too, such as a driver's that has waited long enough.
        catch (Exception fault) when (fault is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            var level = fault is DatabaseUnavailableException or DatabaseBusyException ? LogLevel.Warning : LogLevel.Error;
            log.Log(level, fault, "{Worker} failed; the next attempt follows", GetType().Name);
        }
    }
}
