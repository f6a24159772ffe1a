using Diagnostics.Engine;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>Lists the caller's claims, oldest first.</summary>
internal sealed class ListMyClaims(Executor executor, OwnAssignments own) : UseCase<Done, IReadOnlyList<ClaimedScript>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListMyClaims), MarkingRights.Experts, Trail.Own);

    protected override async Task<Result<IReadOnlyList<ClaimedScript>>> Handle(Done request, Caller caller)
    {
        var scripts = new List<ClaimedScript>();
        foreach (var id in await Fetch(db => OwnAssignments.Held(db, caller.AccountId, Now)))
        {
            var form = await own.FormOf(id);
            // A claim that ends while the list is being read is left out.
            if (!(await Fetch(db => OwnAssignments.Show(db, id, form, caller, Now))).Refused(out _, out var script))
                scripts.Add(script);
        }
        return scripts;
    }
}

/// <summary>Shows one of the caller's claims again, with the draft of its marks.</summary>
internal sealed class GetMyClaim(Executor executor, OwnAssignments own) : UseCase<Guid, ClaimedScript>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetMyClaim), MarkingRights.Experts, Trail.Own);

    protected override async Task<Result<ClaimedScript>> Handle(Guid assignmentId, Caller caller)
    {
        var form = await own.FormOf(assignmentId);
        return await Read(db => OwnAssignments.Show(db, assignmentId, form, caller, Now));
    }
}

/// <summary>Shows a scan of the answer in one of the caller's claims.</summary>
internal sealed class GetClaimedScan(Executor executor, OwnAssignments own) : UseCase<GetClaimedScan.Request, ScanFile>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetClaimedScan), MarkingRights.Experts, Trail.Own);

    internal sealed record Request(Guid AssignmentId, int Number);

    protected override async Task<Result<ScanFile>> Handle(Request request, Caller caller)
    {
        var form = await own.FormOf(request.AssignmentId);
        return await Read(async db =>
            (await OwnAssignments.Find(db, request.AssignmentId, form, caller, Now)).Refused(out var refusal, out var held) ? refusal
            : held is HeldScript script ? await Scans.Read(db, script.Session.Id, script.Task.Slot, request.Number)
            : Scans.NotFound
        );
    }
}

/// <summary>A claim in a list: what an expert needs to go on with it.</summary>
/// <param name="HeldAt">When the expert gave marks that can still be taken back; absent before.</param>
/// <param name="HasDraft">Whether the expert has saved marks.</param>
/// <param name="AlsoAlike">Whether the held marks also go to the other answers with the same wording.</param>
public sealed record ClaimInHand(
    Guid AssignmentId,
    string Code,
    Guid CampaignId,
    string ItemCode,
    Instant ClaimedAt,
    Instant LeaseUntil,
    Instant? HeldAt,
    bool HasDraft,
    bool AlsoAlike
);

/// <summary>Lists the caller's claims without their answers, oldest first, for pages that only lead to them.</summary>
internal sealed class ListClaimsInHand(Executor executor) : UseCase<Done, IReadOnlyList<ClaimInHand>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListClaimsInHand), MarkingRights.Experts, Trail.Own);

    protected override Task<Result<IReadOnlyList<ClaimInHand>>> Handle(Done request, Caller caller) =>
        Read(async db =>
        {
            var now = Now;
            var scripts = (await AssignmentStore.InHands(db, caller.AccountId, now)).Concat(
                await TrialStore.InHands(db, caller.AccountId, now)
            );
            return (Result<IReadOnlyList<ClaimInHand>>)
                scripts
                    .Where(row => MarkingRights.Marks(caller, row.CampaignId))
                    .OrderBy(row => row.ClaimedAt)
                    .ThenBy(row => row.Id)
                    .Select(row => new ClaimInHand(
                        AssignmentId: row.Id,
                        Code: row.Code,
                        CampaignId: row.CampaignId,
                        ItemCode: row.ItemCode,
                        ClaimedAt: row.ClaimedAt,
                        LeaseUntil: row.LeaseUntil,
                        HeldAt: row.HeldAt,
                        HasDraft: row.HasDraft,
                        AlsoAlike: row.HeldAlike
                    ))
                    .ToList();
        });
}
