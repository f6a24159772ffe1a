using NodaTime;

namespace Diagnostics.Storage.People;

internal sealed record CorrectionRow
{
    public Guid ParticipantId { get; init; }
    public int Number { get; init; }

    /// <summary>Code of what is to be corrected, for example <c>surname</c>.</summary>
    public string Field { get; init; } = "";

    public string Value { get; init; } = "";
    public Instant AskedAt { get; init; }

    /// <summary><c>accepted</c> or <c>refused</c>; null while nobody has decided.</summary>
    public string? Decision { get; init; }

    public string? Reason { get; init; }
    public string? DecidedBy { get; init; }
    public Instant? DecidedAt { get; init; }
}

/// <summary>What people have asked to have corrected in their personal data.</summary>
internal static class CorrectionStore
{
    private const string Columns =
        "c.participant_id, c.number, c.field, c.value, c.asked_at, c.decision, c.reason, c.decided_by, c.decided_at";

    /// <summary>Returns false when the person has already asked for this field, and nobody has decided yet.</summary>
    internal static async Task<bool> Ask(Db db, CorrectionRow asked) =>
        await db.Execute(
            """
            INSERT INTO person_corrections (participant_id, number, field, value, asked_at)
            SELECT @ParticipantId, @Number, @Field, @Value, @AskedAt
            WHERE NOT EXISTS (
                SELECT 1 FROM person_corrections WHERE participant_id = @ParticipantId AND field = @Field AND decided_at IS NULL)
            """,
            new
            {
                asked.ParticipantId,
                asked.Number,
                asked.Field,
                asked.Value,
                asked.AskedAt,
            }
        ) == 1;

    internal static Task<IReadOnlyList<CorrectionRow>> OfParticipant(Db db, Guid participantId) =>
        db.Query<CorrectionRow>(
            $"SELECT {Columns} FROM person_corrections AS c WHERE c.participant_id = @participantId ORDER BY c.number",
            new { participantId }
        );

    /// <summary>What waits for a decision in these territories, by person and number.</summary>
    /// <param name="territories">Null for all territories.</param>
    internal static Task<IReadOnlyList<CorrectionRow>> Waiting(Db db, IReadOnlyCollection<string>? territories, int limit) =>
        db.Query<CorrectionRow>(
            $"""
            SELECT {Columns} FROM person_corrections AS c JOIN people AS p ON p.participant_id = c.participant_id
            WHERE c.decided_at IS NULL AND (@everywhere = 1 OR p.territory IN @territories)
            ORDER BY c.asked_at, c.participant_id, c.number LIMIT @limit
            """,
            new
            {
                everywhere = territories is null ? 1 : 0,
                territories = territories?.ToArray() ?? [],
                limit,
            }
        );

    /// <summary>Returns false when somebody else has decided in the meantime.</summary>
    internal static async Task<bool> Decide(Db db, CorrectionRow decided) =>
        await db.Execute(
            """
            UPDATE person_corrections SET decision = @Decision, reason = @Reason, decided_by = @DecidedBy, decided_at = @DecidedAt
            WHERE participant_id = @ParticipantId AND number = @Number AND decided_at IS NULL
            """,
            new
            {
                decided.Decision,
                decided.Reason,
                decided.DecidedBy,
                decided.DecidedAt,
                decided.ParticipantId,
                decided.Number,
            }
        ) == 1;

    internal static Task<int> Erase(Db db, Guid participantId) =>
        db.Execute("DELETE FROM person_corrections WHERE participant_id = @participantId", new { participantId });
}
