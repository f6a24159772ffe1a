namespace Diagnostics.Storage;

/// <summary>How one engine opens connections and runs works; <see cref="Database"/> says what each of these promises.</summary>
internal abstract class Backend : IAsyncDisposable
{
    internal abstract SqlDialect Dialect { get; }

    internal abstract bool MigratesItself { get; }

    /// <summary>The database's file; null on a server.</summary>
    internal abstract string? File { get; }

    internal abstract int QueueLength { get; }

    internal abstract Task<T> Read<T>(Func<Db, Task<T>> work);

    internal abstract Task<T> Write<T>(Func<Db, Task<T>> work, Isolation isolation, Func<Db, Task>? first);

    internal abstract Task<T> WriteStatement<T>(Func<Db, Task<T>> statement);

    internal abstract Task<TResult> WriteBatched<TItem, TResult>(BatchedWrite<TItem, TResult> kind, TItem item) where TResult : class;

    internal abstract Task<T> ChangeSchema<T>(Func<Db, Task<T>> work);

    public abstract ValueTask DisposeAsync();
}
