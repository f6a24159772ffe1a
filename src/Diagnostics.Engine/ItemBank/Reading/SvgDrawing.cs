using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Diagnostics.Engine.ItemBank.Reading;

/// <summary>
/// A drawing that a page can safely contain. Pages put it among their own elements, so it is parsed as XML and written
/// again from only those parts that <see cref="SvgNames"/> allows. An XML reader and an HTML browser then see the same
/// tree.
/// </summary>
public sealed partial class SvgDrawing
{
    private const int MaxLength = 500_000;
    private const int MaxNesting = 64;
    private const int MaxReferences = 8;
    private const int MaxDrawn = 100_000;

    /// <summary>
    /// Prefix that keeps ids of a drawing apart from ids of the page, so that a script of the page finds its own
    /// element.
    /// </summary>
    private const string IdPrefix = "svg-";

    private readonly List<string> faults = [];
    private readonly SvgStyle style = new();

    private SvgDrawing() { }

    /// <summary>Returns the rewritten drawing, or its faults in Russian.</summary>
    /// <param name="faults">Empty when the drawing may be shown.</param>
    public static string Read(string svg, out IReadOnlyList<string> faults)
    {
        var drawing = new SvgDrawing();
        var text = drawing.Read(svg);
        faults = [.. drawing.faults.Distinct()];
        return faults.Count == 0 ? text : "";
    }

    private string Read(string svg)
    {
        if (Parse(svg) is not { } root)
            return "";
        foreach (var sheet in root.Descendants().Where(element => IsDrawn(element) && element.Name.LocalName is "style"))
        {
            Check("стиль", sheet.Value);
            if (style.Add(sheet.Value) is { } fault)
                faults.Add(fault);
        }
        var clean = Clean(root);
        // A transform of the whole drawing could move or enlarge it over the page, so it is dropped.
        clean.SetAttributeValue("transform", null);
        CheckReferences(clean);
        var text = new StringBuilder();
        if (root.Name.NamespaceName.Length > 0)
            clean.SetAttributeValue("xmlns", SvgNames.Namespace);
        Write(clean, text);
        return text.ToString();
    }

    private XElement? Parse(string svg)
    {
        if (svg.Length > MaxLength)
            return Fail($"рисунок длиннее {MaxLength} знаков.");
        try
        {
            var settings = new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                MaxCharactersInDocument = MaxLength,
            };
            using (var reader = XmlReader.Create(new StringReader(svg), settings))
            {
                while (reader.Read())
                    if (reader.Depth > MaxNesting)
                        return Fail($"вложенность больше {MaxNesting} уровней.");
            }
            using var again = XmlReader.Create(new StringReader(svg), settings);
            var document = XDocument.Load(again, LoadOptions.PreserveWhitespace);
            if (document.DescendantNodes().Any(node => node is XProcessingInstruction))
                return Fail("инструкции обработки (<?…?>) недопустимы.");
            return IsDrawn(document.Root!) && document.Root!.Name.LocalName is "svg" ? document.Root : Fail("корневой элемент — не svg.");
        }
        catch (XmlException fault)
        {
            return Fail($"не читается как SVG ({fault.Message})");
        }
    }

    private XElement? Fail(string fault)
    {
        faults.Add(fault);
        return null;
    }

    /// <summary>
    /// Whether a browser draws the element. Inside an HTML page, a browser treats even an element without a namespace
    /// as SVG.
    /// </summary>
    private static bool IsDrawn(XElement element) => element.Name.NamespaceName is "" or SvgNames.Namespace;

    private XElement Clean(XElement element)
    {
        var name = element.Name.LocalName;
        var clean = new XElement(name);
        foreach (var (key, value) in AttributesOf(element))
            clean.SetAttributeValue(key, value);
        foreach (var node in element.Nodes())
        {
            if (node is XText words && (SvgNames.Wordy.Contains(name) || string.IsNullOrWhiteSpace(words.Value)))
                clean.Add(new XText(words.Value));
            if (node is not XElement child || !IsDrawn(child))
                continue;
            if (child.Name.LocalName is "style" || SvgNames.Unseen.Contains(child.Name.LocalName))
                continue;
            if (!SvgNames.Elements.Contains(child.Name.LocalName))
                faults.Add($"элемент {child.Name.LocalName} недопустим.");
            // A browser treats the inside of these two elements as HTML.
            else if (name is "title" or "desc")
                faults.Add($"внутри {name} бывает только текст.");
            else
                clean.Add(Clean(child));
        }
        return clean;
    }

    private IEnumerable<(string Name, string Value)> AttributesOf(XElement element)
    {
        foreach (var attribute in element.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration))
        {
            var key = attribute.Name.LocalName;
            var own = attribute.Name.NamespaceName.Length == 0;
            if (key.StartsWith("on", StringComparison.OrdinalIgnoreCase))
                faults.Add($"обработчик события {key} недопустим.");
            else if (key is "href" && (own || attribute.Name.NamespaceName == SvgNames.XLink))
            {
                if (Reference(attribute.Value) is { } local)
                    yield return ("href", local);
                else
                    faults.Add("ссылка href ведёт за пределы рисунка.");
            }
            else if (key is "base")
                faults.Add("основа ссылок (base) недопустима.");
            else if (key is "style")
                Check("стиль", attribute.Value);
            else if (!own || !SvgNames.Attributes.Contains(key))
                CheckFetching(key, attribute.Value);
            else if (SvgNames.Words.Contains(key))
                yield return (key, attribute.Value);
            else if (Check(key, attribute.Value))
                yield return (key, SvgNames.IdLists.Contains(key) ? Ids(attribute.Value) : Local(attribute.Value));
        }
        var said = style.Of(
            element.Name.LocalName,
            (string?)element.Attribute("class"),
            (string?)element.Attribute("id"),
            (string?)element.Attribute("style")
        );
        foreach (var (property, value) in said)
            if (SvgNames.Properties.Contains(property) && value.Length > 0 && Check(property, value))
                yield return (property, Local(value));
    }

    // Disallowed parts are silently left out; a fault is reported only for parts that try to do more than draw.
    private void CheckFetching(string key, string value)
    {
        if (key is "src" or "srcset" or "action" or "formaction" or "ping" || Suspicious(value))
            faults.Add($"значение {key} ссылается наружу.");
    }

    private bool Check(string key, string value)
    {
        var safe =
            !Suspicious(value)
            && Function().Matches(value).All(call => SvgNames.Functions.Contains(call.Groups[1].Value))
            && Urls().Matches(value).All(url => LocalUrl().IsMatch(url.Value));
        if (!safe)
            faults.Add($"значение {key} ссылается наружу или не бывает в рисунке.");
        return safe;
    }

    // A style may escape letters («\75rl»), so a backslash is as suspicious as the words that it could hide.
    private static bool Suspicious(string value)
    {
        var dense = string.Concat(value.Where(letter => !char.IsWhiteSpace(letter) && !char.IsControl(letter)));
        return dense.Contains("javascript:", StringComparison.OrdinalIgnoreCase)
            || dense.Contains("@import", StringComparison.OrdinalIgnoreCase)
            || dense.Contains("expression(", StringComparison.OrdinalIgnoreCase)
            || dense.Contains('\\');
    }

    private static string? Reference(string value) => value.Trim() is ['#', .. var id] && Id().IsMatch(id) ? "#" + Prefixed(id) : null;

    private static string Local(string value) => LocalUrl().Replace(value, url => $"url(#{Prefixed(url.Groups[1].Value)})");

    private static string Ids(string value) =>
        string.Join(' ', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Prefixed));

    private static string Prefixed(string id) => id.StartsWith(IdPrefix, StringComparison.Ordinal) ? id : IdPrefix + id;

    /// <summary>
    /// Finds nested references. With copies of copies, a short file can draw so many elements that a browser stops
    /// responding.
    /// </summary>
    private void CheckReferences(XElement root)
    {
        var byId = root.DescendantsAndSelf()
            .Where(element => element.Attribute("id") is not null)
            .ToLookup(element => element.Attribute("id")!.Value, StringComparer.Ordinal);
        var known = new Dictionary<XElement, long>();
        if (Drawn(root, 0) > MaxDrawn)
            faults.Add("ссылки рисунка на себя размножают его без меры.");

        long Drawn(XElement element, int references)
        {
            if (references > MaxReferences)
                return MaxDrawn + 1;
            if (known.TryGetValue(element, out var counted))
                return counted;
            var count = 1L;
            foreach (var child in element.Elements())
                count = Math.Min(MaxDrawn + 1, count + Drawn(child, references));
            foreach (var target in References(element).SelectMany(id => byId[id].Take(1)))
                count = Math.Min(MaxDrawn + 1, count + Drawn(target, references + 1));
            return known[element] = count;
        }
    }

    private static IEnumerable<string> References(XElement element) =>
        element
            .Attributes()
            .SelectMany(attribute =>
                attribute.Name.LocalName is "href"
                    ? [attribute.Value[1..]]
                    : LocalUrl().Matches(attribute.Value).Select(url => url.Groups[1].Value)
            );

    private static void Write(XElement element, StringBuilder text)
    {
        text.Append('<').Append(element.Name.LocalName);
        foreach (var attribute in element.Attributes().OrderByDescending(attribute => attribute.Name.LocalName is "xmlns"))
            text.Append(' ')
                .Append(attribute.Name.LocalName)
                .Append("=\"")
                .Append(Escaped(attribute.Value).Replace("\"", "&quot;", StringComparison.Ordinal))
                .Append('"');
        if (!element.Nodes().Any())
        {
            text.Append("/>");
            return;
        }
        text.Append('>');
        foreach (var node in element.Nodes())
        {
            if (node is XElement child)
                Write(child, text);
            else
                text.Append(Escaped(((XText)node).Value));
        }
        text.Append("</").Append(element.Name.LocalName).Append('>');
    }

    private static string Escaped(string value) =>
        value
            .Replace("\r", "", StringComparison.Ordinal)
            .Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);

    [GeneratedRegex(@"([\w-]+)\s*\(", RegexOptions.NonBacktracking)]
    private static partial Regex Function();

    [GeneratedRegex(@"url\s*\([^)]*\)?", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Urls();

    [GeneratedRegex("""url\(\s*['"]?#([\w.:-]+)['"]?\s*\)""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex LocalUrl();

    [GeneratedRegex(@"^[\w.:-]+$", RegexOptions.NonBacktracking)]
    private static partial Regex Id();
}
