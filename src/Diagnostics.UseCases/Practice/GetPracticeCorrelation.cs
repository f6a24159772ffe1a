using Diagnostics.Engine;
using Diagnostics.Engine.Practice;
using Diagnostics.Engine.Profiles;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Practice;
using Diagnostics.Storage.Profiles;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Profiles;

namespace Diagnostics.UseCases.Practice;

/// <summary>How an indicator of practice goes together with the results of the blocks (clause 7.3, letter b).</summary>
/// <param name="MapCode">The map of skills whose tables give the indicator.</param>
/// <param name="Skill">The skill that is the indicator; null where it is the mean share of all skills.</param>
/// <param name="Profiles">People of the campaign with a published result.</param>
/// <param name="People">How many of them have the indicator.</param>
/// <param name="Blocks">One correlation for each block, by code.</param>
public sealed record PracticeCorrelation(string MapCode, string? Skill, int Profiles, int People, IReadOnlyList<BlockCorrelation> Blocks);

/// <summary>
/// Correlates pupils' results with the published results of a campaign. A person's indicator comes from the newest table
/// by the map. It reads page by page, so that it holds up nobody.
/// </summary>
internal sealed class GetPracticeCorrelation(Executor executor)
    : UseCase<GetPracticeCorrelation.Request, PracticeCorrelation>(Operation, executor)
{
    private const int PageSize = 200;

    internal static new readonly Operation Operation = new(nameof(GetPracticeCorrelation), MarkingRights.Leaders, Trail.None);

    internal sealed record Request(Guid CampaignId, string MapCode, string? Skill);

    protected override async Task<Result<PracticeCorrelation>> Handle(Request request, Caller caller)
    {
        var (campaignId, mapCode, skill) = request;
        if (!Reaches(caller, MarkingRights.Of(campaignId)))
            return MarkingRights.NotLeading;
        if (await Fetch(db => CampaignStore.Find(db, campaignId)) is null)
            return MarkingRights.NoCampaign;
        var (profiles, group, blocks) = (0, new List<IndicatorAndBlocks>(), new SortedSet<string>(StringComparer.Ordinal));
        for (Guid? after = null; ; )
        {
            var from = after;
            var page = await Fetch(db => ProfileStore.LatestOfCampaign(db, campaignId, from, PageSize));
            var results = page.Where(row => row.AnnulledAt is null && row.Status == Codes.Of(ProfileStatus.Final))
                .ToDictionary(row => row.ParticipantId, ResultsOf);
            profiles += results.Count;
            blocks.UnionWith(results.Values.SelectMany(result => result.Keys));
            if (page.Count > 0)
                foreach (var (person, indicator) in await Indicators(request, from, page[^1].Id))
                    if (results.TryGetValue(person, out var result))
                        group.Add(new(indicator, result));
            if (page.Count < PageSize)
                break;
            after = page[^1].Id;
        }
        var known = BlockCorrelation.Of(group).ToDictionary(one => one.Block);
        return new PracticeCorrelation(
            mapCode,
            skill,
            profiles,
            group.Count,
            blocks.Select(block => known.GetValueOrDefault(block) ?? new(block, 0, null, null, NoCorrelation.TooFewPeople)).ToList()
        );
    }

    private static IReadOnlyDictionary<string, decimal> ResultsOf(ProfileRow row) =>
        IssueProfile.Read(row).Blocks.ToDictionary(block => block.Code, block => block.Result.ResultPercent);

    private async Task<IReadOnlyDictionary<Guid, decimal>> Indicators(Request request, Guid? after, Guid until) =>
        await Fetch(async db =>
        {
            var (reader, indicators) = (new PracticeReader(db), new Dictionary<Guid, decimal>());
            foreach (var row in await PracticeStore.OfCampaign(db, request.MapCode, request.CampaignId, after, until))
            {
                var found = (await reader.Findings(row))!;
                var share = request.Skill is { } skill
                    ? found.Skills.FirstOrDefault(one => one.Result.Skill == skill)?.Result.Share
                    : found.MeanShare;
                if (share is { } value)
                    indicators[row.ParticipantId] = value;
            }
            return indicators;
        });
}
