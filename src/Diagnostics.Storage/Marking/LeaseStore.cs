using NodaTime;

namespace Diagnostics.Storage.Marking;

/// <summary>A claim with held marks.</summary>
internal sealed record HeldRow
{
    public Guid Id { get; init; }
    public Guid ExpertId { get; init; }
}

/// <summary>
/// The moves of a claim, whether on a script or on a benchmark. Each returns false when the lease has run out or the
/// claim is closed: between check and save the script may have gone to another expert.
/// </summary>
internal sealed class LeaseStore
{
    internal static readonly LeaseStore Scripts = new("marking_assignments"),
        Benchmarks = new("marking_trials");

    private readonly string table;

    private LeaseStore(string table) => this.table = table;

    internal Task<bool> Renew(Db db, Guid id, Instant until, Instant now) =>
        Move(
            db,
            "lease_until = @until",
            new
            {
                id,
                until,
                now,
            }
        );

    /// <param name="basedOn">The revision that the draft continues; null overwrites any.</param>
    /// <remarks>Held marks are no longer changed by a draft: an old window may still be sending one.</remarks>
    internal Task<bool> SaveDraft(Db db, Guid id, string draft, bool noAnswer, int? basedOn, Instant now) =>
        Move(
            db,
            "draft = @draft, draft_no_answer = @noAnswer, draft_revision = draft_revision + 1",
            new
            {
                id,
                draft,
                noAnswer,
                basedOn,
                now,
            },
            "AND held_at IS NULL AND (@basedOn IS NULL OR draft_revision = @basedOn)"
        );

    /// <summary>Keeps marks that the expert has given as a draft that can still be taken back.</summary>
    /// <inheritdoc cref="SaveDraft"/>
    internal Task<bool> Hold(Db db, Guid id, string draft, bool noAnswer, bool alike, int? basedOn, Instant now) =>
        Move(
            db,
            """
            draft = @draft, draft_no_answer = @noAnswer, draft_revision = draft_revision + 1, held_at = @now, held_alike = @alike
            """,
            new
            {
                id,
                draft,
                noAnswer,
                alike,
                basedOn,
                now,
            },
            "AND held_at IS NULL AND (@basedOn IS NULL OR draft_revision = @basedOn)"
        );

    internal Task<bool> TakeBack(Db db, Guid id, Instant now) => Move(db, "held_at = NULL", new { id, now }, "AND held_at IS NOT NULL");

    /// <summary>Claims with held marks, oldest first.</summary>
    internal Task<IReadOnlyList<Guid>> Held(Db db, Guid expertId, Instant now) =>
        db.Query<Guid>(
            $"""
            SELECT id FROM {table}
            WHERE expert_id = @expertId AND held_at IS NOT NULL AND state = 'claimed' AND lease_until >= @now
            ORDER BY held_at, id
            """,
            new { expertId, now }
        );

    /// <summary>Claims with held marks whose lease ends before <paramref name="until"/>.</summary>
    internal Task<IReadOnlyList<HeldRow>> HeldUntil(Db db, Instant until, Instant now, int limit) =>
        db.Query<HeldRow>(
            $"""
            SELECT id, expert_id FROM {table}
            WHERE held_at IS NOT NULL AND state = 'claimed' AND lease_until >= @now AND lease_until < @until
            ORDER BY lease_until LIMIT @limit
            """,
            new
            {
                until,
                now,
                limit,
            }
        );

    internal Task<bool> Return(Db db, Guid id, string reason, Instant now) =>
        Move(
            db,
            "state = 'returned', closed_at = @now, reason = @reason",
            new
            {
                id,
                reason,
                now,
            }
        );

    /// <summary>Held marks were given when the expert gave them, not when they became a round.</summary>
    internal Task<bool> SetMarked(Db db, Guid id, Instant now) =>
        Move(db, "state = 'marked', closed_at = COALESCE(held_at, @now)", new { id, now });

    private async Task<bool> Move(Db db, string changes, object values, string also = "") =>
        await db.Execute($"UPDATE {table} SET {changes} WHERE id = @id AND state = 'claimed' AND lease_until >= @now {also}", values) == 1;
}
