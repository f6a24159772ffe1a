using Diagnostics.Engine.Jobs;
using Diagnostics.UseCases.Jobs;
using NodaTime;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>Examples of operations on jobs for the API description.</summary>
internal static class JobsExamples
{
    private static readonly Guid Id = new("01a0bf1e-c200-7b31-8d4c-6e0f92a4b7d3");

    internal static readonly JobView Queued = new(
        Id: Id,
        Kind: "approvals",
        KindText: "Одобрение заявлений по правилу",
        Subject: $"campaign:{ExampleStory.Campaign:D}",
        State: JobState.Queued,
        StateText: JobState.Queued.Describe(),
        Done: 0,
        Total: 500,
        Faults: 0,
        StopAsked: false,
        RequestedAt: ExampleStory.Calibrated,
        RequestedBy: ExampleStory.Account.ToString("D"),
        StartedAt: null,
        EndedAt: null,
        Failure: null,
        FailureDetail: null,
        Result: null,
        ReportKeptUntil: null,
        Revision: 1
    );

    private static readonly JobView Finished = Queued with
    {
        State = JobState.Finished,
        StateText = JobState.Finished.Describe(),
        Done = 500,
        Faults = 1,
        StartedAt = ExampleStory.Calibrated + Duration.FromMilliseconds(40),
        EndedAt = ExampleStory.Calibrated + Duration.FromSeconds(2),
        Result = new(498, 1, 1),
        ReportKeptUntil = ExampleStory.Calibrated + Duration.FromDays(30) + Duration.FromSeconds(2),
        Revision = 14,
    };

    private static readonly JobView Stopping = Queued with
    {
        State = JobState.Running,
        StateText = JobState.Running.Describe(),
        Done = 96,
        StopAsked = true,
        StartedAt = Finished.StartedAt,
        Revision = 5,
    };

    internal static IEnumerable<Example> All =>
        [
            Lists("ListJobs", Finished),
            Gives("GetJob", Finished),
            Gives("CancelJob", Stopping),
            Lists(
                "ListJobLines",
                new JobLine(1, null, "done", $"session:{ExampleStory.Session:D}", null, null, null),
                new JobLine(
                    2,
                    null,
                    "fault",
                    $"application:{ExampleStory.Application:D}",
                    null,
                    "sitting-full",
                    "Все места этого проведения заняты."
                )
            ),
            .. Refuses(JobRights.NotFound, "GetJob", "ListJobLines", "CancelJob"),
            .. Refuses(JobMoves.ToCancel.Check(JobState.Finished)!, "CancelJob"),
        ];
}
