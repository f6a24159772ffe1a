using NodaTime;

namespace Diagnostics.Storage.People;

/// <summary>
/// Personal data, stored apart from the records of what the person did. After erasure only the pseudonym remains.
/// </summary>
internal sealed record PersonRow
{
    public Guid ParticipantId { get; init; }
    public string Surname { get; init; } = "";
    public string GivenName { get; init; } = "";
    public string? Patronymic { get; init; }
    public string? Email { get; init; }
    public string? Position { get; init; }
    public string Organisation { get; init; } = "";

    /// <summary>Code of the municipality or region.</summary>
    public string Territory { get; init; } = "";

    /// <summary>The person's id at the portal that enrolled the person; unique.</summary>
    public string? ExternalId { get; init; }

    public int Revision { get; init; }
}

internal static class PersonStore
{
    private const string Columns =
        "participant_id, surname, given_name, patronymic, email, position, organisation, territory, external_id, revision";

    /// <summary>Null when the person is unknown or erased.</summary>
    internal static Task<PersonRow?> Find(Db db, Guid participantId) =>
        db.Find<PersonRow>($"SELECT {Columns} FROM people WHERE participant_id = @participantId", new { participantId });

    internal static Task<PersonRow?> FindByExternalId(Db db, string externalId) =>
        db.Find<PersonRow>($"SELECT {Columns} FROM people WHERE external_id = @externalId", new { externalId });

    /// <summary>The people with the same name at the same place of work, for a row that gives no number; oldest first.</summary>
    internal static Task<IReadOnlyList<PersonRow>> Namesakes(Db db, PersonRow person) =>
        db.Query<PersonRow>(
            $"""
            SELECT {Columns} FROM people
            WHERE surname = @Surname AND given_name = @GivenName AND COALESCE(patronymic, '') = COALESCE(@Patronymic, '')
              AND organisation = @Organisation AND territory = @Territory
            ORDER BY participant_id
            """,
            person
        );

    /// <summary>The campaigns for which the person has applied and has not withdrawn.</summary>
    internal static Task<IReadOnlyList<Guid>> AppliedTo(Db db, Guid participantId) =>
        db.Query<Guid>(
            """
            SELECT campaign_id FROM applications WHERE participant_id = @participantId AND status <> 'withdrawn'
            """,
            new { participantId }
        );

    /// <param name="territories">List only people from these territories; null = all territories.</param>
    /// <param name="campaigns">Ids of campaigns; list also people who have applied for them.</param>
    /// <param name="organisations">List only people from these organisations, in exactly these spellings; null = all
    /// organisations.</param>
    internal static Task<IReadOnlyList<PersonRow>> List(
        Db db,
        IReadOnlyCollection<string>? territories,
        IReadOnlyCollection<string> campaigns,
        IReadOnlyCollection<string>? organisations,
        string? externalId,
        Guid? after,
        int limit
    ) =>
        db.Query<PersonRow>(
            $"""
            SELECT {Columns} FROM people
            WHERE (@everywhere = 1 OR territory IN @territories
                   OR EXISTS (SELECT 1 FROM applications AS a
                              WHERE a.participant_id = people.participant_id AND a.status <> 'withdrawn'
                                AND CAST(a.campaign_id AS VARCHAR(36)) IN @campaigns))
              AND (@anyOrganisation = 1 OR organisation IN @organisations)
              AND (@externalId IS NULL OR external_id = @externalId) AND (@after IS NULL OR participant_id > @after)
            ORDER BY participant_id LIMIT @limit
            """,
            new
            {
                everywhere = territories is null ? 1 : 0,
                territories = territories?.ToArray() ?? [],
                campaigns = campaigns.ToArray(),
                anyOrganisation = organisations is null ? 1 : 0,
                organisations = organisations?.ToArray() ?? [],
                externalId,
                after,
                limit,
            }
        );

    /// <summary>The organisations' names, each spelling once.</summary>
    /// <param name="territories">List only organisations of people from these territories; null = all
    /// territories.</param>
    internal static Task<IReadOnlyList<string>> Organisations(Db db, IReadOnlyCollection<string>? territories) =>
        db.Query<string>(
            """
            SELECT DISTINCT organisation FROM people WHERE @everywhere = 1 OR territory IN @territories
            """,
            new { everywhere = territories is null ? 1 : 0, territories = territories?.ToArray() ?? [] }
        );

    /// <summary>Returns false when the external id is taken.</summary>
    internal static async Task<bool> Add(Db db, PersonRow person, Instant now)
    {
        await db.Execute("INSERT INTO participants (id, created_at) VALUES (@ParticipantId, @now)", new { person.ParticipantId, now });
        return await db.Execute(
                """
                INSERT INTO people (participant_id, surname, given_name, patronymic, email, position, organisation, territory, external_id, revision)
                VALUES (@ParticipantId, @Surname, @GivenName, @Patronymic, @Email, @Position, @Organisation, @Territory, @ExternalId, 1)
                ON CONFLICT (external_id) DO NOTHING
                """,
                person
            ) == 1;
    }

    /// <summary>Returns false when somebody else has changed the data in the meantime.</summary>
    internal static async Task<bool> Update(Db db, PersonRow person, int revision) =>
        await db.Execute(
            """
            UPDATE people
            SET surname = @Surname, given_name = @GivenName, patronymic = @Patronymic, email = @Email, position = @Position,
                organisation = @Organisation, territory = @Territory, external_id = @ExternalId, revision = revision + 1
            WHERE participant_id = @ParticipantId AND revision = @revision
            """,
            new
            {
                person.ParticipantId,
                person.Surname,
                person.GivenName,
                person.Patronymic,
                person.Email,
                person.Position,
                person.Organisation,
                person.Territory,
                person.ExternalId,
                revision,
            }
        ) == 1;

    /// <summary>Removes the personal data for good; the pseudonym, and the records under it, stay.</summary>
    internal static async Task<bool> Erase(Db db, Guid participantId) =>
        await db.Execute("DELETE FROM people WHERE participant_id = @participantId", new { participantId }) == 1;
}
