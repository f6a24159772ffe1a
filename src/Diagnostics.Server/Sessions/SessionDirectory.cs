using Diagnostics.Engine.ItemBank;
using Diagnostics.Server.Forms;
using Diagnostics.Storage;
using Diagnostics.Storage.Sessions;
using Microsoft.Extensions.Caching.Memory;

namespace Diagnostics.Server.Sessions;

/// <summary>What never changes about a session: who takes it, which items in which order.</summary>
internal sealed record SessionFacts(Guid Id, Guid ParticipantId, Guid FormId, int Variant, IReadOnlyDictionary<int, Presentation> Items)
{
    internal IEnumerable<PresentedItem> Show() => Items.OrderBy(item => item.Key).Select(item => item.Value.Show(item.Key));
}

/// <summary>
/// Remembers facts of sessions, so that a save costs one statement. Only facts that no one can change are kept: state,
/// time and answers are always the database's.
/// </summary>
internal sealed class SessionDirectory(Database database, FormCatalog forms) : IDisposable
{
    private const int Capacity = 20_000;
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);

    private readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = Capacity });

    internal async ValueTask<SessionFacts?> Find(Guid id)
    {
        if (known.TryGetValue(id, out SessionFacts? facts)) return facts;
        if (await database.Read(db => SessionStore.Find(db, id)) is not { } row) return null;
        var form = await forms.Get(row.FormId);
        facts = new(row.Id, row.ParticipantId, row.FormId, row.Variant,
            form.Variants[row.Variant].ToDictionary(slot => slot.Slot, slot => new Presentation(slot.Item, row.ShuffleSeed)));
        return known.Set(id, facts, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = Idle });
    }

    public void Dispose() => known.Dispose();
}
