namespace Diagnostics.UseCases.Operations;

/// <summary>Wakes a waiting worker when something has happened, so that it need not wait for its next round.</summary>
/// <typeparam name="TWhat">A type that stands for the event and belongs to the stage in which the event
/// happens.</typeparam>
internal sealed class Signal<TWhat> : IDisposable
{
    private readonly SemaphoreSlim woken = new(0, 1);

    internal void Wake()
    {
        try
        {
            woken.Release();
        }
        catch (SemaphoreFullException)
        {
            // The worker has been woken already.
        }
    }

    /// <summary>Waits until woken, or for <paramref name="atMost"/>.</summary>
    internal Task Wait(TimeSpan atMost, CancellationToken cancel) => woken.WaitAsync(atMost, cancel);

    public void Dispose() => woken.Dispose();
}
