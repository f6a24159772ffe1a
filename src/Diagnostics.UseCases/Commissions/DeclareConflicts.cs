using Diagnostics.Engine;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Commissions;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Commissions;

/// <param name="ParticipantId">The participant who is the member's relative or acquaintance.</param>
/// <param name="Reason">How the member and the participant are connected, up to 4,000 characters.</param>
public sealed record ConflictRequest(Guid ParticipantId, string Reason);

/// <summary>
/// Records that a member is related to or acquainted with a participant; the member never gets that person's scripts.
/// </summary>
internal sealed class DeclareConflict(Executor executor) : UseCase<DeclareConflict.Request, CommissionView>(Operation, executor)
{
    private const int MaxReason = 4000;

    internal static new readonly Operation Operation = new(
        nameof(DeclareConflict),
        CommissionRules.Keepers,
        Trail.Writes("commission.conflict-declared")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid CommissionId, Guid AccountId, ConflictRequest Conflict);

    protected override Task<Result<CommissionView>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (commissionId, accountId, conflict) = request;
                if (TextRules.Check("reason", conflict.Reason, MaxReason) is { } wrong)
                    return wrong;
                if (await CommissionStore.Find(db, commissionId) is not { } commission || !Reaches(caller, commission.Target))
                    return CommissionRules.NotFound;
                if (commission.EndedAt is not null)
                    return CommissionRules.Ended;
                if (
                    (await CommissionStore.Members(db, commissionId)).All(member =>
                        member.AccountId != accountId || member.LeftAt is not null
                    )
                )
                    return Seats.NoMember;
                if (await PersonStore.Find(db, conflict.ParticipantId) is null)
                    return CampaignRefusals.NoPerson;
                var row = new ConflictRow
                {
                    AccountId = accountId,
                    ParticipantId = conflict.ParticipantId,
                    Reason = conflict.Reason,
                    DeclaredAt = Now,
                };
                if (!await CommissionStore.Declare(db, commissionId, row, caller.Id))
                    return Refusal.Conflict("conflict-declared", "Этот конфликт интересов уже записан.");
                await AuditStore.Append(
                    db,
                    row.DeclaredAt,
                    caller.Id,
                    "commission.conflict-declared",
                    $"commission:{commissionId:D}",
                    new { accountId, conflict.ParticipantId }
                );
                return await CommissionView.Read(db, commissionId);
            }
        );
}
