namespace Diagnostics.Storage;

/// <summary>Resumes the callers whose units of work were in the same batch.</summary>
internal static class BatchCompletion
{
    /// <summary>
    /// Resumes the callers on the thread pool. Each core resumes a share of the callers, because waking a thread for
    /// every save would cost more than the save. The committing thread never resumes callers itself, because the code
    /// after a unit of work may wait for another commit.
    /// </summary>
    internal static void OnAllCores<T>(T[] batch, Action<T> complete)
    {
        var share = (batch.Length + Environment.ProcessorCount - 1) / Environment.ProcessorCount;
        for (var from = 0; from < batch.Length; from += share)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static given =>
                {
                    foreach (var one in given.Share)
                        given.Complete(one);
                },
                (Share: new ArraySegment<T>(batch, from, Math.Min(share, batch.Length - from)), Complete: complete),
                preferLocal: false
            );
        }
    }
}
