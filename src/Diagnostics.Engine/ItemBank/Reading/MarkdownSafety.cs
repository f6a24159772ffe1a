using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Diagnostics.Engine.ItemBank.Reading;

/// <summary>
/// The allowed markup of a task: paragraphs, lists, tables, emphasis, code, links to the web. Any program that shows
/// the text, even a portal with other settings, gets a page that neither runs nor fetches anything.
/// </summary>
public static class MarkdownSafety
{
    // This pipeline parses HTML in order to report it; the pipeline of a page that shows the text should not parse
    // HTML.
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().Build();

    private static readonly string[] Schemes = ["http", "https"];

    // Programs that render the text also recurse level by level, and give up at fewer levels than the parser.
    private const int MaxNesting = 32;
    private const string TooDeep = "разметка вложена слишком глубоко.";

    /// <summary>Faults of the text, in Russian; empty when it may be shown.</summary>
    public static IEnumerable<string> Faults(string markdown)
    {
        MarkdownDocument document;
        try
        {
            document = Markdown.Parse(markdown, Pipeline);
        }
        catch (ArgumentException)
        {
            // Markdig reports quotes, lists or emphasis nested too deeply only by this exception.
            return [TooDeep];
        }
        return document.Descendants().Select(part => IsDeep(part) ? TooDeep : FaultOf(part)).OfType<string>().Distinct();
    }

    private static bool IsDeep(MarkdownObject part)
    {
        var levels = 0;
        for (var at = part; at is not null && levels <= MaxNesting; at = Around(at))
            levels++;
        return levels > MaxNesting;
    }

    private static MarkdownObject? Around(MarkdownObject part) =>
        part switch
        {
            Inline { Parent: { } inline } => inline,
            ContainerInline inlines => inlines.ParentBlock,
            Block block => block.Parent,
            _ => null,
        };

    private static string? FaultOf(MarkdownObject part) =>
        part switch
        {
            HtmlBlock block => Html(block.Lines.ToString()),
            HtmlInline inline => Html(inline.Tag),
            LinkInline { IsImage: true } => "картинка в тексте недопустима, рисунок прикладывают к стимулу.",
            LinkInline link => Link(link.Url),
            AutolinkInline link => Link(link.Url),
            ParagraphBlock or HeadingBlock or ListBlock or ListItemBlock or QuoteBlock or CodeBlock or ThematicBreakBlock => null,
            Table or TableRow or TableCell or LinkReferenceDefinition or LinkReferenceDefinitionGroup => null,
            LiteralInline or EmphasisInline or CodeInline or LineBreakInline or HtmlEntityInline or DelimiterInline => null,
            _ => $"разметка вида {part.GetType().Name} недопустима.",
        };

    private static string Html(string tag) =>
        $"HTML в тексте недопустим («{tag.Trim()[..Math.Min(40, tag.Trim().Length)]}»); знак «меньше» перед буквой пишут с пробелом или «\\<».";

    private static string? Link(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && Schemes.Contains(address.Scheme)
            ? null
            : $"ссылка «{url}» – не на страницу http или https.";
}
