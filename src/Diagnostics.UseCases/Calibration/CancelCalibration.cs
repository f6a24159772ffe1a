using Diagnostics.Engine;
using Diagnostics.Engine.Calibration;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Calibration;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Calibration;

/// <summary>Stops a calibration: one that waits at once, one that runs as soon as its worker looks, within a second or so.</summary>
internal static class CancelCalibration
{
    internal static void Map(IEndpointRouteBuilder calibrations) => calibrations.MapPost("/{calibrationId:guid}/cancellation", Handle)
        .WithName("CancelCalibration").WithSummary("Отменить калибровку, которая ждёт или считается").AllowedTo(CalibrationRights.Operators).Idempotent();

    private static Task<Results<Ok<CalibrationView>, ProblemHttpResult>> Handle(Guid calibrationId, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<CalibrationView>>(async db =>
        {
            if ((await CalibrationRights.Find(db, calibrationId, caller)).Refused(out var refusal, out var run)) return refusal;
            if (run.StateCode.Cancel().Refused(out refusal, out _)) return refusal;
            var now = clock.GetCurrentInstant();
            // Between the two a worker may take it or end it: then the state is read anew.
            if (!await CalibrationStore.CancelQueued(db, calibrationId, now, caller.Id) && !await CalibrationStore.AskToStop(db, calibrationId, now, caller.Id)
                && run.CancelAskedAt is null && (await CalibrationStore.Find(db, calibrationId))!.StateCode.Cancel().Refused(out refusal, out _)) return refusal;
            await AuditStore.Append(db, now, caller.Id, "calibration.cancelled", $"calibration:{calibrationId:D}");
            return await CalibrationView.Of(db, (await CalibrationStore.Find(db, calibrationId))!);
        }).Ok();
}
