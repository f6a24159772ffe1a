using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Forms;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>Draft → published: from now on people apply, and form, dates and policies stay as they are.</summary>
internal static class PublishCampaign
{
    internal static void Map(IEndpointRouteBuilder campaigns) => campaigns.MapPost("/{campaignId:guid}/publication", Publish)
        .WithName("PublishCampaign")
        .WithSummary("Опубликовать мероприятие: условия и политики фиксируются, форма замораживается")
        .AllowedTo(AccessRule.Of(Role.Operator))
        .Idempotent();

    private static Task<Results<Ok<CampaignView>, ProblemHttpResult>> Publish(Guid campaignId, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<CampaignView>>(async db =>
        {
            if (await CampaignStore.Find(db, campaignId) is not { } campaign || (campaign.State is CampaignStatus.Draft && !caller.OperatesCampaign(campaignId)))
                return CampaignRefusals.NoCampaign;
            if (!caller.OperatesCampaign(campaignId)) return CampaignRefusals.NotYours;
            if (campaign.State is not CampaignStatus.Draft) return Refusal.Conflict("campaign-published", "Мероприятие уже опубликовано.");
            var now = clock.GetCurrentInstant();
            var readiness = new CampaignReadiness(
                campaign.Windows,
                (await CampaignStore.Sites(db, campaignId)).Count,
                await FormStore.Filled(db, campaign.FormId),
                (await PolicyStore.Pinned(db, campaignId)).Select(policy => policy.Policy.Kind).ToList());
            if (readiness.Faults(now).ToList() is { Count: > 0 } faults)
                return Refusal.Conflict("campaign-not-ready", string.Join(" ", faults)).With("faults", faults);
            if (!await CampaignStore.Publish(db, campaignId, campaign.Revision, now)) return ETags.Stale(campaign.Revision);
            await FormStore.Freeze(db, campaign.FormId, now);
            await AuditStore.Append(db, now, caller.Id, "campaign.published", $"campaign:{campaignId:D}");
            return await CampaignView.Read(db, (await CampaignStore.Find(db, campaignId))!, caller);
        }).Ok();
}
