using Diagnostics.Engine;
using Diagnostics.Engine.Forms;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Storage;
using Diagnostics.Storage.Forms;
using Diagnostics.Storage.ItemBank;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Forms;

/// <summary>A form in a list: a blueprint filled with facets, with four parallel variants.</summary>
/// <param name="FrozenAt">The time since which a published campaign has used the form; absent while none does.</param>
public sealed record FormSummary(
    Guid Id,
    string Title,
    string Blueprint,
    int BlueprintVersion,
    string Framework,
    int FrameworkVersion,
    int TimeLimitMinutes,
    Instant CreatedAt,
    Instant? FrozenAt
)
{
    internal static FormSummary Of(FormRow row) =>
        new(
            Id: row.Id,
            Title: row.Title,
            Blueprint: row.BlueprintCode,
            BlueprintVersion: row.BlueprintVersion,
            Framework: row.FrameworkCode,
            FrameworkVersion: row.FrameworkVersion,
            TimeLimitMinutes: row.TimeLimitMinutes,
            CreatedAt: row.CreatedAt,
            FrozenAt: row.FrozenAt
        );
}

/// <summary>One slot of a form with its items, without stems, keys or rubrics.</summary>
/// <param name="Slot">Number of the slot, from 1.</param>
/// <param name="Items">One item for each variant.</param>
public sealed record FormSlotView(
    int Slot,
    string Facet,
    int FacetVersion,
    string Block,
    string Element,
    ItemType Type,
    int Difficulty,
    Points Points,
    IReadOnlyList<FormItem> Items
)
{
    internal static FormSlotView Of(IReadOnlyList<FormSlotRow> variants)
    {
        var first = variants[0];
        var item = ItemJson.Read(first.Content);
        return new(
            Slot: first.Slot,
            Facet: first.FacetCode,
            FacetVersion: first.FacetVersion,
            Block: item.Block,
            Element: item.Element,
            Type: item.Type,
            Difficulty: item.Difficulty,
            Points: item.MaxPoints,
            Items: variants.OrderBy(row => row.Variant).Select(row => new FormItem(row.Variant, row.ItemCode, row.ItemVersion)).ToList()
        );
    }
}

/// <param name="Variant">Number of the variant, 1–4.</param>
public sealed record FormItem(int Variant, string Item, int ItemVersion);

/// <summary>A form with its slots.</summary>
public sealed record FormView(FormSummary Form, IReadOnlyList<FormSlotView> Slots)
{
    internal static FormView Of(FormRow form, IReadOnlyList<FormSlotRow> rows) =>
        new(
            FormSummary.Of(form),
            rows.GroupBy(row => row.Slot).OrderBy(slot => slot.Key).Select(slot => FormSlotView.Of(slot.ToList())).ToList()
        );
}

internal sealed class ListForms(Executor executor) : UseCase<ListForms.Request, Page<FormSummary>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListForms), FormsStage.Staff, Trail.None);

    /// <param name="Blueprint">Code of the blueprint; null for all blueprints.</param>
    internal sealed record Request(string? Blueprint, int? After, int? Limit);

    protected override Task<Result<Page<FormSummary>>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            var forms = (await FormStore.List(db)).Where(form => request.Blueprint is null || form.BlueprintCode == request.Blueprint);
            return Page<FormSummary>.Window(forms.Select(FormSummary.Of).ToList(), request.After, request.Limit);
        });
}

internal sealed class GetForm(Executor executor) : UseCase<Guid, FormView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetForm),
        FormsStage.Staff,
        Trail.Look<Guid, FormView>("form.viewed", (form, _) => new($"form:{form:D}"))
    );

    protected override Task<Result<FormView>> Handle(Guid formId, Caller caller) =>
        Read(async db =>
            await FormStore.Find(db, formId) is { } form ? FormView.Of(form, await FormStore.Slots(db, formId)) : FormsStage.NoForm
        );
}

/// <summary>
/// Compares the four variants of a stored form, and takes into account what has become of their facets since the form
/// was made.
/// </summary>
internal sealed class GetFormParallelism(Executor executor) : UseCase<Guid, ParallelismReport>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetFormParallelism), FormsStage.Staff, Trail.None);

    protected override Task<Result<ParallelismReport>> Handle(Guid formId, Caller caller) =>
        Read(async db =>
        {
            if (await FormStore.Find(db, formId) is null)
                return FormsStage.NoForm;
            var slots = await FormStore.Slots(db, formId);
            var placed = slots.Select(slot => new PlacedItem(slot.Variant, slot.Slot, ItemJson.Read(slot.Content))).ToList();
            return Parallelism.Check(placed, await Unusable(db, slots));
        });

    private static async Task<IReadOnlyCollection<string>> Unusable(Db db, IReadOnlyList<FormSlotRow> slots)
    {
        var unusable = new List<string>();
        foreach (var (code, version) in slots.Select(slot => (slot.FacetCode, slot.FacetVersion)).Distinct())
        {
            if (await FacetStore.Find(db, code, version) is not { } facet || !Codes.Parse<ItemStatus>(facet.Status).IsUsable())
                unusable.Add(code);
        }
        return unusable;
    }
}
