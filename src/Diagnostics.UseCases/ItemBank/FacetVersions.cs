using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Importing;
using Diagnostics.Storage;
using Diagnostics.Storage.ItemBank;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.ItemBank;

/// <summary>Writes versions of items and facets and their moves, for imports and for people alike.</summary>
internal static class FacetVersions
{
    internal static Task Add(Db db, NewItem item, Instant now) => ItemStore.Add(db, new()
    {
        Code = item.Item.Code,
        Version = item.Version,
        Facet = item.Item.Facet,
        Variant = item.Item.Variant,
        Content = ItemJson.Write(item.Item),
        Fingerprint = item.Fingerprint,
        CreatedAt = now,
    });

    internal static async Task Add(Db db, NewFacet added, Instant now)
    {
        var facet = added.Facet;
        await FacetStore.Add(db, new()
        {
            Code = facet.Code,
            Version = added.Version,
            Diagnostic = added.Diagnostic,
            Title = facet.Title,
            Block = facet.Block,
            Element = facet.Element,
            Type = Codes.Of(facet.Type),
            Difficulty = facet.Difficulty,
            Points = facet.Points,
            Status = Codes.Of(facet.Status),
            Author = facet.Author,
            Reviewer = facet.Reviewer,
            Fingerprint = added.Fingerprint,
            CreatedAt = now,
        });
        foreach (var item in facet.Items)
            await ItemStore.Link(db, facet.Code, added.Version, item.Variant, item.Code, added.ItemVersions[item.Variant]);
    }

    /// <summary>False when the version is no longer in <paramref name="from"/>.</summary>
    internal static async Task<bool> Move(Db db, string code, int version, ItemStatus from, ItemStatus to, string? reviewer, string actor, string? reason, Instant now)
    {
        if (!await FacetStore.Move(db, code, version, Codes.Of(from), Codes.Of(to), reviewer)) return false;
        await Record(db, code, version, from, to, actor, reason, now);
        return true;
    }

    internal static Task Record(Db db, string code, int version, ItemStatus from, ItemStatus to, string actor, string? reason, Instant now) => FacetStore.AddTransition(db, new()
    {
        Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
        FacetCode = code,
        FacetVersion = version,
        FromStatus = Codes.Of(from),
        ToStatus = Codes.Of(to),
        Actor = actor,
        Reason = reason,
        At = now,
    });
}
