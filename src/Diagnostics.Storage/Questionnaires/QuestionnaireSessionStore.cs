using NodaTime;

namespace Diagnostics.Storage.Questionnaires;

internal sealed record QuestionnaireSessionRow
{
    public Guid Id { get; init; }
    public Guid ParticipantId { get; init; }
    public string QuestionnaireCode { get; init; } = "";
    public int QuestionnaireVersion { get; init; }
    public Instant StartedAt { get; init; }

    /// <summary>The day on which the paper was filled in, in ISO 8601; null for a session over the network.</summary>
    public string? AnsweredOn { get; init; }

    public string? EnteredBy { get; init; }
    public Instant? FinishedAt { get; init; }
    public Instant? WithdrawnAt { get; init; }
}

/// <summary>A revision of an answer.</summary>
internal sealed record QuestionnaireAnswerRow
{
    public string Question { get; init; } = "";
    public int Revision { get; init; }

    /// <summary>The answer as JSON; null where the person has cleared it.</summary>
    public string? Content { get; init; }

    public Instant SavedAt { get; init; }
}

/// <summary>A save that could not be taken.</summary>
internal sealed record RejectedAnswerRow
{
    public Guid Id { get; init; }
    public Guid SessionId { get; init; }
    public string Question { get; init; } = "";
    public int BaseRevision { get; init; }

    /// <summary><c>stale</c> or <c>finished</c>.</summary>
    public string Reason { get; init; } = "";

    public string? Content { get; init; }
    public Instant ReceivedAt { get; init; }
}

/// <summary>Sessions of self-diagnosis with the whole history of their answers. Nothing is ever overwritten.</summary>
internal static class QuestionnaireSessionStore
{
    private const string Sessions = """
        SELECT s.id, s.participant_id, s.questionnaire_code, s.questionnaire_version, s.started_at, s.answered_on, s.entered_by,
               f.finished_at, w.withdrawn_at
        FROM questionnaire_sessions AS s
          LEFT JOIN questionnaire_finishes AS f ON f.session_id = s.id
          LEFT JOIN questionnaire_withdrawals AS w ON w.session_id = s.id
        """;

    internal static Task<QuestionnaireSessionRow?> Find(Db db, Guid id) =>
        db.Find<QuestionnaireSessionRow>($"{Sessions} WHERE s.id = @id", new { id });

    /// <summary>The person's session with this questionnaire that is neither finished nor withdrawn.</summary>
    internal static Task<QuestionnaireSessionRow?> FindOpen(Db db, Guid participantId, string code) =>
        db.Find<QuestionnaireSessionRow>(
            $"""
            {Sessions}
            WHERE s.participant_id = @participantId AND s.questionnaire_code = @code AND f.finished_at IS NULL AND w.withdrawn_at IS NULL
            """,
            new { participantId, code }
        );

    /// <param name="finishedOnly">Whether to leave out sessions that the person has not finished.</param>
    internal static Task<IReadOnlyList<QuestionnaireSessionRow>> OfParticipant(
        Db db,
        Guid participantId,
        bool finishedOnly,
        Guid? after,
        int limit
    ) =>
        db.Query<QuestionnaireSessionRow>(
            $"""
            {Sessions}
            WHERE s.participant_id = @participantId AND (@finished = 0 OR f.finished_at IS NOT NULL) AND (@after IS NULL OR s.id > @after)
            ORDER BY s.id LIMIT @limit
            """,
            new
            {
                participantId,
                finished = finishedOnly ? 1 : 0,
                after,
                limit,
            }
        );

    internal static Task Add(Db db, QuestionnaireSessionRow row) =>
        db.Execute(
            """
            INSERT INTO questionnaire_sessions (id, participant_id, questionnaire_code, questionnaire_version, started_at, answered_on, entered_by)
            VALUES (@Id, @ParticipantId, @QuestionnaireCode, @QuestionnaireVersion, @StartedAt, @AnsweredOn, @EnteredBy)
            """,
            row
        );

    /// <summary>The last revision of each answer.</summary>
    internal static Task<IReadOnlyList<QuestionnaireAnswerRow>> Answers(Db db, Guid sessionId) =>
        db.Query<QuestionnaireAnswerRow>(
            """
            SELECT a.question, a.revision, a.content, a.saved_at FROM questionnaire_answers AS a
            WHERE a.session_id = @sessionId
              AND a.revision = (SELECT MAX(l.revision) FROM questionnaire_answers AS l WHERE l.session_id = a.session_id AND l.question = a.question)
            ORDER BY a.question
            """,
            new { sessionId }
        );

    /// <summary>The last revision of one answer.</summary>
    internal static Task<QuestionnaireAnswerRow?> Answer(Db db, Guid sessionId, string question) =>
        db.Find<QuestionnaireAnswerRow>(
            """
            SELECT question, revision, content, saved_at FROM questionnaire_answers
            WHERE session_id = @sessionId AND question = @question ORDER BY revision DESC LIMIT 1
            """,
            new { sessionId, question }
        );

    /// <summary>
    /// Adds a revision. The key lets only one of two devices add it, and a finished session takes none.
    /// </summary>
    /// <returns>False when the revision exists, or the session was finished in the meantime.</returns>
    internal static async Task<bool> Save(Db db, Guid sessionId, QuestionnaireAnswerRow answer) =>
        await db.Execute(
            """
            INSERT INTO questionnaire_answers (session_id, question, revision, content, saved_at)
            SELECT s.id, @Question, @Revision, @Content, @SavedAt FROM questionnaire_sessions AS s
            WHERE s.id = @sessionId AND NOT EXISTS (SELECT 1 FROM questionnaire_finishes AS f WHERE f.session_id = s.id)
              AND NOT EXISTS (SELECT 1 FROM questionnaire_answers AS a WHERE a.session_id = s.id AND a.question = @Question AND a.revision >= @Revision)
            """,
            new
            {
                sessionId,
                answer.Question,
                answer.Revision,
                answer.Content,
                answer.SavedAt,
            }
        ) == 1;

    internal static Task KeepAside(Db db, RejectedAnswerRow rejected) =>
        db.Execute(
            """
            INSERT INTO questionnaire_rejected_answers (id, session_id, question, base_revision, reason, content, received_at)
            VALUES (@Id, @SessionId, @Question, @BaseRevision, @Reason, @Content, @ReceivedAt)
            """,
            rejected
        );

    internal static Task<IReadOnlyList<RejectedAnswerRow>> Rejected(Db db, Guid sessionId, Guid? after, int limit) =>
        db.Query<RejectedAnswerRow>(
            """
            SELECT id, session_id, question, base_revision, reason, content, received_at FROM questionnaire_rejected_answers
            WHERE session_id = @sessionId AND (@after IS NULL OR id > @after) ORDER BY id LIMIT @limit
            """,
            new
            {
                sessionId,
                after,
                limit,
            }
        );

    /// <summary>Returns false when the session is already finished.</summary>
    internal static async Task<bool> Finish(Db db, Guid sessionId, Instant now) =>
        await db.Execute(
            """
            INSERT INTO questionnaire_finishes (session_id, finished_at) VALUES (@sessionId, @now) ON CONFLICT (session_id) DO NOTHING
            """,
            new { sessionId, now }
        ) == 1;

    /// <summary>Returns false when the session is already withdrawn.</summary>
    internal static async Task<bool> Withdraw(Db db, Guid sessionId, string withdrawnBy, Instant now) =>
        await db.Execute(
            """
            INSERT INTO questionnaire_withdrawals (session_id, withdrawn_by, withdrawn_at) VALUES (@sessionId, @withdrawnBy, @now)
            ON CONFLICT (session_id) DO NOTHING
            """,
            new
            {
                sessionId,
                withdrawnBy,
                now,
            }
        ) == 1;
}
