using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.UseCases.Sessions;

/// <param name="Act">What happened, as written in the site's act; it is recorded in the session's event log and in the
/// audit trail.</param>
public sealed record SiteFinishRequest(string Act);

/// <summary>
/// Finishes the session of a person who has walked out. The saved answers count, and the publication of other people's
/// results need not wait for this session.
/// </summary>
internal sealed class FinishBySite(Executor executor, IEnumerable<ReopenGuard> guards, Signal<SessionsEnded> ended)
    : SessionMove<FinishBySite.Request>(Operation, executor, guards)
{
    internal static new readonly Operation Operation = new(
        nameof(FinishBySite),
        SessionRights.Staff,
        Trail.Writes("session.finished_by_site")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid SessionId, SiteFinishRequest Finish);

    protected override async Task<Result<SessionSupervision>> Handle(Request request, Caller caller)
    {
        var sessionId = request.SessionId;
        if (TextRules.Check("act", request.Finish.Act, MaxReason) is { } refusal)
            return refusal;
        if (await Fetch(db => SessionStore.Find(db, sessionId)) is not { } row)
            return SessionRefusals.NotFound;
        var finished = await Move(
            caller,
            sessionId,
            "finish_by_site",
            (clock, now) => clock.FinishBySite(now, row.Grace),
            request.Finish,
            Isolation.Guarded,
            then: (db, now) => SessionLog.TellFinished(db, row, now),
            audited: "session.finished_by_site",
            manifest: db => FinishSession.Saved(db, sessionId)
        );
        ended.Wake();
        return finished;
    }
}
