namespace Diagnostics.Engine.ItemBank.Importing;

/// <summary>What the database holds of a bank's items, as far as an import must know it to decide what is new.</summary>
/// <param name="Frameworks">Code and version → fingerprint.</param>
/// <param name="Facets">Code → latest version.</param>
/// <param name="Items">Code → all versions.</param>
/// <param name="Seen">What each file held when it was last imported (<see cref="SeenFile"/>).</param>
public record StoredItems(
    IReadOnlyDictionary<(string Code, int Version), string> Frameworks,
    IReadOnlyDictionary<string, StoredFacetVersion> Facets,
    ILookup<string, StoredVersion> Items,
    IReadOnlySet<SeenFile> Seen);

public sealed record StoredVersion(int Version, string Fingerprint);

/// <param name="Used">A form holds it: it never goes back to draft.</param>
public sealed record StoredFacetVersion(int Version, string Fingerprint, ItemStatus Status, bool Used);

/// <summary>
/// A file that did not change since its last import asks for nothing, even when the database has gone on: a version
/// written or moved through the API is not undone by the older file at the next start.
/// </summary>
/// <param name="Kind"><c>facet</c>, or the kind of a later stage.</param>
public sealed record SeenFile(string Kind, string Code, string Fingerprint)
{
    public static SeenFile Of(Facet facet, string contentFingerprint) =>
        new("facet", facet.Code, Digest.Of($"{contentFingerprint}\n{Codes.Of(facet.Status)}\n{facet.Reviewer}"));
}
