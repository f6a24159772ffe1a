using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Commissions;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Commissions;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <param name="Reason">The reason, up to 4,000 characters; it stays on record.</param>
/// <param name="AssignmentId">The claim to end; absent when a script that nobody has is only given.</param>
/// <param name="ExpertId">The expert who gets the script; absent when it goes back to the queue.</param>
public sealed record ScriptReassignmentRequest(string Reason, Guid? AssignmentId = null, Guid? ExpertId = null);

/// <summary>
/// Takes a script from an expert, gives it to one, or both at once. An expert from whom it was taken does not get it
/// again, and nobody gets a script that the queue would withhold from them. Marks that are only held are dropped with
/// the claim; a round is never removed.
/// </summary>
internal sealed class ReassignScript(Executor executor, FormCatalog forms)
    : UseCase<ReassignScript.Request, ScriptInCommission>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ReassignScript), MarkingRights.Leaders, Trail.Writes("script.reassigned"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid ScriptId, ScriptReassignmentRequest Reassignment);

    private static readonly Refusal Nothing = Refusal
        .Invalid("reassignment-empty", "Укажите, у кого забрать работу, кому её дать, или то и другое.")
        .With("field", "expertId");

    private static readonly Refusal NotHeld = Refusal.Conflict(
        "claim-ended",
        "Этой работы у эксперта уже нет: он проверил её, вернул, или вышел срок."
    );

    private static readonly Refusal NoExpert = Refusal.Conflict("not-an-expert", "Этот человек не состоит в комиссии мероприятия.");

    private static readonly Refusal Withheld = Refusal.Conflict(
        "script-withheld",
        "Этому эксперту работу выдать нельзя: он уже видел её, знаком с автором или работает с ним в одной организации, проверяет другие "
            + "блоки, не может быть третьим, — или все проверки этой работы уже розданы."
    );

    protected override async Task<Result<ScriptInCommission>> Handle(Request request, Caller caller)
    {
        var (id, (reason, assignmentId, expertId)) = request;
        if (MarkingComment.CheckReason(reason) is { } wrong)
            return wrong;
        if (assignmentId is null && expertId is null)
            return Nothing;
        var found = await Fetch(async db =>
            await TaskStore.Find(db, id) is { } task ? (task.CampaignId, (await SessionStore.Find(db, task.SessionId))!.FormId) : default
        );
        if (found == default || !Reaches(caller, MarkingRights.Of(found.CampaignId)))
            return GetScript.NotFound;
        var form = await forms.Get(found.FormId);
        return await Write(
            caller,
            async db =>
            {
                // Claims take turns, and this one may claim for an expert.
                await db.TakeTurn();
                var now = Now;
                var policy = await CampaignPolicies.Get<MarkingPolicy>(db, found.CampaignId, PolicyKind.Marking);
                if (assignmentId is { } taken)
                {
                    if (await AssignmentStore.Find(db, taken) is not { } claim || claim.TaskId != id)
                        return GetScript.NotFound;
                    if (!await LeaseStore.Scripts.Return(db, taken, reason, now))
                        return NotHeld;
                }
                if (expertId is { } expert)
                {
                    if ((await Give(db, id, expert, found.CampaignId, policy, form, now)).Refused(out var refusal, out _))
                        return refusal;
                }
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    "script.reassigned",
                    $"script:{id:D}",
                    new
                    {
                        assignmentId,
                        expertId,
                        reason,
                    }
                );
                var task = (await TaskStore.Find(db, id))!;
                return (await ScriptInCommission.Read(db, found.CampaignId, [ScriptRow.Of(task)], policy.Experts, caller, now))[0];
            }
        );
    }

    private static async Task<Result<AssignmentRow>> Give(
        Db db,
        Guid scriptId,
        Guid expertId,
        Guid campaignId,
        MarkingPolicy policy,
        FormContent form,
        Instant now
    )
    {
        if (await CommissionStore.LiveMember(db, campaignId, Codes.Of(CommissionKind.Marking), expertId) is null)
            return NoExpert;
        await AssignmentStore.LapseOverdue(db, now);
        var filter = await ExpertQueue.Of(db, expertId, campaignId, policy, now, byHand: true);
        if (await TaskStore.FindAvailable(db, filter, scriptId) is not { } task || filter.IsOwn(task.Organisation))
            return Withheld;
        var gates = await ExpertGates.Of(db, filter, policy, form, now);
        return gates.At(task.ItemCode) switch
        {
            Passage.Closed closed => closed.Refusal,
            Passage.Trial { Purpose: BenchmarkPurpose.Qualification } => Refusal.Conflict(
                "expert-not-qualified",
                "Эксперт ещё не допущен к этому заданию: идёт его квалификация."
            ),
            _ when await ClaimScript.HandsFull(db, expertId, campaignId, policy, now) is { } full => full,
            _ => await ClaimScript.Take(db, scriptId, expertId, policy, now) is { } given ? given : Withheld,
        };
    }
}
