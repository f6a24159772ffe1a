using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <param name="Text">The answer as typed.</param>
/// <param name="Scripts">How many waiting scripts have it, letter for letter.</param>
public sealed record AlikeAnswer(string Text, int Scripts);

/// <summary>The scripts to which the marks of one script would also go.</summary>
/// <param name="Scripts">Their number; never more than one decision may cover.</param>
/// <param name="Answers">Their answers, most frequent first; nothing shows whose they are or when they were
/// written.</param>
public sealed record AlikeAnswers(int Scripts, IReadOnlyList<AlikeAnswer> Answers);

/// <summary>
/// Shows the waiting answers that are equal to that of a claim, before the expert decides on all of them. They are the
/// scripts that would get the marks now; by the time the marks are given, there may be fewer or more.
/// </summary>
internal sealed class ListAlike(Executor executor, OwnAssignments own) : UseCase<Guid, AlikeAnswers>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListAlike),
        MarkingRights.Experts,
        Trail.Look<Guid, AlikeAnswers>(
            "script.alike-viewed",
            (assignment, alike) => Looked.Rows($"assignment:{assignment:D}", alike.Answers.Count)
        )
    );

    private static readonly AlikeAnswers None = new(0, []);

    protected override async Task<Result<AlikeAnswers>> Handle(Guid assignmentId, Caller caller)
    {
        var form = await own.FormOf(assignmentId);
        return await Read(async db =>
        {
            var now = Now;
            if ((await OwnAssignments.Find(db, assignmentId, form, caller, now)).Refused(out var refusal, out var held))
                return refusal;
            if (held is not HeldScript script)
                return None;
            var policy = await CampaignPolicies.Get<MarkingPolicy>(db, held.CampaignId, PolicyKind.Marking);
            if (await Filter(db, script, policy, caller, now) is not { } filter)
                return None;
            var answers = (await TaskStore.AlikeAnswers(db, filter, script.Task, GiveMarks.MaxAlike))
                .Where(row => !filter.IsOwn(row.Organisation))
                .Select(row => AutoMarking.TextOf(held.Item, new(row.Revision, row.Content)) ?? "")
                .GroupBy(text => text, (text, all) => new AlikeAnswer(text, all.Count()))
                .OrderByDescending(answer => answer.Scripts)
                .ThenBy(answer => answer.Text, StringComparer.Ordinal)
                .ToList();
            return (Result<AlikeAnswers>)new AlikeAnswers(answers.Sum(answer => answer.Scripts), answers);
        });
    }

    /// <summary>The other waiting scripts with an equal answer that this expert may receive.</summary>
    internal static async Task<IReadOnlyList<TaskRow>> Of(Db db, HeldScript held, MarkingPolicy policy, Caller caller, Instant now) =>
        await Filter(db, held, policy, caller, now) is { } filter
            ? (await TaskStore.Alike(db, filter, held.Task, GiveMarks.MaxAlike)).Where(task => !filter.IsOwn(task.Organisation)).ToList()
            : [];

    /// <returns>Null when the marks of the script can go to no other one: a third reading decides on one script
    /// alone.</returns>
    private static async Task<TaskFilter?> Filter(Db db, HeldScript held, MarkingPolicy policy, Caller caller, Instant now) =>
        held.Task.Likeness.Length == 0 || held.Assignment.Place > policy.Experts
            ? null
            : await ExpertQueue.Of(db, caller.AccountId, held.Task.CampaignId, policy, now) with
            {
                MayBeThird = false,
            };
}
