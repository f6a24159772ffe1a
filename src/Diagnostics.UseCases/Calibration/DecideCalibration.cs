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

/// <param name="Remarks">What was looked at, or why not; up to 4,000 characters.</param>
public sealed record CalibrationDecisionRequest(string? Remarks = null);

/// <summary>
/// A person's word on a completed calibration. From approval on new versions of profiles rest on it; versions issued before
/// stay as they are.
/// </summary>
internal static class DecideCalibration
{
    private const int MaxRemarks = 4000;

    internal static void Map(IEndpointRouteBuilder calibrations)
    {
        calibrations.MapPost("/{calibrationId:guid}/approval", Approve)
            .WithName("ApproveCalibration").WithSummary("Утвердить калибровку: на ней основаны новые версии профилей, прежняя утверждённая заменена").AllowedTo(CalibrationRights.Operators).Idempotent();
        calibrations.MapPost("/{calibrationId:guid}/rejection", Reject)
            .WithName("RejectCalibration").WithSummary("Отклонить калибровку").AllowedTo(CalibrationRights.Operators).Idempotent();
    }

    private static Task<Results<Ok<CalibrationView>, ProblemHttpResult>> Approve(Guid calibrationId, CalibrationDecisionRequest request, Caller caller, Transactions transactions, IClock clock) =>
        Decide(calibrationId, CalibrationState.Approved, request, caller, transactions, clock);

    private static Task<Results<Ok<CalibrationView>, ProblemHttpResult>> Reject(Guid calibrationId, CalibrationDecisionRequest request, Caller caller, Transactions transactions, IClock clock) =>
        Decide(calibrationId, CalibrationState.Rejected, request, caller, transactions, clock);

    private static Task<Results<Ok<CalibrationView>, ProblemHttpResult>> Decide(
        Guid id, CalibrationState to, CalibrationDecisionRequest request, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<CalibrationView>>(async db =>
        {
            if (request.Remarks is { } text && TextRules.Check("remarks", text, MaxRemarks) is { } wrong) return wrong;
            if ((await CalibrationRights.Find(db, id, caller)).Refused(out var refusal, out var run)) return refusal;
            if (!caller.OperatesEverywhere()) return CalibrationRights.NotEverywhere;
            if ((to is CalibrationState.Approved ? run.StateCode.Approve() : run.StateCode.Reject()).Refused(out refusal, out _)) return refusal;
            var now = clock.GetCurrentInstant();
            var done = to is CalibrationState.Approved
                ? await CalibrationStore.Approve(db, id, run.FormId, now, caller.AccountId, request.Remarks)
                : await CalibrationStore.Reject(db, id, now, caller.AccountId, request.Remarks);
            if (!done) return Refusal.Conflict("calibration-changed", "О калибровке только что решил другой: прочитайте её.");
            await AuditStore.Append(db, now, caller.Id, to is CalibrationState.Approved ? "calibration.approved" : "calibration.rejected", $"calibration:{id:D}", new { run.FormId, run.Fingerprint });
            return await CalibrationView.Of(db, (await CalibrationStore.Find(db, id))!);
        }).Ok();
}
