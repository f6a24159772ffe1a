using System.Xml;

namespace Diagnostics.Engine.Tables;

/// <summary>A row of a table as text.</summary>
/// <param name="Number">From 1, as the spreadsheet program counts.</param>
/// <param name="Cells">From column A on; trimmed, empty where nothing stands.</param>
public sealed record TableRow(int Number, IReadOnlyList<string> Cells)
{
    internal string At(int column) => column < Cells.Count ? Cells[column] : "";

    internal bool IsBlank => Cells.All(cell => cell.Length == 0);
}

/// <summary>
/// Reads a table from a file of a spreadsheet program: XLSX, or CSV in any of the ways in which such programs write it.
/// </summary>
public static class TableFile
{
    /// <summary>The greatest number of rows under the headings, blank rows not counted.</summary>
    public const int MaxRows = 100_000;

    internal const int MaxColumns = 100;

    /// <summary>Refuses a table with more rows than <see cref="MaxRows"/>.</summary>
    public static Refusal TooLarge => new("table-too-large", RefusalKind.TooLarge, $"В таблице больше {MaxRows} строк. Разделите её.");

    /// <returns>The rows that are not blank; refused when the file is no table or is too large.</returns>
    public static Result<IReadOnlyList<TableRow>> Read(ReadOnlyMemory<byte> content)
    {
        var rows = new List<TableRow>();
        return Each(content, rows.Add) is { } refusal ? refusal : rows;
    }

    /// <summary>Hands over the rows that are not blank one after another, so that nobody has to hold them all.</summary>
    /// <returns>Why the file is refused, because it is no table or is too large; null when it is not. Rows handed over before
    /// may then be forgotten.</returns>
    public static Refusal? Each(ReadOnlyMemory<byte> content, Action<TableRow> take)
    {
        try
        {
            var read = 0;
            foreach (var row in XlsxTable.Is(content.Span) ? XlsxTable.Read(content) : CsvTable.Read(content.Span))
            {
                if (row.IsBlank)
                    continue;
                // One row more than is allowed: the headings.
                if (++read > MaxRows + 1)
                    return TooLarge;
                take(row);
            }
            return read == 0 ? Broken("В таблице нет ни одной строки.") : null;
        }
        catch (BrokenTableException fault)
        {
            return Broken(fault.Message);
        }
        catch (Exception fault) when (fault is InvalidDataException or XmlException)
        {
            return Broken("Файл XLSX повреждён или слишком велик. Сохраните таблицу заново или сохраните её как CSV.");
        }
    }

    private static Refusal Broken(string detail) => Refusal.Invalid("table-broken", detail);
}

/// <summary>The file contradicts its format; the message is for the person who sent it.</summary>
internal sealed class BrokenTableException(string message) : Exception(message);
