using System.IO.Compression;
using System.Text;
using Diagnostics.Engine;
using Diagnostics.Engine.Calibration;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Calibration;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Diagnostics.Server.Api;

internal static class CalibrationApi
{
    internal static void MapCalibration(this IEndpointRouteBuilder routes)
    {
        var calibrations = routes.MapGroup("/calibrations").WithTags("Calibration");

        calibrations
            .Post(
                "/",
                RequestCalibration.Operation,
                (CalibrationRequest request, HttpContext http, RequestCalibration useCase) =>
                    useCase.Run(request, http.Caller()).Created(run => $"/api/v1/calibrations/{run.Id:D}")
            )
            .WithSummary("Поставить калибровку формы в очередь")
            .MayFindNothing();

        calibrations
            .Get(
                "/",
                ListCalibrations.Operation,
                (HttpContext http, ListCalibrations useCase, Guid? formId, string? state, Guid? after, int? limit) =>
                    useCase.Run(new(formId, state, after, limit), http.Caller()).Ok()
            )
            .MayAnswer(422)
            .WithSummary("Калибровки, новые сначала");

        calibrations
            .Get(
                "/{calibrationId:guid}",
                GetCalibration.Operation,
                (Guid calibrationId, HttpContext http, GetCalibration useCase) => useCase.Run(calibrationId, http.Caller()).Ok()
            )
            .WithSummary("Калибровка: состояние, ход, причина неудачи, решение");

        calibrations
            .Get(
                "/{calibrationId:guid}/events",
                ListCalibrationEvents.Operation,
                (Guid calibrationId, HttpContext http, ListCalibrationEvents useCase) => useCase.Run(calibrationId, http.Caller()).OkPage()
            )
            .WithSummary("Что происходило с калибровкой");

        calibrations
            .Get(
                "/{calibrationId:guid}/items",
                GetItemReports.Operation,
                (Guid calibrationId, HttpContext http, GetItemReports useCase) => Report(http, useCase.Run(calibrationId, http.Caller()))
            )
            .WithSummary("Отчёт о заданиях: трудность, различение, варианты ответа, параметры модели, пометки")
            .Produces<IReadOnlyList<ItemReport>>()
            .Produces(StatusCodes.Status304NotModified);

        calibrations
            .Get(
                "/{calibrationId:guid}/form",
                GetFormReport.Operation,
                (Guid calibrationId, HttpContext http, GetFormReport useCase) => Report(http, useCase.Run(calibrationId, http.Caller()))
            )
            .WithSummary("Отчёт о форме: надёжность, точность у границ уровней, параллельность вариантов, группы, эксперты")
            .Produces<FormReport>()
            .Produces(StatusCodes.Status304NotModified);

        calibrations
            .Post(
                "/{calibrationId:guid}/cancellation",
                CancelCalibration.Operation,
                (Guid calibrationId, HttpContext http, CancelCalibration useCase) => useCase.Run(calibrationId, http.Caller()).Ok()
            )
            .WithSummary("Отменить калибровку, которая ждёт или считается");

        calibrations
            .Post(
                "/{calibrationId:guid}/approval",
                ApproveCalibration.Operation,
                (Guid calibrationId, CalibrationDecisionRequest? request, HttpContext http, ApproveCalibration useCase) =>
                    useCase.Run(new(calibrationId, request ?? new()), http.Caller()).Ok()
            )
            .WithSummary("Утвердить калибровку: на ней основаны новые версии профилей, прежняя утверждённая заменена");

        calibrations
            .Post(
                "/{calibrationId:guid}/rejection",
                RejectCalibration.Operation,
                (Guid calibrationId, CalibrationDecisionRequest? request, HttpContext http, RejectCalibration useCase) =>
                    useCase.Run(new(calibrationId, request ?? new()), http.Caller()).Ok()
            )
            .WithSummary("Отклонить калибровку");

        calibrations
            .Get(
                "/scores",
                ExportScores.Operation,
                (HttpContext http, ExportScores useCase, Guid? formId, Guid? campaignId, CancellationToken cancel) =>
                    Zipped(useCase.Run(new(formId, campaignId, cancel), http.Caller()))
            )
            .OnePerCaller()
            .WithSummary("Баллы без имён для расчётов в R: zip с CSV")
            .WithDescription("Форма (formId, все её мероприятия) или одно мероприятие (campaignId).")
            .ProducesFile("application/zip", JsonSchemaType.String, "Архив zip с файлами CSV.")
            .MayFindNothing();
    }

    /// <summary>
    /// A report never changes, so browsers cache it under its ETag; <c>If-None-Match</c> is answered with 304.
    /// </summary>
    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Report(
        HttpContext http,
        Task<Result<CalibrationReport>> reading
    )
    {
        if ((await reading).Refused(out var refusal, out var report))
            return Problems.From(refusal);
        // The report contains no names, so the browser may keep it.
        http.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Bytes(
            Encoding.UTF8.GetBytes(report.Content),
            "application/json; charset=utf-8",
            entityTag: new EntityTagHeaderValue($"\"{report.Fingerprint}\"")
        );
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Zipped(
        Task<Result<SortedDictionary<string, string>>> exporting
    )
    {
        if ((await exporting).Refused(out var refusal, out var files))
            return Problems.From(refusal);
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, text) in files)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        return TypedResults.Bytes(stream.ToArray(), "application/zip", "scores.zip");
    }
}
