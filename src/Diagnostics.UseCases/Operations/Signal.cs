using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
namespace Diagnostics.UseCases.Operations;

/// <summary>Tells a worker that there is something to do, so that it need not wait for its next look.</summary>
internal sealed class Signal<TWorker> : IDisposable
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
