using Diagnostics.Engine;
using Diagnostics.Engine.Calibration;
using NodaTime;

namespace Diagnostics.Storage.Calibration;

/// <summary>
/// Requests, queries and decisions that people make about runs. The changes that the worker makes are in
/// <see cref="CalibrationQueue"/>.
/// </summary>
internal static class CalibrationStore
{
    internal const string Columns = """
        id, form_id, model, options, state, step, progress, claim, lease_until, attempts, cancel_asked_at, cancel_asked_by, requested_at, requested_by,
        started_at, ended_at, fingerprint, repeats, persons, failure, failure_detail, parameters, log_likelihood, aic, bic,
        decided_at, decided_by, remarks, superseded_at, superseded_by
        """;

    internal static Task<CalibrationRow?> Find(Db db, Guid id) =>
        db.Find<CalibrationRow>($"SELECT {Columns} FROM calibration_runs WHERE id = @id", new { id });

    /// <summary>The runs of a form, newest first.</summary>
    internal static Task<IReadOnlyList<CalibrationRow>> OfForm(Db db, Guid formId, string? state, Guid? before, int limit) =>
        db.Query<CalibrationRow>(
            $"""
            SELECT {Columns} FROM calibration_runs
            WHERE form_id = @formId AND (@state IS NULL OR state = @state) AND (@before IS NULL OR id < @before)
            ORDER BY id DESC LIMIT @limit
            """,
            new
            {
                formId,
                state,
                before,
                limit,
            }
        );

    /// <summary>The runs of all forms, newest first.</summary>
    internal static Task<IReadOnlyList<CalibrationRow>> List(Db db, string? state, Guid? before, int limit) =>
        db.Query<CalibrationRow>(
            $"""
            SELECT {Columns} FROM calibration_runs
            WHERE (@state IS NULL OR state = @state) AND (@before IS NULL OR id < @before)
            ORDER BY id DESC LIMIT @limit
            """,
            new
            {
                state,
                before,
                limit,
            }
        );

    /// <summary>The approved run, on which the form's profiles are based; null when no run is approved.</summary>
    internal static Task<CalibrationRow?> Approved(Db db, Guid formId) =>
        db.Find<CalibrationRow>($"SELECT {Columns} FROM calibration_runs WHERE form_id = @formId AND state = 'approved'", new { formId });

    internal static async Task Add(Db db, CalibrationRow run, IEnumerable<Guid> campaigns)
    {
        await db.Execute(
            """
            INSERT INTO calibration_runs (id, form_id, model, options, state, requested_at, requested_by)
            VALUES (@Id, @FormId, @Model, @Options, 'queued', @RequestedAt, @RequestedBy)
            """,
            run
        );
        foreach (var campaignId in campaigns)
            await db.Execute(
                "INSERT INTO calibration_campaigns (run_id, campaign_id) VALUES (@Id, @campaignId)",
                new { run.Id, campaignId }
            );
        await AddEvent(db, run.Id, "requested", run.RequestedAt, run.RequestedBy.ToString("D"));
    }

    internal static Task<IReadOnlyList<Guid>> Campaigns(Db db, Guid id) =>
        db.Query<Guid>("SELECT campaign_id FROM calibration_campaigns WHERE run_id = @id ORDER BY campaign_id", new { id });

    /// <summary>Published and closed campaigns that used a form, oldest first.</summary>
    internal static Task<IReadOnlyList<Guid>> CampaignsOfForm(Db db, Guid formId) =>
        db.Query<Guid>(
            """
            SELECT id FROM campaigns WHERE form_id = @formId AND status <> 'draft' ORDER BY id
            """,
            new { formId }
        );

    /// <summary>
    /// Cancels a run that has not started. Returns false when a worker has already started it; in that case call
    /// <see cref="AskToStop"/>.
    /// </summary>
    internal static async Task<bool> CancelQueued(Db db, Guid id, Instant now, string actor)
    {
        var done =
            await db.Execute(
                """
                UPDATE calibration_runs SET state = 'cancelled', ended_at = @now, cancel_asked_at = @now, cancel_asked_by = @actor WHERE id = @id AND state = 'queued'
                """,
                new
                {
                    id,
                    now,
                    actor,
                }
            ) == 1;
        if (done)
            await AddEvent(db, id, "cancelled", now, actor);
        return done;
    }

    /// <summary>
    /// Asks the worker to stop; the worker checks for this request again and again while it works. Returns false when
    /// the run is over or somebody has already asked.
    /// </summary>
    internal static async Task<bool> AskToStop(Db db, Guid id, Instant now, string actor)
    {
        var done =
            await db.Execute(
                """
                UPDATE calibration_runs SET cancel_asked_at = @now, cancel_asked_by = @actor WHERE id = @id AND state = 'running' AND cancel_asked_at IS NULL
                """,
                new
                {
                    id,
                    now,
                    actor,
                }
            ) == 1;
        if (done)
            await AddEvent(db, id, "cancel_asked", now, actor);
        return done;
    }

    /// <summary>
    /// Approves a completed run and supersedes the previously approved one. When two people approve runs at the same
    /// time, the unique index of approved runs and the required state let only one of them succeed.
    /// </summary>
    /// <returns>False when the run is no longer completed.</returns>
    internal static async Task<bool> Approve(Db db, Guid id, Guid formId, Instant now, Guid approver, string? remarks)
    {
        if (await Approved(db, formId) is { } standing)
        {
            await db.Execute(
                """
                UPDATE calibration_runs SET state = 'superseded', superseded_at = @now, superseded_by = @id WHERE id = @standing AND state = 'approved'
                """,
                new
                {
                    id,
                    now,
                    standing = standing.Id,
                }
            );
            await AddEvent(db, standing.Id, "superseded", now, approver.ToString("D"), new { by = id });
        }
        return await Decide(db, id, CalibrationState.Approved, now, approver, remarks);
    }

    /// <summary>Returns false when the run is no longer completed.</summary>
    internal static Task<bool> Reject(Db db, Guid id, Instant now, Guid decidedBy, string? remarks) =>
        Decide(db, id, CalibrationState.Rejected, now, decidedBy, remarks);

    private static async Task<bool> Decide(Db db, Guid id, CalibrationState to, Instant now, Guid decidedBy, string? remarks)
    {
        var done =
            await db.Execute(
                """
                UPDATE calibration_runs SET state = @state, decided_at = @now, decided_by = @decidedBy, remarks = @remarks WHERE id = @id AND state = 'completed'
                """,
                new
                {
                    id,
                    state = Codes.Of(to),
                    now,
                    decidedBy,
                    remarks,
                }
            ) == 1;
        if (done)
            await AddEvent(db, id, Codes.Of(to), now, decidedBy.ToString("D"));
        return done;
    }

    internal static Task AddEvent(Db db, Guid runId, string kind, Instant at, string? actor = null, object? details = null) =>
        db.Execute(
            """
            INSERT INTO calibration_events (id, run_id, kind, at, actor, details) VALUES (@id, @runId, @kind, @at, @actor, @details)
            """,
            new
            {
                id = Guid.CreateVersion7(at.ToDateTimeOffset()),
                runId,
                kind,
                at,
                actor,
                details = details is null ? null : CanonicalJson.Of(details),
            }
        );

    /// <summary>Everything that happened to a run, in time order.</summary>
    internal static Task<IReadOnlyList<CalibrationEventRow>> Events(Db db, Guid id) =>
        db.Query<CalibrationEventRow>(
            """
            SELECT id, run_id, kind, at, actor, details FROM calibration_events WHERE run_id = @id ORDER BY at, id
            """,
            new { id }
        );
}
