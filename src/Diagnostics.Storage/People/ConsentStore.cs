using NodaTime;

namespace Diagnostics.Storage.People;

internal sealed record ConsentRow
{
    public Guid Id { get; init; }
    public Guid ParticipantId { get; init; }

    /// <summary><see cref="ConsentStore.Participation"/> or <see cref="ConsentStore.ProfileSharing"/>.</summary>
    public string Kind { get; init; } = "";

    public string TextCode { get; init; } = "";
    public int TextVersion { get; init; }
    public Instant GivenAt { get; init; }
    public Instant? WithdrawnAt { get; init; }
}

/// <summary>A person's consents with their texts and times; a withdrawn consent stays on record.</summary>
internal static class ConsentStore
{
    /// <summary>Consent to take part, and to have personal data processed for that purpose.</summary>
    internal const string Participation = "participation";

    /// <summary>Consent to the profile being shown to portals and methodologists.</summary>
    internal const string ProfileSharing = "profile_sharing";

    private const string Columns = "id, participant_id, kind, text_code, text_version, given_at, withdrawn_at";

    /// <summary>Whether the person has a consent of this kind that is not withdrawn.</summary>
    internal static Task<bool> Has(Db db, Guid participantId, string kind) =>
        db.Value<bool>(
            """
            SELECT CASE WHEN EXISTS (SELECT 1 FROM consents WHERE participant_id = @participantId AND kind = @kind AND withdrawn_at IS NULL) THEN 1 ELSE 0 END
            """,
            new { participantId, kind }
        );

    internal static Task<ConsentRow?> Find(Db db, Guid id) =>
        db.Find<ConsentRow>($"SELECT {Columns} FROM consents WHERE id = @id", new { id });

    internal static Task<IReadOnlyList<ConsentRow>> OfParticipant(Db db, Guid participantId) =>
        db.Query<ConsentRow>($"SELECT {Columns} FROM consents WHERE participant_id = @participantId ORDER BY id", new { participantId });

    internal static Task Add(Db db, ConsentRow consent) =>
        db.Execute(
            """
            INSERT INTO consents (id, participant_id, kind, text_code, text_version, given_at)
            VALUES (@Id, @ParticipantId, @Kind, @TextCode, @TextVersion, @GivenAt)
            """,
            consent
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
