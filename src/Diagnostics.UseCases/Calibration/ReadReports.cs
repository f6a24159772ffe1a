using System.Text;
using Diagnostics.Engine;
using Diagnostics.Engine.Calibration;
using Diagnostics.Storage;
using Diagnostics.Storage.Calibration;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Diagnostics.UseCases.Calibration;

/// <summary>The reports of a run as they were written; they never change, so they are kept by their ETag.</summary>
internal static class ReadReports
{
    internal static void Map(IEndpointRouteBuilder calibrations)
    {
        calibrations.MapGet("/{calibrationId:guid}/items", Items)
            .WithName("GetItemReports").WithSummary("Отчёт о заданиях: трудность, различение, варианты ответа, параметры модели, пометки")
            .Produces<IReadOnlyList<ItemReport>>().Produces(StatusCodes.Status304NotModified).AllowedTo(CalibrationRights.Operators);
        calibrations.MapGet("/{calibrationId:guid}/form", Form)
            .WithName("GetFormReport").WithSummary("Отчёт о форме: надёжность, точность у границ уровней, параллельность вариантов, группы, эксперты")
            .Produces<FormReport>().Produces(StatusCodes.Status304NotModified).AllowedTo(CalibrationRights.Operators);
    }

    internal static readonly Refusal NotReady = Refusal.Conflict("calibration-not-ready", "Отчёта ещё нет: калибровка не закончена.");

    internal static readonly Refusal NoReport = Refusal.Conflict("calibration-without-report", "Отчёта нет: калибровка отменена или не дошла до расчёта.");

    private static Task<Results<FileContentHttpResult, ProblemHttpResult>> Items(Guid calibrationId, Caller caller, Transactions transactions) =>
        Read(calibrationId, caller, transactions, CalibrationResultStore.Items, keys: true);

    private static Task<Results<FileContentHttpResult, ProblemHttpResult>> Form(Guid calibrationId, Caller caller, Transactions transactions) =>
        Read(calibrationId, caller, transactions, CalibrationResultStore.Form, keys: false);

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Read(
        Guid id, Caller caller, Transactions transactions, Func<Db, Guid, Task<CalibrationReportRow?>> report, bool keys)
    {
        var found = await transactions.Read<Result<CalibrationReportRow>>(async db =>
        {
            if ((await CalibrationRights.Find(db, id, caller)).Refused(out var refusal, out var run)) return refusal;
            if (keys && !caller.OperatesEverywhere()) return CalibrationRights.KeysInside;
            if (await report(db, id) is { } row) return row;
            return run.StateCode.IsOver() ? NoReport : NotReady;
        });
        if (found.Refused(out var missing, out var content)) return Problems.From(missing);
        // Answers If-None-Match with 304.
        return TypedResults.Bytes(Encoding.UTF8.GetBytes(content.Content), "application/json; charset=utf-8", entityTag: new EntityTagHeaderValue($"\"{content.Fingerprint}\""));
    }
}
