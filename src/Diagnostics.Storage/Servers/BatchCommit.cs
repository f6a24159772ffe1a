using System.Data.Common;
using System.Threading.Channels;

namespace Diagnostics.Storage.Servers;

/// <summary>
/// Writes similar items of many callers together, on a server with many writers. Each of a few connections takes the
/// waiting items, writes them in one transaction, and answers each caller after the commit. While commits are being
/// flushed the next batches gather, so throughput rises with load and nobody waits for a timer.
/// </summary>
internal abstract class BatchCommit : IAsyncDisposable
{
    /// <summary>
    /// Two writers, because the server works for one while it flushes the commit of the other. Each further writer
    /// would make the batches smaller, and smaller batches cost the server more.
    /// </summary>
    internal const int Writers = 2;

    internal abstract int QueueLength { get; }

    public abstract ValueTask DisposeAsync();
}

/// <inheritdoc/>
internal sealed class BatchCommit<TItem, TResult> : BatchCommit
    where TResult : class
{
    private const int QueueLimit = 8192;

    // The most items in a batch: few enough that other requests can be read and answered while a batch is being written
    // and flushed.
    private const int BatchLimit = 128;

    private readonly Channel<Waiting> queue = Channel.CreateBounded<Waiting>(QueueLimit);
    private readonly Func<IReadOnlyList<TItem>, Task<TResult?[]>> commit;
    private readonly Func<TItem, Task<TResult>> alone;
    private readonly Action<long, int> committed;
    private readonly Task[] writers;

    /// <param name="commit">Ends when the batch is durable; gives null for items that must be written alone.</param>
    /// <param name="alone">Writes an item that the batch left out, in a transaction of its own.</param>
    /// <param name="committed">Learns when a batch began and how many items it had.</param>
    internal BatchCommit(Func<IReadOnlyList<TItem>, Task<TResult?[]>> commit, Func<TItem, Task<TResult>> alone, Action<long, int> committed)
    {
        (this.commit, this.alone, this.committed) = (commit, alone, committed);
        writers = Enumerable.Range(0, Writers).Select(_ => Task.Run(Run)).ToArray();
    }

    internal override int QueueLength => queue.Reader.Count;

    internal Task<TResult> Enqueue(TItem item)
    {
        var one = new Waiting(item);
        return queue.Writer.TryWrite(one) ? one.Answer.Task : throw new DatabaseBusyException();
    }

    public override async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await Task.WhenAll(writers);
    }

    private async Task Run()
    {
        var batch = new List<Waiting>(BatchLimit);
        while (await queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < BatchLimit && queue.Reader.TryRead(out var one))
                batch.Add(one);
            if (batch.Count > 0)
                await Commit(batch);
            batch.Clear();
        }
    }

    private async Task Commit(List<Waiting> batch)
    {
        try
        {
            var begun = StorageMeters.Begin();
            var results = await commit(batch.ConvertAll(one => one.Item));
            committed(begun, batch.Count);
            Give(batch, place => results[place]);
        }
        // There was a deadlock with other units of work, or the database refuses one item. Each item is then written
        // alone, so that none fails because of another.
        catch (DbException)
        {
            Give(batch, _ => null);
        }
        catch (Exception fault)
        {
            BatchCompletion.OnAllCores(batch.ToArray(), one => one.Answer.TrySetException(fault));
        }
    }

    /// <param name="result">Returns the result of the item at an index; null for an item that must be written
    /// alone.</param>
    private void Give(List<Waiting> batch, Func<int, TResult?> result)
    {
        var outcomes = batch.Select((one, place) => (One: one, Result: result(place))).ToArray();
        BatchCompletion.OnAllCores(
            outcomes,
            outcome =>
            {
                if (outcome.Result is null)
                    _ = WriteByItself(outcome.One);
                else
                    outcome.One.Answer.SetResult(outcome.Result);
            }
        );
    }

    private async Task WriteByItself(Waiting one)
    {
        try
        {
            one.Answer.SetResult(await alone(one.Item));
        }
        catch (Exception fault)
        {
            one.Answer.SetException(fault);
        }
    }

    private sealed class Waiting(TItem item)
    {
        internal TItem Item { get; } = item;

        // The continuation is short, so it runs on the thread that answers the batch.
        internal TaskCompletionSource<TResult> Answer { get; } = new();
    }
}
