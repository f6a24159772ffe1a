using Diagnostics.Engine.Competencies;

namespace Diagnostics.Engine.ItemBank.Importing;

/// <summary>
/// The items that an import must write: only differences from the database. In data already stored, only statuses ever
/// change.
/// </summary>
public record ItemImport(
    IReadOnlyList<Framework> Frameworks,
    IReadOnlyList<NewItem> Items,
    IReadOnlyList<NewFacet> Facets,
    IReadOnlyList<StatusMove> Moves,
    IReadOnlyList<SeenFile> Seen,
    IReadOnlyList<Finding> Findings
)
{
    /// <summary>Whether the import leaves the stored bank unchanged.</summary>
    public virtual bool IsEmpty => Frameworks.Count + Items.Count + Facets.Count + Moves.Count == 0;
}

public sealed record NewItem(Item Item, int Version, string Fingerprint);

/// <param name="Diagnostic">The facet's folder in the bank.</param>
/// <param name="ItemVersions">Variant → version of the item.</param>
public sealed record NewFacet(Facet Facet, int Version, string Diagnostic, string Fingerprint, IReadOnlyDictionary<int, int> ItemVersions)
{
    /// <summary>The new version of the facet, and new versions of only those items that changed.</summary>
    /// <param name="known">Stored versions of items, by code.</param>
    public static (NewFacet Facet, IReadOnlyList<NewItem> Items) Of(
        Facet facet,
        int version,
        string diagnostic,
        string fingerprint,
        ILookup<string, StoredVersion> known
    )
    {
        var versions = new Dictionary<int, int>();
        var added = new List<NewItem>();
        foreach (var item in facet.Items)
        {
            var itemFingerprint = ItemJson.Fingerprint(item);
            var stored = known[item.Code].ToList();
            // An author who returns to content that was stored before gets the old version number of that content
            // again.
            if (stored.FirstOrDefault(other => other.Fingerprint == itemFingerprint) is { } same)
            {
                versions[item.Variant] = same.Version;
                continue;
            }
            versions[item.Variant] = stored.Select(other => other.Version).DefaultIfEmpty().Max() + 1;
            added.Add(new(item, versions[item.Variant], itemFingerprint));
        }
        return (new(facet, version, diagnostic, fingerprint, versions), added);
    }
}

/// <param name="Steps">The statuses to go through; the last one is the goal.</param>
public sealed record StatusMove(Facet Facet, int Version, ItemStatus From, IReadOnlyList<ItemStatus> Steps);
