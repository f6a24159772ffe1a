using static Diagnostics.Engine.Campaigns.ApplicationStatus;

namespace Diagnostics.Engine.Campaigns;

/// <summary>
/// <c>submitted → approved | rejected</c>; a submitted or approved application may be withdrawn. The other states are
/// final.
/// </summary>
public static class ApplicationMoves
{
    public static readonly Move<ApplicationStatus> ToApprove = Of("approve", "одобрить", (Submitted, Approved));

    public static readonly Move<ApplicationStatus> ToReject = Of("reject", "отклонить", (Submitted, Rejected));

    public static readonly Move<ApplicationStatus> ToWithdraw = Of("withdraw", "отозвать", (Submitted, Withdrawn), (Approved, Withdrawn));

    public static readonly IReadOnlyList<Move<ApplicationStatus>> All = [ToApprove, ToReject, ToWithdraw];

    public static Result<ApplicationStatus> Approve(this ApplicationStatus from) => ToApprove.From(from);

    public static Result<ApplicationStatus> Reject(this ApplicationStatus from) => ToReject.From(from);

    public static Result<ApplicationStatus> Withdraw(this ApplicationStatus from) => ToWithdraw.From(from);

    /// <summary>Whether, because of this application, the person may not apply to the same campaign again.</summary>
    public static bool IsLive(this ApplicationStatus status) => status is Submitted or Approved;

    private static Move<ApplicationStatus> Of(string name, string title, params (ApplicationStatus, ApplicationStatus)[] leads) =>
        new(
            name,
            title,
            (move, state) =>
                Refusal
                    .Conflict("application-status", $"Нельзя {move.Title}: заявление {Word(state)}.")
                    .With("applicationStatus", Codes.Of(state)),
            leads
        );

    private static string Word(ApplicationStatus status) =>
        status switch
        {
            Submitted => "ждёт решения",
            Approved => "одобрено",
            Rejected => "отклонено",
            Withdrawn => "отозвано",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
        };
}
