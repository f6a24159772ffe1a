using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Jobs;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Jobs;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>
/// The rule by which applications are approved: of those that wait for a decision, all that meet the conditions, in the order in
/// which they were filed, while there are free places.
/// </summary>
/// <param name="SiteId">Only applications to this site.</param>
/// <param name="SittingId">Only applications that ask for this sitting.</param>
/// <param name="Territory">Only people of this territory.</param>
/// <param name="WithAccommodations">Whether to approve also those who ask for special conditions, which are then granted as asked
/// for; when absent, they are left to be decided one by one.</param>
public sealed record ApprovalRule(Guid? SiteId = null, Guid? SittingId = null, string? Territory = null, bool WithAccommodations = false);

/// <summary>Approves applications by a rule; the report says of each why it could not be approved.</summary>
internal sealed class ApproveByRule(Executor executor, ApprovalJob kind, Signal<JobWorker> signal)
    : UseCase<ApproveByRule.Request, JobView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ApproveByRule),
        AccessRule.Of(Role.Operator.OfCampaign()),
        Trail.Writes(JobRequests.Requested)
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid CampaignId, ApprovalRule Rule);

    protected override async Task<Result<JobView>> Handle(Request request, Caller caller)
    {
        var asked = await Write(
            caller,
            async Task<Result<JobView>> (db) =>
            {
                var (campaignId, rule) = request;
                if (await CampaignStore.Find(db, campaignId) is null)
                    return CampaignRefusals.NoCampaign;
                if (!Reaches(caller, new Target { Campaign = campaignId }))
                    return CampaignRefusals.NotYours;
                if (rule.SiteId is { } siteId && !await CampaignStore.HasSite(db, campaignId, siteId))
                    return Refusal.Invalid("site-not-in-campaign", "На этой площадке мероприятие не проводится.").With("field", "siteId");
                var now = Now;
                var whole = new ApprovalJob.Order(campaignId, rule, now);
                var total = await ApplicationStore.CountWaiting(db, campaignId, whole.Waiting);
                return await JobRequests.Add(db, kind, $"campaign:{campaignId:D}", whole, total, [], caller, now);
            }
        );
        if (asked.Refusal is null)
            signal.Wake();
        return asked;
    }
}

/// <summary>Approves the applications of a campaign that meet a rule.</summary>
internal sealed class ApprovalJob() : JobKind("approvals", "Одобрение заявлений по правилу", ApproveByRule.Operation.Access)
{
    /// <param name="By">Applications filed later are not meant, so that the job comes to an end.</param>
    internal sealed record Order(Guid CampaignId, ApprovalRule Rule, Instant By)
    {
        internal WaitingRule Waiting => new(Rule.SiteId, Rule.SittingId, Rule.Territory, Rule.WithAccommodations, By);
    }

    internal override async Task<Result<JobStep>> Run(Db db, JobSlice slice)
    {
        var order = JsonSerializer.Deserialize<Order>(slice.Job.Request, Json.Stored)!;
        if (!Access.Covers(slice.Caller, new Target { Campaign = order.CampaignId }))
            return CampaignRefusals.NotYours;
        Guid? after = slice.Job.Place is { } place ? Guid.Parse(place) : null;
        var found = await ApplicationStore.Waiting(db, order.CampaignId, order.Waiting, after, slice.Size);
        var lines = new List<JobLineRow>(found.Count);
        foreach (var id in found)
            lines.Add(await Approve(db, id, slice));
        return new JobStep(found.Count > 0 ? found[^1].ToString("D") : slice.Job.Place, found.Count, lines, found.Count < slice.Size);
    }

    private static async Task<JobLineRow> Approve(Db db, Guid id, JobSlice slice)
    {
        var approved = await db.Part(async () =>
            await Approval.Give(db, (await ApplicationStore.Find(db, id))!, new(), slice.Caller.Id, slice.Now)
        );
        return approved.Refused(out var refusal, out var session)
            ? JobLines.FaultOf(row: null, refusal, $"application:{id:D}")
            : JobLines.Of(row: null, JobLines.Done, $"session:{session.Id:D}");
    }
}
