using NodaTime;

namespace Diagnostics.Storage.Webhooks;

internal sealed record WebhookRow
{
    public Guid Id { get; init; }
    public string ClientId { get; init; } = "";
    public string Url { get; init; } = "";

    /// <summary>Kinds of events, separated by blanks; null for all.</summary>
    public string? Kinds { get; init; }

    /// <summary>State of the webhook: <c>enabled</c> or <c>disabled</c>.</summary>
    public string State { get; init; } = "";

    /// <summary>
    /// Why the webhook is disabled: by the client or an administrator (<c>client</c>), because the receiver answered
    /// 410 (<c>gone</c>), or because it has accepted no message for three days (<c>failing</c>). Null while it is
    /// enabled.
    /// </summary>
    public string? DisabledBecause { get; init; }

    public Instant CreatedAt { get; init; }
    public int Revision { get; init; }

    /// <summary>Position of the last event for which deliveries have been queued.</summary>
    public long Position { get; init; }

    /// <summary>Number of failed attempts in a row.</summary>
    public int Failures { get; init; }

    public Instant? FailingSince { get; init; }

    /// <summary>
    /// The time until which the circuit breaker is open and nothing is sent; null while it is closed.
    /// </summary>
    public Instant? OpenUntil { get; init; }
}

internal sealed record WebhookSecretRow
{
    public Guid WebhookId { get; init; }
    public int Number { get; init; }

    /// <summary>Signature scheme: <c>v1</c> (HMAC-SHA256) or <c>v1a</c> (Ed25519).</summary>
    public string Scheme { get; init; } = "";

    /// <summary>The secret in encrypted form.</summary>
    public string Secret { get; init; } = "";

    public string? PublicKey { get; init; }
    public Instant CreatedAt { get; init; }

    /// <summary>When messages are no longer signed with this secret; null for the present secret.</summary>
    public Instant? Until { get; init; }
}

/// <summary>Addresses at which clients receive events, and the secrets that sign the messages.</summary>
internal static class WebhookStore
{
    private const string Columns = """
        w.id, w.client_id, w.url, w.kinds, w.state, w.disabled_because, w.created_at, w.revision, w.position, w.failures,
        w.failing_since, w.open_until
        """;

    /// <summary>Webhooks whose client may receive events: the client is not disabled and may read profiles.</summary>
    private const string Told = """
        webhooks AS w JOIN access_clients AS c ON c.id = w.client_id AND c.disabled = FALSE
          AND CONCAT(' ', c.scopes, ' ') LIKE '% profiles.read %'
        """;

    internal static Task<WebhookRow?> Find(Db db, Guid id) =>
        db.Find<WebhookRow>($"SELECT {Columns} FROM webhooks AS w WHERE w.id = @id", new { id });

    /// <summary>Like <see cref="Find"/>, but also null when the client may not receive events now.</summary>
    internal static Task<WebhookRow?> FindTold(Db db, Guid id) =>
        db.Find<WebhookRow>($"SELECT {Columns} FROM {Told} WHERE w.id = @id", new { id });

    /// <param name="clientId">The client whose webhooks are listed; null for all clients.</param>
    internal static Task<IReadOnlyList<WebhookRow>> List(Db db, string? clientId, Guid? after, int limit) =>
        db.Query<WebhookRow>(
            $"""
            SELECT {Columns} FROM webhooks AS w
            WHERE (@clientId IS NULL OR w.client_id = @clientId) AND (@after IS NULL OR w.id > @after)
            ORDER BY w.id LIMIT @limit
            """,
            new
            {
                clientId,
                after,
                limit,
            }
        );

    internal static Task<int> Count(Db db, string clientId) =>
        db.Value<int>("SELECT COUNT(*) FROM webhooks WHERE client_id = @clientId", new { clientId });

    internal static Task Add(Db db, WebhookRow webhook) =>
        db.Execute(
            """
            INSERT INTO webhooks (id, client_id, url, kinds, state, created_at, position)
            VALUES (@Id, @ClientId, @Url, @Kinds, 'enabled', @CreatedAt, @Position)
            """,
            webhook
        );

    /// <returns>False when the webhook was changed after it was read.</returns>
    internal static async Task<bool> Update(Db db, Guid id, int revision, string url, string? kinds) =>
        await db.Execute(
            """
            UPDATE webhooks SET url = @url, kinds = @kinds, revision = revision + 1 WHERE id = @id AND revision = @revision
            """,
            new
            {
                id,
                revision,
                url,
                kinds,
            }
        ) == 1;

    /// <summary>
    /// Disables a webhook: nothing is sent to it from now on. Returns false when it was already disabled.
    /// </summary>
    internal static async Task<bool> Disable(Db db, Guid id, string because) =>
        await db.Execute(
            """
            UPDATE webhooks SET state = 'disabled', disabled_because = @because, revision = revision + 1 WHERE id = @id AND state = 'enabled'
            """,
            new { id, because }
        ) == 1;

    /// <summary>
    /// Enables a webhook, which continues where it stopped. Returns false when it was already enabled.
    /// </summary>
    internal static async Task<bool> Enable(Db db, Guid id) =>
        await db.Execute(
            """
            UPDATE webhooks
            SET state = 'enabled', disabled_because = NULL, failures = 0, failing_since = NULL, open_until = NULL, revision = revision + 1
            WHERE id = @id AND state = 'disabled'
            """,
            new { id }
        ) == 1;

    /// <summary>Whether there is any enabled webhook whose client may receive events.</summary>
    internal static Task<bool> Any(Db db) =>
        db.Value<bool>($"SELECT CASE WHEN EXISTS (SELECT 1 FROM {Told} WHERE w.state = 'enabled') THEN 1 ELSE 0 END");

    /// <summary>Enabled webhooks that do not yet have deliveries for all events up to this position.</summary>
    internal static Task<IReadOnlyList<WebhookRow>> Behind(Db db, long position) =>
        db.Query<WebhookRow>($"SELECT {Columns} FROM {Told} WHERE w.state = 'enabled' AND w.position < @position", new { position });

    /// <summary>
    /// Moves a webhook's position forward. When two nodes queue deliveries of the same events, only one succeeds,
    /// because the other finds the position already changed.
    /// </summary>
    internal static async Task<bool> Advance(Db db, Guid id, long from, long to) =>
        await db.Execute(
            """
            UPDATE webhooks SET position = @to WHERE id = @id AND position = @from AND state = 'enabled'
            """,
            new
            {
                id,
                from,
                to,
            }
        ) == 1;

    /// <summary>Webhooks that have something to send now and whose circuit breaker is not open.</summary>
    internal static Task<IReadOnlyList<WebhookRow>> Due(Db db, Instant now) =>
        db.Query<WebhookRow>(
            $"""
            SELECT {Columns} FROM {Told}
            WHERE w.state = 'enabled' AND (w.open_until IS NULL OR w.open_until <= @now)
              AND EXISTS (SELECT 1 FROM webhook_deliveries AS d WHERE d.webhook_id = w.id AND {DeliveryStore.IsDue})
            """,
            new { now }
        );

    /// <summary>Closes the circuit breaker after a message was accepted.</summary>
    internal static Task<int> Succeeded(Db db, Guid id) =>
        db.Execute(
            """
            UPDATE webhooks SET failures = 0, failing_since = NULL, open_until = NULL WHERE id = @id AND failures > 0
            """,
            new { id }
        );

    /// <summary>
    /// Clears the count of failures once no delivery that was tried is still waiting, because the failed ones were
    /// withheld or given up. The next failure then begins a new count. Otherwise the receiver would seem to have been
    /// failing even while nothing was sent to it.
    /// </summary>
    internal static Task<int> Calmed(Db db, Guid id) =>
        db.Execute(
            """
            UPDATE webhooks SET failures = 0, failing_since = NULL, open_until = NULL
            WHERE id = @id AND failures > 0
              AND NOT EXISTS (SELECT 1 FROM webhook_deliveries AS d
                              WHERE d.webhook_id = webhooks.id AND d.state = 'waiting' AND d.began_at IS NOT NULL)
            """,
            new { id }
        );

    /// <summary>
    /// Counts failures only if nobody has counted an attempt since the count was read. Two nodes that fail at the same
    /// time would otherwise count twice towards opening the circuit breaker, and a failure would hide the success of
    /// the other node.
    /// </summary>
    /// <param name="seen">Number of failures in a row when the attempts began.</param>
    /// <param name="openUntil">The time until which the circuit breaker is open; null if it stays closed.</param>
    internal static async Task<bool> Failed(Db db, Guid id, int seen, int failures, Instant now, Instant? openUntil) =>
        await db.Execute(
            """
            UPDATE webhooks
            SET failures = failures + @failures, failing_since = COALESCE(failing_since, @now), open_until = @openUntil
            WHERE id = @id AND failures = @seen
            """,
            new
            {
                id,
                seen,
                failures,
                now,
                openUntil,
            }
        ) == 1;

    /// <summary>Secrets of a webhook, the present one first.</summary>
    internal static Task<IReadOnlyList<WebhookSecretRow>> Secrets(Db db, Guid id, Instant now) =>
        db.Query<WebhookSecretRow>(
            """
            SELECT webhook_id, number, scheme, secret, public_key, created_at, until FROM webhook_secrets
            WHERE webhook_id = @id AND (until IS NULL OR until > @now) ORDER BY number DESC
            """,
            new { id, now }
        );

    internal static Task AddSecret(Db db, WebhookSecretRow secret) =>
        db.Execute(
            """
            INSERT INTO webhook_secrets (webhook_id, number, scheme, secret, public_key, created_at)
            VALUES (@WebhookId, @Number, @Scheme, @Secret, @PublicKey, @CreatedAt)
            """,
            secret
        );

    /// <summary>
    /// Sets when the present secret ends; until then messages are signed both with it and with the next secret. Returns
    /// false when somebody else has already set the end.
    /// </summary>
    internal static async Task<bool> EndSecret(Db db, Guid id, int number, Instant until) =>
        await db.Execute(
            """
            UPDATE webhook_secrets SET until = @until WHERE webhook_id = @id AND number = @number AND until IS NULL
            """,
            new
            {
                id,
                number,
                until,
            }
        ) == 1;

    /// <summary>Ends all keys before the present one; messages are no longer signed with them.</summary>
    internal static Task<int> EndPrevious(Db db, Guid id, Instant now) =>
        db.Execute(
            """
            UPDATE webhook_secrets SET until = @now WHERE webhook_id = @id AND until > @now
            """,
            new { id, now }
        );
}
