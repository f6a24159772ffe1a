using System.Security.Cryptography;
using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Commissions;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Commissions;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Commissions;

/// <param name="AccountId">Of somebody who works here, with the organisation stated: own organisation's scripts are never given.</param>
/// <param name="Blocks">Blocks of the framework that the expert marks, up to 50; absent or empty for all.</param>
public sealed record MemberRequest(Guid AccountId, CommissionRole Role, ExpertStanding Standing = ExpertStanding.Main, IReadOnlyList<string>? Blocks = null);

/// <param name="Reason">Why the place is given up: it stays on record.</param>
public sealed record LeaveRequest(string Reason);

/// <summary>
/// Gives a place in a commission with its rights, and takes both back: what the member holds returns to the queue at
/// once, what was marked stays in the ledger.
/// </summary>
internal static class AppointMembers
{
    private const int MaxBlocks = 50;
    private const int MaxReason = 4000;

    internal static void Map(IEndpointRouteBuilder commissions)
    {
        commissions.MapPost("/{commissionId:guid}/members", Appoint)
            .WithName("AppointMember").WithSummary("Назначить члена комиссии: права даются вместе с местом").AllowedTo(CommissionRules.Keepers).Idempotent();
        commissions.MapPost("/{commissionId:guid}/members/{accountId:guid}/leave", Leave)
            .WithName("DismissMember").WithSummary("Вывести из комиссии: права прекращаются, работы на руках возвращаются в очередь").AllowedTo(CommissionRules.Keepers).Idempotent();
    }

    private static Task<Results<Created<CommissionView>, ProblemHttpResult>> Appoint(
        Guid commissionId, MemberRequest request, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<CommissionView>>(async db =>
        {
            if ((await CommissionRules.Own(db, commissionId, caller)).Refused(out var refusal, out var commission)) return refusal;
            var blocks = request.Blocks ?? [];
            if (blocks.Count > MaxBlocks || blocks.Any(block => !Codes.IsCode(block))) return Refusal.Invalid("blocks-invalid", $"blocks — до {MaxBlocks} кодов блоков компетенций.").With("field", "blocks");
            if (await AccountStore.Find(db, request.AccountId) is not { Disabled: false } account) return Refusal.Invalid("account-not-found", "Такой действующей учётной записи нет.").With("field", "accountId");
            if (account.ParticipantId is not null) return Refusal.Conflict("member-is-participant", "Это вход участника диагностики: членам комиссии заводят отдельный.");
            if (request.AccountId == caller.AccountId) return Refusal.Forbidden("own-appointment", "Себя в комиссию не назначают.");
            var now = clock.GetCurrentInstant();
            var member = new MemberRow
            {
                Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
                CommissionId = commissionId,
                AccountId = request.AccountId,
                Role = Codes.Of(request.Role),
                Standing = Codes.Of(request.Standing),
                Blocks = JsonSerializer.Serialize(blocks),
                ShuffleSeed = RandomNumberGenerator.GetInt32(1, MarkingOrder.Modulus),
                AppointedAt = now,
                AppointedBy = caller.Id,
            };
            if (!await CommissionStore.Appoint(db, member))
                return Refusal.Conflict("member-exists", "Этот человек уже в комиссии, или председатель у неё уже есть.");
            foreach (var role in CommissionRights.RolesOf(Codes.Parse<CommissionKind>(commission.Kind), request.Role))
                await AccountStore.AddGrant(db, Guid.CreateVersion7(now.ToDateTimeOffset()), account.Id, new Grant(role, GrantScope.Campaign, commission.CampaignId.ToString("D")), caller.Id, now, commissionId);
            await AuditStore.Append(db, now, caller.Id, "commission.member-appointed", $"commission:{commissionId:D}", new { request.AccountId, request.Role, request.Standing, seed = member.ShuffleSeed });
            return await CommissionView.Read(db, commissionId);
        }).Created(commission => $"/api/v1/commissions/{commission.Id:D}");

    private static Task<Results<Ok<CommissionView>, ProblemHttpResult>> Leave(
        Guid commissionId, Guid accountId, LeaveRequest request, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<CommissionView>>(async db =>
        {
            if (TextRules.Check("reason", request.Reason, MaxReason) is { } wrong) return wrong;
            if ((await CommissionRules.Own(db, commissionId, caller)).Refused(out var refusal, out var commission)) return refusal;
            var now = clock.GetCurrentInstant();
            if (!await CommissionStore.Leave(db, commissionId, accountId, request.Reason, now)) return Refusal.NotFound("member-not-found", "Такого члена в комиссии нет.");
            await AccountStore.EndGrantsOfCommission(db, commissionId, accountId, now);
            var returned = await TakeBack(db, commission, accountId, "Эксперт вышел из комиссии.", now);
            await AuditStore.Append(db, now, caller.Id, "commission.member-left", $"commission:{commissionId:D}", new { accountId, request.Reason, returned });
            return await CommissionView.Read(db, commissionId);
        }).Ok();

    /// <summary>Ends what a member of a marking commission holds: scripts return to the queue, a benchmark is a trial no longer.</summary>
    /// <returns>How many scripts returned.</returns>
    internal static async Task<int> TakeBack(Db db, CommissionRow commission, Guid accountId, string reason, Instant now)
    {
        if (commission.Kind != Codes.Of(CommissionKind.Marking)) return 0;
        await TrialStore.LapseOfExpert(db, commission.CampaignId, accountId, reason, now);
        return await AssignmentStore.LapseOfExpert(db, commission.CampaignId, accountId, reason, now);
    }
}
