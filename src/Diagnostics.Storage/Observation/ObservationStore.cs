using NodaTime;

namespace Diagnostics.Storage.Observation;

internal sealed record ObservationRow
{
    public Guid Id { get; init; }
    public Guid ParticipantId { get; init; }
    public string SheetCode { get; init; } = "";
    public int SheetVersion { get; init; }
    public string Title { get; init; } = "";

    /// <summary>The day of the observed event, in ISO 8601.</summary>
    public string HeldOn { get; init; } = "";

    public string ArrangedBy { get; init; } = "";
    public Instant ArrangedAt { get; init; }
    public string? WithdrawalReason { get; init; }
    public Instant? WithdrawnAt { get; init; }
}

/// <summary>A sheet as an observer has filled it in; it never changes.</summary>
internal sealed record FilledSheetRow
{
    public Guid ObservationId { get; init; }

    /// <summary>The expert's account; for a self-observation, the observed person.</summary>
    public Guid ObserverId { get; init; }

    public string Role { get; init; } = "";

    /// <summary>The whole sheet, as JSON.</summary>
    public string Content { get; init; } = "";

    public string Fingerprint { get; init; } = "";
    public string FilledBy { get; init; } = "";
    public Instant FilledAt { get; init; }
}

/// <summary>Observations with their sheets. Nothing of an observation is ever overwritten.</summary>
internal static class ObservationStore
{
    private const string Observations = """
        SELECT o.id, o.participant_id, o.sheet_code, o.sheet_version, o.title, o.held_on, o.arranged_by, o.arranged_at,
               w.reason AS withdrawal_reason, w.withdrawn_at
        FROM observations AS o LEFT JOIN observation_withdrawals AS w ON w.observation_id = o.id
        """;

    internal static Task<ObservationRow?> Find(Db db, Guid id) => db.Find<ObservationRow>($"{Observations} WHERE o.id = @id", new { id });

    internal static Task<IReadOnlyList<ObservationRow>> OfParticipant(Db db, Guid participantId, Guid? after, int limit) =>
        db.Query<ObservationRow>(
            $"{Observations} WHERE o.participant_id = @participantId AND (@after IS NULL OR o.id > @after) ORDER BY o.id LIMIT @limit",
            new
            {
                participantId,
                after,
                limit,
            }
        );

    /// <summary>The observations to which an expert is invited.</summary>
    internal static Task<IReadOnlyList<ObservationRow>> OfExpert(Db db, Guid accountId, Guid? after, int limit) =>
        db.Query<ObservationRow>(
            $"""
            {Observations}
            WHERE EXISTS (SELECT 1 FROM observation_experts AS e WHERE e.observation_id = o.id AND e.account_id = @accountId)
              AND (@after IS NULL OR o.id > @after)
            ORDER BY o.id LIMIT @limit
            """,
            new
            {
                accountId,
                after,
                limit,
            }
        );

    internal static async Task Add(Db db, ObservationRow row, IReadOnlyCollection<Guid> experts)
    {
        await db.Execute(
            """
            INSERT INTO observations (id, participant_id, sheet_code, sheet_version, title, held_on, arranged_by, arranged_at)
            VALUES (@Id, @ParticipantId, @SheetCode, @SheetVersion, @Title, @HeldOn, @ArrangedBy, @ArrangedAt)
            """,
            row
        );
        foreach (var accountId in experts)
            await db.Execute(
                "INSERT INTO observation_experts (observation_id, account_id) VALUES (@Id, @accountId)",
                new { row.Id, accountId }
            );
    }

    internal static Task<IReadOnlyList<Guid>> Experts(Db db, Guid observationId) =>
        db.Query<Guid>(
            "SELECT account_id FROM observation_experts WHERE observation_id = @observationId ORDER BY account_id",
            new { observationId }
        );

    /// <summary>The sheets in the order in which they were filled in.</summary>
    internal static Task<IReadOnlyList<FilledSheetRow>> Sheets(Db db, Guid observationId) =>
        db.Query<FilledSheetRow>(
            """
            SELECT observation_id, observer_id, role, content, fingerprint, filled_by, filled_at
            FROM observation_sheets WHERE observation_id = @observationId ORDER BY filled_at, observer_id
            """,
            new { observationId }
        );

    /// <summary>Returns false when this observer, or the observed person, has already filled in a sheet.</summary>
    internal static async Task<bool> AddSheet(Db db, FilledSheetRow row) =>
        await db.Execute(
            """
            INSERT INTO observation_sheets (observation_id, observer_id, role, content, fingerprint, filled_by, filled_at)
            VALUES (@ObservationId, @ObserverId, @Role, @Content, @Fingerprint, @FilledBy, @FilledAt)
            ON CONFLICT DO NOTHING
            """,
            row
        ) == 1;

    /// <summary>The ratings on which the experts have agreed, as JSON, in the order of agreement.</summary>
    internal static Task<IReadOnlyList<string>> Agreements(Db db, Guid observationId) =>
        db.Query<string>(
            "SELECT ratings FROM observation_agreements WHERE observation_id = @observationId ORDER BY number",
            new { observationId }
        );

    /// <summary>Returns false when somebody else has recorded an agreement of this number.</summary>
    internal static async Task<bool> AddAgreement(Db db, Guid observationId, int number, string ratings, string agreedBy, Instant now) =>
        await db.Execute(
            """
            INSERT INTO observation_agreements (observation_id, number, ratings, agreed_by, agreed_at)
            VALUES (@observationId, @number, @ratings, @agreedBy, @now)
            ON CONFLICT (observation_id, number) DO NOTHING
            """,
            new
            {
                observationId,
                number,
                ratings,
                agreedBy,
                now,
            }
        ) == 1;

    /// <summary>Returns false when the observation is already withdrawn.</summary>
    internal static async Task<bool> Withdraw(Db db, Guid observationId, string reason, string withdrawnBy, Instant now) =>
        await db.Execute(
            """
            INSERT INTO observation_withdrawals (observation_id, reason, withdrawn_by, withdrawn_at)
            VALUES (@observationId, @reason, @withdrawnBy, @now)
            ON CONFLICT (observation_id) DO NOTHING
            """,
            new
            {
                observationId,
                reason,
                withdrawnBy,
                now,
            }
        ) == 1;
}
