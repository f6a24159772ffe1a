using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.Forms;

/// <summary>One slot of one variant, with its item.</summary>
public sealed record PlacedItem(int Variant, int Slot, Item Item);

/// <summary>How similar the four variants of a form are (clauses 3.3, 3.6.2).</summary>
/// <param name="Parallel">Whether every check holds.</param>
/// <param name="Variants">The composition of each variant, for comparison at a glance.</param>
public sealed record ParallelismReport(bool Parallel, IReadOnlyList<ParallelismCheck> Checks, IReadOnlyList<VariantSummary> Variants);

/// <param name="Code">Kebab-case, for example <c>same-types</c>.</param>
/// <param name="Clause">Clause of the regulation behind the check.</param>
/// <param name="Title">The requirement, in Russian.</param>
/// <param name="Holds">Whether the requirement is met.</param>
/// <param name="Problems">Where the requirement is not met, in Russian; empty when it is met.</param>
public sealed record ParallelismCheck(string Code, string Clause, string Title, bool Holds, IReadOnlyList<string> Problems);

/// <param name="Variant">1–4.</param>
/// <param name="Items">Number of items.</param>
/// <param name="Points">Sum of the items' maximum points.</param>
/// <param name="ByType">Type code → number of items.</param>
/// <param name="ByDifficulty">Difficulty → number of items.</param>
/// <param name="ByBlock">Block → sum of its items' maximum points.</param>
public sealed record VariantSummary(
    int Variant,
    int Items,
    Points Points,
    IReadOnlyDictionary<string, int> ByType,
    IReadOnlyDictionary<string, int> ByDifficulty,
    IReadOnlyDictionary<string, Points> ByBlock
);

/// <summary>Checks that the variants of a form can replace one another. Pure.</summary>
public static class Parallelism
{
    /// <summary>Number of different item types that each variant needs (clause 3.6.2).</summary>
    public const int MinTypes = 3;

    /// <param name="placed">All items of all variants.</param>
    /// <param name="unusable">Facets of the form that may no longer be used, for example because they were
    /// retired.</param>
    public static ParallelismReport Check(IReadOnlyList<PlacedItem> placed, IReadOnlyCollection<string> unusable)
    {
        var slots = placed.GroupBy(place => place.Slot).OrderBy(slot => slot.Key).ToList();
        var variants = Enumerable
            .Range(1, Facet.Variants)
            .Select(variant =>
                (Variant: variant, Items: placed.Where(place => place.Variant == variant).Select(place => place.Item).ToList())
            )
            .ToList();
        List<ParallelismCheck> checks =
        [
            Of(
                "four-variants",
                "п. 3.6.2",
                "В каждой позиции четыре варианта",
                slots
                    .Where(slot => !slot.Select(place => place.Variant).Order().SequenceEqual(Enumerable.Range(1, Facet.Variants)))
                    .Select(slot => $"Позиция {slot.Key}: варианты {string.Join(", ", slot.Select(place => place.Variant).Order())}.")
            ),
            Alike("same-types", "Типы заданий одинаковы", slots, item => Codes.Of(item.Type)),
            Alike("same-difficulties", "Сложность одинакова", slots, item => item.Difficulty),
            Alike("same-elements", "Блоки и элементы одинаковы", slots, item => $"{item.Block} / {item.Element}"),
            Alike("same-points", "Баллы одинаковы", slots, item => item.MaxPoints),
            Alike("same-scoring", "Правила оценивания одинаковы", slots, ScoringOf),
            Alike("same-right-count", "Верных вариантов поровну", slots.Where(IsOfOneType), item => item.Body.Choices.Key.Count),
            Of(
                "no-common-item",
                "п. 3.6.2",
                "Ни одно задание не повторяется",
                placed
                    .GroupBy(place => place.Item.Code)
                    .Where(same => same.Count() > 1)
                    .Select(same =>
                        $"Задание {same.Key}: {string.Join("; ", same.Select(place => $"вариант {place.Variant}, позиция {place.Slot}"))}."
                    )
            ),
            Of(
                "item-types",
                "п. 3.6.2",
                $"В каждом варианте не менее {MinTypes} типов заданий",
                variants
                    .Where(variant => TypesOf(variant.Items).Count < MinTypes)
                    .Select(variant => $"Вариант {variant.Variant}: {Listed(TypesOf(variant.Items))}.")
            ),
            Of(
                "block-types",
                "п. 3.3",
                "В каждом блоке задания разных типов",
                variants.SelectMany(variant =>
                    variant
                        .Items.GroupBy(item => item.Block)
                        .Where(block => TypesOf(block).Count < 2)
                        .Select(block => $"Вариант {variant.Variant}, блок {block.Key}: только {Listed(TypesOf(block))}.")
                )
            ),
            Of(
                "facets-usable",
                "жизненный цикл",
                "Все фасеты можно использовать",
                unusable.Order(StringComparer.Ordinal).Select(facet => $"Фасет {facet} выведен из употребления или не утверждён.")
            ),
        ];
        return new(
            checks.TrueForAll(check => check.Holds),
            checks,
            variants.Select(variant => Summary(variant.Variant, variant.Items)).ToList()
        );
    }

    /// <summary>
    /// The scoring rule as text with all its numbers, because items with different tables or values are scored
    /// differently.
    /// </summary>
    private static string ScoringOf(Item item) =>
        item.Rule switch
        {
            PerErrorRule rule =>
                $"{rule.Name} ({string.Join(", ", rule.Table.OrderBy(row => row.Key).Select(row => $"{row.Key} → {row.Value}"))})",
            MappedRule rule => $"{rule.Name} (от {rule.Min} до {rule.Max}: {string.Join(", ", item.Body.Values.Values.Order())})",
            var rule => rule.Name,
        };

    /// <summary>
    /// Whether all items of the slot have the same type; a difference in types has a check of its own.
    /// </summary>
    private static bool IsOfOneType(IGrouping<int, PlacedItem> slot) => slot.Select(place => place.Item.Type).Distinct().Count() == 1;

    private static ParallelismCheck Alike<T>(
        string code,
        string title,
        IEnumerable<IGrouping<int, PlacedItem>> slots,
        Func<Item, T> what
    ) =>
        Of(
            code,
            "п. 3.6.2",
            title,
            slots
                .Where(slot => slot.Select(place => what(place.Item)).Distinct().Count() > 1)
                .Select(slot =>
                    $"Позиция {slot.Key}: "
                    + $"{string.Join("; ", slot.OrderBy(place => place.Variant).Select(place => $"вариант {place.Variant} — {what(place.Item)}"))}."
                )
        );

    private static ParallelismCheck Of(string code, string clause, string title, IEnumerable<string> problems)
    {
        var found = problems.ToList();
        return new(code, clause, title, found.Count == 0, found);
    }

    private static List<string> TypesOf(IEnumerable<Item> items) =>
        items.Select(item => Codes.Of(item.Type)).Distinct().Order(StringComparer.Ordinal).ToList();

    private static string Listed(List<string> types) => types.Count == 0 ? "заданий нет" : string.Join(", ", types);

    private static VariantSummary Summary(int variant, List<Item> items) =>
        new(
            variant,
            items.Count,
            items.Select(item => item.MaxPoints).Sum(),
            Counted(items, item => Codes.Of(item.Type)),
            Counted(items, item => item.Difficulty.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            items
                .GroupBy(item => item.Block)
                .OrderBy(block => block.Key, StringComparer.Ordinal)
                .ToDictionary(block => block.Key, block => block.Select(item => item.MaxPoints).Sum())
        );

    private static Dictionary<string, int> Counted(List<Item> items, Func<Item, string> what) =>
        items.GroupBy(what).OrderBy(group => group.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count());
}
