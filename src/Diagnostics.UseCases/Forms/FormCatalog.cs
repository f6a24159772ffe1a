using System.Collections.Concurrent;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Storage;
using Diagnostics.Storage.Forms;
using Diagnostics.UseCases.Competencies;

namespace Diagnostics.UseCases.Forms;

/// <summary>A form with its items, as sessions, scoring and profiles use it.</summary>
/// <param name="Variants">For each variant, 1–4, its slots in order.</param>
/// <param name="Framework">The framework to which the items' elements belong.</param>
internal sealed record FormContent(FormRow Form, IReadOnlyDictionary<int, IReadOnlyList<FormSlot>> Variants, Framework Framework)
{
    internal FormSlot? Find(int variant, int slot) =>
        Variants.TryGetValue(variant, out var slots) ? slots.FirstOrDefault(each => each.Slot == slot) : null;

    /// <summary>Finds the slot of an item; an item occurs in only one variant.</summary>
    internal FormSlot? OfItem(string code) => Variants.Values.SelectMany(slots => slots).FirstOrDefault(slot => slot.Item.Code == code);
}

/// <summary>Reads forms and caches them on this node, because their content never changes.</summary>
internal sealed class FormCatalog(Database database)
{
    private readonly ConcurrentDictionary<Guid, FormContent> known = new();

    internal async Task<FormContent?> Find(Guid formId) =>
        known.TryGetValue(formId, out var content) ? content : await database.Read(db => Find(db, formId));

    /// <inheritdoc cref="Find(Guid)"/>
    internal async Task<FormContent?> Find(Db db, Guid formId)
    {
        if (known.TryGetValue(formId, out var content))
            return content;
        if (await FormStore.Find(db, formId) is not { } form)
            return null;
        var variants = (await FormStore.Slots(db, formId))
            .GroupBy(row => row.Variant)
            .ToDictionary(
                variant => variant.Key,
                IReadOnlyList<FormSlot> (variant) =>
                    variant.Select(row => new FormSlot(row.Slot, ItemJson.Read(row.Content), row.ItemVersion)).ToList()
            );
        var framework = (await FrameworkCatalog.Find(db, form.FrameworkCode, form.FrameworkVersion))!;
        return known.GetOrAdd(formId, new FormContent(form, variants, framework));
    }

    /// <summary>Returns a form; every caller has already checked that it exists.</summary>
    internal async Task<FormContent> Get(Guid formId) => await Find(formId) ?? throw Missing(formId);

    /// <inheritdoc cref="Get(Guid)"/>
    internal async Task<FormContent> Get(Db db, Guid formId) => await Find(db, formId) ?? throw Missing(formId);

    private static InvalidOperationException Missing(Guid formId) => new($"Form {formId} does not exist.");
}
