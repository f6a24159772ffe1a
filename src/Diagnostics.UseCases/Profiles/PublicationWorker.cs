using Diagnostics.UseCases.Operations;

namespace Diagnostics.UseCases.Profiles;

/// <summary>
/// Finishes publications that were interrupted when the service last stopped, and publishes the results of repeated
/// sittings of closed campaigns. Every few seconds it looks for sessions to publish, because a session may be waiting
/// for any of several events: a mark, a decision on the key, the chair's protocol, the end of an appeal.
/// </summary>
internal sealed class PublicationWorker(FinalProfiles profiles, ILogger<PublicationWorker> log) : Worker(log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    private bool finished;

    protected override async Task Work(CancellationToken stopping)
    {
        if (!finished)
        {
            await profiles.Finish(campaignId: null);
            await profiles.FinishHeld(campaignId: null);
        }
        finished = true;
        await profiles.FinishLate();
    }

    protected override Task Pause(CancellationToken stopping) => Task.Delay(finished ? Interval : RetryAfter, stopping);
}
