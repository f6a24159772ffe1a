using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.UseCases.Marking;

/// <param name="ItemCode">An open item of the campaign.</param>
public sealed record TrainingRequest(Guid CampaignId, string ItemCode);

/// <summary>Gives an expert a benchmark to learn on: marked at the same address as scripts, it answers with the agreed marks.</summary>
internal sealed class StartTraining(Transactions transactions, FormCatalog forms, IClock clock)
{
    internal static void Map(IEndpointRouteBuilder marking) => marking.MapPost("/training", Handle)
        .WithName("StartTraining").WithSummary("Взять учебную работу; 204 — новых учебных работ по этому заданию нет").MayFindNothing().AllowedTo(MarkingRights.Experts).Idempotent();

    private static async Task<Results<Created<ClaimedScript>, NoContent, ProblemHttpResult>> Handle(TrainingRequest request, Caller caller, StartTraining useCase)
    {
        if ((await useCase.Run(request, caller)).Refused(out var refusal, out var claimed)) return Problems.From(refusal);
        return claimed is null ? TypedResults.NoContent() : TypedResults.Created($"/api/v1/marking/assignments/{claimed.AssignmentId:D}", claimed);
    }

    private async Task<Result<ClaimedScript?>> Run(TrainingRequest request, Caller caller)
    {
        if (!MarkingRights.Marks(caller, request.CampaignId)) return ClaimScript.NotCommission;
        if (await transactions.Read(db => CampaignStore.Find(db, request.CampaignId)) is not { } campaign) return MarkingRights.NoCampaign;
        if (campaign.State is CampaignStatus.Draft) return ClaimScript.NotPublished;
        var form = await forms.Get(campaign.FormId);
        return await transactions.Write<Result<ClaimedScript?>>(async db =>
        {
            var now = clock.GetCurrentInstant();
            await TrialStore.LapseOverdue(db, caller.AccountId, now);
            var policy = await CampaignPolicies.Get<MarkingPolicy>(db, request.CampaignId, PolicyKind.Marking);
            if (await ClaimScript.HandsFull(db, caller, request.CampaignId, policy, now) is { } full) return full;
            var filter = await ExpertQueue.Of(db, caller, request.CampaignId, policy, now);
            var gates = await ExpertGates.Load(db, request.CampaignId, caller.AccountId, filter.Seed, policy, form, now);
            if (gates.Before(request.ItemCode) is not { } expert) return ManageBenchmarks.NoItem;
            if (ItemGate.Training(expert, filter.Seed) is not { } benchmark) return default(ClaimedScript);
            return (await GiveTrial.Run(db, benchmark, expert, LocalDatePattern.Iso.Format(campaign.SittingFrom.InUtc().Date), policy, form, now)).Map(script => (ClaimedScript?)script);
        });
    }
}
