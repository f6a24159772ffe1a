using Diagnostics.Storage;
using Diagnostics.Storage.Events;

namespace Diagnostics.UseCases.Feed;

/// <summary>
/// Finds where the feed ends now. Every reader asks this first: committed events without a position get one, whichever
/// node committed them and whether or not it is still running. All requests that wait on a node share one query.
/// </summary>
internal sealed class EventFeed(Database database, IHostApplicationLifetime lifetime)
{
    private const int PlacedAtOnce = 1000;

    /// <summary>
    /// Most batches that one reader places: an old database has its whole history to place, and the next reader
    /// continues.
    /// </summary>
    private const int BatchesAtOnce = 50;

    /// <summary>
    /// How often a node looks while somebody waits, and so the longest delay until it notices another node's events.
    /// </summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Lock gate = new();
    private Task<long> looking = Task.FromResult(0L);

    /// <summary>The last position, after everything committed before this call got one.</summary>
    internal async Task<long> End()
    {
        for (var batch = 1; ; batch++)
        {
            var (left, last) = await database.Read(async db => (await EventStore.HasUnplaced(db), await EventStore.LastPosition(db)));
            if (!left || batch > BatchesAtOnce)
                return last;
            await database.Write(db => EventStore.Place(db, PlacedAtOnce), Isolation.Guarded);
        }
    }

    /// <summary>
    /// Ends when there is an event after the position, after <paramref name="atMost"/>, or when the node stops.
    /// </summary>
    /// <returns>Whether there is an event.</returns>
    internal async Task<bool> WaitBehind(long position, TimeSpan atMost, CancellationToken cancel)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
        ends.CancelAfter(atMost);
        try
        {
            while (await Look().WaitAsync(ends.Token) <= position) { }
            return true;
        }
        // When the node stops, the shared look may be cancelled before the token that is linked to the same stop.
        catch (OperationCanceledException) when (ends.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>
    /// The next query, shared by all requests that wait on this node: however many wait, the database is asked once per
    /// interval.
    /// </summary>
    private Task<long> Look()
    {
        lock (gate)
            return looking.IsCompleted ? looking = Next() : looking;

        async Task<long> Next()
        {
            await Task.Delay(Interval, lifetime.ApplicationStopping);
            return await End();
        }
    }
}
