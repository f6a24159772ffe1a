using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.UseCases.Marking;

/// <summary>Marks not given yet, as the expert left them.</summary>
/// <param name="Criteria">Criterion → points; criteria may be missing.</param>
/// <param name="Comment">Up to 4,000 characters.</param>
public sealed record MarksDraft(IReadOnlyDictionary<string, Points> Criteria, string? Comment = null)
{
    internal string Write() => JsonSerializer.Serialize(this, Json.Options);

    internal static MarksDraft? Read(string? draft) => draft is null ? null : JsonSerializer.Deserialize<MarksDraft>(draft, Json.Options);
}

/// <summary>What an expert gave before a third reading.</summary>
/// <param name="Criteria">As given, before the gate.</param>
/// <param name="Points">After the gate.</param>
/// <param name="NoAnswer">«К заданию не приступали».</param>
public sealed record EarlierMarks(IReadOnlyDictionary<string, Points> Criteria, Points Points, bool NoAnswer, string? Comment);

/// <summary>One open answer as an expert sees it: nothing of the person, no session, no exact time.</summary>
/// <param name="AssignmentId">For drafts, renewal, return and marks.</param>
/// <param name="Code">Stands for the person in talk with the chair; another one for every claim.</param>
/// <param name="Stem">The task, Markdown.</param>
/// <param name="Stimulus">What the task refers to.</param>
/// <param name="Rubric">Criteria with a description of every point value; the gate's 0 makes every criterion 0.</param>
/// <param name="Solution">The author's solution.</param>
/// <param name="Exemplars">Answers with the points they deserve.</param>
/// <param name="Answer">As typed.</param>
/// <param name="SatOn">The day of the sitting, in the site's time zone.</param>
/// <param name="LeaseUntil">Renew before then, or the script goes back to the queue.</param>
/// <param name="Draft">What this expert has noted so far.</param>
/// <param name="ThirdReason">Why a third reading was called; only in it.</param>
/// <param name="EarlierMarks">What the others gave; only in a third reading, which decides.</param>
/// <param name="Alike">How many other waiting answers say the same in the same words: one decision may serve them all.</param>
public sealed record ClaimedScript(
    Guid AssignmentId, string Code, Guid CampaignId, string ItemCode, int ItemVersion, Points MaxPoints, string Stem, Stimulus? Stimulus,
    Rubric Rubric, string Solution, IReadOnlyList<Exemplar> Exemplars, string Answer, string SatOn, Instant LeaseUntil, MarksDraft? Draft,
    string? ThirdReason, IReadOnlyList<EarlierMarks>? EarlierMarks, int Alike)
{
    // On the answer that stands; nothing tells who gave them.
    private static IReadOnlyList<EarlierMarks> Earlier(SessionLedger ledger, int slot)
    {
        var rounds = ledger.Rounds(slot);
        var revision = rounds.Last(round => round.Kind is RoundKind.Auto).ResponseRevision;
        return rounds.Where(round => round.ResponseRevision == revision && round.Criteria is not null)
            .Select(round => new EarlierMarks(round.Criteria!, round.Points, round.Outcome is Outcome.Blank, round.Reason))
            .ToList();
    }

    internal static async Task<ClaimedScript> Read(Db db, AssignmentRow assignment, TaskRow task, SessionRow session, FormContent form)
    {
        var slot = form.Find(session.Variant, task.Slot)!;
        var answer = (await ResponseStore.Latest(db, session.Id)).Where(row => row.Slot == task.Slot)
            .Select(row => new SavedAnswer(row.Revision, row.Content)).FirstOrDefault();
        var policies = await CampaignPolicies.Load(db, task.CampaignId);
        var isThird = assignment.Place > policies.Get<MarkingPolicy>(PolicyKind.Marking).Experts;
        var ledger = isThird ? await LoadedLedger.Load(db, session, form, policies) : null;
        return new(
            AssignmentId: assignment.Id, Code: assignment.Code, CampaignId: task.CampaignId, ItemCode: task.ItemCode,
            ItemVersion: task.ItemVersion, MaxPoints: slot.Item.MaxPoints, Stem: slot.Item.Stem, Stimulus: slot.Item.Stimulus,
            Rubric: slot.Item.Rubric!, Solution: slot.Item.Solution, Exemplars: slot.Item.Exemplars,
            Answer: AutoMarking.TextOf(slot.Item, answer) ?? "", SatOn: await DayOf(db, session),
            LeaseUntil: assignment.LeaseUntil, Draft: MarksDraft.Read(assignment.Draft),
            ThirdReason: ledger is null ? null : task.ThirdReason,
            EarlierMarks: ledger is null ? null : Earlier(ledger.Ledger, task.Slot),
            Alike: ledger is null ? await TaskStore.CountAlike(db, task) : 0);
    }

    /// <summary>A benchmark as a first reading of a script: every field as a script has it.</summary>
    internal static ClaimedScript Of(TrialRow trial, BenchmarkRow benchmark, Item item) => new(
        AssignmentId: trial.Id, Code: trial.Code, CampaignId: trial.CampaignId, ItemCode: benchmark.ItemCode,
        ItemVersion: benchmark.ItemVersion, MaxPoints: item.MaxPoints, Stem: item.Stem, Stimulus: item.Stimulus,
        Rubric: item.Rubric!, Solution: item.Solution, Exemplars: item.Exemplars, Answer: benchmark.Answer, SatOn: trial.SatOn,
        LeaseUntil: trial.LeaseUntil, Draft: MarksDraft.Read(trial.Draft), ThirdReason: null, EarlierMarks: null, Alike: 0);

    /// <summary>The day of the sitting, in the site's time zone.</summary>
    internal static async Task<string> DayOf(Db db, SessionRow session)
    {
        var site = await SiteStore.Find(db, session.SiteId);
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(site?.TimeZone ?? "") ?? DateTimeZone.Utc;
        return LocalDatePattern.Iso.Format(session.StartedAt!.Value.InZone(zone).Date);
    }
}
