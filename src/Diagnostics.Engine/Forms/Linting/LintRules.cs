using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Linting;

namespace Diagnostics.Engine.Forms.Linting;

/// <summary>
/// All lint rules of a bank: first the rules for items, then the rules for the forms that blueprints make from facets.
/// </summary>
public static class LintRules
{
    private const string Format = "README банка";

    internal static IReadOnlyList<LintCheck<LintedForms>> Checks { get; } =
    [
        .. ItemRules.Checks.Select(check => check.Over<LintedForms>()),
        Check("type-variety", Severity.Error, "п. 3.6.2", "Не менее трёх форм заданий в варианте", FormChecks.TypeVariety),
        Check("block-variety", Severity.Error, "п. 3.3", "В блоке задания различных видов", FormChecks.BlockVariety),
        Check("slot-facet", Severity.Error, "п. 3.6.2", "Фасет отвечает своей позиции", FormChecks.SlotFacet),
        Check("facet-repeated", Severity.Error, "п. 3.6.2", "Фасет занимает одну позицию", FormChecks.FacetRepeated),
        Check("facet-status", Severity.Error, Format, "Задания формы утверждены", FormChecks.FacetStatus),
        Check("key-position", Severity.Info, "п. 3.6.1", "Верные ответы стоят на разных местах", FormChecks.KeyPosition),
        Check("facet-unused", Severity.Info, Format, "Фасет используется", FormChecks.FacetUnused),
        .. ItemRules.Leftovers.Select(check => check.Over<LintedForms>()),
    ];

    /// <summary>All rules, for people and for the API.</summary>
    public static IReadOnlyList<BankRule> All { get; } = [.. Checks.Select(check => check.Rule), Waivers.Unknown, Waivers.Unused];

    private static LintCheck<LintedForms> Check(
        string code,
        Severity severity,
        string clause,
        string title,
        Func<LintedForms, IEnumerable<Hit>> look
    ) => new(new(code, severity, clause, title), look);
}
