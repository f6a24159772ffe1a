namespace Diagnostics.Engine.Appeals;

/// <summary>
/// <c>filed → admitted → in_consideration → decided</c>. A filed appeal may be <c>refused</c> as not appealable, and
/// until the decision the person may withdraw the appeal (docs/promises.md, appeals).
/// </summary>
public enum AppealState
{
    Filed,
    Admitted,
    Refused,
    Withdrawn,
    InConsideration,
    Decided,
}

/// <summary>The allowed transitions between states.</summary>
public static class AppealMoves
{
    public static readonly Move<AppealState> ToAdmit = Of("admit", "принять", (AppealState.Filed, AppealState.Admitted));

    public static readonly Move<AppealState> ToRefuse = Of("refuse", "отказать в приёме", (AppealState.Filed, AppealState.Refused));

    public static readonly Move<AppealState> ToConsider = Of(
        "consider",
        "начать рассмотрение",
        (AppealState.Admitted, AppealState.InConsideration)
    );

    /// <summary>Makes a proposal, casts a vote or opens earlier marks; the state does not change.</summary>
    public static readonly Move<AppealState> ToDiscuss = Of(
        "discuss",
        "обсуждать",
        (AppealState.InConsideration, AppealState.InConsideration)
    );

    public static readonly Move<AppealState> ToDecide = Of("decide", "решить", (AppealState.InConsideration, AppealState.Decided));

    public static readonly Move<AppealState> ToWithdraw = Of(
        "withdraw",
        "отозвать",
        (AppealState.Filed, AppealState.Withdrawn),
        (AppealState.Admitted, AppealState.Withdrawn),
        (AppealState.InConsideration, AppealState.Withdrawn)
    );

    /// <summary>Sets when and where the commission hears the appeal; the state does not change.</summary>
    public static readonly Move<AppealState> ToSchedule = Of(
        "schedule",
        "назначить заседание",
        (AppealState.Admitted, AppealState.Admitted),
        (AppealState.InConsideration, AppealState.InConsideration)
    );

    /// <summary>Adds files; the state does not change.</summary>
    public static readonly Move<AppealState> ToSupplement = Of(
        "supplement",
        "дополнить",
        (AppealState.Filed, AppealState.Filed),
        (AppealState.Admitted, AppealState.Admitted),
        (AppealState.InConsideration, AppealState.InConsideration)
    );

    public static readonly IReadOnlyList<Move<AppealState>> All =
    [
        ToAdmit,
        ToRefuse,
        ToConsider,
        ToSchedule,
        ToDiscuss,
        ToDecide,
        ToSupplement,
        ToWithdraw,
    ];

    public static Result<AppealState> Admit(this AppealState from) => ToAdmit.From(from);

    public static Result<AppealState> Refuse(this AppealState from) => ToRefuse.From(from);

    public static Result<AppealState> Consider(this AppealState from) => ToConsider.From(from);

    public static Result<AppealState> Withdraw(this AppealState from) => ToWithdraw.From(from);

    public static Result<AppealState> Decide(this AppealState from) => ToDecide.From(from);

    /// <summary>Refuses an action unless the commission is considering the appeal.</summary>
    public static Refusal? CheckInConsideration(this AppealState state) => ToDiscuss.Check(state);

    /// <summary>Refuses a hearing when the appeal has not been admitted or is already closed.</summary>
    public static Refusal? CheckHearable(this AppealState state) => ToSchedule.Check(state);

    /// <summary>Refuses additions to a closed appeal.</summary>
    public static Refusal? CheckLive(this AppealState state) => ToSupplement.Check(state);

    /// <summary>Whether the appeal still awaits a step, and so prevents another appeal on the same matter.</summary>
    public static bool IsLive(this AppealState state) => state is AppealState.Filed or AppealState.Admitted or AppealState.InConsideration;

    private static Move<AppealState> Of(string name, string title, params (AppealState From, AppealState To)[] leads) =>
        new(
            name,
            title,
            (move, state) =>
                Refusal.Conflict("appeal-state", $"Нельзя {move.Title}: апелляция {Word(state)}.").With("state", Codes.Of(state)),
            leads
        );

    private static string Word(AppealState state) =>
        state switch
        {
            AppealState.Filed => "подана и ещё не принята",
            AppealState.Admitted => "принята и ещё не рассматривается",
            AppealState.Refused => "не принята",
            AppealState.Withdrawn => "отозвана",
            AppealState.InConsideration => "рассматривается",
            AppealState.Decided => "решена",
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
        };
}
