using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Access;
using Diagnostics.Server.Campaigns;
using Diagnostics.Server.Forms;
using Diagnostics.Server.Http;
using Diagnostics.Storage;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.Server.Marking;

/// <param name="LeaseUntil">The new end.</param>
internal sealed record Lease(Guid AssignmentId, Instant LeaseUntil);

/// <param name="Reason">Why it is given back: up to 4,000 characters.</param>
internal sealed record ReturnRequest(string Reason);

/// <summary>What an expert does with a claimed script before marking it: reads it again, notes marks, renews, gives it back.</summary>
internal sealed class HoldAssignment(Transactions transactions, OwnAssignments own, FormCatalog forms, IClock clock)
{
    internal const int MaxText = 4000;

    internal static void Map(IEndpointRouteBuilder marking)
    {
        marking.MapGet("/claims", List).WithName("ListMyClaims").WithSummary("Работы, которые сейчас у вас на проверке").AllowedTo(MarkingRights.Experts);
        marking.MapGet("/assignments/{assignmentId:guid}", Read).WithName("GetMyClaim").WithSummary("Работа, которая у вас на проверке").AllowedTo(MarkingRights.Experts);
        // A draft has one writer, the holder of the lease: the lease stands for If-Match.
        marking.MapPut("/assignments/{assignmentId:guid}/draft", Draft).WithName("SaveMarksDraft").WithSummary("Сохранить черновик баллов").AllowedTo(MarkingRights.Experts);
        marking.MapPost("/assignments/{assignmentId:guid}/lease", Renew).WithName("RenewClaim").WithSummary("Продлить срок проверки работы").AllowedTo(MarkingRights.Experts).Idempotent();
        marking.MapPost("/assignments/{assignmentId:guid}/return", Return).WithName("ReturnScript").WithSummary("Вернуть работу в очередь с указанием причины").AllowedTo(MarkingRights.Experts).Idempotent();
    }

    private static async Task<Ok<IReadOnlyList<ClaimedScript>>> List(Caller caller, HoldAssignment useCase) => TypedResults.Ok(await useCase.ListLive(caller));

    private static Task<Results<Ok<ClaimedScript>, ProblemHttpResult>> Read(Guid assignmentId, Caller caller, HoldAssignment useCase) => useCase.ReadOne(assignmentId, caller).Ok();

    private static Task<Results<NoContent, ProblemHttpResult>> Draft(Guid assignmentId, MarksDraft request, Caller caller, HoldAssignment useCase) =>
        useCase.Save(assignmentId, request, caller).NoContent();

    private static Task<Results<Ok<Lease>, ProblemHttpResult>> Renew(Guid assignmentId, Caller caller, HoldAssignment useCase) => useCase.Prolong(assignmentId, caller).Ok();

    private static Task<Results<NoContent, ProblemHttpResult>> Return(Guid assignmentId, ReturnRequest request, Caller caller, HoldAssignment useCase) =>
        useCase.GiveBack(assignmentId, request, caller).NoContent();

    internal static Refusal? CheckComment(string? comment) => string.IsNullOrEmpty(comment) ? null : TextRules.Check("comment", comment, MaxText);

    private async Task<IReadOnlyList<ClaimedScript>> ListLive(Caller caller)
    {
        var now = clock.GetCurrentInstant();
        var held = await transactions.Read(async db =>
        {
            var found = new List<(AssignmentRow Assignment, TaskRow Task, SessionRow Session)>();
            foreach (var assignment in await AssignmentStore.Live(db, caller.AccountId, now))
            {
                var task = (await TaskStore.Find(db, assignment.TaskId))!;
                found.Add((assignment, task, (await SessionStore.Find(db, task.SessionId))!));
            }
            return found;
        });
        var scripts = new List<ClaimedScript>();
        foreach (var (assignment, task, session) in held.Where(each => MarkingRights.Marks(caller, each.Task.CampaignId)))
        {
            var form = await forms.Get(session.FormId);
            scripts.Add(await transactions.Read(db => ClaimedScript.Read(db, assignment, task, session, form)));
        }
        return scripts;
    }

    private async Task<Result<ClaimedScript>> ReadOne(Guid id, Caller caller)
    {
        var form = await own.FormOf(id);
        return await transactions.Read<Result<ClaimedScript>>(async db =>
            (await OwnAssignments.Find(db, id, form, caller, clock.GetCurrentInstant())).Refused(out var refusal, out var live)
                ? refusal
                : await ClaimedScript.Read(db, live.Assignment, live.Task, live.Session, live.Form));
    }

    private Task<Result<Done>> Save(Guid id, MarksDraft draft, Caller caller) => With(id, caller, async (db, live, now) =>
    {
        if (CheckComment(draft.Comment) is { } wrong) return wrong;
        if (RubricMarking.CheckDraft(live.Form.Find(live.Session.Variant, live.Task.Slot)!.Item, draft.Criteria) is { } odd) return odd;
        return await AssignmentStore.SaveDraft(db, id, draft.Write(), now) ? default(Done) : (Result<Done>)OwnAssignments.Lapsed;
    });

    private Task<Result<Lease>> Prolong(Guid id, Caller caller) => With<Lease>(id, caller, async (db, live, now) =>
    {
        var policy = await CampaignPolicies.Get<MarkingPolicy>(db, live.Task.CampaignId, PolicyKind.Marking);
        var until = now + Duration.FromMinutes(policy.LeaseMinutes);
        return await AssignmentStore.Renew(db, id, until, now) ? new Lease(id, until) : OwnAssignments.Lapsed;
    });

    private Task<Result<Done>> GiveBack(Guid id, ReturnRequest request, Caller caller) => With(id, caller, async (db, live, now) =>
    {
        if (TextRules.Check("reason", request.Reason, MaxText) is { } wrong) return wrong;
        return await AssignmentStore.Return(db, live.Assignment.Id, request.Reason, now) ? default(Done) : (Result<Done>)OwnAssignments.Lapsed;
    });

    private async Task<Result<T>> With<T>(Guid id, Caller caller, Func<Db, LiveAssignment, Instant, Task<Result<T>>> act)
    {
        var form = await own.FormOf(id);
        return await transactions.Write<Result<T>>(async db =>
        {
            var now = clock.GetCurrentInstant();
            return (await OwnAssignments.Find(db, id, form, caller, now)).Refused(out var refusal, out var live) ? refusal : await act(db, live, now);
        });
    }
}
