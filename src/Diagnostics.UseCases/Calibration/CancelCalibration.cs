using Diagnostics.Engine;
using Diagnostics.Engine.Calibration;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Calibration;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Calibration;

/// <summary>
/// Stops a calibration: a waiting one immediately, a running one when its worker next checks, within about a second.
/// </summary>
internal sealed class CancelCalibration(Executor executor) : UseCase<Guid, CalibrationView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(CancelCalibration),
        CalibrationRights.Operators,
        Trail.Writes("calibration.cancelled")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<CalibrationView>> Handle(Guid calibrationId, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if ((await CalibrationRights.Find(db, calibrationId, caller)).Refused(out var refusal, out var run))
                    return refusal;
                if (run.StateCode.Cancel().Refused(out refusal, out _))
                    return refusal;
                var now = Now;
                if (
                    !await CalibrationStore.CancelQueued(db, calibrationId, now, caller.Id)
                    && !await CalibrationStore.AskToStop(db, calibrationId, now, caller.Id)
                    && run.CancelAskedAt is null
                    // A worker may take or end the run between the two SQL statements, so if neither of them changed
                    // anything, read the state again.
                    && (await CalibrationStore.Find(db, calibrationId))!.StateCode.Cancel().Refused(out refusal, out _)
                )
                    return refusal;
                await AuditStore.Append(db, now, caller.Id, "calibration.cancelled", $"calibration:{calibrationId:D}");
                return await CalibrationView.Of(db, (await CalibrationStore.Find(db, calibrationId))!);
            }
        );
}
