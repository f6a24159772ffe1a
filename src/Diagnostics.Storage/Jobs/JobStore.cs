using Dapper;
using NodaTime;

namespace Diagnostics.Storage.Jobs;

/// <summary>
/// Requests, parts, reports and queries of jobs. The changes that the worker makes are in <see cref="JobQueue"/>.
/// </summary>
internal static class JobStore
{
    /// <summary>The greatest number of lines in one statement: SQL Server takes 2,100 parameters.</summary>
    private const int InOneInsert = 200;

    internal const string Columns = """
        id, kind, subject, state, request, place, done, total, faults, claim, lease_until, attempts, requested_at, requested_by,
        cancel_asked_at, cancel_asked_by, started_at, ended_at, failure, failure_detail, result, kept_until, revision
        """;

    internal static Task<JobRow?> Find(Db db, Guid id) => db.Find<JobRow>($"SELECT {Columns} FROM jobs WHERE id = @id", new { id });

    /// <summary>The jobs that a caller has asked for, newest first.</summary>
    internal static Task<IReadOnlyList<JobRow>> Of(Db db, string requestedBy, string? kind, string? state, Guid? before, int limit) =>
        db.Query<JobRow>(
            $"""
            SELECT {Columns} FROM jobs
            WHERE requested_by = @requestedBy AND (@kind IS NULL OR kind = @kind) AND (@state IS NULL OR state = @state)
              AND (@before IS NULL OR id < @before)
            ORDER BY id DESC LIMIT @limit
            """,
            new
            {
                requestedBy,
                kind,
                state,
                before,
                limit,
            }
        );

    internal static Task Add(Db db, JobRow job) =>
        db.Execute(
            """
            INSERT INTO jobs (id, kind, subject, state, request, done, total, requested_at, requested_by)
            VALUES (@Id, @Kind, @Subject, 'queued', @Request, 0, @Total, @RequestedAt, @RequestedBy)
            """,
            job
        );

    internal static Task AddPart(Db db, Guid jobId, int number, string content) =>
        db.Execute(
            "INSERT INTO job_parts (job_id, number, content) VALUES (@jobId, @number, @content)",
            new
            {
                jobId,
                number,
                content,
            }
        );

    /// <summary>Null when there is no such part.</summary>
    internal static Task<string?> Part(Db db, Guid jobId, int number) =>
        db.Find<string>("SELECT content FROM job_parts WHERE job_id = @jobId AND number = @number", new { jobId, number });

    internal static Task DropPart(Db db, Guid jobId, int number) =>
        db.Execute("DELETE FROM job_parts WHERE job_id = @jobId AND number = @number", new { jobId, number });

    internal static Task DropParts(Db db, Guid jobId) => db.Execute("DELETE FROM job_parts WHERE job_id = @jobId", new { jobId });

    /// <summary>Appends lines to the report; they are numbered in their order.</summary>
    internal static async Task AddLines(Db db, Guid jobId, IReadOnlyList<JobLineRow> lines)
    {
        if (lines.Count == 0)
            return;
        var last = await db.Value<int>("SELECT COALESCE(MAX(number), 0) FROM job_lines WHERE job_id = @jobId", new { jobId });
        foreach (var together in lines.Chunk(InOneInsert))
        {
            var parameters = new DynamicParameters(new { jobId });
            var values = new List<string>(together.Length);
            foreach (var (place, line) in together.Index())
            {
                parameters.AddDynamicParams(
                    new Dictionary<string, object?>
                    {
                        [$"n{place}"] = ++last,
                        [$"r{place}"] = line.SourceRow,
                        [$"o{place}"] = line.Outcome,
                        [$"s{place}"] = line.Subject,
                        [$"f{place}"] = line.Field,
                        [$"c{place}"] = line.Code,
                        [$"d{place}"] = line.Detail,
                    }
                );
                values.Add($"(@jobId, @n{place}, @r{place}, @o{place}, @s{place}, @f{place}, @c{place}, @d{place})");
            }
            await db.Execute(
                $"""
                INSERT INTO job_lines (job_id, number, source_row, outcome, subject, field, code, detail) VALUES {string.Join(", ", values)}
                """,
                parameters
            );
        }
    }

    /// <summary>The lines of a report in their order.</summary>
    internal static Task<IReadOnlyList<JobLineRow>> Lines(Db db, Guid jobId, string? outcome, int? after, int limit) =>
        db.Query<JobLineRow>(
            """
            SELECT number, source_row, outcome, subject, field, code, detail FROM job_lines
            WHERE job_id = @jobId AND (@outcome IS NULL OR outcome = @outcome) AND (@after IS NULL OR number > @after)
            ORDER BY number LIMIT @limit
            """,
            new
            {
                jobId,
                outcome,
                after,
                limit,
            }
        );

    /// <summary>The number of lines of a report with each outcome that occurs.</summary>
    internal static Task<IReadOnlyList<JobOutcomeRow>> Outcomes(Db db, Guid jobId) =>
        db.Query<JobOutcomeRow>("SELECT outcome, COUNT(*) AS lines FROM job_lines WHERE job_id = @jobId GROUP BY outcome", new { jobId });

    /// <summary>
    /// Cancels a job that no worker holds. Returns false when a worker holds it or it is over; for the first case there
    /// is <see cref="AskToStop"/>.
    /// </summary>
    internal static async Task<bool> CancelQueued(Db db, Guid id, Instant now, string actor, Instant keptUntil) =>
        await db.Execute(
            """
            UPDATE jobs
            SET state = 'cancelled', ended_at = @now, cancel_asked_at = @now, cancel_asked_by = @actor, kept_until = @keptUntil, revision = revision + 1
            WHERE id = @id AND state = 'queued'
            """,
            new
            {
                id,
                now,
                actor,
                keptUntil,
            }
        ) == 1;

    /// <summary>
    /// Asks the worker to stop; it looks before it commits each slice. Returns false when the job does not run or
    /// somebody has asked already.
    /// </summary>
    internal static async Task<bool> AskToStop(Db db, Guid id, Instant now, string actor) =>
        await db.Execute(
            """
            UPDATE jobs SET cancel_asked_at = @now, cancel_asked_by = @actor, revision = revision + 1
            WHERE id = @id AND state = 'running' AND cancel_asked_at IS NULL
            """,
            new
            {
                id,
                now,
                actor,
            }
        ) == 1;

    /// <summary>A job whose report has been kept long enough; null when there is none.</summary>
    internal static Task<Guid?> Outdated(Db db, Instant now) =>
        db.Find<Guid?>("SELECT id FROM jobs WHERE kept_until < @now ORDER BY kept_until LIMIT 1", new { now });

    /// <summary>Deletes the report and the result of a job; that the job was done stays known.</summary>
    internal static async Task Forget(Db db, Guid id)
    {
        await db.Execute("DELETE FROM job_lines WHERE job_id = @id", new { id });
        await db.Execute("UPDATE jobs SET result = NULL, kept_until = NULL, revision = revision + 1 WHERE id = @id", new { id });
    }
}
