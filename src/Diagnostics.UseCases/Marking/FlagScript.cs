using Diagnostics.Engine;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <param name="Kind"><c>author_revealed</c>, <c>unreadable</c> or <c>other</c>.</param>
/// <param name="Comment">What was seen: up to 4,000 characters.</param>
public sealed record FlagRequest(ScriptFlag Kind, string Comment);

/// <summary>A flag as the chair sees it.</summary>
/// <param name="Code">The script's code in that claim.</param>
/// <param name="SessionId">Of a participant's script.</param>
/// <param name="Slot">Of a participant's script.</param>
/// <param name="BenchmarkId">The flag is on this benchmark: it may be faulty, and then it is retired.</param>
public sealed record FlagRaised(
    Guid Id, ScriptFlag Kind, string Comment, string Code, string ItemCode, Guid? SessionId, int? Slot, Guid? BenchmarkId, Guid ExpertId, Instant At);

/// <summary>
/// «Автор раскрыл себя»: the script leaves this expert for good and goes to another; the chair sees why. A benchmark is
/// flagged like a script, because nothing tells it from one, and the chair learns that it does not serve.
/// </summary>
internal sealed class FlagScript(Transactions transactions, OwnAssignments own, IClock clock)
{
    internal static void Map(IEndpointRouteBuilder marking)
    {
        marking.MapPost("/assignments/{assignmentId:guid}/flags", Handle)
            .WithName("FlagScript").WithSummary("Пометить работу («автор раскрыл себя»): она уйдёт другому эксперту").AllowedTo(MarkingRights.Experts).Idempotent();
        marking.MapGet("/flags", List).WithName("ListFlags").WithSummary("Пометки экспертов на работах мероприятия, эталонные среди них").MayFindNothing().AllowedTo(MarkingRights.Leaders);
    }

    private static Task<Results<NoContent, ProblemHttpResult>> Handle(Guid assignmentId, FlagRequest request, Caller caller, FlagScript useCase) =>
        useCase.Run(assignmentId, request, caller).NoContent();

    private async Task<Result<Done>> Run(Guid id, FlagRequest request, Caller caller)
    {
        if (TextRules.Check("comment", request.Comment, HoldAssignment.MaxText) is { } wrong) return wrong;
        var form = await own.FormOf(id);
        return await transactions.Write<Result<Done>>(async db =>
        {
            var now = clock.GetCurrentInstant();
            if ((await OwnAssignments.Find(db, id, form, caller, now)).Refused(out var refusal, out var live)) return refusal;
            if (!await live.Return(db, request.Comment, now)) return OwnAssignments.Lapsed;
            var flag = new FlagRow { Id = Guid.CreateVersion7(now.ToDateTimeOffset()), AssignmentId = id, Kind = Codes.Of(request.Kind), Comment = request.Comment, At = now };
            await (live is LiveTrial ? FlagStore.AddOnTrial(db, flag) : FlagStore.Add(db, flag));
            await AuditStore.Append(db, now, caller.Id, "script.flagged", $"assignment:{id:D}", new { request.Kind });
            return default(Done);
        });
    }

    private static Task<Results<Ok<Page<FlagRaised>>, ProblemHttpResult>> List(Guid campaignId, Caller caller, Transactions transactions, Guid? after, int? limit) =>
        transactions.Read<Result<Page<FlagRaised>>>(async db => MarkingRights.Leads(caller, campaignId)
            ? Page<FlagRaised>.Of(
                (await FlagStore.OfCampaign(db, campaignId, after, Page<FlagRaised>.Take(limit)))
                    .Select(row => new FlagRaised(row.Id, Codes.Parse<ScriptFlag>(row.Kind), row.Comment, row.Code, row.ItemCode, row.SessionId, row.Slot, row.BenchmarkId, row.ExpertId, row.At)).ToList(),
                limit, flag => flag.Id.ToString("D"))
            : MarkingRights.NotLeading).Ok();
}
