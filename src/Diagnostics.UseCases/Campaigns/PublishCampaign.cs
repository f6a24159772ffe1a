using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Forms;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>
/// Runs before a campaign is published, in the same transaction. Returns the reasons why a later stage could not work
/// with this form under the pinned policies, one sentence for each; empty when there are none.
/// </summary>
internal delegate Task<IReadOnlyList<string>> PublicationGuard(Db db, Guid campaignId, FormContent form);

/// <summary>
/// Publishes a draft: from then on people may apply, and the form, the dates and the policies are fixed.
/// </summary>
internal sealed class PublishCampaign(Executor executor, FormCatalog forms, IEnumerable<PublicationGuard> guards)
    : UseCase<Guid, CampaignView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(PublishCampaign),
        AccessRule.Of(Role.Operator.OfCampaign()),
        Trail.Writes("campaign.published")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<CampaignView>> Handle(Guid campaignId, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var operates = Reaches(caller, new Target { Campaign = campaignId });
                if (await CampaignStore.Find(db, campaignId) is not { } campaign || (campaign.State is CampaignStatus.Draft && !operates))
                    return CampaignRefusals.NoCampaign;
                if (!operates)
                    return CampaignRefusals.NotYours;
                if (CampaignMoves.Publish.Check(campaign.State) is { } published)
                    return published;
                var now = Now;
                if (await Faults(db, campaign, now) is { Count: > 0 } faults)
                    return Refusal.Conflict("campaign-not-ready", string.Join(" ", faults)).With("faults", faults);
                if (!await CampaignStore.Publish(db, campaignId, campaign.Revision, now))
                    return Revisions.Stale(campaign.Revision);
                await FormStore.Freeze(db, campaign.FormId, now);
                await AuditStore.Append(db, now, caller.Id, "campaign.published", $"campaign:{campaignId:D}");
                return await CampaignView.Stored(db, campaignId, caller);
            }
        );

    private async Task<IReadOnlyList<string>> Faults(Db db, CampaignRow campaign, Instant now)
    {
        var readiness = new CampaignReadiness(
            campaign.Windows,
            (await CampaignStore.Sites(db, campaign.Id)).Count,
            await FormStore.Filled(db, campaign.FormId),
            (await PolicyStore.Pinned(db, campaign.Id)).Select(policy => policy.Policy.Kind).ToList()
        );
        var faults = readiness.Faults(now).ToList();
        var stage = Codes.Parse<CampaignStage>(campaign.Stage);
        if (await EntryCampaigns.Check(db, stage, campaign.EntryCampaignId, (await FormStore.Find(db, campaign.FormId))!) is { } unfit)
            faults.Add(unfit.Detail);
        // Run the guards only when there are no faults so far, because they may read anything that a ready campaign
        // contains.
        if (faults.Count > 0)
            return faults;
        var form = await forms.Get(db, campaign.FormId);
        foreach (var guard in guards)
            faults.AddRange(await guard(db, campaign.Id, form));
        return faults;
    }
}
