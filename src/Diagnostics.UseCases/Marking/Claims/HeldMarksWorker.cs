using Diagnostics.Storage;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>
/// Gives held marks whose lease is about to end, so that the work of an expert who has left is not lost. It acts as the
/// expert: marks of somebody who has lost the right meanwhile are not given.
/// </summary>
internal sealed class HeldMarksWorker(Database database, OwnAssignments own, AwardMarks award, IClock clock, ILogger<HeldMarksWorker> log)
    : Worker(log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private const int Batch = 50;

    /// <summary>Several rounds of work fit in, so that one that fails is repeated in time.</summary>
    private static readonly Duration Ahead = Duration.FromMinutes(1);

    protected override Task Work(CancellationToken stopping) => GiveDue(stopping);

    protected override Task Pause(CancellationToken stopping) => Task.Delay(Interval, stopping);

    internal async Task GiveDue(CancellationToken stopping)
    {
        var now = clock.GetCurrentInstant();
        var due = await database.Read(async db =>
            (IReadOnlyList<HeldRow>)
                [
                    .. await LeaseStore.Scripts.HeldUntil(db, now + Ahead, now, Batch),
                    .. await LeaseStore.Benchmarks.HeldUntil(db, now + Ahead, now, Batch),
                ]
        );
        foreach (var claim in due)
            await Attempt(() => Give(claim), stopping);
    }

    private async Task Give(HeldRow claim)
    {
        var expert = Caller.Account(claim.ExpertId.ToString("D"), null);
        expert.SetGrants(await database.Read(db => Storage.Access.AccountStore.Grants(db, claim.ExpertId)));
        var form = await own.FormOf(claim.Id);
        var found = await database.Read(db => OwnAssignments.Show(db, claim.Id, form, expert, clock.GetCurrentInstant()));
        if (!found.Refused(out _, out var script) && HoldMarks.Of(script) is { } marks)
            await award.Run(new(claim.Id, marks), expert);
    }
}
