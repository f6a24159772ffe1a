using NodaTime;

namespace Diagnostics.Storage.Practice;

/// <summary>A version of a table of results.</summary>
internal sealed record PracticeResultRow
{
    public Guid ResultId { get; init; }
    public int Version { get; init; }
    public Guid ParticipantId { get; init; }
    public string Basis { get; init; } = "";
    public string MapCode { get; init; } = "";
    public int MapVersion { get; init; }
    public string Title { get; init; } = "";

    /// <summary>The day of the assessment, in ISO 8601.</summary>
    public string AssessedOn { get; init; } = "";

    public string? AssessedBy { get; init; }
    public string? Outcome { get; init; }

    /// <summary>The rows of the table, as JSON; null in the version that withdraws the result.</summary>
    public string? Content { get; init; }

    public string? Fingerprint { get; init; }
    public string? WithdrawalReason { get; init; }
    public string EnteredBy { get; init; } = "";
    public Instant EnteredAt { get; init; }
}

/// <summary>Results of practice; a later version replaces an earlier one, and no version is overwritten.</summary>
internal static class PracticeStore
{
    private const string Columns = """
        r.result_id, r.version, r.participant_id, r.basis, r.map_code, r.map_version, r.title, r.assessed_on, r.assessed_by, r.outcome, r.content,
        r.fingerprint, r.withdrawal_reason, r.entered_by, r.entered_at
        """;

    private const string IsLatest = "r.version = (SELECT MAX(l.version) FROM practice_results AS l WHERE l.result_id = r.result_id)";

    /// <summary>The last version of a result.</summary>
    internal static Task<PracticeResultRow?> Find(Db db, Guid resultId) =>
        db.Find<PracticeResultRow>(
            $"SELECT {Columns} FROM practice_results AS r WHERE r.result_id = @resultId AND {IsLatest}",
            new { resultId }
        );

    internal static Task<IReadOnlyList<PracticeResultRow>> Versions(Db db, Guid resultId, int after, int limit) =>
        db.Query<PracticeResultRow>(
            $"""
            SELECT {Columns} FROM practice_results AS r WHERE r.result_id = @resultId AND r.version > @after ORDER BY r.version LIMIT @limit
            """,
            new
            {
                resultId,
                after,
                limit,
            }
        );

    /// <summary>The last version of each of a person's results, in the order in which they were first entered.</summary>
    internal static Task<IReadOnlyList<PracticeResultRow>> OfParticipant(Db db, Guid participantId, Guid? after, int limit) =>
        db.Query<PracticeResultRow>(
            $"""
            SELECT {Columns} FROM practice_results AS r
            WHERE r.participant_id = @participantId AND (@after IS NULL OR r.result_id > @after) AND {IsLatest}
            ORDER BY r.result_id LIMIT @limit
            """,
            new
            {
                participantId,
                after,
                limit,
            }
        );

    /// <summary>
    /// The results that people of a campaign have by a map and that are not withdrawn, those of one person from the oldest
    /// to the newest.
    /// </summary>
    /// <param name="after">Only people with a profile behind this one; null for the first page.</param>
    /// <param name="until">The last profile of the page.</param>
    internal static Task<IReadOnlyList<PracticeResultRow>> OfCampaign(Db db, string mapCode, Guid campaignId, Guid? after, Guid until) =>
        db.Query<PracticeResultRow>(
            $"""
            SELECT {Columns} FROM practice_results AS r
            WHERE r.map_code = @mapCode AND r.basis = 'results' AND r.content IS NOT NULL AND {IsLatest}
              AND r.participant_id IN (SELECT p.participant_id FROM profiles AS p
                                       WHERE p.campaign_id = @campaignId AND (@after IS NULL OR p.id > @after) AND p.id <= @until)
            ORDER BY r.participant_id, r.assessed_on, r.result_id
            """,
            new
            {
                mapCode,
                campaignId,
                after,
                until,
            }
        );

    /// <summary>Returns false when this version already exists, because somebody else has added it.</summary>
    internal static async Task<bool> Add(Db db, PracticeResultRow row) =>
        await db.Execute(
            """
            INSERT INTO practice_results (result_id, version, participant_id, basis, map_code, map_version, title, assessed_on, assessed_by, outcome,
                                          content, fingerprint, withdrawal_reason, entered_by, entered_at)
            VALUES (@ResultId, @Version, @ParticipantId, @Basis, @MapCode, @MapVersion, @Title, @AssessedOn, @AssessedBy, @Outcome,
                    @Content, @Fingerprint, @WithdrawalReason, @EnteredBy, @EnteredAt)
            ON CONFLICT (result_id, version) DO NOTHING
            """,
            row
        ) == 1;
}
