using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Sessions;

/// <param name="Content">JSON in the author's ids; null for a blank.</param>
public sealed record ResponseRevision(int Slot, int Revision, int BaseRevision, string? Content, Instant SavedAt);

/// <param name="Reason"><c>stale</c>, <c>late</c>, or the state that took no answers.</param>
public sealed record RejectedResponse(int Slot, int BaseRevision, string Reason, string? Content, Instant ReceivedAt);

/// <summary>Every revision of every answer, and every save that was refused and kept, for the operator and the commission.</summary>
public sealed record ResponseHistory(IReadOnlyList<ResponseRevision> Saved, IReadOnlyList<RejectedResponse> Rejected);

internal static class ReviewResponses
{
    internal static void Map(IEndpointRouteBuilder sessions) => sessions.MapGet("/{sessionId:guid}/responses", Read)
        .WithName("ListResponseHistory")
        .WithSummary("История ответов: все сохранения и всё, что не было принято")
        .AllowedTo(AccessRule.Of(Role.Operator));

    private static Task<Results<Ok<ResponseHistory>, ProblemHttpResult>> Read(Guid sessionId, Caller caller, Transactions transactions) =>
        transactions.Read<Result<ResponseHistory>>(async db =>
        {
            if (await SessionStore.Find(db, sessionId) is not { } row || !caller.May(Role.Operator, GrantScope.Campaign, row.CampaignId.ToString("D"))) return SessionRefusals.NotFound;
            var saved = await ResponseStore.History(db, sessionId);
            var rejected = await ResponseStore.Rejected(db, sessionId);
            return new ResponseHistory(
                saved.Select(each => new ResponseRevision(each.Slot, each.Revision, each.BaseRevision, each.Content, each.SavedAt)).ToList(),
                rejected.Select(each => new RejectedResponse(each.Slot, each.BaseRevision, each.Reason, each.Content, each.ReceivedAt)).ToList());
        }).Ok();
}
