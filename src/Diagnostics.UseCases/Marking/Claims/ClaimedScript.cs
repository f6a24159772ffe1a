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
using Diagnostics.UseCases.Sessions;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.UseCases.Marking;

/// <summary>Marks that the expert has saved but not given yet.</summary>
/// <param name="Criteria">Points for the criteria; some may be missing.</param>
/// <param name="Comment">A comment, up to 4,000 characters.</param>
/// <param name="NoAnswer">Whether the item was not attempted («X»).</param>
/// <param name="Revision">The revision of the draft. A save names the revision that it replaces, or 0 when it is the
/// first; the stored draft then has the next number. A save without a revision replaces any draft.</param>
public sealed record MarksDraft(
    IReadOnlyDictionary<string, Points> Criteria,
    string? Comment = null,
    bool NoAnswer = false,
    int? Revision = null
)
{
    internal string Write() => Write(Criteria, Comment);

    /// <summary>Only members that nodes of the previous version read too; the rest is in columns.</summary>
    internal static string Write(IReadOnlyDictionary<string, Points> criteria, string? comment) =>
        JsonSerializer.Serialize(new Stored(criteria, comment), Json.Options);

    internal static MarksDraft? Read(string? draft, bool noAnswer, int revision) =>
        draft is not null && JsonSerializer.Deserialize<Stored>(draft, Json.Options) is { } stored
            ? new(stored.Criteria, stored.Comment, noAnswer, revision)
            : null;

    private sealed record Stored(IReadOnlyDictionary<string, Points> Criteria, string? Comment = null);
}

/// <summary>Marks that an expert gave before the third reading.</summary>
/// <param name="Criteria">The marks as the expert gave them, before the gate is applied.</param>
/// <param name="Points">The points after the gate is applied.</param>
/// <param name="NoAnswer">Whether the expert stated that the item was not attempted («К заданию не
/// приступали»).</param>
public sealed record EarlierMarks(IReadOnlyDictionary<string, Points> Criteria, Points Points, bool NoAnswer, string? Comment);

/// <summary>An open answer as an expert sees it: without the person, the session or the exact time.</summary>
/// <param name="AssignmentId">Id by which the expert saves a draft, renews the lease, returns the script or gives
/// marks.</param>
/// <param name="Code">A code that stands for the person in talks with the chair; every claim has a different
/// code.</param>
/// <param name="Stem">The task, in Markdown.</param>
/// <param name="Stimulus">The material that the task refers to.</param>
/// <param name="Rubric">The criteria, with a description of every point value; 0 for the gate criterion makes every
/// criterion 0.</param>
/// <param name="Solution">The author's solution.</param>
/// <param name="Exemplars">Example answers, with the points that they deserve.</param>
/// <param name="Answer">The answer as typed.</param>
/// <param name="SatOn">The day of the sitting, in the site's time zone.</param>
/// <param name="LeaseUntil">End of the lease; unless it is renewed before then, the script goes back to the
/// queue.</param>
/// <param name="Draft">The marks that this expert has saved so far.</param>
/// <param name="ThirdReason">Why a third reading was called; only in a third reading.</param>
/// <param name="EarlierMarks">The other experts' marks; only in a third reading, which decides.</param>
/// <param name="Alike">Number of other waiting answers with the same wording; one decision may cover them all.</param>
/// <param name="HeldAt">When the expert gave the marks of the draft. They become a round when the expert gives the next
/// marks, or shortly before the lease ends; until then they can be taken back.</param>
/// <param name="AlsoAlike">Whether the held marks also go to the other answers with the same wording.</param>
/// <param name="Scans">Scans of the answer on paper; absent when there are none.</param>
public sealed record ClaimedScript(
    Guid AssignmentId,
    string Code,
    Guid CampaignId,
    string ItemCode,
    int ItemVersion,
    Points MaxPoints,
    string Stem,
    Stimulus? Stimulus,
    Rubric Rubric,
    string Solution,
    IReadOnlyList<Exemplar> Exemplars,
    string Answer,
    string SatOn,
    Instant LeaseUntil,
    MarksDraft? Draft,
    string? ThirdReason,
    IReadOnlyList<EarlierMarks>? EarlierMarks,
    int Alike,
    Instant? HeldAt = null,
    bool AlsoAlike = false,
    IReadOnlyList<AnswerScan>? Scans = null
)
{
    // Returns only marks of the current version of the answer, with nothing about who gave them.
    private static IReadOnlyList<EarlierMarks> Earlier(SessionLedger ledger, int slot)
    {
        var rounds = ledger.Rounds(slot);
        var revision = rounds.Last(round => round.Kind is RoundKind.Auto).ResponseRevision;
        return rounds
            .Where(round => round.ResponseRevision == revision && round.Criteria is not null)
            .Select(round => new EarlierMarks(round.Criteria!, round.Points, round.Outcome is Outcome.Blank, round.Reason))
            .ToList();
    }

    internal static async Task<ClaimedScript> Read(Db db, AssignmentRow assignment, TaskRow task, SessionRow session, FormContent form)
    {
        var slot = form.Find(session.Variant, task.Slot)!;
        var answer = (await ResponseStore.Latest(db, session.Id))
            .Where(row => row.Slot == task.Slot)
            .Select(row => new SavedAnswer(row.Revision, row.Content))
            .FirstOrDefault();
        var policies = await CampaignPolicies.Load(db, task.CampaignId);
        var isThird = assignment.Place > policies.Get<MarkingPolicy>(PolicyKind.Marking).Experts;
        var ledger = isThird ? await LoadedLedger.Load(db, session, form, policies) : null;
        return new(
            AssignmentId: assignment.Id,
            Code: assignment.Code,
            CampaignId: task.CampaignId,
            ItemCode: task.ItemCode,
            ItemVersion: task.ItemVersion,
            MaxPoints: slot.Item.MaxPoints,
            Stem: slot.Item.Stem,
            Stimulus: slot.Item.Stimulus,
            Rubric: slot.Item.Rubric!,
            Solution: slot.Item.Solution,
            Exemplars: slot.Item.Exemplars,
            Answer: AutoMarking.TextOf(slot.Item, answer) ?? "",
            SatOn: await DayOf(db, session),
            LeaseUntil: assignment.LeaseUntil,
            Draft: MarksDraft.Read(assignment.Draft, assignment.DraftNoAnswer, assignment.DraftRevision),
            ThirdReason: ledger is null ? null : task.ThirdReason,
            EarlierMarks: ledger is null ? null : Earlier(ledger.Ledger, task.Slot),
            Alike: ledger is null ? await TaskStore.CountAlike(db, task) : 0,
            HeldAt: assignment.HeldAt,
            AlsoAlike: assignment.HeldAlike,
            Scans: await Sessions.Scans.Of(db, session.Id, task.Slot) is { Count: > 0 } scans ? scans : null
        );
    }

    /// <summary>
    /// A benchmark in the form of a script's first reading; every field looks as it would for a script.
    /// </summary>
    internal static ClaimedScript Of(TrialRow trial, BenchmarkRow benchmark, Item item) =>
        new(
            AssignmentId: trial.Id,
            Code: trial.Code,
            CampaignId: trial.CampaignId,
            ItemCode: benchmark.ItemCode,
            ItemVersion: benchmark.ItemVersion,
            MaxPoints: item.MaxPoints,
            Stem: item.Stem,
            Stimulus: item.Stimulus,
            Rubric: item.Rubric!,
            Solution: item.Solution,
            Exemplars: item.Exemplars,
            Answer: benchmark.Answer,
            SatOn: trial.SatOn,
            LeaseUntil: trial.LeaseUntil,
            Draft: MarksDraft.Read(trial.Draft, trial.DraftNoAnswer, trial.DraftRevision),
            ThirdReason: null,
            EarlierMarks: null,
            Alike: 0,
            HeldAt: trial.HeldAt,
            AlsoAlike: trial.HeldAlike
        );

    /// <summary>The day of the sitting, in the site's time zone.</summary>
    internal static async Task<string> DayOf(Db db, SessionRow session)
    {
        var site = await SiteStore.Find(db, session.SiteId);
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(site?.TimeZone ?? "") ?? DateTimeZone.Utc;
        return LocalDatePattern.Iso.Format(session.StartedAt!.Value.InZone(zone).Date);
    }
}
