using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>An expert's admission to an item, for people who lead marking.</summary>
/// <param name="Passed">Number of different qualification benchmarks marked within tolerance since the qualification
/// began.</param>
/// <param name="Attempts">Number of qualification benchmarks marked since the qualification began.</param>
/// <param name="Controls">Number of control scripts that the expert has ever marked.</param>
/// <param name="ControlsWithin">Number of those control scripts marked within tolerance.</param>
public sealed record ExpertAdmission(
    Guid ExpertId,
    string ItemCode,
    AdmissionState State,
    int Passed,
    int Attempts,
    int Controls,
    int ControlsWithin
)
{
    internal static ExpertAdmission Of(
        Guid expertId,
        string itemCode,
        MarkingPolicy policy,
        IReadOnlyList<AdmissionEvent> acts,
        IReadOnlyList<Trial> trials
    )
    {
        var admission = Admission.Of(policy.Qualification, acts, trials);
        var controls = trials.Where(trial => trial is { Purpose: BenchmarkPurpose.Control, State: ClaimState.Marked }).ToList();
        var within = controls.Count(trial => trial.Within is true);
        return new(expertId, itemCode, admission.State, admission.Passed, admission.Attempts, controls.Count, within);
    }
}

/// <summary>
/// The admission as the expert sees it, with nothing that shows how the marks of a benchmark turned out.
/// </summary>
/// <param name="Required">Number of qualification benchmarks to pass; absent when the policy requires none.</param>
public sealed record OwnAdmission(string ItemCode, AdmissionState State, int Attempts, int? Required, int? MaxAttempts);

/// <param name="Reason">The reason, up to 4,000 characters, which stays on record.</param>
public sealed record AdmissionDecision(Guid CampaignId, string Reason);

internal static class AdmissionRefusals
{
    internal static readonly Refusal NotChair = Refusal.Forbidden(
        "not-your-campaign",
        "Это право есть у председателя комиссии этого мероприятия и его заместителя."
    );

    internal static readonly Refusal Own = Refusal.Forbidden("own-admission", "О собственном допуске решает другой.");

    internal static readonly Refusal NotPaused = Refusal.Conflict(
        "expert-not-paused",
        "Проверка этого задания для эксперта не приостановлена."
    );

    internal static readonly Refusal NoQualification = Refusal.Conflict(
        "no-qualification",
        "Политика проверки этого мероприятия квалификации не требует."
    );

    internal static readonly Refusal NoAdmission = Refusal.NotFound("admission-not-found", "Такого эксперта по этому заданию нет.");
}

/// <summary>Lists which expert may mark which item, for people who lead marking.</summary>
internal sealed class ListAdmissions(Executor executor) : UseCase<Guid, IReadOnlyList<ExpertAdmission>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListAdmissions),
        MarkingRights.Leaders,
        Trail.Look<Guid, IReadOnlyList<ExpertAdmission>>(
            "admissions.listed",
            (campaign, all) => Looked.Rows($"campaign:{campaign:D}", all.Count)
        )
    );

    protected override Task<Result<IReadOnlyList<ExpertAdmission>>> Handle(Guid campaignId, Caller caller) =>
        Read(async db =>
        {
            if (!Reaches(caller, MarkingRights.Of(campaignId)))
                return MarkingRights.NotLeading;
            if (await CampaignStore.Find(db, campaignId) is null)
                return MarkingRights.NoCampaign;
            var policy = await CampaignPolicies.Get<MarkingPolicy>(db, campaignId, PolicyKind.Marking);
            var now = Now;
            var acts = (await AdmissionStore.OfCampaign(db, campaignId, null)).ToLookup(
                row => (row.ExpertId, row.ItemCode),
                ExpertGates.ActOf
            );
            var trials = (await TrialStore.OfCampaign(db, campaignId, null)).ToLookup(
                row => (row.ExpertId, row.ItemCode),
                row => ExpertGates.TrialOf(row, now)
            );
            return acts.Select(group => group.Key)
                .Union(trials.Select(group => group.Key))
                .OrderBy(key => key)
                .Select(key => ExpertAdmission.Of(key.ExpertId, key.ItemCode, policy, acts[key].ToList(), trials[key].ToList()))
                .ToList();
        });
}

/// <summary>Lists the expert's own admission to every open item of a campaign.</summary>
internal sealed class ListMyAdmissions(Executor executor, FormCatalog forms)
    : UseCase<Guid, IReadOnlyList<OwnAdmission>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListMyAdmissions), MarkingRights.Experts, Trail.Own);

    protected override async Task<Result<IReadOnlyList<OwnAdmission>>> Handle(Guid campaignId, Caller caller)
    {
        if (!Reaches(caller, MarkingRights.Of(campaignId)))
            return ClaimScript.NotCommission;
        if (await Fetch(db => CampaignStore.Find(db, campaignId)) is not { } campaign)
            return MarkingRights.NoCampaign;
        if (campaign.State is CampaignStatus.Draft)
            return ClaimScript.NotPublished;
        var form = await forms.Get(campaign.FormId);
        return await Read(async db =>
        {
            var policy = await CampaignPolicies.Get<MarkingPolicy>(db, campaignId, PolicyKind.Marking);
            var gates = await ExpertGates.Load(db, campaignId, caller.AccountId, 1, policy, form, Now);
            return ExpertGates
                .OpenItems(form)
                .Select(slot => gates.Before(slot.Item.Code)!)
                .Select(expert =>
                {
                    var admission = Admission.Of(policy.Qualification, expert.Acts, expert.Trials);
                    return new OwnAdmission(
                        expert.ItemCode,
                        admission.State,
                        admission.Attempts,
                        policy.Qualification?.Scripts,
                        policy.Qualification?.MaxAttempts
                    );
                })
                .ToList();
        });
    }
}

/// <summary>The chair's decision on an expert's admission to an item.</summary>
internal abstract class DecideAdmission(Operation operation, Executor executor, FormCatalog forms, AdmissionAct act)
    : UseCase<DecideAdmission.Request, ExpertAdmission>(operation, executor)
{
    private const string TakenBack = "Председатель назначил новую квалификацию.";

    internal sealed record Request(Guid ExpertId, string ItemCode, AdmissionDecision Decision);

    protected override async Task<Result<ExpertAdmission>> Handle(Request request, Caller caller)
    {
        var (expertId, itemCode, decision) = request;
        var campaignId = decision.CampaignId;
        if (MarkingComment.CheckReason(decision.Reason) is { } wrong)
            return wrong;
        if (!Reaches(caller, MarkingRights.Of(campaignId)))
            return AdmissionRefusals.NotChair;
        if (caller.AccountId == expertId)
            return AdmissionRefusals.Own;
        if (await Fetch(db => CampaignStore.Find(db, campaignId)) is not { } campaign)
            return MarkingRights.NoCampaign;
        var form = await forms.Get(campaign.FormId);
        return await Write(
            caller,
            async db =>
            {
                var now = Now;
                var policy = await CampaignPolicies.Get<MarkingPolicy>(db, campaignId, PolicyKind.Marking);
                var gates = await ExpertGates.Load(db, campaignId, expertId, 1, policy, form, now);
                if (gates.Before(itemCode) is not { } expert || (expert.Acts.Count == 0 && expert.Trials.Count == 0))
                    return AdmissionRefusals.NoAdmission;
                if (await Prepare(db, campaignId, expert, policy, now) is { } refusal)
                    return refusal;
                var afterTrials = expert.Trials.Count == 0 ? 0 : expert.Trials[^1].Number;
                var made = await AdmissionStore.Add(
                    db,
                    new AdmissionRow
                    {
                        CampaignId = campaignId,
                        ExpertId = expertId,
                        ItemCode = itemCode,
                        Number = expert.Acts.Count + 1,
                        Act = Codes.Of(act),
                        AfterTrials = afterTrials,
                        DecidedBy = caller.AccountId,
                        Reason = decision.Reason,
                        At = now,
                    }
                );
                if (!made)
                    return Refusal.Conflict("admission-changed", "О допуске этого эксперта только что решено иначе: прочитайте его снова.");
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    $"expert.{Codes.Of(act)}",
                    $"item:{itemCode}",
                    new
                    {
                        expertId,
                        decision.CampaignId,
                        decision.Reason,
                    }
                );
                return ExpertAdmission.Of(expertId, itemCode, policy, [.. expert.Acts, new(act, afterTrials, now)], expert.Trials);
            }
        );
    }

    /// <summary>
    /// Refuses a decision that does not fit the expert's state. Before a new qualification, takes back the scripts and
    /// benchmarks of the item that the expert has claimed.
    /// </summary>
    private async Task<Refusal?> Prepare(Db db, Guid campaignId, ExpertBeforeItem expert, MarkingPolicy policy, Instant now)
    {
        if (act is AdmissionAct.Resumed)
            return Admission.Of(policy.Qualification, expert.Acts, expert.Trials).State is AdmissionState.Paused
                ? null
                : AdmissionRefusals.NotPaused;
        if (policy.Qualification is null)
            return AdmissionRefusals.NoQualification;
        await AssignmentStore.LapseOfItem(db, campaignId, expert.ExpertId, expert.ItemCode, TakenBack, now);
        await TrialStore.LapseOfItem(db, campaignId, expert.ExpertId, expert.ItemCode, TakenBack, now);
        return null;
    }
}

/// <summary>Lifts a pause: the expert may mark the item again.</summary>
internal sealed class ResumeExpert(Executor executor, FormCatalog forms) : DecideAdmission(Operation, executor, forms, AdmissionAct.Resumed)
{
    internal static new readonly Operation Operation = new(nameof(ResumeExpert), MarkingRights.Chairs, Trail.Writes("expert.resumed"))
    {
        Repetition = Repetition.GivesResultAgain,
    };
}

/// <summary>
/// Sends an expert through qualification again; scripts of the item that the expert has claimed go back to the queue.
/// </summary>
internal sealed class RequalifyExpert(Executor executor, FormCatalog forms)
    : DecideAdmission(Operation, executor, forms, AdmissionAct.Requalified)
{
    internal static new readonly Operation Operation = new(
        nameof(RequalifyExpert),
        MarkingRights.Chairs,
        Trail.Writes("expert.requalified")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };
}
