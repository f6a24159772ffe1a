using Diagnostics.Engine;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <param name="Total">Number of scripts of this item.</param>
/// <param name="Marked">Number of scripts that have all their rounds.</param>
/// <param name="InWork">Number of scripts that experts have claimed now.</param>
public sealed record ItemProgress(string ItemCode, int ItemVersion, int Total, int Marked, int InWork)
{
    internal static ItemProgress Of(ItemProgressRow row) => new(row.ItemCode, row.ItemVersion, row.Total, row.Marked, row.InWork);
}

/// <param name="ExpertId">Id of the expert's account.</param>
/// <param name="Marked">Number of rounds that the expert has given.</param>
/// <param name="InWork">Number of claims that the expert has now.</param>
/// <param name="Returned">Number of scripts that the expert has returned or that were taken back from the
/// expert.</param>
/// <param name="MarkedLastDay">Number of rounds that the expert has given in the last 24 hours.</param>
/// <param name="LastMarkedAt">When the expert last gave marks; absent when the expert has given none.</param>
public sealed record ExpertProgress(
    Guid ExpertId,
    int Marked,
    int InWork,
    int Returned,
    string UserName = "",
    int MarkedLastDay = 0,
    Instant? LastMarkedAt = null
)
{
    internal static ExpertProgress Of(ExpertProgressRow row) =>
        new(row.ExpertId, row.Marked, row.InWork, row.Returned, row.UserName, row.Lately, row.LastMarkedAt);
}

/// <summary>The state of a campaign's marking.</summary>
public sealed record MarkingState(
    Guid CampaignId,
    int Total,
    int Marked,
    int InWork,
    int Waiting,
    IReadOnlyList<ItemProgress> Items,
    IReadOnlyList<ExpertProgress> Experts
);

/// <summary>Shows the state of marking for each item and each expert, to people who lead marking.</summary>
internal sealed class GetMarkingProgress(Executor executor) : UseCase<Guid, MarkingState>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetMarkingProgress), MarkingRights.Leaders, Trail.None);

    protected override Task<Result<MarkingState>> Handle(Guid campaignId, Caller caller) =>
        Read(async db =>
        {
            if (!Reaches(caller, MarkingRights.Of(campaignId)))
                return MarkingRights.NotLeading;
            if (await CampaignStore.Find(db, campaignId) is null)
                return MarkingRights.NoCampaign;
            var now = Now;
            var items = await TaskStore.ProgressOfItems(db, campaignId, now);
            var experts = await TaskStore.ProgressOfExperts(db, campaignId, now - Duration.FromDays(1), now);
            var (total, marked, inWork) = (items.Sum(item => item.Total), items.Sum(item => item.Marked), items.Sum(item => item.InWork));
            return new MarkingState(
                campaignId,
                total,
                marked,
                inWork,
                total - marked - inWork,
                items.Select(ItemProgress.Of).ToList(),
                experts.Select(ExpertProgress.Of).ToList()
            );
        });
}
