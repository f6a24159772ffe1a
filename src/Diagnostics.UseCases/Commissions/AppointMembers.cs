using Diagnostics.Engine;
using Diagnostics.Engine.Commissions;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Commissions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Commissions;

/// <param name="AccountId">The account of a member of staff. It must state an organisation, because the member never
/// gets scripts from there.</param>
/// <param name="Blocks">Blocks of the framework that the expert marks, up to 50; absent or empty for all
/// blocks.</param>
public sealed record MemberRequest(
    Guid AccountId,
    CommissionRole Role,
    ExpertStanding Standing = ExpertStanding.Main,
    IReadOnlyList<string>? Blocks = null
);

/// <param name="Reason">Why the member leaves; the reason stays on record.</param>
public sealed record LeaveRequest(string Reason);

/// <summary>Appoints a member to a commission and gives the rights that go with it.</summary>
internal sealed class AppointMember(Executor executor, SignIns signIns)
    : UseCase<AppointMember.Request, CommissionView>(Operation, executor)
{
    private const int MaxBlocks = 50;

    internal static new readonly Operation Operation = new(
        nameof(AppointMember),
        CommissionRules.Keepers,
        Trail.Writes("commission.member-appointed")
    )
    {
        Repetition = Repetition.GivesResultAgain,
        EndsSignIns = true,
    };

    internal sealed record Request(Guid CommissionId, MemberRequest Member);

    protected override Task<Result<CommissionView>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (commissionId, appointed) = request;
                if (await CommissionStore.Find(db, commissionId) is not { } commission || !Reaches(caller, commission.Target))
                    return CommissionRules.NotFound;
                if (commission.EndedAt is not null)
                    return CommissionRules.Ended;
                var blocks = appointed.Blocks ?? [];
                if (blocks.Count > MaxBlocks || blocks.Any(block => !Codes.IsCode(block)))
                    return Refusal.Invalid("blocks-invalid", $"blocks — до {MaxBlocks} кодов блоков компетенций.").With("field", "blocks");
                if ((await Seats.Candidate(db, appointed.AccountId, caller)).Refused(out var unfit, out var account))
                    return unfit;
                var now = Now;
                var seat = new Seat(appointed.Role, appointed.Standing, blocks);
                if (await Seats.Give(db, signIns, commission, seat, account.Id, caller.Id, now) is not { } seed)
                    return Refusal.Conflict("member-exists", "Этот человек уже в комиссии, или председатель у неё уже есть.");
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    "commission.member-appointed",
                    $"commission:{commissionId:D}",
                    new
                    {
                        appointed.AccountId,
                        appointed.Role,
                        appointed.Standing,
                        seed,
                    }
                );
                return await CommissionView.Read(db, commissionId);
            }
        );
}

/// <summary>
/// Ends a membership and its rights. Scripts that the member has claimed return to the queue immediately, and marks
/// stay in the ledger.
/// </summary>
internal sealed class DismissMember(Executor executor) : UseCase<DismissMember.Request, CommissionView>(Operation, executor)
{
    private const int MaxReason = 4000;

    internal static new readonly Operation Operation = new(
        nameof(DismissMember),
        CommissionRules.Keepers,
        Trail.Writes("commission.member-left")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid CommissionId, Guid AccountId, LeaveRequest Leave);

    protected override Task<Result<CommissionView>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (commissionId, accountId, leave) = request;
                if (TextRules.Check("reason", leave.Reason, MaxReason) is { } wrong)
                    return wrong;
                if (await CommissionStore.Find(db, commissionId) is not { } commission || !Reaches(caller, commission.Target))
                    return CommissionRules.NotFound;
                if (commission.EndedAt is not null)
                    return CommissionRules.Ended;
                var now = Now;
                if (!await Seats.Leave(db, commission, accountId, leave.Reason, now))
                    return Seats.NoMember;
                var returned = await CommissionRules.TakeBack(db, commission, accountId, "Эксперт вышел из комиссии.", now);
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    "commission.member-left",
                    $"commission:{commissionId:D}",
                    new
                    {
                        accountId,
                        leave.Reason,
                        returned,
                    }
                );
                return await CommissionView.Read(db, commissionId);
            }
        );
}
