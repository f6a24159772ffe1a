namespace Diagnostics.Engine.ItemBank.Linting;

/// <summary>Runs checks on a bank and applies the authors' waivers.</summary>
internal static class Waivers
{
    private const string Format = "README банка";

    internal static readonly BankRule Unknown = new(
        "waiver-unknown",
        Severity.Warning,
        Format,
        "Исключение названо для правила, которого нет"
    );
    internal static readonly BankRule Unused = new("waiver-unused", Severity.Info, Format, "Исключение больше не нужно");

    /// <summary>
    /// All findings, ordered by file and line. An item's waiver reduces a finding to <c>info</c> and cites the reason.
    /// </summary>
    /// <param name="rules">All existing rules, including the two about waivers.</param>
    internal static IReadOnlyList<Finding> Run<TBank>(TBank bank, IReadOnlyList<LintCheck<TBank>> checks, IReadOnlyList<BankRule> rules)
        where TBank : LintedBank
    {
        var items = bank.Items.ToDictionary(item => item.Code, StringComparer.Ordinal);
        var waived = new HashSet<(string Item, string Rule)>();
        var findings = new List<Finding>();
        foreach (var (rule, look) in checks)
        {
            foreach (var hit in look(bank))
            {
                var excuse = Excuse(hit, rule, items, waived);
                findings.Add(
                    new(
                        rule.Code,
                        excuse is null ? rule.Severity : Severity.Info,
                        hit.Place.File,
                        hit.Place.Line,
                        hit.Item,
                        rule.Clause,
                        excuse is null ? hit.Message : $"Осознанное исключение: {excuse} ({hit.Message})",
                        excuse is null ? hit.Advice : "Ничего делать не нужно, если причина остаётся в силе."
                    )
                );
            }
        }
        findings.AddRange(items.Values.SelectMany(item => Idle(item, bank, waived, rules)));
        return findings
            .OrderBy(finding => finding.File, StringComparer.Ordinal)
            .ThenBy(finding => finding.Line)
            .ThenByDescending(finding => finding.Severity)
            .ToList();
    }

    private static string? Excuse(Hit hit, BankRule rule, Dictionary<string, Item> items, HashSet<(string, string)> waived)
    {
        string? reason = null;
        foreach (var code in new[] { hit.Item, hit.Other }.OfType<string>())
        {
            if (!items.TryGetValue(code, out var item) || !item.Waivers.TryGetValue(rule.Code, out var given))
                continue;
            waived.Add((code, rule.Code));
            reason ??= given;
        }
        return reason;
    }

    private static IEnumerable<Finding> Idle(Item item, LintedBank bank, HashSet<(string, string)> waived, IReadOnlyList<BankRule> rules)
    {
        var place = bank.Bank.Places.OfItem(item.Code);
        foreach (var code in item.Waivers.Keys.Where(code => !waived.Contains((item.Code, code))))
        {
            var known = rules.Any(rule => rule.Code == code);
            var rule = known ? Unused : Unknown;
            yield return known
                ? new(
                    rule.Code,
                    rule.Severity,
                    place.File,
                    place.Line,
                    item.Code,
                    rule.Clause,
                    $"Исключение из правила «{code}» ничего не исключает.",
                    "Уберите его из waive."
                )
                : new(
                    rule.Code,
                    rule.Severity,
                    place.File,
                    place.Line,
                    item.Code,
                    rule.Clause,
                    $"В waive названо правило «{code}», которого нет.",
                    $"Исправьте код; правила: {string.Join(", ", rules.Select(known => known.Code))}."
                );
        }
    }
}
