using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
namespace Diagnostics.UseCases.Profiles;

/// <summary>
/// Finishes a publication that the last stop has cut short, and publishes sessions sat again after their campaign was
/// closed. It looks by itself every few seconds, because what such a session waits for may happen anywhere: a mark, a
/// decision on the key, the chair's protocol, the end of an appeal.
/// </summary>
internal sealed class PublicationWorker(IServiceScopeFactory scopes, ILogger<PublicationWorker> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await Attempt(publish => publish.Finish(campaignId: null))) await Task.Delay(RetryAfter, stoppingToken);
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await Attempt(publish => publish.FinishLate());
    }

    /// <returns>False when it failed: the next attempt follows.</returns>
    private async Task<bool> Attempt(Func<PublishResults, Task> work)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await work(scope.ServiceProvider.GetRequiredService<PublishResults>());
            return true;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.LogError(fault, "Publishing in the background failed; the next attempt follows");
            return false;
        }
    }
}
