using Diagnostics.Engine;
using Diagnostics.Engine.Commissions;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Commissions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Commissions;

/// <param name="Title">As in the order that appoints it.</param>
public sealed record CommissionRequest(Guid CampaignId, CommissionKind Kind, string Title);

/// <summary>Appoints a commission for a campaign (clause 7.1.3) and ends it, with every right it gave.</summary>
internal static class MakeCommission
{
    private const int MaxTitle = 300;

    internal static void Map(IEndpointRouteBuilder commissions)
    {
        commissions.MapPost("/", Make).WithName("MakeCommission").WithSummary("Создать комиссию мероприятия: региональную или конфликтную").AllowedTo(CommissionRules.Keepers).Idempotent();
        commissions.MapPost("/{commissionId:guid}/end", End).WithName("EndCommission").WithSummary("Закончить работу комиссии: права её членов прекращаются").AllowedTo(CommissionRules.Keepers).Idempotent();
    }

    private static Task<Results<Created<CommissionView>, ProblemHttpResult>> Make(CommissionRequest request, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<CommissionView>>(async db =>
        {
            if (TextRules.Check("title", request.Title, MaxTitle) is { } wrong) return wrong;
            if (await CampaignStore.Find(db, request.CampaignId) is null) return CampaignRefusals.NoCampaign;
            if (!caller.OperatesCampaign(request.CampaignId)) return CampaignRefusals.NotYours;
            var now = clock.GetCurrentInstant();
            var row = new CommissionRow { Id = Guid.CreateVersion7(now.ToDateTimeOffset()), Kind = Codes.Of(request.Kind), CampaignId = request.CampaignId, Title = request.Title.Trim(), CreatedAt = now };
            if (!await CommissionStore.Add(db, row, caller.Id)) return Refusal.Conflict("commission-exists", "Такая комиссия у этого мероприятия уже есть.");
            await AuditStore.Append(db, now, caller.Id, "commission.made", $"commission:{row.Id:D}", new { request.Kind, request.CampaignId });
            return await CommissionView.Read(db, row.Id);
        }).Created(commission => $"/api/v1/commissions/{commission.Id:D}");

    private static Task<Results<Ok<CommissionView>, ProblemHttpResult>> End(Guid commissionId, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<CommissionView>>(async db =>
        {
            if ((await CommissionRules.Own(db, commissionId, caller)).Refused(out var refusal, out var commission)) return refusal;
            var now = clock.GetCurrentInstant();
            if (!await CommissionStore.End(db, commissionId, caller.Id, now)) return CommissionRules.Ended;
            const string reason = "Комиссия закончила работу.";
            foreach (var member in (await CommissionStore.Members(db, commissionId)).Where(member => member.LeftAt is null))
                await AppointMembers.TakeBack(db, commission, member.AccountId, reason, now);
            await CommissionStore.AllLeave(db, commissionId, reason, now);
            await AccountStore.EndGrantsOfCommission(db, commissionId, null, now);
            await AuditStore.Append(db, now, caller.Id, "commission.ended", $"commission:{commissionId:D}");
            return await CommissionView.Read(db, commissionId);
        }).Ok();
}
