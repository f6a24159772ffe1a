using NodaTime;

namespace Diagnostics.Storage.Integration;

internal sealed record IdempotencyRow
{
    public string RequestHash { get; init; } = "";
    public int? Status { get; init; }
    public string? Location { get; init; }
    public string? Body { get; init; }
}

/// <summary>The idempotency keys of requests that were carried out, with the answers to these requests.</summary>
internal static class IdempotencyStore
{
    /// <summary>
    /// Returns false when the key is already recorded. When two requests with the same key arrive at the same time,
    /// only one of them is carried out.
    /// </summary>
    internal static async Task<bool> Record(Db db, string actor, string key, string requestHash, Instant now) =>
        await db.Execute(
            """
            INSERT INTO idempotency_keys (actor, "key", request_hash, created_at) VALUES (@actor, @key, @requestHash, @now)
            ON CONFLICT (actor, "key") DO NOTHING
            """,
            new
            {
                actor,
                key,
                requestHash,
                now,
            }
        ) == 1;

    /// <summary>
    /// Stores the result as JSON. The stored status 200 only means that there is a result; the actual HTTP status is
    /// not stored.
    /// </summary>
    internal static Task<int> SetAnswer(Db db, string actor, string key, string body) =>
        db.Execute(
            """
            UPDATE idempotency_keys SET status = 200, body = @body
            WHERE actor = @actor AND "key" = @key AND status IS NULL
            """,
            new
            {
                actor,
                key,
                body,
            }
        );

    internal static Task<IdempotencyRow?> Find(Db db, string actor, string key) =>
        db.Find<IdempotencyRow>(
            """
            SELECT request_hash, status, location, body FROM idempotency_keys WHERE actor = @actor AND "key" = @key
            """,
            new { actor, key }
        );

    /// <summary>
    /// Deletes the answers to requests made in a time span. The keys themselves are kept, so that a repeated request is
    /// refused as already carried out, and is never carried out twice.
    /// </summary>
    internal static Task<int> ForgetAnswers(Db db, Instant from, Instant to) =>
        db.Execute(
            """
            UPDATE idempotency_keys SET status = NULL, body = NULL
            WHERE created_at >= @from AND created_at < @to AND (body IS NOT NULL OR status IS NOT NULL)
            """,
            new { from, to }
        );

    /// <summary>
    /// Deletes the answers given to one caller, and all answers in which one of these words occurs. The keys themselves
    /// are kept.
    /// </summary>
    /// <param name="words">Ids, and names that no id stands beside.</param>
    internal static async Task ForgetAnswersAbout(Db db, string actor, IReadOnlyList<string> words)
    {
        await db.Execute(
            """
            UPDATE idempotency_keys SET status = NULL, body = NULL WHERE actor = @actor AND body IS NOT NULL
            """,
            new { actor }
        );
        foreach (var word in words)
            await db.Execute(
                """
                UPDATE idempotency_keys SET status = NULL, body = NULL WHERE body LIKE @pattern
                """,
                new { pattern = $"%{word}%" }
            );
    }

    /// <summary>When the oldest key was recorded; null when no key is recorded.</summary>
    internal static Task<Instant?> Oldest(Db db) => db.Value<Instant?>("SELECT MIN(created_at) FROM idempotency_keys");
}
