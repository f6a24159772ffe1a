using Diagnostics.Engine.Competencies;

namespace Diagnostics.Engine.ItemBank.Reading;

/// <summary>Looks up blocks and elements in the frameworks of the bank.</summary>
internal sealed class FrameworkIndex(IReadOnlyList<Framework> frameworks)
{
    internal bool Has(string code, int version) => frameworks.Any(framework => framework.Code == code && framework.Version == version);

    /// <summary>
    /// Reports a block or an element that no framework knows, or an element that is not in the given block.
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
}
