using NodaTime;

namespace Diagnostics.Engine.Sessions;

/// <summary>
/// State and time of a session. Only the server's clock counts (docs/promises.md, G5): every method takes the present
/// instant and returns the next clock or a refusal. The stores save a change only if nobody has changed the session in
/// the meantime.
/// </summary>
/// <param name="Deadline">End of the person's time; null before the start. Pauses and extra time move it.</param>
/// <param name="PausedAt">Start of the pause; null when the session is not paused.</param>
public sealed record SessionClock(SessionState State, Instant? StartedAt, Instant? Deadline, Instant? PausedAt, Instant? EndedAt)
{
    public static readonly SessionClock Scheduled = new(SessionState.Scheduled, null, null, null, null);

    /// <summary>
    /// Seconds left, never below 0; null when no time runs. A paused session keeps its remaining time.
    /// </summary>
    public long? SecondsLeft(Instant now) =>
        Deadline is { } deadline && !State.IsOver() ? Math.Max(0, (long)(deadline - (PausedAt ?? now)).TotalSeconds) : null;

    /// <summary>The invigilator admits the person at the site.</summary>
    public Result<SessionClock> Admit() => SessionMoves.Admit.From(State).Map(To);

    /// <summary>Takes back an admission made by mistake; possible until the person begins.</summary>
    public Result<SessionClock> UndoAdmission() => SessionMoves.UndoAdmission.From(State).Map(To);

    public Result<SessionClock> Start(Instant now, Duration timeLimit) =>
        SessionMoves.Start.From(State).Map(next => To(next) with { StartedAt = now, Deadline = now + timeLimit });

    public Result<SessionClock> Pause(Instant now) => SessionMoves.Pause.From(State).Map(next => To(next) with { PausedAt = now });

    /// <summary>
    /// Gives the person the whole time of the pause back. If this node's clock is behind the one that recorded the
    /// start of the pause, the person loses no time.
    /// </summary>
    public Result<SessionClock> Resume(Instant now) => SessionMoves.Resume.From(State).Map(next => GivePauseBack(now).To(next));

    /// <summary>
    /// Adds time and so moves the deadline. When the deadline has passed, whether or not the session has expired yet,
    /// the extra time counts from now. For a paused session it counts from the pause. Before the start there is no
    /// deadline to move: the extra time is kept in the log and added at the start.
    /// </summary>
    public Result<SessionClock> Extend(Instant now, Duration extra) =>
        SessionMoves
            .Extend.From(State)
            .Map(next =>
                State switch
                {
                    SessionState.Expired => To(next) with { Deadline = now + extra, EndedAt = null },
                    _ when Deadline is { } deadline => To(next) with { Deadline = Instant.Max(deadline, PausedAt ?? now) + extra },
                    _ => To(next),
                }
            );

    /// <summary>Continues a session that has expired by mistake.</summary>
    /// <param name="left">The time that the person had left.</param>
    public Result<SessionClock> Reopen(Instant now, Duration left) =>
        SessionMoves.Reopen.From(State).Map(next => To(next) with { Deadline = now + left, EndedAt = null });

    /// <summary>A finish is accepted until deadline + grace, like the saves before it (docs/promises.md, G4).</summary>
    public Result<SessionClock> Finish(Instant now, Duration grace) => End(SessionMoves.Finish, now, grace);

    /// <summary>
    /// Finishes the session of a person who has left, during work or during a pause, without finishing it. The time of
    /// the pause is given back first, so that the time left is right if the finish turns out to be a mistake.
    /// </summary>
    public Result<SessionClock> FinishBySite(Instant now, Duration grace) => End(SessionMoves.FinishBySite, now, grace);

    /// <summary>
    /// Continues a session that was finished by mistake, with exactly the time that was left at its finish.
    /// </summary>
    public Result<SessionClock> UndoFinish(Instant now)
    {
        if (SessionMoves.UndoFinish.From(State).Refused(out var refusal, out var next))
            return refusal;
        var left = Deadline!.Value - EndedAt!.Value;
        return left > Duration.Zero
            ? To(next) with
            {
                Deadline = now + left,
                EndedAt = null,
            }
            : Refusal.Conflict("no-time-left", "Сеанс завершён, когда его время уже вышло: возвращать нечего.");
    }

    /// <summary>Ends the session when its time is up, even with every browser closed (docs/promises.md, G6).</summary>
    public Result<SessionClock> Expire(Instant now, Duration grace)
    {
        if (SessionMoves.Expire.From(State).Refused(out var refusal, out var next))
            return refusal;
        return now > Deadline!.Value + grace
            ? To(next) with
            {
                EndedAt = now,
            }
            : Refusal.Conflict("session-time-left", "Время сеанса ещё не вышло.");
    }

    public Result<SessionClock> Annul(Instant now) =>
        SessionMoves.Annul.From(State).Map(next => To(next) with { EndedAt = now, PausedAt = null });

    /// <summary>
    /// Undoes a mistaken annulment: the session gets its earlier state back. A session that was running counts as
    /// paused since the annulment, and so keeps exactly the time that was left at the annulment.
    /// </summary>
    /// <param name="before">The clock before the annulment.</param>
    public Result<SessionClock> UndoAnnulment(SessionClock before) =>
        SessionMoves
            .UndoAnnulment.From(State, before.State is SessionState.InProgress ? SessionState.Paused : before.State)
            .Map(next => before.State is SessionState.InProgress ? before.To(next) with { PausedAt = EndedAt } : before);

    private Result<SessionClock> End(Move<SessionState> move, Instant now, Duration grace)
    {
        if (move.From(State).Refused(out var refusal, out var next))
            return refusal;
        return PausedAt is not null || now <= Deadline!.Value + grace
            ? GivePauseBack(now).To(next) with
            {
                EndedAt = now,
            }
            : Refusal.Conflict("session-time-over", "Время сеанса вышло: он завершается сам с теми ответами, что сохранены.");
    }

    private SessionClock GivePauseBack(Instant now) =>
        PausedAt is { } pausedAt ? this with { Deadline = Deadline + Duration.Max(now - pausedAt, Duration.Zero), PausedAt = null } : this;

    private SessionClock To(SessionState next) => this with { State = next };
}
