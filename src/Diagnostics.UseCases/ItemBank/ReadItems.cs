using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Storage.ItemBank;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.ItemBank;

/// <summary>An item in a list, as the latest version of its facet holds it.</summary>
/// <param name="Code">Facet code and variant, e.g. <c>math-percent-1</c>.</param>
/// <param name="Version">Version of the item.</param>
/// <param name="Variant">1–4.</param>
/// <param name="Difficulty">1 knowledge, 2 typical situation, 3 non-standard situation.</param>
/// <param name="Status">Of the facet's version.</param>
/// <param name="Stem">Markdown.</param>
public sealed record ItemSummary(
    string Code, int Version, string Facet, int FacetVersion, int Variant, ItemType Type, string Block, string Element, int Difficulty, Points Points, ItemStatus Status, string Stem);

/// <summary>One version of an item with all that its author wrote: key, rubric and solution too.</summary>
/// <param name="CreatedAt">When this version was stored; it never changes.</param>
public sealed record ItemVersionView(string Code, int Version, Instant CreatedAt, Item Item);

/// <summary>An item with its history.</summary>
/// <param name="Current">The version that the facet's latest version holds.</param>
/// <param name="Versions">All versions, oldest first.</param>
public sealed record ItemView(string Code, string Facet, int FacetVersion, ItemStatus Status, ItemVersionView Current, IReadOnlyList<VersionStamp> Versions);

/// <param name="Version">From 1.</param>
public sealed record VersionStamp(int Version, Instant CreatedAt);

internal static class ReadItems
{
    internal static readonly Refusal Unknown = Refusal.NotFound("item-not-found", "Такого задания или такой его версии нет.");

    internal static void Map(IEndpointRouteBuilder items)
    {
        items.MapGet("/", List).WithName("ListItems").WithSummary("Задания последних версий фасетов").AllowedTo(ItemBankStage.Staff);
        items.MapGet("/{code}", Read).WithName("GetItem").WithSummary("Задание с ключом и историей версий").AllowedTo(ItemBankStage.Staff);
        items.MapGet("/{code}/versions/{version:int}", ReadVersion).WithName("GetItemVersion").WithSummary("Одна версия задания").AllowedTo(ItemBankStage.Staff);
    }

    private static async Task<Results<Ok<Page<ItemSummary>>, ProblemHttpResult>> List(
        Transactions transactions, string? type, string? block, string? element, int? difficulty, string? status, string? after, int? limit)
    {
        if (type is not null && Codes.Find<ItemType>(type) is null) return Problems.From(Refusal.Invalid("unknown-item-type", $"Вида заданий «{type}» нет.").With("field", "type"));
        if (status is not null && Codes.Find<ItemStatus>(status) is null) return Problems.From(Refusal.Invalid("unknown-status", $"Состояния «{status}» нет.").With("field", "status"));
        var rows = await transactions.Read(db => ItemStore.Current(db, new(type, block, element, difficulty, status), after, Page<ItemSummary>.Take(limit)));
        return TypedResults.Ok(Page<ItemSummary>.Of(rows.Select(Summary).ToList(), limit, item => item.Code));
    }

    private static Task<Results<Ok<ItemView>, ProblemHttpResult>> Read(string code, Transactions transactions) => transactions.Read<Result<ItemView>>(async db =>
    {
        if (await ItemStore.FindCurrent(db, code) is not { } current) return Unknown;
        var versions = await ItemStore.Versions(db, code);
        return new ItemView(code, current.Facet, current.FacetVersion, Codes.Parse<ItemStatus>(current.Status), View(versions.Single(row => row.Version == current.Version)),
            versions.Select(row => new VersionStamp(row.Version, row.CreatedAt)).ToList());
    }).Ok();

    private static Task<Results<Ok<ItemVersionView>, ProblemHttpResult>> ReadVersion(string code, int version, Transactions transactions) =>
        transactions.Read<Result<ItemVersionView>>(async db => await ItemStore.Find(db, code, version) is { } row ? View(row) : Unknown).Ok();

    private static ItemVersionView View(ItemVersionRow row) => new(row.Code, row.Version, row.CreatedAt, ItemJson.Read(row.Content));

    private static ItemSummary Summary(CurrentItemRow row)
    {
        var item = ItemJson.Read(row.Content);
        return new(row.Code, row.Version, row.Facet, row.FacetVersion, row.Variant, item.Type, item.Block, item.Element, item.Difficulty, item.MaxPoints, Codes.Parse<ItemStatus>(row.Status), item.Stem);
    }
}
