namespace Diagnostics.Storage;

/// <summary>Answers those whose works were committed together.</summary>
internal static class Answers
{
    /// <summary>
    /// On the thread pool, a share of the batch to each core: waking a thread for every single save costs more than the
    /// save. Never on the thread that commits: what follows an answer may wait for another commit.
    /// </summary>
    internal static void Give<T>(T[] batch, Action<T> answer)
    {
        var share = (batch.Length + Environment.ProcessorCount - 1) / Environment.ProcessorCount;
        for (var from = 0; from < batch.Length; from += share)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static given =>
            {
                foreach (var one in given.Share) given.Answer(one);
            }, (Share: new ArraySegment<T>(batch, from, Math.Min(share, batch.Length - from)), Answer: answer), preferLocal: false);
        }
    }
}
