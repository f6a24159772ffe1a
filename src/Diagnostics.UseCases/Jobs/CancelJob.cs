using Diagnostics.Engine;
using Diagnostics.Engine.Jobs;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Jobs;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Jobs;

/// <summary>
/// Cancels a job: a waiting one immediately, a running one between two slices. What it has done by then stays done.
/// </summary>
internal sealed class CancelJob(Executor executor, JobKinds kinds) : UseCase<Guid, JobView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(CancelJob), JobRights.Requesters, Trail.Writes("job.cancelled"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<JobView>> Handle(Guid jobId, Caller caller) =>
        Write(
            caller,
            async Task<Result<JobView>> (db) =>
            {
                if (await JobRights.Find(db, jobId, caller) is not { } job)
                    return JobRights.NotFound;
                if (JobMoves.ToCancel.Check(job.StateCode) is { } refusal)
                    return refusal;
                var now = Now;
                if (await JobStore.CancelQueued(db, jobId, now, caller.Id, now + JobWorker.Kept))
                    await JobStore.DropParts(db, jobId);
                else if (!await JobStore.AskToStop(db, jobId, now, caller.Id))
                {
                    // The worker may have ended the job between the two statements, or somebody has asked before.
                    var last = (await JobStore.Find(db, jobId))!;
                    return JobMoves.ToCancel.Check(last.StateCode) is { } over ? over : JobView.Of(last, kinds.ByCode);
                }
                await AuditStore.Append(db, now, caller.Id, "job.cancelled", $"job:{jobId:D}", new { job.Kind, about = job.Subject });
                return JobView.Of((await JobStore.Find(db, jobId))!, kinds.ByCode);
            }
        );
}
