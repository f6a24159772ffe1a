using System.Text.RegularExpressions;
using Diagnostics.Storage.People;
using Diagnostics.TestKit;

namespace Diagnostics.Storage.Tests;

/// <summary>
/// docs/personal-data.md names every column that can hold words or files, what it is kept for, for how long, and what
/// erasing a person does to it. Nobody adds such a column without saying so there.
/// </summary>
public sealed partial class PersonalDataRegisterTests : IAsyncLifetime
{
    private const string OfPerson = "О человеке, который проходит диагностику";
    private const string OfAccounts = "Учётные записи и сотрудники";
    private const string Results = "Результаты: под псевдонимом";
    private const string Withheld = "Чего человек не получает";

    /// <summary>Columns of results that name the member of staff who has acted, by the number of the account.</summary>
    private static readonly string[] ByStaff = ["marking_assignments.expert_id", "marking_rounds.marked_by"];

    private TestDatabase sqlite = null!;

    public async Task InitializeAsync() => sqlite = await TestDatabase.Migrated(Provider.Sqlite);

    public async Task DisposeAsync() => await sqlite.DisposeAsync();

    [Fact]
    public async Task Every_column_with_words_stands_in_the_register_once()
    {
        var stored = (await new SqliteSchema(sqlite).Columns())
            .Where(column => column.Type is "TEXT" or "BLOB" && !Moment().IsMatch(column.Name))
            .Select(column => $"{column.TableName}.{column.Name}")
            .ToList();

        var named = Rows().SelectMany(row => row.Columns.Select(column => $"{row.Table}.{column}")).ToList();

        named.Should().OnlyHaveUniqueItems();
        named.Except(stored).Should().BeEmpty("the register names only what is stored");
        stored.Except(named).Should().BeEmpty("docs/personal-data.md says of each column what it is, why and how long it is kept");
    }

    [Fact]
    public void Whatever_is_about_people_has_a_purpose_a_term_and_what_erasure_does_to_it()
    {
        var aboutPeople = Rows().Where(row => row.Words.Count > 1).ToList();

        aboutPeople.Should().HaveCountGreaterThan(40);
        aboutPeople.Where(row => row.Words.Count != 4 || row.Words.Any(string.IsNullOrWhiteSpace)).Should().BeEmpty();
        aboutPeople.Select(row => row.Table).Should().Contain(["people", "consents", "appeals", "access_accounts", "idempotency_keys"]);
    }

    [Fact]
    public async Task Results_hold_no_personal_data_and_know_a_person_only_by_the_pseudonym()
    {
        var results = Rows().Where(row => row.Section == Results).Select(row => row.Table).ToHashSet();
        results.Should().Contain(["session_responses", "marking_rounds", "profiles", "calibration_results", "calibration_items"]);
        // The names of columns in which people and accounts keep what a person can be recognised by.
        string[] personal = ["surname", "given_name", "patronymic", "email", "position", "user_name", "external_id", "subject"];
        (await new SqliteSchema(sqlite).Columns())
            .Where(column => results.Contains(column.TableName) && personal.Contains(column.Name))
            .Select(column => $"{column.TableName}.{column.Name}")
            .Should()
            .BeEmpty();

        var references = await sqlite.Query<Reference>(
            """
            SELECT m.name AS "table", f."from" AS "column", f."table" AS target
            FROM sqlite_master AS m JOIN pragma_foreign_key_list(m.name) AS f
            WHERE m.type = 'table' AND f."table" IN ('people', 'access_accounts') ORDER BY 1, 2
            """
        );

        references.Where(reference => reference.Target == "people").Should().BeEmpty("only the pseudonym is referred to");
        references
            .Where(reference => results.Contains(reference.Table))
            .Select(reference => $"{reference.Table}.{reference.Column}")
            .Should()
            .Equal(ByStaff);
    }

    /// <summary>
    /// What a person gets when asking for own data: every column of what the register names about the person, except
    /// those that the register withholds with a reason.
    /// </summary>
    [Fact]
    public async Task A_person_gets_every_column_of_the_register_that_is_not_withheld_with_a_reason()
    {
        var given = PersonDataStore.Parts.SelectMany(part => part.Columns.Split(", ").Select(column => $"{part.Table}.{column}")).ToList();
        var withheld = Rows(ofWithheld: true).ToList();
        withheld.Should().OnlyContain(row => row.Words.Count == 1 && row.Words[0].Length > 10, "each is withheld for a reason");
        var kept = withheld.SelectMany(row => row.Columns.Select(column => $"{row.Table}.{column}")).ToList();

        var about = Rows()
            .Where(row => row.Section is OfPerson or OfAccounts || PersonDataStore.Parts.Any(part => part.Table == row.Table))
            .SelectMany(row => row.Columns.Select(column => $"{row.Table}.{column}"))
            .ToList();

        given.Should().OnlyHaveUniqueItems();
        given.Intersect(kept).Should().BeEmpty();
        kept.Except(about).Should().BeEmpty();
        about.Except(given).Except(kept).Should().BeEmpty("the person gets it, or docs/personal-data.md says why not");
        // Moments and numbers are not in the register, but they are in the table.
        var stored = (await new SqliteSchema(sqlite).Columns()).Select(column => $"{column.TableName}.{column.Name}");
        given.Except(stored).Should().BeEmpty();
    }

    private static IEnumerable<RegisterRow> Rows(bool ofWithheld = false)
    {
        var section = "";
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "docs", "personal-data.md")))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
                section = line[3..];
            if (!line.StartsWith("| `", StringComparison.Ordinal) || (section == Withheld) != ofWithheld)
                continue;
            var cells = line.Trim('|').Split('|').Select(cell => cell.Trim()).ToList();
            yield return new(section, cells[0].Trim('`'), cells[1].Split(", ").Select(column => column.Trim('`')).ToList(), cells[2..]);
        }
    }

    [GeneratedRegex("(^at|_at|_to|_from|_until|^until|_since)$")]
    private static partial Regex Moment();

    /// <param name="Words">What the columns are; of people also the purpose, the term, and the effect of erasure.</param>
    private sealed record RegisterRow(string Section, string Table, IReadOnlyList<string> Columns, IReadOnlyList<string> Words);

    private sealed record Reference
    {
        public string Table { get; init; } = "";
        public string Column { get; init; } = "";
        public string Target { get; init; } = "";
    }
}
