using Diagnostics.Engine.ItemBank;
using Diagnostics.Storage;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Microsoft.Extensions.Caching.Memory;
using NodaTime;

namespace Diagnostics.UseCases.Sessions;

/// <summary>
/// Facts of a session that never change after it has begun: the person, and the items with their order.
/// </summary>
/// <param name="slots">Slots of the session's variant, in order; all sessions with this variant share the list.</param>
internal sealed class SessionFacts(Guid id, Guid participantId, IReadOnlyList<FormSlot> slots, long shuffleSeed)
{
    // The shuffled order of each item is kept, because shuffling takes longer than all the other work of a save before
    // the write.
    private readonly int[][] orders = [.. slots.Select(slot => Presentation.Shuffle(slot.Item, shuffleSeed))];

    private long seenAt;

    internal Guid Id { get; } = id;

    internal Guid ParticipantId { get; } = participantId;

    /// <summary>When the person's device last asked this node for something; null when it has not done so.</summary>
    internal Instant? SeenAt => Volatile.Read(ref seenAt) is > 0 and var ticks ? Instant.FromUnixTimeTicks(ticks) : null;

    internal void See(Instant now) => Volatile.Write(ref seenAt, now.ToUnixTimeTicks());

    /// <summary>An item as this person sees it; null when the variant has no such slot.</summary>
    internal Presentation? Item(int slot)
    {
        for (var place = 0; place < slots.Count; place++)
            if (slots[place].Slot == slot)
                return new(slots[place].Item, orders[place]);
        return null;
    }

    internal IEnumerable<PresentedItem> Show() => slots.Zip(orders, (slot, order) => new Presentation(slot.Item, order).Show(slot.Slot));
}

/// <summary>
/// Remembers facts of sessions, so that a save takes only one SQL statement. It remembers only facts that nobody can
/// change. State, time and answers always come from the database; so does the variant until the session begins, because
/// it is drawn again when the person is moved.
/// </summary>
internal sealed class SessionDirectory(Database database, FormCatalog forms, IClock clock) : IDisposable
{
    // Requests for any of the whole country's 130,000 sessions may come to any node. Each session takes about 1.5 KB.
    private const int Capacity = 200_000;
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);

    private readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = Capacity });

    internal ValueTask<SessionFacts?> Find(Guid id) => known.TryGetValue(id, out SessionFacts? facts) ? new(facts) : Load(id);

    /// <returns>Null when there is no such session, and for another person's session.</returns>
    internal async ValueTask<SessionFacts?> FindOwn(Guid id, Caller caller)
    {
        if (await Find(id) is not { } facts || facts.ParticipantId != caller.ParticipantId || !caller.Opens(id))
            return null;
        facts.See(clock.GetCurrentInstant());
        return facts;
    }

    /// <summary>
    /// When the person's device last asked this node for something. It is kept in memory only, so that a save writes
    /// nothing more for it; where there are several nodes, each knows only of its own requests.
    /// </summary>
    internal Instant? SeenAt(Guid id) => known.TryGetValue(id, out SessionFacts? facts) ? facts!.SeenAt : null;

    private async ValueTask<SessionFacts?> Load(Guid id)
    {
        if (await database.Read(db => SessionStore.Find(db, id)) is not { } row)
            return null;
        var facts = await Of(row);
        if (row.StartedAt is not null)
            Remember(facts);
        return facts;
    }

    /// <summary>
    /// Builds the facts of a session from its row; when the session is about to begin, the row must be locked.
    /// </summary>
    internal async ValueTask<SessionFacts> Of(SessionRow row) =>
        new(row.Id, row.ParticipantId, (await forms.Get(row.FormId)).Variants[row.Variant], row.ShuffleSeed);

    /// <summary>Remembers a session that has begun.</summary>
    internal void Remember(SessionFacts facts) =>
        known.Set(facts.Id, facts, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = Idle });

    public void Dispose() => known.Dispose();
}
