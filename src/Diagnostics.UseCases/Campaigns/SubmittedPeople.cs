using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.People;
using Diagnostics.Engine.Tables;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>A person in a bulk enrolment in JSON; what is missing or wrong is reported for this row alone.</summary>
/// <param name="ExternalId">The person's id at the portal that enrols the person.</param>
/// <param name="Site">Code of the site where the person wants to sit; when absent, the site of the request.</param>
public sealed record EnrolmentRow(
    string? Surname = null,
    string? GivenName = null,
    string? Patronymic = null,
    string? Email = null,
    string? Position = null,
    string? Organisation = null,
    string? Territory = null,
    string? ExternalId = null,
    string? Site = null
);

/// <param name="People">1–100,000 people.</param>
public sealed record EnrolmentRowsRequest(IReadOnlyList<EnrolmentRow> People);

/// <summary>
/// People as they were sent: the file of a spreadsheet program, or rows in JSON. The rows are handed over one after another and
/// never held all at once.
/// </summary>
internal sealed class SubmittedPeople
{
    private readonly byte[]? file;
    private readonly EnrolmentRowsRequest? request;

    internal SubmittedPeople(byte[] file) => this.file = file;

    internal SubmittedPeople(EnrolmentRowsRequest request) => this.request = request;

    /// <returns>Why nothing of it can be read; null when it can.</returns>
    internal Refusal? Each(Action<PersonTableRow> take)
    {
        if (request is not null)
            return EachOf(request.People, take);
        PersonTable? table = null;
        Refusal? wrong = null;
        return TableFile.Each(file!, Row) ?? wrong;

        void Row(TableRow row)
        {
            if (table is not null)
                take(table.Read(row));
            else if (wrong is null && PersonTable.Of(row).Refused(out wrong, out table)) { }
        }
    }

    private static Refusal? EachOf(IReadOnlyList<EnrolmentRow> people, Action<PersonTableRow> take)
    {
        if (people.Count > TableFile.MaxRows)
            return TableFile.TooLarge;
        foreach (var (place, person) in people.Index())
            take(
                new(
                    Row: place + 1,
                    Surname: person.Surname,
                    GivenName: person.GivenName,
                    Patronymic: person.Patronymic,
                    Email: person.Email,
                    Position: person.Position,
                    Organisation: person.Organisation,
                    Territory: person.Territory,
                    ExternalId: person.ExternalId,
                    Site: person.Site
                )
            );
        return null;
    }
}

/// <summary>A row of a bulk enrolment as the job keeps it until it is done.</summary>
/// <param name="Repeats">The earlier row that has the same external id; null when there is none.</param>
internal sealed record KeptRow(PersonTableRow Person, int? Repeats)
{
    /// <summary>The number of rows in one part of a job.</summary>
    private const int InPart = 200;

    /// <summary>Reads the submitted rows into the parts of a job.</summary>
    internal static Result<(IReadOnlyList<string> Parts, int Rows)> PartsOf(SubmittedPeople people)
    {
        var (parts, part, seen, rows) = (new List<string>(), new List<KeptRow>(InPart), new Dictionary<string, int>(), 0);
        if (people.Each(Take) is { } refusal)
            return refusal;
        if (rows == 0)
            return Refusal.Invalid("table-broken", "В таблице нет ни одного человека.");
        End();
        return (parts, rows);

        void Take(PersonTableRow person)
        {
            rows++;
            int? repeats = null;
            if (person.ExternalId?.Trim() is { Length: > 0 } id && !seen.TryAdd(id, person.Row))
                repeats = seen[id];
            part.Add(new(person, repeats));
            if (part.Count == InPart)
                End();
        }

        void End()
        {
            if (part.Count > 0)
                parts.Add(JsonSerializer.Serialize(part, Json.Options));
            part.Clear();
        }
    }
}
