using System.Security.Cryptography;
using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Commissions;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Commissions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Commissions;

/// <param name="AccountId">Of somebody who works here, with the organisation stated: own organisation's scripts are never given.</param>
/// <param name="Blocks">Blocks of the framework that the expert marks, up to 50; absent or empty for all.</param>
public sealed record MemberRequest(Guid AccountId, CommissionRole Role, ExpertStanding Standing = ExpertStanding.Main, IReadOnlyList<string>? Blocks = null);

/// <param name="Reason">Why the place is given up: it stays on record.</param>
public sealed record LeaveRequest(string Reason);

/// <summary>Gives a place in a commission together with its rights.</summary>
internal sealed class AppointMember(Executor executor, SignIns signIns) : UseCase<AppointMember.Request, CommissionView>(Operation, executor)
{
    private const int MaxBlocks = 50;

    internal static new readonly Operation Operation = new(nameof(AppointMember), CommissionRules.Keepers)
    {
        Repetition = Repetition.GivesResultAgain, EndsSignIns = true,
    };

    internal sealed record Request(Guid CommissionId, MemberRequest Member);

    protected override Task<Result<CommissionView>> Handle(Request request, Caller caller) => Write(caller, async db =>
    {
        var (commissionId, appointed) = request;
        if (await CommissionStore.Find(db, commissionId) is not { } commission || !Reaches(caller, commission.Target)) return CommissionRules.NotFound;
        if (commission.EndedAt is not null) return CommissionRules.Ended;
        var blocks = appointed.Blocks ?? [];
        if (blocks.Count > MaxBlocks || blocks.Any(block => !Codes.IsCode(block))) return Refusal.Invalid("blocks-invalid", $"blocks — до {MaxBlocks} кодов блоков компетенций.").With("field", "blocks");
        if (await AccountStore.Find(db, appointed.AccountId) is not { Disabled: false } account) return Refusal.Invalid("account-not-found", "Такой действующей учётной записи нет.").With("field", "accountId");
        if (account.ParticipantId is not null) return Refusal.Conflict("member-is-participant", "Это вход участника диагностики: членам комиссии заводят отдельный.");
        if (appointed.AccountId == caller.AccountId) return Refusal.Forbidden("own-appointment", "Себя в комиссию не назначают.");
        var now = Now;
        var member = new MemberRow
        {
            Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
            CommissionId = commissionId,
            AccountId = appointed.AccountId,
            Role = Codes.Of(appointed.Role),
            Standing = Codes.Of(appointed.Standing),
            Blocks = JsonSerializer.Serialize(blocks),
            ShuffleSeed = RandomNumberGenerator.GetInt32(1, MarkingOrder.Modulus),
            AppointedAt = now,
            AppointedBy = caller.Id,
        };
        if (!await CommissionStore.Appoint(db, member))
            return Refusal.Conflict("member-exists", "Этот человек уже в комиссии, или председатель у неё уже есть.");
        foreach (var role in CommissionRights.RolesOf(Codes.Parse<CommissionKind>(commission.Kind), appointed.Role))
        {
            var grant = new Grant(role, GrantScope.Campaign, commission.CampaignId.ToString("D"));
            await AccountStore.AddGrant(db, Guid.CreateVersion7(now.ToDateTimeOffset()), account.Id, grant, caller.Id, now, commissionId);
            await signIns.Granted(db, account.Id, role, now);
        }
        await AuditStore.Append(
            db, now, caller.Id, "commission.member-appointed", $"commission:{commissionId:D}",
            new { appointed.AccountId, appointed.Role, appointed.Standing, seed = member.ShuffleSeed });
        return await CommissionView.Read(db, commissionId);
    });
}

/// <summary>Takes the place and its rights back: what the member holds returns to the queue at once, what was marked stays in the ledger.</summary>
internal sealed class DismissMember(Executor executor) : UseCase<DismissMember.Request, CommissionView>(Operation, executor)
{
    private const int MaxReason = 4000;

    internal static new readonly Operation Operation = new(nameof(DismissMember), CommissionRules.Keepers) { Repetition = Repetition.GivesResultAgain };

    internal sealed record Request(Guid CommissionId, Guid AccountId, LeaveRequest Leave);

    protected override Task<Result<CommissionView>> Handle(Request request, Caller caller) => Write(caller, async db =>
    {
        var (commissionId, accountId, leave) = request;
        if (TextRules.Check("reason", leave.Reason, MaxReason) is { } wrong) return wrong;
        if (await CommissionStore.Find(db, commissionId) is not { } commission || !Reaches(caller, commission.Target)) return CommissionRules.NotFound;
        if (commission.EndedAt is not null) return CommissionRules.Ended;
        var now = Now;
        if (!await CommissionStore.Leave(db, commissionId, accountId, leave.Reason, now)) return Refusal.NotFound("member-not-found", "Такого члена в комиссии нет.");
        await AccountStore.EndGrantsOfCommission(db, commissionId, accountId, now);
        var returned = await CommissionRules.TakeBack(db, commission, accountId, "Эксперт вышел из комиссии.", now);
        await AuditStore.Append(db, now, caller.Id, "commission.member-left", $"commission:{commissionId:D}", new { accountId, leave.Reason, returned });
        return await CommissionView.Read(db, commissionId);
    });
}
