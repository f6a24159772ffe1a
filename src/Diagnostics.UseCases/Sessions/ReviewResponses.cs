using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Sessions;

/// <param name="Content">The answer as JSON in the author's ids; null for a blank answer.</param>
public sealed record ResponseRevision(int Slot, int Revision, int BaseRevision, string? Content, Instant SavedAt);

/// <param name="Reason">Why the save was refused: <c>stale</c>; <c>late</c>; <c>imported</c>, when the answer comes
/// from a file of the person's device; or, if the session was not taking answers, its state then (<c>paused</c>,
/// …).</param>
public sealed record RejectedResponse(int Slot, int BaseRevision, string Reason, string? Content, Instant ReceivedAt);

/// <summary>
/// Every revision of every answer, and every save that was refused and kept, for the operator and the commission.
/// </summary>
/// <param name="Saved">Saved revisions, in the order of slot and revision.</param>
/// <param name="Rejected">Refused saves, in the order of arrival. Across the pages they come after all of
/// <paramref name="Saved"/>.</param>
/// <param name="Next">The value of <c>after</c> for the next page; null on the last page.</param>
public sealed record ResponseHistory(IReadOnlyList<ResponseRevision> Saved, IReadOnlyList<RejectedResponse> Rejected, string? Next = null);

internal sealed class ListResponseHistory(Executor executor) : UseCase<ListResponseHistory.Request, ResponseHistory>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListResponseHistory),
        SessionRights.Operators,
        Trail.Look<ListResponseHistory.Request, ResponseHistory>(
            "session.answers-viewed",
            (asked, _) => new($"session:{asked.SessionId:D}")
        )
    );

    internal static readonly Refusal NoSuchPage = Refusal.Invalid(
        "after-invalid",
        "Такого after эта служба не выдавала: передайте next предыдущей страницы."
    );

    /// <param name="After">The value of <c>next</c> on the previous page.</param>
    internal sealed record Request(Guid SessionId, string? After, int? Limit);

    protected override Task<Result<ResponseHistory>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            if (await SessionStore.Find(db, request.SessionId) is not { } row || !Reaches(caller, row.Target))
                return SessionRefusals.NotFound;
            if (Place.Read(request.After) is not { } from)
                return NoSuchPage;
            var take = Page<ResponseRow>.Take(request.Limit);
            var size = take - 1;
            IReadOnlyList<ResponseRow> saved = from.Rejected is null
                ? await ResponseStore.HistoryPage(db, request.SessionId, from.Slot, from.Revision, take)
                : [];
            if (saved.Count > size)
                return Of(saved.Take(size), [], new Place(saved[size - 1].Slot, saved[size - 1].Revision, null));
            var room = size - saved.Count;
            var rejected = await ResponseStore.RejectedPage(db, request.SessionId, from.Rejected ?? Guid.Empty, room + 1);
            return rejected.Count > room
                ? Of(saved, rejected.Take(room), new Place(0, 0, room > 0 ? rejected[room - 1].Id : from.Rejected ?? Guid.Empty))
                : Of(saved, rejected, null);
        });

    private static ResponseHistory Of(IEnumerable<ResponseRow> saved, IEnumerable<RejectedResponseRow> rejected, Place? next) =>
        new(
            saved.Select(each => new ResponseRevision(each.Slot, each.Revision, each.BaseRevision, each.Content, each.SavedAt)).ToList(),
            rejected
                .Select(each => new RejectedResponse(each.Slot, each.BaseRevision, each.Reason, each.Content, each.ReceivedAt))
                .ToList(),
            next?.ToString()
        );

    /// <summary>The answer, or the refused save, after which a page begins.</summary>
    private sealed record Place(int Slot, int Revision, Guid? Rejected)
    {
        internal static Place? Read(string? text) =>
            text?.Split('.') switch
            {
                null => new(0, 0, null),
                ["s", var slot, var revision]
                    when int.TryParse(slot, CultureInfo.InvariantCulture, out var at)
                        && int.TryParse(revision, CultureInfo.InvariantCulture, out var last) => new(at, last, null),
                ["r", var id] when Guid.TryParseExact(id, "N", out var last) => new(0, 0, last),
                _ => null,
            };

        public override string ToString() =>
            Rejected is { } id ? $"r.{id:N}" : string.Create(CultureInfo.InvariantCulture, $"s.{Slot}.{Revision}");
    }
}
