using Diagnostics.Engine.ItemBank;
using Diagnostics.Server.Forms;
using Diagnostics.Storage;
using Diagnostics.Storage.Sessions;
using Microsoft.Extensions.Caching.Memory;

namespace Diagnostics.Server.Sessions;

/// <summary>What never changes about a session: who takes it, which items in which order.</summary>
internal sealed class SessionFacts(Guid id, Guid participantId, IReadOnlyList<FormSlot> slots, long shuffleSeed)
{
    private readonly Presentation[] items = [.. slots.Select(slot => new Presentation(slot.Item, shuffleSeed))];

    internal Guid Id { get; } = id;

    internal Guid ParticipantId { get; } = participantId;

    /// <summary>Null where the variant has no such slot.</summary>
    internal Presentation? Find(int slot)
    {
        for (var place = 0; place < slots.Count; place++)
            if (slots[place].Slot == slot) return items[place];
        return null;
    }

    /// <summary>An item that somebody answered.</summary>
    internal Presentation Get(int slot) => Find(slot) ?? throw new InvalidOperationException($"Session {Id} has no slot {slot}.");

    internal IEnumerable<PresentedItem> Show() => slots.Zip(items, (slot, item) => item.Show(slot.Slot));
}

/// <summary>
/// Remembers facts of sessions, so that a save costs one statement. Only facts that no one can change are kept: state,
/// time and answers are always the database's.
/// </summary>
internal sealed class SessionDirectory(Database database, FormCatalog forms) : IDisposable
{
    // At about 2.5 KB each: more people at once than one node is given.
    private const int Capacity = 100_000;
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);

    private readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = Capacity });

    internal async ValueTask<SessionFacts?> Find(Guid id)
    {
        if (known.TryGetValue(id, out SessionFacts? facts)) return facts;
        if (await database.Read(db => SessionStore.Find(db, id)) is not { } row) return null;
        var form = await forms.Get(row.FormId);
        facts = new(row.Id, row.ParticipantId, form.Variants[row.Variant], row.ShuffleSeed);
        return known.Set(id, facts, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = Idle });
    }

    public void Dispose() => known.Dispose();
}
