using NodaTime;

namespace Diagnostics.Storage.Marking;

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

    internal Task<bool> SaveDraft(Db db, Guid id, string draft, Instant now) =>
        Move(
            db,
            "draft = @draft",
            new
            {
                id,
                draft,
                now,
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

    internal Task<bool> SetMarked(Db db, Guid id, Instant now) => Move(db, "state = 'marked', closed_at = @now", new { id, now });

    private async Task<bool> Move(Db db, string changes, object values) =>
        await db.Execute($"UPDATE {table} SET {changes} WHERE id = @id AND state = 'claimed' AND lease_until >= @now", values) == 1;
}
