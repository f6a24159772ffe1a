using Diagnostics.Engine;
using Diagnostics.Engine.Calibration;
using Diagnostics.Storage.Calibration;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Calibration;

/// <summary>A report of a run as it was written; it never changes.</summary>
/// <param name="Content">The report as JSON.</param>
/// <param name="Fingerprint">Fingerprint of the content.</param>
internal sealed record CalibrationReport(string Content, string Fingerprint);

/// <summary>Reasons why a run has no report to show.</summary>
internal static class CalibrationReports
{
    internal static readonly Refusal NotReady = Refusal.Conflict("calibration-not-ready", "Отчёта ещё нет: калибровка не закончена.");

    internal static readonly Refusal None = Refusal.Conflict(
        "calibration-without-report",
        "Отчёта нет: калибровка отменена или не дошла до расчёта."
    );

    internal static Result<CalibrationReport> Of(CalibrationRow run, CalibrationReportRow? report) =>
        report is null
            ? run.StateCode.IsOver()
                ? None
                : NotReady
            : new CalibrationReport(report.Content, report.Fingerprint);
}

/// <summary>
/// Shows how each item works: its difficulty, discrimination, options, parameters and flags. The report contains keys.
/// </summary>
internal sealed class GetItemReports(Executor executor) : UseCase<Guid, CalibrationReport>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetItemReports), CalibrationRights.OperatorsOfEverything, Trail.None);

    protected override Task<Result<CalibrationReport>> Handle(Guid calibrationId, Caller caller) =>
        Read(async db =>
        {
            if ((await CalibrationRights.Find(db, calibrationId, caller)).Refused(out var refusal, out var run))
                return refusal;
            if (!Reaches(caller, default))
                return CalibrationRights.KeysInside;
            return CalibrationReports.Of(run, await CalibrationResultStore.Items(db, calibrationId));
        });
}

/// <summary>
/// Shows how the form works: its reliability, its precision at level boundaries, and how variants, groups of people and
/// experts compare.
/// </summary>
internal sealed class GetFormReport(Executor executor) : UseCase<Guid, CalibrationReport>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetFormReport), CalibrationRights.Operators, Trail.None);

    protected override Task<Result<CalibrationReport>> Handle(Guid calibrationId, Caller caller) =>
        Read(async db =>
        {
            if ((await CalibrationRights.Find(db, calibrationId, caller)).Refused(out var refusal, out var run))
                return refusal;
            return CalibrationReports.Of(run, await CalibrationResultStore.Form(db, calibrationId));
        });
}
