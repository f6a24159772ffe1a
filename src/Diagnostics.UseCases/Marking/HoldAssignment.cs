using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <param name="LeaseUntil">The new end.</param>
public sealed record Lease(Guid AssignmentId, Instant LeaseUntil);

/// <param name="Reason">Why it is given back: up to 4,000 characters.</param>
public sealed record ReturnRequest(string Reason);

/// <summary>What an expert does with a claimed script before marking it: reads it again, notes marks, renews, gives it back.</summary>
internal sealed class HoldAssignment(Transactions transactions, OwnAssignments own, IClock clock)
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
        var scripts = new List<ClaimedScript>();
        foreach (var id in await transactions.Read(db => OwnAssignments.Held(db, caller.AccountId, now)))
            if (!(await ReadOne(id, caller)).Refused(out _, out var script)) scripts.Add(script);
        return scripts;
    }

    private async Task<Result<ClaimedScript>> ReadOne(Guid id, Caller caller)
    {
        var form = await own.FormOf(id);
        return await transactions.Read<Result<ClaimedScript>>(async db =>
            (await OwnAssignments.Find(db, id, form, caller, clock.GetCurrentInstant())).Refused(out var refusal, out var live) ? refusal : await live.Show(db));
    }

    private Task<Result<Done>> Save(Guid id, MarksDraft draft, Caller caller) => With(id, caller, async (db, live, now) =>
    {
        if (CheckComment(draft.Comment) is { } wrong) return wrong;
        if (RubricMarking.CheckDraft(live.Item, draft.Criteria) is { } odd) return odd;
        return await live.SaveDraft(db, draft.Write(), now) ? default(Done) : (Result<Done>)OwnAssignments.Lapsed;
    });

    private Task<Result<Lease>> Prolong(Guid id, Caller caller) => With<Lease>(id, caller, async (db, live, now) =>
    {
        var policy = await CampaignPolicies.Get<MarkingPolicy>(db, live.CampaignId, PolicyKind.Marking);
        var until = now + Duration.FromMinutes(policy.LeaseMinutes);
        return await live.Renew(db, until, now) ? new Lease(id, until) : OwnAssignments.Lapsed;
    });

    private Task<Result<Done>> GiveBack(Guid id, ReturnRequest request, Caller caller) => With(id, caller, async (db, live, now) =>
    {
        if (TextRules.Check("reason", request.Reason, MaxText) is { } wrong) return wrong;
        return await live.Return(db, request.Reason, now) ? default(Done) : (Result<Done>)OwnAssignments.Lapsed;
    });

    // Each act is one statement that asks itself whether the lease still holds.
    private async Task<Result<T>> With<T>(Guid id, Caller caller, Func<Db, LiveClaim, Instant, Task<Result<T>>> act)
    {
        var form = await own.FormOf(id);
        return await transactions.Write<Result<T>>(async db =>
        {
            var now = clock.GetCurrentInstant();
            return (await OwnAssignments.Find(db, id, form, caller, now)).Refused(out var refusal, out var live) ? refusal : await act(db, live, now);
        }, Isolation.Guarded);
    }
}
