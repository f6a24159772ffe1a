using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;
using Markdig;

namespace Diagnostics.Engine.Tests.ItemBank.Drawings;

/// <summary>
/// The text of a task produces a harmless page, even in a program that lets HTML in the text through.
/// </summary>
public sealed class MarkdownTests
{
    private static readonly MarkdownPipeline Careless = new MarkdownPipelineBuilder().UsePipeTables().Build();

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("текст <img src=x onerror=alert(1)> текст")]
    [InlineData("<meta http-equiv=refresh content=\"0;url=https://example.org\">")]
    [InlineData("<form action=https://example.org><input name=password></form>")]
    [InlineData("<div style=\"position:fixed;inset:0\">")]
    [InlineData("<a href=https://example.org ping=https://example.org>x</a>")]
    [InlineData("- пункт\n\n  <iframe src=https://example.org></iframe>")]
    [InlineData("<!-- --!><img src=x onerror=alert(1)> -->")]
    [InlineData("<![CDATA[ x ]]>")]
    [InlineData("<?php ?>")]
    [InlineData("[далее](javascript:alert(1))")]
    [InlineData("[далее](java&#115;cript:alert(1))")]
    [InlineData("[далее](JaVaScRiPt:alert(1))")]
    [InlineData("[далее](data:text/html,x)")]
    [InlineData("[далее](vbscript:x)")]
    [InlineData("[далее](//example.org)")]
    [InlineData("[далее](/api/v1/auth/me)")]
    [InlineData("[далее][a]\n\n[a]: javascript:alert(1)")]
    [InlineData("<javascript:alert(1)>")]
    [InlineData("![рисунок](https://example.org/p.png)")]
    [InlineData("![рисунок][a]\n\n[a]: https://example.org/p.png")]
    [InlineData("| а | б |\n|---|---|\n| <b onclick=alert(1)>x</b> | y |")]
    [InlineData("если a<b>c")]
    public void Markup_that_runs_fetches_or_leads_elsewhere_is_refused(string markdown) =>
        MarkdownSafety.Faults(markdown).Should().NotBeEmpty();

    /// <summary>
    /// The code that writes a page recurses at every level of nesting, so it fails at a lower depth than the code that
    /// reads the text.
    /// </summary>
    [Theory]
    [InlineData("> ", 40)]
    [InlineData("> ", 3000)]
    [InlineData("- ", 200)]
    [InlineData("*a ", 20000)]
    [InlineData("[", 5000)]
    public void Markup_that_lies_one_in_another_is_refused_or_can_be_written(string part, int times)
    {
        var markdown = string.Concat(Enumerable.Repeat(part, times)) + "а";

        if (!MarkdownSafety.Faults(markdown).Any())
            Markdown.ToHtml(markdown, Careless).Should().NotBeEmpty();
    }

    [Theory]
    [InlineData("Решите неравенство x < 3 и y>2, a<5.")]
    [InlineData("**Важно**: _курсив_, `код <b>`, \\<b> и &lt;b&gt;")]
    [InlineData("| x | 1 |\n|---|---|\n| y | < 2 |")]
    [InlineData("1. раз\n2. два\n\n> цитата\n\n---\n\n    <script> в примере кода")]
    [InlineData("Статья 48 [закона](https://www.consultant.ru/document/).")]
    public void Plain_markup_is_welcome_and_makes_a_harmless_page(string markdown)
    {
        MarkdownSafety.Faults(markdown).Should().BeEmpty();
        Elements(BrowserTree.ByAngleSharp(BrowserTree.Page(Markdown.ToHtml(markdown, Careless))))
            .Should()
            .OnlyContain(element =>
                new[]
                {
                    "p",
                    "strong",
                    "em",
                    "code",
                    "pre",
                    "table",
                    "thead",
                    "tbody",
                    "tr",
                    "th",
                    "td",
                    "ol",
                    "li",
                    "blockquote",
                    "hr",
                    "a",
                }.Contains(element.Name)
            );
    }

    [Fact]
    public void A_task_with_HTML_is_a_finding_with_its_place() =>
        new SampleBank()
            .Replace(SampleBank.FacetPath, "stem: Чему равна сумма 2 + 2?", "stem: Чему равна <br> сумма 2 + 2?")
            .OnlyFinding()
            .Should()
            .Match<Finding>(finding => finding.Code == "markup-unsafe" && finding.Line > 0);

    private static IEnumerable<BrowserTree> Elements(BrowserTree page) => Under(page.Children[^1].Children[0]);

    private static IEnumerable<BrowserTree> Under(BrowserTree element) => element.Children.SelectMany(child => Under(child).Prepend(child));
}
