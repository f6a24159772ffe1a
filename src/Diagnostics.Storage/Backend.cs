namespace Diagnostics.Storage;

/// <summary>
/// How one engine opens connections and runs units of work; <see cref="Database"/> states the promise of each method.
/// </summary>
internal abstract class Backend : IAsyncDisposable
{
    internal abstract SqlDialect Dialect { get; }

    internal abstract bool MigratesItself { get; }

    /// <summary>The database's file; null on a server.</summary>
    internal abstract string? File { get; }

    internal abstract int QueueLength { get; }

    /// <summary>Labels of every measurement of this database; none where a process has only one.</summary>
    internal KeyValuePair<string, object?>[] Labels { get; set; } = [];

    internal abstract Task<T> Read<T>(Func<Db, Task<T>> work);

    internal abstract Task<T> Write<T>(Func<Db, Task<T>> work, Isolation isolation, Func<Db, Task>? first);

    internal abstract Task<T> WriteStatement<T>(Func<Db, Task<T>> statement);

    internal abstract Task<TResult> WriteBatched<TItem, TResult>(BatchedWrite<TItem, TResult> kind, TItem item)
        where TResult : class;

    internal abstract Task<T> ChangeSchema<T>(Func<Db, Task<T>> work);

    internal virtual Task ForgetLog() => Task.CompletedTask;

    public abstract ValueTask DisposeAsync();
}

/// <summary>A write that many callers make at the same time; one commit may serve them all.</summary>
/// <param name="alone">Writes one item, in a single statement where possible.</param>
/// <param name="atOnce">
/// Writes many items on a server with many writers, in one message, and ends when the server has committed them. A null
/// result means that the item needs separate treatment; it is then written alone.
/// </param>
internal sealed class BatchedWrite<TItem, TResult>(
    Func<Db, TItem, Task<TResult>> alone,
    Func<Db, IReadOnlyList<TItem>, Task<TResult?[]>> atOnce
)
    where TResult : class
{
    internal Task<TResult> Alone(Db db, TItem item) => alone(db, item);

    internal Task<TResult?[]> AtOnce(Db db, IReadOnlyList<TItem> items) => atOnce(db, items);
}
