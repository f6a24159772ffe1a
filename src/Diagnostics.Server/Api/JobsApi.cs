using System.Globalization;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Diagnostics.Server.Api;

internal static class JobsApi
{
    /// <summary>The address of a job, for whoever answers that one was put into the queue.</summary>
    internal static string AddressOf(JobView job) => $"/api/v1/jobs/{job.Id:D}";

    internal static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/jobs").WithTags("Jobs");
        jobs.Get(
                "/",
                ListJobs.Operation,
                (string? kind, string? state, Guid? after, int? limit, HttpContext http, ListJobs useCase) =>
                    useCase.Run(new(kind, state, after, limit), http.Caller()).Ok()
            )
            .MayAnswer(StatusCodes.Status422UnprocessableEntity)
            .WithSummary("Свои фоновые работы, новые сначала");
        jobs.Get("/{jobId:guid}", GetJob.Operation, Job)
            .WithSummary("Фоновая работа: состояние, ход, итог")
            .WithDescription(
                $"`Prefer: wait=N` ждёт конца работы не дольше N секунд (наибольшее {GetJob.LongestWait}) и отвечает тем, что есть. "
                    + "`ETag` меняется с каждым продвижением; с `If-None-Match` ответ без перемен — 304."
            )
            .Produces(StatusCodes.Status304NotModified);
        jobs.Get(
                "/{jobId:guid}/lines",
                ListJobLines.Operation,
                (Guid jobId, string? outcome, int? after, int? limit, HttpContext http, ListJobLines useCase) =>
                    useCase.Run(new(jobId, outcome, after, limit), http.Caller()).Ok()
            )
            .MayAnswer(StatusCodes.Status422UnprocessableEntity)
            .WithSummary("Отчёт фоновой работы по строкам: что сделано, что уже было, где какая ошибка");
        jobs.Post(
                "/{jobId:guid}/cancellation",
                CancelJob.Operation,
                (Guid jobId, HttpContext http, CancelJob useCase) => useCase.Run(jobId, http.Caller()).Ok()
            )
            .WithSummary("Отменить фоновую работу; сделанное до этого остаётся");
    }

    private static async Task<Results<Ok<JobView>, StatusCodeHttpResult, ProblemHttpResult>> Job(
        Guid jobId,
        [FromHeader(Name = "Prefer")] string? prefer,
        HttpContext http,
        GetJob useCase,
        CancellationToken cancel
    )
    {
        var wait = Preferences.Wait(prefer);
        if ((await useCase.Run(new(jobId, wait, cancel), http.Caller())).Refused(out var refusal, out var job))
            return Problems.From(refusal);
        if (wait > 0)
            http.Response.Headers["Preference-Applied"] = string.Create(
                CultureInfo.InvariantCulture,
                $"wait={Math.Min(wait, GetJob.LongestWait)}"
            );
        var tag = string.Create(CultureInfo.InvariantCulture, $"\"{job.Revision}\"");
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "private, no-cache";
        return ETags.Has(http.Request.GetTypedHeaders().IfNoneMatch, tag)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(job);
    }
}
