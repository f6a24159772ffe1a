using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Access;
using Diagnostics.Server.Campaigns;
using Diagnostics.Server.Http;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Marking;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.Server.Marking;

/// <param name="Criteria">Criterion → points, for every criterion of the rubric.</param>
/// <param name="Comment">Up to 4,000 characters; stays with the round.</param>
internal sealed record MarksRequest(IReadOnlyDictionary<string, Points> Criteria, string? Comment = null);

/// <summary>The round as it stands in the ledger.</summary>
/// <param name="Criteria">As given, before the gate.</param>
/// <param name="Points">After the gate.</param>
internal sealed record AwardedMarks(Guid AssignmentId, string Code, Points Points, Points Maximum, IReadOnlyDictionary<string, Points> Criteria);

/// <summary>An expert's marks become a round of the ledger; the last one a session waits for gives it a profile.</summary>
internal sealed class AwardMarks(Transactions transactions, OwnAssignments own, ScoresChanged changed, IClock clock)
{
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
            var slot = live.Form.Find(live.Session.Variant, live.Task.Slot)!;
            if (RubricMarking.Score(slot.Item, request.Criteria).Refused(out var odd, out var score)) return odd;
            // The lease may have gone to another between check and save: whoever closes the claim gives the round.
            if (!await AssignmentStore.SetMarked(db, id, now)) return OwnAssignments.Lapsed;
            var policy = await CampaignPolicies.Get<MarkingPolicy>(db, live.Task.CampaignId, PolicyKind.Marking);
            await TaskStore.SetMarkedWhenComplete(db, live.Task.Id, policy.Experts);
            var rounds = (await RoundStore.OfSession(db, live.Session.Id)).Where(round => round.Slot == slot.Slot).ToList();
            await RoundStore.Add(db, new MarkingRound(
                live.Session.Id, slot.Slot, rounds[^1].Number + 1, RoundKind.Expert, rounds.Last(round => round.Kind is RoundKind.Auto).ResponseRevision,
                score.Outcome, score.Points, slot.Item.MaxPoints, score.Rule, slot.Item.Code, slot.ItemVersion, null,
                request.Criteria, caller.AccountId, string.IsNullOrEmpty(request.Comment) ? null : request.Comment, now));
            await AuditStore.Append(db, now, caller.Id, "script.marked", $"assignment:{id:D}", new { points = score.Points, maximum = slot.Item.MaxPoints });
            await changed(db, live.Session, live.Form, "marked", now);
            return new AwardedMarks(id, live.Assignment.Code, score.Points, slot.Item.MaxPoints, request.Criteria);
        });
    }
}
