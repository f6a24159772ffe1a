using static Diagnostics.Engine.Sessions.SessionState;

namespace Diagnostics.Engine.Sessions;

/// <summary>Which state of a session follows which. <see cref="SessionClock"/> changes the times.</summary>
public static class SessionMoves
{
    public static readonly Move<SessionState> Admit = Of("admit", "допустить", (Scheduled, Open));

    public static readonly Move<SessionState> UndoAdmission = Of("undo_admission", "отменить допуск", (Open, Scheduled));

    /// <summary>The person did not come; the session waits until the person is given another day.</summary>
    public static readonly Move<SessionState> MarkAbsent = Of("mark_absent", "отметить неявку", (Scheduled, Scheduled), (Open, Open));

    public static readonly Move<SessionState> UndoAbsence = Of(
        "undo_absence",
        "снять отметку о неявке",
        (Scheduled, Scheduled),
        (Open, Open)
    );

    /// <summary>The person gets another day, site or seat, and must be admitted again.</summary>
    public static readonly Move<SessionState> Reassign = new(
        "reassign",
        "перевести",
        (_, state) =>
            Refusal.Conflict("session-started", "Сеанс уже начат или завершён: перевести его нельзя.").With("state", Codes.Of(state)),
        (Scheduled, Scheduled),
        (Open, Scheduled)
    );

    /// <summary>The person withdraws the application, and the session ends with it.</summary>
    public static readonly Move<SessionState> Withdraw = new(
        "withdraw",
        "отозвать с заявлением",
        (_, state) =>
            Refusal.Conflict("session-started", "Сеанс уже начат или завершён: отозвать заявление поздно.").With("state", Codes.Of(state)),
        (Scheduled, Annulled),
        (Open, Annulled)
    );

    public static readonly Move<SessionState> Start = Of("start", "начать", (Open, InProgress));

    public static readonly Move<SessionState> Pause = Of("pause", "приостановить", (InProgress, Paused));

    public static readonly Move<SessionState> Resume = Of("resume", "возобновить", (Paused, InProgress));

    /// <summary>Before the start, the extra time is only stored; it is added when the session starts.</summary>
    public static readonly Move<SessionState> Extend = Of(
        "extend",
        "продлить",
        (Scheduled, Scheduled),
        (Open, Open),
        (InProgress, InProgress),
        (Paused, Paused),
        (Expired, InProgress)
    );

    public static readonly Move<SessionState> Finish = Of("finish", "завершить", (InProgress, Finished));

    public static readonly Move<SessionState> FinishBySite = Of(
        "finish_by_site",
        "завершить от имени площадки",
        (InProgress, Finished),
        (Paused, Finished)
    );

    public static readonly Move<SessionState> UndoFinish = Of("undo_finish", "вернуть завершённый по ошибке", (Finished, InProgress));

    public static readonly Move<SessionState> Expire = Of("expire", "завершить по времени", (InProgress, Expired));

    public static readonly Move<SessionState> Reopen = Of("reopen", "вернуть", (Expired, InProgress));

    public static readonly Move<SessionState> Annul = new(
        "annul",
        "аннулировать",
        (_, _) => Refusal.Conflict("session-state", "Сеанс уже аннулирован."),
        [(Scheduled, Annulled), (Open, Annulled), (InProgress, Annulled), (Paused, Annulled), (Finished, Annulled), (Expired, Annulled)]
    );

    /// <summary>
    /// Restores the earlier state; a session that was running is paused, so that no time is lost before the person is
    /// back at the desk.
    /// </summary>
    public static readonly Move<SessionState> UndoAnnulment = Of(
        "undo_annulment",
        "отменить аннулирование",
        (Annulled, Scheduled),
        (Annulled, Open),
        (Annulled, Paused),
        (Annulled, Finished),
        (Annulled, Expired)
    );

    public static readonly IReadOnlyList<Move<SessionState>> All =
    [
        Admit,
        UndoAdmission,
        MarkAbsent,
        UndoAbsence,
        Reassign,
        Withdraw,
        Start,
        Pause,
        Resume,
        Extend,
        Finish,
        FinishBySite,
        UndoFinish,
        Expire,
        Reopen,
        Annul,
        UndoAnnulment,
    ];

    private static Move<SessionState> Of(string name, string title, params (SessionState From, SessionState To)[] leads) =>
        new(
            name,
            title,
            (move, state) =>
                Refusal
                    .Conflict(
                        "session-state",
                        $"Нельзя {move.Title}: сеанс {Word(state)}. Это можно, если он {AnyOf([.. move.Allowed.Select(Word)])}."
                    )
                    .With("state", Codes.Of(state)),
            leads
        );

    /// <summary>The words for the state in a sentence about the session.</summary>
    private static string Word(SessionState state) =>
        state switch
        {
            Scheduled => "ждёт допуска",
            Open => "допущен и не начат",
            InProgress => "идёт",
            Paused => "на паузе",
            Finished => "завершён",
            Expired => "закончился по времени",
            Annulled => "аннулирован",
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
        };

    private static string AnyOf(IReadOnlyList<string> words) =>
        words.Count == 1 ? words[0] : $"{string.Join(", ", words.SkipLast(1))} или {words[^1]}";
}
