namespace Diagnostics.UseCases.Access;

/// <summary>
/// A queue that takes turns between shares: however many wait in one share, every other share gets its turn. Inside a
/// share, late items go after the others, except that every fourth turn goes to a late one. Not thread-safe.
/// </summary>
/// <param name="places">Places in the queue for all shares together. When all are taken, the longest share gives one
/// up.</param>
/// <param name="ofShare">Places in the queue for each share.</param>
internal sealed class FairQueue<T>(int places, int ofShare)
{
    private const int EveryFourth = 4;

    private readonly Dictionary<string, Share> shares = [];
    private readonly Queue<Share> turns = new();
    private int count;

    /// <param name="late">Whether the item goes after those items of its share that are not late, and gives up its
    /// place to them.</param>
    /// <param name="pushedOut">The item that lost its place to this one.</param>
    /// <returns>False when there was no place for the item.</returns>
    internal bool TryAdd(string share, bool late, T item, out T? pushedOut)
    {
        pushedOut = default;
        var own = shares.GetValueOrDefault(share) ?? new Share(share);
        if (own.Count >= ofShare)
        {
            if (late || own.Late.Count == 0)
                return false;
            pushedOut = own.RemoveLast();
            count--;
        }
        else if (count >= places)
        {
            var longest = shares.Values.MaxBy(each => each.Count)!;
            if (longest.Count <= own.Count + 1)
                return false;
            pushedOut = longest.RemoveLast();
            count--;
        }
        if (own.Count == 0 && shares.TryAdd(share, own))
            turns.Enqueue(own);
        (late ? own.Late : own.First).AddLast(item);
        count++;
        return true;
    }

    internal bool TryTake(out T? item)
    {
        item = default;
        if (!turns.TryDequeue(out var share))
            return false;
        item = share.Take();
        count--;
        if (share.Count > 0)
            turns.Enqueue(share);
        else
            shares.Remove(share.Name);
        return true;
    }

    private sealed class Share(string name)
    {
        private int taken;

        internal string Name => name;

        internal LinkedList<T> First { get; } = new();

        internal LinkedList<T> Late { get; } = new();

        internal int Count => First.Count + Late.Count;

        internal T Take()
        {
            var from = First.Count == 0 || (Late.Count > 0 && ++taken % EveryFourth == 0) ? Late : First;
            var item = from.First!.Value;
            from.RemoveFirst();
            return item;
        }

        internal T RemoveLast()
        {
            var from = Late.Count > 0 ? Late : First;
            var item = from.Last!.Value;
            from.RemoveLast();
            return item;
        }
    }
}
