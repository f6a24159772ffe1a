using NodaTime;

namespace Diagnostics.Storage.Access;

internal sealed record SecondFactorRow
{
    public Guid AccountId { get; init; }

    /// <summary>The secret, encrypted so that the database alone does not reveal it.</summary>
    public string Secret { get; init; } = "";

    /// <summary>When the person first showed a code of this factor; until then the factor does not count.</summary>
    public Instant? ConfirmedAt { get; init; }

    /// <summary>The number of the latest 30-second period whose code was accepted.</summary>
    public long LastStep { get; init; }
}

internal static class SecondFactorStore
{
    internal static Task<SecondFactorRow?> Find(Db db, Guid accountId) =>
        db.Find<SecondFactorRow>(
            """
            SELECT account_id, secret, confirmed_at, last_step FROM access_second_factors WHERE account_id = @accountId
            """,
            new { accountId }
        );

    internal static Task Add(Db db, Guid accountId, string secret, Instant now) =>
        db.Execute(
            """
            INSERT INTO access_second_factors (account_id, secret, created_at) VALUES (@accountId, @secret, @now)
            """,
            new
            {
                accountId,
                secret,
                now,
            }
        );

    /// <summary>
    /// Records that the code of a 30-second period is accepted; false when the code of that period or of a later one
    /// was accepted before.
    /// </summary>
    internal static async Task<bool> Use(Db db, Guid accountId, long step, Instant now) =>
        await db.Execute(
            """
            UPDATE access_second_factors SET last_step = @step, confirmed_at = COALESCE(confirmed_at, @now)
            WHERE account_id = @accountId AND last_step < @step
            """,
            new
            {
                accountId,
                step,
                now,
            }
        ) == 1;

    internal static Task AddRecoveryCode(Db db, Guid accountId, string codeHash) =>
        db.Execute(
            """
            INSERT INTO access_recovery_codes (account_id, code_hash) VALUES (@accountId, @codeHash)
            """,
            new { accountId, codeHash }
        );

    /// <summary>Returns false when the account has no such code, or the code was already used.</summary>
    internal static async Task<bool> UseRecoveryCode(Db db, Guid accountId, string codeHash, Instant now) =>
        await db.Execute(
            """
            UPDATE access_recovery_codes SET used_at = @now WHERE account_id = @accountId AND code_hash = @codeHash AND used_at IS NULL
            """,
            new
            {
                accountId,
                codeHash,
                now,
            }
        ) == 1;

    /// <returns>False when the account had no second factor.</returns>
    internal static async Task<bool> Remove(Db db, Guid accountId)
    {
        await db.Execute("DELETE FROM access_recovery_codes WHERE account_id = @accountId", new { accountId });
        return await db.Execute("DELETE FROM access_second_factors WHERE account_id = @accountId", new { accountId }) == 1;
    }
}
