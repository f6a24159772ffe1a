using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <param name="LeaseUntil">The new end of the lease.</param>
public sealed record Lease(Guid AssignmentId, Instant LeaseUntil);

/// <param name="Reason">The reason for the return, up to 4,000 characters.</param>
public sealed record ReturnRequest(string Reason);

/// <summary>
/// An expert's action on a claimed assignment, before giving marks. Each action writes with a single statement, which
/// has an effect only while the lease is valid.
/// </summary>
internal abstract class HoldAssignment<TRequest, TResult>(Operation operation, Executor executor, OwnAssignments own)
    : UseCase<TRequest, TResult>(operation, executor)
{
    protected async Task<Result<TResult>> Move(Guid id, Caller caller, Func<Db, HeldAssignment, Instant, Task<Result<TResult>>> move)
    {
        var form = await own.FormOf(id);
        return await Write(
            caller,
            async db =>
            {
                var now = Now;
                var found = await OwnAssignments.Find(db, id, form, caller, now);
                return found.Refused(out var refusal, out var held) ? refusal : await move(db, held, now);
            },
            Isolation.Guarded
        );
    }
}

/// <summary>Saves a draft of the marks.</summary>
/// <remarks>
/// Only the expert with the lease may write the draft, but that expert may have two windows open. A save that names its
/// revision never replaces the draft of another window.
/// </remarks>
internal sealed class SaveMarksDraft(Executor executor, OwnAssignments own)
    : HoldAssignment<SaveMarksDraft.Request, Done>(Operation, executor, own)
{
    internal static new readonly Operation Operation = new(nameof(SaveMarksDraft), MarkingRights.Experts, Trail.Own);

    internal sealed record Request(Guid AssignmentId, MarksDraft Draft);

    protected override Task<Result<Done>> Handle(Request request, Caller caller)
    {
        var (id, draft) = request;
        return Move(
            id,
            caller,
            async (db, held, now) =>
            {
                if (MarkingComment.Check(draft.Comment) is { } wrong)
                    return wrong;
                if (RubricMarking.CheckDraft(held.Item, draft.Criteria) is { } odd)
                    return odd;
                if (await held.SaveDraft(db, draft, now))
                    return default(Done);
                var stored = await held.Show(db);
                // The reply to the first request was lost, and the same draft comes again.
                return IsRepeated(draft, stored) ? default(Done) : (Result<Done>)OwnAssignments.WhyNotChanged(stored, draft.Revision);
            }
        );
    }

    private static bool IsRepeated(MarksDraft sent, ClaimedScript stored) =>
        stored is { HeldAt: null, Draft: { } draft }
        && draft.Revision == sent.Revision + 1
        && draft.NoAnswer == sent.NoAnswer
        && draft.Write() == sent.Write();
}

/// <summary>Renews the lease for an expert who needs longer.</summary>
internal sealed class RenewClaim(Executor executor, OwnAssignments own) : HoldAssignment<Guid, Lease>(Operation, executor, own)
{
    internal static new readonly Operation Operation = new(nameof(RenewClaim), MarkingRights.Experts, Trail.Own)
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<Lease>> Handle(Guid assignmentId, Caller caller) =>
        Move(
            assignmentId,
            caller,
            async (db, held, now) =>
            {
                var policy = await CampaignPolicies.Get<MarkingPolicy>(db, held.CampaignId, PolicyKind.Marking);
                var until = now + Duration.FromMinutes(policy.LeaseMinutes);
                return await held.Renew(db, until, now) ? new Lease(assignmentId, until) : (Result<Lease>)OwnAssignments.Lapsed;
            }
        );
}

/// <summary>Returns a script to the queue when the expert cannot mark it.</summary>
internal sealed class ReturnScript(Executor executor, OwnAssignments own)
    : HoldAssignment<ReturnScript.Request, Done>(Operation, executor, own)
{
    internal static new readonly Operation Operation = new(nameof(ReturnScript), MarkingRights.Experts, Trail.Writes("script.returned"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid AssignmentId, ReturnRequest Return);

    protected override Task<Result<Done>> Handle(Request request, Caller caller)
    {
        var (id, reason) = (request.AssignmentId, request.Return.Reason);
        return Move(
            id,
            caller,
            async (db, held, now) =>
            {
                if (MarkingComment.CheckReason(reason) is { } wrong)
                    return wrong;
                if (!await held.Return(db, reason, now))
                    return OwnAssignments.Lapsed;
                await AuditStore.Append(db, now, caller.Id, "script.returned", $"assignment:{id:D}", new { reason });
                return default(Done);
            }
        );
    }
}
