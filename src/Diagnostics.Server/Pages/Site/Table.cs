using System.Globalization;

namespace Diagnostics.Server.Pages.Site;

/// <summary>A column of a table.</summary>
/// <param name="Key">Its name in the address of the page.</param>
internal sealed record TableColumn<TRow>(string Key, string Title, Func<TRow, TableCell> Cell)
{
    /// <summary>Whether the column contains numbers, which stand at the right.</summary>
    internal bool Numeric { get; init; }

    /// <summary>Whether the column is for the page alone, such as one of buttons: it is not sorted, and files leave it out.</summary>
    internal bool OnPageOnly { get; init; }

    /// <summary>Whether rows are not sorted by the column, because the page has only some of them at a time.</summary>
    internal bool Unsorted { get; init; }
}

/// <summary>A choice above a table that leaves only some rows.</summary>
/// <param name="Key">Its name in the address of the page.</param>
/// <param name="Values">The values of a row; a row is shown when the chosen value is among them.</param>
/// <param name="Words">What the page calls a value.</param>
internal sealed record TableFilter<TRow>(string Key, string Title, Func<TRow, IEnumerable<string>> Values, Func<string, string> Words)
{
    internal TableFilter(string key, string title, Func<TRow, string?> value, Func<string, string>? words = null)
        : this(key, title, row => value(row) is { Length: > 0 } one ? [one] : [], words ?? (one => one)) { }
}

/// <summary>
/// A table that is sorted, filtered, searched and turned page by page with links and one form, so it works without
/// scripts. Everything chosen is in the address. The same address gives the chosen rows of all pages as a file.
/// </summary>
/// <param name="Name">Name of its files, in Latin letters.</param>
/// <param name="Columns">The first one that files contain is the heading of its row.</param>
internal sealed record Table<TRow>(string Name, string Caption, IReadOnlyList<TableColumn<TRow>> Columns)
{
    internal const int PageSize = 50;

    private const string SortKey = "sort";
    private const string PageKey = "page";
    private const string FindKey = "find";
    internal const string FileKey = "as";

    internal IReadOnlyList<TableFilter<TRow>> Filters { get; init; } = [];

    /// <summary>Whether texts of the rows can be searched.</summary>
    internal bool Searched { get; init; }

    /// <summary>
    /// Key of the column by which rows are sorted at first, with a minus before it for the other direction; null leaves
    /// the rows in the order in which they come.
    /// </summary>
    internal string? FirstSort { get; init; }

    /// <summary>Parameters of the page's own, which its addresses keep.</summary>
    internal IReadOnlyList<string> Keeps { get; init; } = [];

    /// <summary>What the names of its parameters begin with; tables on one page differ in it.</summary>
    internal string Prefix { get; init; } = "";

    /// <summary>The prefixes of the other tables on the page, whose parameters the addresses of this one keep.</summary>
    internal IReadOnlyList<string> Beside { get; init; } = [];

    /// <summary>What the page says instead of a table without rows.</summary>
    internal string Empty { get; init; } = "Здесь пока ничего нет.";

    /// <summary>Answers with the page around the table, or with the file that the address asks for.</summary>
    internal IResult Answer(HttpRequest request, IReadOnlyList<TRow> rows, Func<TableView, IResult> page) =>
        File(request, rows) ?? page(View(request, rows));

    /// <summary>The file that the address asks for; null when it asks for the page.</summary>
    internal IResult? File(HttpRequest request, IReadOnlyList<TRow> rows) =>
        TableFile.FormatOf(request.Query[Prefix + FileKey]) is { } format
            ? new TableFile(
                format,
                Name,
                Caption,
                InFiles.Select(column => column.Title).ToList(),
                Chosen(rows, Address(request)).Select(Exported)
            )
            : null;

    /// <summary>The page of the table that the address names.</summary>
    internal TableView View(HttpRequest request, IReadOnlyList<TRow> rows)
    {
        var address = Address(request);
        return View(rows, Chosen(rows, address), address);
    }

    private IEnumerable<TableColumn<TRow>> InFiles => Columns.Where(column => !column.OnPageOnly);

    private IReadOnlyList<TableCell> Exported(TRow row) => InFiles.Select(column => column.Cell(row)).ToList();

    /// <summary>The address with the parameters that belong to the table; unknown ones are left out.</summary>
    private TableAddress Address(HttpRequest request) =>
        new(
            request.PathBase + request.Path,
            (
                (string[])
                    [
                        .. Keeps,
                        .. request.Query.Keys.Where(key =>
                            Beside.Any(other => key.StartsWith(other, StringComparison.Ordinal) && key != other + FileKey)
                        ),
                        .. ((string[])[FindKey, .. Filters.Select(filter => filter.Key), SortKey, PageKey]).Select(key => Prefix + key),
                    ]
            )
                .Select(key => KeyValuePair.Create(key, request.Query[key].ToString().Trim()))
                .Where(pair => pair.Value.Length > 0)
                .ToList(),
            Prefix
        );

    private List<TRow> Chosen(IReadOnlyList<TRow> rows, TableAddress address)
    {
        var left = rows.Where(row =>
            Filters.All(filter => address[filter.Key] is not { } value || filter.Values(row).Contains(value, StringComparer.Ordinal))
        );
        if (Searched && address[FindKey] is { } wanted)
            left = SearchText.Find(left.ToList(), wanted, Words);
        if (Sort(address) is not var (column, descending))
            return left.ToList();
        return left.Select(row => (Row: row, Cell: column.Cell(row)))
            .Order(Comparer<(TRow Row, TableCell Cell)>.Create((one, other) => TableCell.Compare(one.Cell, other.Cell, descending)))
            .Select(pair => pair.Row)
            .ToList();
    }

    private string Words(TRow row) =>
        string.Join('\n', InFiles.Select(column => column.Cell(row)).Where(cell => cell.Value is string).Select(cell => cell.Text));

    private (TableColumn<TRow> Column, bool Descending)? Sort(TableAddress address) =>
        (address[SortKey] ?? FirstSort) is { } sort
        && InFiles.FirstOrDefault(each => !each.Unsorted && each.Key == sort.TrimStart('-')) is { } column
            ? (column, sort.StartsWith('-'))
            : null;

    private TableView View(IReadOnlyList<TRow> rows, List<TRow> chosen, TableAddress address)
    {
        var pages = Math.Max(1, (chosen.Count + PageSize - 1) / PageSize);
        var page = int.TryParse(address[PageKey], NumberStyles.None, CultureInfo.InvariantCulture, out var asked)
            ? Math.Clamp(asked, 1, pages)
            : 1;
        var sort = Sort(address);
        return new(
            Caption: Caption,
            Heads: Columns.Select(column => Head(column, sort, address)).ToList(),
            Rows: chosen
                .Skip((page - 1) * PageSize)
                .Take(PageSize)
                .Select(row => (IReadOnlyList<TableCell>)Columns.Select(column => column.Cell(row)).ToList())
                .ToList(),
            Found: chosen.Count,
            Page: page,
            Pages: Enumerable
                .Range(1, pages)
                .Select(number => address.With(PageKey, number == 1 ? null : number.ToString(CultureInfo.InvariantCulture)))
                .ToList(),
            Filters: Filters.Select(filter => Filter(filter, rows, address)).ToList(),
            Find: Searched ? address[FindKey] ?? "" : null,
            Path: address.WithoutOwn,
            Sort: address[SortKey],
            Narrowed: Filters.Any(filter => address[filter.Key] is not null) || (Searched && address[FindKey] is not null),
            Files: TableFile.Formats.Select(format => (format.ToUpperInvariant(), address.With(PageKey, null, (FileKey, format)))).ToList(),
            Empty: Empty
        )
        {
            Prefix = Prefix,
            Kept = address.Others.ToList(),
        };
    }

    private static TableHead Head(TableColumn<TRow> column, (TableColumn<TRow> Column, bool Descending)? sort, TableAddress address)
    {
        var own = sort is var (by, _) && by == column;
        var descending = own && sort!.Value.Descending;
        // Whoever sorts numbers wants the greatest first.
        var next = own ? !descending : column.Numeric;
        return new(
            column.Title,
            column.Numeric,
            column.OnPageOnly || column.Unsorted ? null : address.With(PageKey, null, (SortKey, (next ? "-" : "") + column.Key)),
            !own ? null
                : descending ? "descending"
                : "ascending"
        );
    }

    private static TableChoice Filter(TableFilter<TRow> filter, IReadOnlyList<TRow> rows, TableAddress address)
    {
        var chosen = address[filter.Key];
        var values = rows.SelectMany(filter.Values).Concat(chosen is null ? [] : [chosen]).Distinct(StringComparer.Ordinal);
        return new(
            filter.Key,
            filter.Title,
            chosen,
            values
                .Select(value => (Value: value, Text: filter.Words(value)))
                .OrderBy(
                    pair => pair.Text,
                    StringComparer.Create(CultureInfo.GetCultureInfo("ru-RU"), CompareOptions.IgnoreCase | CompareOptions.NumericOrdering)
                )
                .ToList()
        );
    }
}
