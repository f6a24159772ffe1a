using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <param name="Criteria">Criterion → points, for every criterion of the rubric.</param>
/// <param name="Comment">Up to 4,000 characters; stays with the round.</param>
/// <param name="NoAnswer">The task was not attempted («X»): every criterion is 0. Against marks of another expert it may call a third.</param>
/// <param name="AlsoAlike">Gives the same marks to the other waiting answers that say the same in the same words, each a round of its own.</param>
public sealed record MarksRequest(IReadOnlyDictionary<string, Points> Criteria, string? Comment = null, bool NoAnswer = false, bool AlsoAlike = false);

/// <summary>The round as it stands in the ledger.</summary>
/// <param name="Criteria">As given, before the gate.</param>
/// <param name="Points">After the gate.</param>
/// <param name="Alike">How many answers like this one got the same marks.</param>
/// <param name="Agreed">Only in training: the marks that this answer deserves.</param>
public sealed record AwardedMarks(
    Guid AssignmentId, string Code, Points Points, Points Maximum, IReadOnlyDictionary<string, Points> Criteria, int Alike, AgreedMarks? Agreed = null);

/// <summary>
/// An expert's marks become a round of the ledger: an independent one, or the third that decides. The last one a session
/// waits for gives it a profile.
/// </summary>
internal sealed class AwardMarks(Transactions transactions, OwnAssignments own, ScoresChanged changed, IClock clock)
{
    /// <summary>Of one decision: more would hold up other people's answers.</summary>
    private const int MaxAlike = 100;

    internal static void Map(IEndpointRouteBuilder marking) => marking.MapPost("/assignments/{assignmentId:guid}/marks", Handle)
        .WithName("AwardMarks").WithSummary("Выставить баллы по критериям").AllowedTo(MarkingRights.Experts).Idempotent();

    private static Task<Results<Ok<AwardedMarks>, ProblemHttpResult>> Handle(Guid assignmentId, MarksRequest request, Caller caller, AwardMarks useCase) =>
        useCase.Run(assignmentId, request, caller).Ok();

    private async Task<Result<AwardedMarks>> Run(Guid id, MarksRequest request, Caller caller)
    {
        if (HoldAssignment.CheckComment(request.Comment) is { } wrong) return wrong;
        var form = await own.FormOf(id);
        return await transactions.Write<Result<AwardedMarks>>(async db =>
        {
            var now = clock.GetCurrentInstant();
            if ((await OwnAssignments.Find(db, id, form, caller, now)).Refused(out var refusal, out var live)) return refusal;
            if (RubricMarking.Score(live.Item, request.Criteria).Refused(out var odd, out var score)) return odd;
            if (request.NoAnswer)
            {
                if (request.Criteria.Values.Any(points => points != Points.Zero))
                    return Refusal.Invalid("no-answer-with-points", "Если к заданию не приступали, по каждому критерию 0 баллов.").With("field", "noAnswer");
                score = score with { Outcome = Outcome.Blank };
            }
            // The lease may have gone to another between check and save: whoever closes the claim gives the round.
            if (!await live.SetMarked(db, now)) return OwnAssignments.Lapsed;
            var policy = await CampaignPolicies.Get<MarkingPolicy>(db, live.CampaignId, PolicyKind.Marking);
            var awarded = new AwardedMarks(id, live.Code, score.Points, live.Item.MaxPoints, request.Criteria, 0);
            return live switch
            {
                LiveTrial trial => awarded with { Agreed = await MarkTrial.Run(db, trial, request, policy, form!, caller, now) },
                LiveAssignment script => awarded with { Alike = await GiveRounds(db, script, request, score, policy, caller, now) },
                _ => throw new InvalidOperationException($"A claim is a script or a benchmark, not {live.GetType().Name}."),
            };
        });
    }

    /// <returns>How many answers like it got the same marks.</returns>
    private async Task<int> GiveRounds(Db db, LiveAssignment live, MarksRequest request, Score score, MarkingPolicy policy, Caller caller, Instant now)
    {
        await Give(db, live, request, score, policy, caller, now);
        return request.AlsoAlike && live.Assignment.Place <= policy.Experts ? await GiveAlike(db, live, request, score, policy, caller, now) : 0;
    }

    private async Task Give(Db db, LiveAssignment live, MarksRequest request, Score score, MarkingPolicy policy, Caller caller, Instant now)
    {
        var slot = live.Form.Find(live.Session.Variant, live.Task.Slot)!;
        await TaskStore.SetMarkedWhenComplete(db, live.Task.Id, policy.Experts);
        var rounds = (await RoundStore.OfSession(db, live.Session.Id)).Where(round => round.Slot == slot.Slot).ToList();
        await RoundStore.Add(db, new MarkingRound
        {
            SessionId = live.Session.Id,
            Slot = slot.Slot,
            Number = rounds[^1].Number + 1,
            Kind = live.Assignment.Place > policy.Experts ? RoundKind.Adjudication : RoundKind.Expert,
            ResponseRevision = rounds.Last(round => round.Kind is RoundKind.Auto).ResponseRevision,
            Outcome = score.Outcome,
            Points = score.Points,
            Maximum = slot.Item.MaxPoints,
            Rule = score.Rule,
            ItemCode = slot.Item.Code,
            ItemVersion = slot.ItemVersion,
            Criteria = request.Criteria,
            MarkedBy = caller.AccountId,
            Reason = string.IsNullOrEmpty(request.Comment) ? null : request.Comment,
            At = now,
        });
        await AuditStore.Append(db, now, caller.Id, "script.marked", $"assignment:{live.Assignment.Id:D}", new { points = score.Points, maximum = slot.Item.MaxPoints });
        await SettleScript.Run(db, live.Session, live.Form, policy, now);
        await changed(db, live.Session, live.Form, "marked", now);
    }

    /// <summary>Individual rounds for answers that say the same: each script is claimed and marked as if it had been given by itself.</summary>
    private async Task<int> GiveAlike(Db db, LiveAssignment live, MarksRequest request, Score score, MarkingPolicy policy, Caller caller, Instant now)
    {
        var given = 0;
        var filter = await ExpertQueue.Of(db, caller, live.Task.CampaignId, policy, now) with { MayBeThird = false };
        foreach (var task in await TaskStore.Alike(db, filter, live.Task, MaxAlike))
        {
            var session = (await SessionStore.Find(db, task.SessionId))!;
            if (await ClaimScript.Take(db, task.Id, caller.AccountId, policy, now) is not { } assignment) continue;
            await AssignmentStore.SetMarked(db, assignment.Id, now);
            await Give(db, new(assignment, task, session, live.Form), request, score, policy, caller, now);
            given++;
        }
        return given;
    }
}
