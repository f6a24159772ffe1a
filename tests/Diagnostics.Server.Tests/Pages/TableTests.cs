using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using Diagnostics.Server.Pages.Site;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using static Diagnostics.Server.Pages.Site.DataTable;

namespace Diagnostics.Server.Tests.Pages;

public sealed class TableTests
{
    private static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    private static readonly Table<Row> Rows = new(
        "teachers",
        "Учителя",
        [
            new("name", "Имя", row => TableCell.Of(row.Name).To($"/teachers/{row.Name.Length}")),
            new("points", "Баллы", row => TableCell.Of(row.Points, 1)) { Numeric = true },
            new("at", "Когда", row => TableCell.At(row.At, "Asia/Yakutsk")),
            new("act", "Действие", _ => TableCell.Of("Вызвать")) { OnPageOnly = true },
        ]
    )
    {
        Filters = [new("school", "Школа", row => row.School, school => $"Школа {school}")],
        Searched = true,
        FirstSort = "name",
    };

    [Fact]
    public async Task Links_sort_by_every_column_in_both_directions_and_say_so()
    {
        Row[] rows = [new("Ёлкина", 2), new("Жуков", null), new("Ерёмин", 10), new("алексеев", -1.5m)];

        (await Names(rows, "")).Should().Equal("алексеев", "Ёлкина", "Ерёмин", "Жуков");
        (await Names(rows, "?sort=-name")).Should().Equal("Жуков", "Ерёмин", "Ёлкина", "алексеев");
        (await Names(rows, "?sort=points"))
            .Should()
            .Equal(["алексеев", "Ёлкина", "Ерёмин", "Жуков"], "a row without a value is always last");
        (await Names(rows, "?sort=-points")).Should().Equal("Ерёмин", "Ёлкина", "алексеев", "Жуков");
        (await Names(rows, "?sort=act")).Should().HaveCount(4);
        var page = await Page(rows, "?sort=-points&school=7&unknown=1");
        var heads = page.Document.QuerySelectorAll("thead th");
        heads.Select(head => head.GetAttribute("aria-sort")).Should().Equal(null, "descending", null, null);
        heads
            .Select(head => head.QuerySelector("a")?.GetAttribute("href"))
            .Should()
            .Equal("/list?school=7&sort=name", "/list?school=7&sort=points", "/list?school=7&sort=at", null);
    }

    [Fact]
    public async Task A_page_holds_fifty_rows_and_its_number_is_in_the_address()
    {
        var rows = Enumerable.Range(1, 120).Select(number => new Row($"Учитель {number}", number)).ToArray();

        var second = await Page(rows, "?page=2");
        var beyond = await Page(rows, "?page=99&sort=-points");

        second.Document.QuerySelectorAll("tbody tr").Should().HaveCount(50);
        second.Find("tbody th").TextContent.Trim().Should().Be("Учитель 51");
        second.Find(".table-found").TextContent.Should().Be("Найдено 120, страница 2 из 3");
        second
            .Document.QuerySelectorAll(".table-pages a")
            .Select(link => link.GetAttribute("href"))
            .Should()
            .Equal("/list", "/list?page=2", "/list?page=3");
        second.Find(".table-pages a[aria-current=page]").TextContent.Should().Be("Страница 2");
        beyond
            .Document.QuerySelectorAll("tbody th")
            .Select(cell => cell.TextContent.Trim())
            .Should()
            .StartWith("Учитель 20")
            .And.EndWith("Учитель 1");
    }

    [Fact]
    public async Task What_was_chosen_is_chosen_in_the_form_the_links_and_the_files()
    {
        Row[] rows = [new("Гаджиева", 3, "12"), new("Гаврилов", 5, "12"), new("Ильин", 4, "2")];

        var page = await Page(rows, "?school=12&find=ufl;b");

        page.Document.QuerySelectorAll("tbody th").Select(cell => cell.TextContent.Trim()).Should().Equal("Гаджиева");
        page.Document.QuerySelectorAll("option").Select(option => option.TextContent).Should().Equal("все", "Школа 2", "Школа 12");
        page.Find("option[selected]").TextContent.Should().Be("Школа 12");
        page.Find("#find").GetAttribute("value").Should().Be("ufl;b");
        page.Document.QuerySelectorAll(".table-files a")
            .Select(link => link.GetAttribute("href"))
            .Should()
            .Equal("/list?find=ufl%3Bb&school=12&as=csv", "/list?find=ufl%3Bb&school=12&as=xlsx");
        Encoding.UTF8.GetString(await Answer(rows, "?find=ufl%3Bb&school=12&as=csv")).Split("\r\n").Should().HaveCount(3);
        (await Page(rows, "?school=99")).Main.Should().Contain("Найдено 0").And.Contain("По этому отбору ничего нет");
        (await Page([], "")).Main.Should().Contain("Здесь пока ничего нет.");
    }

    [Fact]
    public async Task A_CSV_opens_in_a_Russian_spreadsheet_and_calculates_nothing()
    {
        Row[] rows =
        [
            new("=HYPERLINK(\"http://evil\")", 1234.56m, At: Instant.FromUtc(2026, 9, 14, 6, 5)),
            new("Иванова; «Мария»\nстрока", -0.5m),
            new("О'Нил", null),
        ];

        var csv = await Answer(rows, "?sort=-points&as=csv");

        csv.Take(3).Should().Equal(0xEF, 0xBB, 0xBF);
        Encoding
            .UTF8.GetString(csv[3..])
            .Should()
            .Be(
                "Имя;Баллы;Когда\r\n"
                    + "\"'=HYPERLINK(\"\"http://evil\"\")\";1234,6;14.09.2026 15:05\r\n"
                    + "\"Иванова; «Мария»\nстрока\";-0,5;\r\n"
                    + "\"О'Нил\";;\r\n"
            );
    }

    [Fact]
    public async Task A_workbook_has_numbers_dates_and_texts_that_are_no_formulas()
    {
        Row[] rows = [new("=1+1 <\u0001&>", 1234.56m, At: Instant.FromUtc(2026, 9, 14, 6, 5)), new("Яковлев", null)];

        var xlsx = await Answer(rows, "?as=xlsx");

        using var package = new ZipArchive(new MemoryStream(xlsx));
        package
            .Entries.Select(entry => entry.FullName)
            .Should()
            .BeEquivalentTo(
                "[Content_Types].xml",
                "_rels/.rels",
                "xl/workbook.xml",
                "xl/_rels/workbook.xml.rels",
                "xl/styles.xml",
                "xl/worksheets/sheet1.xml"
            );
        using var part = package.GetEntry("xl/worksheets/sheet1.xml")!.Open();
        var sheet = XDocument.Load(part).Descendants(Main + "row").Select(row => row.Elements(Main + "c").ToList()).ToList();
        sheet[0].Select(cell => cell.Value).Should().Equal("Имя", "Баллы", "Когда");
        sheet[1]
            .Select(cell => (cell.Value, (string?)cell.Attribute("t")))
            .Should()
            .Equal(("=1+1 <&>", "inlineStr"), ("1234.6", null), ("46279.628472", null));
        sheet[2].Select(cell => cell.Value).Should().Equal("Яковлев", "", "");
    }

    [Fact]
    public async Task A_day_is_a_date_without_a_time_in_both_files()
    {
        var days = new Table<LocalDate>("days", "Дни", [new("day", "День", TableCell.On)]);
        LocalDate[] rows = [new(2026, 9, 14), new(2026, 10, 2)];

        var csv = Encoding.UTF8.GetString(await Answer(days, rows, "?sort=-day&as=csv"));
        var xlsx = await Answer(days, rows, "?sort=day&as=xlsx");

        csv[1..].Should().Be("День\r\n02.10.2026\r\n14.09.2026\r\n");
        using var package = new ZipArchive(new MemoryStream(xlsx));
        using var part = package.GetEntry("xl/worksheets/sheet1.xml")!.Open();
        // Day 46279 is 14 September 2026 when day 61 is 1 March 1900.
        XDocument.Load(part).Descendants(Main + "c").Skip(1).Select(cell => cell.Value).Should().Equal("46279", "46297");
        using var style = package.GetEntry("xl/styles.xml")!.Open();
        XDocument
            .Load(style)
            .Descendants(Main + "cellXfs")
            .Elements()
            .Select(each => (string?)each.Attribute("numFmtId"))
            .Should()
            .Equal(null, "22", null, "14");
    }

    [Fact]
    public async Task Two_tables_on_a_page_keep_what_was_chosen_in_each_other()
    {
        var first = Rows with { Prefix = "a-", Beside = ["b-"] };
        Row[] rows = [new("Гаджиева", 3, "12"), new("Ильин", 4, "2")];

        var page = await Page(first, rows, "?a-school=12&b-sort=-day&b-as=csv&school=2");

        page.Document.QuerySelectorAll("tbody th").Select(cell => cell.TextContent.Trim()).Should().Equal("Гаджиева");
        page.Find("thead a").GetAttribute("href").Should().Be("/list?b-sort=-day&a-school=12&a-sort=-name#a-table");
        page.Find("form").GetAttribute("action").Should().Be("/list?b-sort=-day#a-table");
        page.Find("form input[type=hidden]").GetAttribute("name").Should().Be("b-sort");
        page.Find(".table-files a").GetAttribute("href").Should().Be("/list?b-sort=-day&a-school=12&a-as=csv#a-table");
        page.Document.QuerySelectorAll("[id]").Select(each => each.Id).Should().OnlyContain(id => id!.Contains("a-"));
    }

    [Theory]
    [InlineData("  «Ёжик» — СОШ № 5 ", "ежик сош 5")]
    [InlineData("Гаджиев\u00A0Магомед", "гаджиев магомед")]
    public void A_search_does_not_look_at_case_yo_dashes_and_quotes(string text, string folded) =>
        SearchText.Fold(text).Should().Be(folded);

    [Theory]
    [InlineData("Ufl;btdf", "гаджиева")]
    [InlineData("Ivan Иванов", null)]
    public void A_word_typed_with_the_other_layout_is_read_with_the_Russian_one(string typed, string? read) =>
        SearchText.InRussianLayout(typed).Should().Be(read);

    private static async Task<IEnumerable<string>> Names(Row[] rows, string query) =>
        (await Page(rows, query)).Document.QuerySelectorAll("tbody th").Select(cell => cell.TextContent.Trim());

    private static Task<Shown> Page(Row[] rows, string query) => Page(Rows, rows, query);

    private static async Task<Shown> Page<TRow>(Table<TRow> table, TRow[] rows, string query)
    {
        TableView? view = null;
        table.Answer(
            Request(query),
            rows,
            shown =>
            {
                view = shown;
                return Results.Empty;
            }
        );
        await using var renderer = new HtmlRenderer(new ServiceCollection().BuildServiceProvider(), NullLoggerFactory.Instance);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
            (
                await renderer.RenderComponentAsync<DataTable>(
                    Microsoft.AspNetCore.Components.ParameterView.FromDictionary(new Dictionary<string, object?> { ["Model"] = view })
                )
            ).ToHtmlString()
        );
        return new(200, null, new HttpResponseMessage(), Encoding.UTF8.GetBytes($"<main>{html}</main>"));
    }

    private static Task<byte[]> Answer(Row[] rows, string query) => Answer(Rows, rows, query);

    private static async Task<byte[]> Answer<TRow>(Table<TRow> table, TRow[] rows, string query)
    {
        var request = Request(query);
        using var body = new MemoryStream();
        request.HttpContext.Response.Body = body;
        await table
            .Answer(request, rows, _ => throw new InvalidOperationException("A file was asked for."))
            .ExecuteAsync(request.HttpContext);
        request.HttpContext.Response.Headers.ContentDisposition.ToString().Should().StartWith($"attachment; filename=\"{table.Name}.");
        return body.ToArray();
    }

    private static HttpRequest Request(string query)
    {
        var request = new DefaultHttpContext().Request;
        (request.Path, request.QueryString) = ("/list", new QueryString(query));
        return request;
    }

    private sealed record Row(string Name, decimal? Points, string School = "7", Instant? At = null);
}
