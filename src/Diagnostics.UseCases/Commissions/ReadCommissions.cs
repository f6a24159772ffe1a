using Diagnostics.Engine;
using Diagnostics.Storage.Commissions;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Commissions;

/// <summary>Shows a commission with its current and former members.</summary>
internal sealed class GetCommission(Executor executor) : UseCase<Guid, CommissionView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetCommission),
        CommissionRules.Readers,
        Trail.Look<Guid, CommissionView>("commission.viewed", (_, commission) => CommissionRules.Shown(commission))
    );

    protected override Task<Result<CommissionView>> Handle(Guid commissionId, Caller caller) =>
        Read(async db =>
            await CommissionStore.Find(db, commissionId) is { } row && CommissionRules.MayRead(caller, row)
                ? await CommissionView.Read(db, commissionId)
                : CommissionRules.NotFound
        );
}

/// <summary>Lists those commissions of a campaign that the caller may see.</summary>
internal sealed class ListCommissions(Executor executor) : UseCase<Guid, IReadOnlyList<CommissionView>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListCommissions),
        CommissionRules.Readers,
        Trail.Look<Guid, IReadOnlyList<CommissionView>>(
            "commissions.listed",
            (campaign, all) => Looked.Rows($"campaign:{campaign:D}", all.Count)
        )
    );

    protected override Task<Result<IReadOnlyList<CommissionView>>> Handle(Guid campaignId, Caller caller) =>
        Read(async db =>
        {
            var seen = new List<CommissionView>();
            foreach (var row in await CommissionStore.OfCampaign(db, campaignId))
                if (CommissionRules.MayRead(caller, row))
                    seen.Add(await CommissionView.Read(db, row.Id));
            return seen;
        });
}
