namespace Diagnostics.Engine.ItemBank.Linting;

/// <summary>Every lint rule (design §4, regulation file 1): one row, one check.</summary>
public static class LintRules
{
    private const string Format = "README банка";

    internal static readonly BankRule WaiverUnknown = new("waiver-unknown", Severity.Warning, Format, "Исключение названо для правила, которого нет");
    internal static readonly BankRule WaiverUnused = new("waiver-unused", Severity.Info, Format, "Исключение больше не нужно");

    internal static IReadOnlyList<LintCheck> Checks { get; } =
    [
        Check("option-count", Severity.Error, "п. 3.6.3", "Число вариантов ответа", ItemChecks.OptionCount),
        Check("gap-marked", Severity.Error, "п. 3.7", "Место краткого ответа обозначено", ItemChecks.GapMarked),
        Check("key-words", Severity.Error, "п. 3.7", "Краткий ответ не длиннее трёх слов", ItemChecks.KeyWords),
        Check("stimulus-present", Severity.Error, "п. 3.7", "У развёрнутого ответа есть стимул", ItemChecks.StimulusPresent),
        Check("exemplar-count", Severity.Warning, "п. 3.7", "У развёрнутого ответа есть образцы", ItemChecks.ExemplarCount),
        Check("image-alt", Severity.Error, Format, "Рисунок описан словами", ItemChecks.ImageAlt),
        Check("tick-all-pays", Severity.Warning, "п. 3.6.1", "Выбор всех вариантов подряд не приносит баллов", ItemChecks.TickAllPays),
        Check("quality-word", Severity.Error, "п. 3.6.1", "Нет слов-оценок без меры", WordingChecks.QualityWord),
        Check("clue-word", Severity.Warning, "п. 3.6.1", "Нет слов-подсказок в верном ответе", WordingChecks.ClueWord),
        Check("key-length", Severity.Warning, "п. 3.6.1", "Верный ответ не длиннее остальных", WordingChecks.KeyLength),
        Check("option-kind", Severity.Warning, "п. 3.6.1", "Варианты ответа одного рода", WordingChecks.OptionKind),
        Check("answer-leak", Severity.Error, "п. 3.6.1", "Ответа нет в тексте другого задания варианта", WordingChecks.AnswerLeak),
        Check("item-repeated", Severity.Error, "п. 3.6.2", "Задания не повторяются", SimilarityChecks.Repeated),
        Check("item-similar", Severity.Warning, "п. 3.6.2", "Фасеты одной формы не повторяют друг друга", SimilarityChecks.Similar),
        Check("variant-count", Severity.Error, "п. 3.6.2", "Четыре варианта", FacetChecks.VariantCount),
        Check("facet-parallel", Severity.Error, "п. 3.6.2", "Задания фасета параллельны", FacetChecks.Parallel),
        Check("own-reviewer", Severity.Error, Format, "Автор не утверждает своё задание", FacetChecks.OwnReviewer),
        Check("reviewer-missing", Severity.Error, Format, "Утверждённое задание имеет рецензента", FacetChecks.ReviewerMissing),
        Check("type-variety", Severity.Error, "п. 3.6.2", "Не менее трёх форм заданий в варианте", FormChecks.TypeVariety),
        Check("block-variety", Severity.Error, "п. 3.3", "В блоке задания различных видов", FormChecks.BlockVariety),
        Check("slot-facet", Severity.Error, "п. 3.6.2", "Фасет отвечает своей позиции", FormChecks.SlotFacet),
        Check("facet-repeated", Severity.Error, "п. 3.6.2", "Фасет занимает одну позицию", FormChecks.FacetRepeated),
        Check("facet-status", Severity.Error, Format, "Задания формы утверждены", FormChecks.FacetStatus),
        Check("key-position", Severity.Info, "п. 3.6.1", "Верные ответы стоят на разных местах", FormChecks.KeyPosition),
        Check("facet-unused", Severity.Info, Format, "Фасет используется", FacetChecks.Unused),
        Check("stimulus-unused", Severity.Info, Format, "Стимул используется", FacetChecks.StimulusUnused),
    ];

    /// <summary>All rules, for people and for the API.</summary>
    public static IReadOnlyList<BankRule> All { get; } = [.. Checks.Select(check => check.Rule), WaiverUnknown, WaiverUnused];

    private static LintCheck Check(string code, Severity severity, string clause, string title, Func<LintedBank, IEnumerable<Hit>> look) => new(new(code, severity, clause, title), look);
}
