using Diagnostics.Engine;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Commissions;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Commissions;

/// <param name="ParticipantId">The relative or acquaintance.</param>
/// <param name="Reason">What connects them, up to 4,000 characters.</param>
public sealed record ConflictRequest(Guid ParticipantId, string Reason);

/// <summary>Records that a member is related to or acquainted with a participant: that person's works are never given to them.</summary>
internal static class DeclareConflicts
{
    private const int MaxReason = 4000;

    internal static void Map(IEndpointRouteBuilder commissions) => commissions.MapPost("/{commissionId:guid}/members/{accountId:guid}/conflicts", Declare)
        .WithName("DeclareConflict").WithSummary("Записать конфликт интересов: работы этого участника члену комиссии не выдаются").AllowedTo(CommissionRules.Keepers).Idempotent();

    private static Task<Results<Ok<CommissionView>, ProblemHttpResult>> Declare(
        Guid commissionId, Guid accountId, ConflictRequest request, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<CommissionView>>(async db =>
        {
            if (TextRules.Check("reason", request.Reason, MaxReason) is { } wrong) return wrong;
            if ((await CommissionRules.Own(db, commissionId, caller)).Refused(out var refusal, out _)) return refusal;
            if ((await CommissionStore.Members(db, commissionId)).All(member => member.AccountId != accountId || member.LeftAt is not null))
                return Refusal.NotFound("member-not-found", "Такого члена в комиссии нет.");
            if (await PersonStore.Find(db, request.ParticipantId) is null) return CampaignRefusals.NoPerson;
            var now = clock.GetCurrentInstant();
            if (!await CommissionStore.Declare(db, commissionId, new ConflictRow { AccountId = accountId, ParticipantId = request.ParticipantId, Reason = request.Reason, DeclaredAt = now }, caller.Id))
                return Refusal.Conflict("conflict-declared", "Этот конфликт интересов уже записан.");
            await AuditStore.Append(db, now, caller.Id, "commission.conflict-declared", $"commission:{commissionId:D}", new { accountId, request.ParticipantId });
            return await CommissionView.Read(db, commissionId);
        }).Ok();
}
