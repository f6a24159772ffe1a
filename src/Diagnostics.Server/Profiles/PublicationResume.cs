namespace Diagnostics.Server.Profiles;

/// <summary>At start-up, finishes a publication that the last stop has cut short.</summary>
internal sealed class PublicationResume(IServiceScopeFactory scopes, ILogger<PublicationResume> log) : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<PublishResults>().Finish(campaignId: null);
                return;
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                log.LogError(fault, "Resuming publications failed; the next attempt follows");
                await Task.Delay(RetryAfter, stoppingToken);
            }
        }
    }
}
