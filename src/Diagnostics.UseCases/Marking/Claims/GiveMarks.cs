using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>The step of a transaction that turns an expert's marks into a round.</summary>
internal sealed class GiveMarks(ScoresChanged changed)
{
    /// <summary>Most answers that one decision may cover: more would hold up other people's answers.</summary>
    internal const int MaxAlike = 100;

    /// <param name="form">The result of <see cref="OwnAssignments.FormOf"/>.</param>
    /// <returns>A refusal changes nothing.</returns>
    internal async Task<Result<AwardedMarks>> Run(Db db, Guid id, FormContent? form, MarksRequest given, Caller caller, Instant now)
    {
        if ((await OwnAssignments.Find(db, id, form, caller, now)).Refused(out var refusal, out var held))
            return refusal;
        if (RubricMarks.Of(held.Item, given.Criteria, given.NoAnswer).Refused(out var odd, out var marks))
            return odd;
        given = given with { Criteria = marks.Criteria };
        // Between check and save the lease may have gone to another expert: only the expert who closes the
        // assignment gives a round.
        if (!await held.SetMarked(db, now))
            return OwnAssignments.Lapsed;
        var policies = await CampaignPolicies.Load(db, held.CampaignId);
        var awarded = new AwardedMarks(id, held.Code, marks.Score.Points, held.Item.MaxPoints, given.Criteria, 0);
        return held switch
        {
            HeldBenchmark benchmark => awarded with
            {
                Agreed = await MarkTrial.Run(db, benchmark, given, policies.Get<MarkingPolicy>(PolicyKind.Marking), form!, caller, now),
            },
            HeldScript script => awarded with { Alike = await GiveRounds(db, script, new(marks, given, policies, caller, now)) },
            _ => throw new InvalidOperationException($"An expert holds a script or a benchmark, not {held.GetType().Name}."),
        };
    }

    /// <returns>Number of answers with the same wording that got these marks.</returns>
    private async Task<int> GiveRounds(Db db, HeldScript held, Award award)
    {
        await Give(db, held, award);
        return award.Request.AlsoAlike ? await GiveAlike(db, held, award) : 0;
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
    /// Gives separate rounds to answers with the same wording: each script is claimed and marked as if it were alone.
    /// </summary>
    private async Task<int> GiveAlike(Db db, HeldScript held, Award award)
    {
        var (policy, expert, now) = (award.Policy, award.Caller.AccountId, award.Now);
        var given = 0;
        foreach (var task in await ListAlike.Of(db, held, policy, award.Caller, now))
        {
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
