namespace Diagnostics.Storage;

/// <summary>A write that many callers make at once and that may be committed for all of them together.</summary>
/// <param name="alone">One item, in a single statement where nothing is in its way.</param>
/// <param name="atOnce">
/// Many items on a server with many writers, sent in one piece; it ends when the server has committed it. Null in place of
/// what needs a look of its own, which then is written alone.
/// </param>
internal sealed class BatchedWrite<TItem, TResult>(Func<Db, TItem, Task<TResult>> alone, Func<Db, IReadOnlyList<TItem>, Task<TResult?[]>> atOnce)
    where TResult : class
{
    internal Task<TResult> Alone(Db db, TItem item) => alone(db, item);

    internal Task<TResult?[]> AtOnce(Db db, IReadOnlyList<TItem> items) => atOnce(db, items);
}
