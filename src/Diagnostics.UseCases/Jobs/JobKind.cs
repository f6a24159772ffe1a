using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.Jobs;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Jobs;

/// <summary>
/// A kind of job. The stage that does the work declares its kinds, and <c>StageHooks</c> registers them. The work is done
/// in slices; a slice and the move of the job past it are one transaction, so whenever a node dies, nothing is done twice
/// and nothing is left out.
/// </summary>
/// <param name="code">Code of the kind, which is stored and published and never changes.</param>
/// <param name="title">What the job does, in Russian.</param>
/// <param name="access">Who may have this work done. It is asked again before every slice, so a right that has ended stops
/// the job.</param>
internal abstract class JobKind(string code, string title, AccessRule access)
{
    internal string Code => code;

    internal string Title => title;

    internal AccessRule Access => access;

    /// <summary>
    /// Does what a slice needs and what may take long: reading much, hashing, computing. It holds no transaction and
    /// changes nothing. It runs again when the slice does.
    /// </summary>
    /// <param name="size">About how many pieces of work the slice should take.</param>
    internal virtual Task<object?> Prepare(JobRow job, int size, CancellationToken cancel) => Task.FromResult<object?>(null);

    /// <summary>
    /// Does the slice at the job's place, in the transaction that also moves the job. It awaits nothing but the database,
    /// because it may run again.
    /// </summary>
    /// <returns>What was done; a refusal undoes the slice and ends the job as failed.</returns>
    internal abstract Task<Result<JobStep>> Run(Db db, JobSlice slice);
}

/// <summary>What a slice works with.</summary>
/// <param name="Caller">Who asked for the job, with the rights in force now.</param>
/// <param name="Prepared">What <see cref="JobKind.Prepare"/> returned.</param>
/// <param name="Size">About how many pieces of work to take.</param>
internal sealed record JobSlice(JobRow Job, Caller Caller, object? Prepared, int Size, Instant Now);

/// <summary>What a slice has done.</summary>
/// <param name="Place">Where the next slice begins, in the words of the kind.</param>
/// <param name="Done">How many pieces of work were done.</param>
/// <param name="Lines">Lines for the report.</param>
/// <param name="Over">Whether this was the last slice.</param>
internal sealed record JobStep(string? Place, int Done, IReadOnlyList<JobLineRow> Lines, bool Over)
{
    /// <summary>
    /// Whether the slice was only tried: what it wrote is undone, and its lines say what would have happened.
    /// </summary>
    internal bool Rehearsed { get; init; }

    internal int Faults => Lines.Count(line => line.Outcome == JobLines.Fault);
}

/// <summary>The outcomes of the lines of a report.</summary>
internal static class JobLines
{
    internal const string Done = "done";
    internal const string Unchanged = "unchanged";
    internal const string Fault = "fault";

    internal static readonly IReadOnlyList<string> Outcomes = [Done, Unchanged, Fault];

    internal static JobLineRow Of(int? row, string outcome, string? subject) =>
        new()
        {
            SourceRow = row,
            Outcome = outcome,
            Subject = subject,
        };

    internal static JobLineRow FaultOf(int? row, Refusal refusal, string? subject = null) =>
        new()
        {
            SourceRow = row,
            Outcome = Fault,
            Subject = subject,
            Field = refusal.Facts.GetValueOrDefault("field") as string,
            Code = refusal.Code,
            Detail = refusal.Detail,
        };
}
