using Diagnostics.Storage;
using Diagnostics.Storage.Events;

namespace Diagnostics.UseCases.Feed;

/// <summary>
/// Gives a position in the feed to every committed event that has none, whichever node committed it and even if that
/// node no longer runs; then returns the last position. Every reader first asks for this position. All requests that
/// wait on the same node share a single query.
/// </summary>
internal sealed class EventFeed(Database database, IHostApplicationLifetime lifetime)
{
    private const int PlacedAtOnce = 1000;

    /// <summary>
    /// The greatest number of batches of events to which one reader gives positions. In an old database every past
    /// event may still need a position; a reader that reaches the limit then leaves the rest to the next reader.
    /// </summary>
    private const int BatchesAtOnce = 50;

    /// <summary>
    /// How often a node looks for events while somebody waits, and so the longest delay until it notices events from
    /// another node.
    /// </summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Lock gate = new();
    private Task<long> looking = Task.FromResult(0L);

    /// <summary>Returns the last position, after giving positions to the events committed before this call.</summary>
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
    /// Waits until there is an event after the position, but for at most <paramref name="atMost"/>, and no longer than
    /// the node runs.
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
        // When the node stops, the shared query may be cancelled before the token of this method is, although the same
        // stop cancels both.
        catch (OperationCanceledException) when (ends.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>
    /// The next query, which all requests that wait on this node share. However many wait, the database is queried once
    /// per interval.
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
