using Diagnostics.Engine;
using Diagnostics.Engine.Commissions;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.People;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Commissions;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Commissions;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>
/// Decides which scripts an expert may receive, according to the expert's membership of the commission.
/// </summary>
internal static class ExpertQueue
{
    /// <summary>
    /// An expert who has the role without being a member of the commission may mark everything, but is never the third
    /// expert.
    /// </summary>
    /// <param name="byHand">Whether somebody who leads marking gives the script, having looked at near names of organisations.</param>
    internal static async Task<TaskFilter> Of(Db db, Guid expertId, Guid campaignId, MarkingPolicy policy, Instant now, bool byHand = false)
    {
        var account = (await AccountStore.Find(db, expertId))!;
        var organisation = OrganisationName.Canonical(account.Organisation);
        var filter = await CommissionStore.LiveMember(db, campaignId, Codes.Of(CommissionKind.Marking), expertId) is { } member
            ? new TaskFilter(
                campaignId,
                expertId,
                organisation,
                CommissionMember.BlocksOf(member),
                member.ShuffleSeed,
                MayBeThird(member, policy),
                policy.Experts,
                now
            )
            : new(campaignId, expertId, organisation, [], 1, false, policy.Experts, now);
        filter = filter with { WithholdsNear = !byHand };
        return organisation.Length == 0
            ? filter
            : filter with
            {
                OwnNames = (await TaskStore.Organisations(db, campaignId)).Where(filter.IsOwn).ToList(),
            };
    }

    // Chairs and deputies may be the third expert whatever their standing (docs/procedure.md).
    private static bool MayBeThird(MemberRow member, MarkingPolicy policy) =>
        Codes.Parse<CommissionRole>(member.Role) is not CommissionRole.Member
        || Codes.Parse<ExpertStanding>(member.Standing) >= policy.ThirdStanding;
}
