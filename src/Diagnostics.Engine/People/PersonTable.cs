using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.Tables;

namespace Diagnostics.Engine.People;

/// <summary>A row of a table of people, as it was sent; an empty cell is null.</summary>
/// <param name="Row">Number of the row, as the spreadsheet program counts.</param>
/// <param name="Site">Code of the site where the person wants to sit.</param>
public sealed record PersonTableRow(
    int Row,
    string? Surname,
    string? GivenName,
    string? Patronymic,
    string? Email,
    string? Position,
    string? Organisation,
    string? Territory,
    string? ExternalId,
    string? Site
);

/// <summary>Reads the rows of a table of people by its headings.</summary>
public sealed class PersonTable
{
    private static readonly string[] Fields =
    [
        "surname",
        "givenName",
        "patronymic",
        "email",
        "position",
        "organisation",
        "territory",
        "externalId",
        "site",
    ];

    private static readonly (string Field, string Heading)[] Needed =
    [
        ("surname", "Фамилия"),
        ("givenName", "Имя"),
        ("organisation", "Организация"),
        ("territory", "Территория"),
    ];

    /// <summary>Headings as people write them, and the names of the fields in JSON.</summary>
    private static readonly Dictionary<string, string> Headings = new(StringComparer.Ordinal)
    {
        ["фамилия"] = "surname",
        ["имя"] = "givenName",
        ["отчество"] = "patronymic",
        ["электронная почта"] = "email",
        ["почта"] = "email",
        ["e-mail"] = "email",
        ["email"] = "email",
        ["должность"] = "position",
        ["организация"] = "organisation",
        ["образовательная организация"] = "organisation",
        ["место работы"] = "organisation",
        ["территория"] = "territory",
        ["код территории"] = "territory",
        ["муниципалитет"] = "territory",
        ["номер"] = "externalId",
        ["номер на портале"] = "externalId",
        ["площадка"] = "site",
        ["код площадки"] = "site",
        ["surname"] = "surname",
        ["givenname"] = "givenName",
        ["patronymic"] = "patronymic",
        ["position"] = "position",
        ["organisation"] = "organisation",
        ["territory"] = "territory",
        ["externalid"] = "externalId",
        ["site"] = "site",
    };

    private readonly Dictionary<string, int> columns;

    private PersonTable(Dictionary<string, int> columns) => this.columns = columns;

    /// <returns>Refused when a needed column is missing, a column stands twice, or a heading is unknown: a misspelt heading would
    /// otherwise lose a column silently.</returns>
    public static Result<PersonTable> Of(TableRow headings)
    {
        var columns = new Dictionary<string, int>();
        for (var place = 0; place < headings.Cells.Count; place++)
        {
            var heading = ReadText.Of(headings.Cells[place]).ToLowerInvariant();
            if (heading.Length == 0)
                continue;
            if (!Headings.TryGetValue(heading, out var field))
                return Broken($"Столбец «{headings.Cells[place]}» неизвестен. Бывают: {string.Join(", ", Known)}.");
            if (!columns.TryAdd(field, place))
                return Broken($"Столбец «{headings.Cells[place]}» уже есть левее.");
        }
        return Needed.FirstOrDefault(needed => !columns.ContainsKey(needed.Field)) is { Heading: { } missing }
            ? Broken($"Нет столбца «{missing}».")
            : new PersonTable(columns);
    }

    public PersonTableRow Read(TableRow row) =>
        new(
            Row: row.Number,
            Surname: At(row, "surname"),
            GivenName: At(row, "givenName"),
            Patronymic: At(row, "patronymic"),
            Email: At(row, "email"),
            Position: At(row, "position"),
            Organisation: At(row, "organisation"),
            Territory: At(row, "territory"),
            ExternalId: At(row, "externalId"),
            Site: At(row, "site")
        );

    private static IEnumerable<string> Known =>
        Fields.Select(name => Headings.First(known => known.Value == name).Key).Select(heading => $"«{heading}»");

    private string? At(TableRow row, string field) =>
        columns.TryGetValue(field, out var place) && row.At(place) is { Length: > 0 } text ? text : null;

    private static Refusal Broken(string detail) => Refusal.Invalid("table-headings", detail);
}
