using System.Data.Common;
using System.Diagnostics;
using Diagnostics.Engine;
using Diagnostics.Storage;

namespace Diagnostics.UseCases.Operations;

/// <param name="Status">Always <c>ok</c>.</param>
/// <param name="Provider">The kind of database: <c>sqlite</c>, <c>postgres</c> or <c>sqlserver</c>.</param>
/// <param name="Schema">The last applied schema change.</param>
/// <param name="PendingMigrations">Schema changes not yet applied; always empty, because otherwise the service is not
/// ready.</param>
/// <param name="QueueLength">Number of writes that wait for their commit.</param>
/// <param name="ClockAheadSeconds">How far this node's clock is ahead of the database server's clock; on SQLite, of the
/// machine's. Null before the first measurement.</param>
public sealed record Readiness(
    string Status,
    string Provider,
    string Schema,
    IReadOnlyList<string> PendingMigrations,
    int QueueLength,
    double? ClockAheadSeconds
);

/// <summary>Tells whether the service would accept a save now.</summary>
/// <remarks>
/// Anybody may ask, and the check opens a write transaction. So the same check answers everybody who asks within a
/// second, and no second check starts while one is running.
/// </remarks>
internal sealed class ReadinessCheck(Database database, ClockSkew skew)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private Task<Result<Readiness>>? look;
    private long begun;

    /// <returns>The readiness, or a refusal that names the obstacle, with <c>provider</c> and <c>queueLength</c> among
    /// its facts.</returns>
    internal Task<Result<Readiness>> Run()
    {
        if (skew.TooFar)
            return Task.FromResult<Result<Readiness>>(
                NotReady("clock-skew", skew.Text()).With("clockAheadSeconds", skew.Ahead?.TotalSeconds)
            );
        lock (gate)
        {
            if (look is { IsCompleted: false } || (look is not null && Stopwatch.GetElapsedTime(begun) < Fresh))
                return look;
            begun = Stopwatch.GetTimestamp();
            return look = Task.Run(Look);
        }
    }

    private async Task<Result<Readiness>> Look()
    {
        try
        {
            // The check goes through the writer's queue, because "ready" means that a save would be accepted.
            return (await database.Write(Migrator.Ready)) is { Count: > 0 } pending
                ? NotReady("not-migrated", $"Схема базы данных не обновлена: {string.Join(", ", pending)}.")
                    .With("pendingMigrations", pending)
                : new Readiness("ok", database.Provider, Migrator.Latest(database), [], database.QueueLength, skew.Ahead?.TotalSeconds);
        }
        // The log has the reason. The caller must not learn where the database is or with which account the service
        // connects.
        catch (Exception fault) when (fault is DatabaseUnavailableException or DatabaseBusyException or DbException)
        {
            return NotReady("not-ready", "База данных не отвечает.");
        }
    }

    internal Refusal NotReady(string code, string detail) =>
        Refusal.Conflict(code, detail).With("provider", database.Provider).With("queueLength", database.QueueLength);
}
