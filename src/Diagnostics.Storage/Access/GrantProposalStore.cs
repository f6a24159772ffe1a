using NodaTime;

namespace Diagnostics.Storage.Access;

internal sealed record GrantProposalRow
{
    public Guid Id { get; init; }
    public Guid AccountId { get; init; }
    public string UserName { get; init; } = "";
    public string Role { get; init; } = "";
    public Guid ProposedBy { get; init; }
    public Instant ProposedAt { get; init; }
}

/// <summary>Roles of overseers that one administrator has proposed and another has to confirm.</summary>
internal static class GrantProposalStore
{
    private const string Waits = """
        SELECT p.id, p.account_id, a.user_name, p.role, p.proposed_by, p.proposed_at
        FROM access_grant_proposals AS p JOIN access_accounts AS a ON a.id = p.account_id
        WHERE p.decision IS NULL
        """;

    /// <summary>Returns false when the same role already waits for a decision.</summary>
    internal static async Task<bool> Add(Db db, GrantProposalRow proposal) =>
        await db.Execute(
            """
            INSERT INTO access_grant_proposals (id, account_id, role, proposed_by, proposed_at)
            SELECT @Id, @AccountId, @Role, @ProposedBy, @ProposedAt
            WHERE NOT EXISTS (
                SELECT 1 FROM access_grant_proposals WHERE account_id = @AccountId AND role = @Role AND decision IS NULL)
            """,
            new
            {
                proposal.Id,
                proposal.AccountId,
                proposal.Role,
                proposal.ProposedBy,
                proposal.ProposedAt,
            }
        ) == 1;

    /// <summary>The proposals without a decision, the oldest first.</summary>
    internal static Task<IReadOnlyList<GrantProposalRow>> Waiting(Db db) => db.Query<GrantProposalRow>($"{Waits} ORDER BY p.id", new { });

    internal static Task<GrantProposalRow?> FindWaiting(Db db, Guid id, Guid accountId) =>
        db.Find<GrantProposalRow>($"{Waits} AND p.id = @id AND p.account_id = @accountId", new { id, accountId });

    /// <summary>
    /// Returns false when somebody else has decided in the meantime, or when the one who confirms has proposed it or would get it.
    /// </summary>
    internal static async Task<bool> Decide(Db db, Guid id, string decision, Guid by, Instant now) =>
        await db.Execute(
            """
            UPDATE access_grant_proposals SET decision = @decision, decided_by = @by, decided_at = @now
            WHERE id = @id AND decision IS NULL AND (@decision = 'refused' OR (proposed_by <> @by AND account_id <> @by))
            """,
            new
            {
                id,
                decision,
                by,
                now,
            }
        ) == 1;
}
