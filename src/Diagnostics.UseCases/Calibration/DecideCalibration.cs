using Diagnostics.Engine;
using Diagnostics.Engine.Calibration;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Calibration;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Calibration;

/// <param name="Remarks">What the person checked, or the reason for a rejection; up to 4,000 characters.</param>
public sealed record CalibrationDecisionRequest(string? Remarks = null);

/// <summary>
/// A person's decision on a completed calibration. After approval, new versions of profiles rest on the calibration;
/// versions issued earlier stay as they are.
/// </summary>
internal abstract class DecideCalibration(Operation operation, Executor executor)
    : UseCase<DecideCalibration.Request, CalibrationView>(operation, executor)
{
    private const int MaxRemarks = 4000;

    internal sealed record Request(Guid CalibrationId, CalibrationDecisionRequest Decision);

    protected override Task<Result<CalibrationView>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (id, remarks) = (request.CalibrationId, request.Decision.Remarks);
                if (remarks is not null && TextRules.Check("remarks", remarks, MaxRemarks) is { } wrong)
                    return wrong;
                if ((await CalibrationRights.Find(db, id, caller)).Refused(out var refusal, out var run))
                    return refusal;
                if (!Reaches(caller, default))
                    return CalibrationRights.NotEverywhere;
                if (Decide(run.StateCode).Refused(out refusal, out var next))
                    return refusal;
                var now = Now;
                if (!await Save(db, run, remarks, caller, now))
                    return Refusal.Conflict("calibration-changed", "О калибровке только что решил другой: прочитайте её.");
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    $"calibration.{Codes.Of(next)}",
                    $"calibration:{id:D}",
                    new { run.FormId, run.Fingerprint }
                );
                return await CalibrationView.Of(db, (await CalibrationStore.Find(db, id))!);
            }
        );

    private protected abstract Result<CalibrationState> Decide(CalibrationState state);

    /// <returns>False when somebody else has already decided.</returns>
    private protected abstract Task<bool> Save(Db db, CalibrationRow run, string? remarks, Caller caller, Instant now);
}

/// <summary>Approves a calibration; it supersedes the form's earlier approved calibration.</summary>
internal sealed class ApproveCalibration(Executor executor) : DecideCalibration(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ApproveCalibration),
        CalibrationRights.OperatorsOfEverything,
        Trail.Writes("calibration.approved")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    private protected override Result<CalibrationState> Decide(CalibrationState state) => state.Approve();

    private protected override Task<bool> Save(Db db, CalibrationRow run, string? remarks, Caller caller, Instant now) =>
        CalibrationStore.Approve(db, run.Id, run.FormId, now, caller.AccountId, remarks);
}

/// <summary>Rejects a calibration: no profile will rest on it.</summary>
internal sealed class RejectCalibration(Executor executor) : DecideCalibration(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(RejectCalibration),
        CalibrationRights.OperatorsOfEverything,
        Trail.Writes("calibration.rejected")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    private protected override Result<CalibrationState> Decide(CalibrationState state) => state.Reject();

    private protected override Task<bool> Save(Db db, CalibrationRow run, string? remarks, Caller caller, Instant now) =>
        CalibrationStore.Reject(db, run.Id, now, caller.AccountId, remarks);
}
