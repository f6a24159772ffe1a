using Diagnostics.Engine;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Sessions;

/// <param name="Content">JSON in the author's ids; null for a blank.</param>
public sealed record ResponseRevision(int Slot, int Revision, int BaseRevision, string? Content, Instant SavedAt);

/// <param name="Reason"><c>stale</c>, <c>late</c>, the state that took no answers, or <c>imported</c>: from a file of the person's device.</param>
public sealed record RejectedResponse(int Slot, int BaseRevision, string Reason, string? Content, Instant ReceivedAt);

/// <summary>Every revision of every answer, and every save that was refused and kept, for the operator and the commission.</summary>
public sealed record ResponseHistory(IReadOnlyList<ResponseRevision> Saved, IReadOnlyList<RejectedResponse> Rejected);

internal sealed class ListResponseHistory(Executor executor) : UseCase<Guid, ResponseHistory>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListResponseHistory), SessionRights.Operators);

    protected override Task<Result<ResponseHistory>> Handle(Guid sessionId, Caller caller) => Read(async db =>
    {
        if (await SessionStore.Find(db, sessionId) is not { } row || !Reaches(caller, row.Target)) return SessionRefusals.NotFound;
        var saved = await ResponseStore.History(db, sessionId);
        var rejected = await ResponseStore.Rejected(db, sessionId);
        return new ResponseHistory(
            saved.Select(each => new ResponseRevision(each.Slot, each.Revision, each.BaseRevision, each.Content, each.SavedAt)).ToList(),
            rejected.Select(each => new RejectedResponse(each.Slot, each.BaseRevision, each.Reason, each.Content, each.ReceivedAt)).ToList());
    });
}
