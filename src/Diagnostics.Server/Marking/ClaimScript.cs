using System.Security.Cryptography;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Access;
using Diagnostics.Server.Campaigns;
using Diagnostics.Server.Forms;
using Diagnostics.Server.Http;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.Server.Marking;

/// <param name="CampaignId">Whose scripts.</param>
/// <param name="ItemCode">Only answers to this item; else by item, one after another.</param>
internal sealed record ClaimRequest(Guid CampaignId, string? ItemCode = null);

/// <summary>
/// Gives an expert the next script: not of the own organisation, never the same twice, with a place free among the
/// policy's independent rounds. A lease, so that a script never stays with someone who has gone home.
/// </summary>
internal sealed class ClaimScript(Transactions transactions, FormCatalog forms, IClock clock)
{
    /// <summary>More at once would keep scripts from others.</summary>
    private const int MaxLive = 10;

    /// <summary>Read ahead of the writer: as many experts may be claiming at once.</summary>
    private const int Ahead = 20;

    internal static void Map(IEndpointRouteBuilder marking) => marking.MapPost("/claims", Handle)
        .WithName("ClaimScript").WithSummary("Взять следующую работу на проверку; 204 — для вас работ сейчас нет").MayFindNothing().AllowedTo(MarkingRights.Experts).Idempotent();

    private static async Task<Results<Created<ClaimedScript>, NoContent, ProblemHttpResult>> Handle(ClaimRequest request, Caller caller, ClaimScript useCase)
    {
        if ((await useCase.Run(request, caller)).Refused(out var refusal, out var claimed)) return Problems.From(refusal);
        return claimed is null ? TypedResults.NoContent() : TypedResults.Created($"/api/v1/marking/assignments/{claimed.AssignmentId:D}", claimed);
    }

    private async Task<Result<ClaimedScript?>> Run(ClaimRequest request, Caller caller)
    {
        if (!MarkingRights.Marks(caller, request.CampaignId)) return Refusal.Forbidden("not-your-commission", "Вы не эксперт комиссии этого мероприятия.");
        var campaign = await transactions.Read(db => CampaignStore.Find(db, request.CampaignId));
        if (campaign is null) return MarkingRights.NoCampaign;
        if (campaign.State is CampaignStatus.Draft) return Refusal.Conflict("campaign-not-published", "Мероприятие ещё не объявлено: работ нет.");
        var form = await forms.Get(campaign.FormId);
        var (policy, wanted, found) = await transactions.Read(async db =>
        {
            var policy = await CampaignPolicies.Get<MarkingPolicy>(db, request.CampaignId, PolicyKind.Marking);
            var filter = await ExpertQueue.Of(db, caller, request.CampaignId, policy, clock.GetCurrentInstant()) with { ItemCode = request.ItemCode };
            return (policy, filter, await TaskStore.Candidates(db, filter, Ahead));
        });
        return await transactions.Write<Result<ClaimedScript?>>(async db =>
        {
            var now = clock.GetCurrentInstant();
            // Back to the queue first: what nobody holds any more may be what this expert gets.
            await AssignmentStore.LapseOverdue(db, now);
            if ((await AssignmentStore.Live(db, caller.AccountId, now)).Count >= MaxLive)
                return Refusal.Conflict("too-many-claims", $"У вас на руках уже {MaxLive} работ: проверьте или верните их, прежде чем брать новые.");
            var filter = wanted with { Now = now };
            foreach (var task in found)
                if (await TaskStore.IsAvailable(db, filter, task.Id) && await Take(db, task.Id, caller.AccountId, policy, now) is { } assignment)
                    return await Show(db, assignment, form);
            // Others have taken all that was found: look once more, now that nobody can come between.
            while (await TaskStore.Candidates(db, filter, 1) is [var task])
                if (await Take(db, task.Id, caller.AccountId, policy, now) is { } assignment) return await Show(db, assignment, form);
            return default(ClaimedScript);
        });
    }

    private static async Task<ClaimedScript> Show(Db db, AssignmentRow assignment, FormContent form)
    {
        var task = (await TaskStore.Find(db, assignment.TaskId))!;
        return await ClaimedScript.Read(db, assignment, task, (await SessionStore.Find(db, task.SessionId))!, form);
    }

    /// <returns>Null when another node took the place first.</returns>
    internal static async Task<AssignmentRow?> Take(Db db, Guid taskId, Guid expertId, MarkingPolicy policy, Instant now)
    {
        var task = (await TaskStore.Find(db, taskId))!;
        if (MarkingPlaces.Free(await AssignmentStore.PlacesTaken(db, taskId), policy.Experts + task.Thirds) is not { } place) return null;
        var assignment = new AssignmentRow
        {
            Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
            TaskId = taskId,
            Place = place,
            ExpertId = expertId,
            Code = RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", 8),
            ClaimedAt = now,
            LeaseUntil = now + Duration.FromMinutes(policy.LeaseMinutes),
            Draft = await AssignmentStore.LapsedDraft(db, taskId, expertId),
        };
        return await AssignmentStore.Add(db, assignment) ? assignment : null;
    }
}
