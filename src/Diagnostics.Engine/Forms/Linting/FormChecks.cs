using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Linting;

namespace Diagnostics.Engine.Forms.Linting;

/// <summary>
/// Checks a blueprint with its facets: whether there are enough different types, and whether every facet meets the
/// demands of its slot.
/// </summary>
internal static class FormChecks
{
    private const int LeastTypes = 3;

    internal static IEnumerable<Hit> TypeVariety(LintedForms bank) =>
        from form in bank.Forms
        from variant in Enumerable.Range(1, Facet.Variants)
        let types = form.Variant(variant).Select(item => item.Type).Distinct().ToList()
        where types.Count < LeastTypes
        select bank.At(
            form.Blueprint,
            $"В варианте {variant} разных форм заданий — {types.Count}, а должно быть не менее {LeastTypes}.",
            "Добавьте позиции с заданиями других типов."
        );

    internal static IEnumerable<Hit> BlockVariety(LintedForms bank) =>
        from blueprint in bank.Whole.Blueprints
        from block in blueprint.Slots.GroupBy(slot => slot.Block)
        let types = block.Select(slot => slot.Type).Distinct().ToList()
        where types.Count < 2
        select bank.At(
            blueprint,
            block.First(),
            $"Все задания блока {block.Key} одного вида: {Codes.Of(types[0])}.",
            "Блок должен содержать задания различных видов: замените тип хотя бы одной позиции."
        );

    internal static IEnumerable<Hit> SlotFacet(LintedForms bank)
    {
        foreach (var blueprint in bank.Whole.Blueprints)
        {
            foreach (var slot in blueprint.Slots)
            {
                if (slot.Facet is null)
                {
                    yield return bank.At(blueprint, slot, $"Позиция {slot.Number} не занята.", "Впишите в facet код фасета.");
                    continue;
                }
                if (bank.Bank.FindFacet(slot.Facet) is not { } facet)
                {
                    yield return bank.At(
                        blueprint,
                        slot,
                        $"Фасета «{slot.Facet}» для позиции {slot.Number} нет в банке, или его файл не прочитан.",
                        "Создайте файл фасета, исправьте ошибки в нём или код в позиции."
                    );
                    continue;
                }
                List<string> differs = [];
                if (facet.Block != slot.Block)
                    differs.Add($"блок {facet.Block} вместо {slot.Block}");
                if (facet.Element != slot.Element)
                    differs.Add($"элемент {facet.Element} вместо {slot.Element}");
                if (facet.Type != slot.Type)
                    differs.Add($"тип {Codes.Of(facet.Type)} вместо {Codes.Of(slot.Type)}");
                if (facet.Difficulty != slot.Difficulty)
                    differs.Add($"сложность {facet.Difficulty} вместо {slot.Difficulty}");
                if (facet.Points != slot.Points)
                    differs.Add($"баллы {facet.Points} вместо {slot.Points}");
                if (differs.Count > 0)
                    yield return bank.At(
                        blueprint,
                        slot,
                        $"Фасет {facet.Code} не подходит позиции {slot.Number}: {string.Join("; ", differs)}.",
                        "Исправьте фасет, позицию или выберите другой фасет."
                    );
            }
        }
    }

    internal static IEnumerable<Hit> FacetRepeated(LintedForms bank) =>
        from blueprint in bank.Whole.Blueprints
        from same in blueprint.Slots.Where(slot => slot.Facet is not null).GroupBy(slot => slot.Facet).Where(same => same.Count() > 1)
        select bank.At(
            blueprint,
            same.Last(),
            $"Фасет {same.Key} занимает сразу позиции {string.Join(", ", same.Select(slot => slot.Number))}.",
            "Одно задание встречается в варианте один раз: назначьте другой фасет."
        );

    internal static IEnumerable<Hit> FacetStatus(LintedForms bank) =>
        from form in bank.Forms
        from pair in form.Filled
        where !pair.Facet.Status.IsUsable()
        select bank.At(
            form.Blueprint,
            pair.Slot,
            $"Позицию {pair.Slot.Number} занимает фасет {pair.Facet.Code} в состоянии {Codes.Of(pair.Facet.Status)}.",
            "В форму входят только утверждённые задания: утвердите фасет или замените его."
        );

    internal static IEnumerable<Hit> FacetUnused(LintedForms bank)
    {
        var used = bank.Whole.Blueprints.SelectMany(blueprint => blueprint.Slots).Select(slot => slot.Facet).ToHashSet();
        return bank
            .Bank.Facets.Where(facet => !used.Contains(facet.Code))
            .Select(facet =>
                bank.At(facet, $"Фасет {facet.Code} не занимает ни одной позиции.", "Впишите его в blueprint.yaml или оставьте в запасе.")
            );
    }

    /// <summary>
    /// Checks that the right option is not too often in the same position of the author's order. Options are shuffled
    /// unless the author fixed their order, but in print an author's habit still shows.
    /// </summary>
    internal static IEnumerable<Hit> KeyPosition(LintedForms bank)
    {
        const int Enough = 12;
        const double Most = 0.4;
        foreach (var form in bank.Forms)
        {
            var places = form
                .Filled.SelectMany(pair => pair.Facet.Items)
                .Where(item => item.Type.ChoosesOne())
                .Select(item => item.Body.Choices)
                .Select(choices => choices.Options.Select(option => option.Id).ToList().IndexOf(choices.Key.Single()))
                .ToList();
            if (places.Count < Enough)
                continue;
            foreach (var place in places.GroupBy(place => place).Where(same => same.Count() > Most * places.Count))
                yield return bank.At(
                    form.Blueprint,
                    $"Верный ответ стоит {place.Key + 1}-м в {place.Count()} заданиях из {places.Count}.",
                    "Переставьте варианты так, чтобы верный ответ чаще стоял на других местах."
                );
        }
    }
}
