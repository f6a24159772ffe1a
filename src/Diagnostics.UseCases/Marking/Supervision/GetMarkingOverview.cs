using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Commissions;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.People;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Commissions;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <param name="Day">The day, by Moscow time.</param>
/// <param name="Marks">Number of readings that experts gave on it.</param>
public sealed record MarkingDay(DateOnly Day, int Marks);

/// <summary>Flags of one kind without a decision.</summary>
/// <param name="Overdue">Number of those that have waited for longer than the policy allows.</param>
/// <param name="DueAt">Until when the first of them may wait; absent = until the results are approved.</param>
public sealed record OpenFlags(ScriptFlag Kind, int Count, int Overdue, Instant? DueAt)
{
    /// <summary>By kind, those that must be decided first first.</summary>
    internal static IReadOnlyList<OpenFlags> Of(IEnumerable<OpenFlagsRow> rows) =>
        rows.GroupBy(row => row.Kind)
            .Select(kind => new OpenFlags(
                Codes.Parse<ScriptFlag>(kind.Key),
                kind.Sum(row => row.Flags),
                kind.Sum(row => row.Overdue),
                kind.Min(row => row.DueAt)
            ))
            .OrderBy(flags => flags.DueAt ?? Instant.MaxValue)
            .ThenBy(flags => flags.Kind)
            .ToList();
}

/// <summary>What in a campaign's marking waits for a decision of those who lead it, in numbers.</summary>
/// <param name="PausedExperts">Number of experts paused after a control script, on whom nobody has decided.</param>
/// <param name="Flags">Number of flags without a decision.</param>
/// <param name="LongClaims">Number of scripts that an expert has had for more than a day.</param>
/// <param name="Answers">Number of groups of short answers that match no key and wait for a decision.</param>
/// <param name="Thirds">Number of scripts that wait for a third reading or a second look.</param>
/// <param name="NearOrganisations">Number of experts from whom the queue withholds scripts because an author's organisation has a
/// near name: correct the name, or give the script by hand.</param>
public sealed record AwaitedDecisions(int PausedExperts, int Flags, int LongClaims, int Answers, int Thirds, int NearOrganisations = 0);

/// <summary>The state of a campaign's marking at a glance.</summary>
/// <param name="MarkingTo">When marking ends.</param>
/// <param name="ClosedAt">When the results were published; absent before.</param>
/// <param name="Readings">Number of readings that experts have given.</param>
/// <param name="ReadingsDue">Number of readings still due; one script may need several.</param>
/// <param name="Forecast">The day on which the last reading will be given at the pace of the last days; absent with fewer
/// than three complete days of marking, and when nothing is left.</param>
/// <param name="Approved">Whether the chair's last protocol covers every result, or none is required.</param>
/// <param name="OpenFlags">Flags without a decision, by kind; those that must be decided first come first.</param>
public sealed record MarkingOverview(
    Guid CampaignId,
    string Title,
    Instant MarkingTo,
    Instant? ClosedAt,
    int Readings,
    int ReadingsDue,
    DateOnly? Forecast,
    bool Approved,
    AwaitedDecisions Awaited,
    IReadOnlyList<ItemProgress> Items,
    IReadOnlyList<MarkingDay> Days,
    IReadOnlyList<OpenFlags> OpenFlags
);

/// <summary>Shows those who lead marking what waits for them, and how far marking is.</summary>
internal sealed class GetMarkingOverview(Executor executor) : UseCase<Guid, MarkingOverview>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetMarkingOverview), MarkingRights.Leaders, Trail.None);

    /// <summary>An expert who has had a script for longer may have forgotten it.</summary>
    internal static readonly Duration LongClaim = Duration.FromDays(1);

    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Europe/Moscow"];

    protected override Task<Result<MarkingOverview>> Handle(Guid campaignId, Caller caller) =>
        Read(async db =>
        {
            if (!Reaches(caller, MarkingRights.Of(campaignId)))
                return MarkingRights.NotLeading;
            if (await CampaignStore.Find(db, campaignId) is not { } campaign)
                return MarkingRights.NoCampaign;
            var now = Now;
            var policy = await CampaignPolicies.Get<MarkingPolicy>(db, campaignId, PolicyKind.Marking);
            var standing = await ScriptStore.Standing(db, campaignId, policy.Experts, now - LongClaim, now);
            var days = (await ScriptStore.MarksByHour(db, campaignId))
                .GroupBy(hour => hour.Hour.InZone(Zone).Date)
                .OrderBy(day => day.Key)
                .ToDictionary(day => day.Key, day => day.Sum(hour => hour.Marks));
            var flags = OpenFlags.Of(await FlagStore.Open(db, campaignId, now));
            return new MarkingOverview(
                CampaignId: campaignId,
                Title: campaign.Title,
                MarkingTo: campaign.MarkingTo,
                ClosedAt: campaign.ClosedAt,
                Readings: days.Values.Sum(),
                ReadingsDue: standing.ReadingsDue,
                Forecast: MarkingForecast.Of(days, now.InZone(Zone).Date, standing.ReadingsDue)?.ToDateOnly(),
                Approved: await ApproveMarking.IsApproved(db, campaignId),
                Awaited: new(
                    await AdmissionStore.Paused(db, campaignId),
                    flags.Sum(kind => kind.Count),
                    standing.LongClaims,
                    await KeyReviewStore.Undecided(db, campaignId),
                    standing.WaitingThirds,
                    await WithheldForNearNames(db, campaignId)
                ),
                Items: (await TaskStore.ProgressOfItems(db, campaignId, now)).Select(ItemProgress.Of).ToList(),
                Days: days.Select(day => new MarkingDay(day.Key.ToDateOnly(), day.Value)).ToList(),
                OpenFlags: flags
            );
        });

    private static async Task<int> WithheldForNearNames(Db db, Guid campaignId)
    {
        var waiting = await TaskStore.Organisations(db, campaignId);
        return waiting.Count == 0 || await CommissionStore.Live(db, campaignId, Codes.Of(CommissionKind.Marking)) is not { } commission
            ? 0
            : (await CommissionStore.Members(db, commission.Id)).Count(member =>
                member.LeftAt is null && waiting.Any(name => OrganisationName.AreNear(name, member.Organisation))
            );
    }
}

/// <param name="MarkingTo">When marking ends.</param>
/// <param name="ClosedAt">When the results were published; absent before.</param>
/// <param name="Total">Number of scripts.</param>
/// <param name="Marked">Number of scripts that have all their readings.</param>
public sealed record LedCampaign(Guid CampaignId, string Title, Instant MarkingTo, Instant? ClosedAt, int Total, int Marked);

/// <summary>Lists the campaigns whose marking the caller leads: first those that are not closed, by the end of marking.</summary>
internal sealed class ListLedCampaigns(Executor executor) : UseCase<Done, IReadOnlyList<LedCampaign>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListLedCampaigns), MarkingRights.Leaders, Trail.None);

    /// <summary>The most campaigns listed for somebody who leads all of them.</summary>
    private const int Most = 50;

    protected override Task<Result<IReadOnlyList<LedCampaign>>> Handle(Done request, Caller caller) =>
        Read(async db =>
        {
            var led = new List<LedCampaign>();
            foreach (var campaign in await Campaigns(db, caller))
            {
                var items = await TaskStore.ProgressOfItems(db, campaign.Id, Now);
                led.Add(
                    new(
                        campaign.Id,
                        campaign.Title,
                        campaign.MarkingTo,
                        campaign.ClosedAt,
                        items.Sum(item => item.Total),
                        items.Sum(item => item.Marked)
                    )
                );
            }
            return Ordered(led);
        });

    private static Result<IReadOnlyList<LedCampaign>> Ordered(List<LedCampaign> led) =>
        led.OrderBy(campaign => campaign.ClosedAt is not null).ThenBy(campaign => campaign.MarkingTo).ToList();

    private static async Task<IReadOnlyList<CampaignRow>> Campaigns(Db db, Caller caller)
    {
        var own = caller.Grants.Where(grant => MarkingRights.Leaders.Roles.Contains(grant.Role)).ToList();
        if (own.Any(grant => grant.Scope is GrantScope.All))
            return (await CampaignStore.List(db, allDrafts: false, [], null, after: null, Most)).Where(IsMarked).ToList();
        var found = new List<CampaignRow>();
        foreach (var grant in own.Where(grant => grant.Scope is GrantScope.Campaign).DistinctBy(grant => grant.ScopeId))
            if (await CampaignStore.Find(db, Guid.Parse(grant.ScopeId!)) is { } campaign && IsMarked(campaign))
                found.Add(campaign);
        return found;
    }

    private static bool IsMarked(CampaignRow campaign) => campaign.State is CampaignStatus.Published or CampaignStatus.Closed;
}

/// <summary>Flags without a decision in one campaign, of which the caller is told by the policy.</summary>
/// <param name="ToldAs">The role as which the caller is told; null for somebody who has both roles.</param>
public sealed record ToldFlags(Guid CampaignId, string Title, Role? ToldAs, IReadOnlyList<OpenFlags> Flags);

/// <summary>
/// Shows those who lead marking, in all their campaigns at once, the flags of which the policy has them told
/// (<see cref="FlagRule"/>).
/// </summary>
internal sealed class ListToldFlags(Executor executor)
{
    internal static readonly AccessRule Access = MarkingRights.Leaders;

    internal async Task<Result<IReadOnlyList<ToldFlags>>> Run(Caller caller)
    {
        if (await executor.Refuses(Access, caller) is { } refusal)
            return refusal;
        return await executor.Read(async db =>
            (Result<IReadOnlyList<ToldFlags>>)
                (await FlagStore.Open(db, null, executor.Now))
                    .GroupBy(row => (row.CampaignId, row.Title))
                    .Select(campaign => Of(campaign.Key.CampaignId, campaign.Key.Title, campaign, caller))
                    .Where(campaign => campaign.Flags.Count > 0)
                    .OrderBy(campaign => campaign.Flags[0].DueAt ?? Instant.MaxValue)
                    .ThenBy(campaign => campaign.Title, StringComparer.Ordinal)
                    .ToList()
        );
    }

    private static ToldFlags Of(Guid campaignId, string title, IEnumerable<OpenFlagsRow> rows, Caller caller)
    {
        var campaign = MarkingRights.Of(campaignId);
        var (chair, operates) = (MarkingRights.Chairs.Covers(caller, campaign), MarkingRights.Operators.Covers(caller, campaign));
        return new(
            campaignId,
            title,
            chair == operates ? null
                : chair ? Role.Chair
                : Role.Operator,
            OpenFlags.Of(rows.Where(row => (chair && row.TellsChair) || (operates && row.TellsOperator)))
        );
    }
}
