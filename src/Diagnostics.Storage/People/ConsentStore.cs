using NodaTime;

namespace Diagnostics.Storage.People;

internal sealed record ConsentRow
{
    public Guid Id { get; init; }
    public Guid ParticipantId { get; init; }

    /// <summary>
    /// <see cref="ConsentStore.Participation"/>, <see cref="ConsentStore.DataProcessing"/> or
    /// <see cref="ConsentStore.ProfileSharing"/>.
    /// </summary>
    public string Kind { get; init; } = "";

    public string TextCode { get; init; } = "";
    public int TextVersion { get; init; }
    public Instant GivenAt { get; init; }
    public Instant? WithdrawnAt { get; init; }

    /// <summary>Name of the operator to whom the consent was given; null when no name was set at that time.</summary>
    public string? Operator { get; init; }
}

/// <summary>A person's consents with their texts and times; a withdrawn consent stays on record.</summary>
internal static class ConsentStore
{
    /// <summary>Consent to take part; older texts also cover the processing of personal data for that purpose.</summary>
    internal const string Participation = "participation";

    /// <summary>Consent to the processing of personal data (152-ФЗ, article 9).</summary>
    internal const string DataProcessing = "data_processing";

    /// <summary>Consent to the profile being shown to portals and methodologists.</summary>
    internal const string ProfileSharing = "profile_sharing";

    internal static readonly IReadOnlyList<string> Kinds = [Participation, DataProcessing, ProfileSharing];

    private const string Columns = "id, participant_id, kind, text_code, text_version, given_at, withdrawn_at, operator";

    /// <summary>Whether the person has a consent of this kind that is not withdrawn.</summary>
    internal static Task<bool> Has(Db db, Guid participantId, string kind) =>
        db.Value<bool>(
            """
            SELECT CASE WHEN EXISTS (SELECT 1 FROM consents WHERE participant_id = @participantId AND kind = @kind AND withdrawn_at IS NULL) THEN 1 ELSE 0 END
            """,
            new { participantId, kind }
        );

    /// <summary>
    /// Whether the person has an application with which a session may still begin or is going on, so that the consents on which it
    /// rests are needed.
    /// </summary>
    internal static Task<bool> IsNeeded(Db db, Guid participantId) =>
        db.Value<bool>(
            """
            SELECT CASE WHEN EXISTS (
                SELECT 1 FROM applications AS a
                WHERE a.participant_id = @participantId AND a.status IN ('submitted','approved')
                  AND NOT EXISTS (SELECT 1 FROM sessions AS s WHERE s.application_id = a.id AND s.state IN ('finished','expired'))) THEN 1 ELSE 0 END
            """,
            new { participantId }
        );

    internal static Task<ConsentRow?> Find(Db db, Guid id) =>
        db.Find<ConsentRow>($"SELECT {Columns} FROM consents WHERE id = @id", new { id });

    internal static Task<IReadOnlyList<ConsentRow>> OfParticipant(Db db, Guid participantId) =>
        db.Query<ConsentRow>($"SELECT {Columns} FROM consents WHERE participant_id = @participantId ORDER BY id", new { participantId });

    internal static Task Add(Db db, ConsentRow consent) =>
        db.Execute(
            """
            INSERT INTO consents (id, participant_id, kind, text_code, text_version, given_at, operator)
            VALUES (@Id, @ParticipantId, @Kind, @TextCode, @TextVersion, @GivenAt, @Operator)
            """,
            consent
        );

    /// <summary>
    /// People of whom personal data are stored, who withdrew their last consent to the processing of them before the given
    /// instant, by id.
    /// </summary>
    internal static Task<IReadOnlyList<Guid>> ProcessingWithdrawnBefore(Db db, Instant before, Guid? after, int limit) =>
        db.Query<Guid>(
            """
            SELECT DISTINCT w.participant_id FROM consents AS w
            JOIN people AS p ON p.participant_id = w.participant_id
            WHERE w.kind = 'data_processing' AND w.withdrawn_at < @before AND (@after IS NULL OR w.participant_id > @after)
              AND NOT EXISTS (
                SELECT 1 FROM consents AS c
                WHERE c.participant_id = w.participant_id AND c.kind = 'data_processing'
                  AND (c.withdrawn_at IS NULL OR c.withdrawn_at >= @before))
            ORDER BY w.participant_id LIMIT @limit
            """,
            new
            {
                before,
                after,
                limit,
            }
        );

    /// <returns>Number of consents that ended.</returns>
    internal static Task<int> Withdraw(Db db, Guid participantId, string kind, Instant now) =>
        db.Execute(
            """
            UPDATE consents SET withdrawn_at = @now WHERE participant_id = @participantId AND kind = @kind AND withdrawn_at IS NULL
            """,
            new
            {
                participantId,
                kind,
                now,
            }
        );
}
