using System.Collections.Concurrent;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using NodaTime;

namespace Diagnostics.UseCases.Execution;

/// <summary>
/// Records in the audit trail who has seen whose data. A page that refreshes itself shows the same people again and
/// again, so a member of staff's look at the same thing is recorded once in each quarter of an hour on each node; a
/// person who was not on the list before is recorded at once. Each look of a portal is recorded, because what a portal
/// has read leaves the service.
/// </summary>
internal sealed class Looks(Database database, IClock clock)
{
    internal static readonly Duration Quarter = Duration.FromMinutes(15);

    /// <summary>
    /// Beyond this number of looks in a quarter of an hour, repetitions are recorded again. They never fill the memory.
    /// </summary>
    private const int Remembered = 200_000;

    private volatile Noted noted = new(0);

    /// <summary>Ends when the look is recorded, or was recorded before.</summary>
    internal Task Note(Caller caller, string action, Looked looked) =>
        // A participant's account sees nothing but the person's own data: the use case's access rule requires it.
        caller.ParticipantId
            is not null
            ? Task.CompletedTask
            : Record(caller.Id, action, looked, always: caller.ClientId is not null);

    /// <summary>Records what an actor did, unless the same was recorded in this quarter of an hour.</summary>
    internal Task Once(string actor, string action, Looked looked) => Record(actor, action, looked, always: false);

    private async Task Record(string actor, string action, Looked looked, bool always)
    {
        if (AuditStore.IsSilent)
            return;
        var now = clock.GetCurrentInstant();
        var noted = Current(now);
        var whole = new Seen(actor, action, looked.Subject, null);
        var fresh = (looked.People.Count == 0 ? [whole] : looked.People.Select(person => whole with { Person = person }))
            .Where(seen => always || !noted.Has(seen))
            .ToList();
        if (fresh.Count == 0)
            return;
        var people = fresh.Select(seen => seen.Person).OfType<Guid>().ToList();
        await database.Write(db => LookStore.Append(db, now, actor, action, looked.Subject, people, looked.Details));
        // Remember a look only once it is durable: nobody may see anything on the strength of an entry that is lost.
        foreach (var seen in fresh)
            noted.Add(seen);
    }

    private Noted Current(Instant now)
    {
        var quarter = now.ToUnixTimeTicks() / Quarter.BclCompatibleTicks;
        var current = noted;
        return current.Quarter == quarter && current.Count < Remembered ? current : noted = new(quarter);
    }

    private readonly record struct Seen(string Actor, string Action, string Subject, Guid? Person);

    private sealed class Noted(long quarter)
    {
        private readonly ConcurrentDictionary<Seen, bool> looks = new();
        private int count;

        internal long Quarter => quarter;

        // The dictionary's own count would lock all of it.
        internal int Count => Volatile.Read(ref count);

        internal bool Has(Seen seen) => looks.ContainsKey(seen);

        internal void Add(Seen seen)
        {
            if (looks.TryAdd(seen, true))
                Interlocked.Increment(ref count);
        }
    }
}
