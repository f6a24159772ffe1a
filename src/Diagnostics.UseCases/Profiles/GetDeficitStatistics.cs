using Diagnostics.Engine;
using Diagnostics.Engine.Profiles;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Profiles;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Marking;

namespace Diagnostics.UseCases.Profiles;

/// <summary>
/// Counts the deficits that the people of a campaign have in common, for each block, competency and element, from the
/// last version of every valid profile. It reads page by page, so that it holds up nobody, however many people there
/// are.
/// </summary>
internal sealed class GetDeficitStatistics(Executor executor) : UseCase<Guid, GroupDeficits>(Operation, executor)
{
    private const int PageSize = 200;

    internal static new readonly Operation Operation = new(nameof(GetDeficitStatistics), MarkingRights.Leaders, Trail.None);

    protected override async Task<Result<GroupDeficits>> Handle(Guid campaignId, Caller caller)
    {
        if (!Reaches(caller, MarkingRights.Of(campaignId)))
            return MarkingRights.NotLeading;
        if (await Fetch(db => CampaignStore.Find(db, campaignId)) is null)
            return MarkingRights.NoCampaign;
        var counter = new DeficitCounter();
        for (Guid? after = null; ; )
        {
            var from = after;
            var page = await Fetch(db => ProfileStore.LatestOfCampaign(db, campaignId, from, PageSize));
            foreach (var row in page.Where(row => row.AnnulledAt is null))
                counter.Add(IssueProfile.Read(row));
            if (page.Count < PageSize)
                return counter.Counted();
            after = page[^1].Id;
        }
    }
}
