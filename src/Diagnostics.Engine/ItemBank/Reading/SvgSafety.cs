using System.Xml;
using System.Xml.Linq;

namespace Diagnostics.Engine.ItemBank.Reading;

/// <summary>
/// A drawing is shown inside the taker's page, so it may hold shapes and words only: no script, no event handler,
/// nothing fetched from elsewhere, no entity that expands.
/// </summary>
public static class SvgSafety
{
    private const int MaxLength = 500_000;
    private static readonly string[] Forbidden = ["script", "foreignobject", "iframe", "object", "embed", "audio", "video", "handler", "listener", "set", "animate", "animatetransform", "animatemotion"];

    /// <summary>What is wrong with the drawing, in Russian; empty when it is safe.</summary>
    public static IEnumerable<string> Faults(string svg)
    {
        if (svg.Length > MaxLength) return [$"рисунок длиннее {MaxLength} знаков."];
        XElement root;
        try
        {
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxLength };
            using var reader = XmlReader.Create(new StringReader(svg), settings);
            var depth = 0;
            while (reader.Read()) depth = Math.Max(depth, reader.Depth);
            if (depth > 64) return ["вложенность больше 64 уровней."];
            using var again = XmlReader.Create(new StringReader(svg), settings);
            var document = XDocument.Load(again);
            if (document.DescendantNodes().Any(node => node is XProcessingInstruction)) return ["инструкции обработки (<?…?>) недопустимы."];
            root = document.Root!;
        }
        catch (XmlException fault)
        {
            return [$"не читается как SVG ({fault.Message})"];
        }
        if (root.Name.LocalName != "svg") return ["корневой элемент — не svg."];
        return root.DescendantsAndSelf().SelectMany(FaultsOf).Distinct().ToList();
    }

    private static IEnumerable<string> FaultsOf(XElement element)
    {
        var name = element.Name.LocalName.ToLowerInvariant();
        if (Forbidden.Contains(name)) yield return $"элемент {name} недопустим.";
        if (name == "style" && FetchesOrRuns(element.Value)) yield return "стиль ссылается наружу.";
        foreach (var attribute in element.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration))
        {
            var key = attribute.Name.LocalName.ToLowerInvariant();
            if (key.StartsWith("on", StringComparison.Ordinal)) yield return $"обработчик события {key} недопустим.";
            else if (key is "href" or "src" && !attribute.Value.TrimStart().StartsWith('#')) yield return $"ссылка {key} ведёт за пределы рисунка.";
            else if (key is not ("href" or "src") && FetchesOrRuns(attribute.Value)) yield return $"значение {key} ссылается наружу.";
        }
    }

    // A style may escape letters («\75rl»), so a backslash is as suspicious as the words it could hide.
    private static bool FetchesOrRuns(string value)
    {
        var dense = string.Concat(value.Where(letter => !char.IsWhiteSpace(letter) && !char.IsControl(letter)));
        return dense.Contains("javascript:", StringComparison.OrdinalIgnoreCase)
            || dense.Contains("@import", StringComparison.OrdinalIgnoreCase)
            || dense.Contains("expression(", StringComparison.OrdinalIgnoreCase)
            || dense.Contains("image-set(", StringComparison.OrdinalIgnoreCase)
            || dense.Contains('\\')
            || dense.Replace("url(#", "", StringComparison.OrdinalIgnoreCase).Replace("url('#", "", StringComparison.OrdinalIgnoreCase).Replace("url(\"#", "", StringComparison.OrdinalIgnoreCase)
                .Contains("url(", StringComparison.OrdinalIgnoreCase);
    }
}
