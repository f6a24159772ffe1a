using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
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

namespace Diagnostics.UseCases.Marking;

/// <summary>An expert's standing with an item, for those who lead marking.</summary>
/// <param name="Passed">Different qualification benchmarks within tolerance since the qualification began.</param>
/// <param name="Attempts">Qualification benchmarks marked since then.</param>
/// <param name="Controls">Controls marked, ever.</param>
/// <param name="ControlsWithin">Of them within tolerance.</param>
public sealed record ExpertAdmission(Guid ExpertId, string ItemCode, AdmissionState State, int Passed, int Attempts, int Controls, int ControlsWithin);

/// <summary>The same for the expert: nothing of how a benchmark went.</summary>
/// <param name="Required">Qualification benchmarks to be passed; absent when the policy wants none.</param>
public sealed record OwnAdmission(string ItemCode, AdmissionState State, int Attempts, int? Required, int? MaxAttempts);

/// <param name="Reason">Why, up to 4,000 characters: it stays on record.</param>
public sealed record AdmissionDecision(Guid CampaignId, string Reason);

/// <summary>Who may mark which item, and the chair's decisions on it.</summary>
internal sealed class ExpertAdmissions(Transactions transactions, FormCatalog forms, IClock clock)
{
    internal static readonly AccessRule Chairs = AccessRule.Of(Role.Chair);

    internal static readonly Refusal NotChair = Refusal.Forbidden("not-your-campaign", "Это право есть у председателя комиссии этого мероприятия и его заместителя.");

    internal static readonly Refusal Own = Refusal.Forbidden("own-admission", "О собственном допуске решает другой.");

    internal static readonly Refusal NotPaused = Refusal.Conflict("expert-not-paused", "Проверка этого задания для эксперта не приостановлена.");

    internal static readonly Refusal NoQualification = Refusal.Conflict("no-qualification", "Политика проверки этого мероприятия квалификации не требует.");

    internal static readonly Refusal NoAdmission = Refusal.NotFound("admission-not-found", "Такого эксперта по этому заданию нет.");

    private const string TakenBack = "Председатель назначил новую квалификацию.";

    internal static void Map(IEndpointRouteBuilder marking)
    {
        marking.MapGet("/admissions", List).WithName("ListAdmissions").WithSummary("Допуск экспертов к заданиям: квалификация и контроль").MayFindNothing().AllowedTo(MarkingRights.Leaders);
        marking.MapGet("/admissions/mine", Mine).WithName("ListMyAdmissions").WithSummary("Ваш допуск к заданиям мероприятия").MayFindNothing().AllowedTo(MarkingRights.Experts);
        marking.MapPost("/admissions/{expertId:guid}/{itemCode}/resume", Resume).WithName("ResumeExpert").WithSummary("Снять приостановку: эксперт снова проверяет это задание").MayFindNothing().AllowedTo(Chairs).Idempotent();
        marking.MapPost("/admissions/{expertId:guid}/{itemCode}/requalify", Requalify).WithName("RequalifyExpert").WithSummary("Назначить эксперту новую квалификацию по заданию").MayFindNothing().AllowedTo(Chairs).Idempotent();
    }

    private static Task<Results<Ok<IReadOnlyList<ExpertAdmission>>, ProblemHttpResult>> List(Guid campaignId, Caller caller, ExpertAdmissions useCase) => useCase.All(campaignId, caller).Ok();

    private static Task<Results<Ok<IReadOnlyList<OwnAdmission>>, ProblemHttpResult>> Mine(Guid campaignId, Caller caller, ExpertAdmissions useCase) => useCase.OfCaller(campaignId, caller).Ok();

    private static Task<Results<Ok<ExpertAdmission>, ProblemHttpResult>> Resume(Guid expertId, string itemCode, AdmissionDecision request, Caller caller, ExpertAdmissions useCase) =>
        useCase.Decide(expertId, itemCode, AdmissionAct.Resumed, request, caller).Ok();

    private static Task<Results<Ok<ExpertAdmission>, ProblemHttpResult>> Requalify(Guid expertId, string itemCode, AdmissionDecision request, Caller caller, ExpertAdmissions useCase) =>
        useCase.Decide(expertId, itemCode, AdmissionAct.Requalified, request, caller).Ok();

    private Task<Result<IReadOnlyList<ExpertAdmission>>> All(Guid campaignId, Caller caller) => transactions.Read<Result<IReadOnlyList<ExpertAdmission>>>(async db =>
    {
        if (!MarkingRights.Leads(caller, campaignId)) return MarkingRights.NotLeading;
        if (await CampaignStore.Find(db, campaignId) is null) return MarkingRights.NoCampaign;
        var policy = await CampaignPolicies.Get<MarkingPolicy>(db, campaignId, PolicyKind.Marking);
        var now = clock.GetCurrentInstant();
        var acts = (await AdmissionStore.OfCampaign(db, campaignId, null)).ToLookup(row => (row.ExpertId, row.ItemCode), ExpertGates.ActOf);
        var trials = (await TrialStore.OfCampaign(db, campaignId, null)).ToLookup(row => (row.ExpertId, row.ItemCode), row => ExpertGates.TrialOf(row, now));
        return acts.Select(group => group.Key).Union(trials.Select(group => group.Key)).OrderBy(key => key)
            .Select(key => View(key.ExpertId, key.ItemCode, policy, acts[key].ToList(), trials[key].ToList())).ToList();
    });

    private async Task<Result<IReadOnlyList<OwnAdmission>>> OfCaller(Guid campaignId, Caller caller)
    {
        if (!MarkingRights.Marks(caller, campaignId)) return ClaimScript.NotCommission;
        if (await transactions.Read(db => CampaignStore.Find(db, campaignId)) is not { } campaign) return MarkingRights.NoCampaign;
        if (campaign.State is CampaignStatus.Draft) return ClaimScript.NotPublished;
        var form = await forms.Get(campaign.FormId);
        return await transactions.Read<Result<IReadOnlyList<OwnAdmission>>>(async db =>
        {
            var policy = await CampaignPolicies.Get<MarkingPolicy>(db, campaignId, PolicyKind.Marking);
            var gates = await ExpertGates.Load(db, campaignId, caller.AccountId, 1, policy, form, clock.GetCurrentInstant());
            return ExpertGates.OpenItems(form).Select(slot => gates.Before(slot.Item.Code)!).Select(expert =>
            {
                var admission = Admission.Of(policy.Qualification, expert.Acts, expert.Trials);
                return new OwnAdmission(expert.ItemCode, admission.State, admission.Attempts, policy.Qualification?.Scripts, policy.Qualification?.MaxAttempts);
            }).ToList();
        });
    }

    private async Task<Result<ExpertAdmission>> Decide(Guid expertId, string itemCode, AdmissionAct act, AdmissionDecision request, Caller caller)
    {
        if (TextRules.Check("reason", request.Reason, HoldAssignment.MaxText) is { } wrong) return wrong;
        if (!MarkingRights.Chairs(caller, request.CampaignId)) return NotChair;
        if (caller.AccountId == expertId) return Own;
        if (await transactions.Read(db => CampaignStore.Find(db, request.CampaignId)) is not { } campaign) return MarkingRights.NoCampaign;
        var form = await forms.Get(campaign.FormId);
        return await transactions.Write<Result<ExpertAdmission>>(async db =>
        {
            var now = clock.GetCurrentInstant();
            var policy = await CampaignPolicies.Get<MarkingPolicy>(db, request.CampaignId, PolicyKind.Marking);
            var gates = await ExpertGates.Load(db, request.CampaignId, expertId, 1, policy, form, now);
            if (gates.Before(itemCode) is not { } expert || (expert.Acts.Count == 0 && expert.Trials.Count == 0)) return NoAdmission;
            if (act is AdmissionAct.Resumed && Admission.Of(policy.Qualification, expert.Acts, expert.Trials).State is not AdmissionState.Paused) return NotPaused;
            if (act is AdmissionAct.Requalified)
            {
                if (policy.Qualification is null) return NoQualification;
                await AssignmentStore.LapseOfItem(db, request.CampaignId, expertId, itemCode, TakenBack, now);
                await TrialStore.LapseOfItem(db, request.CampaignId, expertId, itemCode, TakenBack, now);
            }
            var made = await AdmissionStore.Add(db, new AdmissionRow
            {
                CampaignId = request.CampaignId,
                ExpertId = expertId,
                ItemCode = itemCode,
                Number = expert.Acts.Count + 1,
                Act = Codes.Of(act),
                AfterTrials = expert.Trials.Count == 0 ? 0 : expert.Trials[^1].Number,
                DecidedBy = caller.AccountId,
                Reason = request.Reason,
                At = now,
            });
            if (!made) return Refusal.Conflict("admission-changed", "О допуске этого эксперта только что решено иначе: прочитайте его снова.");
            await AuditStore.Append(db, now, caller.Id, act is AdmissionAct.Resumed ? "expert.resumed" : "expert.requalified", $"item:{itemCode}", new { expertId, request.CampaignId, request.Reason });
            return View(expertId, itemCode, policy, [.. expert.Acts, new(act, expert.Trials.Count == 0 ? 0 : expert.Trials[^1].Number, now)], expert.Trials);
        });
    }

    private static ExpertAdmission View(Guid expertId, string itemCode, MarkingPolicy policy, IReadOnlyList<AdmissionEvent> acts, IReadOnlyList<Trial> trials)
    {
        var admission = Admission.Of(policy.Qualification, acts, trials);
        var controls = trials.Where(trial => trial is { Purpose: BenchmarkPurpose.Control, State: ClaimState.Marked }).ToList();
        return new(expertId, itemCode, admission.State, admission.Passed, admission.Attempts, controls.Count, controls.Count(trial => trial.Within is true));
    }
}
