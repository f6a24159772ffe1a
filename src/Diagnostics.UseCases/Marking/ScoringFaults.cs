using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Diagnostics.UseCases.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>A session that cannot be scored because an item or an answer is broken.</summary>
/// <param name="Fault">What is broken and where.</param>
public sealed record ScoringFault(Guid SessionId, string Fault, Instant EndedAt);

/// <summary>A session's scoring, done.</summary>
/// <param name="ScoredAt">When.</param>
public sealed record ScoringDone(Guid SessionId, Instant ScoredAt);

/// <summary>Sessions whose scoring failed, and another attempt after the cause has been dealt with.</summary>
internal static class ScoringFaults
{
    internal static void Map(IEndpointRouteBuilder sessions, IEndpointRouteBuilder campaigns)
    {
        campaigns.MapGet("/{campaignId:guid}/scoring-faults", List)
            .WithName("ListScoringFaults").WithSummary("Сеансы, которые не удалось оценить, и почему").AllowedTo(MarkingRights.Leaders);
        sessions.MapPost("/{sessionId:guid}/scoring", Retry)
            .WithName("ScoreSession").WithSummary("Оценить сеанс ещё раз после сбоя").AllowedTo(AccessRule.Of(Role.Operator)).Idempotent();
    }

    private static Task<Results<Ok<Page<ScoringFault>>, ProblemHttpResult>> List(Guid campaignId, Caller caller, Transactions transactions, Guid? after, int? limit) =>
        transactions.Read<Result<Page<ScoringFault>>>(async db => MarkingRights.Leads(caller, campaignId)
            ? Page<ScoringFault>.Of(
                (await ScoringStore.Faults(db, campaignId, after, Page<ScoringFault>.Take(limit))).Select(row => new ScoringFault(row.SessionId, row.Fault, row.EndedAt)).ToList(),
                limit, fault => fault.SessionId.ToString("D"))
            : MarkingRights.NotLeading).Ok();

    private static async Task<Results<Ok<ScoringDone>, ProblemHttpResult>> Retry(Guid sessionId, Caller caller, Transactions transactions, ScoreSession score)
    {
        if (await transactions.Read(db => SessionStore.Find(db, sessionId)) is not { } session
            || !caller.May(Role.Operator, GrantScope.Campaign, session.CampaignId.ToString("D"))) return Problems.From(SessionRefusals.NotFound);
        await score.Run(sessionId);
        var after = (await transactions.Read(db => SessionStore.Find(db, sessionId)))!;
        return after switch
        {
            { ScoredAt: { } at } => TypedResults.Ok(new ScoringDone(sessionId, at)),
            { ScoringFault: { } fault } => Problems.From(Refusal.Conflict("scoring-fault", $"Сеанс не удаётся оценить: {fault}")),
            _ => Problems.From(Refusal.Conflict("session-state", "Оценить можно только завершённый сеанс.").With("state", after.State)),
        };
    }
}
