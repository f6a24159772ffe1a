using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Importing;
using Diagnostics.Storage;
using Diagnostics.Storage.ItemBank;
using NodaTime;

namespace Diagnostics.UseCases.ItemBank;

/// <summary>A change in the status of a facet version.</summary>
internal sealed record FacetMove
{
    internal required string Code { get; init; }

    internal required int Version { get; init; }

    internal required ItemStatus From { get; init; }

    internal required ItemStatus To { get; init; }

    internal required string Actor { get; init; }

    internal string? Reason { get; init; }

    internal required Instant At { get; init; }
}

/// <summary>
/// Writes versions of items and facets, and their changes of status, for imports and for people alike.
/// </summary>
internal static class FacetVersions
{
    internal static Task Add(Db db, NewItem item, Instant now) =>
        ItemStore.Add(
            db,
            new()
            {
                Code = item.Item.Code,
                Version = item.Version,
                Facet = item.Item.Facet,
                Variant = item.Item.Variant,
                Content = ItemJson.Write(item.Item),
                Fingerprint = item.Fingerprint,
                CreatedAt = now,
            }
        );

    internal static async Task Add(Db db, NewFacet added, Instant now)
    {
        var facet = added.Facet;
        await FacetStore.Add(
            db,
            new()
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
            }
        );
        foreach (var item in facet.Items)
            await ItemStore.Link(db, facet.Code, added.Version, item.Variant, item.Code, added.ItemVersions[item.Variant]);
    }

    /// <summary>
    /// Changes a version's status. Returns false when the version no longer has the status from which it should move.
    /// </summary>
    internal static async Task<bool> Move(Db db, FacetMove move, string? reviewer)
    {
        if (!await FacetStore.Move(db, move.Code, move.Version, Codes.Of(move.From), Codes.Of(move.To), reviewer))
            return false;
        await Record(db, move);
        return true;
    }

    internal static Task Record(Db db, FacetMove move) =>
        FacetStore.AddTransition(
            db,
            new()
            {
                Id = Guid.CreateVersion7(move.At.ToDateTimeOffset()),
                FacetCode = move.Code,
                FacetVersion = move.Version,
                FromStatus = Codes.Of(move.From),
                ToStatus = Codes.Of(move.To),
                Actor = move.Actor,
                Reason = move.Reason,
                At = move.At,
            }
        );
}
