using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Sessions;

/// <param name="Before">The session's clock before the annulment; undoing the annulment restores it.</param>
internal sealed record AnnulmentNote(string Reason, SessionClock Before)
{
    internal static AnnulmentNote Of(SessionRow row, string reason) => new(reason, row.Clock);
}

/// <summary>Checks whether a decision about a session is recent enough to be undone.</summary>
internal static class Correction
{
    /// <param name="happenedAt">When the decision was made; null when no time was recorded, and then the session's
    /// creation counts.</param>
    internal static async Task<Refusal?> CheckTime(Db db, SessionRow row, Instant? happenedAt, Instant now)
    {
        var minutes = (await CampaignPolicies.Get<SessionPolicy>(db, row.CampaignId, PolicyKind.Session)).MinutesToCorrect();
        return now <= (happenedAt ?? row.CreatedAt) + Duration.FromMinutes(minutes) ? null : TooLate(minutes);
    }

    internal static Refusal TooLate(int minutes) =>
        Refusal
            .Conflict("correction-late", $"По правилам мероприятия исправить это можно не позже чем через {minutes} мин.")
            .With("correctionMinutes", minutes);
}

/// <summary>Undoes a mistaken admission; possible until the session begins.</summary>
internal sealed class UndoAdmission(Executor executor, IEnumerable<ReopenGuard> guards)
    : SessionMove<UndoAdmission.Request>(Operation, executor, guards)
{
    internal static new readonly Operation Operation = new(
        nameof(UndoAdmission),
        SessionRights.Staff,
        Trail.Writes("session.admission_undone")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid SessionId, ReasonRequest Withdrawal);

    protected override async Task<Result<SessionSupervision>> Handle(Request request, Caller caller) =>
        TextRules.Check("reason", request.Withdrawal.Reason, MaxReason) is { } refusal
            ? refusal
            : await Move(
                caller,
                request.SessionId,
                "undo_admission",
                (clock, _) => clock.UndoAdmission(),
                request.Withdrawal,
                Isolation.Guarded,
                check: async (db, row) =>
                    await Correction.CheckTime(db, row, await SessionStore.LastAt(db, row.Id, SessionLog.Admission), Now),
                audited: "session.admission_undone"
            );
}

/// <summary>
/// Continues a session that the person or the site finished by mistake, with exactly the time that was left.
/// <see cref="ReopenSession"/> follows the same rules: marks already given stay in the ledger, and no session continues
/// after its result is published.
/// </summary>
internal sealed class UndoFinish(Executor executor, IEnumerable<ReopenGuard> guards)
    : SessionMove<UndoFinish.Request>(Operation, executor, guards)
{
    internal static new readonly Operation Operation = new(
        nameof(UndoFinish),
        SessionRights.Operators,
        Trail.Writes("session.finish_undone")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid SessionId, ReasonRequest Withdrawal);

    protected override async Task<Result<SessionSupervision>> Handle(Request request, Caller caller) =>
        TextRules.Check("reason", request.Withdrawal.Reason, MaxReason) is { } refusal
            ? refusal
            : await Move(
                caller,
                request.SessionId,
                "undo_finish",
                (clock, now) => clock.UndoFinish(now),
                request.Withdrawal,
                check: (db, row) => Correction.CheckTime(db, row, row.EndedAt, Now),
                audited: "session.finish_undone"
            );
}

/// <summary>Restores a session that was annulled by mistake.</summary>
internal sealed class UndoAnnulment(Executor executor, RestoredSessions restored)
    : UseCase<UndoAnnulment.Request, SessionSupervision>(Operation, executor)
{
    private const int MaxReason = 4000;

    internal static new readonly Operation Operation = new(
        nameof(UndoAnnulment),
        SessionRights.Operators,
        Trail.Writes("session.annulment_undone")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid SessionId, ReasonRequest Withdrawal);

    protected override async Task<Result<SessionSupervision>> Handle(Request request, Caller caller)
    {
        if (TextRules.Check("reason", request.Withdrawal.Reason, MaxReason) is { } refusal)
            return refusal;
        var undone = await Write(
            caller,
            async db =>
            {
                var now = Now;
                if (await SessionStore.Hold(db, request.SessionId) is not { } row || !Reaches(caller, row.Target))
                    return SessionRefusals.NotFound;
                if (SessionMoves.UndoAnnulment.Check(row.Clock.State) is { } stands)
                    return stands;
                if (await Correction.CheckTime(db, row, row.EndedAt, now) is { } late)
                    return late;
                if ((await restored.Run(db, row, now, caller.Id, request.Withdrawal.Reason)).Refused(out var unfit, out _))
                    return unfit;
                return await SessionSupervision.Read(db, row.Id, now);
            }
        );
        restored.Wake();
        return undone;
    }
}

/// <summary>Restores annulled sessions, for all use cases that may decide to restore one.</summary>
internal sealed class RestoredSessions(IEnumerable<SessionRestored> told, Signal<SessionsEnded> ended)
{
    internal static readonly Refusal BeforeUnknown = Refusal.Conflict(
        "state-before-unknown",
        "Что было с этим сеансом до аннулирования, не записано: назначьте новый."
    );

    internal static readonly Refusal AnotherLives = Refusal.Conflict("session-exists", "У этого заявления уже есть другой сеанс.");

    internal static readonly Refusal ApplicationOver = Refusal.Conflict(
        "application-status",
        "Заявление этого сеанса больше не одобрено: подайте новое."
    );

    internal static readonly Refusal NoSeat = Refusal.Conflict(
        "seat-taken",
        "Место этого участника отдано, и свободных там не осталось: освободите место или переведите кого-нибудь."
    );

    /// <summary>
    /// Whether the session had ended before it was annulled, so that restoring it brings its result back. False when
    /// the earlier state is not recorded.
    /// </summary>
    internal static async Task<bool> WasOver(Db db, SessionRow row) =>
        await SessionStore.Details(db, row.Id, SessionLog.Annulment) is [.., var details]
        && Before(details) is { State: var state }
        && state.IsOver();

    /// <summary>
    /// Restores the session in the caller's transaction; the calling code checks whether there is still time for this.
    /// </summary>
    internal async Task<Result<Done>> Run(Db db, SessionRow row, Instant now, string actor, string reason)
    {
        if (SessionMoves.UndoAnnulment.Check(row.Clock.State) is { } stands)
            return stands;
        if (await SessionStore.Details(db, row.Id, SessionLog.Annulment) is not [.., var details] || Before(details) is not { } before)
            return BeforeUnknown;
        if (row.Clock.UndoAnnulment(before).Refused(out var refusal, out var next))
            return refusal;
        if (await SessionStore.LiveOf(db, row.ApplicationId) is { } other)
            return AnotherLives.With("sessionId", other.Id);
        if ((await CampaignStore.Find(db, row.CampaignId))!.State is CampaignStatus.Cancelled)
            return CampaignRefusals.Cancelled;
        if ((await ApplicationStore.Find(db, row.ApplicationId))!.State is not ApplicationStatus.Approved)
            return ApplicationOver;
        if ((await Seat(db, row, next)).Refused(out var full, out var seat))
            return full;
        if (await SessionStore.Restore(db, row, next, seat, now) is null)
            return SessionRefusals.Changed;
        await SessionLog.Add(
            db,
            row.Id,
            "undo_annulment",
            now,
            actor,
            new
            {
                reason,
                state = next.State,
                seat,
            }
        );
        await AuditStore.Append(
            db,
            now,
            actor,
            "session.annulment_undone",
            $"session:{row.Id:D}",
            new
            {
                reason,
                state = next.State,
                seat,
            }
        );
        foreach (var tell in told)
            await tell(db, row.Id, now);
        return default(Done);
    }

    /// <summary>
    /// Call this after the transaction, so that a session that was over is scored if it has no score yet.
    /// </summary>
    internal void Wake() => ended.Wake();

    /// <summary>
    /// The person's own seat, or a free one if somebody else has the seat by now. If no seat is free, a session that is
    /// over gets a number higher than all taken ones, because it needs no seat in the room.
    /// </summary>
    private static async Task<Result<int>> Seat(Db db, SessionRow row, SessionClock next)
    {
        var (taken, places) = row.SittingId is { } sitting
            ? (await SessionStore.SeatsOfSitting(db, sitting), (await SittingStore.Find(db, sitting))!.Seats)
            : (await SessionStore.Seats(db, row.CampaignId, row.SiteId), (await SiteStore.Find(db, row.SiteId))!.Seats);
        var seats = taken.Select(seat => seat.Seat).ToHashSet();
        if (!seats.Contains(row.Seat))
            return row.Seat;
        if (Enumerable.Range(1, places).Cast<int?>().FirstOrDefault(seat => !seats.Contains(seat!.Value)) is { } free)
            return free;
        return next.State.IsOver() ? seats.Max() + 1 : NoSeat;
    }

    private static SessionClock? Before(string details) => JsonSerializer.Deserialize<AnnulmentNote>(details, Json.Stored)?.Before;
}
