using NodaTime;

namespace Diagnostics.Storage.Webhooks;

internal sealed record DeliveryRow
{
    public Guid WebhookId { get; init; }

    /// <summary>The event's position.</summary>
    public long Position { get; init; }

    public Guid EventId { get; init; }
    public Guid? ParticipantId { get; init; }

    /// <summary>State of the delivery: <c>waiting</c>, <c>delivered</c>, <c>withheld</c> or <c>failed</c>.</summary>
    public string State { get; init; } = "";

    public int Attempts { get; init; }

    /// <summary>Time of the first attempt since the delivery began to wait.</summary>
    public Instant? BeganAt { get; init; }

    public Instant NextAt { get; init; }
    public Instant? EndedAt { get; init; }
}

internal sealed record AttemptRow
{
    public Guid WebhookId { get; init; }
    public long Position { get; init; }
    public int Number { get; init; }
    public Instant At { get; init; }
    public int Milliseconds { get; init; }

    /// <summary>HTTP status of the answer; null when the receiver did not answer.</summary>
    public int? Status { get; init; }

    public string? Fault { get; init; }
}

/// <summary>The state of a claimed delivery after an attempt.</summary>
internal sealed record SettledRow
{
    public Guid WebhookId { get; init; }
    public long Position { get; init; }
    public Guid Lease { get; init; }
    public string State { get; init; } = "";
    public Instant NextAt { get; init; }
    public Instant? EndedAt { get; init; }
}

/// <summary>Events on their way to webhooks. An event's position is called <c>place</c> in the tables.</summary>
internal static class DeliveryStore
{
    private const string Columns =
        "d.webhook_id, d.place AS position, d.event_id, d.participant_id, d.state, d.attempts, d.began_at, d.next_at, d.ended_at";

    /// <summary>
    /// Whether the delivery may be sent now. Only the first waiting delivery about each person may be sent, so that no
    /// later one overtakes it. MIN is used instead of NOT EXISTS, because PostgreSQL turns NOT EXISTS into a join and,
    /// as long as it knows little about the table, compares every waiting delivery with every other.
    /// </summary>
    internal const string IsDue = """
        d.state = 'waiting' AND d.next_at <= @now AND (d.leased_until IS NULL OR d.leased_until <= @now)
        AND (d.participant_id IS NULL
             OR d.place = (SELECT MIN(e.place) FROM webhook_deliveries AS e
                           WHERE e.webhook_id = d.webhook_id AND e.participant_id = d.participant_id AND e.state = 'waiting'))
        """;

    /// <summary>Queues deliveries of the events at these positions.</summary>
    internal static Task Add(Db db, Guid webhookId, IReadOnlyList<long> positions, Instant now) =>
        db.Execute(
            """
            INSERT INTO webhook_deliveries (webhook_id, place, event_id, participant_id, state, next_at)
            SELECT @webhookId, e.position, e.id, e.participant_id, 'waiting', @now FROM events AS e WHERE e.position IN @positions
            """,
            new
            {
                webhookId,
                positions = positions.ToArray(),
                now,
            }
        );

    /// <summary>
    /// Claims deliveries that are due. A delivery leased by another node stays with that node until the lease expires.
    /// When two nodes find the same delivery, only one gets it, because the conditions are checked again on the row
    /// that is about to change. The claim takes two SQL statements, because PostgreSQL may run a subquery with a limit
    /// again for each row.
    /// </summary>
    /// <returns>Number of deliveries claimed.</returns>
    internal static async Task<int> Claim(Db db, Guid webhookId, Guid lease, Instant now, Instant until, int limit)
    {
        var due = await db.Query<long>(
            $"""
            SELECT d.place FROM webhook_deliveries AS d WHERE d.webhook_id = @webhookId AND {IsDue}
            ORDER BY d.next_at, d.place LIMIT @limit
            """,
            new
            {
                webhookId,
                now,
                limit,
            }
        );
        return due.Count == 0 ? 0 : await TakeLease(db, webhookId, due, lease, now, until);
    }

    /// <summary>Leases those of the given deliveries that are still due.</summary>
    internal static Task<int> TakeLease(Db db, Guid webhookId, IReadOnlyList<long> positions, Guid lease, Instant now, Instant until) =>
        db.Execute(
            """
            UPDATE webhook_deliveries
            SET lease = @lease, leased_until = @until, attempts = attempts + 1, began_at = COALESCE(began_at, @now)
            WHERE webhook_id = @webhookId AND place IN @positions AND state = 'waiting' AND next_at <= @now
              AND (leased_until IS NULL OR leased_until <= @now)
            """,
            new
            {
                webhookId,
                positions = positions.ToArray(),
                lease,
                now,
                until,
            }
        );

    /// <summary>The waiting deliveries under this lease.</summary>
    internal static Task<IReadOnlyList<DeliveryRow>> Held(Db db, Guid webhookId, Guid lease) =>
        db.Query<DeliveryRow>(
            $"""
            SELECT {Columns} FROM webhook_deliveries AS d
            WHERE d.webhook_id = @webhookId AND d.state = 'waiting' AND d.lease = @lease ORDER BY d.place
            """,
            new { webhookId, lease }
        );

    /// <summary>Ends the lease. Returns false if the lease expired and another node took the delivery.</summary>
    internal static async Task<bool> Settle(Db db, SettledRow settled) =>
        await db.Execute(
            """
            UPDATE webhook_deliveries
            SET state = @State, next_at = @NextAt, ended_at = @EndedAt, lease = NULL, leased_until = NULL
            WHERE webhook_id = @WebhookId AND place = @Position AND lease = @Lease AND state = 'waiting'
            """,
            settled
        ) == 1;

    /// <summary>Ends the leases of many deliveries that succeeded.</summary>
    internal static Task<int> Delivered(Db db, Guid webhookId, Guid lease, IReadOnlyList<long> positions, Instant now) =>
        db.Execute(
            """
            UPDATE webhook_deliveries
            SET state = 'delivered', ended_at = @now, lease = NULL, leased_until = NULL
            WHERE webhook_id = @webhookId AND lease = @lease AND state = 'waiting' AND place IN @positions
            """,
            new
            {
                webhookId,
                lease,
                positions = positions.ToArray(),
                now,
            }
        );

    /// <summary>Releases the deliveries that are still under this lease.</summary>
    internal static Task<int> Release(Db db, Guid webhookId, Guid lease, Instant now) =>
        db.Execute(
            """
            UPDATE webhook_deliveries SET next_at = @now, lease = NULL, leased_until = NULL
            WHERE webhook_id = @webhookId AND lease = @lease AND state = 'waiting'
            """,
            new
            {
                webhookId,
                lease,
                now,
            }
        );

    internal static Task AddAttempts(Db db, IReadOnlyList<AttemptRow> attempts)
    {
        var values = new Dictionary<string, object?>();
        foreach (var (row, attempt) in attempts.Index())
        {
            values[$"webhook{row}"] = attempt.WebhookId;
            values[$"place{row}"] = attempt.Position;
            values[$"number{row}"] = attempt.Number;
            values[$"at{row}"] = attempt.At;
            values[$"milliseconds{row}"] = attempt.Milliseconds;
            values[$"status{row}"] = attempt.Status;
            values[$"fault{row}"] = attempt.Fault;
        }
        var rows = Enumerable
            .Range(0, attempts.Count)
            .Select(row => $"(@webhook{row}, @place{row}, @number{row}, @at{row}, @milliseconds{row}, @status{row}, @fault{row})");
        return db.Execute(
            $"INSERT INTO webhook_attempts (webhook_id, place, number, at, milliseconds, status, fault) VALUES {string.Join(", ", rows)}",
            values
        );
    }

    internal static Task<DeliveryRow?> Find(Db db, Guid webhookId, Guid eventId) =>
        db.Find<DeliveryRow>(
            $"""
            SELECT {Columns} FROM webhook_deliveries AS d WHERE d.webhook_id = @webhookId AND d.event_id = @eventId
            """,
            new { webhookId, eventId }
        );

    /// <summary>Deliveries of a webhook, the latest first.</summary>
    internal static Task<IReadOnlyList<DeliveryRow>> List(Db db, Guid webhookId, string? state, long? before, int limit) =>
        db.Query<DeliveryRow>(
            $"""
            SELECT {Columns} FROM webhook_deliveries AS d
            WHERE d.webhook_id = @webhookId AND (@state IS NULL OR d.state = @state) AND (@before IS NULL OR d.place < @before)
            ORDER BY d.place DESC LIMIT @limit
            """,
            new
            {
                webhookId,
                state,
                before,
                limit,
            }
        );

    internal static Task<IReadOnlyList<AttemptRow>> Attempts(Db db, Guid webhookId, long position) =>
        db.Query<AttemptRow>(
            """
            SELECT webhook_id, place AS position, number, at, milliseconds, status, fault FROM webhook_attempts
            WHERE webhook_id = @webhookId AND place = @position ORDER BY number
            """,
            new { webhookId, position }
        );

    /// <summary>Starts ended deliveries again: one delivery, or all that failed.</summary>
    /// <returns>How many deliveries now wait again.</returns>
    internal static Task<int> Again(Db db, Guid webhookId, Guid? eventId, Instant now) =>
        db.Execute(
            """
            UPDATE webhook_deliveries SET state = 'waiting', ended_at = NULL, began_at = NULL, next_at = @now
            WHERE webhook_id = @webhookId
              AND ((@eventId IS NULL AND state = 'failed') OR (event_id = @eventId AND state <> 'waiting'))
            """,
            new
            {
                webhookId,
                eventId,
                now,
            }
        );

    /// <summary>Makes all waiting deliveries due now; each may again be tried for three days.</summary>
    internal static Task<int> Hasten(Db db, Guid webhookId, Instant now) =>
        db.Execute(
            """
            UPDATE webhook_deliveries SET began_at = NULL, next_at = @now WHERE webhook_id = @webhookId AND state = 'waiting'
            """,
            new { webhookId, now }
        );

    /// <summary>When the earliest of the ended deliveries still in the table ended; null when there are none.</summary>
    internal static async Task<Instant?> OldestEnd(Db db) =>
        (await db.Query<Instant>("SELECT ended_at FROM webhook_deliveries WHERE ended_at IS NOT NULL ORDER BY ended_at LIMIT 1"))
            is [var oldest]
            ? oldest
            : null;

    internal static async Task<int> Forget(Db db, Instant until)
    {
        await db.Execute(
            """
            DELETE FROM webhook_attempts
            WHERE EXISTS (SELECT 1 FROM webhook_deliveries AS d
                          WHERE d.webhook_id = webhook_attempts.webhook_id AND d.place = webhook_attempts.place AND d.ended_at < @until)
            """,
            new { until }
        );
        return await db.Execute("DELETE FROM webhook_deliveries WHERE ended_at IS NOT NULL AND ended_at < @until", new { until });
    }
}
