using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>The agreed marks for a benchmark's answer.</summary>
/// <param name="Criteria">The agreed points for each criterion, before the gate is applied.</param>
/// <param name="Points">The agreed points, after the gate is applied.</param>
/// <param name="Distance">Distance between the expert's marks and these: the differences summed over all criteria,
/// after the gate is applied.</param>
public sealed record AgreedMarks(IReadOnlyDictionary<string, Points> Criteria, Points Points, Points Distance, string Comment);

/// <summary>
/// Carries out what the marks of a benchmark cause: feedback in training, admission after qualification, or a pause
/// when a control script was marked outside the tolerance. These marks never become a round, a task or a result.
/// </summary>
internal static class MarkTrial
{
    internal const string SecondLook = "Второй взгляд: работа проверяется ещё раз.";

    private const string TakenBack = "Проверка задания приостановлена: работа вернулась в очередь.";

    /// <returns>The feedback; null when the expert gets none.</returns>
    internal static async Task<AgreedMarks?> Run(
        Db db,
        HeldBenchmark held,
        MarksRequest request,
        MarkingPolicy policy,
        FormContent form,
        Caller caller,
        Instant now
    )
    {
        var rubric = held.Item.Rubric!;
        var purpose = Codes.Parse<BenchmarkPurpose>(held.Benchmark.Purpose);
        var agreed = MarksOf(held.Benchmark.Criteria);
        var distance = BenchmarkMarks.Distance(rubric, agreed, request.Criteria);
        var within = purpose switch
        {
            BenchmarkPurpose.Training => (bool?)null,
            BenchmarkPurpose.Qualification => distance <= policy.Qualification!.Tolerance,
            BenchmarkPurpose.Control => distance <= policy.Control!.Tolerance,
            _ => throw new InvalidOperationException($"Unknown purpose {purpose}."),
        };
        await TrialStore.AddMarks(
            db,
            new TrialMarksRow
            {
                TrialId = held.Id,
                Criteria = JsonSerializer.Serialize(request.Criteria, ItemJson.Options),
                NoAnswer = request.NoAnswer,
                Comment = VisibleText.ShowsNothing(request.Comment) ? null : request.Comment,
                Distance = distance,
                Within = within,
                At = now,
            }
        );
        await AuditStore.Append(
            db,
            now,
            caller.Id,
            "benchmark.marked",
            $"assignment:{held.Id:D}",
            new
            {
                purpose = Codes.Of(purpose),
                distance,
                within,
            }
        );
        if (purpose is BenchmarkPurpose.Training)
            return new(agreed, rubric.Effective(agreed).Values.Sum(), distance, held.Benchmark.Comment);
        // If the benchmark was retired while the expert was marking it, the marks have no effect, because it may have
        // been faulty.
        if (held.Benchmark.RetiredAt is null)
        {
            var gates = await ExpertGates.Load(db, held.CampaignId, caller.AccountId, 1, policy, form, now);
            var expert = gates.Before(held.Trial.ItemCode)!;
            if (purpose is BenchmarkPurpose.Qualification)
                await Admit(db, held, expert, policy, caller, now);
            else if (within is false)
                await Pause(db, held, expert, policy, caller, now);
        }
        return null;
    }

    internal static IReadOnlyDictionary<string, Points> MarksOf(string json) =>
        JsonSerializer.Deserialize<IReadOnlyDictionary<string, Points>>(json, ItemJson.Options)!;

    private static async Task Admit(Db db, HeldBenchmark held, ExpertBeforeItem expert, MarkingPolicy policy, Caller caller, Instant now)
    {
        if (expert.Acts.Count > 0 && expert.Acts[^1].Act is not AdmissionAct.Requalified)
            return;
        if (Admission.Of(policy.Qualification, expert.Acts, expert.Trials).State is not AdmissionState.Admitted)
            return;
        await AdmissionStore.Add(db, Act(held, expert, AdmissionAct.Admitted, 0, now));
        await AuditStore.Append(db, now, caller.Id, "expert.admitted", $"item:{expert.ItemCode}", new { expert.ExpertId, held.CampaignId });
    }

    /// <summary>
    /// Pauses the expert on this item immediately, and calls for another reading of everything that the expert has
    /// marked on this item since the expert's marks were last known to be good.
    /// </summary>
    private static async Task Pause(Db db, HeldBenchmark held, ExpertBeforeItem expert, MarkingPolicy policy, Caller caller, Instant now)
    {
        var returned = await AssignmentStore.LapseOfItem(db, held.CampaignId, expert.ExpertId, expert.ItemCode, TakenBack, now);
        await TrialStore.LapseOfItem(db, held.CampaignId, expert.ExpertId, expert.ItemCode, TakenBack, now);
        var since = ItemGate.DoubtedSince(expert);
        var looks = await TaskStore.CallSecondLooks(
            db,
            held.CampaignId,
            expert.ExpertId,
            expert.ItemCode,
            since,
            policy.Experts,
            SecondLook
        );
        await AdmissionStore.Add(db, Act(held, expert, AdmissionAct.Paused, looks, now));
        await AuditStore.Append(
            db,
            now,
            caller.Id,
            "expert.paused",
            $"item:{expert.ItemCode}",
            new
            {
                expert.ExpertId,
                held.CampaignId,
                returned,
                secondLooks = looks,
            }
        );
    }

    private static AdmissionRow Act(HeldBenchmark held, ExpertBeforeItem expert, AdmissionAct act, int looks, Instant now) =>
        new()
        {
            CampaignId = held.CampaignId,
            ExpertId = expert.ExpertId,
            ItemCode = expert.ItemCode,
            Number = expert.Acts.Count + 1,
            Act = Codes.Of(act),
            AfterTrials = expert.Trials[^1].Number,
            TrialId = held.Id,
            SecondLooks = looks,
            At = now,
        };
}
