using Diagnostics.Server.Access;
using Diagnostics.Server.Http;
using Diagnostics.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Diagnostics.Server.Operations;

/// <param name="Status"><c>ok</c>.</param>
/// <param name="QueueLength">Writes waiting for their commit.</param>
internal sealed record HealthReport(string Status, int QueueLength);

/// <summary>For load balancers and operators: is the process alive, can it serve?</summary>
internal static class Health
{
    internal static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Operations");
        health.MapGet("/live", () => TypedResults.Ok(new HealthReport("ok", 0)))
            .WithName("GetLiveness").WithSummary("Процесс жив").AllowedTo(AccessRule.Public);
        health.MapGet("/ready", Ready)
            .WithName("GetReadiness").WithSummary("Служба готова: база данных читается и пишется").AllowedTo(AccessRule.Public);
    }

    private static async Task<Results<Ok<HealthReport>, ProblemHttpResult>> Ready(Database database)
    {
        try
        {
            // Through the writer's queue: ready means that a save would be taken.
            return (await database.Write(Migrator.Pending)) is { Count: > 0 } pending
                ? Problems.Problem(503, "not-migrated", $"Схема базы данных не обновлена: {string.Join(", ", pending)}.")
                : TypedResults.Ok(new HealthReport("ok", database.QueueLength));
        }
        catch (Exception fault) when (fault is DatabaseUnavailableException or DatabaseBusyException or System.Data.Common.DbException)
        {
            return Problems.Problem(503, "not-ready", "База данных не отвечает.");
        }
    }
}
