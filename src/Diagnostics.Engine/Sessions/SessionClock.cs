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
    public Result<SessionClock> Admit() => State is SessionState.Scheduled
        ? this with { State = SessionState.Open }
        : Not("допустить", SessionState.Scheduled);

    public Result<SessionClock> Start(Instant now, Duration timeLimit) => State is SessionState.Open
        ? this with { State = SessionState.InProgress, StartedAt = now, Deadline = now + timeLimit }
        : Not("начать", SessionState.Open);

    public Result<SessionClock> Pause(Instant now) => State is SessionState.InProgress
        ? this with { State = SessionState.Paused, PausedAt = now }
        : Not("приостановить", SessionState.InProgress);

    /// <summary>The pause is given back in full. A node whose clock is behind the other's takes nothing away.</summary>
    public Result<SessionClock> Resume(Instant now) => State is SessionState.Paused
        ? this with { State = SessionState.InProgress, Deadline = Deadline + Duration.Max(now - PausedAt!.Value, Duration.Zero), PausedAt = null }
        : Not("возобновить", SessionState.Paused);

    /// <summary>
    /// More time: moves the deadline; where it is over, whether the session has expired yet or not, counts from now. The time
    /// of a paused session stands where it was paused.
    /// </summary>
    public Result<SessionClock> Extend(Instant now, Duration extra) => State switch
    {
        SessionState.InProgress or SessionState.Paused => this with { Deadline = Instant.Max(Deadline!.Value, PausedAt ?? now) + extra },
        SessionState.Expired => Reopen(now, extra),
        _ => Not("продлить", SessionState.InProgress, SessionState.Paused, SessionState.Expired),
    };

    /// <summary>A session that has expired by mistake goes on.</summary>
    /// <param name="left">What the person had left.</param>
    public Result<SessionClock> Reopen(Instant now, Duration left) => State is SessionState.Expired
        ? this with { State = SessionState.InProgress, Deadline = now + left, EndedAt = null }
        : Not("вернуть", SessionState.Expired);

    /// <summary>Taken up to deadline + grace, like the saves before it (docs/promises.md, G4).</summary>
    public Result<SessionClock> Finish(Instant now, Duration grace)
    {
        if (State is not SessionState.InProgress) return Not("завершить", SessionState.InProgress);
        return now <= Deadline!.Value + grace
            ? this with { State = SessionState.Finished, EndedAt = now }
            : Refusal.Conflict("session-time-over", "Время сеанса вышло: он завершается сам с теми ответами, что сохранены.");
    }

    /// <summary>Time is up, with every browser closed (docs/promises.md, G6).</summary>
    public Result<SessionClock> Expire(Instant now, Duration grace) => State is SessionState.InProgress && now > Deadline!.Value + grace
        ? this with { State = SessionState.Expired, EndedAt = now }
        : Not("завершить по времени", SessionState.InProgress);

    public Result<SessionClock> Annul(Instant now) => State is not SessionState.Annulled
        ? this with { State = SessionState.Annulled, EndedAt = now, PausedAt = null }
        : Refusal.Conflict("session-state", "Сеанс уже аннулирован.");

    private Refusal Not(string action, params SessionState[] needed) => Refusal
        .Conflict(
            "session-state",
            $"Нельзя {action} сеанс в состоянии «{Codes.Of(State)}»; "
            + $"нужно: {string.Join(", ", needed.Select(state => $"«{Codes.Of(state)}»"))}.")
        .With("state", Codes.Of(State));
}
