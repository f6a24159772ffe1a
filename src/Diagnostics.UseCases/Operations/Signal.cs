using Diagnostics.UseCases.Execution;
namespace Diagnostics.UseCases.Operations;

/// <summary>Tells whoever waits for it that something happened, so that a worker need not wait for its next look.</summary>
/// <typeparam name="TWhat">What happened: a type of the stage where it does.</typeparam>
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
            // Woken already.
        }
    }

    /// <summary>Ends when woken or after <paramref name="atMost"/>.</summary>
    internal Task Wait(TimeSpan atMost, CancellationToken cancel) => woken.WaitAsync(atMost, cancel);

    public void Dispose() => woken.Dispose();
}
