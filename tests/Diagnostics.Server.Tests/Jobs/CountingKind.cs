using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.Jobs;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Jobs;

namespace Diagnostics.Server.Tests.Jobs;

/// <summary>
/// A kind of job that adds one row for each piece of work. The same piece done twice would violate the primary key, and
/// the rows show which pieces are missing.
/// </summary>
internal sealed class CountingKind(AccessRule? access = null) : JobKind("counting", "Счёт", access ?? AccessRule.Account)
{
    /// <summary>Runs before each slice; a test waits or interferes here.</summary>
    internal Func<JobRow, CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>What becomes of the slice at a place; by default it is done.</summary>
    internal Func<int, Refusal?> Refuses { get; set; } = _ => null;

    /// <summary>Whether slices are only tried.</summary>
    internal bool Rehearses { get; set; }

    internal override async Task<object?> Prepare(JobRow job, int size, CancellationToken cancel)
    {
        await Before(job, cancel);
        return null;
    }

    internal override async Task<Result<JobStep>> Run(Db db, JobSlice slice)
    {
        var job = slice.Job;
        var from = job.Place is { } place ? int.Parse(place, CultureInfo.InvariantCulture) : 0;
        var to = Math.Min(job.Total, from + slice.Size);
        for (var piece = from; piece < to; piece++)
            await db.Execute("INSERT INTO participants (id, created_at) VALUES (@id, @Now)", new { id = Piece(job.Id, piece), slice.Now });
        if (Refuses(from) is { } refusal)
            return refusal;
        var lines = Enumerable.Range(from, to - from).Select(piece => JobLines.Of(piece + 1, JobLines.Done, $"piece:{piece}")).ToList();
        return new JobStep(to.ToString(CultureInfo.InvariantCulture), to - from, lines, Over: to == job.Total) { Rehearsed = Rehearses };
    }

    /// <summary>The pieces of a job that are done.</summary>
    internal static async Task<IReadOnlyList<int>> Done(Database database, Guid jobId, int total)
    {
        var done = (await database.Read(db => db.Query<Guid>("SELECT id FROM participants"))).ToHashSet();
        return Enumerable.Range(0, total).Where(piece => done.Contains(Piece(jobId, piece))).ToList();
    }

    private static Guid Piece(Guid jobId, int piece) => NameUuid.Of(jobId, piece.ToString(CultureInfo.InvariantCulture));
}
