using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Storage.ItemBank;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.ItemBank;

/// <summary>An item in a list, from the latest version of its facet.</summary>
/// <param name="Code">Facet code and variant, e.g. <c>math-percent-1</c>.</param>
/// <param name="Version">Version of the item.</param>
/// <param name="Variant">Number of the variant, 1–4.</param>
/// <param name="Difficulty">Difficulty: 1 for knowledge, 2 for a typical situation, 3 for a non-standard
/// situation.</param>
/// <param name="Status">Status of the facet's version.</param>
/// <param name="Stem">The task, in Markdown.</param>
public sealed record ItemSummary(
    string Code,
    int Version,
    string Facet,
    int FacetVersion,
    int Variant,
    ItemType Type,
    string Block,
    string Element,
    int Difficulty,
    Points Points,
    ItemStatus Status,
    string Stem
)
{
    internal static ItemSummary Of(CurrentItemRow row)
    {
        var item = ItemJson.Read(row.Content);
        return new(
            Code: row.Code,
            Version: row.Version,
            Facet: row.Facet,
            FacetVersion: row.FacetVersion,
            Variant: row.Variant,
            Type: item.Type,
            Block: item.Block,
            Element: item.Element,
            Difficulty: item.Difficulty,
            Points: item.MaxPoints,
            Status: Codes.Parse<ItemStatus>(row.Status),
            Stem: item.Stem
        );
    }
}

/// <summary>
/// One version of an item with everything that its author wrote, including the key, the rubric and the solution.
/// </summary>
/// <param name="CreatedAt">When this version, which never changes, was stored.</param>
public sealed record ItemVersionView(string Code, int Version, Instant CreatedAt, Item Item)
{
    internal static ItemVersionView Of(ItemVersionRow row) => new(row.Code, row.Version, row.CreatedAt, ItemJson.Read(row.Content));
}

/// <summary>An item with its history.</summary>
/// <param name="Current">The version of the item in the facet's latest version.</param>
/// <param name="Versions">All versions, oldest first.</param>
public sealed record ItemView(
    string Code,
    string Facet,
    int FacetVersion,
    ItemStatus Status,
    ItemVersionView Current,
    IReadOnlyList<VersionStamp> Versions
)
{
    internal static readonly Refusal Unknown = Refusal.NotFound("item-not-found", "Такого задания или такой его версии нет.");
}

/// <param name="Version">Number of the version, from 1.</param>
public sealed record VersionStamp(int Version, Instant CreatedAt);

internal sealed class ListItems(Executor executor) : BankUseCase<ListItems.Request, Page<ItemSummary>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListItems),
        ItemBankStage.Staff,
        Trail.Look<ListItems.Request, Page<ItemSummary>>("items.listed", (_, page) => Looked.Rows("bank", page.Items.Count))
    );

    internal sealed record Request(
        string? Type,
        string? Block,
        string? Element,
        int? Difficulty,
        string? Status,
        string? After,
        int? Limit
    );

    protected override async Task<Result<Page<ItemSummary>>> HandleForBank(Request request, Caller caller)
    {
        var (type, block, element, difficulty, status, after, limit) = request;
        if (type is not null && Codes.Find<ItemType>(type) is null)
            return Refusal.Invalid("unknown-item-type", $"Вида заданий «{type}» нет.").With("field", "type");
        if (status is not null && Codes.Find<ItemStatus>(status) is null)
            return Refusal.Invalid("unknown-status", $"Состояния «{status}» нет.").With("field", "status");
        return await Read(async db =>
        {
            var filter = new ItemFilter(type, block, element, difficulty, status);
            var rows = await ItemStore.Current(db, filter, after, Page<ItemSummary>.Take(limit));
            return Page<ItemSummary>.Of(rows.Select(ItemSummary.Of).ToList(), limit, item => item.Code);
        });
    }
}

internal sealed class GetItem(Executor executor) : BankUseCase<string, ItemView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetItem),
        ItemBankStage.Staff,
        Trail.Look<string, ItemView>("item.viewed", (code, _) => new($"keys:{code}"))
    );

    protected override Task<Result<ItemView>> HandleForBank(string code, Caller caller) =>
        Read(async db =>
        {
            if (await ItemStore.FindCurrent(db, code) is not { } current)
                return ItemView.Unknown;
            var versions = await ItemStore.Versions(db, code);
            return new ItemView(
                code,
                current.Facet,
                current.FacetVersion,
                Codes.Parse<ItemStatus>(current.Status),
                ItemVersionView.Of(versions.Single(row => row.Version == current.Version)),
                versions.Select(row => new VersionStamp(row.Version, row.CreatedAt)).ToList()
            );
        });
}

internal sealed class GetItemVersion(Executor executor) : BankUseCase<GetItemVersion.Request, ItemVersionView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetItemVersion),
        ItemBankStage.Staff,
        Trail.Look<GetItemVersion.Request, ItemVersionView>("item.viewed", (asked, _) => new($"keys:{asked.Code}"))
    );

    internal sealed record Request(string Code, int Version);

    protected override Task<Result<ItemVersionView>> HandleForBank(Request request, Caller caller) =>
        Read(async db => await ItemStore.Find(db, request.Code, request.Version) is { } row ? ItemVersionView.Of(row) : ItemView.Unknown);
}
