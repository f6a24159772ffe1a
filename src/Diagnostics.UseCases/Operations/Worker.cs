using Diagnostics.Storage;

namespace Diagnostics.UseCases.Operations;

/// <summary>
/// The base of every background service. An exception that left such a service would end the whole process, and
/// everybody's exam with it. So the work is repeated whatever it throws, until the service stops.
/// </summary>
internal abstract class Worker(ILogger log) : BackgroundService
{
    /// <summary>Does one round of the work; rounds are repeated for ever.</summary>
    protected abstract Task Work(CancellationToken stopping);

    /// <summary>Waits until the first round may begin; by default it begins before the service listens.</summary>
    protected virtual Task Ready(CancellationToken stopping) => Task.CompletedTask;

    /// <summary>Waits until the next round.</summary>
    protected abstract Task Pause(CancellationToken stopping);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Ready(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await Attempt(() => Work(stoppingToken), stoppingToken);
            await Pause(stoppingToken);
        }
    }

    /// <summary>Runs a part of the work whose failure must not prevent the next part.</summary>
    protected async Task Attempt(Func<Task> part, CancellationToken stopping)
    {
        try
        {
            await part();
        }
        // A cancellation that the service did not request, such as a driver's timeout, is also a fault.
        catch (Exception fault) when (fault is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            var level = fault is DatabaseUnavailableException or DatabaseBusyException ? LogLevel.Warning : LogLevel.Error;
            log.Log(level, fault, "{Worker} failed; the next attempt follows", GetType().Name);
        }
    }
}
