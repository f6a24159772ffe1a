using Diagnostics.Engine;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.People;

/// <summary>Personal data of a person who takes diagnostics.</summary>
/// <param name="Organisation">The person's workplace; experts from there never mark the person's script.</param>
/// <param name="Territory">Code of the municipality.</param>
/// <param name="ExternalId">The person's id at the portal that enrols the person; unique.</param>
public sealed record PersonRequest(
    string Surname,
    string GivenName,
    string Organisation,
    string Territory,
    string? Patronymic = null,
    string? Email = null,
    string? Position = null,
    string? ExternalId = null
)
{
    /// <summary>All faults in these data, each with its field.</summary>
    internal IEnumerable<Refusal> Faults() =>
        new[]
        {
            TextRules.CheckName("surname", Surname, 100),
            TextRules.CheckName("givenName", GivenName, 100),
            Patronymic is null ? null : TextRules.CheckName("patronymic", Patronymic, 100),
            Optional("email", Email, 254) ?? (Email is null || IsAddress(Email) ? null : NoAddress),
            Optional("position", Position, 200),
            TextRules.CheckLine("organisation", Organisation, 300),
            TextRules.CheckLine("territory", Territory, 100),
            Optional("externalId", ExternalId, 100),
        }.OfType<Refusal>();

    private static Refusal NoAddress => Refusal.Invalid("email-invalid", "email — адрес вида имя@домен.").With("field", "email");

    /// <summary>The person as it will be shown when these data are stored.</summary>
    internal PersonView Shown(Guid participantId, int revision) => PersonView.Of(RowOf(participantId) with { Revision = revision });

    internal PersonRow RowOf(Guid participantId) =>
        new()
        {
            ParticipantId = participantId,
            Surname = NameOf(Surname),
            GivenName = NameOf(GivenName),
            Patronymic = Patronymic is null ? null : NameOf(Patronymic),
            Email = Email?.Trim(),
            Position = Position?.Trim(),
            // Only compose letters (NFC), because NFKC would split the sign № into two letters.
            Organisation = VisibleText.Composed(Organisation).Trim(),
            Territory = Territory.Trim(),
            ExternalId = ExternalId?.Trim(),
        };

    private static string NameOf(string text) => VisibleText.Compatible(text).Trim();

    private static Refusal? Optional(string field, string? text, int maxLength) =>
        text is null ? null : TextRules.CheckLine(field, text, maxLength);

    private static bool IsAddress(string email) =>
        email.Trim() is var address && !address.Any(char.IsWhiteSpace) && address.Split('@') is [{ Length: > 0 }, { Length: > 0 }];
}

/// <summary>A stored person.</summary>
/// <param name="ParticipantId">The pseudonym under which everything else is stored.</param>
/// <param name="Revision">Revision of the data; it is also the ETag.</param>
public sealed record PersonView(
    Guid ParticipantId,
    string Surname,
    string GivenName,
    string? Patronymic,
    string? Email,
    string? Position,
    string Organisation,
    string Territory,
    string? ExternalId,
    int Revision
)
{
    internal static PersonView Of(PersonRow row) =>
        new(
            ParticipantId: row.ParticipantId,
            Surname: row.Surname,
            GivenName: row.GivenName,
            Patronymic: row.Patronymic,
            Email: row.Email,
            Position: row.Position,
            Organisation: row.Organisation,
            Territory: row.Territory,
            ExternalId: row.ExternalId,
            Revision: row.Revision
        );
}

internal static class PeopleRefusals
{
    /// <summary>
    /// Also returned for a person of another territory and for an erased person, so as not to reveal that these people
    /// exist.
    /// </summary>
    internal static readonly Refusal NotFound = Refusal.NotFound("person-not-found", "Такого человека нет.");

    internal static readonly Refusal OtherTerritory = Refusal
        .Forbidden("not-your-territory", "Людей этой территории ведёт другой оператор или портал.")
        .With("field", "territory");

    internal static readonly Refusal ExternalIdTaken = Refusal
        .Conflict("external-id-taken", "Человек с этим externalId уже есть.")
        .With("field", "externalId");
}
