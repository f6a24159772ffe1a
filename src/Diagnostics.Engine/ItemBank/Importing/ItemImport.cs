using Diagnostics.Engine.Competencies;

namespace Diagnostics.Engine.ItemBank.Importing;

/// <summary>What an import is to write of items: only what differs from what is stored. Nothing stored is ever changed but a status.</summary>
public record ItemImport(
    IReadOnlyList<Framework> Frameworks,
    IReadOnlyList<NewItem> Items,
    IReadOnlyList<NewFacet> Facets,
    IReadOnlyList<StatusMove> Moves,
    IReadOnlyList<SeenFile> Seen,
    IReadOnlyList<Finding> Findings)
{
    /// <summary>Does it change the stored bank?</summary>
    public virtual bool IsEmpty => Frameworks.Count + Items.Count + Facets.Count + Moves.Count == 0;
}

public sealed record NewItem(Item Item, int Version, string Fingerprint);

/// <param name="Diagnostic">Folder of the bank it stands in.</param>
/// <param name="ItemVersions">Variant → version of the item.</param>
public sealed record NewFacet(Facet Facet, int Version, string Diagnostic, string Fingerprint, IReadOnlyDictionary<int, int> ItemVersions)
{
    /// <summary>The new version, with new versions of just the items that changed.</summary>
    /// <param name="known">Stored versions of items, by code.</param>
    public static (NewFacet Facet, IReadOnlyList<NewItem> Items) Of(Facet facet, int version, string diagnostic, string fingerprint, ILookup<string, StoredVersion> known)
    {
        var versions = new Dictionary<int, int>();
        var added = new List<NewItem>();
        foreach (var item in facet.Items)
        {
            var itemFingerprint = ItemJson.Fingerprint(item);
            var stored = known[item.Code].ToList();
            // Content that was stored before keeps its number, also when an author goes back to it.
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

/// <param name="Steps">Statuses to go through, the last one is the aim.</param>
public sealed record StatusMove(Facet Facet, int Version, ItemStatus From, IReadOnlyList<ItemStatus> Steps);
