using Diagnostics.Engine.ItemBank;

namespace Diagnostics.Engine.Forms;

/// <summary>One version of a facet, with the versions of its items.</summary>
/// <param name="ItemVersions">Variant → version of the item.</param>
public sealed record FacetVersion(Facet Facet, int Version, IReadOnlyDictionary<int, int> ItemVersions);

/// <summary>A filled blueprint: slot → facet. Its variants have passed every check.</summary>
public sealed record AssembledForm(Blueprint Blueprint, IReadOnlyDictionary<int, FacetVersion> Slots, ParallelismReport Parallelism);

/// <summary>Why one slot cannot be filled.</summary>
/// <param name="Slot">Number of the slot.</param>
/// <param name="Facet">The facet chosen for the slot, if there is one.</param>
/// <param name="Code">Kebab-case, for example <c>facet-missing</c>.</param>
/// <param name="Detail">In Russian.</param>
public sealed record SlotProblem(int Slot, string? Facet, string Code, string Detail);

/// <summary>
/// Fills a blueprint with facets (docs/promises.md, forms), or states for each slot why it cannot be filled. Pure.
/// </summary>
public static class FormAssembly
{
    /// <param name="picks">Slot → facet code.</param>
    /// <param name="facets">Facet code → its latest usable version, or its latest version when none is usable; unknown
    /// codes are absent.</param>
    public static Result<AssembledForm> Assemble(
        Blueprint blueprint,
        IReadOnlyDictionary<int, string> picks,
        IReadOnlyDictionary<string, FacetVersion> facets
    )
    {
        var problems = picks
            .Keys.Where(number => blueprint.Slots.All(slot => slot.Number != number))
            .Order()
            .Select(number => new SlotProblem(number, picks[number], "slot-unknown", $"В спецификации нет позиции {number}."))
            .Concat(blueprint.Slots.SelectMany(slot => Problems(slot, picks.GetValueOrDefault(slot.Number), facets)))
            .Concat(Repeated(blueprint, picks))
            .ToList();
        if (problems.Count > 0)
        {
            var ordered = problems.OrderBy(problem => problem.Slot).ToList();
            var first = string.Join(" ", ordered.Take(5).Select(problem => $"[{problem.Slot}] {problem.Detail}"));
            var more = ordered.Count > 5 ? $" И ещё {ordered.Count - 5}." : "";
            return Refusal
                .Invalid("slots-not-filled", $"Форму собрать нельзя, в скобках номера позиций. {first}{more}")
                .With("slots", ordered);
        }
        var filled = blueprint.Slots.ToDictionary(slot => slot.Number, slot => facets[picks[slot.Number]]);
        var report = Parallelism.Check(
            filled.SelectMany(slot => slot.Value.Facet.Items.Select(item => new PlacedItem(item.Variant, slot.Key, item))).ToList(),
            []
        );
        var failed = report.Checks.Where(check => !check.Holds).ToList();
        return failed.Count == 0
            ? new AssembledForm(blueprint, filled, report)
            : Refusal
                .Invalid(
                    "form-not-parallel",
                    $"Варианты не отвечают требованиям: {string.Join("; ", failed.Select(check => $"{check.Title} ({check.Clause}) — нет"))}."
                )
                .With("checks", failed);
    }

    private static IEnumerable<SlotProblem> Problems(Slot slot, string? pick, IReadOnlyDictionary<string, FacetVersion> facets)
    {
        SlotProblem Problem(string code, string detail) => new(slot.Number, pick, code, detail);

        if (string.IsNullOrEmpty(pick))
        {
            yield return Problem("facet-not-chosen", "Фасет не выбран.");
            yield break;
        }
        if (facets.GetValueOrDefault(pick)?.Facet is not { } facet)
        {
            yield return Problem("facet-missing", $"Фасета «{pick}» нет в банке.");
            yield break;
        }
        if (!facet.Status.IsUsable())
            yield return Problem("facet-not-usable", $"Фасет «{pick}» {facet.Status.InWords()}, а нужен утверждённый или действующий.");
        if (facet.Block != slot.Block)
            yield return Problem("block-mismatch", $"Блок {facet.Block}, а нужен {slot.Block}.");
        if (facet.Element != slot.Element)
            yield return Problem("element-mismatch", $"Элемент {facet.Element}, а нужен {slot.Element}.");
        if (facet.Type != slot.Type)
            yield return Problem("type-mismatch", $"Тип {Codes.Of(facet.Type)}, а нужен {Codes.Of(slot.Type)}.");
        if (facet.Difficulty != slot.Difficulty)
            yield return Problem("difficulty-mismatch", $"Сложность {facet.Difficulty}, а нужна {slot.Difficulty}.");
        if (facet.Points != slot.Points)
            yield return Problem("points-mismatch", $"Баллов {facet.Points.WithComma()}, а нужно {slot.Points.WithComma()}.");
        var variants = facet.Items.Select(item => item.Variant).Order().ToList();
        if (!variants.SequenceEqual(Enumerable.Range(1, Facet.Variants)))
            yield return Problem("variants-missing", $"В фасете варианты {string.Join(", ", variants)}, а нужны 1–{Facet.Variants}.");
    }

    private static IEnumerable<SlotProblem> Repeated(Blueprint blueprint, IReadOnlyDictionary<int, string> picks) =>
        blueprint
            .Slots.Where(slot => !string.IsNullOrEmpty(picks.GetValueOrDefault(slot.Number)))
            .GroupBy(slot => picks[slot.Number])
            .SelectMany(same =>
                same.Skip(1)
                    .Select(slot => new SlotProblem(
                        slot.Number,
                        same.Key,
                        "facet-repeated",
                        $"Фасет «{same.Key}» уже стоит в позиции {same.First().Number}."
                    ))
            );
}
