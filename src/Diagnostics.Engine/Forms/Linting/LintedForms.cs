using Diagnostics.Engine.Forms.Reading;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Linting;

namespace Diagnostics.Engine.Forms.Linting;

/// <summary>A blueprint with those of its facets that are in the bank.</summary>
internal sealed record LintedForm(Blueprint Blueprint, IReadOnlyList<(Slot Slot, Facet Facet)> Filled)
{
    internal IEnumerable<Item> Variant(int number) => Filled.SelectMany(pair => pair.Facet.Items).Where(item => item.Variant == number);
}

/// <summary>A bank, together with the forms that its blueprints make from its facets.</summary>
internal sealed class LintedForms : LintedBank
{
    private LintedForms(WholeBank bank, IReadOnlyList<LintedForm> forms)
        : base(bank, forms.Select(form => form.Filled.Select(pair => pair.Facet).ToList()).ToList()) => (Whole, Forms) = (bank, forms);

    internal static LintedForms Of(WholeBank bank)
    {
        var byCode = bank.Facets.ToDictionary(facet => facet.Code, StringComparer.Ordinal);
        return new(
            bank,
            bank.Blueprints.Select(blueprint => new LintedForm(
                    blueprint,
                    blueprint
                        .Slots.Where(slot => slot.Facet is not null && byCode.ContainsKey(slot.Facet))
                        .Select(slot => (slot, byCode[slot.Facet!]))
                        .ToList()
                ))
                .ToList()
        );
    }

    internal WholeBank Whole { get; }

    internal IReadOnlyList<LintedForm> Forms { get; }

    internal Hit At(Blueprint blueprint, string message, string advice) =>
        new(Bank.Places.OfBlueprint(blueprint.Code), null, message, advice);

    internal Hit At(Blueprint blueprint, Slot slot, string message, string advice) =>
        new(Bank.Places.OfSlot(blueprint.Code, slot.Number), slot.Facet, message, advice);
}
