using Diagnostics.Engine;
using Diagnostics.Engine.Calibration;
using NodaTime;

namespace Diagnostics.Storage.Calibration;

/// <summary>
/// The changes that the worker makes to a run. Each change names the worker's claim. So a worker that has lost its
/// lease, to another node or in a restart, can no longer change anything.
/// </summary>
internal static class CalibrationQueue
{
    /// <summary>The oldest run that waits for a worker, or whose worker's lease has expired.</summary>
    /// <remarks>
    /// Finding and claiming are two steps. No row is locked between them, so there are no locked rows to skip (UPDLOCK,
    /// READPAST). When two workers find the same run, <see cref="Claim"/> returns false to the second one, which then
    /// looks for another run.
    /// </remarks>
    internal static Task<CalibrationRow?> Next(Db db, Instant now) =>
        db.Find<CalibrationRow>(
            $"""
            SELECT {CalibrationStore.Columns} FROM calibration_runs
            WHERE state IN ('queued','running') AND (state = 'queued' OR lease_until < @now)
            ORDER BY id LIMIT 1
            """,
            new { now }
        );

    /// <summary>
    /// Returns false when another worker has already claimed the run: the statement requires the state that was read.
    /// </summary>
    internal static async Task<bool> Claim(Db db, CalibrationRow run, Guid next, Instant now, Instant leaseUntil)
    {
        var done =
            await db.Execute(
                """
                UPDATE calibration_runs
                SET state = 'running', claim = @next, lease_until = @leaseUntil, attempts = attempts + 1, started_at = COALESCE(started_at, @now), step = 'reading', progress = 0
                WHERE id = @Id AND ((state = 'queued' AND @Claim IS NULL) OR (state = 'running' AND claim = @Claim AND lease_until < @now))
                """,
                new
                {
                    run.Id,
                    run.Claim,
                    next,
                    now,
                    leaseUntil,
                }
            ) == 1;
        if (done)
            await CalibrationStore.AddEvent(db, run.Id, "claimed", now, details: new { attempt = run.Attempts + 1 });
        return done;
    }

    /// <summary>Records the progress and renews the lease. Returns false when the claim is lost.</summary>
    internal static async Task<bool> Report(Db db, Guid id, Guid claim, CalibrationProgress progress, Instant leaseUntil) =>
        await db.Execute(
            """
            UPDATE calibration_runs SET step = @step, progress = @progress, lease_until = @leaseUntil WHERE id = @id AND state = 'running' AND claim = @claim
            """,
            new
            {
                id,
                claim,
                step = Codes.Of(progress.Step),
                progress = (int)Math.Round(1000 * progress.Share),
                leaseUntil,
            }
        ) == 1;

    /// <summary>Whether somebody has asked the run to stop; null when the claim is lost.</summary>
    internal static Task<bool?> IsToStop(Db db, Guid id, Guid claim) =>
        db.Find<bool?>(
            """
            SELECT CASE WHEN cancel_asked_at IS NULL THEN 0 ELSE 1 END FROM calibration_runs WHERE id = @id AND state = 'running' AND claim = @claim
            """,
            new { id, claim }
        );

    /// <summary>Returns the run to the queue when the service stops. Returns false when the claim is lost.</summary>
    internal static async Task<bool> Release(Db db, Guid id, Guid claim, Instant now)
    {
        var done =
            await db.Execute(
                """
                UPDATE calibration_runs SET state = 'queued', claim = NULL, lease_until = NULL, step = NULL, progress = 0, attempts = attempts - 1
                WHERE id = @id AND state = 'running' AND claim = @claim
                """,
                new { id, claim }
            ) == 1;
        if (done)
            await CalibrationStore.AddEvent(db, id, "released", now);
        return done;
    }

    internal static async Task<bool> EndCancelled(Db db, Guid id, Guid claim, Instant now)
    {
        var done =
            await db.Execute(
                """
                UPDATE calibration_runs SET state = 'cancelled', claim = NULL, lease_until = NULL, ended_at = @now
                WHERE id = @id AND state = 'running' AND claim = @claim AND cancel_asked_at IS NOT NULL
                """,
                new
                {
                    id,
                    claim,
                    now,
                }
            ) == 1;
        if (done)
            await CalibrationStore.AddEvent(db, id, "cancelled", now);
        return done;
    }

    /// <summary>
    /// Returns false when the claim is lost, or when somebody has asked the run to stop in the meantime. In the second
    /// case, <see cref="EndCancelled"/> ends the run.
    /// </summary>
    /// <param name="fingerprint">Null when the run failed before its inputs were read.</param>
    internal static async Task<bool> Fail(
        Db db,
        Guid id,
        Guid claim,
        CalibrationFailure failure,
        string detail,
        string? fingerprint,
        int? persons,
        Instant now
    )
    {
        var done =
            await db.Execute(
                """
                UPDATE calibration_runs
                SET state = 'failed', claim = NULL, lease_until = NULL, ended_at = @now, step = NULL, failure = @failure, failure_detail = @detail,
                    fingerprint = @fingerprint, persons = @persons
                WHERE id = @id AND state = 'running' AND claim = @claim AND cancel_asked_at IS NULL
                """,
                new
                {
                    id,
                    claim,
                    failure = Codes.Of(failure),
                    detail,
                    fingerprint,
                    persons,
                    now,
                }
            ) == 1;
        if (done)
            await CalibrationStore.AddEvent(db, id, "failed", now, details: new { failure });
        return done;
    }

    /// <inheritdoc cref="Fail"/>
    internal static async Task<bool> Complete(Db db, Guid id, Guid claim, CalibrationResult result, Instant now)
    {
        var model = result.Model!;
        var done =
            await db.Execute(
                """
                UPDATE calibration_runs
                SET state = 'completed', claim = NULL, lease_until = NULL, ended_at = @now, step = NULL, progress = 1000, fingerprint = @Fingerprint, persons = @persons,
                    parameters = @Parameters, log_likelihood = @LogLikelihood, aic = @Aic, bic = @Bic,
                    repeats = (SELECT e.id FROM calibration_runs AS e WHERE e.fingerprint = @Fingerprint AND e.id <> @id ORDER BY e.id LIMIT 1)
                WHERE id = @id AND state = 'running' AND claim = @claim AND cancel_asked_at IS NULL
                """,
                new
                {
                    id,
                    claim,
                    result.Fingerprint,
                    persons = result.Form.Persons,
                    model.Parameters,
                    model.LogLikelihood,
                    model.Aic,
                    model.Bic,
                    now,
                }
            ) == 1;
        if (done)
            await CalibrationStore.AddEvent(db, id, "completed", now, details: new { result.Fingerprint });
        return done;
    }
}
