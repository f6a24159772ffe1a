using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Writing;
using Diagnostics.Storage;
using Diagnostics.Storage.ItemBank;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;
using NodaTime;

namespace Diagnostics.UseCases.ItemBank;

/// <summary>The latest version of a facet in a list.</summary>
/// <param name="Code">Unique in the bank, e.g. <c>math-percent</c>.</param>
/// <param name="Version">From 1.</param>
/// <param name="Diagnostic">Folder of the bank it stands in.</param>
/// <param name="Author">Who wrote this version; does not approve it.</param>
/// <param name="Reviewer">Who approved it.</param>
public sealed record FacetSummary(
    string Code, int Version, string Diagnostic, string Title, string Block, string Element, ItemType Type, int Difficulty, Points Points,
    ItemStatus Status, string Author, string? Reviewer, Instant CreatedAt)
{
    internal static FacetSummary Of(FacetRow row) => new(
        row.Code, row.Version, row.Diagnostic, row.Title, row.Block, row.Element, Codes.Parse<ItemType>(row.Type), row.Difficulty, row.Points,
        Codes.Parse<ItemStatus>(row.Status), row.Author, row.Reviewer, row.CreatedAt);
}

/// <summary>One version of a facet. Its content never changes, its status does.</summary>
/// <param name="Used">A form holds it: it never goes back to draft.</param>
/// <param name="Items">Its four items with their versions.</param>
public sealed record FacetVersionView(int Version, ItemStatus Status, string Author, string? Reviewer, bool Used, Instant CreatedAt, IReadOnlyList<ItemOfFacet> Items);

/// <param name="Variant">1–4.</param>
public sealed record ItemOfFacet(string Code, int Version, int Variant);

/// <summary>A change of status.</summary>
/// <param name="Version">Of the facet.</param>
/// <param name="Actor">Account, or the part of the service that acted.</param>
public sealed record FacetTransition(int Version, ItemStatus From, ItemStatus To, string Actor, string? Reason, Instant At)
{
    internal static FacetTransition Of(FacetTransitionRow row) =>
        new(row.FacetVersion, Codes.Parse<ItemStatus>(row.FromStatus), Codes.Parse<ItemStatus>(row.ToStatus), row.Actor, row.Reason, row.At);
}

/// <summary>A facet with its history. Its ETag is the number of the latest version.</summary>
/// <param name="Latest">The latest version, whatever its status.</param>
/// <param name="Versions">Oldest first.</param>
/// <param name="Transitions">Oldest first.</param>
/// <param name="Findings">What the check of a version just written found; absent otherwise.</param>
public sealed record FacetView(FacetSummary Latest, IReadOnlyList<FacetVersionView> Versions, IReadOnlyList<FacetTransition> Transitions, IReadOnlyList<Finding>? Findings = null)
{
    internal static async Task<FacetView?> Read(Db db, string code)
    {
        var rows = await FacetStore.Versions(db, code);
        if (rows.Count == 0) return null;
        var versions = new List<FacetVersionView>(rows.Count);
        foreach (var row in rows)
        {
            var items = await ItemStore.OfFacet(db, code, row.Version);
            versions.Add(new(row.Version, Codes.Parse<ItemStatus>(row.Status), row.Author, row.Reviewer, await FacetStore.IsUsed(db, code, row.Version), row.CreatedAt,
                items.Select(item => new ItemOfFacet(item.Code, item.Version, item.Variant)).ToList()));
        }
        return new(FacetSummary.Of(rows[^1]), versions, (await FacetStore.Transitions(db, code)).Select(FacetTransition.Of).ToList());
    }
}

internal static class ReadFacets
{
    internal static readonly Refusal Unknown = Refusal.NotFound("facet-not-found", "Такого фасета или такой его версии нет.");

    internal static void Map(IEndpointRouteBuilder facets)
    {
        facets.MapGet("/", List).WithName("ListFacets").WithSummary("Фасеты, последние версии").AllowedTo(ItemBankStage.Staff);
        facets.MapGet("/{code}", Read).WithName("GetFacet").WithSummary("Фасет: версии, состояния, переходы").AllowedTo(ItemBankStage.Staff);
        facets.MapGet("/{code}/versions/{version:int}/export", Export).WithName("ExportFacetVersion").WithSummary("Версия фасета как файл автора")
            .WithDescription("По умолчанию — YAML фасета. С Accept: application/json — {\"files\": {путь: текст}} вместе со стимулами, в том виде, в каком их принимают POST /items/lint и PUT /facets/{code}.")
            .Produces<BankFilesRequest>(200, "application/json")
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                operation.Responses!["200"].Content![BankUpload.Yaml] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
                return Task.CompletedTask;
            })
            .AllowedTo(ItemBankStage.Staff);
    }

    private static async Task<Results<Ok<Page<FacetSummary>>, ProblemHttpResult>> List(Transactions transactions, string? status, string? after, int? limit)
    {
        if (status is not null && Codes.Find<ItemStatus>(status) is null) return Problems.From(Refusal.Invalid("unknown-status", $"Состояния «{status}» нет.").With("field", "status"));
        var rows = await transactions.Read(db => FacetStore.Latest(db, status, after, Page<FacetSummary>.Take(limit)));
        return TypedResults.Ok(Page<FacetSummary>.Of(rows.Select(FacetSummary.Of).ToList(), limit, facet => facet.Code));
    }

    private static Task<Results<Ok<FacetView>, ProblemHttpResult>> Read(string code, HttpContext http, Transactions transactions) =>
        transactions.Read<Result<FacetView>>(async db => await FacetView.Read(db, code) is { } view ? view : Unknown).OkWithTag(http, view => view.Latest.Version);

    private static async Task<IResult> Export(string code, int version, HttpRequest request, Transactions transactions)
    {
        var facet = await transactions.Read(async db => await FacetStore.Find(db, code, version) is { } row ? await StoredFacets.Load(db, row) : null);
        if (facet is null) return Problems.From(Unknown);
        return request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase)
            ? TypedResults.Ok(new BankFilesRequest(BankWriter.Write(facet.Facet, facet.Diagnostic)))
            : TypedResults.Text(BankWriter.FacetText(facet.Facet), BankUpload.Yaml + "; charset=utf-8");
    }
}
