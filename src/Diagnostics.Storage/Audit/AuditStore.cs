using Diagnostics.Engine;
using Diagnostics.Engine.Audit;
using NodaTime;

namespace Diagnostics.Storage.Audit;

internal sealed record AuditRow
{
    public long Number { get; init; }
    public Instant At { get; init; }
    public string Actor { get; init; } = "";
    public string Action { get; init; } = "";
    public string Subject { get; init; } = "";
    public string? Details { get; init; }
    public string PreviousHash { get; init; } = "";
    public string Hash { get; init; } = "";

    public AuditEntry Entry => new(Number, At, Actor, Action, Subject, Details, PreviousHash);
}

/// <summary>What somebody looks for in the trail; null means anything.</summary>
/// <param name="Actions">A pattern for the action's code, with % for any text.</param>
/// <param name="From">The first moment to include.</param>
/// <param name="To">The first moment not to include.</param>
internal sealed record AuditFilter(string? Actor, string? Actions, string? Subject, Instant? From, Instant? To);

/// <summary>
/// The audit trail. The entry about a decision is appended in the decision's own transaction; entries never change.
/// </summary>
internal static class AuditStore
{
    private const string Columns = "number, at, actor, action, subject, details, previous_hash, hash";
    private const int BatchSize = 2000;

    /// <param name="details">Ids, codes and reasons; no personal data, because the trail outlives erasure.</param>
    internal static async Task Append(Db db, Instant at, string actor, string action, string subject, object? details = null)
    {
        await db.TakeTurn();
        var head = await Head(db);
        var entry = new AuditEntry(
            (head?.Number ?? 0) + 1,
            at,
            actor,
            action,
            subject,
            details is null ? null : CanonicalJson.Of(details),
            head?.Hash ?? AuditChain.Origin
        );
        // The number is the primary key: when two writers append after the same last entry, only one succeeds.
        await db.Execute(
            """
            INSERT INTO audit_entries (number, at, actor, action, subject, details, previous_hash, hash)
            VALUES (@Number, @At, @Actor, @Action, @Subject, @Details, @PreviousHash, @hash)
            """,
            new
            {
                entry.Number,
                entry.At,
                entry.Actor,
                entry.Action,
                entry.Subject,
                entry.Details,
                entry.PreviousHash,
                hash = AuditChain.HashOf(entry),
            }
        );
    }

    /// <summary>The last entry, whose hash depends on the whole trail; null before the first entry.</summary>
    internal static async Task<AuditAnchor?> Head(Db db) =>
        await db.Find<AuditRow>($"SELECT {Columns} FROM audit_entries ORDER BY number DESC LIMIT 1") is { } row
            ? new(row.Number, row.Hash)
            : null;

    internal static Task<IReadOnlyList<AuditRow>> List(Db db, string? actor, string? action, string? subject, long after, int limit) =>
        db.Query<AuditRow>(
            $"""
            SELECT {Columns} FROM audit_entries
            WHERE number > @after AND (@actor IS NULL OR actor = @actor) AND (@action IS NULL OR action = @action) AND (@subject IS NULL OR subject = @subject)
            ORDER BY number LIMIT @limit
            """,
            new
            {
                actor,
                action,
                subject,
                after,
                limit,
            }
        );

    /// <summary>Entries that fit the filter, in the order of their numbers, which are the key of the table.</summary>
    /// <param name="past">Only entries behind this number in that order.</param>
    /// <param name="descending">Whether the newest come first.</param>
    internal static Task<IReadOnlyList<AuditRow>> Search(Db db, AuditFilter filter, long past, bool descending, int limit) =>
        db.Query<AuditRow>(
            $"""
            SELECT {Columns} FROM audit_entries
            WHERE number {(descending ? "<" : ">")} @past {Conditions(filter)}
            ORDER BY number {(descending ? "DESC" : "")} LIMIT @limit
            """,
            new
            {
                filter.Actor,
                filter.Actions,
                filter.Subject,
                filter.From,
                filter.To,
                past,
                limit,
            }
        );

    /// <summary>Number of entries that fit the filter.</summary>
    internal static Task<int> Count(Db db, AuditFilter filter) =>
        db.Value<int>($"SELECT COUNT(*) FROM audit_entries WHERE number > 0 {Conditions(filter)}", filter);

    /// <summary>Only what is asked for, so that the engine does not plan for what may be null.</summary>
    private static string Conditions(AuditFilter filter) =>
        string.Concat(
            filter.Actor is null ? "" : " AND actor = @Actor",
            filter.Subject is null ? "" : " AND subject = @Subject",
            filter.Actions is null ? ""
                : filter.Actions.Contains('%', StringComparison.Ordinal) ? " AND action LIKE @Actions"
                : " AND action = @Actions",
            filter.From is null ? "" : " AND at >= @From",
            filter.To is null ? "" : " AND at < @To"
        );

    /// <summary>
    /// Goes through the whole trail, checks its hashes, and compares it with the heads that were recorded outside the
    /// database.
    /// </summary>
    internal static async Task<AuditCheck> Verify(Db db, IEnumerable<AuditAnchor> anchors)
    {
        var check = new AuditCheck(anchors);
        for (var after = 0L; ; )
        {
            var batch = await List(db, null, null, null, after, BatchSize);
            foreach (var row in batch)
                if (!check.Next(row.Entry, row.Hash))
                    return check;
            if (batch.Count < BatchSize)
                break;
            after = batch[^1].Number;
        }
        check.End();
        return check;
    }
}
