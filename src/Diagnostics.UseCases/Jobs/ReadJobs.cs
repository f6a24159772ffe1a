using System.Diagnostics;
using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Engine.Jobs;
using Diagnostics.Storage;
using Diagnostics.Storage.Jobs;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Jobs;

/// <summary>Whoever asked for a job, an account or a portal's client, sees and cancels it; nobody else does.</summary>
internal static class JobRights
{
    internal static readonly AccessRule Requesters = AccessRule.Account.Or(Clients.EnrolPeople);

    internal static readonly Refusal NotFound = Refusal.NotFound("job-not-found", "Такой фоновой работы нет.");

    internal static async Task<JobRow?> Find(Db db, Guid id, Caller caller) =>
        await JobStore.Find(db, id) is { } job && job.RequestedBy == caller.Id ? job : null;
}

/// <summary>The kinds of jobs that this node knows, by their codes.</summary>
internal sealed class JobKinds(IEnumerable<JobKind> kinds)
{
    internal IReadOnlyDictionary<string, JobKind> ByCode { get; } = kinds.ToDictionary(kind => kind.Code, StringComparer.Ordinal);

    internal IReadOnlyCollection<string> Codes { get; } = kinds.Select(kind => kind.Code).ToList();
}

/// <summary>Lists the caller's own jobs, newest first.</summary>
internal sealed class ListJobs(Executor executor, JobKinds kinds) : UseCase<ListJobs.Request, Page<JobView>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListJobs), JobRights.Requesters, Trail.Own);

    internal sealed record Request(string? Kind, string? State, Guid? After, int? Limit);

    protected override async Task<Result<Page<JobView>>> Handle(Request request, Caller caller)
    {
        if (request.State is { } state && Codes.Find<JobState>(state) is null)
            return Refusal.Invalid("job-state-unknown", $"Состояния «{state}» у фоновой работы нет.").With("field", "state");
        if (request.Kind is { } kind && !kinds.ByCode.ContainsKey(kind))
            return Refusal.Invalid("job-kind-unknown", $"Фоновой работы вида «{kind}» нет.").With("field", "kind");
        return await Read(async db =>
        {
            var (kind, state, after, limit) = request;
            var rows = await JobStore.Of(db, caller.Id, kind, state, after, Page<JobView>.Take(limit));
            return Page<JobView>.Of(rows.Select(row => JobView.Of(row, kinds.ByCode)).ToList(), limit, job => job.Id.ToString("D"));
        });
    }
}

/// <summary>Shows a job; on request waits until it is over.</summary>
internal sealed class GetJob(Executor executor, JobKinds kinds) : UseCase<GetJob.Request, JobView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetJob), JobRights.Requesters, Trail.Own);

    internal const int LongestWait = 30;

    /// <summary>
    /// How often to look whether a job is over. A job that is done on another node gives this node no signal.
    /// </summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <param name="Wait">How many seconds to wait for the end of the job; a longer wait than
    /// <see cref="LongestWait"/> is cut to it.</param>
    internal sealed record Request(Guid JobId, int Wait = 0, CancellationToken Cancel = default);

    protected override async Task<Result<JobView>> Handle(Request request, Caller caller)
    {
        var (began, wait) = (Stopwatch.GetTimestamp(), TimeSpan.FromSeconds(Math.Clamp(request.Wait, 0, LongestWait)));
        while (true)
        {
            if (await Fetch(db => JobRights.Find(db, request.JobId, caller)) is not { } job)
                return JobRights.NotFound;
            if (job.StateCode.IsOver() || Stopwatch.GetElapsedTime(began) >= wait)
                return JobView.Of(job, kinds.ByCode);
            await Task.Delay(Look, request.Cancel);
            if (await RefusesNow(caller) is { } shutOut)
                return shutOut;
        }
    }
}

/// <summary>Lists the report of a job: what was done and what could not be done, row by row.</summary>
internal sealed class ListJobLines(Executor executor) : UseCase<ListJobLines.Request, Page<JobLine>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListJobLines), JobRights.Requesters, Trail.Own);

    internal sealed record Request(Guid JobId, string? Outcome, int? After, int? Limit);

    protected override async Task<Result<Page<JobLine>>> Handle(Request request, Caller caller)
    {
        if (request.Outcome is { } outcome && !JobLines.Outcomes.Contains(outcome))
            return Refusal
                .Invalid("job-outcome-unknown", $"outcome бывает {string.Join(", ", JobLines.Outcomes)}.")
                .With("field", "outcome");
        return await Read(
            async Task<Result<Page<JobLine>>> (db) =>
            {
                var (jobId, outcome, after, limit) = request;
                if (await JobRights.Find(db, jobId, caller) is null)
                    return JobRights.NotFound;
                var rows = await JobStore.Lines(db, jobId, outcome, after, Page<JobLine>.Take(limit));
                return Page<JobLine>.Of(
                    rows.Select(JobLine.Of).ToList(),
                    limit,
                    line => line.Number.ToString(CultureInfo.InvariantCulture)
                );
            }
        );
    }
}
