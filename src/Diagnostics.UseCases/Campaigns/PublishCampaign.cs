using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Forms;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>Draft → published: from now on people apply, and form, dates and policies stay as they are.</summary>
internal sealed class PublishCampaign(Executor executor, FormCatalog forms) : UseCase<Guid, CampaignView>(Operation, executor)
{
    internal static new readonly Operation Operation =
        new(nameof(PublishCampaign), AccessRule.Of(Role.Operator.OfCampaign())) { Repetition = Repetition.GivesResultAgain };

    protected override Task<Result<CampaignView>> Handle(Guid campaignId, Caller caller) => Write(caller, async db =>
    {
        var operates = Reaches(caller, new Target { Campaign = campaignId });
        if (await CampaignStore.Find(db, campaignId) is not { } campaign || (campaign.State is CampaignStatus.Draft && !operates))
            return CampaignRefusals.NoCampaign;
        if (!operates) return CampaignRefusals.NotYours;
        if (campaign.State is not CampaignStatus.Draft) return Refusal.Conflict("campaign-published", "Мероприятие уже опубликовано.");
        var now = Now;
        if (await Faults(db, campaign, now) is { Count: > 0 } faults)
            return Refusal.Conflict("campaign-not-ready", string.Join(" ", faults)).With("faults", faults);
        if (!await CampaignStore.Publish(db, campaignId, campaign.Revision, now)) return Revisions.Stale(campaign.Revision);
        await FormStore.Freeze(db, campaign.FormId, now);
        await AuditStore.Append(db, now, caller.Id, "campaign.published", $"campaign:{campaignId:D}");
        return await CampaignView.Stored(db, campaignId, caller);
    });

    private async Task<IReadOnlyList<string>> Faults(Db db, CampaignRow campaign, Instant now)
    {
        var pinned = await PolicyStore.Pinned(db, campaign.Id);
        var readiness = new CampaignReadiness(
            campaign.Windows,
            (await CampaignStore.Sites(db, campaign.Id)).Count,
            await FormStore.Filled(db, campaign.FormId),
            pinned.Select(policy => policy.Policy.Kind).ToList());
        var faults = readiness.Faults(now).ToList();
        return faults.Count > 0 ? faults : Unread(await forms.Get(campaign.FormId), pinned).ToList();
    }

    /// <summary>A key that the pinned rule of answers cannot read would keep every session from being scored.</summary>
    private static IEnumerable<string> Unread(FormContent form, IReadOnlyList<PolicyRow> pinned)
    {
        var scoring = pinned.Single(policy => policy.Policy.Kind is PolicyKind.Scoring);
        var rule = PolicyJson.Read<ScoringPolicy>(scoring.Content).Answers;
        var items = form.Variants.Values.SelectMany(slots => slots).Select(slot => slot.Item)
            .Where(item => item.Body is ShortAnswer { Key: var key } && key.Fault(rule) is not null)
            .Select(item => item.Code).Order(StringComparer.Ordinal).ToList();
        if (items.Count > 0)
            yield return $"Правило {rule.Name} политики оценивания {scoring.Code}/{scoring.Version} не читает ключи заданий: {string.Join(", ", items)}.";
    }
}
