using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.ItemBank.Reading;

namespace Diagnostics.Engine.ItemBank.Importing;

/// <summary>Compares the bank that was read with the stored one, thing by thing.</summary>
/// <param name="found">Findings of reading and of lint; anything with errors is left out.</param>
internal sealed class ItemImportPlanner(Bank bank, IReadOnlyList<Finding> found, StoredItems stored)
{
    private readonly List<Framework> frameworks = [];
    private readonly List<NewItem> items = [];
    private readonly List<NewFacet> facets = [];
    private readonly List<StatusMove> moves = [];
    private readonly List<SeenFile> seen = [];
    private readonly List<Finding> findings = [.. found];
    private readonly ILookup<string, Finding> errorsByFile = found
        .Where(finding => finding.Severity is Severity.Error)
        .ToLookup(finding => finding.File);
    private readonly HashSet<string> itemsWithErrors = found
        .Where(finding => finding.Severity is Severity.Error)
        .Select(finding => finding.Item)
        .OfType<string>()
        .ToHashSet();

    internal ItemImport Plan()
    {
        foreach (var framework in bank.Frameworks)
            Take(framework);
        foreach (var facet in bank.Facets.Where(IsClean))
            Take(facet);
        return new(frameworks, items, facets, moves, seen, findings);
    }

    private void Take(Framework framework)
    {
        var known = stored.Frameworks.GetValueOrDefault((framework.Code, framework.Version));
        if (known is null)
            frameworks.Add(framework);
        else if (known != BankJson.Fingerprint(framework))
            Report(
                ImportRules.FrameworkChanged,
                bank.Places.OfFramework(framework.Code, framework.Version),
                framework.Code,
                $"Содержание рамки «{framework.Code}» изменилось, а номер версии прежний: {framework.Version}.",
                "Поднимите номер version: на прежней версии стоят уже выданные результаты."
            );
    }

    private void Take(Facet facet)
    {
        var place = bank.Places.OfFacet(facet.Code);
        var diagnostic = place.File.Split('/')[0];
        var fingerprint = BankJson.Fingerprint(facet, diagnostic);
        var file = SeenFile.Of(facet, fingerprint);
        if (stored.Seen.Contains(file))
            return;
        var latest = stored.Facets.GetValueOrDefault(facet.Code);
        if (latest?.Fingerprint != fingerprint)
            Add(facet, diagnostic, fingerprint, (latest?.Version ?? 0) + 1);
        else if (!Move(facet, latest, place))
            return;
        seen.Add(file);
    }

    private void Add(Facet facet, string diagnostic, string fingerprint, int version)
    {
        var (added, itemsOfIt) = NewFacet.Of(facet, version, diagnostic, fingerprint, stored.Items);
        facets.Add(added);
        items.AddRange(itemsOfIt);
    }

    /// <summary>
    /// Moves an unchanged version to the status in the file; false, with a finding, when no legal path leads there.
    /// </summary>
    private bool Move(Facet facet, StoredFacetVersion latest, Place place)
    {
        var refusal = Refusal.Conflict(
            "item-transition-not-allowed",
            $"Из состояния {Codes.Of(latest.Status)} нельзя перейти в {Codes.Of(facet.Status)}."
        );
        if (ItemLifecycle.Path(latest.Status, facet.Status) is { } steps)
        {
            refusal = steps
                .Select(
                    (to, step) =>
                        ItemLifecycle.Check(
                            step == 0 ? latest.Status : steps[step - 1],
                            to,
                            facet.Author,
                            facet.Reviewer ?? "",
                            latest.Used
                        )
                )
                .FirstOrDefault(found => found is not null);
            if (refusal is null)
            {
                if (steps.Count > 0)
                    moves.Add(new(facet, latest.Version, latest.Status, steps));
                return true;
            }
        }
        Report(
            ImportRules.StatusStep,
            place,
            facet.Code,
            $"Фасет «{facet.Code}», версия {latest.Version}: {refusal.Detail}",
            "Верните в файле прежнее состояние или измените содержание: новая версия начинает со своего состояния."
        );
        return false;
    }

    /// <summary>Whether the facet, its file, its stimuli and its items are all free of errors.</summary>
    private bool IsClean(Facet facet) =>
        !errorsByFile.Contains(bank.Places.OfFacet(facet.Code).File)
        && !itemsWithErrors.Contains(facet.Code)
        && facet.Items.All(item =>
            !itemsWithErrors.Contains(item.Code)
            && (item.Stimulus is null || !errorsByFile.Contains(bank.Places.OfStimulus(item.Stimulus.Code).File))
        );

    /// <summary>Whether the files contain this framework and it equals the stored one, if one is stored.</summary>
    internal bool IsAccepted(string framework, int version) =>
        bank.Frameworks.FirstOrDefault(each => each.Code == framework && each.Version == version) is { } found
        && (stored.Frameworks.GetValueOrDefault((framework, version)) is not { } known || known == BankJson.Fingerprint(found));

    private void Report(BankRule rule, Place place, string? item, string message, string advice) =>
        findings.Add(new(rule.Code, rule.Severity, place.File, place.Line, item, rule.Clause, message, advice));
}
