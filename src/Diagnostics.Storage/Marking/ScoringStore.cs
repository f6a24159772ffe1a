using NodaTime;

namespace Diagnostics.Storage.Marking;

internal sealed record ScoringFaultRow
{
    public Guid SessionId { get; init; }
    public string Fault { get; init; } = "";
    public Instant EndedAt { get; init; }
}

/// <summary>
/// Sessions whose scoring failed, and the fault that a person must resolve. Scoring stores nothing but rounds and these
/// faults.
/// </summary>
internal static class ScoringStore
{
    internal static Task<IReadOnlyList<ScoringFaultRow>> Faults(Db db, Guid campaignId, Guid? after, int limit) =>
        db.Query<ScoringFaultRow>(
            """
            SELECT id AS session_id, scoring_fault AS fault, ended_at FROM sessions
            WHERE campaign_id = @campaignId AND scoring_fault IS NOT NULL AND scored_at IS NULL AND state IN ('finished','expired')
              AND (@after IS NULL OR id > @after)
            ORDER BY id LIMIT @limit
            """,
            new
            {
                campaignId,
                after,
                limit,
            }
        );

    /// <summary>Removes the fault of a session that has since been scored.</summary>
    internal static Task<int> ClearFault(Db db, Guid sessionId) =>
        db.Execute("UPDATE sessions SET scoring_fault = NULL WHERE id = @sessionId AND scoring_fault IS NOT NULL", new { sessionId });
}
