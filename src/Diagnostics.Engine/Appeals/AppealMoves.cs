namespace Diagnostics.Engine.Appeals;

/// <summary>
/// <c>filed → admitted → in_consideration → decided</c>; what is filed may be <c>refused</c> as not appealable, and until
/// the decision the person may withdraw (docs/promises.md, appeals).
/// </summary>
public enum AppealState { Filed, Admitted, Refused, Withdrawn, InConsideration, Decided }

/// <summary>Which state follows which.</summary>
public static class AppealMoves
{
    public static Result<AppealState> Admit(this AppealState from) => from is AppealState.Filed ? AppealState.Admitted : Not("принять", from);

    public static Result<AppealState> Refuse(this AppealState from) => from is AppealState.Filed ? AppealState.Refused : Not("отказать в приёме", from);

    public static Result<AppealState> Consider(this AppealState from) => from is AppealState.Admitted ? AppealState.InConsideration : Not("начать рассмотрение", from);

    public static Result<AppealState> Withdraw(this AppealState from) => from.IsLive() ? AppealState.Withdrawn : Not("отозвать", from);

    public static Result<AppealState> Decide(this AppealState from) => from is AppealState.InConsideration ? AppealState.Decided : Not("решить", from);

    /// <summary>Refuses what may be done only while the commission considers.</summary>
    public static Refusal? CheckInConsideration(this AppealState state) => state is AppealState.InConsideration ? null : Not("обсуждать", state);

    /// <summary>Refuses a hearing of what was not admitted, or is closed.</summary>
    public static Refusal? CheckHearable(this AppealState state) =>
        state is AppealState.Admitted or AppealState.InConsideration ? null : Not("назначить заседание", state);

    /// <summary>Refuses to add to what is closed.</summary>
    public static Refusal? CheckLive(this AppealState state) => state.IsLive() ? null : Not("дополнить", state);

    /// <summary>Awaits something; stands in the way of another appeal of the same matter.</summary>
    public static bool IsLive(this AppealState state) => state is AppealState.Filed or AppealState.Admitted or AppealState.InConsideration;

    private static Refusal Not(string action, AppealState from) => Refusal
        .Conflict("appeal-state", $"Нельзя {action}: апелляция в состоянии «{Codes.Of(from)}».")
        .With("state", Codes.Of(from));
}
