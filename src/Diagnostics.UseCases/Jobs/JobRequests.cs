using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Jobs;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Jobs;

/// <summary>How a use case of any stage asks for a job.</summary>
internal static class JobRequests
{
    /// <summary>The action of the entry in the audit trail about every job that somebody asks for.</summary>
    internal const string Requested = "job.requested";

    /// <summary>
    /// Puts a job into the queue, in the caller's transaction. After the transaction, wake the worker with
    /// <c>Signal&lt;JobWorker&gt;</c>.
    /// </summary>
    /// <param name="subject">What the job is about, e.g. <c>campaign:…</c>.</param>
    /// <param name="request">What is asked for; it holds no personal data, because it is kept.</param>
    /// <param name="total">The number of pieces of work.</param>
    /// <param name="parts">What the job works through, each a JSON list, numbered from 1. They are deleted when the job
    /// ends.</param>
    internal static async Task<JobView> Add(
        Db db,
        JobKind kind,
        string subject,
        object request,
        int total,
        IEnumerable<string> parts,
        Caller caller,
        Instant now
    )
    {
        var job = new JobRow
        {
            Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
            Kind = kind.Code,
            Subject = subject,
            Request = CanonicalJson.Of(request),
            Total = total,
            RequestedAt = now,
            RequestedBy = caller.Id,
        };
        await JobStore.Add(db, job);
        foreach (var (place, part) in parts.Index())
            await JobStore.AddPart(db, job.Id, place + 1, part);
        await AuditStore.Append(
            db,
            now,
            caller.Id,
            Requested,
            $"job:{job.Id:D}",
            new
            {
                job.Kind,
                about = subject,
                total,
            }
        );
        return JobView.Of((await JobStore.Find(db, job.Id))!, new Dictionary<string, JobKind> { [kind.Code] = kind });
    }
}
