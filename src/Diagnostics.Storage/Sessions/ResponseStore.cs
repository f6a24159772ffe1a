using Diagnostics.Storage.Sessions.Saving;
using NodaTime;

namespace Diagnostics.Storage.Sessions;

/// <summary>What was answered, as it was saved (<see cref="Saving.ResponseSaves"/>) or turned away.</summary>
internal static class ResponseStore
{
    /// <summary>The last revision of every slot that has one.</summary>
    internal static Task<IReadOnlyList<ResponseRow>> Latest(Db db, Guid sessionId) => db.Query<ResponseRow>("""
        SELECT r.slot, r.revision, r.base_revision, r.content, r.saved_at
        FROM session_responses AS r
        WHERE r.session_id = @sessionId
          AND r.revision = (SELECT MAX(l.revision) FROM session_responses AS l WHERE l.session_id = r.session_id AND l.slot = r.slot)
        ORDER BY r.slot
        """, new { sessionId });

    /// <summary>Every revision of every slot, in order.</summary>
    internal static Task<IReadOnlyList<ResponseRow>> History(Db db, Guid sessionId) => db.Query<ResponseRow>("""
        SELECT slot, revision, base_revision, content, saved_at FROM session_responses
        WHERE session_id = @sessionId ORDER BY slot, revision
        """, new { sessionId });

    internal static Task<IReadOnlyList<RejectedResponseRow>> Rejected(Db db, Guid sessionId) => db.Query<RejectedResponseRow>("""
        SELECT slot, base_revision, reason, content, received_at FROM session_rejected_responses
        WHERE session_id = @sessionId ORDER BY received_at, id
        """, new { sessionId });
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
    public int Slot { get; init; }
    public int BaseRevision { get; init; }
    public string Reason { get; init; } = "";
    public string? Content { get; init; }
    public Instant ReceivedAt { get; init; }
}
