using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Writing;
using Diagnostics.Storage;
using Diagnostics.Storage.ItemBank;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.ItemBank;

/// <summary>The latest version of a facet in a list.</summary>
/// <param name="Code">Code of the facet, unique in the bank, e.g. <c>math-percent</c>.</param>
/// <param name="Version">Number of the version, from 1.</param>
/// <param name="Diagnostic">The facet's folder in the bank.</param>
/// <param name="Author">Author of this version, who may not approve it.</param>
/// <param name="Reviewer">The person who approved this version.</param>
public sealed record FacetSummary(
    string Code,
    int Version,
    string Diagnostic,
    string Title,
    string Block,
    string Element,
    ItemType Type,
    int Difficulty,
    Points Points,
    ItemStatus Status,
    string Author,
    string? Reviewer,
    Instant CreatedAt
)
{
    internal static FacetSummary Of(FacetRow row) =>
        new(
            Code: row.Code,
            Version: row.Version,
            Diagnostic: row.Diagnostic,
            Title: row.Title,
            Block: row.Block,
            Element: row.Element,
            Type: Codes.Parse<ItemType>(row.Type),
            Difficulty: row.Difficulty,
            Points: row.Points,
            Status: Codes.Parse<ItemStatus>(row.Status),
            Author: row.Author,
            Reviewer: row.Reviewer,
            CreatedAt: row.CreatedAt
        );
}

/// <summary>One version of a facet. Its content never changes; its status may.</summary>
/// <param name="Used">Whether a form contains the version; if so, it never goes back to draft.</param>
/// <param name="Items">The facet's four items, with their versions.</param>
public sealed record FacetVersionView(
    int Version,
    ItemStatus Status,
    string Author,
    string? Reviewer,
    bool Used,
    Instant CreatedAt,
    IReadOnlyList<ItemOfFacet> Items
)
{
    internal static async Task<FacetVersionView> Read(Db db, FacetRow row) =>
        new(
            Version: row.Version,
            Status: Codes.Parse<ItemStatus>(row.Status),
            Author: row.Author,
            Reviewer: row.Reviewer,
            Used: await FacetStore.IsUsed(db, row.Code, row.Version),
            CreatedAt: row.CreatedAt,
            Items: (await ItemStore.OfFacet(db, row.Code, row.Version))
                .Select(item => new ItemOfFacet(item.Code, item.Version, item.Variant))
                .ToList()
        );
}

/// <param name="Variant">Number of the variant, 1–4.</param>
public sealed record ItemOfFacet(string Code, int Version, int Variant);

/// <summary>A change of status.</summary>
/// <param name="Version">Version of the facet.</param>
/// <param name="Actor">Id of the account, or name of the part of the service, that acted.</param>
public sealed record FacetTransition(int Version, ItemStatus From, ItemStatus To, string Actor, string? Reason, Instant At)
{
    internal static FacetTransition Of(FacetTransitionRow row) =>
        new(
            row.FacetVersion,
            Codes.Parse<ItemStatus>(row.FromStatus),
            Codes.Parse<ItemStatus>(row.ToStatus),
            row.Actor,
            row.Reason,
            row.At
        );
}

/// <summary>A facet with its history. Its ETag is the number of the latest version.</summary>
/// <param name="Latest">The latest version, whatever its status.</param>
/// <param name="Versions">All versions, oldest first.</param>
/// <param name="Transitions">All changes of status, oldest first.</param>
/// <param name="Findings">Findings on a version that was just written; absent otherwise.</param>
public sealed record FacetView(
    FacetSummary Latest,
    IReadOnlyList<FacetVersionView> Versions,
    IReadOnlyList<FacetTransition> Transitions,
    IReadOnlyList<Finding>? Findings = null
)
{
    internal static readonly Refusal Unknown = Refusal.NotFound("facet-not-found", "Такого фасета или такой его версии нет.");

    internal static async Task<FacetView?> Read(Db db, string code)
    {
        var rows = await FacetStore.Versions(db, code);
        if (rows.Count == 0)
            return null;
        var versions = new List<FacetVersionView>(rows.Count);
        foreach (var row in rows)
            versions.Add(await FacetVersionView.Read(db, row));
        return new(FacetSummary.Of(rows[^1]), versions, (await FacetStore.Transitions(db, code)).Select(FacetTransition.Of).ToList());
    }
}

internal sealed class ListFacets(Executor executor) : BankUseCase<ListFacets.Request, Page<FacetSummary>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListFacets),
        ItemBankStage.Staff,
        Trail.Look<ListFacets.Request, Page<FacetSummary>>("facets.listed", (_, page) => Looked.Rows("bank", page.Items.Count))
    );

    internal sealed record Request(string? Status, string? After, int? Limit);

    protected override async Task<Result<Page<FacetSummary>>> HandleForBank(Request request, Caller caller)
    {
        var (status, after, limit) = request;
        if (status is not null && Codes.Find<ItemStatus>(status) is null)
            return Refusal.Invalid("unknown-status", $"Состояния «{status}» нет.").With("field", "status");
        return await Read(async db =>
        {
            var rows = await FacetStore.Latest(db, status, after, Page<FacetSummary>.Take(limit));
            return Page<FacetSummary>.Of(rows.Select(FacetSummary.Of).ToList(), limit, facet => facet.Code);
        });
    }
}

internal sealed class GetFacet(Executor executor) : BankUseCase<string, FacetView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetFacet),
        ItemBankStage.Staff,
        Trail.Look<string, FacetView>("facet.viewed", (code, _) => new($"keys:{code}"))
    );

    protected override Task<Result<FacetView>> HandleForBank(string code, Caller caller) =>
        Read(async db => await FacetView.Read(db, code) is { } view ? view : FacetView.Unknown);
}

/// <summary>
/// A version of a facet, as the single file that authors edit and also as files together with its stimuli.
/// </summary>
internal sealed record ExportedFacet(string Text, BankFilesRequest Files);

internal sealed class ExportFacetVersion(Executor executor) : BankUseCase<ExportFacetVersion.Request, ExportedFacet>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ExportFacetVersion),
        ItemBankStage.Staff,
        Trail.Look<ExportFacetVersion.Request, ExportedFacet>("facet.exported", (asked, _) => new($"keys:{asked.Code}"))
    );

    internal sealed record Request(string Code, int Version);

    protected override async Task<Result<ExportedFacet>> HandleForBank(Request request, Caller caller)
    {
        var facet = await Fetch(async db =>
            await FacetStore.Find(db, request.Code, request.Version) is { } row ? await StoredFacets.Load(db, row) : null
        );
        return facet is null
            ? FacetView.Unknown
            : new ExportedFacet(BankWriter.FacetText(facet.Facet), new(BankWriter.Write(facet.Facet, facet.Diagnostic)));
    }
}
