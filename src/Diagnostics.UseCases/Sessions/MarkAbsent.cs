using Diagnostics.Engine;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Sessions;

/// <param name="Reason">What is known about the absence; it is kept in the event log.</param>
/// <param name="Excused">Whether the cause is accepted, so that the person will get another day.</param>
public sealed record AbsenceRequest(string Reason, bool Excused);

/// <summary>
/// Sets or removes the mark that a person is absent. The session must not have begun, and a person with this mark can
/// neither be admitted nor begin.
/// </summary>
internal abstract class AbsenceMark<TRequest>(Operation operation, Executor executor)
    : UseCase<TRequest, SessionSupervision>(operation, executor)
{
    private const int MaxReason = 4000;

    protected async Task<Result<SessionSupervision>> Set(
        Caller caller,
        Guid sessionId,
        Move<SessionState> move,
        bool absent,
        string reason,
        object details
    )
    {
        if (TextRules.Check("reason", reason, MaxReason) is { } refusal)
            return refusal;
        return await Write(
            caller,
            async db =>
            {
                var now = Now;
                if (await SessionStore.Hold(db, sessionId) is not { } row || !Reaches(caller, row.Target))
                    return SessionRefusals.NotFound;
                if (move.Check(row.Clock.State) is { } stands)
                    return stands;
                if (row.AbsentAt is null != absent)
                    return absent ? SessionRefusals.MarkedAbsent : SessionRefusals.NotMarkedAbsent;
                if (!await SessionStore.SetAbsent(db, row, absent ? now : null))
                    return SessionRefusals.Changed;
                await SessionLog.Add(db, sessionId, absent ? "absent" : "undo_absence", now, caller.Id, details);
                // The audit trail does not get the reason, which may concern the person's health. The reason stays in
                // the session's log, which only the site reads.
                await AuditStore.Append(db, now, caller.Id, absent ? "session.absent" : "session.absence_undone", $"session:{sessionId:D}");
                return await SessionSupervision.Read(db, sessionId, now);
            }
        );
    }
}

/// <summary>Records that a person did not come.</summary>
internal sealed class MarkAbsent(Executor executor) : AbsenceMark<MarkAbsent.Request>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(MarkAbsent), SessionRights.Staff, Trail.Writes("session.absent"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid SessionId, AbsenceRequest Absence);

    protected override Task<Result<SessionSupervision>> Handle(Request request, Caller caller) =>
        Set(caller, request.SessionId, SessionMoves.MarkAbsent, absent: true, request.Absence.Reason, request.Absence);
}

/// <summary>Removes the record of an absence, because the person came after all or somebody else was meant.</summary>
internal sealed class UndoAbsence(Executor executor) : AbsenceMark<UndoAbsence.Request>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(UndoAbsence), SessionRights.Staff, Trail.Writes("session.absence_undone"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid SessionId, ReasonRequest Withdrawal);

    protected override Task<Result<SessionSupervision>> Handle(Request request, Caller caller) =>
        Set(caller, request.SessionId, SessionMoves.UndoAbsence, absent: false, request.Withdrawal.Reason, request.Withdrawal);
}
