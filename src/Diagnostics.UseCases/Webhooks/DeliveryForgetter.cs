using Diagnostics.Storage;
using Diagnostics.Storage.Webhooks;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Webhooks;

/// <summary>Deletes the log of deliveries that ended long ago; the events stay in the feed.</summary>
internal sealed class DeliveryForgetter(Database database, IClock clock, ILogger<DeliveryForgetter> log) : Worker(log)
{
    internal static readonly Duration Kept = Duration.FromDays(30);

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    // One transaction deletes the rows of an hour, which holds nobody up.
    private static readonly Duration Step = Duration.FromHours(1);

    protected override Task Work(CancellationToken stopping) => Forget(stopping);

    protected override Task Pause(CancellationToken stopping) => Task.Delay(Interval, stopping);

    internal async Task Forget(CancellationToken cancel = default)
    {
        var until = clock.GetCurrentInstant() - Kept;
        while (!cancel.IsCancellationRequested && await database.Read(DeliveryStore.OldestEnd) is { } oldest && oldest < until)
            await database.Write(db => DeliveryStore.Forget(db, Instant.Min(oldest + Step, until)), Isolation.Guarded);
    }
}
