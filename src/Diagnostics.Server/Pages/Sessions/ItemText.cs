using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Parsers.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Caching.Memory;

namespace Diagnostics.Server.Pages.Sessions;

/// <summary>
/// Renders a text of the bank as a part of a page. On import, the bank refuses HTML, pictures, and addresses that are
/// not web addresses. If any of these got through, this class would show them as plain text or leave them out.
/// </summary>
internal static partial class ItemText
{
    private static readonly MarkdownPipeline Pipeline = Build();

    /// <summary>Lets people with a keyboard scroll a wide table.</summary>
    internal const string Scrolling = " tabindex=\"0\" role=\"region\" aria-label=\"Таблица\"";

    // The largest number of characters that the cache keeps, which is enough for a few forms, each with four variants.
    private const long MostKept = 4_000_000;

    // Everybody who has the same variant sees the same text, and rendering the text costs more than the rest of the
    // page.
    private static readonly MemoryCache Known = new(new MemoryCacheOptions { SizeLimit = MostKept });

    internal static MarkupString Show(string markdown)
    {
        if (Known.TryGetValue(markdown, out string? known))
            return new(known!);
        var html = Read(markdown);
        return new(Known.Set(markdown, html, new MemoryCacheEntryOptions { Size = markdown.Length + html.Length }));
    }

    private static string Read(string markdown)
    {
        var document = Markdown.Parse(
            GapAlone().Replace(markdown, gap => gap.Value.Replace("_", "\\_", StringComparison.Ordinal)),
            Pipeline
        );
        foreach (var link in document.Descendants<LinkInline>().Where(link => link.IsImage || !IsWeb(link.Url)))
            (link.IsImage, link.Url) = (false, "");
        // Column alignment is removed, because it would become an inline style, which the pages' policy forbids.
        foreach (var column in document.Descendants<Table>().SelectMany(table => table.ColumnDefinitions))
            column.Alignment = null;
        return document
            .ToHtml(Pipeline)
            .Replace("<table>", $"<div class=\"scroll\"{Scrolling}><table>", StringComparison.Ordinal)
            .Replace("</table>", "</table></div>", StringComparison.Ordinal);
    }

    private static bool IsWeb(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https");

    private static MarkdownPipeline Build()
    {
        // Line breaks stay as the author wrote them.
        var builder = new MarkdownPipelineBuilder().UsePipeTables().UseSoftlineBreakAsHardlineBreak().DisableHtml();
        builder.InlineParsers.TryRemove<AutolinkInlineParser>();
        return builder.Build();
    }

    /// <summary>Finds a gap "____" that is alone on its line; it must not be rendered as a horizontal rule.</summary>
    [GeneratedRegex(@"^[ \t]*_{3,}[ \t]*$", RegexOptions.Multiline)]
    private static partial Regex GapAlone();
}
