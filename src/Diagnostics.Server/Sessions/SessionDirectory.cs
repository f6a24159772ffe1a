using Diagnostics.Engine.ItemBank;
using Diagnostics.Server.Forms;
using Diagnostics.Storage;
using Diagnostics.Storage.Sessions;
using Microsoft.Extensions.Caching.Memory;

namespace Diagnostics.Server.Sessions;

/// <summary>What never changes about a session: who takes it, which items in which order.</summary>
/// <param name="Form">Shared by all who sit it.</param>
internal sealed record SessionFacts(Guid Id, Guid ParticipantId, int Variant, long ShuffleSeed, FormContent Form)
{
    /// <summary>
    /// An item as this person sees it; null where the variant has no such slot. Shuffled whenever it is asked for, a matter
    /// of a microsecond: all items of everybody who sits at once would be a gigabyte.
    /// </summary>
    internal Presentation? Item(int slot) => Form.Find(Variant, slot) is { } place ? new(place.Item, ShuffleSeed) : null;

    internal IEnumerable<PresentedItem> Show() => Form.Variants[Variant].OrderBy(place => place.Slot).Select(place => new Presentation(place.Item, ShuffleSeed).Show(place.Slot));
}

/// <summary>
/// Remembers facts of sessions, so that a save costs one statement. Only facts that no one can change are kept: state,
/// time and answers are always the database's.
/// </summary>
internal sealed class SessionDirectory(Database database, FormCatalog forms) : IDisposable
{
    // Of the whole country's 130,000 any may come to any node. A few hundred bytes each.
    private const int Capacity = 200_000;
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);

    private readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = Capacity });

    internal async ValueTask<SessionFacts?> Find(Guid id)
    {
        if (known.TryGetValue(id, out SessionFacts? facts)) return facts;
        if (await database.Read(db => SessionStore.Find(db, id)) is not { } row) return null;
        facts = new(row.Id, row.ParticipantId, row.Variant, row.ShuffleSeed, await forms.Get(row.FormId));
        return known.Set(id, facts, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = Idle });
    }

    public void Dispose() => known.Dispose();
}
