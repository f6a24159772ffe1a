using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <param name="Criteria">The points for every criterion of the rubric.</param>
/// <param name="Comment">A comment, up to 4,000 characters; it is stored with the round.</param>
/// <param name="NoAnswer">Whether the item was not attempted («X»); every criterion is then 0. If another expert has
/// given marks, a third expert may be called.</param>
/// <param name="AlsoAlike">Whether to give these marks also to the other waiting answers with the same wording, each in
/// a separate round.</param>
public sealed record MarksRequest(
    IReadOnlyDictionary<string, Points> Criteria,
    string? Comment = null,
    bool NoAnswer = false,
    bool AlsoAlike = false
);

/// <summary>The marks as the ledger has recorded them.</summary>
/// <param name="Criteria">The marks as the expert gave them, before the gate is applied.</param>
/// <param name="Points">The points after the gate is applied.</param>
/// <param name="Alike">Number of other answers with the same wording that got these marks.</param>
/// <param name="Agreed">The agreed marks for this answer; only in training.</param>
public sealed record AwardedMarks(
    Guid AssignmentId,
    string Code,
    Points Points,
    Points Maximum,
    IReadOnlyDictionary<string, Points> Criteria,
    int Alike,
    AgreedMarks? Agreed = null
);

/// <summary>
/// Turns an expert's marks into a round of the ledger: an independent round, or the third one, which decides. When the
/// last round for which a session waits is given, the session gets its profile.
/// </summary>
internal sealed class AwardMarks(Executor executor, OwnAssignments own, ScoresChanged changed)
    : UseCase<AwardMarks.Request, AwardedMarks>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(AwardMarks), MarkingRights.Experts)
    {
        Repetition = Repetition.GivesResultAgain,
    };

    /// <summary>
    /// The most answers that one decision may cover; a transaction for more would hold up the saves of other people.
    /// </summary>
    private const int MaxAlike = 100;

    internal sealed record Request(Guid AssignmentId, MarksRequest Marks);

    protected override async Task<Result<AwardedMarks>> Handle(Request request, Caller caller)
    {
        var (id, given) = request;
        if (MarkingComment.Check(given.Comment) is { } wrong)
            return wrong;
        var form = await own.FormOf(id);
        return await Write(
            caller,
            async db =>
            {
                var now = Now;
                if ((await OwnAssignments.Find(db, id, form, caller, now)).Refused(out var refusal, out var held))
                    return refusal;
                if (RubricMarks.Of(held.Item, given.Criteria, given.NoAnswer).Refused(out var odd, out var marks))
                    return odd;
                // The lease may have run out and gone to another expert between the check and the save, so only the
                // expert who closes the assignment may give the round.
                if (!await held.SetMarked(db, now))
                    return OwnAssignments.Lapsed;
                var policies = await CampaignPolicies.Load(db, held.CampaignId);
                var awarded = new AwardedMarks(id, held.Code, marks.Score.Points, held.Item.MaxPoints, given.Criteria, 0);
                return held switch
                {
                    HeldBenchmark benchmark => awarded with
                    {
                        Agreed = await MarkTrial.Run(
                            db,
                            benchmark,
                            given,
                            policies.Get<MarkingPolicy>(PolicyKind.Marking),
                            form!,
                            caller,
                            now
                        ),
                    },
                    HeldScript script => awarded with { Alike = await GiveRounds(db, script, new(marks, given, policies, caller, now)) },
                    _ => throw new InvalidOperationException($"An expert holds a script or a benchmark, not {held.GetType().Name}."),
                };
            }
        );
    }

    /// <returns>Number of other answers with the same wording that got these marks.</returns>
    private async Task<int> GiveRounds(Db db, HeldScript held, Award award)
    {
        await Give(db, held, award);
        return award.Request.AlsoAlike && held.Assignment.Place <= award.Policy.Experts ? await GiveAlike(db, held, award) : 0;
    }

    private async Task Give(Db db, HeldScript held, Award award)
    {
        var (policy, marks, now) = (award.Policy, award.Marks, award.Now);
        await TaskStore.SetMarkedWhenComplete(db, held.Task.Id, policy.Experts);
        var ledger = await LoadedLedger.Load(db, held.Session, held.Form, award.Policies);
        var given = ledger.Ledger.Award(held.Task.Slot, held.Assignment.Place, marks, award.Caller.AccountId, award.Request.Comment, now);
        ledger = await ledger.Save(db, given, now);
        await AuditStore.Append(
            db,
            now,
            award.Caller.Id,
            "script.marked",
            $"assignment:{held.Assignment.Id:D}",
            new { points = marks.Score.Points, maximum = held.Item.MaxPoints }
        );
        ledger = await ledger.Settle(db, now);
        await changed(db, ledger, "marked", now);
    }

    /// <summary>
    /// Gives a separate round to each answer with the same wording; each script is claimed and marked as if it were the
    /// only one.
    /// </summary>
    private async Task<int> GiveAlike(Db db, HeldScript held, Award award)
    {
        var (policy, expert, now) = (award.Policy, award.Caller.AccountId, award.Now);
        var given = 0;
        var filter = await ExpertQueue.Of(db, award.Caller, held.Task.CampaignId, policy, now) with { MayBeThird = false };
        foreach (var task in await TaskStore.Alike(db, filter, held.Task, MaxAlike))
        {
            if (filter.IsOwn(task.Organisation))
                continue;
            var session = (await SessionStore.Find(db, task.SessionId))!;
            if (await ClaimScript.Take(db, task.Id, expert, policy, now) is not { } assignment)
                continue;
            await LeaseStore.Scripts.SetMarked(db, assignment.Id, now);
            await Give(db, new(assignment, task, session, held.Form), award);
            given++;
        }
        return given;
    }

    /// <summary>One decision of an expert, for one script or for several with the same wording.</summary>
    private sealed record Award(RubricMarks Marks, MarksRequest Request, CampaignPolicies Policies, Caller Caller, Instant Now)
    {
        internal MarkingPolicy Policy => Policies.Get<MarkingPolicy>(PolicyKind.Marking);
    }
}
