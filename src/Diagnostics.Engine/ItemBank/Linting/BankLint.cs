using Diagnostics.Engine.ItemBank.Reading;

namespace Diagnostics.Engine.ItemBank.Linting;

/// <summary>Holds a bank against the regulation's requirements on test items (file 1, clauses 3.3, 3.6, 3.7).</summary>
public static class BankLint
{
    /// <summary>All findings by file and line. A waiver of the item turns a finding into an info that cites the reason.</summary>
    public static IReadOnlyList<Finding> Run(Bank bank)
    {
        var linted = new LintedBank(bank);
        var items = linted.Items.ToDictionary(item => item.Code, StringComparer.Ordinal);
        var waived = new HashSet<(string Item, string Rule)>();
        var findings = new List<Finding>();
        foreach (var (rule, look) in LintRules.Checks)
        {
            foreach (var hit in look(linted))
            {
                var excuse = Excuse(hit, rule, items, waived);
                findings.Add(new(rule.Code, excuse is null ? rule.Severity : Severity.Info, hit.Place.File, hit.Place.Line, hit.Item, rule.Clause,
                    excuse is null ? hit.Message : $"Осознанное исключение: {excuse} ({hit.Message})", excuse is null ? hit.Advice : "Ничего делать не нужно, если причина остаётся в силе."));
            }
        }
        findings.AddRange(items.Values.SelectMany(item => Waivers(item, bank, waived)));
        return findings.OrderBy(finding => finding.File, StringComparer.Ordinal).ThenBy(finding => finding.Line).ThenByDescending(finding => finding.Severity).ToList();
    }

    private static string? Excuse(Hit hit, BankRule rule, Dictionary<string, Item> items, HashSet<(string, string)> waived)
    {
        string? reason = null;
        foreach (var code in new[] { hit.Item, hit.Other }.OfType<string>())
        {
            if (!items.TryGetValue(code, out var item) || !item.Waivers.TryGetValue(rule.Code, out var given)) continue;
            waived.Add((code, rule.Code));
            reason ??= given;
        }
        return reason;
    }

    private static IEnumerable<Finding> Waivers(Item item, Bank bank, HashSet<(string, string)> waived)
    {
        var place = bank.Places.OfItem(item.Code);
        foreach (var code in item.Waivers.Keys.Where(code => !waived.Contains((item.Code, code))))
        {
            var known = LintRules.All.Any(rule => rule.Code == code);
            var rule = known ? LintRules.WaiverUnused : LintRules.WaiverUnknown;
            yield return known
                ? new(rule.Code, rule.Severity, place.File, place.Line, item.Code, rule.Clause, $"Исключение из правила «{code}» ничего не исключает.", "Уберите его из waive.")
                : new(rule.Code, rule.Severity, place.File, place.Line, item.Code, rule.Clause, $"В waive названо правило «{code}», которого нет.", $"Исправьте код; правила: {string.Join(", ", LintRules.All.Select(known => known.Code))}.");
        }
    }
}
