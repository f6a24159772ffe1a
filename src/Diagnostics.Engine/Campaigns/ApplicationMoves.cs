namespace Diagnostics.Engine.Campaigns;

/// <summary><c>submitted → approved | rejected</c>; what is submitted or approved may be withdrawn. The rest is history.</summary>
public static class ApplicationMoves
{
    public static Result<ApplicationStatus> Approve(this ApplicationStatus from) => from is ApplicationStatus.Submitted
        ? ApplicationStatus.Approved
        : Not("одобрить", from);

    public static Result<ApplicationStatus> Reject(this ApplicationStatus from) => from is ApplicationStatus.Submitted
        ? ApplicationStatus.Rejected
        : Not("отклонить", from);

    public static Result<ApplicationStatus> Withdraw(this ApplicationStatus from) => from.IsLive()
        ? ApplicationStatus.Withdrawn
        : Not("отозвать", from);

    /// <summary>Stands in the way of another one of the same person to the same campaign.</summary>
    public static bool IsLive(this ApplicationStatus status) => status is ApplicationStatus.Submitted or ApplicationStatus.Approved;

    private static Refusal Not(string action, ApplicationStatus from) => Refusal
        .Conflict("application-status", $"Нельзя {action} заявление в состоянии «{Codes.Of(from)}».")
        .With("applicationStatus", Codes.Of(from));
}
