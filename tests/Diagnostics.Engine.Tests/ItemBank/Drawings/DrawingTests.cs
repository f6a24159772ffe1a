using Diagnostics.Engine.ItemBank.Reading;

namespace Diagnostics.Engine.Tests.ItemBank.Drawings;

/// <summary>According to two HTML parsers, a drawing on a page can do nothing except be drawn.</summary>
public sealed class DrawingTests
{
    [Fact]
    public async Task A_hostile_drawing_is_refused_or_harmless_in_a_browsers_tree()
    {
        var shown = HostileDrawings
            .All.Select(svg => (Hostile: svg, Clean: SvgDrawing.Read(svg, out var faults), Faults: faults))
            .Where(drawing => drawing.Faults.Count == 0)
            .ToList();

        HostileDrawings.All.Should().HaveCountGreaterThanOrEqualTo(60);
        shown.Should().NotBeEmpty();
        await AreHarmless([.. shown.Select(drawing => drawing.Clean)]);
    }

    [Fact]
    public void A_drawing_that_multiplies_itself_is_refused() =>
        HostileDrawings.Multiplying.Should().OnlyContain(svg => Faults(svg).Count > 0);

    [Fact]
    public async Task What_the_test_looks_for_is_seen_in_drawings_as_they_come()
    {
        string[] asTheyCome =
        [
            "<svg><title><![CDATA[</title></svg><img src=x onerror=alert(1)>]]></title></svg>",
            "<svg onload='alert(1)'/>",
            "<svg><rect style='position:fixed'/></svg>",
            "<svg><use href='https://example.org/#x'/></svg>",
            "<svg><p>x</p></svg>",
            "<svg><foreignObject><div/></foreignObject></svg>",
        ];
        var pages = asTheyCome.Select(BrowserTree.Page).ToList();

        (await BrowserTree.ByParse5(pages)).Select(tree => tree.Harm().Count > 0).Should().NotContain(false);
        // AngleSharp mistakes the first page for a CDATA section, so that page is skipped here. The test uses two
        // parsers because parsers differ.
        pages.Skip(1).Select(page => BrowserTree.ByAngleSharp(page).Harm().Count > 0).Should().NotContain(false);
    }

    [Fact]
    public async Task A_drawing_of_a_drawing_program_is_shown_without_what_the_program_keeps_for_itself()
    {
        const string fromInkscape = """
            <?xml version="1.0" encoding="UTF-8" standalone="no"?>
            <!-- Created with Inkscape -->
            <svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" version="1.1" viewBox="0 0 9 9">
            <inkscape:namedview id="base"/>
            <metadata id="m"/>
            <style type="text/css">.thin, path { stroke-width: 1 } .thin { stroke: #222 !important }</style>
            <linearGradient id="g"><stop offset="0" style="stop-color:#fff;-inkscape-stroke:none"/></linearGradient>
            <path inkscape:label="дуга" class="thin" style="fill:url(#g);fill-opacity:1" d="M0 0"/>
            </svg>
            """;

        Faults(fromInkscape).Should().BeEmpty();
        var clean = SvgDrawing.Read(fromInkscape, out _);
        clean
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Should()
            .Equal(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\">",
                "<linearGradient id=\"svg-g\"><stop offset=\"0\" stop-color=\"#fff\"/></linearGradient>",
                "<path d=\"M0 0\" stroke-width=\"1\" stroke=\"#222\" fill=\"url(#svg-g)\" fill-opacity=\"1\"/>",
                "</svg>"
            );
        await AreHarmless([clean]);
    }

    [Fact]
    public void A_drawing_once_written_anew_stays_as_it_is()
    {
        var clean = HostileDrawings.All.Select(svg => SvgDrawing.Read(svg, out _)).Where(svg => svg.Length > 0).ToList();

        clean.Select(svg => SvgDrawing.Read(svg, out _)).Should().Equal(clean);
    }

    [Fact]
    public async Task The_banks_own_drawings_pass_unchanged()
    {
        var drawings = Directory
            .EnumerateFiles(TestKit.Repository.Bank, "*.svg", SearchOption.AllDirectories)
            .Select(file => File.ReadAllText(file).Trim())
            .ToList();

        drawings.Should().NotBeEmpty();
        drawings.Select(svg => SvgDrawing.Read(svg, out _)).Should().Equal(drawings);
        await AreHarmless(drawings);
    }

    private static IReadOnlyList<string> Faults(string svg)
    {
        SvgDrawing.Read(svg, out var faults);
        return faults;
    }

    private static async Task AreHarmless(IReadOnlyList<string> drawings)
    {
        var pages = drawings.Select(BrowserTree.Page).ToList();
        var byParse5 = await BrowserTree.ByParse5(pages);
        foreach (var (drawing, page, tree) in drawings.Zip(pages, byParse5))
        {
            BrowserTree.ByAngleSharp(page).Harm().Should().BeEmpty($"AngleSharp reads {drawing}");
            tree.Harm().Should().BeEmpty($"parse5 reads {drawing}");
        }
    }
}
