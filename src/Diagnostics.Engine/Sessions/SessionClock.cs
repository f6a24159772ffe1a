using NodaTime;

namespace Diagnostics.Engine.Sessions;

/// <summary>
/// State and time of a session. Only the server's clock counts (docs/promises.md, G5); every method takes the instant and
/// gives the next clock or the refusal. The stores save a change only when nobody changed the session in between.
/// </summary>
/// <param name="Deadline">When the person's time ends; null before the start. Pauses and extra time move it.</param>
/// <param name="PausedAt">Since when it is paused; null when it is not.</param>
public sealed record SessionClock(SessionState State, Instant? StartedAt, Instant? Deadline, Instant? PausedAt, Instant? EndedAt)
{
    public static readonly SessionClock Scheduled = new(SessionState.Scheduled, null, null, null, null);

    /// <summary>Seconds left, never below 0; null when no time runs. A paused session keeps what it had.</summary>
    public long? SecondsLeft(Instant now) => Deadline is { } deadline && !State.IsOver()
        ? Math.Max(0, (long)(deadline - (PausedAt ?? now)).TotalSeconds)
        : null;

    /// <summary>The invigilator admits the person at the site.</summary>
    public Result<SessionClock> Admit() => SessionMoves.Admit.From(State).Map(To);

    /// <summary>Somebody was admitted by mistake, who has not begun.</summary>
    public Result<SessionClock> UndoAdmission() => SessionMoves.UndoAdmission.From(State).Map(To);

    public Result<SessionClock> Start(Instant now, Duration timeLimit) => SessionMoves.Start.From(State)
        .Map(next => To(next) with { StartedAt = now, Deadline = now + timeLimit });

    public Result<SessionClock> Pause(Instant now) => SessionMoves.Pause.From(State).Map(next => To(next) with { PausedAt = now });

    /// <summary>The pause is given back in full. A node whose clock is behind the other's takes nothing away.</summary>
    public Result<SessionClock> Resume(Instant now) => SessionMoves.Resume.From(State).Map(next => GivePauseBack(now).To(next));

    /// <summary>
    /// More time: moves the deadline; where it is over, whether the session has expired yet or not, counts from now. The time
    /// of a paused session stands where it was paused. Before the start there is no deadline: the log keeps what was given.
    /// </summary>
    public Result<SessionClock> Extend(Instant now, Duration extra) => SessionMoves.Extend.From(State).Map(next => State switch
    {
        SessionState.Expired => To(next) with { Deadline = now + extra, EndedAt = null },
        _ when Deadline is { } deadline => To(next) with { Deadline = Instant.Max(deadline, PausedAt ?? now) + extra },
        _ => To(next),
    });

    /// <summary>A session that has expired by mistake goes on.</summary>
    /// <param name="left">What the person had left.</param>
    public Result<SessionClock> Reopen(Instant now, Duration left) => SessionMoves.Reopen.From(State)
        .Map(next => To(next) with { Deadline = now + left, EndedAt = null });

    /// <summary>Taken up to deadline + grace, like the saves before it (docs/promises.md, G4).</summary>
    public Result<SessionClock> Finish(Instant now, Duration grace) => End(SessionMoves.Finish, now, grace);

    /// <summary>
    /// The person has left without finishing, at work or during a pause. The pause is given back first, so that the time left is
    /// what it was should this turn out to be a mistake.
    /// </summary>
    public Result<SessionClock> FinishBySite(Instant now, Duration grace) => End(SessionMoves.FinishBySite, now, grace);

    /// <summary>A session finished by mistake goes on with exactly the time that was left when it was finished.</summary>
    public Result<SessionClock> UndoFinish(Instant now)
    {
        if (SessionMoves.UndoFinish.From(State).Refused(out var refusal, out var next)) return refusal;
        var left = Deadline!.Value - EndedAt!.Value;
        return left > Duration.Zero
            ? To(next) with { Deadline = now + left, EndedAt = null }
            : Refusal.Conflict("no-time-left", "Сеанс завершён, когда его время уже вышло: возвращать нечего.");
    }

    /// <summary>Time is up, with every browser closed (docs/promises.md, G6).</summary>
    public Result<SessionClock> Expire(Instant now, Duration grace)
    {
        if (SessionMoves.Expire.From(State).Refused(out var refusal, out var next)) return refusal;
        return now > Deadline!.Value + grace
            ? To(next) with { EndedAt = now }
            : Refusal.Conflict("session-time-left", "Время сеанса ещё не вышло.");
    }

    public Result<SessionClock> Annul(Instant now) => SessionMoves.Annul.From(State)
        .Map(next => To(next) with { EndedAt = now, PausedAt = null });

    /// <summary>
    /// An annulment was a mistake: the session is what it was. Who was at work is paused since the annulment, and so has exactly
    /// the time that was left then.
    /// </summary>
    /// <param name="before">The clock that was annulled.</param>
    public Result<SessionClock> UndoAnnulment(SessionClock before) =>
        SessionMoves.UndoAnnulment.From(State, before.State is SessionState.InProgress ? SessionState.Paused : before.State)
            .Map(next => before.State is SessionState.InProgress ? before.To(next) with { PausedAt = EndedAt } : before);

    private Result<SessionClock> End(Move<SessionState> move, Instant now, Duration grace)
    {
        if (move.From(State).Refused(out var refusal, out var next)) return refusal;
        return PausedAt is not null || now <= Deadline!.Value + grace
            ? GivePauseBack(now).To(next) with { EndedAt = now }
            : Refusal.Conflict("session-time-over", "Время сеанса вышло: он завершается сам с теми ответами, что сохранены.");
    }

    private SessionClock GivePauseBack(Instant now) => PausedAt is { } pausedAt
        ? this with { Deadline = Deadline + Duration.Max(now - pausedAt, Duration.Zero), PausedAt = null }
        : this;

    private SessionClock To(SessionState next) => this with { State = next };
}
