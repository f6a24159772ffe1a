using System.Data.Common;
using Diagnostics.Engine;
using Diagnostics.Storage;

namespace Diagnostics.UseCases.Operations;

/// <param name="Status"><c>ok</c>.</param>
/// <param name="Provider"><c>sqlite</c>, <c>postgres</c> or <c>sqlserver</c>.</param>
/// <param name="Schema">The last change of the schema, which is applied.</param>
/// <param name="PendingMigrations">Changes of the schema not yet applied: none, or the service were not ready.</param>
/// <param name="QueueLength">Writes waiting for their commit.</param>
/// <param name="ClockAheadSeconds">How far this node's clock is ahead of the database server's; on SQLite, of the machine's. Null before the first look.</param>
public sealed record Readiness(string Status, string Provider, string Schema, IReadOnlyList<string> PendingMigrations, int QueueLength, double? ClockAheadSeconds);

/// <summary>Would a save be taken now?</summary>
internal sealed class ReadinessCheck(Database database, ClockSkew skew)
{
    /// <returns>A refusal says what is in the way, with <c>provider</c> and <c>queueLength</c> among its facts.</returns>
    internal async Task<Result<Readiness>> Run()
    {
        if (skew.TooFar) return NotReady("clock-skew", skew.Text()).With("clockAheadSeconds", skew.Ahead?.TotalSeconds);
        try
        {
            // Through the writer's queue: ready means that a save would be taken.
            return (await database.Write(Migrator.Ready)) is { Count: > 0 } pending
                ? NotReady("not-migrated", $"Схема базы данных не обновлена: {string.Join(", ", pending)}.").With("pendingMigrations", pending)
                : new Readiness("ok", database.Provider, Migrator.Latest(database), [], database.QueueLength, skew.Ahead?.TotalSeconds);
        }
        // Why is in the log; where the database is and who the service is there is nobody's affair here.
        catch (Exception fault) when (fault is DatabaseUnavailableException or DatabaseBusyException or DbException)
        {
            return NotReady("not-ready", "База данных не отвечает.");
        }
    }

    internal Refusal NotReady(string code, string detail) =>
        Refusal.Conflict(code, detail).With("provider", database.Provider).With("queueLength", database.QueueLength);
}
