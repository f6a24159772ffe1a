using Diagnostics.Engine.Competencies;

namespace Diagnostics.Engine.ItemBank.Reading;

/// <summary>Looks up blocks and elements in the frameworks of the bank.</summary>
internal sealed class FrameworkIndex(IReadOnlyList<Framework> frameworks)
{
    internal bool Has(string code, int version) => frameworks.Any(framework => framework.Code == code && framework.Version == version);

    /// <summary>
    /// Reports a block or an element that no framework contains, or an element that is not in the given block.
    /// </summary>
    /// <param name="only">Code of the only framework to look in; null for all.</param>
    internal void Report(Fields fields, string block, string element, string? only = null, int version = 0)
    {
        if (block.Length == 0 || element.Length == 0)
            return;
        var known = frameworks.Where(framework => only is null || (framework.Code == only && framework.Version == version)).ToList();
        // A missing framework has a finding of its own.
        if (only is not null && known.Count == 0)
            return;
        var homes = known.Select(framework => framework.BlockOf(element)).OfType<Block>().Select(home => home.Code).Distinct().ToList();
        if (homes.Contains(block))
            return;
        var (at, message) =
            homes.Count > 0
                ? ("block", $"Элемент «{element}» стоит в блоке «{string.Join(", ", homes)}», а указан блок «{block}».")
                : ("element", $"Элемента «{element}» нет в рамке компетенций.");
        fields.File.Report(ReadingRules.ElementUnknown, fields.At(at), message, "Возьмите коды блока и элемента из папки frameworks.");
    }

    /// <summary>The framework of that code and version; null when the bank has none.</summary>
    internal Framework? Find(FrameworkReference reference) =>
        frameworks.FirstOrDefault(framework => framework.Code == reference.Code && framework.Version == reference.Version);

    /// <summary>Reads a reference to a framework; reports one that the bank does not contain.</summary>
    internal FrameworkReference Reference(Fields fields)
    {
        if (fields.Mapping("framework") is not { } at)
            return new("", 0);
        var reference = new FrameworkReference(at.Text("code"), at.Number("version", 1, int.MaxValue));
        at.Done();
        if (reference.Code.Length > 0 && !Has(reference.Code, reference.Version))
            fields.File.Report(
                ReadingRules.FrameworkUnknown,
                at.At("code"),
                $"Рамки «{reference.Code}» версии {reference.Version} нет в папке frameworks.",
                "Исправьте код или версию рамки или добавьте её файл."
            );
        return reference;
    }

    /// <summary>Reports a competency that the framework does not contain, or an element that is not in it.</summary>
    internal void ReportCompetency(Fields fields, FrameworkReference framework, string competency, string? element)
    {
        // A missing framework has a finding of its own.
        if (competency.Length == 0 || Find(framework) is not { } home)
            return;
        if (home.FindCompetency(competency) is not { } found)
            Report("competency", $"Компетенции «{competency}» нет в рамке «{framework.Code}» версии {framework.Version}.");
        else if (element is not null && found.Elements.All(one => one.Code != element))
            Report("element", $"Элемента «{element}» нет в компетенции «{competency}».");

        void Report(string at, string message) =>
            fields.File.Report(ReadingRules.ElementUnknown, fields.At(at), message, "Возьмите коды из папки frameworks.");
    }
}
