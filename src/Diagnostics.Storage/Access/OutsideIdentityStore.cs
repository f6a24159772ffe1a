namespace Diagnostics.Storage.Access;

internal sealed record OutsideIdentityRow
{
    public string Issuer { get; init; } = "";
    public string Subject { get; init; } = "";
    public Guid AccountId { get; init; }
}

/// <summary>
/// A person's identity at an outside provider. A subject identifies a person only together with its issuer.
/// </summary>
internal static class OutsideIdentityStore
{
    internal static Task<OutsideIdentityRow?> Find(Db db, string issuer, string subject) =>
        db.Find<OutsideIdentityRow>(
            """
            SELECT issuer, subject, account_id FROM access_outside_identities WHERE issuer = @issuer AND subject = @subject
            """,
            new { issuer, subject }
        );

    internal static Task<IReadOnlyList<OutsideIdentityRow>> Of(Db db, Guid accountId) =>
        db.Query<OutsideIdentityRow>(
            """
            SELECT issuer, subject, account_id FROM access_outside_identities WHERE account_id = @accountId ORDER BY issuer
            """,
            new { accountId }
        );

    /// <summary>
    /// Returns false when the subject is already linked to an account, or when the account already has another subject
    /// of the same issuer.
    /// </summary>
    internal static async Task<bool> Add(Db db, string issuer, string subject, Guid accountId) =>
        await db.Execute(
            """
            INSERT INTO access_outside_identities (issuer, subject, account_id)
            SELECT @issuer, @subject, @accountId
            WHERE NOT EXISTS (
                SELECT 1 FROM access_outside_identities WHERE issuer = @issuer AND (subject = @subject OR account_id = @accountId))
            """,
            new
            {
                issuer,
                subject,
                accountId,
            }
        ) == 1;

    internal static Task<int> Remove(Db db, Guid accountId) =>
        db.Execute(
            """
            DELETE FROM access_outside_identities WHERE account_id = @accountId
            """,
            new { accountId }
        );
}
