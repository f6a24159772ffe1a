using Diagnostics.Engine;
using Diagnostics.Engine.Jobs;
using NodaTime;

namespace Diagnostics.Storage.Jobs;

/// <summary>
/// The changes that the worker makes to a job. Each change names the worker's claim and is made in the transaction of the
/// work, so a worker that has lost its lease, to another node or in a restart, commits nothing any more.
/// </summary>
internal static class JobQueue
{
    /// <summary>
    /// The oldest job of these kinds that waits for a worker, or whose worker's lease has expired.
    /// </summary>
    /// <remarks>
    /// Finding and claiming are two steps. When two workers find the same job, <see cref="Claim"/> returns false to the
    /// second one, which then looks for another job.
    /// </remarks>
    internal static Task<JobRow?> Next(Db db, IReadOnlyCollection<string> kinds, Instant now) =>
        db.Find<JobRow>(
            $"""
            SELECT {JobStore.Columns} FROM jobs
            WHERE state IN ('queued','running') AND (state = 'queued' OR lease_until < @now) AND kind IN @kinds
            ORDER BY id LIMIT 1
            """,
            new { now, kinds = kinds.ToArray() }
        );

    /// <summary>
    /// Returns false when another worker has claimed the job: the statement requires the state that was read.
    /// </summary>
    internal static async Task<bool> Claim(Db db, JobRow job, Guid next, Instant now, Instant leaseUntil) =>
        await db.Execute(
            """
            UPDATE jobs
            SET state = 'running', claim = @next, lease_until = @leaseUntil, attempts = attempts + 1, started_at = COALESCE(started_at, @now),
                revision = revision + 1
            WHERE id = @Id AND ((state = 'queued' AND @Claim IS NULL) OR (state = 'running' AND claim = @Claim AND lease_until < @now))
            """,
            new
            {
                job.Id,
                job.Claim,
                next,
                now,
                leaseUntil,
            }
        ) == 1;

    /// <summary>
    /// Moves the job past a slice, in the transaction of that slice. Returns false when the claim is lost or somebody has
    /// asked to stop; the slice must then be undone.
    /// </summary>
    internal static async Task<bool> Advance(Db db, Guid id, Guid claim, string? place, int done, int faults, Instant leaseUntil) =>
        await db.Execute(
            """
            UPDATE jobs
            SET place = @place, done = done + @done, faults = faults + @faults, lease_until = @leaseUntil, attempts = 0, revision = revision + 1
            WHERE id = @id AND state = 'running' AND claim = @claim AND cancel_asked_at IS NULL
            """,
            new
            {
                id,
                claim,
                place,
                done,
                faults,
                leaseUntil,
            }
        ) == 1;

    /// <summary>Renews the lease while a worker prepares a slice. Returns false when the claim is lost.</summary>
    internal static async Task<bool> Renew(Db db, Guid id, Guid claim, Instant leaseUntil) =>
        await db.Execute(
            "UPDATE jobs SET lease_until = @leaseUntil WHERE id = @id AND state = 'running' AND claim = @claim",
            new
            {
                id,
                claim,
                leaseUntil,
            }
        ) == 1;

    /// <summary>Whether somebody has asked the job to stop; null when the claim is lost.</summary>
    internal static Task<bool?> IsToStop(Db db, Guid id, Guid claim) =>
        db.Find<bool?>(
            """
            SELECT CASE WHEN cancel_asked_at IS NULL THEN 0 ELSE 1 END FROM jobs WHERE id = @id AND state = 'running' AND claim = @claim
            """,
            new { id, claim }
        );

    /// <summary>Returns the job to the queue when the node stops. Returns false when the claim is lost.</summary>
    internal static async Task<bool> Release(Db db, Guid id, Guid claim) =>
        await db.Execute(
            """
            UPDATE jobs SET state = 'queued', claim = NULL, lease_until = NULL, attempts = 0, revision = revision + 1
            WHERE id = @id AND state = 'running' AND claim = @claim
            """,
            new { id, claim }
        ) == 1;

    /// <summary>
    /// Returns all jobs to the queue when the only process that does jobs starts: whoever held them is gone. How often they
    /// were taken stays, so that a job that crashes the service is given up all the same.
    /// </summary>
    internal static Task<int> ReleaseAll(Db db) =>
        db.Execute("UPDATE jobs SET state = 'queued', claim = NULL, lease_until = NULL, revision = revision + 1 WHERE state = 'running'");

    /// <summary>
    /// Ends a job after its last slice, in the transaction of that slice. Returns false when the claim is lost or somebody
    /// has asked to stop.
    /// </summary>
    internal static async Task<bool> Finish(Db db, Guid id, Guid claim, string? result, Instant now, Instant keptUntil)
    {
        var ended =
            await db.Execute(
                """
                UPDATE jobs
                SET state = 'finished', claim = NULL, lease_until = NULL, ended_at = @now, result = @result, kept_until = @keptUntil,
                    revision = revision + 1
                WHERE id = @id AND state = 'running' AND claim = @claim AND cancel_asked_at IS NULL
                """,
                new
                {
                    id,
                    claim,
                    result,
                    now,
                    keptUntil,
                }
            ) == 1;
        if (ended)
            await JobStore.DropParts(db, id);
        return ended;
    }

    /// <summary>Returns false when the claim is lost.</summary>
    internal static async Task<bool> Fail(Db db, Guid id, Guid claim, JobFailure failure, string detail, Instant now, Instant keptUntil)
    {
        var ended =
            await db.Execute(
                """
                UPDATE jobs
                SET state = 'failed', claim = NULL, lease_until = NULL, ended_at = @now, failure = @failure, failure_detail = @detail,
                    kept_until = @keptUntil, revision = revision + 1
                WHERE id = @id AND state = 'running' AND claim = @claim
                """,
                new
                {
                    id,
                    claim,
                    failure = Codes.Of(failure),
                    detail,
                    now,
                    keptUntil,
                }
            ) == 1;
        if (ended)
            await JobStore.DropParts(db, id);
        return ended;
    }

    /// <summary>Ends a job that somebody has asked to stop. Returns false when the claim is lost.</summary>
    internal static async Task<bool> EndCancelled(Db db, Guid id, Guid claim, Instant now, Instant keptUntil)
    {
        var ended =
            await db.Execute(
                """
                UPDATE jobs
                SET state = 'cancelled', claim = NULL, lease_until = NULL, ended_at = @now, kept_until = @keptUntil, revision = revision + 1
                WHERE id = @id AND state = 'running' AND claim = @claim AND cancel_asked_at IS NOT NULL
                """,
                new
                {
                    id,
                    claim,
                    now,
                    keptUntil,
                }
            ) == 1;
        if (ended)
            await JobStore.DropParts(db, id);
        return ended;
    }
}
