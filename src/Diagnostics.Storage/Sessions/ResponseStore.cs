using NodaTime;

namespace Diagnostics.Storage.Sessions;

/// <summary>Saved (<see cref="Saving.ResponseSaves"/>) and rejected answers.</summary>
internal static class ResponseStore
{
    /// <summary>The last revision of the answer in every slot that has an answer.</summary>
    internal static Task<IReadOnlyList<ResponseRow>> Latest(Db db, Guid sessionId) =>
        db.Query<ResponseRow>(
            """
            SELECT r.slot, r.revision, r.base_revision, r.content, r.saved_at
            FROM session_responses AS r
            WHERE r.session_id = @sessionId
              AND r.revision = (SELECT MAX(l.revision) FROM session_responses AS l WHERE l.session_id = r.session_id AND l.slot = r.slot)
            ORDER BY r.slot
            """,
            new { sessionId }
        );

    /// <summary>Every revision of the answer in every slot, in order.</summary>
    internal static Task<IReadOnlyList<ResponseRow>> History(Db db, Guid sessionId) =>
        db.Query<ResponseRow>(
            """
            SELECT slot, revision, base_revision, content, saved_at FROM session_responses
            WHERE session_id = @sessionId ORDER BY slot, revision
            """,
            new { sessionId }
        );

    /// <summary>A page of <see cref="History"/>.</summary>
    internal static Task<IReadOnlyList<ResponseRow>> HistoryPage(Db db, Guid sessionId, int slot, int revision, int limit) =>
        db.Query<ResponseRow>(
            """
            SELECT slot, revision, base_revision, content, saved_at FROM session_responses
            WHERE session_id = @sessionId AND (slot > @slot OR (slot = @slot AND revision > @revision))
            ORDER BY slot, revision LIMIT @limit
            """,
            new
            {
                sessionId,
                slot,
                revision,
                limit,
            }
        );

    /// <summary>
    /// Answers that were rejected but kept, in the order of their ids, which is the order in which they arrived.
    /// </summary>
    internal static Task<IReadOnlyList<RejectedResponseRow>> RejectedPage(Db db, Guid sessionId, Guid after, int limit) =>
        db.Query<RejectedResponseRow>(
            """
            SELECT id, slot, base_revision, reason, content, received_at FROM session_rejected_responses
            WHERE session_id = @sessionId AND id > @after ORDER BY id LIMIT @limit
            """,
            new
            {
                sessionId,
                after,
                limit,
            }
        );

    internal static Task<IReadOnlyList<RejectedResponseRow>> Rejected(Db db, Guid sessionId) =>
        db.Query<RejectedResponseRow>(
            """
            SELECT id, slot, base_revision, reason, content, received_at FROM session_rejected_responses
            WHERE session_id = @sessionId ORDER BY received_at, id
            """,
            new { sessionId }
        );
}

internal sealed record ResponseRow
{
    public int Slot { get; init; }
    public int Revision { get; init; }
    public int BaseRevision { get; init; }
    public string? Content { get; init; }
    public Instant SavedAt { get; init; }
}

internal sealed record RejectedResponseRow
{
    public Guid Id { get; init; }
    public int Slot { get; init; }
    public int BaseRevision { get; init; }
    public string Reason { get; init; } = "";
    public string? Content { get; init; }
    public Instant ReceivedAt { get; init; }
}
