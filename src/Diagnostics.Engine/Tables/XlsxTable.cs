using System.Globalization;
using System.IO.Compression;
using System.Xml;
using System.Xml.Linq;

namespace Diagnostics.Engine.Tables;

/// <summary>
/// Reads the first sheet of an XLSX file (ECMA-376, part 1, chapter 18). A number that the sheet shows as a percentage
/// is read as one: the file stores 62 % as 0.62, and only the cell's format tells it from 0.62 %.
/// </summary>
internal static class XlsxTable
{
    // Far above what 100,000 rows take. It bounds what a hostile archive can unpack to.
    private const long MaxCharacters = 100_000_000;

    // The formats 0 % and 0.00 %, which have these numbers in every file.
    private static readonly string[] PercentFormats = ["9", "10"];

    internal static bool Is(ReadOnlySpan<byte> content) => content.StartsWith("PK"u8);

    /// <exception cref="InvalidDataException">The file is no archive; thrown while the rows are read.</exception>
    /// <exception cref="XmlException">A part is no XML or too large; thrown while the rows are read.</exception>
    /// <exception cref="BrokenTableException">A part is missing or wrong; thrown while the rows are read.</exception>
    internal static IEnumerable<TableRow> Read(ReadOnlyMemory<byte> content)
    {
        using var zip = new ZipArchive(new MemoryStream(content.ToArray()), ZipArchiveMode.Read);
        var (texts, percentages) = (Texts(zip), PercentStyles(zip));
        using var reader = Open(zip, FirstSheet(zip)) ?? throw new BrokenTableException("В файле XLSX нет листа с таблицей.");
        var number = 0;
        while (reader.Read())
        {
            if (reader.NodeType is not XmlNodeType.Element || reader.LocalName != "row")
                continue;
            number = Number(reader.GetAttribute("r")) ?? number + 1;
            using var row = reader.ReadSubtree();
            yield return new(number, Cells(XElement.Load(row), texts, percentages));
        }
    }

    private static string[] Cells(XElement row, List<string> texts, HashSet<int> percentages)
    {
        var cells = new List<string>();
        var next = 0;
        foreach (var cell in Children(row, "c"))
        {
            var column = Column((string?)cell.Attribute("r")) ?? next;
            next = column + 1;
            if (column >= TableFile.MaxColumns)
                break;
            while (cells.Count <= column)
                cells.Add("");
            cells[column] = Text(cell, texts, percentages).Trim();
        }
        return [.. cells];
    }

    private static string Text(XElement cell, List<string> texts, HashSet<int> percentages)
    {
        var value = Children(cell, "v").FirstOrDefault()?.Value ?? "";
        return (string?)cell.Attribute("t") switch
        {
            "s" => Number(value) is { } place && place < texts.Count
                ? texts[place]
                : throw new BrokenTableException($"Ячейка {(string?)cell.Attribute("r")}: в файле нет её текста."),
            "inlineStr" => string.Concat(Children(cell, "is").Select(Plain)),
            null or "n" => Numeric(value, Number((string?)cell.Attribute("s")) is { } style && percentages.Contains(style)),
            _ => value,
        };
    }

    /// <summary>
    /// Writes a number as the sheet shows it: spreadsheet programs store 62.3 as 62.299999999999997, and a decimal made
    /// of a double keeps the 15 digits that the program itself keeps.
    /// </summary>
    private static string Numeric(string value, bool isPercentage)
    {
        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || Math.Abs(number) > 1e15)
            return value;
        var exact = (decimal)number;
        return isPercentage
            ? string.Create(CultureInfo.InvariantCulture, $"{exact * 100:0.############} %")
            : exact.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The part that holds the first sheet of the workbook.</summary>
    private static string FirstSheet(ZipArchive zip)
    {
        var id = Whole(zip, "xl/workbook.xml")
            ?.Descendants()
            .FirstOrDefault(element => element.Name.LocalName == "sheet")
            ?.Attributes()
            .FirstOrDefault(attribute => attribute.Name.LocalName == "id" && attribute.Name.NamespaceName.Length > 0)
            ?.Value;
        var target = (string?)
            Whole(zip, "xl/_rels/workbook.xml.rels")
                ?.Elements()
                .FirstOrDefault(element => (string?)element.Attribute("Id") == id)
                ?.Attribute("Target");
        return target is null ? "xl/worksheets/sheet1.xml"
            : target.StartsWith('/') ? target[1..]
            : $"xl/{target}";
    }

    private static List<string> Texts(ZipArchive zip) =>
        Whole(zip, "xl/sharedStrings.xml") is { } root ? Children(root, "si").Select(Plain).ToList() : [];

    /// <summary>Numbers of the cell styles that show a percentage.</summary>
    private static HashSet<int> PercentStyles(ZipArchive zip)
    {
        if (Whole(zip, "xl/styles.xml") is not { } styles)
            return [];
        var formats = Children(styles, "numFmts")
            .SelectMany(formats => Children(formats, "numFmt"))
            .Where(format => ((string?)format.Attribute("formatCode"))?.Contains('%') is true)
            .Select(format => (string?)format.Attribute("numFmtId"))
            .Concat(PercentFormats)
            .ToHashSet();
        return Children(styles, "cellXfs")
            .SelectMany(cells => Children(cells, "xf"))
            .Select((style, place) => (Format: (string?)style.Attribute("numFmtId"), place))
            .Where(style => formats.Contains(style.Format))
            .Select(style => style.place)
            .ToHashSet();
    }

    /// <summary>The text of a string, whose runs may differ in font; without the readings of Asian characters.</summary>
    private static string Plain(XElement text) =>
        string.Concat(
            text.Descendants().Where(part => part.Name.LocalName == "t" && part.Parent!.Name.LocalName != "rPh").Select(part => part.Value)
        );

    private static XElement? Whole(ZipArchive zip, string path)
    {
        using var reader = Open(zip, path);
        return reader is null ? null : XElement.Load(reader);
    }

    private static XmlReader? Open(ZipArchive zip, string path) =>
        zip.GetEntry(path) is { } entry
            ? XmlReader.Create(
                entry.Open(),
                new XmlReaderSettings
                {
                    CloseInput = true,
                    DtdProcessing = DtdProcessing.Prohibit,
                    MaxCharactersInDocument = MaxCharacters,
                    XmlResolver = null,
                }
            )
            : null;

    private static IEnumerable<XElement> Children(XElement parent, string name) =>
        parent.Elements().Where(element => element.Name.LocalName == name);

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The column of a cell's address, from 0: «B3» is 1; null without an address.</summary>
    private static int? Column(string? address)
    {
        var column = 0;
        foreach (var letter in address ?? "")
        {
            if (!char.IsAsciiLetterUpper(letter))
                break;
            column = column * 26 + letter - 'A' + 1;
            if (column > TableFile.MaxColumns)
                break;
        }
        return column == 0 ? null : column - 1;
    }
}
