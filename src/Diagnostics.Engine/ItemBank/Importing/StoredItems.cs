namespace Diagnostics.Engine.ItemBank.Importing;

/// <summary>The stored items of a bank, as far as an import needs them to decide which content is new.</summary>
/// <param name="Frameworks">Code and version → fingerprint.</param>
/// <param name="Facets">Code → latest version.</param>
/// <param name="Items">Code → all versions.</param>
/// <param name="Seen">The content of each file at its last import (<see cref="SeenFile"/>).</param>
public record StoredItems(
    IReadOnlyDictionary<(string Code, int Version), string> Frameworks,
    IReadOnlyDictionary<string, StoredFacetVersion> Facets,
    ILookup<string, StoredVersion> Items,
    IReadOnlySet<SeenFile> Seen
);

public sealed record StoredVersion(int Version, string Fingerprint);

/// <param name="Used">Whether a form contains the version; if one does, the version never goes back to draft.</param>
public sealed record StoredFacetVersion(int Version, string Fingerprint, ItemStatus Status, bool Used);

/// <summary>
/// The state of a file at its last import. An import ignores an unchanged file, even when the database has changed in
/// the meantime: otherwise, at the next start, the older file would undo a version or a status that was set through the
/// API.
/// </summary>
/// <param name="Kind"><c>facet</c>, or a kind that a later stage adds.</param>
public sealed record SeenFile(string Kind, string Code, string Fingerprint)
{
    public static SeenFile Of(Facet facet, string contentFingerprint) =>
        new("facet", facet.Code, Digest.Of($"{contentFingerprint}\n{Codes.Of(facet.Status)}\n{facet.Reviewer}"));
}
