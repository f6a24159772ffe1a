using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.Server.Pages.Site;

/// <summary>
/// The rows of a table as a file: CSV as spreadsheets in Russia read it, or a workbook. The rows of a CSV are sent as they
/// come; a workbook is an archive, which can only be written to memory and sent when it is complete.
/// </summary>
internal sealed class TableFile(
    string format,
    string name,
    string caption,
    IReadOnlyList<string> heads,
    IEnumerable<IReadOnlyList<TableCell>> rows
) : IResult
{
    private const string Csv = "csv";
    private const string Workbook = "xlsx";

    /// <summary>The longest text that a cell of a workbook may contain.</summary>
    private const int LongestText = 32_767;

    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string PackageRelations = "http://schemas.openxmlformats.org/package/2006/relationships";
    private const string Types = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    private const string Declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

    /// <summary>The day from which workbooks count days, so that 1 March 1900 is day 61.</summary>
    private static readonly LocalDate DayZero = new(1899, 12, 30);

    private static readonly NumberFormatInfo Comma = new() { NumberDecimalSeparator = "," };
    private static readonly LocalDateTimePattern Moment = LocalDateTimePattern.CreateWithInvariantCulture("dd.MM.uuuu HH:mm");
    private static readonly LocalDatePattern Day = LocalDatePattern.CreateWithInvariantCulture("dd.MM.uuuu");

    internal static readonly IReadOnlyList<string> Formats = [Csv, Workbook];

    /// <summary>Null when no file was asked for.</summary>
    internal static string? FormatOf(string? asked) => Formats.FirstOrDefault(format => format == asked);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = format == Csv ? "text/csv; charset=utf-8" : $"{Types}.sheet";
        response.Headers.ContentDisposition = $"attachment; filename=\"{name}.{format}\"";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        // Entries of a workbook write their last bytes synchronously, which the response does not allow; its writer takes
        // them into memory until the next asynchronous write.
        await using var output = response.BodyWriter.AsStream(leaveOpen: true);
        await (format == Csv ? WriteCsv(output) : WriteWorkbook(output));
        await output.FlushAsync();
    }

    /// <summary>With a byte order mark, without which a spreadsheet would not read Cyrillic letters.</summary>
    private async Task WriteCsv(Stream output)
    {
        await using var writer = new StreamWriter(output, new UTF8Encoding(true), leaveOpen: true);
        await writer.WriteAsync(string.Join(';', heads.Select(InCsv)) + "\r\n");
        foreach (var row in rows)
            await writer.WriteAsync(string.Join(';', row.Select(InCsv)) + "\r\n");
    }

    private async Task WriteWorkbook(Stream output)
    {
        await using var package = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, null);
        await Part(
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                + "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                + $"<Default Extension=\"xml\" ContentType=\"{Types}.worksheet+xml\"/>"
                + $"<Override PartName=\"/xl/workbook.xml\" ContentType=\"{Types}.sheet.main+xml\"/>"
                + $"<Override PartName=\"/xl/styles.xml\" ContentType=\"{Types}.styles+xml\"/></Types>"
        );
        await Part(
            "_rels/.rels",
            $"<Relationships xmlns=\"{PackageRelations}\">"
                + $"<Relationship Id=\"r1\" Type=\"{Relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        );
        await Part(
            "xl/workbook.xml",
            $"<workbook xmlns=\"{Main}\" xmlns:r=\"{Relations}\"><sheets>"
                + $"<sheet name=\"{Escaped(SheetName)}\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
        );
        await Part(
            "xl/_rels/workbook.xml.rels",
            $"<Relationships xmlns=\"{PackageRelations}\">"
                + $"<Relationship Id=\"r1\" Type=\"{Relations}/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
                + $"<Relationship Id=\"r2\" Type=\"{Relations}/styles\" Target=\"styles.xml\"/></Relationships>"
        );
        // The second style shows a number of days as a date with a time, the third is bold, the fourth shows a date alone.
        await Part(
            "xl/styles.xml",
            $"<styleSheet xmlns=\"{Main}\"><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>"
                + "<font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>"
                + "<fills count=\"1\"><fill><patternFill patternType=\"none\"/></fill></fills><borders count=\"1\"><border/></borders>"
                + "<cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"4\"><xf/><xf numFmtId=\"22\" applyNumberFormat=\"1\"/>"
                + "<xf fontId=\"1\" applyFont=\"1\"/><xf numFmtId=\"14\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>"
        );
        await using var sheet = await (package.CreateEntry("xl/worksheets/sheet1.xml")).OpenAsync();
        await using var writer = new StreamWriter(sheet, new UTF8Encoding(false));
        await writer.WriteAsync($"{Declaration}<worksheet xmlns=\"{Main}\"><sheetData>");
        await writer.WriteAsync($"<row>{string.Concat(heads.Select(head => InlineText(head, " s=\"2\"")))}</row>");
        foreach (var row in rows)
            await writer.WriteAsync($"<row>{string.Concat(row.Select(InSheet))}</row>");
        await writer.WriteAsync("</sheetData></worksheet>");

        async Task Part(string path, string content)
        {
            await using var part = await package.CreateEntry(path).OpenAsync();
            await part.WriteAsync(Encoding.UTF8.GetBytes(Declaration + content));
        }
    }

    /// <summary>Names of sheets are short and without some signs.</summary>
    private string SheetName
    {
        get
        {
            var plain = string.Concat(caption.Where(sign => !"[]:*?/\\'".Contains(sign, StringComparison.Ordinal)));
            return plain.Length <= 31 ? plain : plain[..31];
        }
    }

    private static string InCsv(TableCell cell) =>
        cell.Value switch
        {
            decimal number => number.ToString(Comma),
            LocalDateTime moment => Moment.Format(moment),
            LocalDate day => Day.Format(day),
            string text => InCsv(text),
            _ => "",
        };

    /// <summary>
    /// A spreadsheet would calculate a text that begins like a formula, so such a text begins with an apostrophe.
    /// </summary>
    private static string InCsv(string text)
    {
        var plain = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;
        return plain.AsSpan().IndexOfAny(";\"'\r\n") < 0 ? plain : $"\"{plain.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string InSheet(TableCell cell) =>
        cell.Value switch
        {
            decimal number => string.Create(CultureInfo.InvariantCulture, $"<c><v>{number}</v></c>"),
            LocalDateTime moment => string.Create(CultureInfo.InvariantCulture, $"<c s=\"1\"><v>{DaysOf(moment):0.######}</v></c>"),
            LocalDate day => string.Create(CultureInfo.InvariantCulture, $"<c s=\"3\"><v>{DaysOf(day.AtMidnight()):0}</v></c>"),
            string text => InlineText(text, ""),
            _ => "<c/>",
        };

    private static decimal DaysOf(LocalDateTime moment) =>
        (decimal)Period.Between(DayZero.AtMidnight(), moment, PeriodUnits.Seconds).Seconds / NodaConstants.SecondsPerDay;

    private static string InlineText(string text, string style)
    {
        var shown = text.Length <= LongestText ? text : text[..(LongestText - 1)] + "…";
        return $"<c t=\"inlineStr\"{style}><is><t xml:space=\"preserve\">{Escaped(shown)}</t></is></c>";
    }

    /// <summary>Signs that XML cannot contain are left out.</summary>
    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            switch (rune.Value)
            {
                case '&':
                    escaped.Append("&amp;");
                    break;
                case '<':
                    escaped.Append("&lt;");
                    break;
                case '"':
                    escaped.Append("&quot;");
                    break;
                case <= char.MaxValue when !XmlConvert.IsXmlChar((char)rune.Value):
                    break;
                default:
                    escaped.Append(rune);
                    break;
            }
        return escaped.ToString();
    }
}
