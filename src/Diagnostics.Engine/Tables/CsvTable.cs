using System.Text;

namespace Diagnostics.Engine.Tables;

/// <summary>
/// Reads CSV (RFC 4180) with a semicolon, a comma or a tab between cells, in UTF-8, UTF-16 or Windows-1251: Russian
/// Excel writes semicolons and Windows-1251.
/// </summary>
internal static class CsvTable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private const string Separators = ";,\t";

    /// <exception cref="BrokenTableException">The text is no table; thrown while the rows are read, too.</exception>
    internal static IEnumerable<TableRow> Read(ReadOnlySpan<byte> content)
    {
        var text = Decode(content);
        return text.Contains('\0')
            ? throw new BrokenTableException("Файл — не таблица: нужен XLSX или CSV. Старый формат XLS сохраните как XLSX.")
            : Rows(text, Separator(text));
    }

    private static string Decode(ReadOnlySpan<byte> content)
    {
        if (content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            return Encoding.Unicode.GetString(content[2..]);
        if (content.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return Encoding.BigEndianUnicode.GetString(content[2..]);
        if (content.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            content = content[3..];
        try
        {
            return Utf8.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(1251)!.GetString(content);
        }
    }

    /// <summary>The separator that stands most often outside quotes in the first line.</summary>
    private static char Separator(string text)
    {
        Span<int> counts = [0, 0, 0];
        var quoted = false;
        foreach (var letter in text.AsSpan().TrimStart("\r\n"))
        {
            if (letter is '\r' or '\n' && !quoted)
                break;
            if (letter == '"')
                quoted = !quoted;
            else if (!quoted && Separators.IndexOf(letter) is >= 0 and var place)
                counts[place]++;
        }
        return Separators[counts.IndexOf(Math.Max(counts[0], Math.Max(counts[1], counts[2])))];
    }

    private static IEnumerable<TableRow> Rows(string text, char separator)
    {
        var (place, number) = (0, 1);
        while (place < text.Length)
        {
            var cells = new List<string>();
            while (true)
            {
                var cell = Cell(text, ref place, separator, number);
                if (cells.Count < TableFile.MaxColumns)
                    cells.Add(cell.Trim());
                if (place < text.Length && text[place] == separator)
                    place++;
                else
                    break;
            }
            yield return new(number++, cells);
            if (place < text.Length && text[place] == '\r')
                place++;
            if (place < text.Length && text[place] == '\n')
                place++;
        }
    }

    /// <summary>Reads a cell; afterwards the place is that of the separator or the line end behind it.</summary>
    private static string Cell(string text, ref int place, char separator, int row)
    {
        if (place < text.Length && text[place] == '"')
        {
            var cell = new StringBuilder();
            for (place++; place < text.Length; place++)
            {
                if (text[place] != '"')
                    cell.Append(text[place]);
                else if (place + 1 < text.Length && text[place + 1] == '"')
                    cell.Append(text[place++]);
                else
                {
                    place++;
                    if (place < text.Length && text[place] != separator && text[place] is not ('\r' or '\n'))
                        throw new BrokenTableException($"Строка {row}: после закрывающей кавычки стоит лишнее.");
                    return cell.ToString();
                }
            }
            throw new BrokenTableException($"Строка {row}: кавычка открыта и не закрыта.");
        }
        var start = place;
        while (place < text.Length && text[place] != separator && text[place] is not ('\r' or '\n'))
            place++;
        return text[start..place];
    }
}
