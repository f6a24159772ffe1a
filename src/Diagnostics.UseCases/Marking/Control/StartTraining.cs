using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;

namespace Diagnostics.UseCases.Marking;

/// <param name="ItemCode">Code of an open item of the campaign.</param>
public sealed record TrainingRequest(Guid CampaignId, string ItemCode);

/// <summary>
/// Gives an expert a benchmark to learn on. The expert marks it through the same API path as a script, and the response
/// then contains the agreed marks.
/// </summary>
internal sealed class StartTraining(Executor executor, FormCatalog forms) : UseCase<TrainingRequest, ClaimedScript?>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(StartTraining), MarkingRights.Experts, Trail.Shows("script.claimed"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    /// <returns>Null when the expert has already had every training benchmark of the item.</returns>
    protected override async Task<Result<ClaimedScript?>> Handle(TrainingRequest request, Caller caller)
    {
        if (!Reaches(caller, MarkingRights.Of(request.CampaignId)))
            return ClaimScript.NotCommission;
        if (await Fetch(db => CampaignStore.Find(db, request.CampaignId)) is not { } campaign)
            return MarkingRights.NoCampaign;
        if (campaign.State is CampaignStatus.Draft)
            return ClaimScript.NotPublished;
        var form = await forms.Get(campaign.FormId);
        return await Write(
            caller,
            async db =>
            {
                // Take the turn before touching the trials, as a claim does.
                await db.TakeTurn();
                var now = Now;
                await TrialStore.LapseOverdue(db, caller.AccountId, now);
                var policy = await CampaignPolicies.Get<MarkingPolicy>(db, request.CampaignId, PolicyKind.Marking);
                if (await ClaimScript.HandsFull(db, caller.AccountId, request.CampaignId, policy, now) is { } full)
                    return full;
                var filter = await ExpertQueue.Of(db, caller.AccountId, request.CampaignId, policy, now);
                var gates = await ExpertGates.Load(db, request.CampaignId, caller.AccountId, filter.Seed, policy, form, now);
                if (gates.Before(request.ItemCode) is not { } expert)
                    return BenchmarkRefusals.NoItem;
                if (ItemGate.Training(expert, filter.Seed) is not { } benchmark)
                    return default(ClaimedScript);
                var given = await GiveTrial.Run(db, benchmark, expert, GiveTrial.DayOf(campaign), policy, form, now);
                return await ClaimScript.Noted(db, given.Map(script => (ClaimedScript?)script), caller, now);
            }
        );
    }
}
