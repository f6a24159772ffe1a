using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Storage;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Diagnostics.Server.Hosting;

/// <param name="Status"><c>ok</c>.</param>
/// <param name="QueueLength">Always 0: the process is not asked for its database.</param>
internal sealed record HealthReport(string Status, int QueueLength);

/// <param name="Status"><c>ok</c>.</param>
/// <param name="Provider"><c>sqlite</c>, <c>postgres</c> or <c>sqlserver</c>.</param>
/// <param name="Schema">The last change of the schema, which is applied.</param>
/// <param name="PendingMigrations">Changes of the schema not yet applied: none, or the service were not ready.</param>
/// <param name="QueueLength">Writes waiting for their commit.</param>
/// <param name="ClockAheadSeconds">How far this node's clock is ahead of the database server's; null where there is nothing to compare with.</param>
internal sealed record Readiness(string Status, string Provider, string Schema, IReadOnlyList<string> PendingMigrations, int QueueLength, double? ClockAheadSeconds);

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

    private static async Task<Results<Ok<Readiness>, ProblemHttpResult>> Ready(Database database, Drain drain, ClockSkew skew)
    {
        if (drain.Draining) return NotReady("draining", "Служба заканчивает работу и новых запросов не ждёт.", database);
        if (skew.TooFar) return NotReady("clock-skew", skew.Text(), database, ("clockAheadSeconds", skew.Ahead?.TotalSeconds));
        try
        {
            // Through the writer's queue: ready means that a save would be taken.
            return (await database.Write(Migrator.Ready)) is { Count: > 0 } pending
                ? NotReady("not-migrated", $"Схема базы данных не обновлена: {string.Join(", ", pending)}.", database, ("pendingMigrations", pending))
                : TypedResults.Ok(new Readiness("ok", database.Provider, Migrator.Latest(database), [], database.QueueLength, skew.Ahead?.TotalSeconds));
        }
        // Why is in the log; where the database is and who the service is there is nobody's affair here.
        catch (Exception fault) when (fault is DatabaseUnavailableException or DatabaseBusyException or System.Data.Common.DbException)
        {
            return NotReady("not-ready", "База данных не отвечает.", database);
        }
    }

    private static ProblemHttpResult NotReady(string code, string detail, Database database, params ReadOnlySpan<(string Name, object? Value)> more)
    {
        var facts = new Dictionary<string, object?> { ["provider"] = database.Provider, ["queueLength"] = database.QueueLength };
        foreach (var (name, value) in more) facts[name] = value;
        return Problems.Problem(503, code, detail, facts);
    }
}
