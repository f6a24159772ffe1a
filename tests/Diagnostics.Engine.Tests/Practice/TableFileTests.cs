using System.IO.Compression;
using System.Text;
using Diagnostics.Engine.Tables;
using MiniExcelLibs;

namespace Diagnostics.Engine.Tests.Practice;

public sealed class TableFileTests
{
    [Theory]
    [InlineData("a;b\n1;2", ';')]
    [InlineData("a,b\n1,2", ',')]
    [InlineData("a\tb\n1\t2", '\t')]
    [InlineData("a;b\r\n1;2\r\n", ';')]
    [InlineData("\"a\";\"b\"\n\"1\";2\n", ';')]
    public void Any_separator_of_spreadsheet_programs_is_known(string text, char separator)
    {
        text.Should().Contain(separator.ToString());
        Rows(text).Should().Equal("1: a|b", "2: 1|2");
    }

    [Fact]
    public void A_comma_inside_quotes_is_no_separator() =>
        Rows("\"Умение, которое проверяли\";Доля, %\n\"Читать; писать\";62,5")
            .Should()
            .Equal("1: Умение, которое проверяли|Доля, %", "2: Читать; писать|62,5");

    [Fact]
    public void A_quoted_cell_holds_quotes_and_line_ends() =>
        Rows("a;b\n\"«Умение \"\"читать\"\"»\nдва\";1\nc;2").Should().Equal("1: a|b", "2: «Умение \"читать\"»\nдва|1", "3: c|2");

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("windows-1251")]
    public void Any_encoding_of_spreadsheet_programs_is_known(string name)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);

        Rows([.. encoding.GetPreamble(), .. encoding.GetBytes("Умение;Доля\nЧитать;62")]).Should().Equal("1: Умение|Доля", "2: Читать|62");
    }

    [Fact]
    public void Blank_rows_are_left_out_and_keep_their_numbers() => Rows("a;b\n\n;;\n 1 ;\n").Should().Equal("1: a|b", "4: 1|");

    [Theory]
    [InlineData("", "В таблице нет ни одной строки.")]
    [InlineData("\n;;\n", "В таблице нет ни одной строки.")]
    [InlineData("a;b\n\"1;2", "Строка 2: кавычка открыта и не закрыта.")]
    [InlineData("a;b\n\"1\"2;3", "Строка 2: после закрывающей кавычки стоит лишнее.")]
    [InlineData("a\0b", "Файл — не таблица: нужен XLSX или CSV. Старый формат XLS сохраните как XLSX.")]
    [InlineData("PK\u0003\u0004 no archive", "Файл XLSX повреждён или слишком велик. Сохраните таблицу заново или сохраните её как CSV.")]
    public void What_is_no_table_is_refused(string text, string detail)
    {
        var refusal = TableFile.Read(Encoding.UTF8.GetBytes(text)).Refusal;

        (refusal?.Code, refusal?.Detail).Should().Be(("table-broken", detail));
    }

    /// <summary>The file is written by another library.</summary>
    [Fact]
    public void A_spreadsheet_is_read_like_its_text()
    {
        using var file = new MemoryStream();
        file.SaveAs(
            new object[]
            {
                new Dictionary<string, object?>
                {
                    ["Умение"] = "Читать & писать",
                    ["Доля верных"] = 62.3,
                    ["Россия"] = 58,
                    ["Регион"] = null,
                },
                new Dictionary<string, object?>
                {
                    ["Умение"] = "Считать",
                    ["Доля верных"] = "48,5",
                    ["Россия"] = 0.1 + 0.2,
                    ["Регион"] = 100m,
                },
            }
        );

        Rows(file.ToArray())
            .Should()
            .Equal("1: Умение|Доля верных|Россия|Регион", "2: Читать & писать|62.3|58|", "3: Считать|48,5|0.3|100");
    }

    /// <summary>
    /// The cells as Excel stores them: shared strings, one of them in two fonts; percentages by a format with a fixed
    /// number and by one of the file's own; a gap in the row and a gap between rows.
    /// </summary>
    [Fact]
    public void Percentages_gaps_and_shared_strings_of_Excel_are_read_as_shown()
    {
        const string Namespace = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
        var file = Zip(
            (
                "xl/workbook.xml",
                $"""<workbook {Namespace} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Лист1" sheetId="4" r:id="rId7"/></sheets></workbook>"""
            ),
            (
                "xl/_rels/workbook.xml.rels",
                """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Target="styles.xml"/><Relationship Id="rId7" Target="/xl/worksheets/sheet3.xml"/></Relationships>"""
            ),
            ("xl/sharedStrings.xml", $"<sst {Namespace}><si><t>Умение</t></si><si><r><t>До</t></r><r><t>ля</t></r></si></sst>"),
            (
                "xl/styles.xml",
                $"""<styleSheet {Namespace}><numFmts><numFmt numFmtId="164" formatCode="0.0%"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="9"/><xf numFmtId="164"/></cellXfs></styleSheet>"""
            ),
            (
                "xl/worksheets/sheet3.xml",
                $"""<worksheet {Namespace}><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row><row r="4"><c r="A4" t="inlineStr"><is><t>Читать</t></is></c><c r="B4" s="1"><v>0.62</v></c><c r="C4" s="2"><v>0.62299999999999999</v></c><c r="D4" s="0"><v>62.299999999999997</v></c></row></sheetData></worksheet>"""
            )
        );

        Rows(file).Should().Equal("1: Умение||Доля", "4: Читать|62 %|62.3 %|62.3");
    }

    [Fact]
    public void A_hundred_thousand_rows_are_taken_whole_and_one_more_is_refused()
    {
        var text = string.Concat(Enumerable.Repeat("Читать;62\n", TableFile.MaxRows));

        TableFile.Read(Encoding.UTF8.GetBytes($"Умение;Доля\n{text}")).Value.Should().HaveCount(100_001);
        TableFile.Read(Encoding.UTF8.GetBytes($"Умение;Доля\n{text}Читать;62")).Refusal!.Code.Should().Be("table-too-large");
    }

    [Fact]
    public void An_archive_that_unpacks_without_end_is_refused() =>
        TableFile
            .Read(Zip(("xl/worksheets/sheet1.xml", $"<worksheet>{new string(' ', 100_000_001)}</worksheet>")))
            .Refusal!.Code.Should()
            .Be("table-broken");

    [Theory]
    [InlineData("<worksheet><sheetData><row>")]
    [InlineData("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><worksheet>&e;</worksheet>")]
    [InlineData("<worksheet><row><c r='A1' t='s'><v>7</v></c></row></worksheet>")]
    public void A_spoilt_sheet_is_refused(string sheet) =>
        TableFile.Read(Zip(("xl/worksheets/sheet1.xml", sheet))).Refusal!.Code.Should().Be("table-broken");

    private static byte[] Zip(params (string Path, string Text)[] parts)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
            foreach (var (path, text) in parts)
            {
                using var writer = new StreamWriter(zip.CreateEntry(path).Open());
                writer.Write(text);
            }
        return stream.ToArray();
    }

    private static IEnumerable<string> Rows(string text) => Rows(Encoding.UTF8.GetBytes(text));

    private static IEnumerable<string> Rows(byte[] content) =>
        TableFile.Read(content).Value.Select(row => $"{row.Number}: {string.Join('|', row.Cells)}");
}
