using Diagnostics.Engine;
using Diagnostics.Engine.Forms;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Storage.Forms;
using Diagnostics.Storage.ItemBank;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Forms;

/// <summary>A form in a list: a blueprint filled with facets, four parallel variants.</summary>
/// <param name="FrozenAt">Since when a campaign uses it; absent while none does.</param>
public sealed record FormSummary(
    Guid Id, string Title, string Blueprint, int BlueprintVersion, string Framework, int FrameworkVersion, int TimeLimitMinutes, Instant CreatedAt, Instant? FrozenAt)
{
    internal static FormSummary Of(FormRow row) => new(
        row.Id, row.Title, row.BlueprintCode, row.BlueprintVersion, row.FrameworkCode, row.FrameworkVersion, row.TimeLimitMinutes, row.CreatedAt, row.FrozenAt);
}

/// <summary>One slot of a form: what stands there, without stems, keys or rubrics.</summary>
/// <param name="Slot">From 1.</param>
/// <param name="Items">One a variant.</param>
public sealed record FormSlotView(
    int Slot, string Facet, int FacetVersion, string Block, string Element, ItemType Type, int Difficulty, Points Points, IReadOnlyList<FormItem> Items);

/// <param name="Variant">1–4.</param>
public sealed record FormItem(int Variant, string Item, int ItemVersion);

/// <summary>A form with its slots.</summary>
public sealed record FormView(FormSummary Form, IReadOnlyList<FormSlotView> Slots)
{
    internal static FormView Of(FormRow form, IReadOnlyList<FormSlotRow> rows) => new(FormSummary.Of(form), rows.GroupBy(row => row.Slot).OrderBy(slot => slot.Key).Select(slot =>
    {
        var first = slot.First();
        var item = ItemJson.Read(first.Content);
        return new FormSlotView(slot.Key, first.FacetCode, first.FacetVersion, item.Block, item.Element, item.Type, item.Difficulty, item.MaxPoints,
            slot.OrderBy(row => row.Variant).Select(row => new FormItem(row.Variant, row.ItemCode, row.ItemVersion)).ToList());
    }).ToList());
}

internal static class ReadForms
{
    internal static readonly Refusal Unknown = Refusal.NotFound("form-not-found", "Такой формы нет.");

    internal static void Map(IEndpointRouteBuilder forms)
    {
        forms.MapGet("/", List).WithName("ListForms").WithSummary("Формы: спецификации, заполненные фасетами").AllowedTo(FormsStage.Staff);
        forms.MapGet("/{formId:guid}", Read).WithName("GetForm").WithSummary("Форма по позициям, без ключей").AllowedTo(FormsStage.Staff);
        forms.MapGet("/{formId:guid}/parallelism", Compare).WithName("GetFormParallelism").WithSummary("Отчёт о параллельности четырёх вариантов (пп. 3.3, 3.6.2)").AllowedTo(FormsStage.Staff);
    }

    private static Task<Ok<Page<FormSummary>>> List(Transactions transactions, string? blueprint) => transactions.Read(async db =>
        TypedResults.Ok(new Page<FormSummary>((await FormStore.List(db)).Where(form => blueprint is null || form.BlueprintCode == blueprint).Select(FormSummary.Of).ToList(), null)));

    private static Task<Results<Ok<FormView>, ProblemHttpResult>> Read(Guid formId, Transactions transactions) =>
        transactions.Read<Result<FormView>>(async db => await FormStore.Find(db, formId) is { } form ? FormView.Of(form, await FormStore.Slots(db, formId)) : Unknown).Ok();

    private static Task<Results<Ok<ParallelismReport>, ProblemHttpResult>> Compare(Guid formId, Transactions transactions) => transactions.Read<Result<ParallelismReport>>(async db =>
    {
        if (await FormStore.Find(db, formId) is null) return Unknown;
        var slots = await FormStore.Slots(db, formId);
        var unusable = new List<string>();
        foreach (var (code, version) in slots.Select(slot => (slot.FacetCode, slot.FacetVersion)).Distinct())
            if (await FacetStore.Find(db, code, version) is not { } facet || !Codes.Parse<ItemStatus>(facet.Status).IsUsable()) unusable.Add(code);
        return Parallelism.Check(slots.Select(slot => new PlacedItem(slot.Variant, slot.Slot, ItemJson.Read(slot.Content))).ToList(), unusable);
    }).Ok();
}
