namespace Diagnostics.Storage;

/// <summary>Lets those go on whose works were committed together.</summary>
internal static class BatchCompletion
{
    /// <summary>
    /// On the thread pool, a share of the batch to each core: waking a thread for every single save costs more than the
    /// save. Never on the thread that commits: what follows a work may wait for another commit.
    /// </summary>
    internal static void OnAllCores<T>(T[] batch, Action<T> complete)
    {
        var share = (batch.Length + Environment.ProcessorCount - 1) / Environment.ProcessorCount;
        for (var from = 0; from < batch.Length; from += share)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static given =>
            {
                foreach (var one in given.Share) given.Complete(one);
            }, (Share: new ArraySegment<T>(batch, from, Math.Min(share, batch.Length - from)), Complete: complete), preferLocal: false);
        }
    }
}
