using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Commissions;
using Diagnostics.Engine.People;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Commissions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <summary>An appeal as the pages of one member of the commission show it, without data about the person.</summary>
/// <param name="Number">The number in letters and protocols.</param>
/// <param name="Commission">Title of the commission; absent when there is none any more.</param>
/// <param name="TimeZone">The zone in which the deadline is counted.</param>
/// <param name="WorkingDays">Working days until the last day, or since it if the appeal is overdue; absent when the appeal
/// is closed or the calendar does not cover the year.</param>
/// <param name="Proposal">Number of the proposal on which the commission votes; 0 while there is none.</param>
/// <param name="Voted">Whether the member has voted on it.</param>
/// <param name="SteppedAside">Whether the member has stepped aside.</param>
/// <param name="Recused">Whether the rules bar the member, whatever the cause.</param>
/// <param name="Presides">Whether the member is the chair or a deputy.</param>
/// <param name="Outcomes">The decisions that the rules allow.</param>
/// <param name="NotAppealable">The grounds on which an appeal is refused.</param>
public sealed record CommissionCase(
    AppealSummary Appeal,
    string Number,
    Guid CampaignId,
    string CampaignTitle,
    string? Commission,
    string TimeZone,
    int? WorkingDays,
    int Proposal,
    bool Voted,
    bool SteppedAside,
    bool Recused,
    bool Presides,
    Instant? HearingAt,
    IReadOnlyList<AppealOutcome> Outcomes,
    IReadOnlyList<NotAppealable> NotAppealable
)
{
    internal bool TakesPart => !SteppedAside && !Recused;
}

/// <summary>
/// Reads the appeals of the campaigns whose conflict commission the caller belongs to, for the commission's pages. The
/// number of SQL statements grows with the number of campaigns, not of appeals.
/// </summary>
internal sealed class CommissionCases(Executor executor)
{
    internal static readonly AccessRule Access = AppealRights.Members;

    internal async Task<Result<IReadOnlyList<CommissionCase>>> All(Caller caller)
    {
        if (await executor.Refuses(Access, caller) is { } refusal)
            return refusal;
        return await executor.Read(async db =>
        {
            var cases = new List<CommissionCase>();
            foreach (var campaignId in CampaignsOf(caller))
                cases.AddRange(await Read(db, campaignId, await AppealStore.AllOfCampaign(db, campaignId), null, caller));
            return (Result<IReadOnlyList<CommissionCase>>)cases;
        });
    }

    internal async Task<Result<CommissionCase>> One(Guid appealId, Caller caller)
    {
        if (await executor.Refuses(Access, caller) is { } refusal)
            return refusal;
        return await executor.Read(async db =>
            await AppealStore.Find(db, appealId) is { } row && Access.Covers(caller, new Target { Campaign = row.CampaignId })
                ? (Result<CommissionCase>)(await Read(db, row.CampaignId, [row], appealId, caller))[0]
                : AppealRights.NotFound
        );
    }

    private static IEnumerable<Guid> CampaignsOf(Caller caller) =>
        caller
            .Grants.Where(grant => grant is { Role: Role.ConflictMember, Scope: GrantScope.Campaign })
            .Select(grant => Guid.Parse(grant.ScopeId!))
            .Distinct();

    private async Task<IReadOnlyList<CommissionCase>> Read(
        Db db,
        Guid campaignId,
        IReadOnlyList<AppealRow> appeals,
        Guid? only,
        Caller caller
    )
    {
        if (appeals.Count == 0)
            return [];
        var now = executor.Now;
        var campaign = (await CampaignStore.Find(db, campaignId))!;
        var commission = await CommissionStore.Live(db, campaignId, Codes.Of(CommissionKind.Conflict));
        var policies = await CampaignPolicies.Load(db, campaignId);
        var (policy, _) = await AppealRulebook.OfCampaign(db, policies);
        var presides = AppealRights.Chairs.Covers(caller, new Target { Campaign = campaignId });
        var facts = (await AppealStore.CaseFacts(db, campaignId, caller.AccountId, only)).ToDictionary(row => row.AppealId);
        var cases = new List<CommissionCase>();
        foreach (var row in appeals)
        {
            var own = facts[row.Id];
            var zone = policy.CommissionTimeZone ?? own.TimeZone;
            cases.Add(
                new(
                    Appeal: AppealSummary.Of(row, now),
                    Number: GetAppealLetter.NumberOf(row, own.TimeZone),
                    CampaignId: campaignId,
                    CampaignTitle: campaign.Title,
                    Commission: commission?.Title,
                    TimeZone: zone,
                    WorkingDays: row.Standing.IsLive() ? await WorkingDays(db, policies, row.DueAt, zone, now) : null,
                    Proposal: row.Proposal,
                    Voted: own.Voted,
                    SteppedAside: own.SteppedAside,
                    Recused: own.Entangled || OrganisationName.AreSame(own.PersonOrganisation, own.MemberOrganisation),
                    Presides: presides,
                    HearingAt: own.HeldAt,
                    Outcomes: policy.Outcomes,
                    NotAppealable: policy.NotAppealable
                )
            );
        }
        return cases;
    }

    private static async Task<int?> WorkingDays(Db db, CampaignPolicies policies, Instant due, string zone, Instant now)
    {
        var counted = await Calendars.Count(
            db,
            policies,
            calendar => Deadlines.WorkingDaysAway(now, due, calendar, DateTimeZoneProviders.Tzdb[zone])
        );
        return counted.Refused(out _, out var days) ? null : days;
    }
}
