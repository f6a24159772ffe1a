namespace Diagnostics.Engine.ItemBank.Linting;

/// <summary>
/// The four items of a facet are of the same kind, «принцип фасетных (однотипных) заданий» (clause 3.6.2): they are
/// equally long and have equal numbers of right options and equal values. Yet each has its own answer, because a person
/// meets one variant at the entry diagnostic and another at the final one.
/// </summary>
internal static class ParallelChecks
{
    /// <summary>Largest allowed difference from the mean length, as a share of that length.</summary>
    private const double MostOff = 0.3;

    /// <summary>
    /// A difference of up to this many words is allowed, whatever its share of the length, because nobody notices it.
    /// </summary>
    private const int Noticeable = 5;

    internal static IEnumerable<Hit> Length(LintedBank bank)
    {
        foreach (var facet in bank.Bank.Facets.Where(facet => facet.Items.Count > 1))
        {
            var mean = facet.Items.Average(item => bank.WordsOf(item).Count);
            foreach (var item in facet.Items)
            {
                var count = bank.WordsOf(item).Count;
                if (Math.Abs(count - mean) <= Math.Max(MostOff * mean, Noticeable))
                    continue;
                yield return bank.At(
                    item,
                    $"В задании {count} слов, а в среднем по фасету {mean:0}: расходится больше чем на 30 %.",
                    "Сделайте четыре задания одной длины: чтение тоже занимает время."
                );
            }
        }
    }

    internal static IEnumerable<Hit> RightCount(LintedBank bank) =>
        from facet in bank.Bank.Facets
        where facet.Items.Count > 1
        let first = facet.Items[0].Body.Choices.Key.Count
        from item in facet.Items.Skip(1)
        let count = item.Body.Choices.Key.Count
        where count != first
        select bank.At(
            item,
            $"Верных вариантов — {count}, а в {facet.Items[0].Code} — {first}.",
            "Внутри фасета число верных вариантов одно и то же; меняют его от фасета к фасету."
        );

    internal static IEnumerable<Hit> Values(LintedBank bank)
    {
        foreach (var facet in bank.Bank.Facets.Where(facet => facet.Items.Count > 1))
        {
            var first = Of(facet.Items[0]);
            foreach (var item in facet.Items.Skip(1).Where(item => Of(item) != first))
                yield return bank.At(
                    item,
                    $"Цены вариантов в map — {Of(item)}, а в {facet.Items[0].Code} — {first}.",
                    "Правило оценивания у четырёх заданий одно со всеми его числами: выровняйте цены."
                );
        }

        static string Of(Item item) => string.Join("; ", item.Body.Values.Values.Order().Select(value => value.ToString()));
    }

    internal static IEnumerable<Hit> KeyRepeated(LintedBank bank)
    {
        foreach (var facet in bank.Bank.Facets)
        {
            var seen = new Dictionary<string, Item>(StringComparer.Ordinal);
            foreach (var item in facet.Items)
            {
                foreach (var text in item.Body.RightTexts)
                {
                    var key = Scoring.AnswerText.Normalise(text);
                    if (!seen.TryGetValue(key, out var other))
                        seen.Add(key, item);
                    else if (other != item)
                        yield return bank.At(
                            item,
                            $"Ответ «{text}» верен и в {other.Code}.",
                            "Кто видел один вариант, не должен знать ответ в другом: измените числа или предмет.",
                            other
                        );
                }
            }
        }
    }
}
