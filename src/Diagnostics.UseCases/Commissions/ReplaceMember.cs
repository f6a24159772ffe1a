using Diagnostics.Engine;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Commissions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Commissions;

/// <param name="AccountId">The account that takes the seat; it belongs to a person outside the commission or to a
/// member in a lower seat.</param>
/// <param name="Reason">The reason, up to 4,000 characters; it stays on record with the member who leaves.</param>
public sealed record ReplacementRequest(Guid AccountId, string Reason);

/// <summary>
/// Gives a member's seat to another person, with everything that belongs to it, in one transaction, so that the
/// commission never has no chair or two chairs. Scripts claimed by the person who leaves return to the queue; marks and
/// votes stay on record.
/// </summary>
/// <remarks>
/// A deputy who takes the chair's seat leaves the deputy's seat but keeps the claimed scripts, because an expert
/// remains an expert. If an appeal is being voted on, the vote of the person who left no longer counts, and the new
/// chair may make a proposal.
/// </remarks>
internal sealed class ReplaceMember(Executor executor, SignIns signIns)
    : UseCase<ReplaceMember.Request, CommissionView>(Operation, executor)
{
    private const int MaxReason = 4000;

    internal static new readonly Operation Operation = new(
        nameof(ReplaceMember),
        CommissionRules.Keepers,
        Trail.Writes("commission.member-replaced")
    )
    {
        Repetition = Repetition.GivesResultAgain,
        EndsSignIns = true,
    };

    internal static readonly Refusal Seated = Refusal.Conflict(
        "member-exists",
        "Этот человек уже занимает в комиссии такое же или более высокое место."
    );

    internal sealed record Request(Guid CommissionId, Guid AccountId, ReplacementRequest Replacement);

    protected override Task<Result<CommissionView>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (commissionId, leaving, (coming, reason)) = request;
                if (TextRules.Check("reason", reason, MaxReason) is { } wrong)
                    return wrong;
                if (await CommissionStore.Find(db, commissionId) is not { } commission || !Reaches(caller, commission.Target))
                    return CommissionRules.NotFound;
                if (commission.EndedAt is not null)
                    return CommissionRules.Ended;
                var members = (await CommissionStore.Members(db, commissionId)).Where(member => member.LeftAt is null).ToList();
                if (members.Find(member => member.AccountId == leaving) is not { } left)
                    return Seats.NoMember;
                if ((await Seats.Candidate(db, coming, caller)).Refused(out var unfit, out _))
                    return unfit;
                var seat = Seat.Of(left);
                var own = members.Find(member => member.AccountId == coming);
                // The order of the roles is chair, deputy, member; a person who already has a seat can only rise.
                if (own is not null && Seat.Of(own).Role <= seat.Role)
                    return Seated;

                var now = Now;
                if (!await Seats.Leave(db, commission, leaving, reason, now))
                    return Seats.NoMember;
                var returned = await CommissionRules.TakeBack(db, commission, leaving, "Эксперта в комиссии заменили.", now);
                if (own is not null && !await Seats.Leave(db, commission, coming, "Занимает в комиссии другое место.", now))
                    return Seated;
                if (await Seats.Give(db, signIns, commission, seat, coming, caller.Id, now) is not { } seed)
                    return Seated;
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    "commission.member-replaced",
                    $"commission:{commissionId:D}",
                    new
                    {
                        leaving,
                        coming,
                        seat.Role,
                        seat.Standing,
                        returned,
                        seed,
                    }
                );
                return await CommissionView.Read(db, commissionId);
            }
        );
}
