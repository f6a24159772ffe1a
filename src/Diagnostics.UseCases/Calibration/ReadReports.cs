using Diagnostics.Engine;
using Diagnostics.Engine.Calibration;
using Diagnostics.Storage;
using Diagnostics.Storage.Calibration;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Calibration;

/// <summary>A report of a run as it was written; it never changes.</summary>
/// <param name="Content">JSON.</param>
/// <param name="Fingerprint">Of the content.</param>
internal sealed record CalibrationReport(string Content, string Fingerprint);

/// <summary>Why a run has no report to show.</summary>
internal static class CalibrationReports
{
    internal static readonly Refusal NotReady =
        Refusal.Conflict("calibration-not-ready", "Отчёта ещё нет: калибровка не закончена.");

    internal static readonly Refusal None =
        Refusal.Conflict("calibration-without-report", "Отчёта нет: калибровка отменена или не дошла до расчёта.");

    internal static Result<CalibrationReport> Of(CalibrationRow run, CalibrationReportRow? report) => report is null
        ? run.StateCode.IsOver() ? None : NotReady
        : new CalibrationReport(report.Content, report.Fingerprint);
}

/// <summary>How each item works: its difficulty, discrimination, options, parameters and marks of doubt. Keys stand in it.</summary>
internal sealed class GetItemReports(Executor executor) : UseCase<Guid, CalibrationReport>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetItemReports), CalibrationRights.OperatorsOfEverything);

    protected override Task<Result<CalibrationReport>> Handle(Guid calibrationId, Caller caller) => Read(async db =>
    {
        if ((await CalibrationRights.Find(db, calibrationId, caller)).Refused(out var refusal, out var run)) return refusal;
        if (!Reaches(caller, default)) return CalibrationRights.KeysInside;
        return CalibrationReports.Of(run, await CalibrationResultStore.Items(db, calibrationId));
    });
}

/// <summary>How the form works: reliability, precision at the boundaries of levels, variants beside each other, groups, experts.</summary>
internal sealed class GetFormReport(Executor executor) : UseCase<Guid, CalibrationReport>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetFormReport), CalibrationRights.Operators);

    protected override Task<Result<CalibrationReport>> Handle(Guid calibrationId, Caller caller) => Read(async db =>
    {
        if ((await CalibrationRights.Find(db, calibrationId, caller)).Refused(out var refusal, out var run)) return refusal;
        return CalibrationReports.Of(run, await CalibrationResultStore.Form(db, calibrationId));
    });
}
