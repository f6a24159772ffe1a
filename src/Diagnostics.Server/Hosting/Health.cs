using Diagnostics.Engine;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Diagnostics.Server.Hosting;

/// <param name="Status"><c>ok</c>.</param>
/// <param name="QueueLength">Always 0, because this check does not use the database.</param>
internal sealed record HealthReport(string Status, int QueueLength);

/// <summary>Tells load balancers and operators whether the process is alive and whether it can serve.</summary>
internal static class Health
{
    internal static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Operations");
        health
            .MapGet("/live", () => TypedResults.Ok(new HealthReport("ok", 0)))
            .WithName("GetLiveness")
            .WithSummary("Процесс жив")
            .AllowedTo(AccessRule.Public);
        health
            .MapGet("/ready", Ready)
            .WithName("GetReadiness")
            .WithSummary("Служба готова: база данных читается и пишется")
            .AllowedTo(AccessRule.Public);
    }

    private static async Task<Results<Ok<Readiness>, ProblemHttpResult>> Ready(ReadinessCheck check, Drain drain)
    {
        if (drain.Draining)
            return NotReady(check.NotReady("draining", "Служба заканчивает работу и новых запросов не ждёт."));
        return (await check.Run()).Refused(out var refusal, out var ready) ? NotReady(refusal) : TypedResults.Ok(ready);
    }

    private static ProblemHttpResult NotReady(Refusal refusal) => Problems.Problem(503, refusal.Code, refusal.Detail, refusal.Facts);
}
