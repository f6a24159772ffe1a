using Diagnostics.Engine;
using Diagnostics.Engine.Forms;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Storage;
using Diagnostics.Storage.ItemBank;

namespace Diagnostics.UseCases.ItemBank;

/// <summary>A stored facet, with its folder and the versions of its items.</summary>
internal sealed record StoredFacet(string Diagnostic, FacetVersion Version)
{
    internal Facet Facet => Version.Facet;
}

/// <summary>Builds facets from their rows.</summary>
internal static class StoredFacets
{
    internal static async Task<StoredFacet> Load(Db db, FacetRow row) => Of(row, await ItemStore.OfFacet(db, row.Code, row.Version));

    /// <summary>The latest version of every facet, in the order of their codes.</summary>
    internal static async Task<IReadOnlyList<StoredFacet>> LoadAll(Db db)
    {
        var facets = new List<StoredFacet>();
        foreach (var row in await FacetStore.AllLatest(db))
            facets.Add(await Load(db, row));
        return facets;
    }

    private static StoredFacet Of(FacetRow row, IReadOnlyList<ItemVersionRow> rows)
    {
        var items = rows.Select(item => ItemJson.Read(item.Content)).ToList();
        // The scoring rule is stored with every item, and is the same for all items of a facet.
        ScoringRule rule = items.Count > 0 ? items[0].Rule : new ExactRule();
        var facet = new Facet(
            Code: row.Code,
            Title: row.Title,
            Block: row.Block,
            Element: row.Element,
            Type: Codes.Parse<ItemType>(row.Type),
            Difficulty: row.Difficulty,
            Points: row.Points,
            Rule: rule,
            Status: Codes.Parse<ItemStatus>(row.Status),
            Author: row.Author,
            Reviewer: row.Reviewer,
            Items: items
        );
        return new(row.Diagnostic, new(facet, row.Version, rows.ToDictionary(item => item.Variant, item => item.Version)));
    }
}
