namespace Diagnostics.Server.Pages.Site;

public sealed partial class DataTable
{
    /// <summary>The heading of a column.</summary>
    /// <param name="Path">Address of the table sorted by the column; null when it cannot be sorted by it.</param>
    /// <param name="Sorted">Value of <c>aria-sort</c>; null when the table is sorted by another column.</param>
    public sealed record TableHead(string Title, bool Numeric, string? Path, string? Sorted);

    /// <summary>A filter above the table.</summary>
    /// <param name="Chosen">Null when rows with any value are shown.</param>
    public sealed record TableChoice(string Key, string Title, string? Chosen, IReadOnlyList<(string Value, string Text)> Values);

    /// <summary>One page of a table, as <c>DataTable</c> draws it.</summary>
    /// <param name="Found">The number of chosen rows on all pages.</param>
    /// <param name="Page">Counted from 1.</param>
    /// <param name="Pages">Addresses of all pages.</param>
    /// <param name="Find">The text that was searched for; null when the table cannot be searched.</param>
    /// <param name="Path">Address of the table without anything chosen.</param>
    /// <param name="Sort">What the address says about the order; null when it says nothing.</param>
    /// <param name="Narrowed">Whether a filter or a search leaves only some rows.</param>
    /// <param name="Files">Name and address of each file with the chosen rows.</param>
    /// <param name="Empty">What is said when there are no rows at all.</param>
    public sealed record TableView(
        string Caption,
        IReadOnlyList<TableHead> Heads,
        IReadOnlyList<IReadOnlyList<TableCell>> Rows,
        int Found,
        int Page,
        IReadOnlyList<string> Pages,
        IReadOnlyList<TableChoice> Filters,
        string? Find,
        string Path,
        string? Sort,
        bool Narrowed,
        IReadOnlyList<(string Name, string Path)> Files,
        string Empty
    )
    {
        /// <inheritdoc cref="Table{TRow}.Prefix"/>
        public string Prefix { get; init; } = "";

        /// <summary>Parameters of the address that do not belong to the table.</summary>
        public IReadOnlyList<KeyValuePair<string, string>> Kept { get; init; } = [];
    }
}

/// <summary>The address of a page with a table, with what was chosen in it.</summary>
/// <param name="Prefix">What the names of the table's own parameters begin with; keys are given without it.</param>
internal sealed record TableAddress(string Path, IReadOnlyList<KeyValuePair<string, string>> Query, string Prefix = "")
{
    /// <summary>Null when the address does not name the parameter.</summary>
    internal string? this[string key] => Query.FirstOrDefault(pair => pair.Key == Prefix + key).Value;

    /// <summary>Parameters of other tables on the page.</summary>
    internal IEnumerable<KeyValuePair<string, string>> Others =>
        Query.Where(pair => Prefix.Length > 0 && !pair.Key.StartsWith(Prefix, StringComparison.Ordinal));

    /// <summary>The address with nothing chosen in the table.</summary>
    internal string WithoutOwn => Of(Others);

    /// <summary>The address with parameters changed; those whose value is null are left out.</summary>
    internal string With(string key, string? value, params (string Key, string? Value)[] more)
    {
        var changed = ((string Key, string? Value)[])[(key, value), .. more];
        return Of(
            Query
                .Where(pair => changed.All(change => Prefix + change.Key != pair.Key))
                .Concat(
                    changed
                        .Where(change => change.Value is not null)
                        .Select(change => KeyValuePair.Create(Prefix + change.Key, change.Value!))
                )
        );
    }

    /// <summary>With several tables on a page, the browser stays at the one whose link was pressed.</summary>
    private string Of(IEnumerable<KeyValuePair<string, string>> query) =>
        string.Join('&', query.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"))
            is { Length: > 0 } all
            ? $"{Path}?{all}{Place}"
            : Path + Place;

    private string Place => Prefix.Length == 0 ? "" : $"#{Prefix}table";
}
