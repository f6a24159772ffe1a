using NodaTime;

namespace Diagnostics.Storage.Access;

internal sealed record SignInRow
{
    public Guid Id { get; init; }
    public Guid AccountId { get; init; }

    /// <summary><c>password</c>, <c>code</c>, <c>outside</c>.</summary>
    public string Method { get; init; } = "";

    /// <summary>The only session that the sign-in opens; null when it gives all rights of its account.</summary>
    public Guid? SessionId { get; init; }

    public string? Device { get; init; }
    public Instant StartedAt { get; init; }
    public Instant UsedAt { get; init; }

    /// <summary>The sign-in ends at this time, however often it is renewed.</summary>
    public Instant ExpiresAt { get; init; }

    /// <summary>Generation of the refresh token issued last.</summary>
    public int Generation { get; init; } = 1;

    public Instant? SecondFactorAt { get; init; }
    public Instant? EndedAt { get; init; }
}

/// <summary>The end of a sign-in. Every node must learn of each end.</summary>
internal sealed record EndedSignInRow
{
    public Guid Id { get; init; }
    public Instant EndedAt { get; init; }
}

internal static class SignInStore
{
    private const string Columns = """
        id, account_id, method, session_id, device, started_at, used_at, expires_at, generation, second_factor_at, ended_at
        """;

    /// <summary>
    /// The largest number of sign-ins in a list. A person usually has a few sign-ins; somebody who has made thousands
    /// of them sees only the newest.
    /// </summary>
    private const int MostListed = 10_000;

    internal static Task Add(Db db, SignInRow signIn) =>
        db.Execute(
            """
            INSERT INTO access_sign_ins (id, account_id, method, session_id, device, started_at, used_at, expires_at, generation, second_factor_at)
            VALUES (@Id, @AccountId, @Method, @SessionId, @Device, @StartedAt, @UsedAt, @ExpiresAt, @Generation, @SecondFactorAt)
            """,
            signIn
        );

    internal static Task<SignInRow?> Find(Db db, Guid id) =>
        db.Find<SignInRow>($"SELECT {Columns} FROM access_sign_ins WHERE id = @id", new { id });

    internal static Task<IReadOnlyList<SignInRow>> Live(Db db, Guid accountId, Instant now) =>
        db.Query<SignInRow>(
            $"""
            SELECT {Columns} FROM access_sign_ins
            WHERE account_id = @accountId AND ended_at IS NULL AND expires_at > @now ORDER BY started_at DESC, id DESC LIMIT @most
            """,
            new
            {
                accountId,
                now,
                most = MostListed,
            }
        );

    /// <summary>
    /// Exchanges a refresh token for the next one. Returns false when the token was used before, the sign-in has ended,
    /// or its time is over. When two requests use the same token, only one of them succeeds, whichever nodes the
    /// requests reach.
    /// </summary>
    internal static async Task<bool> Renew(Db db, Guid id, int generation, Instant now) =>
        await db.Execute(
            """
            UPDATE access_sign_ins SET generation = generation + 1, used_at = @now
            WHERE id = @id AND generation = @generation AND ended_at IS NULL AND expires_at > @now
            """,
            new
            {
                id,
                generation,
                now,
            }
        ) == 1;

    internal static async Task<bool> PassSecondFactor(Db db, Guid id, Instant now) =>
        await db.Execute(
            """
            UPDATE access_sign_ins SET second_factor_at = @now WHERE id = @id AND ended_at IS NULL
            """,
            new { id, now }
        ) == 1;

    /// <summary>Returns false when the account has no such sign-in, or when that sign-in has already ended.</summary>
    internal static async Task<bool> End(Db db, Guid accountId, Guid id, string because, Instant now) =>
        await db.Execute(
            """
            UPDATE access_sign_ins SET ended_at = @now, ended_because = @because
            WHERE id = @id AND account_id = @accountId AND ended_at IS NULL
            """,
            new
            {
                id,
                accountId,
                because,
                now,
            }
        ) == 1;

    internal static Task<int> EndAll(Db db, Guid accountId, string because, Instant now) =>
        db.Execute(
            """
            UPDATE access_sign_ins SET ended_at = @now, ended_because = @because WHERE account_id = @accountId AND ended_at IS NULL
            """,
            new
            {
                accountId,
                because,
                now,
            }
        );

    internal static Task<int> EndWithoutSecondFactor(Db db, Guid accountId, Instant now) =>
        db.Execute(
            """
            UPDATE access_sign_ins SET ended_at = @now, ended_because = 'role'
            WHERE account_id = @accountId AND method = 'password' AND second_factor_at IS NULL AND ended_at IS NULL
            """,
            new { accountId, now }
        );

    /// <summary>
    /// Ends the sign-ins made with a code, except for the newest ones, because a person takes the test on one device
    /// but may try a few others first.
    /// </summary>
    internal static Task<int> EndOlder(Db db, Guid accountId, Guid sessionId, int kept, Instant now) =>
        db.Execute(
            """
            UPDATE access_sign_ins SET ended_at = @now, ended_because = 'code'
            WHERE account_id = @accountId AND session_id = @sessionId AND ended_at IS NULL AND id NOT IN (
                SELECT id FROM access_sign_ins
                WHERE account_id = @accountId AND session_id = @sessionId AND ended_at IS NULL
                ORDER BY started_at DESC, id DESC LIMIT @kept)
            """,
            new
            {
                accountId,
                sessionId,
                kept,
                now,
            }
        );

    /// <summary>
    /// A page of the sign-ins that ended at or after a given time; it begins after the last sign-in of the previous
    /// page.
    /// </summary>
    internal static Task<IReadOnlyList<EndedSignInRow>> EndedSince(Db db, Instant since, Guid after, int limit) =>
        db.Query<EndedSignInRow>(
            """
            SELECT id, ended_at FROM access_sign_ins
            WHERE ended_at >= @since AND (ended_at > @since OR id > @after) ORDER BY ended_at, id LIMIT @limit
            """,
            new
            {
                since,
                after,
                limit,
            }
        );

    /// <summary>
    /// Deletes the sign-ins that expired in this time span, including those that had been ended before they expired.
    /// </summary>
    internal static Task<int> Forget(Db db, Instant from, Instant to) =>
        db.Execute(
            """
            DELETE FROM access_sign_ins WHERE expires_at >= @from AND expires_at < @to
            """,
            new { from, to }
        );

    /// <summary>The earliest expiry, past or future; null when there are no sign-ins.</summary>
    internal static Task<Instant?> Oldest(Db db) => db.Value<Instant?>("SELECT MIN(expires_at) FROM access_sign_ins");

    /// <summary>Removes how the devices of an account described themselves; the sign-ins stay until their term.</summary>
    internal static Task<int> ForgetDevices(Db db, Guid accountId) =>
        db.Execute("UPDATE access_sign_ins SET device = NULL WHERE account_id = @accountId", new { accountId });
}
