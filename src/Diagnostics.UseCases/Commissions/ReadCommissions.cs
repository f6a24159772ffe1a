using Diagnostics.Engine;
using Diagnostics.Storage.Commissions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Diagnostics.UseCases.Commissions;

internal static class ReadCommissions
{
    internal static void Map(IEndpointRouteBuilder commissions, IEndpointRouteBuilder campaigns)
    {
        commissions.MapGet("/{commissionId:guid}", Read).WithName("GetCommission").WithSummary("Комиссия и её состав, в том числе прежний").AllowedTo(CommissionRules.Readers);
        campaigns.MapGet("/{campaignId:guid}/commissions", List).WithName("ListCommissions").WithSummary("Комиссии мероприятия").MayFindNothing().AllowedTo(CommissionRules.Readers);
    }

    private static Task<Results<Ok<CommissionView>, ProblemHttpResult>> Read(Guid commissionId, Caller caller, Transactions transactions) =>
        transactions.Read<Result<CommissionView>>(async db =>
            await CommissionStore.Find(db, commissionId) is { } row && CommissionRules.MayRead(caller, row)
                ? await CommissionView.Read(db, commissionId)
                : CommissionRules.NotFound).Ok();

    private static Task<Results<Ok<IReadOnlyList<CommissionView>>, ProblemHttpResult>> List(Guid campaignId, Caller caller, Transactions transactions) =>
        transactions.Read<Result<IReadOnlyList<CommissionView>>>(async db =>
        {
            var seen = new List<CommissionView>();
            foreach (var row in await CommissionStore.OfCampaign(db, campaignId))
                if (CommissionRules.MayRead(caller, row)) seen.Add(await CommissionView.Read(db, row.Id));
            return seen;
        }).Ok();
}
