using System.Security.Cryptography;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <param name="CampaignId">The campaign of the scripts.</param>
/// <param name="ItemCode">The item whose answers to claim; by default all items, one after another.</param>
public sealed record ClaimRequest(Guid CampaignId, string? ItemCode = null);

/// <summary>
/// Gives an expert the next script: one by a person from another organisation, which the expert has never had before
/// and which still needs one of the rounds that the policy requires. The claim is a lease, so that a script never stays
/// with an expert who has gone home.
/// </summary>
internal sealed class ClaimScript(Executor executor, FormCatalog forms) : UseCase<ClaimRequest, ClaimedScript?>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ClaimScript), MarkingRights.Experts, Trail.Shows("script.claimed"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal static readonly Refusal NotCommission = Refusal.Forbidden("not-your-commission", "Вы не эксперт комиссии этого мероприятия.");

    internal static readonly Refusal NotPublished = Refusal.Conflict("campaign-not-published", "Мероприятие ещё не объявлено: работ нет.");

    /// <param name="held">Number of claims that the expert has now.</param>
    internal static Refusal TooMany(int held) =>
        Refusal
            .Conflict(
                "too-many-claims",
                $"У вас на руках уже {Russian.Count(held, "работа", "работы", "работ")} этого мероприятия: "
                    + "проверьте или верните их, прежде чем брать новые."
            )
            .With("held", held);

    /// <summary>
    /// Number of candidates read before the transaction, because other experts who claim at the same time may take the
    /// first ones.
    /// </summary>
    private const int Ahead = 20;

    /// <summary>
    /// Refuses an expert who has as many claims as the policy allows. Benchmarks count too; otherwise an expert who is
    /// given one claim more than usual would know that one of them is a benchmark.
    /// </summary>
    internal static async Task<Refusal?> HandsFull(Db db, Guid expertId, Guid campaignId, MarkingPolicy policy, Instant now)
    {
        var scripts = await AssignmentStore.InHand(db, campaignId, expertId, now);
        var held = scripts + await TrialStore.InHand(db, campaignId, expertId, now);
        return held >= (policy.InHand ?? MarkingPolicy.UsualInHand) ? TooMany(held) : null;
    }

    internal static string NewCode() => RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", 8);

    /// <returns>Null when there is nothing for this expert now.</returns>
    protected override async Task<Result<ClaimedScript?>> Handle(ClaimRequest request, Caller caller)
    {
        if (!Reaches(caller, MarkingRights.Of(request.CampaignId)))
            return NotCommission;
        var campaign = await Fetch(db => CampaignStore.Find(db, request.CampaignId));
        if (campaign is null)
            return MarkingRights.NoCampaign;
        if (campaign.State is CampaignStatus.Draft)
            return NotPublished;
        var form = await forms.Get(campaign.FormId);
        var (policy, wanted, found) = await Fetch(async db =>
        {
            var policy = await CampaignPolicies.Get<MarkingPolicy>(db, request.CampaignId, PolicyKind.Marking);
            var now = Now;
            var filter = await ExpertQueue.Of(db, caller.AccountId, request.CampaignId, policy, now) with { ItemCode = request.ItemCode };
            filter = filter with { Closed = (await ExpertGates.Of(db, filter, policy, form, now)).Closed };
            return (policy, filter, await TaskStore.Candidates(db, filter, Ahead));
        });
        return await Write(
            caller,
            async db =>
            {
                // Claims take turns, because each reads the whole queue and changes it: of two claims at the same time,
                // one would only have to start again.
                await db.TakeTurn();
                var now = Now;
                // Return overdue claims first, so that this expert may get a script whose lease has run out.
                await AssignmentStore.LapseOverdue(db, now);
                await TrialStore.LapseOverdue(db, caller.AccountId, now);
                if (await HandsFull(db, caller.AccountId, request.CampaignId, policy, now) is { } full)
                    return full;
                // Read the gates again: a control marked in the meantime may have closed an item to this expert.
                var gates = await ExpertGates.Of(db, wanted, policy, form, now);
                var filter = wanted with { Now = now, Closed = gates.Closed };
                if (request.ItemCode is { } asked && gates.At(asked) is Passage.Closed { Refusal: var closed })
                    return closed;
                foreach (var task in found)
                    // The person's organisation may have been corrected since the candidates were read.
                    if (
                        await TaskStore.FindAvailable(db, filter, task.Id) is { } free
                        && !filter.IsOwn(free.Organisation)
                        && await Give(db, free, gates, caller, policy, form, now) is { } given
                    )
                        return await Noted(db, OrNone(given), caller, now);
                // Others have taken all candidates, so look again, now that nobody can interfere.
                while (await TaskStore.Candidates(db, filter, 1) is [var task])
                    if (filter.IsOwn(task.Organisation))
                        filter = filter with { OwnNames = [.. filter.OwnNames, task.Organisation!] };
                    else if (await Give(db, task, gates, caller, policy, form, now) is { } given)
                        return await Noted(db, OrNone(given), caller, now);
                return await Noted(db, await GiveNone(db, filter, gates, campaign, policy, form, now), caller, now);
            }
        );
    }

    /// <summary>
    /// Records the look in the transaction of the claim: the expert has the script from here on, so looking at it again is
    /// no new look.
    /// </summary>
    internal static async Task<Result<ClaimedScript?>> Noted(Db db, Result<ClaimedScript?> given, Caller caller, Instant now)
    {
        if (!given.Refused(out _, out var script) && script is not null)
            await LookStore.Append(db, now, caller.Id, "script.claimed", $"assignment:{script.AssignmentId:D}", []);
        return given;
    }

    private static Result<ClaimedScript?> OrNone(Result<ClaimedScript> given) => given.Map(script => (ClaimedScript?)script);

    /// <returns>
    /// The script, or the benchmark given in its place; null when another expert was first, or when the item is closed
    /// to this expert.
    /// </returns>
    private static async Task<Result<ClaimedScript>?> Give(
        Db db,
        TaskRow task,
        ExpertGates gates,
        Caller caller,
        MarkingPolicy policy,
        FormContent form,
        Instant now
    )
    {
        switch (gates.At(task.ItemCode))
        {
            case Passage.Closed:
                return null;
            case Passage.Trial trial:
                var day = await ClaimedScript.DayOf(db, (await SessionStore.Find(db, task.SessionId))!);
                return await GiveTrial.Run(db, trial.BenchmarkId, gates.Before(task.ItemCode)!, day, policy, form, now);
            default:
                return await Take(db, task.Id, caller.AccountId, policy, now) is { } assignment
                    ? (Result<ClaimedScript>)await Show(db, assignment, form)
                    : default(Result<ClaimedScript>?);
        }
    }

    /// <summary>
    /// Handles a queue that has no script for this expert: qualification continues without one, or the expert is told
    /// why scripts are withheld.
    /// </summary>
    private static async Task<Result<ClaimedScript?>> GiveNone(
        Db db,
        TaskFilter filter,
        ExpertGates gates,
        CampaignRow campaign,
        MarkingPolicy policy,
        FormContent form,
        Instant now
    )
    {
        if (filter.ItemCode is { } item && gates.At(item) is Passage.Trial { Purpose: BenchmarkPurpose.Qualification } trial)
            return OrNone(await GiveTrial.Run(db, trial.BenchmarkId, gates.Before(item)!, GiveTrial.DayOf(campaign), policy, form, now));
        if (
            filter.Closed.Count > 0
            && await TaskStore.Candidates(db, filter with { Closed = [] }, 1) is [var kept]
            && gates.At(kept.ItemCode) is Passage.Closed closed
        )
            return closed.Refusal;
        return default(ClaimedScript);
    }

    private static async Task<ClaimedScript> Show(Db db, AssignmentRow assignment, FormContent form)
    {
        var task = (await TaskStore.Find(db, assignment.TaskId))!;
        return await ClaimedScript.Read(db, assignment, task, (await SessionStore.Find(db, task.SessionId))!, form);
    }

    /// <returns>Null when other experts were first.</returns>
    internal static async Task<AssignmentRow?> Take(Db db, Guid taskId, Guid expertId, MarkingPolicy policy, Instant now)
    {
        var task = (await TaskStore.Find(db, taskId))!;
        if (MarkingPlaces.Free(await AssignmentStore.PlacesTaken(db, taskId), policy.Experts + task.Thirds) is not { } place)
            return null;
        var notes = await AssignmentStore.LapsedDraft(db, taskId, expertId);
        var assignment = new AssignmentRow
        {
            Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
            TaskId = taskId,
            Place = place,
            ExpertId = expertId,
            Code = NewCode(),
            ClaimedAt = now,
            LeaseUntil = now + Duration.FromMinutes(policy.LeaseMinutes),
            Draft = notes?.Draft,
            DraftNoAnswer = notes?.DraftNoAnswer is true,
        };
        return await AssignmentStore.Add(db, assignment) ? assignment : null;
    }
}
