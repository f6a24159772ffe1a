namespace Diagnostics.Engine.ItemBank.Linting;

/// <summary>
/// The lint rules of items and facets (пп. 3.3–3.7 Положения), each in a row with its check. Blueprints add rules of
/// their own.
/// </summary>
internal static class ItemRules
{
    private const string Format = "README банка";

    internal static IReadOnlyList<LintCheck<LintedBank>> Checks { get; } =
    [
        OfTypes(SharedRules.OptionCount),
        .. ItemTypes.OwnRules.Select(OfTypes),
        Check("image-alt", Severity.Error, Format, "Рисунок описан словами", ItemChecks.ImageAlt),
        OfTypes(SharedRules.TickAllPays),
        Check("quality-word", Severity.Error, "п. 3.6.1", "Нет слов-оценок без меры", WordingChecks.QualityWord),
        Check("clue-word", Severity.Warning, "п. 3.6.1", "Нет слов-подсказок в верном ответе", WordingChecks.ClueWord),
        Check("rule-in-stem", Severity.Warning, "п. 3.6.1", "Правило ответа не напечатано в условии", WordingChecks.RuleInStem),
        Check("key-length", Severity.Warning, "п. 3.6.1", "Верный ответ не длиннее остальных", WordingChecks.KeyLength),
        Check("option-kind", Severity.Warning, "п. 3.6.1", "Варианты ответа одного рода", WordingChecks.OptionKind),
        Check("answer-leak", Severity.Error, "п. 3.6.1", "Ответа нет в тексте другого задания", WordingChecks.AnswerLeak),
        Check("item-repeated", Severity.Error, "п. 3.6.2", "Задания не повторяются", SimilarityChecks.Repeated),
        Check("item-similar", Severity.Warning, "п. 3.6.2", "Фасеты одной формы не повторяют друг друга", SimilarityChecks.Similar),
        Check("variant-count", Severity.Error, "п. 3.6.2", "Четыре варианта", FacetChecks.VariantCount),
        Check("facet-parallel", Severity.Error, "п. 3.6.2", "Задания фасета параллельны", FacetChecks.Parallel),
        Check("facet-length", Severity.Warning, "п. 3.6.2", "Задания фасета одной длины", ParallelChecks.Length),
        Check("facet-right-count", Severity.Error, "п. 3.6.2", "В заданиях фасета поровну верных вариантов", ParallelChecks.RightCount),
        Check("facet-values", Severity.Error, "п. 3.6.2", "Цены вариантов в фасете одинаковы", ParallelChecks.Values),
        Check("key-repeated", Severity.Error, "п. 3.6.2", "Ответы заданий фасета различны", ParallelChecks.KeyRepeated),
        Check("code-letters", Severity.Error, Format, "Коды набраны латиницей", WordingChecks.CodeLetters),
        Check("source-missing", Severity.Warning, Format, "Источник нормы права назван", ItemChecks.SourceMissing),
        Check("own-reviewer", Severity.Error, Format, "Автор не утверждает своё задание", FacetChecks.OwnReviewer),
        Check("reviewer-missing", Severity.Error, Format, "Утверждённое задание имеет рецензента", FacetChecks.ReviewerMissing),
    ];

    /// <summary>Rules about unused parts, checked last.</summary>
    internal static IReadOnlyList<LintCheck<LintedBank>> Leftovers { get; } =
    [Check("stimulus-unused", Severity.Info, Format, "Стимул используется", FacetChecks.StimulusUnused)];

    private static LintCheck<LintedBank> OfTypes(BankRule rule) => new(rule, ItemChecks.ByType(rule));

    private static LintCheck<LintedBank> Check(
        string code,
        Severity severity,
        string clause,
        string title,
        Func<LintedBank, IEnumerable<Hit>> look
    ) => new(new(code, severity, clause, title), look);
}
