using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Jobs;
using Diagnostics.Storage.Jobs;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Jobs;

/// <summary>How many lines of the report have each outcome.</summary>
/// <param name="Done">Lines about what the job has done.</param>
/// <param name="Unchanged">Lines about what had been done before.</param>
/// <param name="Faults">Lines about what could not be done.</param>
public sealed record JobResult(int Done, int Unchanged, int Faults)
{
    internal static JobResult Of(IReadOnlyList<JobOutcomeRow> outcomes)
    {
        return new(Count(JobLines.Done), Count(JobLines.Unchanged), Count(JobLines.Fault));

        int Count(string outcome) => outcomes.FirstOrDefault(row => row.Outcome == outcome)?.Lines ?? 0;
    }
}

/// <summary>A job: work that takes longer than a request.</summary>
/// <param name="Kind">Code of the kind of work.</param>
/// <param name="KindText">The kind of work in words.</param>
/// <param name="Subject">What the job is about, e.g. <c>campaign:…</c>.</param>
/// <param name="Done">Number of pieces of work that are done.</param>
/// <param name="Total">Number of all pieces of work.</param>
/// <param name="Faults">Number of faults so far.</param>
/// <param name="StopAsked">Whether somebody has asked a running job to stop.</param>
/// <param name="RequestedBy">Account, or <c>client:…</c>.</param>
/// <param name="Result">How the job ended; absent before its end and when the report is no longer kept.</param>
/// <param name="ReportKeptUntil">Until when the result and the report are kept.</param>
public sealed record JobView(
    Guid Id,
    string Kind,
    string KindText,
    string Subject,
    JobState State,
    string StateText,
    int Done,
    int Total,
    int Faults,
    bool StopAsked,
    Instant RequestedAt,
    string RequestedBy,
    Instant? StartedAt,
    Instant? EndedAt,
    JobFailure? Failure,
    string? FailureDetail,
    JobResult? Result,
    Instant? ReportKeptUntil,
    int Revision
)
{
    internal static JobView Of(JobRow row, IReadOnlyDictionary<string, JobKind> kinds) =>
        new(
            Id: row.Id,
            Kind: row.Kind,
            KindText: kinds.GetValueOrDefault(row.Kind)?.Title ?? row.Kind,
            Subject: row.Subject,
            State: row.StateCode,
            StateText: row.StateCode.Describe(),
            Done: row.Done,
            Total: row.Total,
            Faults: row.Faults,
            StopAsked: row.StateCode is JobState.Running && row.CancelAskedAt is not null,
            RequestedAt: row.RequestedAt,
            RequestedBy: row.RequestedBy,
            StartedAt: row.StartedAt,
            EndedAt: row.EndedAt,
            Failure: row.Failure is { } failure ? Codes.Parse<JobFailure>(failure) : null,
            FailureDetail: row.FailureDetail,
            Result: row.Result is { } result ? JsonSerializer.Deserialize<JobResult>(result, Json.Stored) : null,
            ReportKeptUntil: row.KeptUntil,
            Revision: row.Revision
        );
}

/// <summary>A line of the report of a job.</summary>
/// <param name="Number">Number of the line.</param>
/// <param name="Row">Number of the row in the file, as a spreadsheet program counts, or of the entry in JSON; absent where
/// the work has no rows.</param>
/// <param name="Outcome"><c>done</c>, <c>unchanged</c> or <c>fault</c>.</param>
/// <param name="Subject">What the line is about, e.g. <c>person:…</c>.</param>
/// <param name="Field">The column or field that is at fault.</param>
/// <param name="Code">Code of the fault, the same code that a refusal would have.</param>
/// <param name="Detail">The fault in words.</param>
public sealed record JobLine(int Number, int? Row, string Outcome, string? Subject, string? Field, string? Code, string? Detail)
{
    internal static JobLine Of(JobLineRow row) => new(row.Number, row.SourceRow, row.Outcome, row.Subject, row.Field, row.Code, row.Detail);
}
