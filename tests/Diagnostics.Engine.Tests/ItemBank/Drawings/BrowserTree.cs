using System.Diagnostics;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Diagnostics.TestKit;

namespace Diagnostics.Engine.Tests.ItemBank.Drawings;

/// <summary>An element as a browser's HTML parser sees it, with checks for forbidden content.</summary>
public sealed record BrowserTree(
    string Space,
    string Name,
    IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyList<BrowserTree> Children
)
{
    private const string Svg = "http://www.w3.org/2000/svg";

    // The test's own list of allowed elements: shapes, texts and the elements that they refer to.
    private static readonly string[] Shapes =
    [
        "svg",
        "g",
        "defs",
        "symbol",
        "use",
        "title",
        "desc",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "textPath",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "mask",
        "pattern",
        "marker",
    ];

    private static readonly string[] Dangerous =
    [
        "style",
        "class",
        "src",
        "srcset",
        "action",
        "formaction",
        "ping",
        "target",
        "http-equiv",
        "content",
        "xml:base",
        "base",
        "from",
        "to",
        "values",
        "attributename",
        "overflow",
        "tabindex",
        "autofocus",
        "name",
    ];

    /// <summary>A page with content before and after the drawing, as on our own pages.</summary>
    public static string Page(string content) =>
        $"<!DOCTYPE html><html><head><title>Сеанс</title></head><body><div id=\"host\">{content}</div><p id=\"after\">дальше</p></body></html>";

    public static BrowserTree ByAngleSharp(string page) => Of(new HtmlParser().ParseDocument(page).DocumentElement);

    /// <summary>Parses the pages with parse5, in order, in a single process.</summary>
    public static async Task<IReadOnlyList<BrowserTree>> ByParse5(IReadOnlyList<string> pages)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "pages.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(pages));
        var script = Path.Combine(Repository.Root, "tests", "Diagnostics.Engine.Tests", "ItemBank", "Drawings", "read-with-parse5.mjs");
        var (code, output, errors) = await ChildProcess.Run(new ProcessStartInfo("node", [script, file]));
        code.Should().Be(0, errors);
        return JsonSerializer.Deserialize<List<BrowserTree>>(output, JsonSerializerOptions.Web)!;
    }

    /// <summary>
    /// Everything harmful that the drawing would make a browser do; empty when the drawing is harmless.
    /// </summary>
    public IReadOnlyList<string> Harm()
    {
        var harm = new List<string>();
        var (head, body) = (Children[0], Children[^1]);
        if (!head.Children.Select(child => child.Name).SequenceEqual(["title"]))
            harm.Add("something got into the head");
        if (!body.Children.Select(child => child.Attributes.GetValueOrDefault("id")).SequenceEqual(["host", "after"]))
            harm.Add("the page's own elements moved");
        if (body.Children[0].Children is not [{ Name: "svg" }])
            harm.Add("something got out of the drawing");
        if (body.Children[0].Children.Any(child => child.Attributes.Keys.Any(key => key is "transform" or "overflow")))
            harm.Add("the frame can be left");
        foreach (var element in body.Children[0].Children.SelectMany(child => child.Everything()))
        {
            if (element.Space != Svg || !Shapes.Contains(element.Name))
                harm.Add($"element {element.Name}");
            foreach (var (name, value) in element.Attributes)
            {
                var key = name.ToLowerInvariant();
                var dense = string.Concat(value.Where(letter => letter > ' ')).ToLowerInvariant();
                if (key.StartsWith("on", StringComparison.Ordinal) || Dangerous.Contains(key))
                    harm.Add($"attribute {name}");
                if (key.EndsWith("href", StringComparison.Ordinal) && !dense.StartsWith('#'))
                    harm.Add($"link {value}");
                if (key is "id" && !dense.StartsWith("svg-", StringComparison.Ordinal))
                    harm.Add($"an id of the page: {value}");
                if (key is "aria-label" or "role" or "lang")
                    continue;
                if (
                    dense.Contains('\\')
                    || dense.Contains("script:")
                    || dense.Replace("url(#", "", StringComparison.Ordinal).Contains("url(")
                )
                    harm.Add($"value {value}");
            }
        }
        return harm;
    }

    private IEnumerable<BrowserTree> Everything() => Children.SelectMany(child => child.Everything()).Prepend(this);

    private static BrowserTree Of(IElement element) =>
        new(
            element.NamespaceUri ?? "",
            element.LocalName,
            element.Attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Value),
            [.. element.Children.Select(Of)]
        );
}
