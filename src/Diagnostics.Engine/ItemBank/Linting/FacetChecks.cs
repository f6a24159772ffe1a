using System.Text.Json;

namespace Diagnostics.Engine.ItemBank.Linting;

/// <summary>Checks facets: each has four parallel items and was approved by a person other than its author.</summary>
internal static class FacetChecks
{
    internal static IEnumerable<Hit> VariantCount(LintedBank bank)
    {
        foreach (var facet in bank.Bank.Facets)
        {
            var variants = facet.Items.Select(item => item.Variant).Order().ToList();
            if (!variants.SequenceEqual(Enumerable.Range(1, Facet.Variants)))
                yield return bank.At(
                    facet,
                    $"В фасете варианты {(variants.Count == 0 ? "не заданы" : string.Join(", ", variants))}, а должно быть "
                        + $"по одному заданию для вариантов 1–{Facet.Variants}.",
                    "Допишите недостающие задания: диагностика проводится в четырёх параллельных вариантах."
                );
        }
    }

    internal static IEnumerable<Hit> Parallel(LintedBank bank)
    {
        foreach (var facet in bank.Bank.Facets)
        {
            var rule = JsonSerializer.Serialize(facet.Rule, ItemJson.Options);
            foreach (var item in facet.Items)
            {
                List<string> differs = [];
                if (item.Type != facet.Type)
                    differs.Add($"тип {Codes.Of(item.Type)} вместо {Codes.Of(facet.Type)}");
                if (item.Block != facet.Block)
                    differs.Add($"блок {item.Block} вместо {facet.Block}");
                if (item.Element != facet.Element)
                    differs.Add($"элемент {item.Element} вместо {facet.Element}");
                if (item.Difficulty != facet.Difficulty)
                    differs.Add($"сложность {item.Difficulty} вместо {facet.Difficulty}");
                if (item.MaxPoints != facet.Points)
                    differs.Add($"баллы {item.MaxPoints.WithComma()} вместо {facet.Points.WithComma()}");
                if (JsonSerializer.Serialize(item.Rule, ItemJson.Options) != rule)
                    differs.Add("другое правило оценивания");
                if (differs.Count > 0)
                    yield return bank.At(
                        item,
                        $"Задание не параллельно остальным в фасете {facet.Code}: {string.Join("; ", differs)}.",
                        "Четыре задания фасета — одного типа, элемента, сложности, цены и правила: приведите к общему или перенесите в другой фасет."
                    );
            }
        }
    }

    internal static IEnumerable<Hit> OwnReviewer(LintedBank bank) =>
        from facet in bank.Bank.Facets
        where facet.Reviewer is not null && string.Equals(facet.Author, facet.Reviewer, StringComparison.OrdinalIgnoreCase)
        select bank.At(
            facet,
            $"Автор и рецензент — одно лицо: {facet.Author}.",
            "Автор не утверждает собственное задание: попросите другого члена комиссии."
        );

    internal static IEnumerable<Hit> ReviewerMissing(LintedBank bank) =>
        from facet in bank.Bank.Facets
        where facet.Reviewer is null && facet.Status.IsUsable()
        select bank.At(
            facet,
            $"Фасет {facet.Status.InWords()}, а рецензент не назван.",
            "Впишите в reviewer того, кто утвердил задания, или верните status: review."
        );

    internal static IEnumerable<Hit> StimulusUnused(LintedBank bank)
    {
        var used = bank.Items.Select(item => item.Stimulus?.Code).ToHashSet();
        return bank
            .Bank.Stimuli.Where(stimulus => !used.Contains(stimulus.Code))
            .Select(stimulus => new Hit(
                bank.Bank.Places.OfStimulus(stimulus.Code),
                null,
                $"Стимул {stimulus.Code} не нужен ни одному заданию.",
                "Укажите его в поле stimulus задания или удалите файл."
            ));
    }
}
