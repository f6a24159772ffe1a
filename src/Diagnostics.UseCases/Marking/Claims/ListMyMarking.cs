using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <param name="Stem">The task, Markdown.</param>
/// <param name="WaitingUpTo">Number of scripts that the expert may still receive, rounded up to tens: an exact number
/// would fall with every script and stand still with a hidden control.</param>
/// <param name="Marked">Marked by this expert, without training.</param>
/// <param name="Required">Number of qualification benchmarks to pass; absent when the policy requires none.</param>
/// <param name="Training">Whether there is a training benchmark that the expert does not hold.</param>
public sealed record MyItem(string ItemCode, string Stem, int WaitingUpTo, int Marked, AdmissionState State, int? Required, bool Training);

/// <summary>What an expert has to mark in a campaign, and what the expert has marked.</summary>
/// <param name="MarkingTo">When marking ends.</param>
/// <param name="WaitingUpTo">Number of scripts of all items that the expert may still receive, rounded up to tens.</param>
/// <param name="InHand">Live claims.</param>
/// <param name="Marked">Marked by this expert, without training.</param>
/// <param name="MarkedLastDay">Of these, in the last 24 hours.</param>
/// <param name="MedianSeconds">Median time from claim to marks, seconds; absent before the first marks.</param>
public sealed record MyMarking(
    Guid CampaignId,
    string Title,
    Instant MarkingTo,
    int WaitingUpTo,
    int InHand,
    int Marked,
    int MarkedLastDay,
    double? MedianSeconds,
    IReadOnlyList<MyItem> Items
);

/// <summary>One piece of the caller's work: an answer that the caller has marked, outside training.</summary>
/// <param name="At">When the marks were given.</param>
/// <param name="Seconds">Time from claim to marks.</param>
public sealed record MyMark(Guid CampaignId, string Title, string ItemCode, Instant At, double Seconds);

/// <summary>Lists what the caller has marked in published campaigns; whose answers they were stays hidden.</summary>
internal sealed class ListMyMarks(Executor executor) : UseCase<Done, IReadOnlyList<MyMark>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListMyMarks), MarkingRights.Experts, Trail.Own);

    protected override Task<Result<IReadOnlyList<MyMark>>> Handle(Done request, Caller caller) =>
        Read(async db =>
        {
            var marks = new List<MyMark>();
            foreach (var campaign in await ListMyMarking.Campaigns(db, caller))
            {
                var trials = await TrialStore.OfCampaign(db, campaign.Id, caller.AccountId);
                marks.AddRange(
                    (await ListMyMarking.Marked(db, campaign.Id, caller.AccountId, trials)).Select(mark => new MyMark(
                        campaign.Id,
                        campaign.Title,
                        mark.ItemCode,
                        mark.ClosedAt,
                        (mark.ClosedAt - mark.ClaimedAt).TotalSeconds
                    ))
                );
            }
            return (Result<IReadOnlyList<MyMark>>)marks;
        });
}

/// <summary>Lists the campaigns that the caller marks, the one that ends first at the top.</summary>
internal sealed class ListMyMarking(Executor executor, FormCatalog forms) : UseCase<Done, IReadOnlyList<MyMarking>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListMyMarking), MarkingRights.Experts, Trail.Own);

    /// <summary>The most campaigns listed for an expert whose grant covers all campaigns; only published ones.</summary>
    private const int Most = 50;

    protected override async Task<Result<IReadOnlyList<MyMarking>>> Handle(Done request, Caller caller)
    {
        var marking = new List<MyMarking>();
        foreach (var campaign in await Fetch(db => Campaigns(db, caller)))
        {
            var form = await forms.Get(campaign.FormId);
            marking.Add(await Fetch(db => Of(db, campaign, form, caller)));
        }
        return marking;
    }

    internal static async Task<IReadOnlyList<CampaignRow>> Campaigns(Db db, Caller caller)
    {
        var published = Codes.Of(CampaignStatus.Published);
        var own = caller.Grants.Where(grant => grant.Role is Role.Expert).ToList();
        var found = new List<CampaignRow>();
        if (own.Any(grant => grant.Scope is GrantScope.All))
            found.AddRange(await CampaignStore.List(db, allDrafts: false, [], published, after: null, Most));
        else
            foreach (var id in own.Select(grant => Guid.Parse(grant.ScopeId!)).Distinct())
                if (await CampaignStore.Find(db, id) is { State: CampaignStatus.Published } campaign)
                    found.Add(campaign);
        return found.OrderBy(campaign => campaign.MarkingTo).ToList();
    }

    private async Task<MyMarking> Of(Db db, CampaignRow campaign, FormContent form, Caller caller)
    {
        var now = Now;
        var policy = await CampaignPolicies.Get<MarkingPolicy>(db, campaign.Id, PolicyKind.Marking);
        var filter = await ExpertQueue.Of(db, caller.AccountId, campaign.Id, policy, now);
        var gates = await ExpertGates.Load(db, campaign.Id, caller.AccountId, filter.Seed, policy, form, now);
        // What is closed to the expert does not wait for the expert.
        var waiting = (await TaskStore.CountAvailable(db, filter))
            .Where(row => gates.At(row.ItemCode) is not Passage.Closed)
            .ToDictionary(row => row.ItemCode, row => row.Scripts);
        var trials = await TrialStore.OfCampaign(db, campaign.Id, caller.AccountId);
        var marked = await Marked(db, campaign.Id, caller.AccountId, trials);
        var ofItem = marked.ToLookup(mark => mark.ItemCode);
        var items = ExpertGates.OpenItems(form).Select(slot => slot.Item).DistinctBy(item => item.Code).ToList();
        return new(
            CampaignId: campaign.Id,
            Title: campaign.Title,
            MarkingTo: campaign.MarkingTo,
            WaitingUpTo: RoundedUp(items.Sum(item => waiting.GetValueOrDefault(item.Code))),
            InHand: await AssignmentStore.InHand(db, campaign.Id, caller.AccountId, now)
                + await TrialStore.InHand(db, campaign.Id, caller.AccountId, now),
            Marked: marked.Count,
            MarkedLastDay: marked.Count(mark => mark.ClosedAt > now - Duration.FromDays(1)),
            MedianSeconds: Median(marked.Select(mark => (mark.ClosedAt - mark.ClaimedAt).TotalSeconds)),
            Items: items
                .Select(item =>
                {
                    var code = item.Code;
                    var expert = gates.Before(code)!;
                    return new MyItem(
                        code,
                        item.Stem,
                        RoundedUp(waiting.GetValueOrDefault(code)),
                        ofItem[code].Count(),
                        Admission.Of(policy.Qualification, expert.Acts, expert.Trials).State,
                        policy.Qualification?.Scripts,
                        ItemGate.Training(expert, filter.Seed) is not null
                    );
                })
                .ToList()
        );
    }

    /// <summary>Hidden controls look like scripts, so they are counted like scripts.</summary>
    internal static async Task<IReadOnlyList<OwnMarkRow>> Marked(Db db, Guid campaignId, Guid expertId, IReadOnlyList<TrialRow> trials) =>
        [
            .. await AssignmentStore.MarkedBy(db, campaignId, expertId),
            .. trials
                .Where(row => row.Standing is ClaimState.Marked && row.Purpose != Codes.Of(BenchmarkPurpose.Training))
                .Select(row => new OwnMarkRow
                {
                    ItemCode = row.ItemCode,
                    ClaimedAt = row.ClaimedAt,
                    ClosedAt = row.ClosedAt!.Value,
                }),
        ];

    private static int RoundedUp(int scripts) => (scripts + 9) / 10 * 10;

    internal static double? Median(IEnumerable<double> seconds)
    {
        var all = seconds.Order().ToList();
        return all.Count == 0 ? null : (all[(all.Count - 1) / 2] + all[all.Count / 2]) / 2;
    }
}
