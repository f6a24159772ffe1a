using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Sessions;

/// <summary>The answers that count in a session that is over.</summary>
/// <param name="FinishedAt">When the session was finished, or when its time was over.</param>
/// <param name="Manifest">For each slot, the revision that counts.</param>
/// <param name="Code">A code for comparing receipts aloud or on paper. It changes only when the end of the session or
/// the answers that count change.</param>
/// <param name="KeptAside">Answers that arrived but do not count, because they were late, came during a pause or came
/// from a file; the commission can see them.</param>
public sealed record FinishReceipt(
    Guid SessionId,
    Instant FinishedAt,
    IReadOnlyDictionary<string, int> Manifest,
    string Code,
    IReadOnlyList<KeptAnswer> KeptAside
)
{
    /// <param name="row">A session that is finished or expired.</param>
    internal static async Task<FinishReceipt> Read(Db db, SessionRow row)
    {
        var counted = (await ResponseStore.Latest(db, row.Id)).ToDictionary(response => response.Slot);
        // After a pause the page sends again the answers that were given during the pause. Answers that count by now
        // are not listed as kept aside.
        var kept = (await ResponseStore.Rejected(db, row.Id))
            .Where(each => each.Reason != "stale" && each.Content != counted.GetValueOrDefault(each.Slot)?.Content)
            .GroupBy(each => (each.Slot, each.Reason))
            .Select(group => group.Last())
            .Select(each => new KeptAnswer(each.Slot, each.Reason, each.ReceivedAt))
            .ToList();
        var manifest = counted
            .Values.OrderBy(response => response.Slot)
            .ToDictionary(response => response.Slot, response => response.Revision);
        return new(
            row.Id,
            row.EndedAt!.Value,
            manifest.ToDictionary(entry => entry.Key.ToString(CultureInfo.InvariantCulture), entry => entry.Value),
            ReceiptCode.Of(row.Id, row.EndedAt.Value, manifest),
            kept
        );
    }
}

/// <param name="Reason">Why the answer does not count: <c>late</c>; <c>imported</c>; or, if the session was not taking
/// answers, its state then (<c>paused</c>, <c>finished</c>, …).</param>
public sealed record KeptAnswer(int Slot, string Reason, Instant ReceivedAt);

/// <summary>The receipt of a session that is over, for the person and for the site that compares its code.</summary>
internal sealed class GetReceipt(Executor executor) : UseCase<Guid, FinishReceipt>(Operation, executor)
{
    // A person who signed in with a session's code may read only the receipt of that session.
    internal static new readonly Operation Operation = new(
        nameof(GetReceipt),
        AccessRule
            .Of(Role.Participant.OfOwn(), Role.Invigilator.OfSite(), Role.SiteHead.OfSite(), Role.Operator.OfCampaign())
            .Under(SignInLimits.OneSession),
        Trail.Look<Guid, FinishReceipt>("session.receipt-viewed", (session, _) => new($"session:{session:D}"))
    );

    protected override Task<Result<FinishReceipt>> Handle(Guid sessionId, Caller caller) =>
        Read(async db =>
        {
            if (await SessionStore.Find(db, sessionId) is not { } row || !Reaches(caller, row.Target) || !caller.Opens(sessionId))
                return SessionRefusals.NotFound;
            if (!row.Clock.State.IsScored())
                return NotOver(row.Clock.State);
            return await FinishReceipt.Read(db, row);
        });

    internal static Refusal NotOver(SessionState state) =>
        Refusal
            .Conflict("session-state", "Квитанция есть у сеанса, который завершён или окончен по времени.")
            .With("state", Codes.Of(state));
}
