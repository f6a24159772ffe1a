using Diagnostics.Engine;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Marking;

/// <summary>Lists the caller's claims, oldest first.</summary>
internal sealed class ListMyClaims(Executor executor, OwnAssignments own) : UseCase<Done, IReadOnlyList<ClaimedScript>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListMyClaims), MarkingRights.Experts);

    protected override async Task<Result<IReadOnlyList<ClaimedScript>>> Handle(Done request, Caller caller)
    {
        var scripts = new List<ClaimedScript>();
        foreach (var id in await Fetch(db => OwnAssignments.Held(db, caller.AccountId, Now)))
        {
            var form = await own.FormOf(id);
            // Leave out a claim that ends while the list is being read.
            if (!(await Fetch(db => OwnAssignments.Show(db, id, form, caller, Now))).Refused(out _, out var script))
                scripts.Add(script);
        }
        return scripts;
    }
}

/// <summary>Shows one of the caller's claims again, with the draft of its marks.</summary>
internal sealed class GetMyClaim(Executor executor, OwnAssignments own) : UseCase<Guid, ClaimedScript>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetMyClaim), MarkingRights.Experts);

    protected override async Task<Result<ClaimedScript>> Handle(Guid assignmentId, Caller caller)
    {
        var form = await own.FormOf(assignmentId);
        return await Read(db => OwnAssignments.Show(db, assignmentId, form, caller, Now));
    }
}
